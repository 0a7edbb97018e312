# common/text
