#include "base/base.h"
#include "net/template.h"

#include <ctype.h>

#include "base/num.h"

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isupper((unsigned char)s.s[i]) && s.s[i] != '_' &&
			!(i && isdigit((unsigned char)s.s[i])))
			return false;
	return s.len > 0;
}

static const struct placeholder {
	const char *name;
	unsigned has;
	void (*fill)(const struct template_tile *t, struct buf *out);
} * find(struct str name);

/* Below 2^63. Not by printf, which many libraries that come along slow down. */
static void add_number(struct buf *out, uint64_t n)
{
	char text[I64_TEXT];

	buf_add(out, text, i64_text((int64_t)n, text));
}

static void fill_z(const struct template_tile *t, struct buf *out)
{
	add_number(out, t->z);
}

static void fill_x(const struct template_tile *t, struct buf *out)
{
	add_number(out, t->x);
}

static void fill_y(const struct template_tile *t, struct buf *out)
{
	add_number(out, t->y);
}

static void fill_minus_y(const struct template_tile *t, struct buf *out)
{
	add_number(out, (UINT64_C(1) << t->z) - 1 - t->y);
}

static void fill_quadkey(const struct template_tile *t, struct buf *out)
{
	for (uint64_t i = t->z; i-- > 0;)
		buf_addc(out,
			(char)('0' + ((t->x >> i & 1) | (t->y >> i & 1) << 1)));
}

static void fill_bbox(const struct template_tile *t, struct buf *out)
{
	buf_addf(out, "%.10g,%.10g,%.10g,%.10g", t->bbox[0], t->bbox[1],
		t->bbox[2], t->bbox[3]);
}

static void fill_width(const struct template_tile *t, struct buf *out)
{
	add_number(out, t->width);
}

static void fill_height(const struct template_tile *t, struct buf *out)
{
	add_number(out, t->height);
}

static void fill_proj(const struct template_tile *t, struct buf *out)
{
	(void)t;
	buf_adds(out, "EPSG:3857");
}

static void fill_server(const struct template_tile *t, struct buf *out)
{
	buf_addc(out, "abc"[(t->x + t->y) % 3]);
}

static const struct placeholder *find(struct str name)
{
	static const struct placeholder known[] = {
		{"z", TEMPLATE_Z, fill_z},
		{"x", TEMPLATE_X, fill_x},
		{"y", TEMPLATE_Y, fill_y},
		{"-y", TEMPLATE_MINUS_Y, fill_minus_y},
		{"q", TEMPLATE_Q, fill_quadkey},
		{"quadkey", TEMPLATE_Q, fill_quadkey},
		{"TileMatrix", TEMPLATE_MATRIX, fill_z},
		{"TileRow", TEMPLATE_ROW, fill_y},
		{"TileCol", TEMPLATE_COL, fill_x},
		{"bbox", TEMPLATE_BBOX, fill_bbox},
		{"width", TEMPLATE_OTHER, fill_width},
		{"height", TEMPLATE_OTHER, fill_height},
		{"proj", TEMPLATE_OTHER, fill_proj},
		{"s", TEMPLATE_OTHER, fill_server},
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (str_is(name, known[i].name))
			return &known[i];
	return NULL;
}

static unsigned kind_of(struct str s)
{
	const struct placeholder *p = find(s);

	if (p)
		return p->has;
	if (str_starts(s, "switch:"))
		return TEMPLATE_OTHER;
	return is_token(s) ? TEMPLATE_TOKEN : 0;
}

int template_scan(const char *template, unsigned *has, struct err *err)
{
	const char *p = template;

	for (*has = 0; (p = strchr(p, '{')); p++) {
		struct str s = {p + 1, strcspn(p + 1, "}")};
		unsigned one = kind_of(s);

		if (!s.s[s.len])
			return err_set(err, "'{' without '}'");
		if (!one)
			return err_set(err,
				"what is '{%.*s}'? Known are {z} {x} {y} {-y} "
				"{quadkey} {TileMatrix} {TileRow} {TileCol} "
				"{bbox} {width} {height} {proj} {s} "
				"{switch:a,b} and {CAPITALS}",
				(int)MIN(s.len, 40), s.s);
		*has |= one;
	}
	return 0;
}

/* One of the words between commas. */
static void fill_switch(struct str words, const struct template_tile *t,
	struct buf *out)
{
	size_t n = 1, pick, len;

	for (size_t i = 0; i < words.len; i++)
		n += words.s[i] == ',';
	pick = (size_t)((t->x + t->y) % n);
	for (; pick; pick--) {
		const char *comma = memchr(words.s, ',', words.len);

		words.len -= (size_t)(comma + 1 - words.s);
		words.s = comma + 1;
	}
	for (len = 0; len < words.len && words.s[len] != ','; len++)
		continue;
	buf_add(out, words.s, len);
}

/* A value must not become another part of the URL. */
static void add_escaped(struct buf *out, const char *s)
{
	for (; *s; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			buf_addc(out, *s);
		else
			buf_addf(out, "%%%02X", (unsigned char)*s);
}

static int fill_token(struct str s, template_token_fn *fn, void *ctx,
	struct buf *out, struct err *err)
{
	char *name = xmemdup0(s.s, s.len);
	const char *value = fn ? fn(ctx, name, err) : NULL;

	free(name);
	if (fn && !value)
		return -1;
	if (value)
		add_escaped(out, value);
	else
		buf_addf(out, "{%.*s}", (int)s.len, s.s);
	return 0;
}

int template_fill(const char *template, const struct template_tile *t,
	template_token_fn *fn, void *ctx, struct buf *out, struct err *err)
{
	static const char prefix[] = "switch:";
	const char *p = template;

	while (*p) {
		size_t n = strcspn(p, "{");
		const struct placeholder *known;
		struct str s;

		buf_add(out, p, n);
		p += n;
		if (!*p)
			break;
		s = (struct str){p + 1, strcspn(p + 1, "}")};
		if (!s.s[s.len])
			return err_set(err, "'{' without '}'");
		known = find(s);
		p = s.s + s.len + 1;
		if (known) {
			known->fill(t, out);
		} else if (str_starts(s, prefix)) {
			s.s += strlen(prefix);
			s.len -= strlen(prefix);
			fill_switch(s, t, out);
		} else if (fill_token(s, fn, ctx, out, err)) {
			return -1;
		}
	}
	buf_str(out);
	return 0;
}
