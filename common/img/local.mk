# common/img
LIB_IMG = common/img/libimg.a
noinst_LIBRARIES += $(LIB_IMG)
common_img_libimg_a_SOURCES = \
	common/img/codec.h \
	common/img/header.c \
	common/img/image.c \
	common/img/img.h \
	common/img/jpeg.c \
	common/img/jpeg.h \
	common/img/jpeg_codec.c \
	common/img/look.c \
	common/img/png.c \
	common/img/resize.c \
	common/img/webp.c
common_img_libimg_a_CPPFLAGS = $(AM_CPPFLAGS) $(JPEG_CFLAGS) $(PNG_CFLAGS) \
	$(WEBP_CFLAGS)
# resize.c: a fused multiply-add would change Pillow's weights; its loops are
# worth vectors also at -O2
common_img_libimg_a_CFLAGS = $(AM_CFLAGS) -ffp-contract=off -ftree-vectorize \
	$(SF_VECTOR_CFLAGS)
LIBS_IMG = $(LIB_IMG) $(JPEG_LIBS) $(PNG_LIBS) $(WEBP_LIBS) -lm
