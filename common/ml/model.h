/*
 * model.h - an open CLIP model: what the parts of clip.h share.
 */
#ifndef ML_MODEL_H
#define ML_MODEL_H

#include "ml/clip.h"
#include "ml/config.h"
#include "ml/encoder.h"
#include "ml/safetensors.h"
#include "text/bpe.h"

/* Weights; shapes as in config.h's names, row-major. */
struct vision_weights {
	const float *class_token; /* [width] */
	const float *patches;     /* [width, 3, patch, patch] */
	const float *positions;   /* [tokens, width] */
	struct norm pre, post;
	struct encoder encoder;
	const float *projection; /* [dim, width] */
};

struct text_weights {
	const float *words;     /* [vocab, width] */
	const float *positions; /* [tokens, width] */
	struct norm post;
	struct encoder encoder;
	const float *projection; /* [dim, width] */
};

struct clip {
	struct clip_config c;
	struct safetensors *file;
	float **owned; /* [nowned] copies of what is no f32 in the file */
	size_t nowned, owned_cap;
	struct vision_weights vision;
	struct text_weights text;
	double logit_scale;   /* exp() of the file's */
	float pixels[3][256]; /* (byte / 255 - mean) / std, per channel */
	struct bpe *bpe;
	char *name, *id;
};

struct clip_scratch {
	struct encoder_work vision, text; /* there once they are needed */
	uint32_t *ids;                    /* [text tokens] */
	float *pooled;                    /* [images at once, width] */
};

/* Images that go through the vision tower together; by the model alone. */
size_t clip_images_at_once(const struct clip *m);

/* Fills both towers' weights from m->file by m->c. */
int clip_bind_weights(struct clip *m, struct err *err) MUST_USE;

/* At most clip_images_at_once() square images → out [n, dim], not yet unit. */
void vision_run(const struct clip *m, struct clip_scratch *s,
	const struct image *images, size_t n, float *out);
/* One text → out [dim], not yet unit; -1 when it is not UTF-8. */
int text_run(const struct clip *m, struct clip_scratch *s, struct str text,
	float *out, struct err *err) MUST_USE;

#endif
