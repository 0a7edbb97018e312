# common/form
LIB_FORM = common/form/libform.a
noinst_LIBRARIES += $(LIB_FORM)
common_form_libform_a_SOURCES = \
	common/form/rows.c \
	common/form/rows.h
common_form_libform_a_CPPFLAGS = $(AM_CPPFLAGS) $(CSV_CFLAGS)
LIBS_FORM = $(LIB_FORM) $(CSV_LIBS)
