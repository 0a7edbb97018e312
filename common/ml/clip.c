#include "base/base.h"
#include "ml/model.h"
#include "base/hash.h"
#include "base/io.h"
#include "ml/blas.h"
#include "ml/nn.h"

#include <errno.h>
#include <unistd.h>

enum { MAX_JSON = 16 << 20 };

#define CONFIG_FILE       "config.json"
#define PREPROCESSOR_FILE "preprocessor_config.json"
#define WEIGHTS_FILE      "model.safetensors"

static char *path_in(const char *dir, const char *file)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s/%s", dir, file);
	return buf_detach(&b);
}

/* config.json stays in *text, for the model's id. */
static int read_config(struct clip *m, const char *dir, struct buf *text,
	struct err *err)
{
	char *path = path_in(dir, CONFIG_FILE);
	int rc = load_file(path, MAX_JSON, text, err);

	if (!rc && clip_config_parse((struct str){text->data, text->len}, &m->c,
			   err))
		rc = err_prefix(err, "'%s'", path);
	free(path);
	return rc;
}

static int read_preprocessor(struct clip *m, const char *dir, struct err *err)
{
	char *path = path_in(dir, PREPROCESSOR_FILE);
	struct buf text = BUF_INIT;
	int rc = 0;

	if (!access(path, F_OK) || errno != ENOENT) {
		rc = load_file(path, MAX_JSON, &text, err);
		if (!rc &&
			clip_config_preprocessor(
				(struct str){text.data, text.len}, &m->c, err))
			rc = err_prefix(err, "'%s'", path);
	}
	for (int c = 0; c < 3; c++)
		for (int i = 0; i < 256; i++)
			m->pixels[c][i] = ((float)i / 255.0f - m->c.mean[c]) /
					  m->c.std[c];
	buf_release(&text);
	free(path);
	return rc;
}

static int read_weights(struct clip *m, const char *dir, struct err *err)
{
	char *path = path_in(dir, WEIGHTS_FILE);
	int rc = -1;

	m->file = safetensors_open(path, err);
	if (m->file) {
		rc = clip_bind_weights(m, err);
		if (rc)
			err_prefix(err, "'%s'", path);
	}
	free(path);
	return rc;
}

static int read_vocabulary(struct clip *m, const char *dir, struct err *err)
{
	m->bpe = bpe_open(dir, m->c.vocab, err);
	if (!m->bpe)
		return -1;
	if (m->c.end_id != END_IS_HIGHEST && m->c.end_id != bpe_end_id(m->bpe))
		return err_set(err,
			"'%s': eos_token_id %u of %s is not the vocabulary's "
			"end token %u",
			dir, m->c.end_id, CONFIG_FILE, bpe_end_id(m->bpe));
	return 0;
}

static char *model_id(const struct clip *m, const struct buf *config)
{
	struct str weights = safetensors_bytes(m->file);
	struct xxh3 *h = xxh3_new();
	struct buf id = BUF_INIT;
	char hex[HEX64_TEXT];

	xxh3_add(h, config->data, config->len);
	xxh3_add(h, weights.s, weights.len);
	hex64(xxh3_value(h), hex);
	xxh3_free(h);
	buf_addf(&id, "%s@%s", m->name, hex);
	return buf_detach(&id);
}

struct clip *clip_open(const char *dir, unsigned threads, struct err *err)
{
	struct clip *m = xcalloc(1, sizeof(*m));
	struct buf config = BUF_INIT;
	int rc;

	rc = blas_init(threads, err);
	if (!rc)
		rc = read_config(m, dir, &config, err);
	if (!rc)
		rc = read_preprocessor(m, dir, err);
	if (!rc)
		rc = read_weights(m, dir, err);
	if (!rc)
		rc = read_vocabulary(m, dir, err);
	if (!rc) {
		m->name = own_name(dir);
		m->id = model_id(m, &config);
	}
	buf_release(&config);
	if (!rc)
		return m;
	clip_free(m);
	return NULL;
}

void clip_free(struct clip *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->nowned; i++)
		free(m->owned[i]);
	free(m->owned);
	free(m->vision.encoder.layers);
	free(m->text.encoder.layers);
	safetensors_free(m->file);
	bpe_free(m->bpe);
	free(m->name);
	free(m->id);
	free(m);
}

const char *clip_id(const struct clip *m)
{
	return m->id;
}

const char *clip_name(const struct clip *m)
{
	return m->name;
}

const char *clip_backend(void)
{
	return blas_core();
}

size_t clip_dim(const struct clip *m)
{
	return m->c.dim;
}

double clip_logit_scale(const struct clip *m)
{
	return m->logit_scale;
}

unsigned clip_image_size(const struct clip *m)
{
	return m->c.image_size;
}

struct clip_scratch *clip_scratch_new(const struct clip *m)
{
	struct clip_scratch *s = xcalloc(1, sizeof(*s));
	size_t width = MAX(m->c.vision.width, m->c.text.width);

	s->ids = xcalloc(m->c.text.tokens, sizeof(*s->ids));
	s->pooled = xcalloc(clip_images_at_once(m) * width, sizeof(*s->pooled));
	return s;
}

void clip_scratch_free(struct clip_scratch *s)
{
	if (!s)
		return;
	encoder_work_release(&s->vision);
	encoder_work_release(&s->text);
	free(s->ids);
	free(s->pooled);
	free(s);
}

static int to_unit(const struct clip *m, float *out, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++)
		if (unit_length(out + i * m->c.dim, m->c.dim))
			return err_set(err,
				"model '%s' gives an embedding that is zero or "
				"not finite: its weights are damaged",
				m->name);
	return 0;
}

static void need_vision(const struct clip *m, struct clip_scratch *s)
{
	size_t n = clip_images_at_once(m);
	size_t patches = m->c.vision.tokens - 1;

	if (!s->vision.base)
		encoder_work_init(&s->vision, &m->c.vision,
			n * m->c.vision.tokens,
			n * patches * 3 * m->c.patch * m->c.patch);
}

int clip_embed_images(const struct clip *m, struct clip_scratch *s,
	const struct image *images, size_t n, float *out, struct err *err)
{
	size_t at_once = clip_images_at_once(m), k;
	struct image *small;

	for (size_t i = 0; i < n; i++)
		if (images[i].channels != 3)
			return err_set(err, "an image of %u channels is no RGB",
				images[i].channels);
	small = xcalloc(MIN(n, at_once), sizeof(*small));
	need_vision(m, s);
	for (size_t i = 0; i < n; i += k) {
		k = MIN(n - i, at_once);
		for (size_t j = 0; j < k; j++)
			image_resize_crop(&images[i + j], m->c.image_size,
				&small[j]);
		vision_run(m, s, small, k, out + i * m->c.dim);
		for (size_t j = 0; j < k; j++)
			image_release(&small[j]);
	}
	free(small);
	return to_unit(m, out, n, err);
}

int clip_embed_texts(const struct clip *m, struct clip_scratch *s,
	const struct str *texts, size_t n, float *out, struct err *err)
{
	if (!s->text.base)
		encoder_work_init(&s->text, &m->c.text, m->c.text.tokens, 0);
	for (size_t i = 0; i < n; i++)
		if (text_run(m, s, texts[i], out + i * m->c.dim, err))
			return -1;
	return to_unit(m, out, n, err);
}
