#include "base/base.h"
#include "net/s3_priv.h"

#include <time.h>

#include "base/hash.h"

/* The SHA-256 of no body. */
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* Bytes of a URL up to its path. */
static size_t origin_len(const char *url)
{
	const char *at = strstr(url, "://");

	return at ? (size_t)(at - url) + 3 + strcspn(at + 3, "/?#") : 0;
}

/* Whether `place` is at the host where url's own place is, and as plain. */
static bool is_own(struct s3 *s, const char *url, const char *place)
{
	struct buf own = BUF_INIT;
	struct err unused;
	size_t n = origin_len(place);
	bool yes = !s3_is_gs(url) && !s3_place(s, url, &own, &unused) &&
		   n == origin_len(own.data) && !memcmp(own.data, place, n) &&
		   !strpbrk(place, "?#");

	buf_release(&own);
	return yes;
}

static void hash_hex(struct str s, char out[2 * SHA256_BYTES + 1])
{
	uint8_t hash[SHA256_BYTES];
	struct sha256 *h = sha256_new();

	sha256_add(h, s.s, s.len);
	sha256_value(h, hash);
	sha256_free(h);
	hex_bytes(hash, sizeof(hash), out);
}

/* The key of a day, a region and a service, then what is signed; as hex. */
static void hmac_chain(const char *secret, const char *const parts[5],
	char out[2 * SHA256_BYTES + 1])
{
	uint8_t key[SHA256_BYTES];
	struct buf first = BUF_INIT;

	buf_addf(&first, "AWS4%s", secret);
	hmac_sha256(first.data, first.len, parts[0], strlen(parts[0]), key);
	for (size_t i = 1; i < 5; i++)
		hmac_sha256(key, sizeof(key), parts[i], strlen(parts[i]), key);
	hex_bytes(key, sizeof(key), out);
	buf_release(&first);
}

static void add_line(struct buf *lines, const char *name, const char *value)
{
	buf_addf(lines, "%s: %s", name, value);
	buf_addc(lines, '\0');
}

/* The request as it is signed, and the names of what of it is. */
static void add_canonical(const struct s3 *s, const char *place,
	const char *date, struct buf *out, struct buf *names)
{
	size_t begin = (size_t)(strstr(place, "://") - place) + 3;
	size_t end = origin_len(place);

	buf_adds(names, "host;x-amz-content-sha256;x-amz-date");
	buf_addf(out,
		"GET\n%s\n\nhost:%.*s\nx-amz-content-sha256:" EMPTY
		"\nx-amz-date:%s\n",
		place + end, (int)(end - begin), place + begin, date);
	if (s->pays) {
		buf_adds(out, "x-amz-request-payer:requester\n");
		buf_adds(names, ";x-amz-request-payer");
	}
	if (s->token) {
		buf_addf(out, "x-amz-security-token:%s\n", s->token);
		buf_adds(names, ";x-amz-security-token");
	}
	buf_addf(out, "\n%s\n" EMPTY, buf_str(names));
}

void s3_sign(struct s3 *s, const char *url, const char *place,
	struct buf *lines)
{
	char date[32], day[16], hash[2 * SHA256_BYTES + 1];
	struct buf text = BUF_INIT, names = BUF_INIT, line = BUF_INIT;
	const char *region;
	time_t now = time(NULL);
	struct tm tm;

	if (!is_own(s, url, place))
		return;
	if (s->pays)
		add_line(lines, "x-amz-request-payer", "requester");
	if (!s->sign)
		return;
	region = s3_region(s, url);
	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%Y%m%dT%H%M%SZ", &tm);
	strftime(day, sizeof(day), "%Y%m%d", &tm);
	add_canonical(s, place, date, &text, &names);
	hash_hex((struct str){text.data, text.len}, hash);
	buf_reset(&text);
	buf_addf(&text, "AWS4-HMAC-SHA256\n%s\n%s/%s/s3/aws4_request\n%s", date,
		day, region, hash);
	hmac_chain(s->secret,
		(const char *const[]){day, region, "s3", "aws4_request",
			buf_str(&text)},
		hash);
	buf_addf(&line,
		"AWS4-HMAC-SHA256 Credential=%s/%s/%s/s3/aws4_request, "
		"SignedHeaders=%s, Signature=%s",
		s->key, day, region, buf_str(&names), hash);
	add_line(lines, "Authorization", buf_str(&line));
	add_line(lines, "x-amz-content-sha256", EMPTY);
	add_line(lines, "x-amz-date", date);
	if (s->token)
		add_line(lines, "x-amz-security-token", s->token);
	buf_release(&text);
	buf_release(&names);
	buf_release(&line);
}

bool s3_learn(struct s3 *s, const char *url, int status, const char *region)
{
	struct str bucket;
	const char *key;
	size_t *i, known = s->buckets.len;

	if ((status != 301 && status != 307 && status != 400) ||
		s3_is_gs(url) || !s->ready || !s3_is_region(region) ||
		!strcmp(region, s->region) || s3_split(url, &bucket, &key))
		return false;
	i = map_put(&s->buckets, bucket);
	if (s->buckets.len > known) {
		*i = known;
		xgrow(&s->regions, &s->regions_cap, known + 1,
			sizeof(*s->regions));
		s->regions[known] = NULL;
	}
	free(s->regions[*i]);
	s->regions[*i] = xstrdup(region);
	return true;
}

/* Of the XML, as in "SignatureDoesNotMatch". */
static void add_code(struct str said, struct buf *out)
{
	static const char begin[] = "<Code>";
	const char *at = memmem(said.s, said.len, begin, strlen(begin));
	size_t n = 0, left;

	if (!at)
		return;
	at += strlen(begin);
	left = said.len - (size_t)(at - said.s);
	while (n < left && n < 40 &&
		((at[n] >= 'a' && at[n] <= 'z') ||
			(at[n] >= 'A' && at[n] <= 'Z')))
		n++;
	if (n)
		buf_addf(out, " (%.*s)", (int)n, at);
}

void s3_explain(struct s3 *s, const char *url, int status, struct str said,
	struct buf *out)
{
	bool denied = status == 401 || status == 403;

	add_code(said, out);
	if (status == 301 || status == 400)
		buf_addf(out,
			": the bucket may be in another region than %s: set "
			"AWS_REGION",
			s3_region(s, url));
	else if (denied && s3_is_gs(url))
		buf_adds(out, ": gs:// is asked without a signature, which "
			      "only public objects allow");
	else if (denied && !s->sign)
		buf_adds(out, ": AWS_NO_SIGN_REQUEST is set, and the object is "
			      "not public");
	else if (denied && !s->pays)
		buf_adds(out,
			": the key may not be allowed to, or the bucket is "
			"requester-pays: set AWS_REQUEST_PAYER=requester if "
			"you will pay");
	buf_str(out);
}
