/* Averages, cosines, the order of classes and the report. */
#include "base/base.h"
#include "ml/zeroshot.h"
#include "unit/tap.h"

#include <math.h>

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static void test_average(void)
{
	/* two templates of one class: the long one must not weigh more */
	static const double a[2] = {10, 0}, b[2] = {0, 1}, zero[2] = {0, 0};
	static const double back[2] = {-3, 0}, bad[2] = {NAN, 1};
	struct zeroshot *z = zeroshot_new(1, 2);
	struct err err;
	double score;

	ok(zeroshot_add(z, 0, zero, &err) < 0 &&
			zeroshot_add(z, 0, bad, &err) < 0,
		"vectors without a direction are refused");
	ok(!zeroshot_add(z, 0, a, &err) && !zeroshot_add(z, 0, b, &err) &&
			!zeroshot_finish(z, &err),
		"averaged");
	ok(near(z->w[0], sqrt(0.5)) && near(z->w[1], sqrt(0.5)),
		"each vector counts the same, the mean has length 1");
	ok(!zeroshot_scores(z, a, &score, &err) && near(score, sqrt(0.5)),
		"a score is a cosine, whatever the length");
	ok(zeroshot_scores(z, zero, &score, &err) < 0,
		"no direction, no score");
	zeroshot_free(z);

	z = zeroshot_new(2, 2);
	ok(!zeroshot_add(z, 0, a, &err) && !zeroshot_add(z, 0, back, &err) &&
			zeroshot_finish(z, &err) < 0,
		"vectors that cancel out are refused");
	zeroshot_free(z);
	z = zeroshot_new(2, 2);
	ok(!zeroshot_add(z, 0, a, &err) && zeroshot_finish(z, &err) < 0,
		"so is a class without a prompt");
	zeroshot_free(z);
}

static void test_top(void)
{
	static const double scores[] = {0.1, 0.9, 0.5, 0.9, -1, 0.5};
	static const size_t want[] = {1, 3, 2, 5, 0, 4};
	size_t got[6];

	for (size_t k = 1; k <= 6; k++) {
		memset(got, 0xff, sizeof(got));
		zeroshot_top(scores, 6, k, got);
		ok(!memcmp(got, want, k * sizeof(*got)),
			"the best %zu; the first named wins a tie", k);
	}
}

static void test_names(void)
{
	struct lines names = LINES_INIT, twice = LINES_INIT;
	struct lines marked = LINES_INIT;
	struct zeroshot *z = zeroshot_new(2, 1);
	struct err err;

	ok(!lines_parse(&names, " barn\r\n\n roof shape of flat \n", 29,
		   &err) &&
			names.n == 2 &&
			!strcmp(names.items[1], "roof shape of flat"),
		"lines without blanks at their ends");
	ok(!lines_parse(&marked,
		   "\xef\xbb\xbf"
		   "barn\nx\n",
		   10, &err) &&
			marked.n == 2 && !strcmp(marked.items[0], "barn"),
		"a byte order mark is no part of the first line");
	lines_release(&marked);
	ok(lines_parse(&twice, "a\na", 3, &err) == 0 &&
			zeroshot_set_names(z, &twice, &err) < 0,
		"a class that is there twice is refused");
	zeroshot_free(z);
	z = zeroshot_new(2, 1);
	ok(!zeroshot_set_names(z, &names, &err) &&
			*map_get(&z->by_name, str_from("barn")) == 0,
		"classes by name");
	zeroshot_free(z);
	z = zeroshot_new(3, 1);
	ok(zeroshot_set_names(z, &names, &err) < 0, "one name per class");
	zeroshot_free(z);
	lines_release(&names);
	lines_release(&twice);
	ok(lines_parse(&names, "a\xff\n", 3, &err) < 0 &&
			lines_parse(&names, "\n\n", 2, &err) < 0,
		"text that is not UTF-8, and none at all, are refused");
	lines_release(&names);
}

static void test_templates(void)
{
	struct buf b = BUF_INIT;
	struct err err;

	template_fill("a {c} of {}, {x} {", "big {c}", &b);
	ok(!strcmp(buf_str(&b), "a big {c} of big {c}, {x} {"),
		"every place is filled, once: %s", buf_str(&b));
	ok(template_check("a photo", &err) < 0 && !template_check("{}", &err),
		"a template must have a place");
	ok(!strcmp(template_defaults[0], "a satellite photo of {c}.") &&
			!strcmp(template_defaults[1],
				"a satellite image of {c}"),
		"the paper's two templates");
	buf_release(&b);
}

static void test_eval(void)
{
	static const double scores[7] = {0.5, 0.4, 0.3, 0.2, 0.1, 0, 0.5};
	struct zeroshot *z = zeroshot_new(7, 1);
	struct buf b = BUF_INIT;
	struct zs_eval e;

	zs_eval_init(&e, z);
	zs_report_json(&e, &b);
	ok(strstr(buf_str(&b), "\"top1\": null") != NULL, "nothing counted");
	zs_eval_add(&e, 0, scores);
	zs_eval_add(&e, 6, scores); /* a tie with class 0, which wins */
	zs_eval_add(&e, 5, scores);
	buf_reset(&b);
	zs_report_json(&e, &b);
	ok(strstr(buf_str(&b), "\"top1\": 33.333333333333336, "
			       "\"top5\": 66.66666666666667,") != NULL,
		"all digits: %.60s", buf_str(&b));
	ok(e.by_class[6].top1 == 0 && e.by_class[6].top5 == 1 &&
			e.by_class[5].top5 == 0,
		"a tie goes to the class named first");
	buf_reset(&b);
	zs_report_text(&e, &b);
	ok(!strncmp(buf_str(&b), "top-1  33.3333 %  (1 of 3)\n", 27),
		"the text report");
	buf_release(&b);
	zs_eval_release(&e);
	zeroshot_free(z);
}

int main(void)
{
	test_average();
	test_top();
	test_names();
	test_templates();
	test_eval();
	return tap_done();
}
