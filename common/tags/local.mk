# common/tags
LIB_TAGS = common/tags/libtags.a
noinst_LIBRARIES += $(LIB_TAGS)
common_tags_libtags_a_SOURCES = \
	common/tags/gsd.c \
	common/tags/gsd.h \
	common/tags/ignored.c \
	common/tags/ignored.h \
	common/tags/pattern.c \
	common/tags/pattern.h \
	common/tags/sieve.h
