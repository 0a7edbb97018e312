# common/text
LIB_TEXT = common/text/libtext.a
noinst_LIBRARIES += $(LIB_TEXT)
common_text_libtext_a_SOURCES = \
	common/text/bpe.c \
	common/text/bpe.h \
	common/text/bpe_priv.h \
	common/text/caption.c \
	common/text/caption.h \
	common/text/clean.c \
	common/text/clean.h \
	common/text/encode.c \
	common/text/entity.c \
	common/text/entity.h \
	common/text/templates.c \
	common/text/templates.h
common_text_libtext_a_CPPFLAGS = $(AM_CPPFLAGS) $(UTF8PROC_CFLAGS)
LIBS_TEXT = $(LIB_TEXT) $(LIB_TAGS) $(UTF8PROC_LIBS)
