/*
 * zread.h - whole files packed by gzip or bzip2, read like a file.
 *
 * A file may hold several members or streams, one behind the other, as cat,
 * bgzip and pbzip2 make them: they are one text. Checksums and lengths are
 * held against what comes out. One per thread.
 */
#ifndef CODEC_ZREAD_H
#define CODEC_ZREAD_H

#include <stddef.h>
#include <stdint.h>

enum zread_kind { ZREAD_GZIP, ZREAD_BZIP2 };

/* At most len > 0 bytes of the packed file: how many, 0 at its end, -1. */
typedef long zread_source(void *ctx, void *p, size_t len, struct err *err);

/* True when a file that begins with these bytes is packed, and how. */
bool zread_tell(const void *p, size_t len, enum zread_kind *kind);

/* Takes about 110 kB of memory for gzip, and 4 MB for bzip2. */
struct zread;
struct zread *zread_new(enum zread_kind kind, zread_source *source, void *ctx);
void zread_free(struct zread *z);

/*
 * At most len > 0 bytes of what was packed: how many, 0 at the end, -1. What
 * stands before damage comes first, and where only a checksum tells, damaged
 * bytes too. An error of the packed data names the byte of the packed file
 * where it was seen, one of the source is as it is. Once it has failed it fails
 * again.
 */
long zread(struct zread *z, void *p, size_t len, struct err *err);

#endif
