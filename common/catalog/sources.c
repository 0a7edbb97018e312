#include "base/base.h"
#include "catalog/sources.h"

#include "base/num.h"
#include "base/tsv.h"

static int check_row(const struct str *row, struct err *err)
{
	char *gsd = xmemdup0(row[SOURCE_GSD].s, row[SOURCE_GSD].len);
	double v;
	int bad = parse_f64(gsd, &v) || v <= 0;

	free(gsd);
	return bad ? err_set(err, "'%.*s' is no pixel size",
			     (int)MIN(row[SOURCE_GSD].len, 40),
			     row[SOURCE_GSD].s)
		   : 0;
}

static void take_row(struct source *s, const struct str *row)
{
	for (size_t i = 0; i < SOURCE_COLUMNS; i++)
		if (!str_is(row[i], "-"))
			s->text[i] = xmemdup0(row[i].s, row[i].len);
}

int source_find(struct source *s, const char *name, const struct buf *table,
	const char *alias, struct err *err)
{
	struct tsv tsv = tsv_begin(name, table->data, table->len);
	struct str row[SOURCE_COLUMNS];
	struct buf known = BUF_INIT;
	bool found = false;
	int rc;

	*s = (struct source){{NULL}};
	while ((rc = tsv_next(&tsv, row, SOURCE_COLUMNS, err)) > 0) {
		struct str own = row[SOURCE_ALIAS];

		if (check_row(row, err)) {
			rc = tsv_fail(&tsv, err);
			break;
		}
		buf_addf(&known, "%s%.*s", known.len ? ", " : "", (int)own.len,
			own.s);
		if (!found && str_is(own, alias)) {
			found = true;
			take_row(s, row);
		}
	}
	if (!rc && !found)
		rc = err_set(err, "%s: no source '%s' among %s", name, alias,
			known.len ? buf_str(&known) : "none");
	buf_release(&known);
	return rc;
}

void source_release(struct source *s)
{
	for (size_t i = 0; i < SOURCE_COLUMNS; i++)
		free(s->text[i]);
}

static void complete(const char **text, const char *other)
{
	if (!*text)
		*text = other;
}

static void complete_names(const struct source *s, struct catalog_texts *t)
{
	complete(&t->src, s->text[SOURCE_ALIAS]);
	complete(&t->licence, s->text[SOURCE_LICENCE]);
	complete(&t->attribution, s->text[SOURCE_ATTRIBUTION]);
}

void source_complete_stac(const struct source *s, struct catalog_texts *t,
	struct catalog_stac_texts *stac)
{
	const char *url = s->text[SOURCE_STAC];
	const char *slash = url ? strrchr(url, '/') : NULL;

	complete_names(s, t);
	complete(&t->stretch, s->text[SOURCE_STAC_STRETCH]);
	if (!t->bands) /* else they are those of one image */
		complete(&stac->assets, s->text[SOURCE_ASSETS]);
	complete(&stac->collections, slash ? slash + 1 : NULL);
}

void source_complete(const struct source *s, bool eeda, struct catalog_texts *t)
{
	complete_names(s, t);
	complete(&t->stretch, s->text[SOURCE_STRETCH]);
	if (eeda)
		complete(&t->bands, s->text[SOURCE_BANDS]);
}
