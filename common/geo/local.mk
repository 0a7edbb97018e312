# common/geo
