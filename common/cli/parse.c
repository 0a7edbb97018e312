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
#include <inttypes.h>
#include <limits.h>
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

/* A bound of a range; of sizes in the largest unit that fits: "1000", "64K". */
static void add_bound(struct buf *b, const struct opt *opt, double v)
{
	const char *unit = "\0KMG";
	uint64_t size;

	if (opt->type != OPT_SIZE) {
		buf_addf(b, "%.15g", v);
		return;
	}
	for (size = (uint64_t)v; unit[1] && size && size % 1024 == 0;
		size /= 1024)
		unit++;
	buf_addf(b, "%" PRIu64, size);
	if (*unit)
		buf_addc(b, *unit);
}

static bool has_range(const struct opt *opt)
{
	return opt->min != 0 || opt->max != 0;
}

/* "--threads takes a whole number from 1 to 1024, not '0'" */
static int number_error(const struct opt *opt, const char *text,
	struct err *err)
{
	static const char *const kinds[] = {
		[OPT_U64] = "a whole number",
		[OPT_SIZE] = "bytes, as 1000, 64K, 256M or 2G,",
		[OPT_F64] = "a number",
		[OPT_PERCENT] = "a percentage",
	};
	struct buf b = BUF_INIT;

	if (has_range(opt)) {
		buf_adds(&b, " from ");
		add_bound(&b, opt, opt->min);
		buf_adds(&b, " to ");
		add_bound(&b, opt, opt->max);
	} else if (opt->type == OPT_U64 || opt->type == OPT_SIZE) {
		buf_adds(&b, " below 2^64");
	}
	err_set(err, "--%s takes %s%s, not '%s'", opt->name, kinds[opt->type],
		buf_str(&b), text);
	buf_release(&b);
	return -1;
}

static int parse_real(const struct opt *opt, const char *text, double *out)
{
	size_t n = strlen(text);
	char *copy = xstrdup(text);
	int rc;

	if (opt->type == OPT_PERCENT && n && copy[n - 1] == '%')
		copy[n - 1] = '\0';
	rc = parse_f64(copy, out);
	free(copy);
	*out += 0.0; /* "-0" is 0, also where it is recorded */
	return rc;
}

static int set_number(const struct opt *opt, const char *text, void *at,
	struct err *err)
{
	double v;
	int rc;

	switch (opt->type) {
	case OPT_U64:
	case OPT_SIZE:
		rc = opt->type == OPT_U64 ? parse_u64(text, at)
					  : parse_bytes(text, at);
		v = (double)*(uint64_t *)at;
		break;
	default:
		rc = parse_real(opt, text, at);
		v = *(double *)at;
	}
	if (rc || (has_range(opt) && !(v >= opt->min && v <= opt->max)))
		return number_error(opt, text, err);
	return 0;
}

static void add_item(struct opt_list *list, const char *text)
{
	list->items =
		xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = text;
}

static int set_file(const struct opt *opt, const char *text, const char **at,
	struct err *err)
{
	if (*at)
		return err_set(err, "--%s is given twice: '%s' and '%s'",
			opt->name, *at, text);
	*at = text;
	return 0;
}

static int set_value(const struct opt *opt, const char *text, void *at,
	struct err *err)
{
	switch (opt->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		break;
	case OPT_FILE:
		return set_file(opt, text, at, err);
	case OPT_STR:
		*(const char **)at = text;
		break;
	case OPT_U64:
	case OPT_SIZE:
	case OPT_F64:
	case OPT_PERCENT:
		return set_number(opt, text, at, err);
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
	if (opt->arg && !*value && !(opt->flags & OPT_EMPTY))
		return err_set(err, "--%s takes %s, not an empty word",
			opt->name, opt->arg);
	return set_value(opt, value, p->opts + opt->offset, err);
}

static int parse_long(struct parser *p, const char *word, struct err *err)
{
	const char *eq = strchr(word, '=');
	struct wanted w = {
		.name = {word, eq ? (size_t)(eq - word) : strlen(word)}};

	if (!strcmp(word, "help"))
		p->ask = CLI_HELP;
	else if (!strcmp(word, "version"))
		p->ask = CLI_VERSION;
	else if (!strcmp(word, "completion-table"))
		p->ask = CLI_COMPLETION;
	if (p->ask != CLI_RUN)
		return 0;
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
			return err_set(err,
				"unknown option '-%.*s'", /* all of 'é' */
				w.letter < 0 ? INT_MAX : 1, word - 1);
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

static NORETURN void answer(const struct cli *cli, enum cli_ask ask)
{
	if (ask == CLI_HELP)
		cli_help(cli);
	else if (ask == CLI_COMPLETION)
		cli_completion_table(cli);
	else
		printf("%s (%s) %s\n", cli->name, PACKAGE_NAME,
			PACKAGE_VERSION);
	exit(fflush(stdout) ? EXIT_FAILED : EXIT_DONE);
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
	if (ask != CLI_RUN)
		answer(cli, ask);
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
