/*
 * The files of a CLIP model: safetensors, config.json, tokenizer. The tensors
 * "a" and "b" of what is taken can be read; configurations are within limits.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "ml/config.h"
#include "ml/safetensors.h"

static void read_tensor(const struct safetensors *f, const char *name)
{
	const struct tensor_info *t = safetensors_find(f, name);
	struct str whole = safetensors_bytes(f);
	float *owned = NULL, sum = 0;
	const float *v;
	struct err err;

	if (!t)
		return;
	HOLDS((const char *)t->data >= whole.s);
	HOLDS((const char *)t->data + t->bytes <= whole.s + whole.len);
	v = tensor_f32(t, &owned, &err);
	for (uint64_t i = 0; v && i < t->count; i++)
		sum += v[i];
	(void)sum;
	free(owned);
}

static void check_tower(const struct tower_config *t)
{
	HOLDS(t->width && t->heads && t->width % t->heads == 0);
	HOLDS(t->inner && t->layers && t->tokens);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = fuzz_copy(data, size);
	struct str text = {(char *)copy, size};
	struct clip_config c = {.dim = 0};
	struct err err = {""};
	struct safetensors *f = safetensors_parse(copy, size, &err);

	HOLDS(!f == !!*err.msg);
	if (f) {
		read_tensor(f, "a");
		read_tensor(f, "b");
	}
	safetensors_free(f);
	if (!clip_config_parse(text, &c, &err)) {
		check_tower(&c.vision);
		check_tower(&c.text);
		HOLDS(c.dim && c.patch && c.image_size >= c.patch);
	}
	(void)!clip_config_preprocessor(text, &c, &err);
	free(copy);
	return 0;
}
