/*
 * encoder.h - the transformer that both towers share.
 *
 * Vaswani et al. 2017 with the norms in front (pre-LN): each layer is
 * x += attention(norm(x)), x += mlp(norm(x)). Weights of a matrix are
 * [out, in], as in the files.
 */
#ifndef ML_ENCODER_H
#define ML_ENCODER_H

#include "ml/config.h"

/* out = x · wᵀ + b */
struct linear {
	const float *w; /* [out, in] */
	const float *b; /* [out] */
};

struct norm {
	const float *gain, *bias; /* [width] */
};

struct layer {
	struct norm norm1, norm2;
	struct linear query, key, value, merge; /* [width, width] */
	struct linear up, down;                 /* [inner, width] and back */
};

struct encoder {
	const struct tower_config *c;
	struct layer *layers; /* [c->layers] */
};

/* Memory of one thread for runs of up to `rows` tokens in all. */
struct encoder_work {
	float *x;             /* [rows, width]: the tokens */
	float *h, *q, *k, *v; /* [rows, width] */
	float *f;             /* [rows, inner], at least `extra` floats */
	float *s;             /* [tokens, tokens] */
	float *base;          /* all of them; NULL: not there yet */
};

void encoder_work_init(struct encoder_work *w, const struct tower_config *c,
	size_t rows, size_t extra);
void encoder_work_release(struct encoder_work *w);

/*
 * Runs n sequences of len tokens each, w->x [n, len, width]. Only the token
 * `pick` of each is wanted from the last layer: out [n, width]. w->x is used
 * up. causal: a token sees only itself and those before it.
 */
void encoder_run(const struct encoder *e, struct encoder_work *w, size_t n,
	size_t len, size_t pick, bool causal, float *out);

#endif
