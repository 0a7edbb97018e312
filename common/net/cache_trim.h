/*
 * cache_trim.h - makes room in a folder of the cache, for the files of this
 * layer only.
 */
#ifndef NET_CACHE_TRIM_H
#define NET_CACHE_TRIM_H

#include <stdint.h>

/*
 * When the files of the shard ("xx", in the folder `dir`) take more than
 * `share` bytes, those that were used longest ago go until an eighth of it is
 * free. Temporary files of `dead_s` seconds ago go anyway. What others remove
 * at the same time is gone, that is all.
 */
void cache_trim(int dir, const char shard[3], uint64_t share, long dead_s);

/* How the names of temporary files begin. */
#define CACHE_TEMP ".temp-"

#endif
