#include "base/base.h"
#include "catalog/options.h"

#include <math.h>

#include "base/num.h"
#include "json/json.h"

static bool is_name_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

void catalog_add_name(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_addc(b, is_name_byte(s.s[i]) ? s.s[i] : '-');
}

/* "B04,B03,B02": each word once to fn; -1 when one is empty, or fn's. */
static int each_word(const char *s,
	int (*fn)(struct catalog_options *o, char *word),
	struct catalog_options *o)
{
	for (;;) {
		size_t n = strcspn(s, ",");
		char *word = xmemdup0(s, n);
		int rc = n ? fn(o, word) : -1;

		free(word);
		s += n;
		if (rc || !*s++)
			return rc;
	}
}

static int take_number(struct catalog_options *o, char *word)
{
	uint64_t band;

	if (o->nbands == CATALOG_BANDS || parse_u64(word, &band) || band < 1 ||
		band > UINT16_MAX)
		return -1;
	o->bands[o->nbands++] = band;
	return 0;
}

static int take_name(struct catalog_options *o, char *word)
{
	if (o->nbands == CATALOG_BANDS)
		return -1;
	for (size_t i = 0; i < o->nbands; i++)
		if (!strcmp(o->band_names[i], word))
			return -1;
	o->band_names[o->nbands] = xstrdup(word);
	o->bands[o->nbands++] = 1; /* of a file of its own */
	return 0;
}

static int read_bands(struct catalog_options *o, const struct catalog_texts *t,
	struct err *err)
{
	bool names = t->band_pattern || t->named_bands;
	int bad;

	if (t->band_pattern) {
		const char *at = strstr(t->band_pattern, "{band}");

		if (!at || strstr(at + 1, "{band}"))
			return err_set(err,
				"--band-pattern '%s': '{band}' must stand in "
				"it once",
				t->band_pattern);
		if (!t->bands)
			return err_set(err,
				"--band-pattern needs --bands: what stands "
				"for {band} of red, green, blue");
		o->band_pattern = t->band_pattern;
	}
	if (!t->bands)
		return 0;
	bad = each_word(t->bands, names ? take_name : take_number, o);
	if (bad || o->nbands == 2)
		return err_set(err,
			"--bands '%s': not one band or three, as %s", t->bands,
			names ? "B04,B03,B02" : "3,2,1");
	return 0;
}

static int read_stretch(struct catalog_options *o, const char *text,
	struct err *err)
{
	size_t n;
	char *low;
	int bad;

	if (!text)
		return 0;
	n = strcspn(text, ",");
	low = xmemdup0(text, n);
	bad = !text[n] || parse_f64(low, &o->stretch[0]) ||
	      parse_f64(text + n + 1, &o->stretch[1]) ||
	      o->stretch[0] >= o->stretch[1];
	free(low);
	if (bad)
		return err_set(err,
			"--stretch '%s': not the values that become black "
			"and white, as 0,3000",
			text);
	o->has_stretch = true;
	return 0;
}

static struct str view(const char *s)
{
	return s ? str_from(s) : (struct str){NULL, 0};
}

static int read_src(struct catalog_options *o, struct err *err)
{
	for (size_t i = 0; i < o->src.len; i++)
		if (!is_name_byte(o->src.s[i]))
			return err_set(err,
				"--src '%s': a name is made of letters, "
				"digits and '-'",
				o->src.s);
	return 0;
}

static int check_utf8(const char *option, const char *text, struct err *err)
{
	return text && !utf8_valid(text, strlen(text))
		       ? err_set(err, "%s: not UTF-8", option)
		       : 0;
}

int catalog_options_read(struct catalog_options *o,
	const struct catalog_texts *t, struct err *err)
{
	*o = (struct catalog_options){.src = view(t->src),
		.date = view(t->date),
		.licence = view(t->licence),
		.attribution = view(t->attribution),
		.max_cloud = NAN};
	if (read_src(o, err) || check_utf8("--licence", t->licence, err) ||
		check_utf8("--attribution", t->attribution, err))
		return -1;
	if (t->date && !img_date_valid(o->date))
		return err_set(err,
			"--date '%s': not as 2018, 2018-07, 2018-07-16 or "
			"2018-07-16T10:20:30Z",
			t->date);
	if (t->nodata) {
		if (parse_f64(t->nodata, &o->nodata))
			return err_set(err, "--nodata '%s': not a number",
				t->nodata);
		o->has_nodata = true;
	}
	return read_bands(o, t, err) ? -1 : read_stretch(o, t->stretch, err);
}

void catalog_options_release(struct catalog_options *o)
{
	for (size_t i = 0; i < CATALOG_BANDS; i++)
		free(o->band_names[i]);
}
