#include "base/base.h"
#include "make-model.h"
#include "json/json.h"

#include <inttypes.h>

static int write_text(const char *dir, const char *name, struct buf *text,
	struct err *err)
{
	struct outfile f = OUTFILE_INIT;
	int rc = open_in(dir, name, &f, err);

	if (!rc)
		rc = write_all(f.fd, text->data, text->len, err);
	if (!rc)
		rc = outfile_commit(&f, err);
	outfile_abort(&f);
	buf_release(text);
	return rc;
}

static void add_tower(struct buf *b, const char *name, const struct sizes *s,
	unsigned act)
{
	buf_addf(b,
		" \"%s\": {\n"
		"  \"hidden_act\": \"%s\",\n"
		"  \"hidden_size\": %" PRIu64 ",\n"
		"  \"intermediate_size\": %" PRIu64 ",\n"
		"  \"num_attention_heads\": %" PRIu64 ",\n"
		"  \"num_hidden_layers\": %" PRIu64 ",\n",
		name, act ? "gelu" : "quick_gelu", s->width, s->inner, s->heads,
		s->layers);
}

static int write_config(const struct options *o, const char *dir,
	struct err *err)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, "{\n \"architectures\": [\"CLIPModel\"],\n"
		     " \"model_type\": \"clip\",\n");
	buf_addf(&b, " \"projection_dim\": %" PRIu64 ",\n", o->dim);
	add_tower(&b, "text_config", &o->text, o->act);
	buf_addf(&b,
		"  \"bos_token_id\": %d,\n"
		"  \"eos_token_id\": %" PRIu64 ",\n"
		"  \"max_position_embeddings\": %" PRIu64 ",\n"
		"  \"vocab_size\": %" PRIu64 "\n },\n",
		START_ID, o->eos, o->context, o->vocab);
	add_tower(&b, "vision_config", &o->vision, o->act);
	buf_addf(&b,
		"  \"image_size\": %" PRIu64 ",\n"
		"  \"patch_size\": %" PRIu64 "\n }\n}\n",
		o->image_size, o->patch);
	return write_text(dir, "config.json", &b, err);
}

static int write_preprocessor(const struct options *o, const char *dir,
	struct err *err)
{
	struct buf b = BUF_INIT;

	buf_addf(&b,
		"{\n \"crop_size\": %" PRIu64 ",\n"
		" \"do_center_crop\": true,\n \"do_normalize\": true,\n"
		" \"do_resize\": true,\n"
		" \"image_mean\": [0.48145466, 0.4578275, 0.40821073],\n"
		" \"image_std\": [0.26862954, 0.26130258, 0.27577711],\n"
		" \"resample\": 3,\n \"size\": %" PRIu64 "\n}\n",
		o->image_size, o->image_size);
	return write_text(dir, "preprocessor_config.json", &b, err);
}

int write_configs(const struct options *o, const char *dir, struct err *err)
{
	if (write_preprocessor(o, dir, err))
		return -1;
	return write_config(o, dir, err);
}

/* The character that stands for a byte: itself or one from U+0100 on. */
static size_t byte_symbol(unsigned byte, unsigned *next, char out[3])
{
	bool prints = (byte >= 0x21 && byte <= 0x7e) ||
		      (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
	unsigned cp = prints ? byte : (*next)++;

	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	out[0] = (char)(0xc0 | cp >> 6);
	out[1] = (char)(0x80 | (cp & 0x3f));
	return 2;
}

int write_vocabulary(const char *dir, struct err *err)
{
	struct buf vocab = BUF_INIT, merges = BUF_INIT;

	for (unsigned end = 0; end < 2; end++) {
		unsigned next = 0x100;

		for (unsigned i = 0; i < BYTES; i++) {
			char symbol[8];
			size_t len = byte_symbol(i, &next, symbol);

			memcpy(symbol + len, "</w>", 4);
			buf_adds(&vocab, vocab.len ? ",\n" : "{");
			json_add_str(&vocab, symbol, end ? len + 4 : len);
			buf_addf(&vocab, ": %u", end * BYTES + i);
		}
	}
	buf_addf(&vocab,
		",\n\"<|startoftext|>\": %d,\n\"<|endoftext|>\": %d}\n",
		START_ID, END_ID);
	buf_adds(&merges, "#version: 0.2\n");
	if (!write_text(dir, "vocab.json", &vocab, err))
		return write_text(dir, "merges.txt", &merges, err);
	buf_release(&merges);
	return -1;
}
