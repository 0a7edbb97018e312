/*
 * priv.h - what the files of common/cli share.
 */
#ifndef CLI_PRIV_H
#define CLI_PRIV_H

#include "cli/cli.h"

/*
 * Calls fn with every option of a tool, its own first, then the common ones
 * of its groups, in the order of --help; stops and returns true as soon as
 * fn does.
 */
typedef bool opt_fn(void *ctx, const struct opt *opt);
bool cli_each_opt(const struct cli *cli, opt_fn *fn, void *ctx);

/*
 * The parsing of cli_parse() alone: fills the options struct and says what the
 * words ask for; --help and the like end the reading. -1 after a
 * mistake; opts may hold lists all the same: cli_release() it.
 */
enum cli_ask { CLI_RUN, CLI_HELP, CLI_VERSION, CLI_COMPLETION };
int cli_read_args(const struct cli *cli, void *opts, int argc, char **argv,
	enum cli_ask *ask, struct err *err) MUST_USE;

/* Prints --help to stdout. */
void cli_help(const struct cli *cli);
/* Prints the answer to --completion-table (cli.h) to stdout. */
void cli_completion_table(const struct cli *cli);

/* The word at index i of "a|b|c". */
struct str choice_word(const char *words, unsigned i);

#endif
