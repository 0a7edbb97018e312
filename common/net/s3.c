#include "base/base.h"
#include "net/s3_priv.h"

#include <strings.h>

#include "base/io.h"

/* Of the file of credentials. */
#define MAX_FILE (1ULL << 20)

bool s3_is(const char *url)
{
	return !strncasecmp(url, "s3://", 5) || !strncasecmp(url, "gs://", 5);
}

bool s3_is_gs(const char *url)
{
	return !strncasecmp(url, "gs://", 5);
}

struct s3 *s3_new(void)
{
	return xcalloc(1, sizeof(struct s3));
}

static void forget(struct s3 *s)
{
	free(s->key);
	free(s->secret);
	free(s->token);
	free(s->region);
	free(s->scheme);
	free(s->endpoint);
	s->key = s->secret = s->token = NULL;
	s->region = s->scheme = s->endpoint = NULL;
}

void s3_free(struct s3 *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->buckets.len; i++)
		free(s->regions[i]);
	free(s->regions);
	map_release(&s->buckets);
	forget(s);
	free(s);
}

/* The environment's variable; empty ones count as missing. */
static const char *variable(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

static bool says(const char *name, bool usual)
{
	static const char *const yes[] = {"YES", "TRUE", "ON", "1"};
	const char *s = variable(name);

	if (!s)
		return usual;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!strcasecmp(s, yes[i]))
			return true;
	return false;
}

static struct str trim(struct str s)
{
	while (s.len && strchr(" \t\r", s.s[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t", *s.s)) {
		s.s++;
		s.len--;
	}
	return s;
}

/* "name = value" of a profile. */
static void take_setting(struct s3 *s, struct str line)
{
	const struct {
		const char *name;
		char **to;
	} names[] = {{"aws_access_key_id", &s->key},
		{"aws_secret_access_key", &s->secret},
		{"aws_session_token", &s->token}};
	const char *sign = memchr(line.s, '=', line.len);
	struct str name, value;

	if (!sign)
		return;
	name = trim((struct str){line.s, (size_t)(sign - line.s)});
	value = trim(
		(struct str){sign + 1, line.len - (size_t)(sign - line.s) - 1});
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(name, names[i].name)) {
			free(*names[i].to);
			*names[i].to = xmemdup0(value.s, value.len);
		}
}

static int read_profile(struct s3 *s, const char *path, const char *profile,
	struct err *err)
{
	struct buf text = BUF_INIT;
	bool within = false;
	int rc = load_file(path, MAX_FILE, &text, err);
	size_t n;

