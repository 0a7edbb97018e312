#include "base/base.h"
#include "text/entity.h"

/* U+00A0 … U+00FF; the final ';' of these may be missing. */
static const char latin1[96][8] = {"nbsp", "iexcl", "cent", "pound", "curren",
	"yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy",
	"reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
	"para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12",
	"frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml",
	"Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml",
	"Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
	"Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave",
	"Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave",
	"aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
	"egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
	"iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
	"divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute",
	"thorn", "yuml"};

struct name {
	char text[8];
	int32_t cp;
	bool strict; /* only with its ';' */
};

static const struct name names[] = {
	{"amp", '&', false},
	{"lt", '<', false},
	{"gt", '>', false},
	{"quot", '"', false},
	{"AMP", '&', false},
	{"LT", '<', false},
	{"GT", '>', false},
	{"QUOT", '"', false},
	{"COPY", 0xa9, false},
	{"REG", 0xae, false},
	{"apos", '\'', true},
	{"ndash", 0x2013, true},
	{"mdash", 0x2014, true},
	{"lsquo", 0x2018, true},
	{"rsquo", 0x2019, true},
	{"ldquo", 0x201c, true},
	{"rdquo", 0x201d, true},
	{"bull", 0x2022, true},
	{"hellip", 0x2026, true},
	{"euro", 0x20ac, true},
	{"trade", 0x2122, true},
};

/* 0x80 … 0x9f of windows-1252; 0: not assigned. */
static const uint16_t windows1252[32] = {0x20ac, 0, 0x201a, 0x192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17d,
	0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
	0x2122, 0x161, 0x203a, 0x153, 0, 0x17e, 0x178};

int32_t entity_from_c1(int32_t cp)
{
	if (cp >= 0x80 && cp < 0xa0 && windows1252[cp - 0x80])
		return windows1252[cp - 0x80];
	return cp;
}

static int digit(int32_t cp, int base)
{
	if (cp >= '0' && cp <= '9')
		return cp - '0';
	if (base == 16 && cp >= 'a' && cp <= 'f')
		return cp - 'a' + 10;
	if (base == 16 && cp >= 'A' && cp <= 'F')
		return cp - 'A' + 10;
	return -1;
}

/* Controls and what Unicode calls no character. */
static bool is_nothing(int32_t v)
{
	return v < 0x09 || v == 0x0b || (v >= 0x0e && v < 0x20) || v == 0x7f ||
	       (v >= 0xfdd0 && v < 0xfdf0) || (v & 0xfffe) == 0xfffe;
}

/* What a number stands for; -1: nothing. */
static int32_t from_number(int32_t v)
{
	if (v == 0 || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0xfffd;
	if (v == 0x0d || (v >= 0x80 && v < 0xa0))
		return entity_from_c1(v);
	return is_nothing(v) ? -1 : v;
}

static size_t match_number(const int32_t *cp, size_t n, int32_t *out)
{
	int base = n > 2 && (cp[2] == 'x' || cp[2] == 'X') ? 16 : 10;
	size_t first = base == 16 ? 3 : 2, i = first;
	int32_t v = 0;

	for (; i < n && digit(cp[i], base) >= 0; i++)
		v = MIN(v * base + digit(cp[i], base), 0x110000);
	if (i == first)
		return 0;
	*out = from_number(v);
	return i < n && cp[i] == ';' ? i + 1 : i;
}

/* Length of the name when cp starts with it, else 0. */
static size_t starts_with(const int32_t *cp, size_t n, const char *name)
{
	size_t len = strlen(name);

	if (len > n)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (cp[i] != name[i])
			return 0;
	return len;
}

static size_t match_name(const int32_t *cp, size_t n, int32_t *out)
{
	size_t best = 0;

	for (size_t i = 0; i < ARRAY_SIZE(latin1) + ARRAY_SIZE(names); i++) {
		const struct name *m = NULL;
		const char *text;
		size_t len;

		if (i < ARRAY_SIZE(latin1)) {
			text = latin1[i];
		} else {
			m = &names[i - ARRAY_SIZE(latin1)];
			text = m->text;
		}
		len = starts_with(cp + 1, n - 1, text);
		if (len <= best)
			continue;
		if (m && m->strict && !(len + 1 < n && cp[len + 1] == ';'))
			continue;
		best = len;
		*out = m ? m->cp : (int32_t)(0xa0 + i);
	}
	if (!best)
		return 0;
	best++;
	return best < n && cp[best] == ';' ? best + 1 : best;
}

size_t entity_match(const int32_t *cp, size_t n, int32_t *out)
{
	if (n > 1 && cp[1] == '#')
		return match_number(cp, n, out);
	return match_name(cp, n, out);
}
