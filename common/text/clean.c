#include "base/base.h"
#include "text/clean.h"
#include "text/entity.h"

#include <utf8proc.h>

/*
 * More code points than any model's tokens are made of, and references deeper
 * in each other than anybody writes; they bound the time that a hostile text
 * can take.
 */
enum { MAX_RUNES = 1 << 14, MAX_ROUNDS = 64 };

/* Code points; owns cp. */
struct runes {
	int32_t *cp; /* [n] */
	size_t n, cap;
};

static void runes_add(struct runes *r, int32_t cp)
{
	xgrow(&r->cp, &r->cap, r->n + 1, sizeof(*r->cp));
	r->cp[r->n++] = cp;
}

static int decode(struct str text, struct runes *out, struct err *err)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)text.s;
	utf8proc_ssize_t left = (utf8proc_ssize_t)text.len, used;
	utf8proc_int32_t cp;

	for (; left > 0; p += used, left -= used) {
		used = utf8proc_iterate(p, left, &cp);
		if (used <= 0)
			return err_set(err, "text is not UTF-8 at byte %zu",
				text.len - (size_t)left);
		if (out->n < MAX_RUNES)
			runes_add(out, cp);
	}
	return 0;
}

/* Python's str.isspace(). */
static bool is_space(int32_t cp)
{
	return (cp >= 0x09 && cp <= 0x0d) || (cp >= 0x1c && cp <= 0x20) ||
	       cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

/* Ligatures of Latin letters, halfwidth and fullwidth forms. */
static bool is_compatible_form(int32_t cp)
{
	return cp == 0x132 || cp == 0x133 || cp == 0x149 ||
	       (cp >= 0x1c4 && cp <= 0x1cc) || (cp >= 0x1f1 && cp <= 0x1f3) ||
	       (cp >= 0xfb00 && cp <= 0xfb06) || cp == 0x3000 ||
	       (cp >= 0xff01 && cp < 0xfff0);
}

/* Characters that ftfy removes. */
static bool is_unwanted(int32_t cp)
{
	return cp < 0x09 || cp == 0x0b || (cp >= 0x0e && cp < 0x20) ||
	       cp == 0x7f || (cp >= 0x206a && cp < 0x2070) || cp == 0xfeff ||
	       (cp >= 0xfff9 && cp < 0xfffd);
}

static int32_t straight_quote(int32_t cp)
{
	if (cp == 0x2bc || (cp >= 0x2018 && cp <= 0x201b))
		return '\'';
	return cp >= 0x201c && cp <= 0x201f ? '"' : cp;
}

static void repair(const struct runes *in, struct runes *out)
{
	out->n = 0;
	for (size_t i = 0; i < in->n; i++) {
		int32_t cp = entity_from_c1(in->cp[i]);
		utf8proc_int32_t forms[8] = {cp};
		utf8proc_ssize_t n = 1;
		int boundary = 0;

		if (is_compatible_form(cp))
			n = utf8proc_decompose_char(cp, forms,
				ARRAY_SIZE(forms),
				UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
				&boundary);
		for (utf8proc_ssize_t k = 0; k < n; k++)
			if (!is_unwanted(forms[k]))
				runes_add(out, straight_quote(forms[k]));
	}
}

/* Normalization form C, in place. */
static void compose(struct runes *r)
{
	const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	struct runes d = {NULL, 0, 0};
	utf8proc_int32_t forms[32];
	utf8proc_ssize_t n;
	int boundary = 0;
	bool ascii = true;

	for (size_t i = 0; i < r->n; i++)
		ascii &= r->cp[i] < 0x80;
	if (ascii)
		return;
	for (size_t i = 0; i < r->n; i++) {
		n = utf8proc_decompose_char(r->cp[i], forms, ARRAY_SIZE(forms),
			UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &boundary);
		for (utf8proc_ssize_t k = 0; k < n; k++)
			runes_add(&d, forms[k]);
	}
	free(r->cp);
	/* canonical order: stable, by combining class, between starters */
	for (size_t i = 1; i < d.n; i++) {
		int32_t cp = d.cp[i];
		int class = utf8proc_get_property(cp)->combining_class;
		size_t k = i;

		while (class && k > 0 &&
			utf8proc_get_property(d.cp[k - 1])->combining_class >
				class) {
			d.cp[k] = d.cp[k - 1];
			k--;
		}
		d.cp[k] = cp;
	}
	n = utf8proc_normalize_utf32(d.cp, (utf8proc_ssize_t)d.n, nfc);
	d.n = n > 0 ? (size_t)n : 0;
	*r = d;
}

/*
 * References become what they mean. strict: only those with their ';', as ftfy
 * takes them (and leaves what means a ';').
 */
static void unescape(const struct runes *in, bool strict, struct runes *out)
{
	size_t used;
	int32_t cp;

	out->n = 0;
	for (size_t i = 0; i < in->n; i += used) {
		used = 0;
		if (in->cp[i] == '&')
			used = entity_match(in->cp + i, in->n - i, &cp);
		if (used && strict &&
			(in->cp[i + used - 1] != ';' || cp == ';'))
			used = 0;
		if (!used) {
			cp = in->cp[i];
			used = 1;
		}
		if (cp >= 0)
			runes_add(out, cp);
	}
}

/* What ftfy does, again and again until nothing changes. */
static void fix(struct runes *r, bool references)
{
	struct runes plain = {NULL, 0, 0}, fixed = {NULL, 0, 0}, before;
	bool same = false;

	for (int i = 0; i < MAX_ROUNDS && !same; i++) {
		if (references)
			unescape(r, true, &plain);
		repair(references ? &plain : r, &fixed);
		compose(&fixed);
		same = fixed.n == r->n &&
		       (!r->n ||
			       !memcmp(fixed.cp, r->cp, r->n * sizeof(*r->cp)));
		before = *r;
		*r = fixed;
		fixed = before;
	}
	free(plain.cp);
	free(fixed.cp);
}

/*
 * ftfy goes line by line; from the first one with a '<' on, which may be HTML,
 * it leaves the references.
 */
static size_t before_html(const struct runes *r)
{
	size_t start = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->cp[i] == '<')
			return start;
		if (r->cp[i] == '\n')
			start = i + 1;
	}
	return r->n;
}

