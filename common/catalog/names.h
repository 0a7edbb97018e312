/*
 * names.h - a list of what is to be catalogued: paths, addresses, templates.
 */
#ifndef CATALOG_NAMES_H
#define CATALOG_NAMES_H

#include "cli/cli.h"

/* Owned; zeroed it is empty. */
struct names {
	char **items; /* [n] */
	size_t n, room;
};

void names_add(struct names *names, const char *s, size_t len);
void names_release(struct names *names);

/*
 * The operands, and in place of each "-" the lines of standard input, without
 * empty ones; a NUL byte in one is an error.
 */
int names_read(struct names *names, const struct common *c,
	struct err *err) MUST_USE;

#endif
