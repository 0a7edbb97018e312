/*
 * cli.h - one table per tool: options, --help, and the header's `args`.
 *
 * A tool keeps its options in one struct whose first member is a
 * `struct common`. Its table describes the others; the common ones (-o, -@,
 * --seed, …) are added from the groups it names, so that one option name has
 * one meaning everywhere. Parsing may exit (help, version, usage errors: 2);
 * nothing else here does. Strings point into argv. Of an option given twice the
 * last value counts, but for OPT_LIST, which takes all, and OPT_FILE, where it
 * is a mistake: one of the files would be passed over without a word.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stddef.h>
#include <stdint.h>

enum exit_status {
	EXIT_DONE = 0,   /* done; dropping by a rule is no error */
	EXIT_FAILED = 1, /* failed; the output has no end record */
	EXIT_USAGE = 2,
	EXIT_FAULTS = 3, /* complete, but records were set aside by a fault */
};

/* The options that tools share; the first member of every options struct. */
struct common {
	const char *output;  /* -o, NULL or "-": stdout */
	const char *reject;  /* --reject, NULL: not kept */
	uint64_t threads;    /* -@ */
	uint64_t seed;       /* --seed */
	double max_faults;   /* --max-faults, percent; 0 by default */
	bool strict;         /* --strict: the first fault ends the run */
	uint64_t max_record; /* --max-record, bytes; 0: not given */
	bool require_output; /* --require-output */
	bool quiet, verbose; /* -q, -v */
	char **operands;     /* what is no option, [noperands] */
	size_t noperands;
};

/* Groups of common options that a tool takes; -q -v --help --version always. */
enum cli_group {
	CLI_OUTPUT = 1,   /* -o, --require-output */
	CLI_THREADS = 2,  /* -@ */
	CLI_SEED = 4,     /* --seed */
	CLI_REJECT = 8,   /* --reject, --max-faults, --strict */
	CLI_RECORDS = 16, /* --max-record */
	CLI_FILTER = CLI_OUTPUT | CLI_REJECT | CLI_RECORDS,
};

enum opt_type {
	OPT_FLAG,    /* bool */
	OPT_STR,     /* const char *; NULL: not given */
	OPT_FILE,    /* the same; given once, its base name is recorded */
	OPT_U64,     /* uint64_t, within [min, max] */
	OPT_SIZE,    /* uint64_t, bytes: "65536", "64K", "256M", "2GiB" */
	OPT_F64,     /* double, within [min, max] */
	OPT_PERCENT, /* double: "50%" or "50", within [min, max] */
	OPT_CHOICE,  /* unsigned: index into `arg` split at '|' */
	OPT_LIST,    /* struct opt_list: may be given several times */
};

struct opt_list {
	const char **items; /* [n] */
	size_t n;
};

enum {
	OPT_OUTPUT = 1,  /* affects the output: goes into the header's args */
	OPT_EMPTY = 2,   /* "" is a value (STR, LIST): else it is a mistake */
	OPT_WRITTEN = 8, /* the file is an output (FILE) */
	OPT_MAYBE = 4,   /* UINT64_MAX stands for not given (U64) */
};

struct opt {
	char letter;      /* 0: none */
	const char *name; /* long name, without the dashes */
	const char *arg;  /* "N", "FILE", "jpeg|png"; NULL for flags */
	enum opt_type type;
	size_t offset; /* offsetof() in the tool's options struct */
	unsigned flags;
	double min, max; /* of numbers; both 0: any that the type holds */
	const char *help;
};

struct cli {
	const char *name;     /* the tool */
	const char *summary;  /* one line: what it does */
	const char *operands; /* "[FILE...]", or NULL: takes none */
	size_t min_operands;
	size_t max_operands; /* SIZE_MAX: any number */
	unsigned groups;     /* enum cli_group */
	const struct opt *opts;
	size_t nopts;
};

/*
 * Fills the options struct (which holds the defaults) from argv and sets up
 * logging and signals. Exits with 0 after --help and --version, with 2 and a
 * hint after a mistake.
 *
 * The shells' completion asks with --completion-table, which no help names. The
 * answer is a line for each option, then one for the operands if there are any:
 *
 *	LETTER TAB NAME TAB ARGUMENT TAB KIND TAB HELP
 *
 * with "-" for a letter, name (of operands) or argument that is not there. KIND
 * is flag, file, dir, choice (ARGUMENT lists the words: "jpeg|png"), number,
 * size, percent, text, or list (text; may be given several times).
 */
void cli_parse(const struct cli *cli, void *opts, int argc, char **argv);

/*
 * Before any output is opened: -1 when the one of -o or --reject is the file
 * that an operand, another option or, without operands, standard input reads.
 */
int cli_check_outputs(const struct cli *cli, const void *opts,
	struct err *err) MUST_USE;

/* Frees what options of type OPT_LIST hold; only tools with such need it. */
void cli_release(const struct cli *cli, void *opts);

/* "tool: message", "try 'tool --help'", exit status 2. */
void cli_usage_error(const struct cli *cli, const char *fmt, ...)
	PRINTF(2, 3) NORETURN;

/*
 * Calls fn with each "name=value" that belongs into the header's args: the
 * tool's options flagged OPT_OUTPUT, in table order, with effective values;
 * unset strings, numbers that are NaN (or UINT64_MAX with OPT_MAYBE), empty
 * lists and unset flags are left out; --seed is last.
 */
void cli_each_arg(const struct cli *cli, const void *opts,
	void (*fn)(void *ctx, const char *arg), void *ctx);

#endif
