/*
 * pattern.h - patterns over tags, and the one that says most about a tag.
 *
 * Three kinds, the more specific first: "key=value", "key=*" (any value),
 * "prefix:*" (any tag whose key begins with "prefix:"; of two such the longer
 * one). Each carries a number of the caller's. Once built it may be read by
 * several threads.
 */
#ifndef TAGS_PATTERN_H
#define TAGS_PATTERN_H

#include "base/map.h"

struct tag_patterns {
	struct map map;
	struct map keys; /* those with a value or any */
	size_t longest;  /* bytes of the longest pattern */
	bool prefixes;   /* there are some */
};

#define TAG_PATTERNS_INIT                                                      \
	{                                                                      \
		MAP_INIT, MAP_INIT, 0, false                                   \
	}

/* Adds a copy; -1 when it is no pattern or is there already. */
int tag_patterns_add(struct tag_patterns *p, struct str pattern, size_t number,
	struct err *err) MUST_USE;
/* The number of the pattern that fits the tag best; false: none fits. */
bool tag_patterns_find(const struct tag_patterns *p, struct str key,
	struct str value, size_t *number);
/* False: no pattern fits a tag of this key, whatever its value. */
bool tag_patterns_key(const struct tag_patterns *p, struct str key);
void tag_patterns_release(struct tag_patterns *p);

#endif
