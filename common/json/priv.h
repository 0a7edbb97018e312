/*
 * priv.h - what the files of common/json share.
 */
#ifndef JSON_PRIV_H
#define JSON_PRIV_H

#include <stddef.h>

/* How many bytes stand in JSON as they are: no controls, quotes, backslashes.
 */
size_t plain_length(const char *s, size_t len);

#endif
