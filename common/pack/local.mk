# common/pack
