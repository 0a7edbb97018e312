# common/pack
LIB_PACK = common/pack/libpack.a
noinst_LIBRARIES += $(LIB_PACK)
common_pack_libpack_a_SOURCES = \
	common/pack/chip.c \
	common/pack/chip.h \
	common/pack/samples.c \
	common/pack/samples.h \
	common/pack/shards.c \
	common/pack/shards.h \
	common/pack/tar.c \
	common/pack/tar.h
common_pack_libpack_a_CPPFLAGS = $(AM_CPPFLAGS) $(ARCHIVE_CFLAGS)
LIBS_PACK = $(LIB_PACK) $(ARCHIVE_LIBS)
