/*
 * base64.h - bytes as text and back (RFC 4648 §4, with padding).
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

/* Appends the text of len bytes. */
void base64_add(struct buf *b, const void *p, size_t len);
/* Appends the bytes of the text; -1 when it is no base64 (no blanks). */
int base64_decode(struct buf *b, const char *s, size_t len) MUST_USE;

#endif
