/*
 * clip.h - a CLIP model read from a folder, and its two towers.
 *
 * Radford et al. 2021, "Learning Transferable Visual Models From Natural
 * Language Supervision"; the layout is Hugging Face's: config.json,
 * model.safetensors, vocab.json, merges.txt, and preprocessor_config.json for
 * mean and std. Everything in the files is checked before it is used.
 * A struct clip is read-only once open: any number of threads may use it, each
 * with its own scratch. Images give the same bytes for the same batch, on any
 * number of threads (OpenBLAS runs single-threaded inside); a text's bytes do
 * not depend on the other texts of its batch.
 */
#ifndef ML_CLIP_H
#define ML_CLIP_H

#include "img/img.h"

struct clip;
struct clip_scratch;

/*
 * dir: the model's folder; threads: how many will use it at the same time, for
 * which there must be memory.
 */
struct clip *clip_open(const char *dir, unsigned threads,
	struct err *err) MUST_USE;
void clip_free(struct clip *m);

/* NAME@ + 16 hex digits: XXH3-64 over config.json and the weights file. */
const char *clip_id(const struct clip *m);
/* The folder's own name. */
const char *clip_name(const struct clip *m);
/* Length of an embedding. */
size_t clip_dim(const struct clip *m);
/* exp(logit_scale) */
double clip_logit_scale(const struct clip *m);
/* Side of the square image that the vision tower takes, in pixels. */
unsigned clip_image_size(const struct clip *m);

/* What the matrix products run on: the processor kind OpenBLAS chose. */
const char *clip_backend(void);

struct clip_scratch *clip_scratch_new(const struct clip *m);
void clip_scratch_free(struct clip_scratch *s);

/*
 * RGB images of any size → out [n, dim], unit vectors. Images are resized and
 * cropped as image_resize_crop() says, scaled to [0,1], then mean and std.
 */
int clip_embed_images(const struct clip *m, struct clip_scratch *s,
	const struct image *images, size_t n, float *out,
	struct err *err) MUST_USE;

/* Texts (UTF-8) → out [n, dim], unit vectors; cut at the model's length. */
int clip_embed_texts(const struct clip *m, struct clip_scratch *s,
	const struct str *texts, size_t n, float *out,
	struct err *err) MUST_USE;

#endif
