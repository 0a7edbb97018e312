/*
 * The options that tools share, and the header's args.
 */
#include "base/base.h"
#include "cli/cli.h"
#include "cli/priv.h"
#include "base/io.h"
#include "base/num.h"

#include <inttypes.h>
#include <math.h>

enum { CLI_ALWAYS = 1 << 30 };

#define COMMON(member) offsetof(struct common, member)

static const struct {
	unsigned group;
	struct opt opt;
} common_opts[] = {
	{CLI_OUTPUT, {'o', "output", "FILE", OPT_FILE, COMMON(output), 0, 0, 0,
			     "write to FILE instead of standard output"}},
	{CLI_OUTPUT,
		{0, "require-output", NULL, OPT_FLAG, COMMON(require_output), 0,
			0, 0, "fail when no record comes out"}},
	{CLI_REJECT,
		{0, "reject", "FILE", OPT_FILE, COMMON(reject), 0, 0, 0,
			"write the records set aside, with the reason, to FILE"}},
	{CLI_REJECT,
		{0, "max-faults", "P%", OPT_PERCENT, COMMON(max_faults), 0, 0,
			100,
			"exit with 0 while at most P% of the records are faulty"}},
	{CLI_REJECT, {0, "strict", NULL, OPT_FLAG, COMMON(strict), 0, 0, 0,
			     "stop at the first faulty record"}},
	{CLI_RECORDS,
		{0, "max-record", "SIZE", OPT_SIZE, COMMON(max_record), 0, 1024,
			UINT32_MAX,
			"take and make records of at most SIZE (default 256M)"}},
	{CLI_SEED, {0, "seed", "N", OPT_U64, COMMON(seed), OPT_OUTPUT, 0, 0,
			   "seed of every random choice (default 0)"}},
	{CLI_THREADS,
		{'@', "threads", "N", OPT_U64, COMMON(threads), 0, 1, 1024,
			"work on N threads (default: the CPUs there are)"}},
	{CLI_ALWAYS, {'q', "quiet", NULL, OPT_FLAG, COMMON(quiet), 0, 0, 0,
			     "say nothing but errors"}},
	{CLI_ALWAYS, {'v', "verbose", NULL, OPT_FLAG, COMMON(verbose), 0, 0, 0,
			     "say more"}},
};

bool cli_each_opt(const struct cli *cli, opt_fn *fn, void *ctx)
{
	for (size_t i = 0; i < cli->nopts; i++)
		if (fn(ctx, &cli->opts[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(common_opts); i++)
		if (common_opts[i].group & (cli->groups | CLI_ALWAYS))
			if (fn(ctx, &common_opts[i].opt))
				return true;
	return false;
}

struct str choice_word(const char *words, unsigned i)
{
	size_t n = strcspn(words, "|");

	while (i-- && words[n]) {
		words += n + 1;
		n = strcspn(words, "|");
	}
	return (struct str){words, n};
}

struct args {
	const char *opts;
	void (*fn)(void *ctx, const char *arg);
	void *ctx;
};

static void add_f64(struct buf *b, double v)
{
	char text[F64_TEXT];

	f64_text_short(v, text);
	buf_adds(b, text);
}

static void add_name(struct buf *b, const char *path)
{
	char *name = own_name(path);

	buf_adds(b, name);
	free(name);
}

/* The value as text; false when there is none to record. */
static bool arg_value(const struct opt *opt, const void *at, struct buf *b)
{
	const char *const *text = at;
	struct str word;

	switch (opt->type) {
	case OPT_FLAG:
		buf_adds(b, "yes");
		return *(const bool *)at;
	case OPT_STR:
		if (*text)
			buf_adds(b, *text);
		return *text != NULL;
	case OPT_FILE:
		if (*text)
			add_name(b, *text);
		return *text != NULL;
	case OPT_U64:
	case OPT_SIZE:
		buf_addf(b, "%" PRIu64, *(const uint64_t *)at);
		return !(opt->flags & OPT_MAYBE) ||
		       *(const uint64_t *)at != UINT64_MAX;
	case OPT_F64:
	case OPT_PERCENT:
		if (isnan(*(const double *)at))
			return false;
		add_f64(b, *(const double *)at);
		if (opt->type == OPT_PERCENT)
			buf_addc(b, '%');
		return true;
	case OPT_CHOICE:
		word = choice_word(opt->arg, *(const unsigned *)at);
		buf_add(b, word.s, word.len);
		return true;
	case OPT_LIST:
		break; /* one arg per item: see each_arg() */
	}
	return false;
}

static bool each_arg(void *ctx, const struct opt *opt)
{
	struct args *a = ctx;
	const void *at = a->opts + opt->offset;
	const struct opt_list *list = at;
	size_t n = opt->type == OPT_LIST ? list->n : 1;
	struct buf b = BUF_INIT;

	for (size_t i = 0; opt->flags & OPT_OUTPUT && i < n; i++) {
		bool there = true;

		buf_reset(&b);
		buf_addf(&b, "%s=", opt->name);
		if (opt->type == OPT_LIST)
			buf_adds(&b, list->items[i]);
		else
			there = arg_value(opt, at, &b);
		if (there)
			a->fn(a->ctx, buf_str(&b));
	}
	buf_release(&b);
	return false;
}

void cli_each_arg(const struct cli *cli, const void *opts,
	void (*fn)(void *ctx, const char *arg), void *ctx)
{
	struct args a = {opts, fn, ctx};

	cli_each_opt(cli, each_arg, &a);
}
