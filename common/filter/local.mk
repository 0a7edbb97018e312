# common/filter
LIB_FILTER = common/filter/libfilter.a
noinst_LIBRARIES += $(LIB_FILTER)
common_filter_libfilter_a_SOURCES = \
	common/filter/ahead.c \
	common/filter/ahead.h \
	common/filter/filter.c \
	common/filter/filter.h \
	common/filter/item.c \
	common/filter/map.c \
	common/filter/header.c \
	common/filter/priv.h \
	common/filter/summary.c \
	common/filter/rejects.c \
	common/filter/table.c \
	common/filter/table.h \
	common/filter/top.c \
	common/filter/top.h

# What every tool links, in link order.
LIBS_CORE = $(LIB_FILTER) $(LIB_CLI) $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
