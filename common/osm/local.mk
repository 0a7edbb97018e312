# common/osm
LIB_OSM = common/osm/libosm.a
noinst_LIBRARIES += $(LIB_OSM)
common_osm_libosm_a_SOURCES = \
	common/osm/areas.c \
	common/osm/areas.h \
	common/osm/blob.c \
	common/osm/block.c \
	common/osm/block.h \
	common/osm/dense.c \
	common/osm/encode.c \
	common/osm/file.c \
	common/osm/frame.c \
	common/osm/history.c \
	common/osm/history.h \
	common/osm/idset.c \
	common/osm/idset.h \
	common/osm/keys.c \
	common/osm/members.c \
	common/osm/members.h \
	common/osm/nodes.c \
	common/osm/nodes.h \
	common/osm/osm.h \
	common/osm/pass.c \
	common/osm/plain.c \
	common/osm/priv.h \
	common/osm/region.c \
	common/osm/region.h \
	common/osm/rings.c \
	common/osm/rings.h \
	common/osm/runs.c \
	common/osm/runs.h \
	common/osm/select.c \
	common/osm/select.h \
	common/osm/select_priv.h \
	common/osm/select_report.c \
	common/osm/sequel.c \
	common/osm/sweep.c \
	common/osm/sweep.h \
	common/osm/versions.c \
	common/osm/wire.c \
	common/osm/wire.h \
	common/osm/xml.c
common_osm_libosm_a_CPPFLAGS = $(AM_CPPFLAGS) $(EXPAT_CFLAGS)
LIBS_OSM = $(LIB_OSM) $(LIB_EXPR) $(LIBS_CODEC) $(LIBS_GEO) $(LIB_TAGS) \
	$(LIBS_JSON) $(EXPAT_LIBS)
