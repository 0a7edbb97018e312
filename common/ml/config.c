#include "base/base.h"
#include "ml/config.h"
#include "json/json.h"

#include <inttypes.h>

/* Sides, widths, layers and the like; larger ones are no model. */
enum {
	MAX_WIDTH = 1 << 14,
	MAX_INNER = 1 << 16,
	MAX_LAYERS = 256,
	MAX_TOKENS = 1 << 14,
	MAX_VOCAB = 1 << 24,
	MAX_IMAGE = 4096,
};

/*
 * A section of config.json, "text_config" say. Files from before transformers
 * 4.27 also have a "text_config_dict"; where it is there, it alone counts.
 */
struct section {
	const char *name;
	const struct jval *v; /* NULL: all defaults */
};

static int find_section(const struct jval *root, const char *name,
	const char *legacy, struct section *out, struct err *err)
{
	const struct jval *v = jval_get(root, legacy);

	*out = (struct section){legacy, v};
	if (!v || jval_type(v) == J_NULL) {
		v = jval_get(root, name);
		*out = (struct section){name, v};
	}
	if (v && jval_type(v) == J_NULL)
		out->v = NULL;
	if (out->v && jval_type(out->v) != J_OBJECT)
		return err_set(err, "'%s' is no object", out->name);
	return 0;
}

/* A whole number from 1 to max, or *out as it is when it is not there. */
static int get_size(const struct section *s, const char *key, uint32_t max,
	uint32_t *out, struct err *err)
{
	const struct jval *v = s->v ? jval_get(s->v, key) : NULL;
	int64_t i;

	if (!v)
		return 0;
	if (jval_i64(v, &i) || i < 1 || i > (int64_t)max)
		return err_set(err,
			"'%s' of '%s' is no whole number from 1 to %" PRIu32,
			key, s->name, max);
	*out = (uint32_t)i;
	return 0;
}

static int get_act(const struct section *s, enum activation *out,
	struct err *err)
{
	const struct jval *v = s->v ? jval_get(s->v, "hidden_act") : NULL;
	struct str name;

	*out = ACT_QUICK_GELU;
	if (!v)
		return 0;
	if (jval_str(v, &name))
		return err_set(err, "'hidden_act' of '%s' is no text", s->name);
	if (str_is(name, "gelu"))
		*out = ACT_GELU;
	else if (!str_is(name, "quick_gelu"))
		return err_set(err,
			"'hidden_act' of '%s' is '%.*s', neither 'gelu' nor "
			"'quick_gelu'",
			s->name, (int)MIN(name.len, 64), name.s);
	return 0;
}

static int get_tower(const struct section *s, struct tower_config *t,
	struct err *err)
{
	const struct jval *v = s->v ? jval_get(s->v, "layer_norm_eps") : NULL;
	double eps = 1e-5;

	if (get_size(s, "hidden_size", MAX_WIDTH, &t->width, err) ||
		get_size(s, "intermediate_size", MAX_INNER, &t->inner, err) ||
		get_size(s, "num_hidden_layers", MAX_LAYERS, &t->layers, err) ||
		get_size(s, "num_attention_heads", MAX_WIDTH, &t->heads, err) ||
		get_act(s, &t->act, err))
		return -1;
	if (t->width % t->heads)
		return err_set(err,
			"%" PRIu32 " heads do not divide the width %" PRIu32
			" of '%s'",
			t->heads, t->width, s->name);
	if (v && (jval_f64(v, &eps) || !(eps > 0 && eps < 1)))
		return err_set(err,
			"'layer_norm_eps' of '%s' is not between 0 and 1",
			s->name);
	t->eps = (float)eps;
	return 0;
}

static int get_text(const struct jval *root, struct clip_config *c,
	struct err *err)
{
	struct section s;

	c->text = (struct tower_config){512, 2048, 12, 8, 77, 0, 0};
	c->vocab = 49408;
	c->end_id = 49407;
	if (find_section(root, "text_config", "text_config_dict", &s, err) ||
		get_tower(&s, &c->text, err) ||
		get_size(&s, "max_position_embeddings", MAX_TOKENS,
			&c->text.tokens, err) ||
		get_size(&s, "vocab_size", MAX_VOCAB, &c->vocab, err) ||
		get_size(&s, "eos_token_id", MAX_VOCAB, &c->end_id, err))
		return -1;
	if (c->text.tokens < 3)
		return err_set(err,
			"'max_position_embeddings' of '%s' leaves "
			"no room for text",
			s.name);
	return 0;
}

static int get_vision(const struct jval *root, struct clip_config *c,
	struct err *err)
{
	uint32_t channels = 3, side;
	struct section s;

