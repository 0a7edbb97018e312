# common/extract
LIB_EXTRACT = common/extract/libextract.a
noinst_LIBRARIES += $(LIB_EXTRACT)
common_extract_libextract_a_SOURCES = \
	common/extract/choose.c \
	common/extract/emit.c \
	common/extract/extract.c \
	common/extract/extract.h \
	common/extract/files.c \
	common/extract/priv.h \
	common/extract/record.c \
	common/extract/relation.c \
	common/extract/versions.c
LIBS_EXTRACT = $(LIB_EXTRACT) $(LIBS_OSM)
