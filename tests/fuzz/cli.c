/*
 * A command line, one word a line: what it sets stays within the limits of the
 * table, and the header's args mean the same when they are options again.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "cli/priv.h"

#include <math.h>

struct options {
	struct common common;
	bool flag;
	const char *str, *file;
	uint64_t number;
	double real, percent;
	unsigned choice;
	struct opt_list list;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'f', "flag", NULL, OPT_FLAG, AT(flag), OPT_OUTPUT, 0, 0, "flag"},
	{'s', "str", "TEXT", OPT_STR, AT(str), OPT_OUTPUT, 0, 0, "text"},
	{0, "file", "FILE", OPT_FILE, AT(file), 0, 0, 0, "file"},
	{'n', "number", "N", OPT_U64, AT(number), OPT_OUTPUT, 1, 4096, "n"},
	{0, "real", "X", OPT_F64, AT(real), OPT_OUTPUT, -1, 1, "real"},
	{0, "percent", "P%", OPT_PERCENT, AT(percent), OPT_OUTPUT, 0, 100, "p"},
	{'c', "choice", "a|bc|d", OPT_CHOICE, AT(choice), OPT_OUTPUT, 0, 0,
		"choice"},
	{0, "list", "TEXT", OPT_LIST, AT(list), OPT_OUTPUT, 0, 0, "list"},
};

static const struct cli cli = {
	.name = "fuzz",
	.summary = "All types of options.",
	.operands = "FILE...",
	.max_operands = 3,
	.groups = CLI_FILTER | CLI_THREADS | CLI_SEED,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

struct words {
	char **argv; /* [argc], owned strings; NULL behind them */
	size_t argc, cap;
};

static void words_add(struct words *w, const char *s, size_t len)
{
	xgrow(&w->argv, &w->cap, w->argc + 2, sizeof(*w->argv));
	w->argv[w->argc++] = xmemdup0(s, len);
	w->argv[w->argc] = NULL;
}

static void add_arg(void *ctx, const char *arg)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "--%s", strcmp(arg, "flag=yes") ? arg : "flag");
	words_add(ctx, b.data, b.len);
	buf_release(&b);
}

static void add_text(void *ctx, const char *arg)
{
	buf_addf(ctx, "%s\n", arg);
}

static void check(const struct options *o)
{
	const struct common *c = &o->common;

	HOLDS(o->number >= 1 && o->number <= 4096 && o->choice < 3);
	HOLDS(isnan(o->real) || (o->real >= -1 && o->real <= 1));
	HOLDS(o->percent >= 0 && o->percent <= 100);
	HOLDS(!o->file || *o->file);
	HOLDS(c->threads <= 1024 && c->noperands <= 3);
	HOLDS(c->max_faults >= 0 && c->max_faults <= 100);
}

/* Parses the words (argv is moved about) and adds the args they come to. */
static int parse(const struct words *w, struct words *args, struct buf *text)
{
	struct options o = {.number = 1, .real = NAN};
	size_t bytes = (w->argc + 1) * sizeof(char *);
	char **argv = (char **)(void *)fuzz_copy(w->argv, bytes);
	enum cli_ask ask = CLI_RUN;
	struct err err = {""};
	int rc = cli_read_args(&cli, &o, (int)w->argc, argv, &ask, &err);

	if (rc) {
		HOLDS(*err.msg);
	} else if (ask != CLI_RUN) {
		rc = -1;
	} else {
		check(&o);
		if (args)
			cli_each_arg(&cli, &o, add_arg, args);
		cli_each_arg(&cli, &o, add_text, text);
	}
	cli_release(&cli, &o);
	free(argv);
	return rc;
}

static void release(struct words *w)
{
	for (size_t i = 0; i < w->argc; i++)
		free(w->argv[i]);
	free(w->argv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words words = {NULL, 0, 0}, args = {NULL, 0, 0};
	struct buf first = BUF_INIT, second = BUF_INIT;
	const char *p = (const char *)data, *end = p + size;

	words_add(&words, "fuzz", 4);
	words_add(&args, "fuzz", 4);
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;

		words_add(&words, p, (size_t)(stop - p));
		p = stop + 1;
	}
	if (!parse(&words, &args, &first)) {
		HOLDS(!parse(&args, NULL, &second));
		HOLDS(!strcmp(buf_str(&first), buf_str(&second)));
	}
	release(&words);
	release(&args);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
