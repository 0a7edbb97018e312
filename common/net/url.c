#include "base/base.h"
#include "net/url.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

bool url_is_http(const char *s)
{
	return !strncasecmp(s, "http://", 7) || !strncasecmp(s, "https://", 8);
}

static void add_hex(struct buf *b, uint8_t c)
{
	static const char hex[] = "0123456789ABCDEF";

	buf_addc(b, '%');
	buf_addc(b, hex[c >> 4]);
	buf_addc(b, hex[c & 15]);
}

/* With what cannot stand in a URL, such as blanks and accents, as %XX. */
static void add_encoded(struct buf *b, const char *s)
{
	static const char bad[] = " \"<>\\^`{|}";

	for (; *s; s++) {
		if (*s > ' ' && *s < 0x7f && !strchr(bad, *s))
			buf_addc(b, *s);
		else
			add_hex(b, (uint8_t)*s);
	}
	buf_str(b);
}

int url_resolve(const char *base, const char *ref, struct buf *out,
	struct err *err)
{
	struct buf plain = BUF_INIT, shown = BUF_INIT;
	CURLU *u = curl_url();
	char *text = NULL;
	int rc = -1;

	if (!u)
		xfail("cannot take a URL apart", 0);
	add_encoded(&plain, ref);
	if (curl_url_set(u, CURLUPART_URL, base, 0) ||
		curl_url_set(u, CURLUPART_URL, buf_str(&plain), 0) ||
		curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) ||
		curl_url_get(u, CURLUPART_URL, &text, 0) || !url_is_http(text))
		url_strip_user(ref, &shown);
	else
		rc = 0;
	if (!rc)
		buf_adds(out, text);
	else
		err_set(err, "'%.*s' is no reference to an http or https URL",
			(int)MIN(strcspn(buf_str(&shown), "?#"), 100),
			buf_str(&shown));
	buf_str(out);
	buf_release(&plain);
	buf_release(&shown);
	curl_free(text);
	curl_url_cleanup(u);
	return rc;
}

/* Where the authority begins; 0: there is none. */
static size_t authority(const char *url)
{
	const char *at = strstr(url, "://");

	return at ? (size_t)(at - url) + 3 : 0;
}

void url_strip_user(const char *url, struct buf *out)
{
	size_t begin = authority(url), n = strcspn(url + begin, "/?#");

	buf_add(out, url, begin);
	/* the last '@' ends the user: a password may hold others */
	for (size_t i = n; begin && i > 0; i--)
		if (url[begin + i - 1] == '@') {
			begin += i;
			break;
		}
	buf_adds(out, url + begin);
	buf_str(out);
}

static bool is_secret(struct str name)
{
	static const char *const words[] = {"token", "key", "sig", "secret",
		"pass", "auth", "sas", "cred", "jwt", "code"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = strlen(words[i]);

		for (size_t at = 0; at + n <= name.len; at++)
			if (!strncasecmp(name.s + at, words[i], n))
				return true;
	}
	return false;
}

void url_show(const char *url, struct buf *out)
{
	struct buf plain = BUF_INIT;
	const char *s;
	size_t n;

	url_strip_user(url, &plain);
	s = buf_str(&plain);
	n = strcspn(s, "?#");
	buf_add(out, s, n);
	for (s += n; *s && *s != '#'; s += n) {
		struct str name;

		buf_addc(out, *s++);
		n = strcspn(s, "&#");
		name = (struct str){s, MIN(strcspn(s, "="), n)};
		if (name.len < n && is_secret(name)) {
			buf_add(out, name.s, name.len);
			buf_adds(out, "=***");
		} else {
			buf_add(out, s, n);
		}
	}
	buf_str(out);
	buf_release(&plain);
}

static void add_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		uint8_t c = (uint8_t)*s;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z') || strchr("-._~,:", c))
			buf_addc(b, *s);
		else
			add_hex(b, c);
	}
}

void url_set_query(struct buf *url, const char *name, const char *value)
{
	struct buf out = BUF_INIT;
	const char *s = buf_str(url);
	size_t n = strcspn(s, "?#"), len = strlen(name);
	char sign = '?';

	buf_add(&out, s, n);
	for (s += n; *s && *s != '#'; s += n) {
		s++;
		n = strcspn(s, "&#");
		if (!n || (n > len && s[len] == '=' && !memcmp(s, name, len)))
			continue;
		buf_addc(&out, sign);
		buf_add(&out, s, n);
		sign = '&';
	}
	buf_addc(&out, sign);
	buf_adds(&out, name);
	buf_addc(&out, '=');
	add_escaped(&out, value);
	buf_str(&out);
	buf_release(url);
	*url = out;
}

static bool is_here(const char *host)
{
	return !strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]") ||
	       !strcasecmp(host, "localhost");
}

bool url_is_for(const char *url, const char *host, bool clear)
{
	CURLU *u = curl_url();
	char *name = NULL, *port = NULL, *scheme = NULL;
	struct buf full = BUF_INIT;
	size_t n, len = strlen(host);
	bool yes = false;

	if (!u)
		xfail("cannot take a URL apart", 0);
	if (!curl_url_set(u, CURLUPART_URL, url, 0) &&
		!curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
		!curl_url_get(u, CURLUPART_HOST, &name, 0)) {
		buf_adds(&full, name);
		if (!curl_url_get(u, CURLUPART_PORT, &port,
			    CURLU_NO_DEFAULT_PORT))
			buf_addf(&full, ":%s", port);
		n = full.len;
		yes = (*host == '.' && n > len)
			      ? !strcasecmp(buf_str(&full) + n - len, host)
			      : !strcasecmp(buf_str(&full), host);
		yes = yes &&
		      (clear || is_here(name) || !strcasecmp(scheme, "https"));
	}
	buf_release(&full);
	curl_free(name);
	curl_free(port);
	curl_free(scheme);
	curl_url_cleanup(u);
	return yes;
}
