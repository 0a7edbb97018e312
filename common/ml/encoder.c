#include "base/base.h"
#include "ml/encoder.h"
#include "ml/blas.h"
#include "ml/nn.h"

#include <math.h>

/* One run: n sequences of len tokens, of which `asking` look at all. */
struct run {
	const struct tower_config *c;
	struct encoder_work *w;
	size_t n, len;
	size_t asking; /* tokens a sequence that are computed: len or 1 */
	size_t first;  /* place of the first of them */
	bool causal;
};

void encoder_work_init(struct encoder_work *w, const struct tower_config *c,
	size_t rows, size_t extra)
{
	size_t wide = rows * c->width;
	size_t inner = MAX(MAX(rows * c->inner, wide), extra);
	size_t scores = (size_t)c->tokens * c->tokens;

	w->base = xcalloc(5 * wide + inner + scores, sizeof(*w->base));
	w->x = w->base;
	w->h = w->x + wide;
	w->q = w->h + wide;
	w->k = w->q + wide;
	w->v = w->k + wide;
	w->f = w->v + wide;
	w->s = w->f + inner;
}

void encoder_work_release(struct encoder_work *w)
{
	free(w->base);
	*w = (struct encoder_work){0};
}

/* out [rows, nout] = x [rows, nin] · wᵀ + b */
static void linear(const struct linear *l, const float *x, size_t rows,
	size_t nin, size_t nout, float *out)
{
	gemm_nt(rows, nout, nin, 1, x, nin, l->w, nin, 0, out, nout);
	add_bias(out, rows, nout, l->b);
}

/* out += x · wᵀ + b */
static void linear_add(const struct linear *l, const float *x, size_t rows,
	size_t nin, size_t nout, float *out)
{
	add_bias(out, rows, nout, l->b);
	gemm_nt(rows, nout, nin, 1, x, nin, l->w, nin, 1, out, nout);
}

/* q [n, asking, width], k, v [n, len, width] → out [n, asking, width] */
static void attention(const struct run *r, const float *q, float *out)
{
	size_t width = r->c->width, head = width / r->c->heads;
	float scale = 1 / sqrtf((float)head);
	float *s = r->w->s;

	for (size_t i = 0; i < r->n * r->c->heads; i++) {
		size_t at = i % r->c->heads * head;
		size_t mine = i / r->c->heads * r->asking * width + at;
		size_t all = i / r->c->heads * r->len * width + at;

		gemm_nt(r->asking, r->len, head, scale, q + mine, width,
			r->w->k + all, width, 0, s, r->len);
		for (size_t t = 0; t < r->asking; t++)
			softmax(s + t * r->len,
				r->causal ? r->first + t + 1 : r->len, r->len);
		gemm_nn(r->asking, head, r->len, 1, s, r->len, r->w->v + all,
			width, 0, out + mine, width);
	}
}

/* The picked token of each sequence: from [n, len, width] to [n, width] */
static void gather(const struct run *r, const float *from, float *to)
{
	size_t width = r->c->width;

	for (size_t i = 0; i < r->n; i++)
		memcpy(to + i * width, from + (i * r->len + r->first) * width,
			width * sizeof(*to));
}

/*
 * One layer. Keys and values are of all tokens of w->x; x [n, asking, width]
 * is what the layer adds to: w->x itself, or the picked tokens.
 */
static void run_layer(const struct run *r, const struct layer *l, float *x)
{
	const struct tower_config *c = r->c;
	struct encoder_work *w = r->w;
	size_t rows = r->n * r->asking, all = r->n * r->len;
	float *h = w->h;

	layer_norm(w->x, all, c->width, l->norm1.gain, l->norm1.bias, c->eps,
		h);
	linear(&l->key, h, all, c->width, c->width, w->k);
	linear(&l->value, h, all, c->width, c->width, w->v);
	if (x != w->x) {
		gather(r, w->x, x);
		gather(r, h, w->f);
		h = w->f;
	}
	linear(&l->query, h, rows, c->width, c->width, w->q);
	attention(r, w->q, w->h);
	linear_add(&l->merge, w->h, rows, c->width, c->width, x);

	layer_norm(x, rows, c->width, l->norm2.gain, l->norm2.bias, c->eps,
		w->h);
	gemm_nt(rows, c->inner, c->width, 1, w->h, c->width, l->up.w, c->width,
		0, w->f, c->inner);
	activate(w->f, rows, c->inner, l->up.b, c->act);
	linear_add(&l->down, w->f, rows, c->inner, c->width, x);
}

void encoder_run(const struct encoder *e, struct encoder_work *w, size_t n,
	size_t len, size_t pick, bool causal, float *out)
{
	struct run r = {e->c, w, n, len, len, 0, causal};
	uint32_t last = e->c->layers - 1;

	for (uint32_t i = 0; i < last; i++)
		run_layer(&r, &e->layers[i], w->x);
	r.asking = 1;
	r.first = pick;
	run_layer(&r, &e->layers[last], out);
}
