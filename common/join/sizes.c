#include "base/base.h"
#include "join/sizes.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/tsv.h"
#include "filter/table.h"
#include "tags/pattern.h"

struct row {
	struct side window; /* side 0: none */
	double gsd_m;       /* 0: none */
};

struct sizes {
	struct tag_patterns patterns; /* their numbers are places of rows */
	struct row *rows;             /* [n] */
	size_t n, cap;
};

int side_parse(const char *s, struct side *out)
{
	size_t n = strlen(s);
	bool px = n > 2 && !strcmp(s + n - 2, "px");
	uint64_t pixels = 0;
	char *number;
	int rc = -1;

	if (!px && !(n > 1 && s[n - 1] == 'm'))
		return -1;
	*out = (struct side){0, !px};
	number = xmemdup0(s, n - (px ? 2 : 1));
	if (px)
		rc = parse_u64(number, &pixels);
	else
		rc = parse_f64(number, &out->side);
	if (px)
		out->side = (double)pixels;
	if (!(out->side > 0 && (!px || pixels <= JOIN_MAX_SIDE)))
		rc = -1;
	free(number);
	return rc;
}

double side_px(const struct side *s, double gsd_m)
{
	return s->metres ? round(s->side / gsd_m) : s->side;
}

/* The text of a cell, or NULL for "-"; to be freed. */
static char *text_of(struct str cell)
{
	return str_is(cell, "-") ? NULL : xmemdup0(cell.s, cell.len);
}

static int read_row(struct sizes *s, const struct str cells[3], struct err *err)
{
	char *window = text_of(cells[1]), *gsd = text_of(cells[2]);
	struct row row = {{0, false}, 0};
	int rc = 0;

	if (window && side_parse(window, &row.window))
		rc = err_set(err,
			"'%.100s' is neither pixels (224px, 1 to %dpx) nor "
			"metres (100m)",
			window, JOIN_MAX_SIDE);
	else if (gsd && (parse_f64(gsd, &row.gsd_m) || !(row.gsd_m > 0)))
		rc = err_set(err, "'%.100s' is no pixel size in metres", gsd);
	free(window);
	free(gsd);
	if (rc || tag_patterns_add(&s->patterns, cells[0], s->n, err))
		return -1;
	xgrow(&s->rows, &s->cap, s->n + 1, sizeof(*s->rows));
	s->rows[s->n++] = row;
	return 0;
}

struct sizes *sizes_load(struct filter *f, const char *path, struct err *err)
{
	struct sizes *s = xcalloc(1, sizeof(*s));
	struct buf text = BUF_INIT;
	struct str cells[3];
	struct tsv tsv;
	int rc = filter_table(f, path, NULL, &text, err);

	tsv = tsv_begin(path, text.data, text.len);
	while (!rc && (rc = tsv_next(&tsv, cells, ARRAY_SIZE(cells), err)) > 0)
		rc = read_row(s, cells, err) ? tsv_fail(&tsv, err) : 0;
	buf_release(&text);
	if (rc) {
		sizes_free(s);
		return NULL;
	}
	return s;
}

void sizes_free(struct sizes *s)
{
	if (!s)
		return;
	tag_patterns_release(&s->patterns);
	free(s->rows);
	free(s);
}

/* The row of the next tag that has one; NULL when no more have. */
static const struct row *next_row(const struct sizes *s, struct val_iter *it)
{
	struct val key, val;
	struct str k, v;
	size_t i;

	while (val_next(it, &key, &val))
		if (!val_str(key, &k) && !val_str(val, &v) &&
			tag_patterns_find(&s->patterns, k, v, &i))
			return &s->rows[i];
	return NULL;
}

double sizes_window(const struct sizes *s, struct val tags, double gsd_m)
{
	const struct row *row;
	struct val_iter it;
	double most = 0;

	if (!tags.len)
		return 0;
	it = val_iter(tags);
	while ((row = next_row(s, &it)))
		if (row->window.side > 0)
			most = MAX(most, side_px(&row->window, gsd_m));
	return most;
}

double sizes_gsd(const struct sizes *s, struct val tags)
{
	const struct row *row;
	struct val_iter it;
	double most = 0;

	if (!tags.len)
		return 0;
	it = val_iter(tags);
	while ((row = next_row(s, &it)))
		most = MAX(most, row->gsd_m);
	return most;
}
