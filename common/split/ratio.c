#include "base/base.h"
#include "split/ratio.h"
#include "base/num.h"

static bool is_name(struct str s)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-";

	return s.len && strspn(s.s, allowed) >= s.len;
}

/* Adds "name=share", which s is up to its end; the shares add up in upto. */
static int add_share(struct ratio *r, const char *s, struct err *err)
{
	const char *equals = strchr(s, '=');
	struct str name = {s, equals ? (size_t)(equals - s) : 0};
	size_t n = r->names.len;
	double share;

	if (!is_name(name) || parse_f64(equals + 1, &share) ||
		!(share > 0 && share <= 1e9))
		return err_set(err, "'%s' is not NAME=SHARE, as train=0.9", s);
	map_put(&r->names, name);
	if (r->names.len == n)
		return err_set(err, "'%.*s' stands twice", (int)name.len,
			name.s);
	r->upto = xreallocarray(r->upto, n + 1, sizeof(*r->upto));
	r->upto[n] = share + (n ? r->upto[n - 1] : 0);
	return 0;
}

int ratio_parse(struct ratio *r, const char *text, struct err *err)
{
	double sum;
	int rc = 0;

	*r = (struct ratio){.names = MAP_INIT};
	for (const char *s = text; s && !rc;) {
		const char *comma = strchr(s, ',');
		char *one =
			xmemdup0(s, comma ? (size_t)(comma - s) : strlen(s));

		rc = add_share(r, one, err);
		free(one);
		s = comma ? comma + 1 : NULL;
	}
	if (rc) {
		ratio_release(r);
		return rc;
	}
	sum = r->upto[r->names.len - 1];
	for (size_t i = 0; i < r->names.len; i++)
		r->upto[i] /= sum;
	return 0;
}

void ratio_release(struct ratio *r)
{
	map_release(&r->names);
	free(r->upto);
	r->upto = NULL;
}

size_t ratio_count(const struct ratio *r)
{
	return r->names.len;
}

struct str ratio_name(const struct ratio *r, size_t i)
{
	return r->names.entries[i].key;
}

size_t ratio_at(const struct ratio *r, double u)
{
	size_t i = 0;

	while (i + 1 < r->names.len && u >= r->upto[i])
		i++;
	return i;
}
