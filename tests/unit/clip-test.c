/*
 * The parts of the towers against plain double arithmetic, and config.json.
 */
#include "base/base.h"
#include "ml/blas.h"
#include "ml/config.h"
#include "ml/encoder.h"
#include "ml/nn.h"
#include "unit/tap.h"

#include <math.h>

enum { WIDTH = 12, HEADS = 3, INNER = 20, LAYERS = 2, LEN = 7, SEQS = 3 };

static uint32_t state = 1;

/* From -1 to 1, the same in every run. */
static float random_float(void)
{
	state = state * UINT32_C(1664525) + UINT32_C(1013904223);
	return (float)(state >> 8) / (float)(1 << 23) - 1.0f;
}

static float *random_floats(size_t n)
{
	float *p = xcalloc(n, sizeof(*p));

	for (size_t i = 0; i < n; i++)
		p[i] = random_float();
	return p;
}

static void test_activations(void)
{
	double gelu = 0, quick = 0;
	const float zero = 0;

	for (int i = -3000; i <= 3000; i++) {
		double x = i / 100.0, want;
		float y = (float)x;

		activate(&y, 1, 1, &zero, ACT_GELU);
		want = 0.5 * x * (1 + erf(x / sqrt(2)));
		gelu = fmax(gelu, fabs((double)y - want));
		y = (float)x;
		activate(&y, 1, 1, &zero, ACT_QUICK_GELU);
		want = x / (1 + exp(-1.702 * x));
		quick = fmax(quick, fabs((double)y - want));
	}
	ok(gelu < 2e-6, "GELU from -30 to 30 is off by at most %.1e", gelu);
	ok(quick < 4e-6, "QuickGELU is off by at most %.1e", quick);
}

static void test_softmax(void)
{
	float row[40], sum = 0;
	double off = 0, total = 0, x[40];

	for (int i = 0; i < 40; i++) {
		row[i] = 30 * random_float();
		x[i] = (double)row[i];
		if (i < 33)
			total += exp(x[i]);
	}
	softmax(row, 33, 40);
	for (int i = 0; i < 33; i++) {
		off = fmax(off, fabs((double)row[i] - exp(x[i]) / total));
		sum += row[i];
	}
	ok(off < 1e-6 && fabsf(sum - 1) < 1e-5f, "softmax is off by %.1e", off);
	ok(row[33] == 0 && row[39] == 0, "what is masked is 0");
	row[0] = NAN;
	row[1] = 1;
	softmax(row, 2, 2);
	ok(isnan(row[0]) || isnan(row[1]), "what is not a number stays so");
	row[0] = -1e30f;
	row[1] = 1e30f;
	softmax(row, 2, 2);
	ok(row[0] >= 0 && row[0] < 1e-30f && row[1] == 1, "far apart");
}

static void test_unit_length(void)
{
	float v[3] = {3, 0, 4}, zero[2] = {0, 0}, bad[2] = {1, NAN};

	ok(!unit_length(v, 3) && v[0] == 0.6f && v[2] == 0.8f, "length 1");
	ok(unit_length(zero, 2), "a zero has no direction");
	ok(unit_length(bad, 2), "not a number");
}

/* y [nout] = w·x + b in double */
static void plain_linear(const struct linear *l, const double *x, size_t nin,
	size_t nout, double *y)
{
	for (size_t o = 0; o < nout; o++) {
		y[o] = (double)l->b[o];
		for (size_t i = 0; i < nin; i++)
			y[o] += (double)l->w[o * nin + i] * x[i];
	}
}

static void plain_norm(const struct norm *n, const double *x, double *y)
{
	double mean = 0, variance = 0;

	for (size_t i = 0; i < WIDTH; i++)
		mean += x[i] / WIDTH;
	for (size_t i = 0; i < WIDTH; i++)
		variance += (x[i] - mean) * (x[i] - mean) / WIDTH;
	for (size_t i = 0; i < WIDTH; i++)
		y[i] = (x[i] - mean) / sqrt(variance + 1e-5) *
			       (double)n->gain[i] +
		       (double)n->bias[i];
}

/* One query over the first `seen` keys: q, out [WIDTH]; k, v [LEN, WIDTH] */
static void plain_attention(const double *q, double (*k)[WIDTH],
	double (*v)[WIDTH], size_t seen, double *out)
{
	size_t head = WIDTH / HEADS;

	for (size_t h = 0; h < HEADS; h++) {
		double p[LEN], total = 0;

		for (size_t t = 0; t < seen; t++) {
			p[t] = 0;
			for (size_t i = h * head; i < (h + 1) * head; i++)
				p[t] += q[i] * k[t][i];
			p[t] = exp(p[t] / sqrt((double)head));
			total += p[t];
		}
		for (size_t i = h * head; i < (h + 1) * head; i++) {
			out[i] = 0;
			for (size_t t = 0; t < seen; t++)
				out[i] += p[t] / total * v[t][i];
		}
	}
}

