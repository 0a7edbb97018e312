#include "base/base.h"
#include "ml/zeroshot.h"

#include <math.h>

struct zeroshot *zeroshot_new(size_t classes, size_t dim)
{
	struct zeroshot *z = xcalloc(1, sizeof(*z));
	size_t n;

	if (__builtin_mul_overflow(classes, dim, &n))
		n = SIZE_MAX;
	z->classes = classes;
	z->dim = dim;
	z->w = xcalloc(n, sizeof(*z->w));
	z->prompts = xcalloc(classes, sizeof(*z->prompts));
	return z;
}

void zeroshot_free(struct zeroshot *z)
{
	if (!z)
		return;
	free(z->w);
	free(z->prompts);
	lines_release(&z->names);
	map_release(&z->by_name);
	free(z);
}

/* The length of v, or -1 when it has no direction. */
static double length(const double *v, size_t dim)
{
	double sum = 0;

	for (size_t i = 0; i < dim; i++)
		sum += v[i] * v[i];
	return isfinite(sum) && sum > 0 ? sqrt(sum) : -1;
}

int zeroshot_add(struct zeroshot *z, size_t class_at, const double *v,
	struct err *err)
{
	double *w = z->w + class_at * z->dim, len = length(v, z->dim);

	if (len < 0)
		return err_set(err,
			"a vector of class %zu is zero or not "
			"finite",
			class_at);
	for (size_t i = 0; i < z->dim; i++)
		w[i] += v[i] / len;
	z->prompts[class_at]++;
	return 0;
}

int zeroshot_finish(struct zeroshot *z, struct err *err)
{
	for (size_t c = 0; c < z->classes; c++) {
		double *w = z->w + c * z->dim, len = length(w, z->dim);

		if (!z->prompts[c])
			return err_set(err, "class %zu has no prompt", c);
		if (len < 0)
			return err_set(err,
				"the vectors of class %zu cancel "
				"out",
				c);
		for (size_t i = 0; i < z->dim; i++)
			w[i] /= len;
	}
	return 0;
}

int zeroshot_set_names(struct zeroshot *z, const struct lines *names,
	struct err *err)
{
	if (names->n != z->classes)
		return err_set(err, "%zu names for %zu classes", names->n,
			z->classes);
	for (size_t i = 0; i < names->n; i++) {
		struct str name = str_from(names->items[i]);

		if (map_get(&z->by_name, name))
			return err_set(err, "class '%s' is there twice",
				name.s);
		*map_put(&z->by_name, name) = i;
		lines_add(&z->names, name.s, name.len);
	}
	return 0;
}

int zeroshot_scores(const struct zeroshot *z, const double *v, double *scores,
	struct err *err)
{
	double len = length(v, z->dim);

	if (len < 0)
		return err_set(err, "the embedding is zero or not finite");
	for (size_t c = 0; c < z->classes; c++) {
		const double *w = z->w + c * z->dim;
		double dot = 0;

		for (size_t i = 0; i < z->dim; i++)
			dot += w[i] * v[i];
		scores[c] = dot / len;
	}
	return 0;
}

void zeroshot_top(const double *scores, size_t classes, size_t k, size_t *out)
{
	size_t n = 0;

	/* insertion into a short sorted list; equal ones stay behind */
	for (size_t c = 0; c < classes; c++) {
		size_t at = n;

		while (at > 0 && scores[c] > scores[out[at - 1]])
			at--;
		if (at == k)
			continue;
		n = MIN(n + 1, k);
		memmove(out + at + 1, out + at, (n - 1 - at) * sizeof(*out));
		out[at] = c;
	}
}

void zs_eval_init(struct zs_eval *e, const struct zeroshot *z)
{
	e->z = z;
	e->by_class = xcalloc(z->classes, sizeof(*e->by_class));
	pthread_mutex_init(&e->lock, NULL);
}

void zs_eval_release(struct zs_eval *e)
{
	if (!e->z)
		return;
	free(e->by_class);
	pthread_mutex_destroy(&e->lock);
	*e = (struct zs_eval){.z = NULL};
}

void zs_eval_add(struct zs_eval *e, size_t label, const double *scores)
{
	struct zs_class *c = &e->by_class[label];
	size_t better = 0;

	for (size_t i = 0; i < e->z->classes; i++)
		better += scores[i] > scores[label] ||
			  (scores[i] == scores[label] && i < label);
	pthread_mutex_lock(&e->lock);
	c->n++;
	c->top1 += better < 1;
	c->top5 += better < 5;
	pthread_mutex_unlock(&e->lock);
}
