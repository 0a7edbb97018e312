/*
 * path.h - the way to a value inside a record: names with dots between them,
 * as in tags.building, img.gsd_m, pred.0.class.
 *
 * A name is any run of bytes but blanks and . , = ! < > ( ) " ~ or anything at
 * all between double quotes, where \" and \\ stand for a quote and a
 * backslash: tags."addr.full". A number also picks an element of an array,
 * counted from 0. A struct path owns its text; read-only once parsed.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stddef.h>

struct path {
	struct str *parts; /* [n], n > 0 */
	size_t n;
	char *text; /* what the parts point into */
};

#define PATH_INIT                                                              \
	{                                                                      \
		NULL, 0, NULL                                                  \
	}

/*
 * Reads the path that s begins with; *used says how many bytes it took. -1
 * when there is none.
 */
int path_scan(struct path *p, const char *s, size_t len, size_t *used,
	struct err *err) MUST_USE;
/* The same, where s must be one path and nothing else. */
int path_parse(struct path *p, struct str s, struct err *err) MUST_USE;
void path_release(struct path *p);
/* Appends one name so that it can be read back: in quotes where it needs them.
 */
void path_add_name(struct buf *b, struct str name);

/* Paths with commas between them, as options take them. */
struct path_list {
	struct path *items; /* [n] */
	struct str *names;  /* [n] each as it was written, views into text */
	size_t n, cap, names_cap;
	char *text;
};

int path_list_parse(struct path_list *l, const char *s,
	struct err *err) MUST_USE;
void path_list_release(struct path_list *l);

#endif