static void plain_layer(const struct layer *l, double (*x)[WIDTH], bool causal)
{
	double q[LEN][WIDTH], k[LEN][WIDTH], v[LEN][WIDTH];
	double h[WIDTH], y[WIDTH], f[INNER];

	for (size_t t = 0; t < LEN; t++) {
		plain_norm(&l->norm1, x[t], h);
		plain_linear(&l->query, h, WIDTH, WIDTH, q[t]);
		plain_linear(&l->key, h, WIDTH, WIDTH, k[t]);
		plain_linear(&l->value, h, WIDTH, WIDTH, v[t]);
	}
	for (size_t t = 0; t < LEN; t++) {
		plain_attention(q[t], k, v, causal ? t + 1 : LEN, h);
		plain_linear(&l->merge, h, WIDTH, WIDTH, y);
		for (size_t i = 0; i < WIDTH; i++)
			x[t][i] += y[i];
		plain_norm(&l->norm2, x[t], h);
		plain_linear(&l->up, h, WIDTH, INNER, f);
		for (size_t i = 0; i < INNER; i++)
			f[i] *= 0.5 * (1 + erf(f[i] / sqrt(2)));
		plain_linear(&l->down, f, INNER, WIDTH, y);
		for (size_t i = 0; i < WIDTH; i++)
			x[t][i] += y[i];
	}
}

static struct linear random_linear(size_t nout, size_t nin)
{
	return (struct linear){random_floats(nout * nin), random_floats(nout)};
}

static void layer_init(struct layer *l)
{
	l->norm1 = (struct norm){random_floats(WIDTH), random_floats(WIDTH)};
	l->norm2 = (struct norm){random_floats(WIDTH), random_floats(WIDTH)};
	l->query = random_linear(WIDTH, WIDTH);
	l->key = random_linear(WIDTH, WIDTH);
	l->value = random_linear(WIDTH, WIDTH);
	l->merge = random_linear(WIDTH, WIDTH);
	l->up = random_linear(INNER, WIDTH);
	l->down = random_linear(WIDTH, INNER);
}

static void layer_release(struct layer *l)
{
	const struct linear *all[] = {&l->query, &l->key, &l->value, &l->merge,
		&l->up, &l->down};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		free((void *)(uintptr_t)all[i]->w);
		free((void *)(uintptr_t)all[i]->b);
	}
	free((void *)(uintptr_t)l->norm1.gain);
	free((void *)(uintptr_t)l->norm1.bias);
	free((void *)(uintptr_t)l->norm2.gain);
	free((void *)(uintptr_t)l->norm2.bias);
}

static void test_encoder(const struct encoder *e, size_t pick, bool causal)
{
	float *in = random_floats((size_t)SEQS * LEN * WIDTH);
	float out[SEQS * WIDTH];
	struct encoder_work w;
	double off = 0, x[LEN][WIDTH];

	encoder_work_init(&w, e->c, (size_t)SEQS * LEN, 0);
	memcpy(w.x, in, sizeof(*in) * SEQS * LEN * WIDTH);
	encoder_run(e, &w, SEQS, LEN, pick, causal, out);
	for (size_t s = 0; s < SEQS; s++) {
		for (size_t i = 0; i < LEN * WIDTH; i++)
			x[i / WIDTH][i % WIDTH] =
				(double)in[s * LEN * WIDTH + i];
		for (size_t i = 0; i < LAYERS; i++)
			plain_layer(&e->layers[i], x, causal);
		for (size_t i = 0; i < WIDTH; i++)
			off = fmax(off,
				fabs(x[pick][i] - (double)out[s * WIDTH + i]));
	}
	ok(off < 2e-5, "%s encoder, token %zu: off by %.1e",
		causal ? "causal" : "full", pick, off);
	encoder_work_release(&w);
	free(in);
}

static void test_encoders(void)
{
	const struct tower_config c = {WIDTH, INNER, LAYERS, HEADS, LEN,
		ACT_GELU, 1e-5f};
	struct layer layers[LAYERS];
	struct encoder e = {&c, layers};

	for (int i = 0; i < LAYERS; i++)
		layer_init(&layers[i]);
	test_encoder(&e, 0, false);
	test_encoder(&e, 4, false);
	test_encoder(&e, LEN - 1, true);
	test_encoder(&e, 2, true);
	for (int i = 0; i < LAYERS; i++)
		layer_release(&layers[i]);
}

static void config_refused(const char *text, const char *why)
{
	struct clip_config c;
	struct err err = {""};

	ok(clip_config_parse(str_from(text), &c, &err) && strstr(err.msg, why),
		"config.json is refused: %s", err.msg);
}

