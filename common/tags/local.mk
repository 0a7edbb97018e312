# common/tags
