/*
 * features.h - the texts of a GeoJSON file, one feature after the other, in
 * memory that the largest of them bounds.
 *
 * A collection is never read as a whole: its features are found by brackets
 * and quotes (json/scan.h), what stands around them is checked by itself. One
 * thread.
 */
#ifndef FORM_FEATURES_H
#define FORM_FEATURES_H

#include <stddef.h>
#include <stdint.h>

struct features;

/*
 * Opens a file; "-" is standard input. It holds documents one behind the other
 * (blanks and record separators between them are passed over); or, as a
 * sequence, a text on each line, or, from the first record separator on,
 * behind each of those (RFC 8142). No text has more than `limit` bytes.
 */
struct features *features_open(const char *path, bool sequence, uint64_t limit,
	struct err *err) MUST_USE;
/* NULL is fine. */
void features_close(struct features *f);

/*
 * The next feature, or document that is no collection, good until the next
 * call: 1, 0 at the end of the file, -1. In a sequence it may be any text, else
 * it is an object as far as brackets and quotes tell. Errors name the file and
 * the line: the file ends early, its parts do not stand as they must, or a
 * collection is not in degrees WGS 84.
 */
int features_next(struct features *f, struct str *text,
	struct err *err) MUST_USE;
/* The line on which the text read last begins, from 1. */
uint64_t features_line(const struct features *f);
/* For messages: the path, or "standard input". */
const char *features_name(const struct features *f);

#endif