static void test_config(void)
{
	struct clip_config c;
	struct err err;

	ok(!clip_config_parse(str_from("{\"model_type\":\"clip\"}"), &c,
		   &err) &&
			c.dim == 512 && c.vision.width == 768 &&
			c.vision.layers == 12 && c.vision.tokens == 50 &&
			c.text.width == 512 && c.text.tokens == 77 &&
			c.end_id == 49407 && c.text.act == ACT_QUICK_GELU,
		"the defaults are those of ViT-B/32");
	ok(!clip_config_parse(
		   str_from("{\"text_config\":{\"hidden_size\":64},"
			    "\"text_config_dict\":{\"num_hidden_layers\":3,"
			    "\"hidden_act\":\"gelu\"},"
			    "\"vision_config_dict\":null,"
			    "\"vision_config\":{\"patch_size\":14}}"),
		   &c, &err) &&
			c.text.width == 512 && c.text.layers == 3 &&
			c.text.act == ACT_GELU && c.vision.tokens == 257,
		"text_config_dict stands above text_config");
	config_refused("{", "not valid JSON");
	config_refused("[]", "no object");
	config_refused("{}", "nor 'text_config'");
	config_refused("{\"model_type\":\"siglip\",\"text_config\":{}}",
		"'siglip'");
	config_refused("{\"model_type\":null,\"text_config\":{}}",
		"'model_type'");
	config_refused("{\"model_type\":\"\",\"text_config\":{}}",
		"'model_type'");
	config_refused("{\"text_config\":3}", "no object");
	config_refused("{\"text_config\":{\"hidden_size\":0}}", "hidden_size");
	config_refused("{\"text_config\":{\"hidden_size\":1e3}}",
		"hidden_size");
	config_refused("{\"text_config\":{\"hidden_size\":4294967808}}",
		"hidden_size");
	config_refused("{\"text_config\":{\"num_attention_heads\":7}}",
		"divide");
	config_refused("{\"text_config\":{\"hidden_act\":\"relu\"}}", "relu");
	config_refused("{\"text_config\":{\"layer_norm_eps\":-1}}",
		"layer_norm_eps");
	config_refused("{\"text_config\":{\"max_position_embeddings\":2}}",
		"no room");
	config_refused("{\"text_config\":{},\"vision_config\":"
		       "{\"patch_size\":225}}",
		"225");
	config_refused("{\"text_config\":{},\"vision_config\":"
		       "{\"num_channels\":4}}",
		"4 image channels");
}

/* Keys of a wrong type must not read as if they were not there. */
static void test_wrong_types(void)
{
	static const char *const keys[] = {"do_resize", "do_center_crop",
		"do_rescale", "do_normalize", "resample"};
	static const char *const values[] = {"0", "null", "\"x\"", "[]"};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (size_t k = 0; k < ARRAY_SIZE(values); k++) {
			struct clip_config c = {.image_size = 224};
			struct buf b = BUF_INIT;
			struct err err = {""};

			buf_addf(&b, "{\"%s\":%s}", keys[i], values[k]);
			ok(clip_config_preprocessor((struct str){b.data, b.len},
				   &c, &err) &&
					strstr(err.msg, keys[i]),
				"%s: %s", buf_str(&b), err.msg);
			buf_release(&b);
		}
}

static void test_preprocessor(void)
{
	struct clip_config c = {.image_size = 224};
	struct err err;

	ok(!clip_config_preprocessor(
		   str_from("{\"image_mean\":[0,0.5,1],\"image_std\":[1,1,1],"
			    "\"size\":{\"shortest_edge\":224},"
			    "\"crop_size\":{\"height\":224,\"width\":224},"
			    "\"resample\":3,\"do_resize\":true}"),
		   &c, &err) &&
			c.mean[1] == 0.5f && c.std[2] == 1.0f,
		"mean and deviation");
	ok(clip_config_preprocessor(str_from("{\"size\":336}"), &c, &err),
		"another size: %s", err.msg);
	ok(clip_config_preprocessor(
		   str_from("{\"crop_size\":{\"height\":224,\"width\":99}}"),
		   &c, &err),
		"another crop: %s", err.msg);
	ok(clip_config_preprocessor(str_from("{\"resample\":2}"), &c, &err),
		"bilinear: %s", err.msg);
	ok(clip_config_preprocessor(str_from("{\"do_center_crop\":false}"), &c,
		   &err),
		"no crop: %s", err.msg);
	ok(clip_config_preprocessor(str_from("{\"image_std\":[1,0,1]}"), &c,
		   &err),
		"a deviation of 0: %s", err.msg);
	ok(clip_config_preprocessor(str_from("{\"image_mean\":[1,1]}"), &c,
		   &err),
		"two means: %s", err.msg);
}

int main(void)
{
	struct err err;

	ok(!blas_init(1, &err), "OpenBLAS starts");
	test_activations();
	test_softmax();
	test_unit_length();
	test_encoders();
	test_config();
	test_preprocessor();
	test_wrong_types();
	return tap_done();
}
