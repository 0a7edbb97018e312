/*
 * zeroshot.h - zero-shot classification: which class's text lies nearest.
 *
 * Radford et al. 2021 §3.1 and the SkyScript benchmarks: every prompt's
 * embedding is scaled to length 1, a class's are averaged over the templates,
 * the average is scaled to length 1. A class's score for an image is the
 * cosine of the two; of equal scores the class named first wins. Sums are in
 * double and in a fixed order. A finished struct zeroshot is read-only: any
 * thread may use it.
 */
#ifndef ML_ZEROSHOT_H
#define ML_ZEROSHOT_H

#include "ml/clip.h"
#include "base/map.h"
#include "codec/npy.h"
#include "text/templates.h"

#include <pthread.h>

struct zeroshot {
	size_t classes, dim;
	double *w;          /* [classes, dim], unit vectors once finished */
	size_t *prompts;    /* [classes] added so far */
	struct lines names; /* [classes], or none */
	struct map by_name; /* name → class */
};

/* Both > 0 and already checked against the input they come from. */
struct zeroshot *zeroshot_new(size_t classes, size_t dim);
void zeroshot_free(struct zeroshot *z);
/* One prompt's embedding, v [dim]. -1 when it has no direction. */
int zeroshot_add(struct zeroshot *z, size_t class_at, const double *v,
	struct err *err) MUST_USE;
/* Once all are in. -1 when a class has no prompt or they cancel out. */
int zeroshot_finish(struct zeroshot *z, struct err *err) MUST_USE;
/* Copies the names: one per class, each once, or -1. */
int zeroshot_set_names(struct zeroshot *z, const struct lines *names,
	struct err *err) MUST_USE;

/*
 * From an array of floats, [templates, classes, dim] or [classes, dim]; of the
 * first dimension of three only the rows first … last are taken (UINT64_MAX: up
 * to the last one). NULL on error.
 */
struct zeroshot *zeroshot_from_npy(const struct npy *a, uint64_t first,
	uint64_t last, struct err *err) MUST_USE;
/* The same from a file, with names (or NULL); errors name the file. */
struct zeroshot *zeroshot_load(const char *path, uint64_t first, uint64_t last,
	const struct lines *names, struct err *err) MUST_USE;
/* "A-B", or "A" for one row; -1 when it is neither, or B is below A. */
int zeroshot_parse_rows(const char *text, uint64_t *first,
	uint64_t *last) MUST_USE;
/* From a model: each template filled with each class's name. NULL on error. */
struct zeroshot *zeroshot_from_model(const struct clip *m,
	const struct lines *classes, const struct lines *templates,
	struct err *err) MUST_USE;

/*
 * The cosines of one image's embedding, v [dim] of any length: scores
 * [classes]. -1 when v has no direction (zero or not finite).
 */
int zeroshot_scores(const struct zeroshot *z, const double *v, double *scores,
	struct err *err) MUST_USE;
/* The k (≤ classes) best classes into out [k], best first. */
void zeroshot_top(const double *scores, size_t classes, size_t k, size_t *out);

/* What an evaluation counts, per true class. */
struct zs_class {
	uint64_t n, top1, top5;
};

/* Classes stand for themselves: z must live longer. Any thread may add. */
struct zs_eval {
	const struct zeroshot *z;
	struct zs_class *by_class; /* [classes] */
	pthread_mutex_t lock;
};

void zs_eval_init(struct zs_eval *e, const struct zeroshot *z);
void zs_eval_release(struct zs_eval *e);
/* One image of the true class `label` (< classes), scores [classes]. */
void zs_eval_add(struct zs_eval *e, size_t label, const double *scores);
/* Floats, images [n, dim], and integer labels [n], each < classes. */
int zs_eval_npy(struct zs_eval *e, const struct npy *images,
	const struct npy *labels, struct err *err) MUST_USE;
/* The same from files. */
int zs_eval_load(struct zs_eval *e, const char *images, const char *labels,
	struct err *err) MUST_USE;

/*
 * The report, appended, accuracies in percent. Classes without names go by
 * their numbers. Both end with a newline.
 */
void zs_report_json(const struct zs_eval *e, struct buf *out);
void zs_report_text(const struct zs_eval *e, struct buf *out);
/* Either of them into a file, as save_file() does. */
int zs_report_save(const struct zs_eval *e, bool json, const char *path,
	struct err *err) MUST_USE;

#endif
