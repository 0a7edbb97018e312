/*
 * make-model - a CLIP folder with random weights, for tests and benchmarks.
 *
 * Writes config.json, model.safetensors, preprocessor_config.json, vocab.json
 * and merges.txt as Hugging Face's CLIP folders have them. The same options
 * give the same bytes on every machine: weights are sums of random integers.
 * The vocabulary is the 256 bytes, inside and at the end of words, and the two
 * special tokens; nothing is ever merged.
 */
#include "base/base.h"
#include "make-model.h"
#include "base/log.h"

#include <errno.h>
#include <sys/stat.h>

enum { MAX_SIDE = 4096, MAX_WIDTH = 8192, MAX_LAYERS = 64, MAX_TOKENS = 4096 };

/* What is not given is the preset's. */
static const struct options presets[] = {
	{.image_size = 64,
		.patch = 16,
		.dim = 32,
		.context = 77,
		.vocab = VOCAB_MIN,
		.eos = END_ID,
		.vision = {64, 3, 4, 256},
		.text = {48, 2, 3, 192}},
	{.image_size = 224,
		.patch = 32,
		.dim = 512,
		.context = 77,
		.vocab = 49408,
		.eos = 2,
		.vision = {768, 12, 12, 3072},
		.text = {512, 12, 8, 2048}},
};

#define SIZE(name, field, max, help)                                           \
	{                                                                      \
		0, name, "N", OPT_U64, offsetof(struct options, field), 0, 0,  \
			max, help                                              \
	}

static const struct opt table[] = {
	{'o', "output", "FOLDER", OPT_STR, offsetof(struct options, folder), 0,
		0, 0, "where to write; made when it is not there"},
	{0, "preset", "mini|vit-b-32", OPT_CHOICE,
		offsetof(struct options, preset), 0, 0, 0,
		"the sizes that are not given (default mini)"},
	{0, "f16", NULL, OPT_FLAG, offsetof(struct options, f16), 0, 0, 0,
		"write the weights as 16-bit floats"},
	{0, "act", "quick_gelu|gelu", OPT_CHOICE, offsetof(struct options, act),
		0, 0, 0, "the activation (default quick_gelu)"},
	SIZE("image-size", image_size, MAX_SIDE,
		"side of the images in pixels"),
	SIZE("patch", patch, MAX_SIDE, "side of the patches in pixels"),
	SIZE("dim", dim, MAX_WIDTH, "length of the embeddings"),
	SIZE("context", context, MAX_TOKENS, "tokens of a text at most"),
	SIZE("vocab", vocab, 1 << 20, "rows of the token table, at least 514"),
	SIZE("eos", eos, 1 << 20,
		"eos_token_id in config.json: the end token's, or 2 as in "
		"old files"),
	SIZE("vision-width", vision.width, MAX_WIDTH, "of the vision tower"),
	SIZE("vision-layers", vision.layers, MAX_LAYERS, "of the vision tower"),
	SIZE("vision-heads", vision.heads, MAX_WIDTH, "of the vision tower"),
	SIZE("vision-inner", vision.inner, 4 * MAX_WIDTH, "of its MLPs"),
	SIZE("text-width", text.width, MAX_WIDTH, "of the text tower"),
	SIZE("text-layers", text.layers, MAX_LAYERS, "of the text tower"),
	SIZE("text-heads", text.heads, MAX_WIDTH, "of the text tower"),
	SIZE("text-inner", text.inner, 4 * MAX_WIDTH, "of its MLPs"),
};

static const struct cli cli = {
	.name = "make-model",
	.summary = "Write a CLIP model with random weights.",
	.groups = CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

static void default_to(uint64_t *value, uint64_t preset)
{
	if (!*value)
		*value = preset;
}

static void default_sizes(struct sizes *s, const struct sizes *preset)
{
	default_to(&s->width, preset->width);
	default_to(&s->layers, preset->layers);
	default_to(&s->heads, preset->heads);
	default_to(&s->inner, preset->inner);
}

static void complete(struct options *o)
{
	const struct options *p = &presets[o->preset];

	default_to(&o->image_size, p->image_size);
	default_to(&o->patch, p->patch);
	default_to(&o->dim, p->dim);
	default_to(&o->context, p->context);
	default_to(&o->vocab, p->vocab);
	default_to(&o->eos, p->eos);
	default_sizes(&o->vision, &p->vision);
	default_sizes(&o->text, &p->text);
	if (!o->folder)
		cli_usage_error(&cli, "-o FOLDER is needed");
	if (o->patch > o->image_size)
		cli_usage_error(&cli, "--patch is larger than --image-size");
	if (o->vision.width % o->vision.heads || o->text.width % o->text.heads)
		cli_usage_error(&cli, "heads must divide the width");
	if (o->vocab < VOCAB_MIN)
		cli_usage_error(&cli, "--vocab must be at least %d", VOCAB_MIN);
	if (o->context < 3)
		cli_usage_error(&cli, "--context must be at least 3");
}

int open_in(const char *dir, const char *name, struct outfile *f,
	struct err *err)
{
	struct buf path = BUF_INIT;
	int rc;

	buf_addf(&path, "%s/%s", dir, name);
	rc = outfile_open(f, buf_str(&path), err);
	buf_release(&path);
	return rc;
}

static int write_model(const struct options *o, const char *dir,
	struct err *err)
{
	if (mkdir(dir, 0777) && errno != EEXIST)
		return err_errno(err, "cannot make '%s'", dir);
	if (write_vocabulary(dir, err) || write_configs(o, dir, err))
		return -1;
	return write_weights(o, dir, err);
}

int main(int argc, char **argv)
{
	struct options o = {.preset = 0};
	struct err err;

	cli_parse(&cli, &o, argc, argv);
	complete(&o);
	outfile_catch_signals();
	if (!write_model(&o, o.folder, &err))
		return EXIT_DONE;
	log_error("%s", err.msg);
	return EXIT_FAILED;
}
