# common/geo
LIB_GEO = common/geo/libgeo.a
noinst_LIBRARIES += $(LIB_GEO)
common_geo_libgeo_a_SOURCES = \
	common/geo/geodesic.c \
	common/geo/geodesic.h \
	common/geo/ring.c \
	common/geo/ring.h \
	common/geo/wkb.c \
	common/geo/wkb.h
common_geo_libgeo_a_CPPFLAGS = $(AM_CPPFLAGS) $(PROJ_CFLAGS)
LIBS_GEO = $(LIB_GEO) $(PROJ_LIBS) -lm
