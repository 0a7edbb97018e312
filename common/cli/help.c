#include "base/base.h"
#include "cli/priv.h"

#include <stdio.h>

enum { HELP_COLUMN = 30 };

static void help_line(char letter, const char *name, const char *arg,
	const char *help)
{
	int n = letter ? printf("  -%c, --%s", letter, name)
		       : printf("      --%s", name);

	if (arg)
		n += printf(" %s", arg);
	if (n >= HELP_COLUMN)
		n = printf("\n") - 1;
	printf("%*s%s\n", HELP_COLUMN - n, "", help);
}

static bool help_opt(void *ctx, const struct opt *opt)
{
	(void)ctx;
	help_line(opt->letter, opt->name, opt->arg, opt->help);
	return false;
}

void cli_help(const struct cli *cli)
{
	printf("Usage: %s [OPTION]...%s%s\n%s\n\n", cli->name,
		cli->operands ? " " : "", cli->operands ? cli->operands : "",
		cli->summary);
	cli_each_opt(cli, help_opt, NULL);
	help_line(0, "help", NULL, "print this and exit");
	help_line(0, "version", NULL, "print the version and exit");
	printf("\nSee %s(1) for more.\n", cli->name);
}
