#include "base/base.h"
#include "catalog/names.h"

#include <inttypes.h>

#include "base/lines.h"

enum { MAX_NAME = 1 << 20 }; /* a list without line ends is longer */

void names_add(struct names *names, const char *s, size_t len)
{
	xgrow(&names->items, &names->room, names->n + 1, sizeof(char *));
	names->items[names->n++] = xmemdup0(s, len);
}

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){NULL, 0, 0};
}

/* The lines of standard input. */
static int read_lines(struct names *names, struct err *err)
{
	struct lines *l = lines_open("-", MAX_NAME, err);
	struct str line;
	int rc;

	if (!l)
		return -1;
	while ((rc = lines_next(l, &line, err)) > 0 &&
		!memchr(line.s, '\0', line.len)) {
		if (line.len && line.s[line.len - 1] == '\r')
			line.len--; /* a list from Windows */
		if (line.len)
			names_add(names, line.s, line.len);
	}
	if (rc > 0)
		rc = err_set(err,
			"%s: line %" PRIu64 " has a NUL byte: names are "
			"separated by line ends (find -print)",
			lines_name(l), lines_number(l));
	lines_close(l);
	return rc;
}

int names_read(struct names *names, const struct common *c, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < c->noperands && !rc; i++)
		if (strcmp(c->operands[i], "-"))
			names_add(names, c->operands[i],
				strlen(c->operands[i]));
		else
			rc = read_lines(names, err);
	return rc;
}
