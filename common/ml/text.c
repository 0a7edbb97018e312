#include "base/base.h"
#include "ml/model.h"
#include "ml/blas.h"
#include "ml/nn.h"

/* The place of the end token, as transformers' CLIPTextModel finds it. */
static size_t end_place(const struct clip *m, const uint32_t *ids, size_t n)
{
	size_t best = 0;

	for (size_t i = 0; i < n; i++) {
		if (ids[i] == m->c.end_id)
			return i;
		if (m->c.end_id == END_IS_HIGHEST && ids[i] > ids[best])
			best = i;
	}
	return best;
}

int text_run(const struct clip *m, struct clip_scratch *s, struct str text,
	float *out, struct err *err)
{
	const struct tower_config *c = &m->c.text;
	const struct text_weights *t = &m->text;
	struct encoder_work *work = &s->text;
	size_t n, end;

	if (bpe_encode(m->bpe, text, s->ids, c->tokens, &n, err))
		return -1;
	end = end_place(m, s->ids, n);
	/* no token sees those behind it: what is behind the end is left out */
	n = end + 1;
	for (size_t i = 0; i < n; i++)
		memcpy(work->x + i * c->width,
			t->words + (size_t)s->ids[i] * c->width,
			c->width * sizeof(*work->x));
	add_bias(work->x, 1, n * c->width, t->positions);
	encoder_run(&t->encoder, work, 1, n, end, true, s->pooled);
	layer_norm(s->pooled, 1, c->width, t->post.gain, t->post.bias, c->eps,
		s->pooled);
	gemm_nt(1, m->c.dim, c->width, 1, s->pooled, c->width, t->projection,
		c->width, 0, out, m->c.dim);
	return 0;
}