	c->vision = (struct tower_config){768, 3072, 12, 12, 0, 0, 0};
	c->image_size = 224;
	c->patch = 32;
	if (find_section(root, "vision_config", "vision_config_dict", &s,
		    err) ||
		get_tower(&s, &c->vision, err) ||
		get_size(&s, "image_size", MAX_IMAGE, &c->image_size, err) ||
		get_size(&s, "patch_size", MAX_IMAGE, &c->patch, err) ||
		get_size(&s, "num_channels", MAX_WIDTH, &channels, err))
		return -1;
	if (channels != 3)
		return err_set(err, "%" PRIu32 " image channels instead of 3",
			channels);
	side = c->image_size / c->patch;
	if (!side || side * side >= MAX_TOKENS)
		return err_set(err,
			"patches of %" PRIu32 " pixels do not cut up an image "
			"of %" PRIu32,
			c->patch, c->image_size);
	c->vision.tokens = side * side + 1;
	return 0;
}

int clip_config_parse(struct str text, struct clip_config *out, struct err *err)
{
	static const struct clip_config clip = {
		.mean = {0.48145466f, 0.4578275f, 0.40821073f},
		.std = {0.26862954f, 0.26130258f, 0.27577711f},
		.dim = 512,
	};
	struct jval *root = jval_parse(text.s, text.len, err);
	struct section top = {"config.json", root};
	const struct jval *model_type = jval_get(root, "model_type");
	struct str type = {NULL, 0};
	int rc = -1;

	if (!root)
		return -1;
	*out = clip;
	if (jval_type(root) != J_OBJECT)
		err_set(err, "is no object");
	else if (model_type && jval_str(model_type, &type))
		err_set(err, "'model_type' is no text");
	else if (model_type && !str_is(type, "clip"))
		err_set(err, "'model_type' is '%.*s', not 'clip'",
			(int)MIN(type.len, 64), type.s);
	else if (!model_type && !jval_get(root, "text_config"))
		err_set(err, "has neither 'model_type' nor 'text_config': not "
			     "of a CLIP model");
	else
		rc = get_size(&top, "projection_dim", MAX_WIDTH, &out->dim,
			     err) ||
		     get_text(root, out, err) || get_vision(root, out, err);
	jval_free(root);
	return rc ? -1 : 0;
}

static int get_three(const struct jval *root, const char *key, bool zero_too,
	float out[3], struct err *err)
{
	const struct jval *v = jval_get(root, key);
	double x;

	if (!v)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (jval_count(v) != 3 || jval_f64(jval_at(v, i), &x) ||
			!((x > 0 || (zero_too && x == 0)) && x <= 1))
			return err_set(err,
				"'%s' is not three numbers %s 0 to 1", key,
				zero_too ? "from" : "above");
		out[i] = (float)x;
	}
	return 0;
}

/* A step that CLIP's own preprocessing has must not be turned off. */
static int check_steps(const struct jval *root, struct err *err)
{
	static const char *const steps[] = {"do_resize", "do_center_crop",
		"do_rescale", "do_normalize"};
	const struct jval *v = jval_get(root, "resample");
	const int64_t bicubic = 3;
	int64_t i;
	bool on;

	if (v && (jval_i64(v, &i) || i != bicubic))
		return err_set(err, "'resample' is not 3 (bicubic)");
	for (size_t k = 0; k < ARRAY_SIZE(steps); k++) {
		v = jval_get(root, steps[k]);
		if (v && (jval_bool(v, &on) || !on))
			return err_set(err,
				"'%s' is not true: CLIP takes this step",
				steps[k]);
	}
	return 0;
}

/* One number, or an object of numbers that all must be `want`. */
static int check_size(const struct jval *root, const char *key, uint32_t want,
	struct err *err)
{
	const struct jval *v = jval_get(root, key);
	const struct jiter *it = NULL;
	int64_t i = want;
	bool good;

	if (!v)
		return 0;
	good = !jval_i64(v, &i) && i == (int64_t)want;
	if (jval_type(v) == J_OBJECT) {
		good = jval_count(v) > 0;
		while ((it = jval_next(v, it)))
			if (jval_i64(jiter_val(it), &i) || i != (int64_t)want)
				good = false;
	}
	if (!good)
		return err_set(err,
			"'%s' is not the model's image size %" PRIu32, key,
			want);
	return 0;
}

int clip_config_preprocessor(struct str text, struct clip_config *out,
	struct err *err)
{
	struct jval *root = jval_parse(text.s, text.len, err);
	int rc = -1;

	if (!root)
		return -1;
	if (jval_type(root) != J_OBJECT)
		err_set(err, "is no object");
	else
		rc = check_steps(root, err) ||
		     check_size(root, "size", out->image_size, err) ||
		     check_size(root, "crop_size", out->image_size, err) ||
		     get_three(root, "image_mean", true, out->mean, err) ||
		     get_three(root, "image_std", false, out->std, err);
	jval_free(root);
	return rc ? -1 : 0;
}