/* White space at the ends goes, runs of it become one blank; in place. */
static void one_line(struct runes *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (!is_space(r->cp[i]))
			r->cp[n++] = r->cp[i];
		else if (n && r->cp[n - 1] != ' ')
			r->cp[n++] = ' ';
	}
	r->n = n && r->cp[n - 1] == ' ' ? n - 1 : n;
}

static bool is_letter(int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	return c == UTF8PROC_CATEGORY_LU || c == UTF8PROC_CATEGORY_LL ||
	       c == UTF8PROC_CATEGORY_LT;
}

/* Marks and the like, which do not end a word. */
static bool is_ignorable(int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME ||
	       c == UTF8PROC_CATEGORY_CF || c == UTF8PROC_CATEGORY_LM ||
	       c == UTF8PROC_CATEGORY_SK || cp == '\'' || cp == '.' ||
	       cp == ':' || cp == 0xb7 || cp == 0x2019;
}

/* Unicode's Final_Sigma: a letter before it, none behind it. */
static bool is_final(const struct runes *r, size_t at)
{
	size_t before = at, after = at + 1;

	while (before > 0 && is_ignorable(r->cp[before - 1]))
		before--;
	while (after < r->n && is_ignorable(r->cp[after]))
		after++;
	return before > 0 && is_letter(r->cp[before - 1]) &&
	       !(after < r->n && is_letter(r->cp[after]));
}

static void put_utf8(struct buf *out, int32_t cp)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char(cp, bytes);

	buf_add(out, bytes, (size_t)n);
}

static void put_lower(const struct runes *r, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		int32_t cp = r->cp[i];

		if (cp == 0x130) { /* capital I with a dot: i and the dot */
			put_utf8(out, 'i');
			put_utf8(out, 0x307);
		} else if (cp == 0x3a3) {
			put_utf8(out, is_final(r, i) ? 0x3c2 : 0x3c3);
		} else {
			put_utf8(out, utf8proc_tolower(cp));
		}
	}
}

int text_clean(struct str text, struct buf *out, struct err *err)
{
	struct runes a = {NULL, 0, 0}, b = {NULL, 0, 0};
	int rc = decode(text, &a, err);

	if (!rc) {
		size_t n = before_html(&a);

		for (size_t i = n; i < a.n; i++)
			runes_add(&b, a.cp[i]);
		a.n = n;
		fix(&a, true);
		fix(&b, false);
		for (size_t i = 0; i < b.n; i++)
			runes_add(&a, b.cp[i]);
		unescape(&a, false, &b);
		unescape(&b, false, &a);
		one_line(&a);
		put_lower(&a, out);
	}
	free(a.cp);
	free(b.cp);
	return rc;
}
