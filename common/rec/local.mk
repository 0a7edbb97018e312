# common/rec
LIB_REC = common/rec/librec.a
noinst_LIBRARIES += $(LIB_REC)
common_rec_librec_a_SOURCES = \
	common/rec/edit.c \
	common/rec/edit.h \
	common/rec/emb.c \
	common/rec/emb.h \
	common/rec/img_field.c \
	common/rec/img_field.h \
	common/rec/line.h \
	common/rec/line_in.c \
	common/rec/line_mark.c \
	common/rec/line_out.c \
	common/rec/line_priv.h \
	common/rec/pack.c \
	common/rec/pack.h \
	common/rec/put.h \
	common/rec/read.c \
	common/rec/rec.c \
	common/rec/rec.h \
	common/rec/scan.c \
	common/rec/stream.h \
	common/rec/headers.c \
	common/rec/tags_field.c \
	common/rec/tags_field.h \
	common/rec/val.c \
	common/rec/val.h \
	common/rec/write.c
common_rec_librec_a_CPPFLAGS = $(AM_CPPFLAGS) $(MSGPACK_CFLAGS)
LIBS_REC = $(LIB_REC) $(MSGPACK_LIBS) -lm
