# common/json
LIB_JSON = common/json/libjson.a
noinst_LIBRARIES += $(LIB_JSON)
common_json_libjson_a_SOURCES = \
	common/json/in.c \
	common/json/in.h \
	common/json/json.c \
	common/json/json.h \
	common/json/priv.h \
	common/json/scan.c \
	common/json/scan.h \
	common/json/write.c
common_json_libjson_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
LIBS_JSON = $(LIB_JSON) $(JANSSON_LIBS)
