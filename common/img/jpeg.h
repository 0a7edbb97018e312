/*
 * jpeg.h - libjpeg with errors that return, for the files of this folder.
 */
#ifndef IMG_JPEG_H
#define IMG_JPEG_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

/*
 * libjpeg calls back with it. After setjmp(h->jump) errors come back there,
 * and so do warnings: they tell of damage that would be painted over. Locals
 * that change after setjmp are lost: what is needed then is behind pointers.
 */
struct jpeg_handler {
	struct jpeg_error_mgr base;
	jmp_buf jump;
	struct err *err; /* filled before the jump */
};

void jpeg_handle(struct jpeg_handler *h, struct err *err);

/* Of one image; zeroed, it may be released as well. */
struct jpeg_decoder {
	struct jpeg_decompress_struct c;
	struct jpeg_handler handler;
	struct jpeg_progress_mgr progress;
};

/* After setjmp: makes d->c, and gives up on files of endless scans. */
void jpeg_decoder_start(struct jpeg_decoder *d);

/* Rows are handed over in groups: a call for each costs some percent. */
enum { JPEG_ROWS = 16 };

/* Points to the next rows of a picture of that many; how many there are. */
static inline unsigned jpeg_rows(JSAMPROW rows[JPEG_ROWS], const uint8_t *px,
	size_t stride, unsigned next, unsigned height)
{
	unsigned n = MIN(height - next, JPEG_ROWS);

	for (unsigned i = 0; i < n; i++)
		rows[i] = (JSAMPROW)(px + stride * (next + i));
	return n;
}

#endif
