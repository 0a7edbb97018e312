# common/form
LIB_FORM = common/form/libform.a
noinst_LIBRARIES += $(LIB_FORM)
common_form_libform_a_SOURCES = \
	common/form/cells.c \
	common/form/cells.h \
	common/form/chips.c \
	common/form/chips.h \
	common/form/columns.c \
	common/form/columns.h \
	common/form/cut.c \
	common/form/cut.h \
	common/form/feature.c \
	common/form/feature.h \
	common/form/features.c \
	common/form/features.h \
	common/form/field.c \
	common/form/field.h \
	common/form/geojson.c \
	common/form/geometry.c \
	common/form/geometry.h \
	common/form/images.c \
	common/form/join.c \
	common/form/join.h \
	common/form/join_priv.h \
	common/form/join_read.c \
	common/form/labels.c \
	common/form/labels.h \
	common/form/make.c \
	common/form/make.h \
	common/form/missing.c \
	common/form/missing.h \
	common/form/printer.c \
	common/form/printer.h \
	common/form/rows.c \
	common/form/rows.h \
	common/form/text.c \
	common/form/text.h \
	common/form/walk.c \
	common/form/walk.h \
	common/form/webdataset.c \
	common/form/where.c \
	common/form/where.h
common_form_libform_a_CPPFLAGS = $(AM_CPPFLAGS) $(CSV_CFLAGS)
# in the order of the layers that it stands on
LIBS_FORM = $(LIB_FORM) $(LIBS_PACK) $(LIBS_IMG) $(LIBS_GEO) $(CSV_LIBS)
