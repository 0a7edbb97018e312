/*
 * ignored.h - tags that alone make no object worth a record: who drew it, from
 * what, what it is called, where the post goes.
 *
 * The table (data/ignored-tags.tsv) has rows "pattern TAB kind", patterns as in
 * tags/pattern.h, kind one of
 *	ignore	such a tag says nothing of what the object is
 *	keep	it does: an exception to a wider pattern
 * What no row names is kept. Read-only once parsed: any number of threads.
 */
#ifndef TAGS_IGNORED_H
#define TAGS_IGNORED_H

#include <stddef.h>

struct ignored;

/* `name` is for messages, which give the line. */
struct ignored *ignored_parse(const char *name, const char *text, size_t len,
	struct err *err) MUST_USE;
/* NULL is fine. */
void ignored_free(struct ignored *t);

/* True when a tag of this key is ignored whatever its value. */
bool ignored_key(const struct ignored *t, struct str key);
bool ignored_tag(const struct ignored *t, struct str key, struct str value);

#endif
