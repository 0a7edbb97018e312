/*
 * make-model.h - what the parts of make-model share.
 */
#ifndef MODEL_RANDOM_MAKE_MODEL_H
#define MODEL_RANDOM_MAKE_MODEL_H

#include "base/io.h"
#include "cli/cli.h"

/* The vocabulary: bytes, bytes at a word's end, two special tokens. */
enum { BYTES = 256, START_ID = 2 * BYTES, END_ID, VOCAB_MIN };

struct sizes {
	uint64_t width, layers, heads, inner;
};

struct options {
	struct common common;
	const char *folder;
	unsigned preset;
	bool f16;
	unsigned act;
	uint64_t image_size, patch, dim, context, vocab, eos;
	struct sizes vision, text;
};

int open_in(const char *dir, const char *name, struct outfile *f,
	struct err *err) MUST_USE;
/* model.safetensors */
int write_weights(const struct options *o, const char *dir,
	struct err *err) MUST_USE;
/* config.json, preprocessor_config.json */
int write_configs(const struct options *o, const char *dir,
	struct err *err) MUST_USE;
/* vocab.json, merges.txt */
int write_vocabulary(const char *dir, struct err *err) MUST_USE;

#endif
