#include "base/base.h"
#include "tags/gsd.h"
#include "tags/pattern.h"
#include "base/tsv.h"

/* The classes; a pattern's number is its class's place here. */
static const struct {
	const char *text;
	double gsd_m;
} classes[] = {
	{"-", 0},
	{"0.1", 0.1},
	{"0.2", 0.2},
	{"0.6", 0.6},
	{"1", 1},
	{"10", GSD_COARSEST},
};

struct gsd_table {
	struct tag_patterns patterns;
};

bool gsd_shows(double class_m, double gsd_m, double slack)
{
	if (class_m <= 0)
		return false;
	return class_m >= GSD_COARSEST || gsd_m <= class_m * (1 + slack);
}

static int parse_class(struct str text, size_t *number, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		if (str_is(text, classes[i].text)) {
			*number = i;
			return 0;
		}
	}
	return err_set(err,
		"'%.*s' is none of the classes 0.1, 0.2, 0.6, 1, "
		"10 and -",
		(int)MIN(text.len, 200), text.s);
}

struct gsd_table *gsd_table_parse(const char *name, const char *text,
	size_t len, struct err *err)
{
	struct gsd_table *t = xcalloc(1, sizeof(*t));
	struct tsv tsv = tsv_begin(name, text, len);
	struct str row[3]; /* pattern, class, reason */
	size_t number;
	int rc;

	while ((rc = tsv_next(&tsv, row, ARRAY_SIZE(row), err)) > 0) {
		if (parse_class(row[1], &number, err) ||
			tag_patterns_add(&t->patterns, row[0], number, err)) {
			rc = tsv_fail(&tsv, err);
			break;
		}
	}
	if (rc) {
		gsd_table_free(t);
		return NULL;
	}
	return t;
}

void gsd_table_free(struct gsd_table *t)
{
	if (!t)
		return;
	tag_patterns_release(&t->patterns);
	free(t);
}

double gsd_table_class(const struct gsd_table *t, struct str key,
	struct str value)
{
	size_t number = 0; /* classes[0]: no pattern fits */

	tag_patterns_find(&t->patterns, key, value, &number);
	return classes[number].gsd_m;
}
