#include "base/base.h"
#include "ml/zeroshot.h"
#include "base/io.h"
#include "json/json.h"

#include <inttypes.h>

/* Percent, the product first: 817 of 1005 then is 81.29353233830845. */
static double percent(uint64_t part, uint64_t whole)
{
	return 100.0 * (double)part / (double)whole;
}

static struct zs_class sum(const struct zs_eval *e)
{
	struct zs_class all = {0, 0, 0};

	for (size_t i = 0; i < e->z->classes; i++) {
		all.n += e->by_class[i].n;
		all.top1 += e->by_class[i].top1;
		all.top5 += e->by_class[i].top5;
	}
	return all;
}

/* The mean over the classes that have images; false when none has. */
static bool mean_of_classes(const struct zs_eval *e, double *mean)
{
	double total = 0;
	size_t n = 0;

	for (size_t i = 0; i < e->z->classes; i++) {
		const struct zs_class *c = &e->by_class[i];

		if (!c->n)
			continue;
		total += percent(c->top1, c->n);
		n++;
	}
	*mean = n ? total / (double)n : 0;
	return n != 0;
}

static void add_percent(struct buf *out, const char *key, uint64_t part,
	uint64_t whole)
{
	buf_addf(out, "\"%s\": ", key);
	if (whole)
		json_add_f64(out, percent(part, whole));
	else
		buf_adds(out, "null");
}

static void add_name(struct buf *out, const struct zeroshot *z, size_t i,
	bool json)
{
	if (!z->names.n)
		buf_addf(out, "%zu", i);
	else if (json)
		json_add_str(out, z->names.items[i], strlen(z->names.items[i]));
	else
		buf_adds(out, z->names.items[i]);
}

void zs_report_json(const struct zs_eval *e, struct buf *out)
{
	struct zs_class all = sum(e);
	double mean;

	buf_adds(out, "{");
	add_percent(out, "top1", all.top1, all.n);
	buf_adds(out, ", ");
	add_percent(out, "top5", all.top5, all.n);
	buf_adds(out, ", \"mean_class_top1\": ");
	if (mean_of_classes(e, &mean))
		json_add_f64(out, mean);
	else
		buf_adds(out, "null");
	buf_addf(out,
		", \"images\": %" PRIu64 ", \"correct\": %" PRIu64
		", \"classes\": [",
		all.n, all.top1);
	for (size_t i = 0; i < e->z->classes; i++) {
		const struct zs_class *c = &e->by_class[i];

		buf_addf(out, "%s\n {\"class\": ", i ? "," : "");
		add_name(out, e->z, i, true);
		buf_addf(out,
			", \"images\": %" PRIu64 ", \"correct\": %" PRIu64 ", ",
			c->n, c->top1);
		add_percent(out, "top1", c->top1, c->n);
		buf_adds(out, "}");
	}
	buf_adds(out, "\n]}\n");
}

void zs_report_text(const struct zs_eval *e, struct buf *out)
{
	struct zs_class all = sum(e);
	double mean;

	if (!all.n) {
		buf_adds(out, "no image with a label\n");
		return;
	}
	buf_addf(out, "top-1 %8.4f %%  (%" PRIu64 " of %" PRIu64 ")\n",
		percent(all.top1, all.n), all.top1, all.n);
	buf_addf(out, "top-5 %8.4f %%  (%" PRIu64 " of %" PRIu64 ")\n",
		percent(all.top5, all.n), all.top5, all.n);
	if (mean_of_classes(e, &mean))
		buf_addf(out, "mean of classes, top-1 %8.4f %%\n", mean);
	buf_adds(out, "\ntop-1 %   correct    images  class\n");
	for (size_t i = 0; i < e->z->classes; i++) {
		const struct zs_class *c = &e->by_class[i];

		if (!c->n)
			continue;
		buf_addf(out, "%7.2f %9" PRIu64 " %9" PRIu64 "  ",
			percent(c->top1, c->n), c->top1, c->n);
		add_name(out, e->z, i, false);
		buf_adds(out, "\n");
	}
}

int zs_report_save(const struct zs_eval *e, bool json, const char *path,
	struct err *err)
{
	struct buf text = BUF_INIT;
	int rc;

	if (json)
		zs_report_json(e, &text);
	else
		zs_report_text(e, &text);
	rc = save_file(path, text.data, text.len, err);
	buf_release(&text);
	return rc;
}
