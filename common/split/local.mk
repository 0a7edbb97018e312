# common/split
LIB_SPLIT = common/split/libsplit.a
noinst_LIBRARIES += $(LIB_SPLIT)
common_split_libsplit_a_SOURCES = \
	common/split/assign.c \
	common/split/exclude.c \
	common/split/exclude.h \
	common/split/parts.c \
	common/split/parts.h \
	common/split/place.c \
	common/split/place.h \
	common/split/priv.h \
	common/split/ratio.c \
	common/split/ratio.h \
	common/split/split.c \
	common/split/split.h
LIBS_SPLIT = $(LIB_SPLIT) $(LIBS_GEO)
