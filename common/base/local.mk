# common/base
LIB_BASE = common/base/libbase.a
noinst_LIBRARIES += $(LIB_BASE)
common_base_libbase_a_SOURCES = \
	common/base/alloc.c \
	common/base/alloc.h \
	common/base/base.h \
	common/base/base64.c \
	common/base/base64.h \
	common/base/buf.c \
	common/base/buf.h \
	common/base/clock.h \
	common/base/crc32c.c \
	common/base/date.c \
	common/base/date.h \
	common/base/err.c \
	common/base/err.h \
	common/base/half.c \
	common/base/half.h \
	common/base/hash.c \
	common/base/hash.h \
	common/base/io.c \
	common/base/io.h \
	common/base/lines.c \
	common/base/lines.h \
	common/base/log.c \
	common/base/log.h \
	common/base/map.c \
	common/base/map.h \
	common/base/memory.c \
	common/base/memory.h \
	common/base/num.c \
	common/base/num.h \
	common/base/path.c \
	common/base/path.h \
	common/base/sort.h \
	common/base/spell.c \
	common/base/spell.h \
	common/base/spill.c \
	common/base/spill.h \
	common/base/spool.c \
	common/base/spool.h \
	common/base/store.c \
	common/base/store.h \
	common/base/table.c \
	common/base/table.h \
	common/base/thread.c \
	common/base/thread.h \
	common/base/tsv.c \
	common/base/tsv.h
common_base_libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(XXHASH_CFLAGS) $(NETTLE_CFLAGS)
LIBS_BASE = $(LIB_BASE) $(XXHASH_LIBS) $(NETTLE_LIBS)
