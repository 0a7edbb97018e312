# common/join
LIB_JOIN = common/join/libjoin.a
noinst_LIBRARIES += $(LIB_JOIN)
common_join_libjoin_a_SOURCES = \
	common/join/bare.c \
	common/join/bare.h \
	common/join/cap.c \
	common/join/caps.c \
	common/join/caps.h \
	common/join/catalog.c \
	common/join/catalog.h \
	common/join/choose.c \
	common/join/choose.h \
	common/join/grid.c \
	common/join/grid.h \
	common/join/hint.c \
	common/join/image.c \
	common/join/image.h \
	common/join/join.c \
	common/join/join.h \
	common/join/keys.c \
	common/join/keys.h \
	common/join/near.c \
	common/join/near.h \
	common/join/negative.c \
	common/join/negative.h \
	common/join/object.c \
	common/join/object.h \
	common/join/place.c \
	common/join/place.h \
	common/join/plan.c \
	common/join/plan.h \
	common/join/prefer.c \
	common/join/prefer.h \
	common/join/sample.c \
	common/join/sample.h \
	common/join/scene.c \
	common/join/scene.h \
	common/join/sizes.c \
	common/join/sizes.h \
	common/join/slots.c \
	common/join/slots.h \
	common/join/taglist.c \
	common/join/taglist.h
LIBS_JOIN = $(LIB_JOIN) $(LIB_TAGS) $(LIBS_RASTER)
