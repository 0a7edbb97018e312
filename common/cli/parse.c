/*
 * Parsing: long options with "=value" or the next word, letters in a bunch,
 * "--" ends them. A long name must be given in full: a prefix that is unique
 * today is not tomorrow, and pipelines are kept.
 */
#include "base/base.h"
#include "cli/priv.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "base/thread.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

void cli_usage_error(const struct cli *cli, const char *fmt, ...)
{
	char msg[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	log_error("%s", msg);
	fprintf(stderr, "Try '%s --help' for more.\n", cli->name);
	exit(EXIT_USAGE);
}

struct wanted {
	struct str name; /* long, or len 0 */
	char letter;
	const struct opt *found;
};

static bool is_wanted(void *ctx, const struct opt *opt)
{
	struct wanted *w = ctx;

	if (w->name.len ? str_is(w->name, opt->name)
			: opt->letter && opt->letter == w->letter)
		w->found = opt;
	return w->found != NULL;
}

static int set_choice(const struct opt *opt, const char *text, unsigned *at,
	struct err *err)
{
	const char *end = opt->arg + strlen(opt->arg);

	for (unsigned i = 0;; i++) {
		struct str word = choice_word(opt->arg, i);

		if (str_is(word, text)) {
			*at = i;
			return 0;
		}
		if (word.s + word.len == end)
			return err_set(err, "--%s takes one of %s, not '%s'",
				opt->name, opt->arg, text);
	}
}

static int check_range(const struct opt *opt, double v, const char *text,
	struct err *err)
{
	if ((opt->min != 0 || opt->max != 0) &&
		!(v >= opt->min && v <= opt->max))
		return err_set(err, "--%s takes %.15g to %.15g, not '%s'",
			opt->name, opt->min, opt->max, text);
	return 0;
}

static int set_u64(const struct opt *opt, const char *text, uint64_t *at,
	struct err *err)
{
	if (parse_u64(text, at))
		return err_set(err, "--%s takes a whole number, not '%s'",
			opt->name, text);
	return check_range(opt, (double)*at, text, err);
}

static int set_f64(const struct opt *opt, const char *text, double *at,
	struct err *err)
{
	size_t n = strlen(text);
	char *copy = xstrdup(text);
	int rc;

	if (opt->type == OPT_PERCENT && n && copy[n - 1] == '%')
		copy[n - 1] = '\0';
	rc = parse_f64(copy, at);
	free(copy);
	if (rc)
		return err_set(err, "--%s takes a %s, not '%s'", opt->name,
			opt->type == OPT_F64 ? "number" : "percentage", text);
	return check_range(opt, *at, text, err);
}

static void add_item(struct opt_list *list, const char *text)
{
	list->items =
		xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = text;
}

static int set_value(const struct opt *opt, const char *text, void *at,
	struct err *err)
{
	switch (opt->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		break;
	case OPT_FILE:
		if (!*text)
			return err_set(err, "--%s takes a file name",
				opt->name);
		/* fallthrough */
	case OPT_STR:
		*(const char **)at = text;
		break;
	case OPT_U64:
		return set_u64(opt, text, at, err);
	case OPT_F64:
	case OPT_PERCENT:
		return set_f64(opt, text, at, err);
	case OPT_CHOICE:
		return set_choice(opt, text, at, err);
	case OPT_LIST:
		add_item(at, text);
		break;
	}
	return 0;
}

struct parser {
	const struct cli *cli;
	char *opts;
	char **argv;
	int argc, i;
	enum cli_ask ask;
};

static int take_option(struct parser *p, const struct opt *opt,
	const char *value, struct err *err)
{
	if (opt->arg && !value) {
		if (p->i + 1 >= p->argc)
			return err_set(err, "--%s needs a value: %s", opt->name,
				opt->arg);
		value = p->argv[++p->i];
	}
	return set_value(opt, value, p->opts + opt->offset, err);
}

static int parse_long(struct parser *p, const char *word, struct err *err)
{
	const char *eq = strchr(word, '=');
	struct wanted w = {
		.name = {word, eq ? (size_t)(eq - word) : strlen(word)}};

	if (!strcmp(word, "help")) {
		p->ask = CLI_HELP;
		return 0;
	}
	if (!strcmp(word, "version")) {
		p->ask = CLI_VERSION;
		return 0;
	}
	if (!w.name.len || !cli_each_opt(p->cli, is_wanted, &w))
		return err_set(err, "unknown option '--%s'", word);
	if (!w.found->arg && eq)
		return err_set(err, "--%s takes no value", w.found->name);
	return take_option(p, w.found, eq ? eq + 1 : NULL, err);
}

static int parse_letters(struct parser *p, const char *word, struct err *err)
{
	while (*word) {
		struct wanted w = {.letter = *word++};

		if (!cli_each_opt(p->cli, is_wanted, &w))
			return err_set(err, "unknown option '-%c'", w.letter);
		if (w.found->arg)
			return take_option(p, w.found, *word ? word : NULL,
				err);
		if (take_option(p, w.found, NULL, err))
			return -1;
	}
	return 0;
}

static int check_operands(const struct cli *cli, const struct common *common,
	struct err *err)
{
	size_t max = cli->operands ? cli->max_operands : 0;

	if (common->noperands > max)
		return err_set(err, "extra operand '%s'",
			common->operands[max]);
	if (common->noperands < cli->min_operands)
		return err_set(err, "missing operand: %s", cli->operands);
	return 0;
}

int cli_read_args(const struct cli *cli, void *opts, int argc, char **argv,
	enum cli_ask *ask, struct err *err)
{
	struct parser p = {cli, opts, argv, argc, 1, CLI_RUN};
	struct common *common = opts;
	bool only_operands = false;
	int rc = 0;

	common->operands = argv + 1; /* operands move to the front of argv */
	for (; p.i < argc && !rc && p.ask == CLI_RUN; p.i++) {
		char *word = argv[p.i];

		if (only_operands || word[0] != '-' || !word[1])
			common->operands[common->noperands++] = word;
		else if (!strcmp(word, "--"))
			only_operands = true;
		else if (word[1] == '-')
			rc = parse_long(&p, word + 2, err);
		else
			rc = parse_letters(&p, word + 1, err);
	}
	*ask = p.ask;
	if (!rc && p.ask == CLI_RUN)
		rc = check_operands(cli, common, err);
	return rc;
}

/*
 * Makes sure that no file we open gets the number of a closed standard stream:
 * using that stream must fail, not read or write the file.
 */
static void guard_standard_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
			abort();
}

