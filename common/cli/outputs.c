#include "base/base.h"
#include "cli/cli.h"

#include <sys/stat.h>
#include <unistd.h>

/* The file that a path names, if it is a regular one. */
static bool find_file(const char *path, struct stat *st)
{
	if (!path)
		return false;
	if (!strcmp(path, "-"))
		return !fstat(STDIN_FILENO, st) && S_ISREG(st->st_mode);
	return !stat(path, st) && S_ISREG(st->st_mode);
}

/* Whether an output would take the place of what `path` is read from. */
static int check(const char *output, const char *path, struct err *err)
{
	struct stat a, b;

	if (output == path || !find_file(output, &a) || !find_file(path, &b) ||
		a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return 0;
	return err_set(err,
		"'%s' is named as another file, too: an output needs one of "
		"its own, or what is read would be lost",
		output);
}

static const char *path_of(const struct opt *o, const void *opts)
{
	const char *path;

	memcpy(&path, (const char *)opts + o->offset, sizeof(path));
	return path;
}

static int check_output(const struct cli *cli, const void *opts,
	const char *output, struct err *err)
{
	const struct common *c = opts;

	if (!output || !strcmp(output, "-"))
		return 0;
	for (size_t i = 0; i < c->noperands; i++)
		if (check(output, c->operands[i], err))
			return -1;
	for (size_t i = 0; i < cli->nopts; i++) {
		if (cli->opts[i].type == OPT_FILE &&
			check(output, path_of(&cli->opts[i], opts), err))
			return -1;
	}
	return c->noperands ? 0 : check(output, "-", err);
}

int cli_check_outputs(const struct cli *cli, const void *opts, struct err *err)
{
	const struct common *c = opts;

	if (check_output(cli, opts, c->output, err) ||
		check_output(cli, opts, c->reject, err))
		return -1;
	for (size_t i = 0; i < cli->nopts; i++)
		if (cli->opts[i].flags & OPT_WRITTEN &&
			check_output(cli, opts, path_of(&cli->opts[i], opts),
				err))
			return -1;
	return 0;
}
