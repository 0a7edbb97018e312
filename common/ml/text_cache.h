/*
 * text_cache.h - embeddings of texts that have been seen.
 *
 * Captions repeat; a text's embedding depends on nothing but the text, so one
 * that is kept is the one that would be computed. Safe from any thread.
 */
#ifndef ML_TEXT_CACHE_H
#define ML_TEXT_CACHE_H

#include <stddef.h>

struct text_cache;

/* For vectors [dim]; holds about max_bytes, then starts anew. */
struct text_cache *text_cache_new(size_t dim, size_t max_bytes);
void text_cache_free(struct text_cache *c);

/* Copies the text's vector to out [dim]; false when it is not there. */
bool text_cache_get(struct text_cache *c, struct str text, float *out);
void text_cache_put(struct text_cache *c, struct str text, const float *v);

#endif
