/*
 * caption.h - an object's tags as words.
 *
 * The caption grammar of SkyScript (section "Caption assembly"): key and value
 * are joined by a connecting word, "landuse of quarry", and tags by commas.
 * Underscores and colons become blanks; a value `yes` leaves the key alone; a
 * tag whose value is `no` or empty says nothing that can be seen and is left
 * out; several values "a;b" read "a and b". The head tag, the one of the most
 * important key, comes first; the others keep their order.
 *
 * How a key reads and what connects it stands in a table (connectors.tsv):
 * "pattern TAB words TAB connector", patterns as in tags/pattern.h, words "*"
 * for the key's own, connector "-" for none. A tag that no row fits reads as
 * its key, "of", its value. The head keys are a list, the most important first
 * (head-keys.txt). Once loaded, the rules may be used by several threads.
 */
#ifndef TEXT_CAPTION_H
#define TEXT_CAPTION_H

#include <stddef.h>

struct caption_rules;

struct caption_rules *caption_rules_new(void);
void caption_rules_free(struct caption_rules *r);
/* Load a table from text; `name` is for messages, which give the line. */
int caption_rules_connectors(struct caption_rules *r, const char *name,
	const char *text, size_t len, struct err *err) MUST_USE;
int caption_rules_head_keys(struct caption_rules *r, const char *name,
	const char *text, size_t len, struct err *err) MUST_USE;

enum caption_form {
	CAPTION_LIST, /* "landuse of quarry, resource of bauxite" */
	CAPTION_WITH, /* "landuse of quarry with resource of bauxite" */
};

/*
 * Appends the words of one object: 1, 0 when its tags say nothing, -1 when
 * they are not UTF-8. Blanks and control characters become single blanks.
 */
int caption_object(const struct caption_rules *r, enum caption_form form,
	const struct pair *tags, size_t n, struct buf *out,
	struct err *err) MUST_USE;

#endif
