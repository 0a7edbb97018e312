# common/stat
LIB_STAT = common/stat/libstat.a
noinst_LIBRARIES += $(LIB_STAT)
common_stat_libstat_a_SOURCES = \
	common/stat/counter.c \
	common/stat/counter.h \
	common/stat/fields.c \
	common/stat/fields.h \
	common/stat/hll.c \
	common/stat/hll.h \
	common/stat/label.c \
	common/stat/label.h \
	common/stat/provenance.c \
	common/stat/provenance.h \
	common/stat/report.h \
	common/stat/report_json.c \
	common/stat/report_text.c \
	common/stat/stats.c \
	common/stat/stats.h \
	common/stat/tag_counts.c \
	common/stat/tag_counts.h
LIBS_STAT = $(LIB_STAT) -lm