	for (const char *p = rc ? "" : buf_str(&text); *p; p += n + !!p[n]) {
		struct str line;

		n = strcspn(p, "\n");
		line = trim((struct str){p, n});
		if (line.len > 1 && *line.s == '[')
			within = str_is(
				trim((struct str){line.s + 1, line.len - 2}),
				profile);
		else if (within)
			take_setting(s, line);
	}
	buf_release(&text);
	if (!rc && !(s->key && s->secret))
		rc = err_set(err,
			"%s has no aws_access_key_id and "
			"aws_secret_access_key of the profile '%s'",
			path, profile);
	return rc;
}

static int read_credentials(struct s3 *s, struct err *err)
{
	const char *key = variable("AWS_ACCESS_KEY_ID");
	const char *secret = variable("AWS_SECRET_ACCESS_KEY");
	const char *token = variable("AWS_SESSION_TOKEN");
	const char *profile = variable("AWS_PROFILE"), *home = variable("HOME");
	const char *file = variable("AWS_SHARED_CREDENTIALS_FILE");
	struct buf path = BUF_INIT;
	int rc = 0;

	if (key && secret) {
		s->key = xstrdup(key);
		s->secret = xstrdup(secret);
		s->token = token ? xstrdup(token) : NULL;
		return 0;
	}
	if (file)
		buf_adds(&path, file);
	else
		buf_addf(&path, "%s/.aws/credentials", home ? home : "");
	rc = read_profile(s, buf_str(&path), profile ? profile : "default",
		err);
	buf_release(&path);
	if (rc)
		(void)err_prefix(err,
			"no key for s3: set AWS_ACCESS_KEY_ID and "
			"AWS_SECRET_ACCESS_KEY, or AWS_NO_SIGN_REQUEST=YES "
			"for what is public");
	return rc;
}

static bool is_printable(const char *s)
{
	for (; s && *s; s++)
		if (*s <= ' ' || *s >= 0x7f)
			return false;
	return true;
}

bool s3_is_region(const char *s)
{
	return *s && strlen(s) < 32 &&
	       !s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static int read_endpoint(struct s3 *s, struct err *err)
{
	const char *e = variable("AWS_S3_ENDPOINT"), *at;
	char *port;
	size_t n;

	s->scheme = xstrdup(says("AWS_HTTPS", true) ? "https" : "http");
	if (!e)
		return 0;
	at = strstr(e, "://");
	if (at) {
		free(s->scheme);
		s->scheme = xmemdup0(e, (size_t)(at - e));
		e = at + 3;
	}
	n = strcspn(e, "/");
	s->endpoint = xmemdup0(e, n);
	if (!n || strlen(e) > n + 1 ||
		(strcasecmp(s->scheme, "http") &&
			strcasecmp(s->scheme, "https")) ||
		strpbrk(s->endpoint, "?#@\\ "))
		return err_set(err,
			"AWS_S3_ENDPOINT is no host, host:port or URL of one");
	port = strrchr(s->endpoint, ':');
	if (port &&
		!strcmp(port, strcasecmp(s->scheme, "https") ? ":80" : ":443"))
		*port = '\0'; /* no header has it */
	/* an address has no names below it */
	if (!s->endpoint[strspn(s->endpoint, "0123456789.:")] || *e == '[')
		s->virtual = false;
	return 0;
}

static int read_all(struct s3 *s, struct err *err)
{
	const char *region = variable("AWS_REGION");
	const char *payer = variable("AWS_REQUEST_PAYER");

	if (!region)
		region = variable("AWS_DEFAULT_REGION");
	s->region = xstrdup(region ? region : "us-east-1");
	s->sign = !says("AWS_NO_SIGN_REQUEST", false);
	s->virtual = says("AWS_VIRTUAL_HOSTING", true);
	s->pays = payer && !strcasecmp(payer, "requester");
	if (!s3_is_region(s->region))
		return err_set(err, "AWS_REGION is no region: '%s'", s->region);
	if (read_endpoint(s, err) || (s->sign && read_credentials(s, err)))
		return -1;
	if (!is_printable(s->key) || !is_printable(s->secret) ||
		!is_printable(s->token))
		return err_set(err,
			"a key for s3 holds a blank or a control character");
	return 0;
}

static int get_ready(struct s3 *s, struct err *err)
{
	if (!s->ready && read_all(s, err)) {
		forget(s);
		return -1;
	}
	s->ready = true;
	return 0;
}

static bool is_bucket_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

int s3_split(const char *url, struct str *bucket, const char **key)
{
	size_t n = strcspn(url + 5, "/");

	*bucket = (struct str){url + 5, n};
	*key = url + 5 + n + 1;
	if (n < 3 || n > 63 || !url[5 + n] || !**key)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char c = url[5 + i];

		/* no name in a host's name is empty */
		if (!is_bucket_char(c) && (c != '.' || !i || url[4 + i] == '.'))
			return -1;
	}
	return 0;
}

const char *s3_region(const struct s3 *s, const char *url)
{
	struct str bucket;
	const char *key;
	const size_t *i;

	if (s3_split(url, &bucket, &key))
		return s->region;
	i = map_get(&s->buckets, bucket);
	return i ? s->regions[*i] : s->region;
}

static void add_host(const struct s3 *s, const char *url, struct buf *out)
{
	const char *region = s3_region(s, url);

	if (s->endpoint)
		buf_adds(out, s->endpoint);
	else
		buf_addf(out, "s3.%s.amazonaws.com%s", region,
			!strncmp(region, "cn-", 3) ? ".cn" : "");
}

/* Escaped as the signature wants it, once. */
static void add_key(struct buf *out, const char *key)
{
	for (; *key; key++) {
		uint8_t c = (uint8_t)*key;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || strchr("-._~/", c))
			buf_addc(out, *key);
		else
			buf_addf(out, "%%%02X", c);
	}
	buf_str(out);
}

int s3_place(struct s3 *s, const char *url, struct buf *out, struct err *err)
{
	struct str bucket;
	const char *key;
	bool dots;

	if (s3_split(url, &bucket, &key))
		return err_set(err, "this names no bucket and key in it");
	dots = memchr(bucket.s, '.', bucket.len);
	if (s3_is_gs(url)) {
		buf_adds(out, "https://storage.googleapis.com/");
		buf_add(out, bucket.s, bucket.len);
	} else if (get_ready(s, err)) {
		return -1;
	} else if (s->virtual && !dots) {
		buf_addf(out, "%s://%.*s.", s->scheme, (int)bucket.len,
			bucket.s);
		add_host(s, url, out);
	} else {
		buf_addf(out, "%s://", s->scheme);
		add_host(s, url, out);
		buf_addf(out, "/%.*s", (int)bucket.len, bucket.s);
	}
	buf_addc(out, '/');
	add_key(out, key);
	return 0;
}
