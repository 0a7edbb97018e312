/*
 * line.h - line mode: a data record as one line of JSON, and back.
 *
 * Round-trips every record in msgpack's shortest encodings to the byte:
 *	nil, bool, integers up to 2^63-1, UTF-8 strings, arrays, maps: as JSON
 *	f64			a number with '.' or 'e', shortest that reads
 *back bin fields of the record table (geom chip img_emb txt_emb): base64 other
 *bin		{"$bin": base64} f32			{"$f32": number, or text
 *as in $num} ext			{"$ext": [type, base64]} str that is not
 *UTF-8	{"$str": base64} larger integers		{"$num":
 *"18446744073709551615"}
 *	inf, -inf, nan		{"$num": "inf"}; other NaNs "nan:" + 16 hex
 *	a map whose only key begins with '$' gets one '$' more
 * What JSON cannot say (keys that are no strings, not UTF-8, or hold a NUL)
 * is an error.
 */
#ifndef REC_LINE_H
#define REC_LINE_H

#include "rec/val.h"

/* Appends the record as JSON, without the newline. */
int line_from_rec(struct val record, struct buf *out, struct err *err) MUST_USE;

/* Appends any value as JSON, as it stands inside a record. */
int line_from_val(struct val v, struct buf *out, struct err *err) MUST_USE;

/* Appends the packed record of one line. */
int line_to_rec(const char *line, size_t len, struct buf *out,
	struct err *err) MUST_USE;

/* True for the fields of the record table whose type is bin. */
bool is_bin_field(struct str key);

#endif
