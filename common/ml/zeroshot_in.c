/* Class vectors from arrays and models, and evaluation on arrays. */
#include "base/base.h"
#include "ml/zeroshot.h"
#include "base/num.h"

#include <inttypes.h>

#define MAX_ARRAY_FILE (UINT64_C(8) << 30)

enum { TEXT_BATCH = 32 };

struct zeroshot *zeroshot_from_npy(const struct npy *a, uint64_t first,
	uint64_t last, struct err *err)
{
	uint64_t rows = a->ndim == 3 ? a->shape[0] : 1, classes, dim;
	struct zeroshot *z;
	double *v;

	if (a->kind != NPY_FLOAT) {
		err_set(err, "class vectors must be floats");
		return NULL;
	}
	if ((a->ndim != 2 && a->ndim != 3) || !a->count) {
		err_set(err,
			"class vectors are [templates, classes, dim] or "
			"[classes, dim]; this array has %zu dimensions%s",
			a->ndim, a->count ? "" : " and is empty");
		return NULL;
	}
	classes = a->shape[a->ndim - 2];
	dim = a->shape[a->ndim - 1];
	if (last == UINT64_MAX)
		last = rows - 1;
	if (first > last || last >= rows) {
		err_set(err,
			"there are no template rows %" PRIu64 "-%" PRIu64
			", only 0-%" PRIu64,
			first, last, rows - 1);
		return NULL;
	}
	z = zeroshot_new(classes, dim);
	v = xcalloc(dim, sizeof(*v));
	for (uint64_t row = first * classes; row < (last + 1) * classes;
		row++) {
		for (uint64_t i = 0; i < dim; i++)
			v[i] = npy_f64(a, row * dim + i);
		if (zeroshot_add(z, row % classes, v, err)) {
			err_prefix(err, "template row %" PRIu64, row / classes);
			goto fail;
		}
	}
	if (zeroshot_finish(z, err))
		goto fail;
	free(v);
	return z;
fail:
	free(v);
	zeroshot_free(z);
	return NULL;
}

int zeroshot_parse_rows(const char *text, uint64_t *first, uint64_t *last)
{
	char *a = xstrdup(text), *dash = strchr(a, '-');
	int rc;

	if (dash)
		*dash = '\0';
	rc = parse_u64(a, first) || parse_u64(dash ? dash + 1 : a, last) ||
	     *first > *last;
	free(a);
	return rc ? -1 : 0;
}

struct zeroshot *zeroshot_load(const char *path, uint64_t first, uint64_t last,
	const struct lines *names, struct err *err)
{
	struct zeroshot *z;
	struct npy a;

	if (npy_load(path, MAX_ARRAY_FILE, &a, err))
		return NULL;
	z = zeroshot_from_npy(&a, first, last, err);
	npy_release(&a);
	if (z && (!names || !zeroshot_set_names(z, names, err)))
		return z;
	err_prefix(err, "%s", path);
	zeroshot_free(z);
	return NULL;
}

/* One batch of a class's prompts, through the text tower into z. */
static int add_prompts(struct zeroshot *z, const struct clip *m,
	struct clip_scratch *scratch, size_t class_at, const char *class_name,
	char *const *templates, size_t n, struct err *err)
{
	struct buf prompts[TEXT_BATCH];
	struct str texts[TEXT_BATCH];
	float *out = xcalloc(n * z->dim, sizeof(*out));
	double *v = xcalloc(z->dim, sizeof(*v));
	int rc;

	for (size_t i = 0; i < n; i++) {
		prompts[i] = (struct buf)BUF_INIT;
		template_fill(templates[i], class_name, &prompts[i]);
		texts[i] = (struct str){prompts[i].data, prompts[i].len};
	}
	rc = clip_embed_texts(m, scratch, texts, n, out, err);
	for (size_t i = 0; i < n && !rc; i++) {
		for (size_t k = 0; k < z->dim; k++)
			v[k] = (double)out[i * z->dim + k];
		rc = zeroshot_add(z, class_at, v, err);
	}
	for (size_t i = 0; i < n; i++)
		buf_release(&prompts[i]);
	free(v);
	free(out);
	return rc;
}

struct zeroshot *zeroshot_from_model(const struct clip *m,
	const struct lines *classes, const struct lines *templates,
	struct err *err)
{
	struct zeroshot *z = zeroshot_new(classes->n, clip_dim(m));
	struct clip_scratch *scratch = clip_scratch_new(m);
	int rc = zeroshot_set_names(z, classes, err);

	for (size_t c = 0; c < classes->n && !rc; c++)
		for (size_t t = 0; t < templates->n && !rc; t += TEXT_BATCH)
			rc = add_prompts(z, m, scratch, c, classes->items[c],
				templates->items + t,
				MIN(templates->n - t, TEXT_BATCH), err);
	if (!rc)
		rc = zeroshot_finish(z, err);
	clip_scratch_free(scratch);
	if (!rc)
		return z;
	zeroshot_free(z);
	return NULL;
}

/* The shapes fit each other, and every label is a class. */
static int check_arrays(const struct zeroshot *z, const struct npy *images,
	const struct npy *labels, struct err *err)
{
	int64_t label;

	if (images->kind != NPY_FLOAT)
		return err_set(err, "image vectors must be floats");
	if (labels->kind != NPY_INT && labels->kind != NPY_UINT)
		return err_set(err, "labels must be integers");
	if (images->ndim != 2 || images->shape[1] != z->dim)
		return err_set(err,
			"image vectors must be [images, %zu] as "
			"the class vectors are",
			z->dim);
	if (labels->ndim != 1 || labels->shape[0] != images->shape[0])
		return err_set(err,
			"labels must be one row of %" PRIu64 ", one per image",
			images->shape[0]);
	for (uint64_t i = 0; i < labels->count; i++) {
		if (npy_i64(labels, i, &label))
			return err_set(err,
				"the label of image %" PRIu64 " is too large",
				i);
		if (label < 0 || (uint64_t)label >= z->classes)
			return err_set(err,
				"label %" PRId64 " of image %" PRIu64
				" is none of the %zu classes",
				label, i, z->classes);
	}
	return 0;
}

int zs_eval_npy(struct zs_eval *e, const struct npy *images,
	const struct npy *labels, struct err *err)
{
	const struct zeroshot *z = e->z;
	double *v, *scores;
	int rc = 0;

	if (check_arrays(z, images, labels, err))
		return -1;
	v = xcalloc(z->dim, sizeof(*v));
	scores = xcalloc(z->classes, sizeof(*scores));
	for (uint64_t i = 0; i < images->shape[0] && !rc; i++) {
		int64_t label = -1;

		for (size_t k = 0; k < z->dim; k++)
			v[k] = npy_f64(images, i * z->dim + k);
		rc = npy_i64(labels, i, &label);
		if (!rc)
			rc = zeroshot_scores(z, v, scores, err);
		if (rc)
			err_prefix(err, "image %" PRIu64, i);
		else
			zs_eval_add(e, (size_t)label, scores);
	}
	free(scores);
	free(v);
	return rc;
}

int zs_eval_load(struct zs_eval *e, const char *images, const char *labels,
	struct err *err)
{
	struct npy im, lab;
	int rc;

	if (npy_load(images, MAX_ARRAY_FILE, &im, err))
		return -1;
	rc = npy_load(labels, MAX_ARRAY_FILE, &lab, err);
	if (!rc)
		rc = zs_eval_npy(e, &im, &lab, err);
	npy_release(&im);
	npy_release(&lab);
	return rc;
}
