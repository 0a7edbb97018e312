# common/codec
