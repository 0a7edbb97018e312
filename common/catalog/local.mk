# common/catalog
LIB_CATALOG = common/catalog/libcatalog.a
noinst_LIBRARIES += $(LIB_CATALOG)
common_catalog_libcatalog_a_SOURCES = \
	common/catalog/bands.c \
	common/catalog/bands.h \
	common/catalog/files.c \
	common/catalog/files.h \
	common/catalog/maker.c \
	common/catalog/maker.h \
	common/catalog/names.c \
	common/catalog/names.h \
	common/catalog/options.c \
	common/catalog/options.h \
	common/catalog/plan.c \
	common/catalog/plan.h \
	common/catalog/sources.c \
	common/catalog/sources.h \
	common/catalog/stac.c \
	common/catalog/stac.h \
	common/catalog/tiles.c \
	common/catalog/tiles.h \
	common/catalog/vector.h \
	common/catalog/vector_in.c \
	common/catalog/vector_out.c
LIBS_CATALOG = $(LIB_CATALOG) $(LIBS_STAC) $(LIBS_RASTER)