void cli_parse(const struct cli *cli, void *opts, int argc, char **argv)
{
	struct common *common = opts;
	enum cli_ask ask;
	struct err err;

	guard_standard_streams();
	log_init(cli->name, LOG_NORMAL);
	if (cli_read_args(cli, opts, argc, argv, &ask, &err))
		cli_usage_error(cli, "%s", err.msg);
	if (ask == CLI_HELP)
		cli_help(cli);
	else if (ask == CLI_VERSION)
		printf("%s (%s) %s\n", cli->name, PACKAGE_NAME,
			PACKAGE_VERSION);
	if (ask != CLI_RUN)
		exit(fflush(stdout) ? EXIT_FAILED : EXIT_DONE);
	if (!common->threads)
		common->threads = cpu_count();
	log_init(cli->name, common->quiet     ? LOG_QUIET
			    : common->verbose ? LOG_VERBOSE
					      : LOG_NORMAL);
	outfile_catch_signals();
}

static bool release_opt(void *ctx, const struct opt *opt)
{
	struct opt_list *list = (void *)((char *)ctx + opt->offset);

	if (opt->type == OPT_LIST) {
		free(list->items);
		*list = (struct opt_list){NULL, 0};
	}
	return false;
}

void cli_release(const struct cli *cli, void *opts)
{
	cli_each_opt(cli, release_opt, opts);
}
