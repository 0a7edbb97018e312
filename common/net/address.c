#include "base/base.h"
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

static bool forbidden4(const uint8_t a[4])
{
	static const uint8_t metadata[4] = {100, 100, 100, 200};

	return (a[0] == 169 && a[1] == 254) || !memcmp(a, metadata, 4);
}

static bool forbidden6(const uint8_t a[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t translated[12] = {0, 0x64, 0xff, 0x9b};
	static const uint8_t metadata[16] = {0xfd, 0, 0x0e,
		0xc2, [14] = 2, [15] = 0x54};

	if (!memcmp(a, mapped, 12) || !memcmp(a, translated, 12))
		return forbidden4(a + 12);
	return (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) ||
	       !memcmp(a, metadata, 16);
}

static bool judge(int family, const void *bytes, char text[ADDRESS_TEXT])
{
	bool bad = family == AF_INET    ? forbidden4(bytes)
		   : family == AF_INET6 ? forbidden6(bytes)
					: false;

	if (bad)
		inet_ntop(family, bytes, text, ADDRESS_TEXT);
	return bad;
}

bool address_forbidden(const struct sockaddr *a, char text[ADDRESS_TEXT])
{
	const void *p = a;

	if (a->sa_family == AF_INET)
		p = &((const struct sockaddr_in *)p)->sin_addr;
	else if (a->sa_family == AF_INET6)
		p = &((const struct sockaddr_in6 *)p)->sin6_addr;
	return judge(a->sa_family, p, text);
}

/* Names that lead to such addresses, wherever they are asked for. */
static bool forbidden_name(const char *host)
{
	static const char *const names[] = {"metadata.google.internal",
		"metadata.goog"};
	size_t n = strlen(host);

	n -= n && host[n - 1] == '.';
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == n && !strncasecmp(host, names[i], n))
			return true;
	return false;
}

bool host_forbidden(const char *host, char text[ADDRESS_TEXT])
{
	uint8_t bytes[16];
	size_t n = strlen(host);
	bool bracket = n > 2 && host[0] == '[' && host[n - 1] == ']';
	char *bare = bracket ? xmemdup0(host + 1, n - 2) : xstrdup(host);
	bool bad = false;

	if (inet_pton(AF_INET, bare, bytes) == 1)
		bad = judge(AF_INET, bytes, text);
	else if (inet_pton(AF_INET6, bare, bytes) == 1)
		bad = judge(AF_INET6, bytes, text);
	else if (forbidden_name(bare))
		bad = snprintf(text, ADDRESS_TEXT, "%s", bare) > 0;
	free(bare);
	return bad;
}
