/*
 * line_priv.h - what the files that read line mode share.
 */
#ifndef REC_LINE_PRIV_H
#define REC_LINE_PRIV_H

#include "json/in.h"

/* A string of base64, packed as bin. */
int read_base64(struct json_in *in, struct buf *out, struct err *err) MUST_USE;

/* What the marker means, its value being next: packed. */
int read_marked(struct json_in *in, struct str mark, struct buf *out,
	struct err *err) MUST_USE;

#endif
