/* URLs: references, what may be shown of them, queries, forbidden hosts. */
#include "base/base.h"
#include "net/address.h"
#include "net/url.h"
#include "unit/tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static void resolves(const char *base, const char *ref, const char *want)
{
	struct buf b = BUF_INIT;
	struct err err = {""};
	int rc = url_resolve(base, ref, &b, &err);

	ok(want ? !rc && !strcmp(buf_str(&b), want) : rc && *err.msg,
		"%s at %s: %s%s", ref, base, buf_str(&b), err.msg);
	buf_release(&b);
}

static void test_resolve(void)
{
	static const char base[] = "https://a.example/b/c/collection.json?x=1";

	resolves(base, "./item/1.json", "https://a.example/b/c/item/1.json");
	resolves(base, "../d.json#part", "https://a.example/b/d.json");
	resolves(base, "/d.json", "https://a.example/d.json");
	resolves(base, "?y=2", "https://a.example/b/c/collection.json?y=2");
	resolves(base, "//b.example/d", "https://b.example/d");
	resolves(base, "http://b.example/d e.json",
		"http://b.example/d%20e.json");
	resolves(base, "d \xc3\xbc/e%20f.json?g=h i",
		"https://a.example/b/c/d%20%C3%BC/e%20f.json?g=h%20i");
	resolves(base, "file:///etc/passwd", NULL);
	resolves(base, "ftp://b.example/", NULL);
	resolves(base, "https://", NULL);
	resolves("town.json", "a.json", NULL);
}

static void test_secret(void)
{
	struct buf b = BUF_INIT;
	struct err err = {""};

	ok(url_resolve("https://a.example/",
		   "ftp://me:pw@b.example/c?sig=SECRET", &b, &err) &&
			!strstr(err.msg, "SECRET") && !strstr(err.msg, "pw") &&
			strstr(err.msg, "b.example/c"),
		"a message without secrets: %s", err.msg);
	buf_release(&b);
}

static void shows(const char *url, const char *want)
{
	struct buf b = BUF_INIT;

	url_show(url, &b);
	ok(!strcmp(buf_str(&b), want), "%s is shown as %s", url, buf_str(&b));
	buf_release(&b);
}

static void test_show(void)
{
	shows("https://a.example/b?c=1", "https://a.example/b?c=1");
	shows("https://me:pa@ss@a.example/b", "https://a.example/b");
	shows("https://a.example/b@c", "https://a.example/b@c");
	shows("https://a.example?u=me@b", "https://a.example?u=me@b");
	shows("https://a.example/b?API_KEY=1&c=2&sig=a%3D&d",
		"https://a.example/b?API_KEY=***&c=2&sig=***&d");
	shows("https://a.example/b?token=a=b#frag",
		"https://a.example/b?token=***");
	shows("https://a.example/b?token", "https://a.example/b?token");
	shows("town.json", "town.json");
	shows("", "");
}

static void sets(const char *url, const char *name, const char *value,
	const char *want)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, url);
	url_set_query(&b, name, value);
	ok(!strcmp(buf_str(&b), want), "%s with %s: %s", url, name,
		buf_str(&b));
	buf_release(&b);
}

static void test_query(void)
{
	sets("https://a.example/s", "limit", "10",
		"https://a.example/s?limit=10");
	sets("https://a.example/s?limit=1&x=2#f", "limit", "10",
		"https://a.example/s?x=2&limit=10");
	sets("https://a.example/s?limits=1&", "limit", "10",
		"https://a.example/s?limits=1&limit=10");
	sets("https://a.example/s", "bbox", "-1.5,2,3,4",
		"https://a.example/s?bbox=-1.5,2,3,4");
	sets("https://a.example/s", "datetime", "2020-01-01T00:00:00Z/..",
		"https://a.example/s?datetime=2020-01-01T00:00:00Z%2F..");
	sets("https://a.example/s", "collections", "a&b=\xc3\xa9",
		"https://a.example/s?collections=a%26b%3D%C3%A9");
}

static void host(const char *name, bool bad)
{
	char text[ADDRESS_TEXT] = "";

	ok(host_forbidden(name, text) == bad && !*text == !bad, "%s: %s", name,
		bad ? "never asked" : "may be asked");
}

static void test_address(void)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6};
	char text[ADDRESS_TEXT];

	host("169.254.169.254", true);
	host("169.253.1.1", false);
	host("100.100.100.200", true);
	host("100.100.100.201", false);
	host("[fe80::1]", true);
	host("[febf::1]", true);
	host("[fec0::1]", false);
	host("[fd00:ec2::254]", true);
	host("[fd00:ec2::253]", false);
	host("::ffff:169.254.0.1", true);
	host("[::ffff:127.0.0.1]", false);
	host("[64:ff9b::169.254.0.1]", true);
	host("127.0.0.1", false);
	host("[::1]", false);
	host("169.254.example", false);
	host("", false);
	host("metadata.google.internal", true);
	host("Metadata.Google.Internal.", true);
	host("metadata.google.internal.example", false);
	inet_pton(AF_INET6, "fe80::2", &a.sin6_addr);
	ok(address_forbidden((struct sockaddr *)&a, text) &&
			!strcmp(text, "fe80::2"),
		"a socket's address, as text");
}

int main(void)
{
	test_resolve();
	test_secret();
	test_show();
	test_query();
	test_address();
	return tap_done();
}
