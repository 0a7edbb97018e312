# common/codec
LIB_CODEC = common/codec/libcodec.a
noinst_LIBRARIES += $(LIB_CODEC)
common_codec_libcodec_a_SOURCES = \
	common/codec/inflate.c \
	common/codec/inflate.h \
	common/codec/npy.c \
	common/codec/npy.h
common_codec_libcodec_a_CPPFLAGS = $(AM_CPPFLAGS) $(DEFLATE_CFLAGS)
LIBS_CODEC = $(LIB_CODEC) $(DEFLATE_LIBS)
