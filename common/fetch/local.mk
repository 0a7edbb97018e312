# common/fetch
LIB_FETCH = common/fetch/libfetch.a
noinst_LIBRARIES += $(LIB_FETCH)
common_fetch_libfetch_a_SOURCES = \
	common/fetch/blob.c \
	common/fetch/blocks.c \
	common/fetch/blocks.h \
	common/fetch/chip.c \
	common/fetch/compose.c \
	common/fetch/compose.h \
	common/fetch/fetch.c \
	common/fetch/fetch.h \
	common/fetch/open.c \
	common/fetch/plan.c \
	common/fetch/plan.h \
	common/fetch/planes.c \
	common/fetch/priv.h \
	common/fetch/reason.c \
	common/fetch/render.c \
	common/fetch/request.c \
	common/fetch/scene.c \
	common/fetch/scene.h \
	common/fetch/scenes.c \
	common/fetch/sched.c \
	common/fetch/tiles.c \
	common/fetch/view.c \
	common/fetch/view.h
LIBS_FETCH = $(LIB_FETCH) $(LIBS_RASTER) $(LIB_FILTER) $(LIB_CLI)
