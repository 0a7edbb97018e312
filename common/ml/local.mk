# common/ml
