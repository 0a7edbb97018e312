# common/raster
