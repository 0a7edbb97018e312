# common/codec
LIB_CODEC = common/codec/libcodec.a
noinst_LIBRARIES += $(LIB_CODEC)
common_codec_libcodec_a_SOURCES = \
	common/codec/npy.c \
	common/codec/npy.h \
	common/codec/unpack.c \
	common/codec/unpack.h \
	common/codec/zread.c \
	common/codec/zread.h
common_codec_libcodec_a_CPPFLAGS = $(AM_CPPFLAGS) $(BZIP2_CFLAGS) \
	$(DEFLATE_CFLAGS) $(LZ4_CFLAGS) $(ZLIB_CFLAGS) $(ZSTD_CFLAGS)
# not needed for .npy
LIBS_CODEC = $(LIB_CODEC) $(BZIP2_LIBS) $(DEFLATE_LIBS) $(LZ4_LIBS) \
	$(ZLIB_LIBS) $(ZSTD_LIBS)
