/*
 * select-object.h - objects to choose from, out of a line of text.
 */
#ifndef TESTS_SELECT_OBJECT_H
#define TESTS_SELECT_OBJECT_H

#include "osm/select.h"

enum { MAX_TAGS = 8 };

/* "a=b c" as the tags a=b and c=x; views into the text. */
static inline size_t read_tags(const char *text, struct pair *tags)
{
	size_t n = 0;

	while (*text && n < MAX_TAGS) {
		size_t len = strcspn(text, " "), key = strcspn(text, "= ");

		tags[n].key = (struct str){text, key};
		tags[n].value = key == len ? str_from("x")
					   : (struct str){text + key + 1,
						     len - key - 1};
		n++;
		text += len;
		text += *text == ' ';
	}
	return n;
}

/* A way of 5 m, or an area of 5 m2, version 3. */
static inline struct select_object object(unsigned types, struct pair *tags,
	const char *text)
{
	struct select_object o = {.types = types,
		.tags = tags,
		.id = 12,
		.has_info = true,
		.has_place = true,
		.ver = 3,
		.lon = 10.5,
		.lat = 50.5,
		.size = 5};

	o.n_tags = read_tags(text, tags);
	return o;
}

enum { WAY = EXPR_LINE | EXPR_WAY_AREA };

#endif
