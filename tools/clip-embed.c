/*
 * clip-embed - embeddings of chips and texts, and their similarity.
 */
#include "base/base.h"
#include "base/log.h"
#include "filter/filter.h"
#include "img/img.h"
#include "json/json.h"
#include "ml/clip.h"
#include "ml/text_cache.h"
#include "rec/emb.h"

#include <math.h>

enum dtype { DTYPE_F16, DTYPE_F32 };

enum { TEXT_CACHE_BYTES = 256 << 20 };

struct options {
	struct common common;
	const char *model;
	bool image;
	const char *text;
	uint64_t batch;
	unsigned dtype;
};

static const struct opt table[] = {
	{'m', "model", "FOLDER", OPT_FILE, offsetof(struct options, model),
		OPT_OUTPUT, 0, 0, "the CLIP model (needed)"},
	{0, "image", NULL, OPT_FLAG, offsetof(struct options, image),
		OPT_OUTPUT, 0, 0, "embed the pixels in 'chip'"},
	{0, "text", "FIELD", OPT_STR, offsetof(struct options, text),
		OPT_OUTPUT, 0, 0, "embed the text in FIELD"},
	{0, "batch", "N", OPT_U64, offsetof(struct options, batch), OPT_OUTPUT,
		1, 4096,
		"records that go through the model together "
		"(default 32)"},
	{0, "emb-dtype", "f16|f32", OPT_CHOICE, offsetof(struct options, dtype),
		OPT_OUTPUT, 0, 0, "how embeddings are stored (default f16)"},
};

