# common/net
LIB_NET = common/net/libnet.a
noinst_LIBRARIES += $(LIB_NET)
common_net_libnet_a_SOURCES = \
	common/net/address.c \
	common/net/address.h \
	common/net/allow.c \
	common/net/allow.h \
	common/net/cache.c \
	common/net/cache.h \
	common/net/cache_trim.c \
	common/net/cache_trim.h \
	common/net/http.c \
	common/net/http.h \
	common/net/http_end.c \
	common/net/http_host.c \
	common/net/http_loop.c \
	common/net/http_name.c \
	common/net/http_priv.h \
	common/net/http_recv.c \
	common/net/http_send.c \
	common/net/remote.c \
	common/net/remote.h \
	common/net/remote_part.c \
	common/net/remote_part.h \
	common/net/remote_want.c \
	common/net/s3.c \
	common/net/s3.h \
	common/net/s3_priv.h \
	common/net/s3_sign.c \
	common/net/sas.c \
	common/net/sas.h \
	common/net/template.c \
	common/net/template.h \
	common/net/url.c \
	common/net/url.h \
	common/net/web.c \
	common/net/web.h
common_net_libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS)
LIBS_NET = $(LIB_NET) $(CURL_LIBS) $(LIBS_JSON)
