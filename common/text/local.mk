# common/text
LIB_TEXT = common/text/libtext.a
noinst_LIBRARIES += $(LIB_TEXT)
common_text_libtext_a_SOURCES = \
	common/text/caption.c \
	common/text/caption.h \
	common/text/templates.c \
	common/text/templates.h
common_text_libtext_a_CPPFLAGS = $(AM_CPPFLAGS) $(UTF8PROC_CFLAGS)
LIBS_TEXT = $(LIB_TEXT) $(LIB_TAGS) $(UTF8PROC_LIBS)
