/*
 * What a tool says of its options: to people, and to the shells' completion.
 */
#include "base/base.h"
#include "cli/priv.h"

#include <stdio.h>

enum { HELP_COLUMN = 30 };

/* Parsing answers these itself. */
static const struct opt answers[] = {
	{.name = "help", .type = OPT_FLAG, .help = "print this and exit"},
	{.name = "version",
		.type = OPT_FLAG,
		.help = "print the version and exit"},
};

static void each_opt(const struct cli *cli, opt_fn *fn)
{
	cli_each_opt(cli, fn, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++)
		fn(NULL, &answers[i]);
}

static bool help_opt(void *ctx, const struct opt *opt)
{
	int n = opt->letter ? printf("  -%c, --%s", opt->letter, opt->name)
			    : printf("      --%s", opt->name);

	(void)ctx;
	if (opt->arg)
		n += printf(" %s", opt->arg);
	if (n >= HELP_COLUMN)
		n = printf("\n") - 1;
	printf("%*s%s\n", HELP_COLUMN - n, "", opt->help);
	return false;
}

void cli_help(const struct cli *cli)
{
	printf("Usage: %s [OPTION]...%s%s\n%s\n\n", cli->name,
		cli->operands ? " " : "", cli->operands ? cli->operands : "",
		cli->summary);
	each_opt(cli, help_opt);
	printf("\nSee %s(1) for more.\n", cli->name);
}

/* The kind of a word that stands for a path, by how the help calls it. */
static const char *path_kind(const char *arg)
{
	return strstr(arg, "DIR") || strstr(arg, "FOLDER") ? "dir"
	       : strstr(arg, "FILE")                       ? "file"
							   : NULL;
}

static const char *kind_of(const struct opt *opt)
{
	static const char *const kinds[] = {
		[OPT_FLAG] = "flag",
		[OPT_STR] = "text",
		[OPT_FILE] = "file",
		[OPT_U64] = "number",
		[OPT_SIZE] = "size",
		[OPT_F64] = "number",
		[OPT_PERCENT] = "percent",
		[OPT_CHOICE] = "choice",
		[OPT_LIST] = "list",
	};
	bool path = opt->type == OPT_STR || opt->type == OPT_FILE;
	const char *kind = path ? path_kind(opt->arg) : NULL;

	return kind ? kind : kinds[opt->type];
}

static bool table_opt(void *ctx, const struct opt *opt)
{
	(void)ctx;
	printf("%c\t%s\t%s\t%s\t%s\n", opt->letter ? opt->letter : '-',
		opt->name, opt->arg ? opt->arg : "-", kind_of(opt), opt->help);
	return false;
}

void cli_completion_table(const struct cli *cli)
{
	const char *kind = cli->operands ? path_kind(cli->operands) : NULL;

	each_opt(cli, table_opt);
	if (cli->operands)
		printf("-\t-\t%s\t%s\toperands\n", cli->operands,
			kind ? kind : "text");
}
