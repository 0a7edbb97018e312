#include "base/base.h"
#include "osm/areas.h"
#include "base/tsv.h"
#include "tags/pattern.h"

enum kind { KIND_AREA, KIND_LINE, KIND_NEVER };

static const char *const kind_names[] = {"area", "line", "never"};

struct area_rules {
	struct tag_patterns patterns;
};

static int add_row(struct area_rules *r, const struct str *row, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(kind_names); i++)
		if (str_is(row[1], kind_names[i]))
			return tag_patterns_add(&r->patterns, row[0], i, err);
	return err_set(err, "'%.*s' is none of area, line, never",
		(int)MIN(row[1].len, 100), row[1].s);
}

struct area_rules *area_rules_parse(const char *name, const char *text,
	size_t len, struct err *err)
{
	struct area_rules *r = xcalloc(1, sizeof(*r));
	struct tsv t = tsv_begin(name, text, len);
	struct str row[2];
	int rc;

	r->patterns = (struct tag_patterns)TAG_PATTERNS_INIT;
	while ((rc = tsv_next(&t, row, ARRAY_SIZE(row), err)) > 0) {
		if (add_row(r, row, err)) {
			rc = tsv_fail(&t, err);
			break;
		}
	}
	if (rc < 0) {
		area_rules_free(r);
		return NULL;
	}
	return r;
}

void area_rules_free(struct area_rules *r)
{
	if (!r)
		return;
	tag_patterns_release(&r->patterns);
	free(r);
}

bool area_rules_area(const struct area_rules *r, const struct pair *tags,
	size_t n)
{
	bool area = false;
	size_t kind;

	for (size_t i = 0; i < n; i++) {
		if (!tag_patterns_find(&r->patterns, tags[i].key, tags[i].value,
			    &kind))
			continue;
		if (kind == KIND_NEVER)
			return false;
		area = area || kind == KIND_AREA;
	}
	return area;
}
