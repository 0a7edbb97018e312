/*
 * shards.h - WebDataset shards: a folder of tar files, in which the members
 * of one sample stand together and are named KEY.EXTENSION.
 *
 * Source: github.com/webdataset/webdataset, "The WebDataset Format". Shards
 * are shard-000000.tar, shard-000001.tar … of a fixed number of samples; each
 * appears by rename when it is full, the last one at the end. One thread.
 */
#ifndef PACK_SHARDS_H
#define PACK_SHARDS_H

#include <stddef.h>
#include <stdint.h>

/* Beside the shards, written last: the headers of the records packed. */
#define SHARDS_PROVENANCE "provenance.json"

struct shards;

/*
 * The folder is made when it is not there. Shards and provenance that stand in
 * it already are an error, for two runs would mix; with `overwrite` they are
 * removed.
 */
struct shards *shards_open(const char *dir, uint64_t samples_per_shard,
	bool overwrite, struct err *err) MUST_USE;

/* False when a sample had this key before; remembers it. */
bool shards_new_key(struct shards *s, struct str key);

struct member {
	const char *extension;
	const void *p;
	size_t len;
};

/* A sample of a key that chip_check_key() has let through. */
int shards_add(struct shards *s, struct str key, const struct member *members,
	size_t n, struct err *err) MUST_USE;
/* Completes the last shard. */
int shards_finish(struct shards *s, struct err *err) MUST_USE;
/* The number of complete shards, and of the samples in them. */
uint64_t shards_count(const struct shards *s);
uint64_t shards_samples(const struct shards *s);
/* Removes a shard that is not complete. NULL is fine. */
void shards_free(struct shards *s);

#endif
