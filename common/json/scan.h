/*
 * scan.h - where JSON values lie in a text, found byte by byte.
 *
 * For what is too large to be read into a tree. Only brackets and quotes are
 * followed: what is found must still be given to jval_parse(). One thread.
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* One value on its way; a zeroed one starts. */
struct json_scan {
	uint64_t depth; /* brackets that are open */
	bool quoted, escaped;
};

enum json_place {
	JSON_WITHIN, /* the byte belongs to the value, which goes on */
	JSON_LAST,   /* the byte ends the value */
	JSON_BEHIND, /* the value, a number or a word, has ended before it */
};

enum json_place json_scan(struct json_scan *s, char c);

/*
 * The value of a member of the object that the text is, as it stands there:
 * the first of that name. False, and *value as it was, when there is none, or
 * the text is no object.
 */
bool json_member(struct str object, const char *name, struct str *value);

#endif
