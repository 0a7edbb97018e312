/*
 * zsclassify - zero-shot classification: which class's prompts lie nearest to
 * an image's embedding; and how often that is right.
 */
#include "base/base.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "filter/filter.h"
#include "ml/zeroshot.h"
#include "rec/emb.h"
#include "text/templates.h"

enum { BATCH = 64 };

enum report { REPORT_NONE, REPORT_TEXT, REPORT_JSON, REPORT_UNSAID };

struct options {
	struct common common;
	const char *model, *classes;
	const char *templates;
	struct opt_list template;
	const char *class_vectors;
	const char *template_rows;
	const char *image_vectors, *labels;
	uint64_t top_k;
	unsigned report; /* enum report */
	const char *report_file;
	uint64_t first_row, last_row; /* from template_rows */
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'m', "model", "FOLDER", OPT_FILE, AT(model), OPT_OUTPUT, 0, 0,
		"CLIP model whose text tower reads the prompts"},
	{0, "classes", "FILE", OPT_FILE, AT(classes), OPT_OUTPUT, 0, 0,
		"class names, one per line"},
	{0, "templates", "FILE", OPT_FILE, AT(templates), OPT_OUTPUT, 0, 0,
		"prompt templates, one per line"},
	{0, "template", "TEXT", OPT_LIST, AT(template), OPT_OUTPUT, 0, 0,
		"a prompt template with {c} for the class; repeatable"},
	{0, "class-vectors", "FILE", OPT_FILE, AT(class_vectors), OPT_OUTPUT, 0,
		0, "class embeddings (.npy) in place of a model"},
	{0, "template-rows", "A-B", OPT_STR, AT(template_rows), OPT_OUTPUT, 0,
		0, "only these rows of the class vectors, from 0"},
	{0, "image-vectors", "FILE", OPT_FILE, AT(image_vectors), 0, 0, 0,
		"evaluate these embeddings (.npy), read no records"},
	{0, "labels", "FILE", OPT_FILE, AT(labels), 0, 0, 0,
		"true class numbers (.npy) of --image-vectors"},
	{0, "top-k", "N", OPT_U64, AT(top_k), OPT_OUTPUT, 1, 1e6,
		"classes kept in 'pred' (default 5)"},
	{0, "report", "none|text|json", OPT_CHOICE, AT(report), 0, 0, 0,
		"write an evaluation in place of the records"},
	{0, "report-file", "FILE", OPT_FILE, AT(report_file), 0, 0, 0,
		"write the evaluation to FILE, the records as usual"},
};

