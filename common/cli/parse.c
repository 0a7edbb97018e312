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

static void set_choice(const struct cli *cli, const struct opt *opt,
	const char *text, unsigned *at)
{
	const char *end = opt->arg + strlen(opt->arg);

	for (unsigned i = 0;; i++) {
		struct str word = choice_word(opt->arg, i);

		if (str_is(word, text)) {
			*at = i;
			return;
		}
		if (word.s + word.len == end)
			cli_usage_error(cli, "--%s takes one of %s, not '%s'",
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
static void number_error(const struct cli *cli, const struct opt *opt,
	const char *text)
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
	cli_usage_error(cli, "--%s takes %s%s, not '%s'", opt->name,
		kinds[opt->type], buf_str(&b), text);
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

static void set_number(const struct cli *cli, const struct opt *opt,
	const char *text, void *at)
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
		number_error(cli, opt, text);
}

static void add_item(struct opt_list *list, const char *text)
{
	list->items =
		xreallocarray(list->items, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = text;
}

static void set_file(const struct cli *cli, const struct opt *opt,
	const char *text, const char **at)
{
	if (*at)
		cli_usage_error(cli, "--%s is given twice: '%s' and '%s'",
			opt->name, *at, text);
	*at = text;
}

static void set_value(const struct cli *cli, const struct opt *opt,
	const char *text, void *at)
{
	switch (opt->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		break;
	case OPT_FILE:
		set_file(cli, opt, text, at);
		break;
	case OPT_STR:
		*(const char **)at = text;
		break;
	case OPT_U64:
	case OPT_SIZE:
	case OPT_F64:
	case OPT_PERCENT:
		set_number(cli, opt, text, at);
		break;
	case OPT_CHOICE:
		set_choice(cli, opt, text, at);
		break;
	case OPT_LIST:
		add_item(at, text);
		break;
	}
}

struct parser {
	const struct cli *cli;
	char *opts;
	char **argv;
	int argc, i;
};

static void take_option(struct parser *p, const struct opt *opt,
	const char *value)
{
	if (opt->arg && !value) {
		if (p->i + 1 >= p->argc)
			cli_usage_error(p->cli, "--%s needs a value: %s",
				opt->name, opt->arg);
		value = p->argv[++p->i];
	}
	if (opt->arg && !*value && !(opt->flags & OPT_EMPTY))
		cli_usage_error(p->cli, "--%s takes %s, not an empty word",
			opt->name, opt->arg);
	set_value(p->cli, opt, value, p->opts + opt->offset);
}

static void parse_long(struct parser *p, const char *word)
{
	const char *eq = strchr(word, '=');
	struct wanted w = {
		.name = {word, eq ? (size_t)(eq - word) : strlen(word)}};

	if (!strcmp(word, "completion-table")) {
		cli_completion_table(p->cli);
		exit(fflush(stdout) ? EXIT_FAILED : EXIT_DONE);
	}
	if (!strcmp(word, "help")) {
		cli_help(p->cli);
		exit(fflush(stdout) ? EXIT_FAILED : EXIT_DONE);
	}
	if (!strcmp(word, "version")) {
		printf("%s (%s) %s\n", p->cli->name, PACKAGE_NAME,
			PACKAGE_VERSION);
		exit(fflush(stdout) ? EXIT_FAILED : EXIT_DONE);
	}
	if (!w.name.len || !cli_each_opt(p->cli, is_wanted, &w))
		cli_usage_error(p->cli, "unknown option '--%s'", word);
	if (!w.found->arg && eq)
		cli_usage_error(p->cli, "--%s takes no value", w.found->name);
	take_option(p, w.found, eq ? eq + 1 : NULL);
}

static void parse_letters(struct parser *p, const char *word)
{
	while (*word) {
		struct wanted w = {.letter = *word++};

		if (!cli_each_opt(p->cli, is_wanted, &w)) /* all of 'é' */
			cli_usage_error(p->cli, "unknown option '-%.*s'",
				w.letter < 0 ? INT_MAX : 1, word - 1);
		if (w.found->arg) {
			take_option(p, w.found, *word ? word : NULL);
			return;
		}
		take_option(p, w.found, NULL);
	}
}

static void check_operands(const struct cli *cli, const struct common *common)
{
	size_t max = cli->operands ? cli->max_operands : 0;

	if (common->noperands > max)
		cli_usage_error(cli, "extra operand '%s'",
			common->operands[max]);
	if (common->noperands < cli->min_operands)
		cli_usage_error(cli, "missing operand: %s", cli->operands);
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
	struct parser p = {cli, opts, argv, argc, 1};
	struct common *common = opts;
	bool only_operands = false;

	guard_standard_streams();
	log_init(cli->name, LOG_NORMAL);
	common->operands = argv + 1; /* operands move to the front of argv */
	for (; p.i < argc; p.i++) {
		char *word = argv[p.i];

		if (only_operands || word[0] != '-' || !word[1])
			common->operands[common->noperands++] = word;
		else if (!strcmp(word, "--"))
			only_operands = true;
		else if (word[1] == '-')
			parse_long(&p, word + 2);
		else
			parse_letters(&p, word + 1);
	}
	check_operands(cli, common);
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
