# common/geo
LIB_GEO = common/geo/libgeo.a
noinst_LIBRARIES += $(LIB_GEO)
common_geo_libgeo_a_SOURCES = \
	common/geo/affine.c \
	common/geo/affine.h \
	common/geo/cells.c \
	common/geo/cells.h \
	common/geo/cheb.c \
	common/geo/cheb.h \
	common/geo/clip.c \
	common/geo/geodesic.c \
	common/geo/geodesic.h \
	common/geo/lonlat.c \
	common/geo/lonlat.h \
	common/geo/measure.c \
	common/geo/measure.h \
	common/geo/polygon.c \
	common/geo/polygon.h \
	common/geo/ring.c \
	common/geo/ring.h \
	common/geo/rtree_look.c \
	common/geo/rtree_node.h \
	common/geo/rtree.c \
	common/geo/rtree.h \
	common/geo/seam.c \
	common/geo/seam.h \
	common/geo/shape.c \
	common/geo/shape.h \
	common/geo/size.c \
	common/geo/size.h \
	common/geo/window.c \
	common/geo/window.h \
	common/geo/wkb.c \
	common/geo/wkb.h
common_geo_libgeo_a_CPPFLAGS = $(AM_CPPFLAGS) $(PROJ_CFLAGS)
# sums must not depend on whether the CPU has fused multiply and add
common_geo_libgeo_a_CFLAGS = $(AM_CFLAGS) -ffp-contract=off
LIBS_GEO = $(LIB_GEO) $(PROJ_LIBS) -lm