static const struct cli cli = {
	.name = "zsclassify",
	.summary = "Classify image embeddings by class names, zero-shot.",
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* What the records are classified with. */
struct classifier {
	struct zeroshot *z;
	struct clip *model; /* or NULL */
	uint64_t top_k;
	bool evaluate;
	struct zs_eval eval;
};

static void refuse(bool broken, const char *rule)
{
	if (broken)
		cli_usage_error(&cli, "%s", rule);
}

static void check_vectors(const struct options *o)
{
	refuse(!o->model == !o->class_vectors,
		"give either --model or --class-vectors");
	refuse(o->class_vectors && (o->templates || o->template.n),
		"templates go with --model, not --class-vectors");
	refuse(o->template_rows && !o->class_vectors,
		"--template-rows goes with --class-vectors");
	refuse(!o->image_vectors != !o->labels,
		"--image-vectors and --labels go together");
	refuse(o->image_vectors && o->model,
		"--image-vectors goes with --class-vectors");
	refuse(!o->image_vectors && !o->classes,
		"--classes is needed: the classes' names, one per line");
	refuse(o->image_vectors && o->common.reject,
		"--reject is for records, not for --image-vectors");
}

static void check(struct options *o)
{
	bool to_output = o->image_vectors && o->common.output;

	check_vectors(o);
	refuse(to_output && o->report_file,
		"give the report either -o or --report-file");
	refuse(o->report == REPORT_NONE && (o->report_file || to_output),
		"--report none leaves nothing for the file");
	if (o->template_rows && zeroshot_parse_rows(o->template_rows,
					&o->first_row, &o->last_row))
		cli_usage_error(&cli, "--template-rows takes A-B, not '%s'",
			o->template_rows);
	if (o->report == REPORT_UNSAID)
		o->report = o->image_vectors || o->report_file ? REPORT_TEXT
							       : REPORT_NONE;
	if (o->model && !o->templates && !o->template.n) {
		o->template.items = (const char **)template_defaults;
		o->template.n = ARRAY_SIZE(template_defaults);
	}
}

static int load_lines(struct lines *l, const char *path, struct filter *f,
	struct err *err)
{
	uint8_t sum[SHA256_BYTES];
	uint64_t bytes;

	if (lines_load(l, path, sum, &bytes, err))
		return -1;
	if (f)
		filter_add_input(f, path, bytes, sum);
	return 0;
}

static int open_model(const struct options *o, struct filter *f,
	const struct lines *names, struct classifier *c, struct err *err)
{
	struct lines t = LINES_INIT;
	int rc = 0;

	if (o->templates)
		rc = load_lines(&t, o->templates, f, err);
	for (size_t i = 0; i < o->template.n; i++)
		lines_add(&t, o->template.items[i],
			strlen(o->template.items[i]));
	for (size_t i = 0; i < t.n && !rc; i++)
		rc = template_check(t.items[i], err);
	if (!rc)
		c->model = clip_open(o->model, 1, err);
	if (c->model)
		c->z = zeroshot_from_model(c->model, names, &t, err);
	lines_release(&t);
	return c->z ? 0 : -1;
}

/* f: NULL when no records are read. */
static int classifier_open(const struct options *o, struct filter *f,
	struct classifier *c, struct err *err)
{
	struct lines names = LINES_INIT;
	int rc = 0;

	if (o->classes)
		rc = load_lines(&names, o->classes, f, err);
	if (!rc && o->model)
		rc = open_model(o, f, &names, c, err);
	if (!rc && !o->model) {
		c->z = zeroshot_load(o->class_vectors, o->first_row,
			o->last_row, o->classes ? &names : NULL, err);
		rc = c->z ? 0 : -1;
		if (f)
			filter_add_input(f, o->class_vectors, UINT64_MAX, NULL);
	}
	lines_release(&names);
	if (rc)
		return -1;
	c->top_k = MIN(o->top_k, c->z->classes);
	c->evaluate = o->report != REPORT_NONE;
	zs_eval_init(&c->eval, c->z);
	return 0;
}

static void set_pred(const struct classifier *c, struct item *item,
	const double *scores)
{
	size_t k = c->top_k, *top = xcalloc(k, sizeof(*top));
	struct buf b = BUF_INIT;

	zeroshot_top(scores, c->z->classes, k, top);
	pack_array(&b, k);
	for (size_t i = 0; i < k; i++) {
		pack_map(&b, 2);
		pack_cstr(&b, "class");
		pack_cstr(&b, c->z->names.items[top[i]]);
		pack_cstr(&b, "score");
		pack_f64(&b, scores[top[i]]);
	}
	rec_set(&item->rec, "pred", &b);
	buf_release(&b);
	free(top);
}

/* Records without a label are not counted. */
static void count_label(struct classifier *c, struct item *item,
	const double *scores)
{
	const size_t *at;
	struct str label;
	struct err why;
	int rc = rec_get_str(&item->rec, "label", &label, &why);

	if (rc < 0) {
		item_fault(item, "bad label", "%s", why.msg);
	} else if (rc) {
		at = map_get(&c->z->by_name, label);
		if (at)
			zs_eval_add(&c->eval, *at, scores);
		else
			item_fault(item, "unknown label", "'%.*s' is no class",
				(int)MIN(label.len, 100), label.s);
	}
}

static void classify_one(struct classifier *c, struct item *item, double *v,
	double *scores)
{
	const char *id = c->model ? clip_id(c->model) : NULL;
	struct err why;
	int rc = emb_read_f64s(&item->rec, "img_emb", id, v, c->z->dim, &why);

	if (!rc) {
		item_fault(item, "no img_emb", "run clip-embed --image first");
	} else if (rc < 0 || zeroshot_scores(c->z, v, scores, &why)) {
		item_fault(item, "bad img_emb", "%s", why.msg);
	} else {
		set_pred(c, item, scores);
		if (c->evaluate)
			count_label(c, item, scores);
	}
}

static int classify(void *ctx, struct item **items, size_t n, unsigned worker,
	struct err *err)
{
	struct classifier *c = ctx;
	double *v = xcalloc(c->z->dim, sizeof(*v));
	double *scores = xcalloc(c->z->classes, sizeof(*scores));

	(void)worker;
	(void)err;
	for (size_t i = 0; i < n; i++)
		classify_one(c, items[i], v, scores);
	free(scores);
	free(v);
	return 0;
}

/* f: NULL when arrays are evaluated, not records. */
static int run(const struct options *o, struct filter *f, struct err *err)
{
	struct classifier c = {.z = NULL};
	int rc = classifier_open(o, f, &c, err);

	if (!rc && f)
		rc = filter_map(f, classify, &c, BATCH, err);
	else if (!rc)
		rc = zs_eval_load(&c.eval, o->image_vectors, o->labels, err);
	if (!rc && c.evaluate)
		rc = zs_report_save(&c.eval, o->report == REPORT_JSON,
			o->report_file ? o->report_file : o->common.output,
			err);
	zs_eval_release(&c.eval);
	zeroshot_free(c.z);
	clip_free(c.model);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.top_k = 5,
		.last_row = UINT64_MAX,
		.report = REPORT_UNSAID};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	check(&o);
	if (o.image_vectors) {
		if (!run(&o, NULL, &err))
			return EXIT_DONE;
		log_error("%s", err.msg);
		return EXIT_FAILED;
	}
	f = filter_open(&cli, &o, o.report && !o.report_file ? FILTER_SINK : 0,
		&err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
