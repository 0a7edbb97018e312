# common/img
