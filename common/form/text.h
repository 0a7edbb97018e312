/*
 * text.h - text that a tool writes: to standard output as it comes, or to a
 * file that appears when it is complete. One thread.
 */
#ifndef FORM_TEXT_H
#define FORM_TEXT_H

#include "base/io.h"

struct text {
	struct outfile file; /* not open: standard output */
	struct buf buf;      /* what is added goes here */
};

#define TEXT_INIT                                                              \
	{                                                                      \
		OUTFILE_INIT, BUF_INIT                                         \
	}

/* NULL or "-" is standard output. */
int text_open(struct text *t, const char *path, struct err *err) MUST_USE;
/* Writes what was added. */
int text_flush(struct text *t, struct err *err) MUST_USE;
/* The same once there is enough of it. */
int text_flow(struct text *t, struct err *err) MUST_USE;
/*
 * Closes and returns rc, or -1. With rc 0 the file gets its name; else it is
 * gone, but what was good before a fault goes to standard output.
 */
int text_close(struct text *t, int rc, struct err *err) MUST_USE;

#endif