static const struct cli cli = {
	.name = "clip-embed",
	.summary = "Add CLIP embeddings of chips and texts, and their "
		   "similarity.",
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* What one thread needs for one batch. */
struct worker {
	struct clip_scratch *scratch;
	struct image *chips;   /* [batch] */
	struct item **good;    /* [batch] records that can be embedded */
	float *images, *texts; /* [batch, dim] */
};

struct embedder {
	const struct options *o;
	struct clip *model;
	struct text_cache *cache;
	struct worker *workers; /* [threads] */
};

/* Decodes the record's chip; false when the record has been set aside. */
static bool read_chip(struct item *item, struct image *out)
{
	struct str chip;
	struct err err;
	int rc = rec_get_bin(&item->rec, "chip", &chip, &err);

	if (!rc)
		item_fault(item, "no chip",
			"there must be 'chip': run "
			"tile-fetch first");
	else if (rc < 0 || image_decode(chip.s, chip.len, out, &err))
		item_fault(item, "bad chip", "%s", err.msg);
	return item->verdict == KEEP;
}

static bool check_text(struct item *item, const char *field)
{
	struct str text;
	struct err err;
	int rc = rec_get_str(&item->rec, field, &text, &err);

	if (rc < 0)
		item_fault(item, "bad text", "%s", err.msg);
	else if (!rc || !text.len)
		item_fault(item, "no text", "there must be text in '%s'",
			field);
	else if (!utf8_valid(text.s, text.len))
		item_fault(item, "bad text", "'%s' is not UTF-8", field);
	return item->verdict == KEEP;
}

/*
 * A record has one emb_dtype and emb_model for both vectors: one that stays
 * must be like the one that is made.
 */
static bool check_other(const struct embedder *e, struct item *item)
{
	const char *other = e->o->image ? "txt_emb" : "img_emb";
	struct emb emb;
	struct err err;
	int rc;

	if (e->o->image && e->o->text)
		return true;
	rc = emb_read(&item->rec, other, &emb, &err);
	if (rc < 0)
		item_fault(item, "mixed embeddings", "%s", err.msg);
	else if (rc && (emb.dim != clip_dim(e->model) ||
			       emb.half != (e->o->dtype == DTYPE_F16) ||
			       !str_is(emb.model, clip_id(e->model))))
		item_fault(item, "mixed embeddings", "'%s' is of '%.*s', as %s",
			other, (int)MIN(emb.model.len, 100), emb.model.s,
			emb.half ? "f16" : "f32");
	return item->verdict == KEEP;
}

/* Collects what can be embedded in w->good and w->chips; returns how many. */
static size_t collect(const struct embedder *e, struct worker *w,
	struct item **items, size_t n)
{
	size_t good = 0;

	for (size_t i = 0; i < n; i++) {
		struct image *chip = &w->chips[good];

		if (e->o->text && !check_text(items[i], e->o->text))
			continue;
		if (!check_other(e, items[i]))
			continue;
		if (e->o->image && !read_chip(items[i], chip))
			continue;
		w->good[good++] = items[i];
	}
	return good;
}

static int embed_text(const struct embedder *e, struct worker *w,
	const struct item *item, float *out, struct err *err)
{
	struct str text;

	if (rec_get_str(&item->rec, e->o->text, &text, err) < 0)
		return -1;
	if (text_cache_get(e->cache, text, out))
		return 0;
	if (clip_embed_texts(e->model, w->scratch, &text, 1, out, err))
		return -1;
	text_cache_put(e->cache, text, out);
	return 0;
}

/* Reads a vector that stays; false when there is none. */
static bool stored_vector(const struct embedder *e, const struct rec *rec,
	const char *field, float *out)
{
	struct emb emb;
	struct err err;

	if (emb_read(rec, field, &emb, &err) <= 0)
		return false;
	for (size_t i = 0; i < clip_dim(e->model); i++)
		out[i] = emb_at(&emb, i);
	return true;
}

static double cosine(const float *a, const float *b, size_t n)
{
	double ab = 0, aa = 0, bb = 0;

	for (size_t i = 0; i < n; i++) {
		ab += (double)a[i] * (double)b[i];
		aa += (double)a[i] * (double)a[i];
		bb += (double)b[i] * (double)b[i];
	}
	return ab / sqrt(aa * bb);
}

static void set_fields(const struct embedder *e, struct rec *rec, float *image,
	float *text)
{
	size_t dim = clip_dim(e->model);
	bool half = e->o->dtype == DTYPE_F16, both = true;
	double sim;

	if (e->o->image)
		emb_set(rec, "img_emb", image, dim, half);
	else
		both = stored_vector(e, rec, "img_emb", image);
	if (e->o->text)
		emb_set(rec, "txt_emb", text, dim, half);
	else
		both = stored_vector(e, rec, "txt_emb", text);
	emb_set_kind(rec, half, clip_id(e->model));
	sim = both ? cosine(image, text, dim) : NAN;
	if (isfinite(sim))
		rec_set_f64(rec, "sim", sim);
	else
		rec_drop(rec, "sim"); /* it was of other vectors */
}

static int embed_batch(void *ctx, struct item **items, size_t n,
	unsigned worker, struct err *err)
{
	struct embedder *e = ctx;
	struct worker *w = &e->workers[worker];
	size_t dim = clip_dim(e->model);
	size_t good = collect(e, w, items, n);
	int rc = 0;

	if (e->o->image && good)
		rc = clip_embed_images(e->model, w->scratch, w->chips, good,
			w->images, err);
	for (size_t i = 0; i < good; i++)
		image_release(&w->chips[i]);
	for (size_t i = 0; i < good && !rc; i++) {
		float *image = w->images + i * dim, *text = w->texts + i * dim;

		if (e->o->text)
			rc = embed_text(e, w, w->good[i], text, err);
		if (!rc)
			set_fields(e, &w->good[i]->rec, image, text);
	}
	return rc;
}

static void workers_init(struct embedder *e)
{
	size_t batch = e->o->batch, floats = batch * clip_dim(e->model);

	e->workers = xcalloc(e->o->common.threads, sizeof(*e->workers));
	for (uint64_t i = 0; i < e->o->common.threads; i++) {
		struct worker *w = &e->workers[i];

		w->scratch = clip_scratch_new(e->model);
		w->chips = xcalloc(batch, sizeof(*w->chips));
		w->good = xcalloc(batch, sizeof(struct item *));
		w->images = xcalloc(floats, sizeof(*w->images));
		w->texts = xcalloc(floats, sizeof(*w->texts));
	}
}

static void embedder_release(struct embedder *e)
{
	for (uint64_t i = 0; e->workers && i < e->o->common.threads; i++) {
		clip_scratch_free(e->workers[i].scratch);
		free(e->workers[i].chips);
		free(e->workers[i].good);
		free(e->workers[i].images);
		free(e->workers[i].texts);
	}
	free(e->workers);
	text_cache_free(e->cache);
	clip_free(e->model);
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	struct embedder e = {.o = o};
	int rc = -1;

	e.model = clip_open(o->model, (unsigned)o->common.threads, err);
	if (e.model) {
		log_debug("model %s, on OpenBLAS's kernels for %s",
			clip_id(e.model), clip_backend());
		filter_add_input(f, clip_id(e.model), UINT64_MAX, NULL);
		e.cache = text_cache_new(clip_dim(e.model), TEXT_CACHE_BYTES);
		workers_init(&e);
		rc = filter_map(f, embed_batch, &e, o->batch, err);
	}
	embedder_release(&e);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.batch = 32};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (!o.model)
		cli_usage_error(&cli, "which model? Say -m FOLDER");
	if (!o.image && !o.text)
		cli_usage_error(&cli, "say what to embed: --image, --text "
				      "FIELD or both");
	f = filter_open(&cli, &o, 0, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
