/*
 * s3_priv.h - the inside of S3: s3.c knows keys and places, s3_sign.c signs and
 * looks at answers.
 */
#ifndef NET_S3_PRIV_H
#define NET_S3_PRIV_H

#include "base/map.h"
#include "net/s3.h"

struct s3 {
	bool ready;
	bool sign, virtual, pays;
	char *key, *secret, *token;
	char *region;
	char *scheme, *endpoint; /* NULL: AWS's own */
	struct map buckets;      /* index of their regions in: */
	char **regions;          /* [buckets.len] */
	size_t regions_cap;
};

bool s3_is_gs(const char *url);
/* The bucket of a URL, and its key behind it; -1 when there are none. */
int s3_split(const char *url, struct str *bucket, const char **key);
/* Of its bucket, as far as is known. */
const char *s3_region(const struct s3 *s, const char *url);
/* A region goes into a host's name. */
bool s3_is_region(const char *s);

#endif
