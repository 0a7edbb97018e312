/*
 * areas.h - which closed ways are areas, by their tags.
 *
 * The table (data/area-rules.tsv) has rows "pattern TAB kind", patterns as in
 * tags/pattern.h, kind one of
 *	area	a closed way with this tag is an area
 *	line	this tag makes no area (an exception to a wider pattern)
 *	never	with this tag no closed way is an area, whatever else it has
 * as the areaKeys of the iD editor work. Read-only once parsed: any thread.
 */
#ifndef OSM_AREAS_H
#define OSM_AREAS_H

#include <stddef.h>

struct area_rules;

/* `name` is for messages, which give the line. */
struct area_rules *area_rules_parse(const char *name, const char *text,
	size_t len, struct err *err) MUST_USE;
void area_rules_free(struct area_rules *r);

/* True when a closed way with these tags is an area. */
bool area_rules_area(const struct area_rules *r, const struct pair *tags,
	size_t n);

#endif
