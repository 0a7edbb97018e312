# common/raster
LIB_RASTER = common/raster/libraster.a
noinst_LIBRARIES += $(LIB_RASTER)
common_raster_libraster_a_SOURCES = \
	common/raster/access.c \
	common/raster/access.h \
	common/raster/blocks.c \
	common/raster/crs.c \
	common/raster/crs.h \
	common/raster/files.c \
	common/raster/files.h \
	common/raster/gdal.c \
	common/raster/gdal.h \
	common/raster/ground.c \
	common/raster/ground.h \
	common/raster/info.c \
	common/raster/info.h \
	common/raster/level_read.c \
	common/raster/levels.c \
	common/raster/north.c \
	common/raster/north.h \
	common/raster/north_tiff.c \
	common/raster/open.h \
	common/raster/outline.c \
	common/raster/outline.h \
	common/raster/pool.c \
	common/raster/raster.c \
	common/raster/raster.h \
	common/raster/service.c \
	common/raster/service.h \
	common/raster/stretch.c \
	common/raster/valid.c \
	common/raster/valid.h \
	common/raster/vector.h \
	common/raster/vector_in.c \
	common/raster/vector_out.c \
	common/raster/vrt.c \
	common/raster/vrt.h \
	common/raster/vsi.c \
	common/raster/vsi.h \
	common/raster/vsi_local.c \
	common/raster/vsi_local.h \
	common/raster/write.c \
	common/raster/write.h
common_raster_libraster_a_CPPFLAGS = $(AM_CPPFLAGS) $(GDAL_CFLAGS)
LIBS_RASTER = $(LIB_RASTER) $(LIBS_GEO) $(LIBS_IMG) $(LIBS_NET) $(GDAL_LIBS)
