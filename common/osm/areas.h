/*
 * areas.h - whether a closed way is a line, an area, or both, by its tags.
 *
 * The table (data/area-rules.tsv) has rows "pattern TAB kind", patterns as in
 * tags/pattern.h, kind one of
 *	area		a closed way with this tag is an area
 *	line		is a line, even where another tag makes it an area, too
 *	both		is a line and an area
 *	neither		the tag tells nothing: an exception to a wider pattern
 *	only-area	is an area and no line, whatever other tags it has
 *	only-line	is a line and no area; goes before only-area
 * A way that no tag tells about is a line. Read-only once parsed: any thread.
 */
#ifndef OSM_AREAS_H
#define OSM_AREAS_H

#include <stddef.h>

struct area_rules;

/* What a closed way is: bits. */
enum closed_way { CLOSED_LINE = 1, CLOSED_AREA = 2 };

/* `name` is for messages, which give the line. */
struct area_rules *area_rules_parse(const char *name, const char *text,
	size_t len, struct err *err) MUST_USE;
void area_rules_free(struct area_rules *r);

/* False: a way all of whose keys are such is a line. */
bool area_rules_key(const struct area_rules *r, struct str key);
/* One or both of CLOSED_LINE and CLOSED_AREA, by n tags. */
unsigned area_rules_closed(const struct area_rules *r, const struct pair *tags,
	size_t n);

/*
 * Appends the rules as a configuration of `osmium export`, JSON, with type and
 * id as attributes. Areas are the same ones there. A way that is both comes out
 * as an area only: a list of its linear_tags cannot say "no other tag makes it
 * an area", so that ways which are lines for want of such a tag would be lost.
 * -1 when a rule cannot be said there: only-area and only-line are area=yes and
 * area=no (which osmium has built in), prefix:* is without exceptions, and a
 * key or value has none of * , ! = " \ or control characters in it.
 */
int area_rules_print_osmium(const struct area_rules *r, struct buf *out,
	struct err *err) MUST_USE;

#endif
