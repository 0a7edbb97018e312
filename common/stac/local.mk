# common/stac
LIB_STAC = common/stac/libstac.a
noinst_LIBRARIES += $(LIB_STAC)
common_stac_libstac_a_SOURCES = \
	common/stac/asset.c \
	common/stac/collection.c \
	common/stac/doc.c \
	common/stac/geometry.c \
	common/stac/item.c \
	common/stac/pages.c \
	common/stac/priv.h \
	common/stac/query.c \
	common/stac/stac.h \
	common/stac/walk.c
LIBS_STAC = $(LIB_STAC) $(LIBS_NET) $(LIBS_JSON) $(LIBS_GEO)
