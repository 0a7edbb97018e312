#include "base/base.h"
#include "ml/model.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Binds tensors until the first error, which sticks. */
struct binder {
	struct clip *m;
	struct err *err;
	int rc;
};

enum {
	SCALAR = 0,
	LAYER_TENSORS = 16, /* what bind_encoder() binds of each layer */
};

static int check_shape(const struct tensor_info *t, size_t ndim,
	const uint64_t *shape, struct err *err)
{
	struct buf text = BUF_INIT;
	bool good = t->ndim == ndim;

	for (size_t i = 0; i < ndim && good; i++)
		good = t->shape[i] == shape[i];
	if (good)
		return 0;
	for (size_t i = 0; i < t->ndim; i++)
		buf_addf(&text, "%s%" PRIu64, i ? ", " : "", t->shape[i]);
	buf_addf(&text, "] instead of [");
	for (size_t i = 0; i < ndim; i++)
		buf_addf(&text, "%s%" PRIu64, i ? ", " : "", shape[i]);
	err_set(err, "shape is [%s], as config.json says", buf_str(&text));
	buf_release(&text);
	return -1;
}

/* The numbers of a tensor, whose shape must be the ndim sizes that follow. */
static const float *bind(struct binder *b, const char *name, size_t ndim, ...)
{
	const struct tensor_info *t = safetensors_find(b->m->file, name);
	uint64_t shape[TENSOR_MAX_DIMS];
	const float *p = NULL;
	float *owned = NULL;
	va_list ap;

	if (b->rc)
		return NULL;
	va_start(ap, ndim);
	for (size_t i = 0; i < ndim; i++)
		shape[i] = va_arg(ap, uint32_t);
	va_end(ap);
	if (!t)
		b->rc = err_set(b->err, "tensor '%s' is missing", name);
	else if (check_shape(t, ndim, shape, b->err) ||
		 !(p = tensor_f32(t, &owned, b->err)))
		b->rc = err_prefix(b->err, "tensor '%s'", name);
	if (owned) {
		struct clip *m = b->m;

		xgrow(&m->owned, &m->owned_cap, m->nowned + 1,
			sizeof(*m->owned));
		m->owned[m->nowned++] = owned;
	}
	return p;
}

static struct norm bind_norm(struct binder *b, const char *prefix,
	const char *name, uint32_t width)
{
	char full[256];
	struct norm n;

	snprintf(full, sizeof(full), "%s.%s.weight", prefix, name);
	n.gain = bind(b, full, 1, width);
	snprintf(full, sizeof(full), "%s.%s.bias", prefix, name);
	n.bias = bind(b, full, 1, width);
	return n;
}

static struct linear bind_linear(struct binder *b, const char *prefix,
	const char *name, uint32_t nout, uint32_t nin)
{
	char full[256];
	struct linear l;

	snprintf(full, sizeof(full), "%s.%s.weight", prefix, name);
	l.w = bind(b, full, 2, nout, nin);
	snprintf(full, sizeof(full), "%s.%s.bias", prefix, name);
	l.b = bind(b, full, 1, nout);
	return l;
}

/* Weights that no layer of config.json takes would silently not count. */
static void check_all_bound(struct binder *b, const char *tower,
	uint32_t layers)
{
	size_t n, want = (size_t)layers * LAYER_TENSORS;
	char prefix[128];

	snprintf(prefix, sizeof(prefix), "%s.encoder.layers.", tower);
	n = safetensors_count(b->m->file, prefix);
	if (!b->rc && n != want)
		b->rc = err_set(b->err,
			"'num_hidden_layers' %" PRIu32 " of config.json takes "
			"%zu of the %zu tensors '%s…'",
			layers, want, n, prefix);
}

static void bind_encoder(struct binder *b, const char *tower,
	const struct tower_config *c, struct encoder *e)
{
	uint32_t w = c->width;

	e->c = c;
	e->layers = xcalloc(c->layers, sizeof(*e->layers));
	for (uint32_t i = 0; i < c->layers; i++) {
		struct layer *l = &e->layers[i];
		char at[128];

		snprintf(at, sizeof(at), "%s.encoder.layers.%" PRIu32, tower,
			i);
		l->norm1 = bind_norm(b, at, "layer_norm1", w);
		l->query = bind_linear(b, at, "self_attn.q_proj", w, w);
		l->key = bind_linear(b, at, "self_attn.k_proj", w, w);
		l->value = bind_linear(b, at, "self_attn.v_proj", w, w);
		l->merge = bind_linear(b, at, "self_attn.out_proj", w, w);
		l->norm2 = bind_norm(b, at, "layer_norm2", w);
		l->up = bind_linear(b, at, "mlp.fc1", c->inner, w);
		l->down = bind_linear(b, at, "mlp.fc2", w, c->inner);
	}
	check_all_bound(b, tower, c->layers);
}

static void bind_vision(struct binder *b, const struct clip_config *c,
	struct vision_weights *v)
{
	static const char at[] = "vision_model";
	uint32_t w = c->vision.width;

	v->class_token =
		bind(b, "vision_model.embeddings.class_embedding", 1, w);
	v->patches = bind(b, "vision_model.embeddings.patch_embedding.weight",
		4, w, 3, c->patch, c->patch);
	v->positions =
		bind(b, "vision_model.embeddings.position_embedding.weight", 2,
			c->vision.tokens, w);
	v->pre = bind_norm(b, at, "pre_layrnorm", w); /* spelled so */
	bind_encoder(b, at, &c->vision, &v->encoder);
	v->post = bind_norm(b, at, "post_layernorm", w);
	v->projection = bind(b, "visual_projection.weight", 2, c->dim, w);
}

static void bind_text(struct binder *b, const struct clip_config *c,
	struct text_weights *t)
{
	static const char at[] = "text_model";
	uint32_t w = c->text.width;

	t->words = bind(b, "text_model.embeddings.token_embedding.weight", 2,
		c->vocab, w);
	t->positions =
		bind(b, "text_model.embeddings.position_embedding.weight", 2,
			c->text.tokens, w);
	bind_encoder(b, at, &c->text, &t->encoder);
	t->post = bind_norm(b, at, "final_layer_norm", w);
	t->projection = bind(b, "text_projection.weight", 2, c->dim, w);
}

int clip_bind_weights(struct clip *m, struct err *err)
{
	struct binder b = {m, err, 0};
	const float *scale;

	bind_vision(&b, &m->c, &m->vision);
	bind_text(&b, &m->c, &m->text);
	scale = bind(&b, "logit_scale", SCALAR);
	if (b.rc)
		return -1;
	m->logit_scale = exp((double)*scale);
	if (!isfinite(m->logit_scale))
		return err_set(err, "tensor 'logit_scale' is not finite");
	return 0;
}
