#include "base/base.h"
#include "make-model.h"
#include "base/half.h"
#include "base/hash.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* A tensor: numbers around `mean`, `spread` is their standard deviation. */
struct tensor {
	char name[96];
	uint64_t shape[4];
	size_t ndim;
	double mean, spread;
};

struct tensors {
	struct tensor *items; /* [n] */
	size_t n, cap;
};

static struct tensor *add(struct tensors *t, const char *tower,
	const char *name, double mean, double spread)
{
	struct tensor *new;

	xgrow(&t->items, &t->cap, t->n + 1, sizeof(*t->items));
	new = &t->items[t->n++];
	*new = (struct tensor){.mean = mean, .spread = spread};
	snprintf(new->name, sizeof(new->name), "%s%s", tower, name);
	return new;
}

static void add_vector(struct tensors *t, const char *tower, const char *name,
	uint64_t n, double mean, double spread)
{
	struct tensor *new = add(t, tower, name, mean, spread);

	new->ndim = 1;
	new->shape[0] = n;
}

static void add_matrix(struct tensors *t, const char *tower, const char *name,
	uint64_t rows, uint64_t columns, double spread)
{
	struct tensor *new = add(t, tower, name, 0, spread);

	new->ndim = 2;
	new->shape[0] = rows;
	new->shape[1] = columns;
}

static void add_norm(struct tensors *t, const char *tower, const char *name,
	uint64_t n)
{
	char full[64];

	snprintf(full, sizeof(full), "%s.weight", name);
	add_vector(t, tower, full, n, 1, 0.2);
	snprintf(full, sizeof(full), "%s.bias", name);
	add_vector(t, tower, full, n, 0, 0.1);
}

static void add_linear(struct tensors *t, const char *layer, const char *name,
	uint64_t nout, uint64_t nin)
{
	char full[64];

	snprintf(full, sizeof(full), "%s.weight", name);
	add_matrix(t, layer, full, nout, nin, 1 / sqrt((double)nin));
	snprintf(full, sizeof(full), "%s.bias", name);
	add_vector(t, layer, full, nout, 0, 0.1);
}

static void add_layers(struct tensors *t, const char *tower,
	const struct sizes *s)
{
	static const char *const square[] = {"self_attn.q_proj",
		"self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"};
	char at[48];

	for (uint64_t i = 0; i < s->layers; i++) {
		snprintf(at, sizeof(at), "%sencoder.layers.%" PRIu64 ".", tower,
			i);
		add_norm(t, at, "layer_norm1", s->width);
		for (size_t k = 0; k < ARRAY_SIZE(square); k++)
			add_linear(t, at, square[k], s->width, s->width);
		add_norm(t, at, "layer_norm2", s->width);
		add_linear(t, at, "mlp.fc1", s->inner, s->width);
		add_linear(t, at, "mlp.fc2", s->width, s->inner);
	}
}

static void list_tensors(const struct options *o, struct tensors *t)
{
	static const char vision[] = "vision_model.", text[] = "text_model.";
	uint64_t side = o->image_size / o->patch;
	uint64_t vw = o->vision.width, tw = o->text.width;
	struct tensor *patches;

	add(t, "", "logit_scale", log(100), 0);
	add_vector(t, vision, "embeddings.class_embedding", vw, 0, 1);
	patches = add(t, vision, "embeddings.patch_embedding.weight", 0,
		1 / sqrt(3.0 * (double)(o->patch * o->patch)));
	patches->ndim = 4;
	patches->shape[0] = vw;
	patches->shape[1] = 3;
	patches->shape[2] = patches->shape[3] = o->patch;
	add_matrix(t, vision, "embeddings.position_embedding.weight",
		side * side + 1, vw, 0.3);
	add_norm(t, vision, "pre_layrnorm", vw);
	add_layers(t, vision, &o->vision);
	add_norm(t, vision, "post_layernorm", vw);
	add_matrix(t, "", "visual_projection.weight", o->dim, vw,
		1 / sqrt((double)vw));
	add_matrix(t, text, "embeddings.token_embedding.weight", o->vocab, tw,
		1);
	add_matrix(t, text, "embeddings.position_embedding.weight", o->context,
		tw, 0.3);
	add_layers(t, text, &o->text);
	add_norm(t, text, "final_layer_norm", tw);
	add_matrix(t, "", "text_projection.weight", o->dim, tw,
		1 / sqrt((double)tw));
}

