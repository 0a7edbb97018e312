/*
 * cli-echo [OPTION]... [FILE]... - parses its command line as every tool does,
 * with an option of each type, and prints what would go into a header's args,
 * then the operands, a line each.
 */
#include "base/base.h"
#include "cli/cli.h"

#include <math.h>
#include <stdio.h>

struct options {
	struct common common;
	bool flag;
	const char *text, *empty, *file, *dir;
	uint64_t whole, any, size, any_size;
	double real, percent;
	unsigned choice;
	struct opt_list list;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'f', "flag", NULL, OPT_FLAG, AT(flag), OPT_OUTPUT, 0, 0, "a flag"},
	{'t', "text", "TEXT", OPT_STR, AT(text), OPT_OUTPUT, 0, 0,
		"a text: [with] 'all' \\ \"kinds\" of $signs"},
	{0, "empty", "TEXT", OPT_STR, AT(empty), OPT_OUTPUT | OPT_EMPTY, 0, 0,
		"a text that may be empty"},
	{'i', "file", "FILE", OPT_FILE, AT(file), OPT_OUTPUT, 0, 0, "a file"},
	{0, "dir", "DIR", OPT_STR, AT(dir), OPT_OUTPUT, 0, 0, "a folder"},
	{'n', "whole", "N", OPT_U64, AT(whole), OPT_OUTPUT, 1, 100,
		"a whole number"},
	{0, "any", "N", OPT_U64, AT(any), OPT_OUTPUT, 0, 0, "another"},
	{0, "size", "SIZE", OPT_SIZE, AT(size), OPT_OUTPUT, 1000, 4294967296,
		"a size in bytes"},
	{0, "any-size", "SIZE", OPT_SIZE, AT(any_size), OPT_OUTPUT, 0, 0,
		"another"},
	{0, "real", "X", OPT_F64, AT(real), OPT_OUTPUT, 0, 0, "a number"},
	{0, "percent", "P%", OPT_PERCENT, AT(percent), OPT_OUTPUT, 0, 100,
		"a percentage"},
	{0, "choice", "red|green|blue", OPT_CHOICE, AT(choice), OPT_OUTPUT, 0,
		0, "a choice"},
	{0, "list", "TEXT", OPT_LIST, AT(list), OPT_OUTPUT, 0, 0,
		"a text; repeatable"},
};

static const struct cli cli = {
	.name = "cli-echo",
	.summary = "Print the options and operands given.",
	.operands = "[FILE]...",
	.max_operands = 3,
	.groups = CLI_OUTPUT | CLI_THREADS | CLI_SEED | CLI_REJECT,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

static void print_arg(void *ctx, const char *arg)
{
	(void)ctx;
	puts(arg);
}

int main(int argc, char **argv)
{
	struct options o = {.whole = 7, .real = NAN, .percent = NAN};

	cli_parse(&cli, &o, argc, argv);
	cli_each_arg(&cli, &o, print_arg, NULL);
	for (size_t i = 0; i < o.common.noperands; i++)
		puts(o.common.operands[i]);
	cli_release(&cli, &o);
	return EXIT_DONE;
}