static uint64_t count(const struct tensor *t)
{
	uint64_t n = 1;

	for (size_t i = 0; i < t->ndim; i++)
		n *= t->shape[i];
	return n;
}

static void header(const struct options *o, const struct tensors *t,
	struct buf *out)
{
	uint64_t at = 0, size = o->f16 ? 2 : 4;
	char len[8];

	buf_adds(out, "{\"__metadata__\":{\"format\":\"pt\"}");
	for (size_t i = 0; i < t->n; i++) {
		const struct tensor *x = &t->items[i];
		uint64_t end = at + count(x) * size;

		buf_addf(out, ",\"%s\":{\"dtype\":\"%s\",\"shape\":[", x->name,
			o->f16 ? "F16" : "F32");
		for (size_t k = 0; k < x->ndim; k++)
			buf_addf(out, "%s%" PRIu64, k ? "," : "", x->shape[k]);
		buf_addf(out, "],\"data_offsets\":[%" PRIu64 ",%" PRIu64 "]}",
			at, end);
		at = end;
	}
	buf_addc(out, '}');
	while (out->len % 8)
		buf_addc(out, ' ');
	for (unsigned i = 0; i < sizeof(len); i++)
		len[i] = (char)(out->len >> 8 * i);
	buf_reserve(out, sizeof(len));
	memmove(out->data + sizeof(len), out->data, out->len);
	memcpy(out->data, len, sizeof(len));
	out->len += sizeof(len);
}

/* splitmix64 (Steele et al. 2014) */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* About normal: the sum of four 16-bit numbers, standard deviation 1. */
static double next_normal(uint64_t *state)
{
	const double mean = 4 * 65535 / 2.0, deviation = 37837.227;
	uint64_t z = next_random(state);
	uint64_t sum = (z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) +
		       (z >> 48);

	return ((double)sum - mean) / deviation;
}

static int write_tensor(const struct options *o, const struct tensor *t, int fd,
	struct err *err)
{
	struct str name = str_from(t->name);
	uint64_t state = seeded_hash(o->common.seed, "weights", name);
	uint64_t n = count(t);
	struct buf out = BUF_INIT;
	int rc = 0;

	for (uint64_t i = 0; i < n && !rc; i++) {
		float x = (float)(t->mean + t->spread * next_normal(&state));
		uint32_t bits = half_from_f32(x);

		if (!o->f16)
			memcpy(&bits, &x, sizeof(bits));
		for (unsigned k = 0; k < (o->f16 ? 16 : 32); k += 8)
			buf_addc(&out, (char)(bits >> k));
		if (out.len >= 1 << 20 || i + 1 == n) {
			rc = write_all(fd, out.data, out.len, err);
			buf_reset(&out);
		}
	}
	buf_release(&out);
	return rc;
}

int write_weights(const struct options *o, const char *dir, struct err *err)
{
	struct outfile f = OUTFILE_INIT;
	struct tensors t = {NULL, 0, 0};
	struct buf head = BUF_INIT;
	int rc;

	list_tensors(o, &t);
	header(o, &t, &head);
	rc = open_in(dir, "model.safetensors", &f, err);
	if (!rc)
		rc = write_all(f.fd, head.data, head.len, err);
	for (size_t i = 0; i < t.n && !rc; i++)
		rc = write_tensor(o, &t.items[i], f.fd, err);
	if (!rc)
		rc = outfile_commit(&f, err);
	outfile_abort(&f);
	buf_release(&head);
	free(t.items);
	return rc;
}
