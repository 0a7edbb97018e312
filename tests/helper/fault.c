/*
 * fault - calls that fail, or do less than they could, in a program under test.
 * Loaded by LD_PRELOAD; what it does stands in the environment.
 *
 * FAULT=RULE;RULE… each "CALL FILE WHEN WHAT":
 *	CALL	read write close open rename; fread, of libraries
 *	FILE	a pattern, as of the shell, for the file's whole path; or the
 *		number of a descriptor
 *	WHEN	N, that call only; N+, from it on; /N, every N-th
 *	WHAT	EIO ENOSPC EINTR EAGAIN EACCES: the call fails, close() after
 *		closing; a number: at most so many bytes; SIGTERM SIGINT: the
 *		signal arrives as soon as the call is done
 * The first rule that applies to a call counts. FAULT_LOG=FILE: a line is added
 * for every fault, so that a test knows that it happened.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_RULES = 8, MAX_PATH = 4096 };

enum what { NOTHING, FAIL, SHORT, SIGNAL };

struct rule {
	const char *call, *file;
	unsigned nth;
	char mode; /* '=', '+' or '/' */
	enum what what;
	int value; /* errno, bytes or signal */
	atomic_uint seen;
};

static struct rule rules[MAX_RULES];
static size_t nrules;

static const struct {
	const char *name;
	enum what what;
	int value;
} words[] = {
	{"EIO", FAIL, EIO},
	{"ENOSPC", FAIL, ENOSPC},
	{"EINTR", FAIL, EINTR},
	{"EAGAIN", FAIL, EAGAIN},
	{"EACCES", FAIL, EACCES},
	{"SIGTERM", SIGNAL, SIGTERM},
	{"SIGINT", SIGNAL, SIGINT},
};

/* A rule that is none must not make a test pass. */
static void NORETURN bad_rule(const char *text)
{
	fprintf(stderr, "fault: no rule: '%s'\n", text);
	abort();
}

static void set_what(struct rule *r, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(text, words[i].name)) {
			r->what = words[i].what;
			r->value = words[i].value;
			return;
		}
	r->what = SHORT;
	r->value = (int)strtol(text, NULL, 10);
	if (r->value < 1)
		bad_rule(text);
}

static void add_rule(char *text)
{
	struct rule *r = &rules[nrules++];
	char *call = strsep(&text, " "), *file = strsep(&text, " ");
	char *when = strsep(&text, " "), *end;

	if (nrules > MAX_RULES || !text)
		bad_rule(call);
	r->call = call;
	r->file = file;
	r->mode = *when == '/' ? '/' : '=';
	r->nth = (unsigned)strtol(when + (*when == '/'), &end, 10);
	if (*end == '+')
		r->mode = *end++;
	if (*end || !r->nth)
		bad_rule(when);
	set_what(r, text);
}

static void __attribute__((constructor)) read_rules(void)
{
	static char text[MAX_PATH];
	const char *given = getenv("FAULT");
	char *rest = text, *rule;

	if (!given)
		return;
	snprintf(text, sizeof(text), "%s", given);
	while ((rule = strsep(&rest, ";")))
		add_rule(rule);
}

static bool is_due(struct rule *r)
{
	unsigned n = atomic_fetch_add(&r->seen, 1) + 1;

	return r->mode == '='   ? n == r->nth
	       : r->mode == '+' ? n >= r->nth
				: n % r->nth == 0;
}

static void note(const char *call, const char *path)
{
	const char *log = getenv("FAULT_LOG");
	int fd;

	if (!log)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, log,
		O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	dprintf(fd, "%s %s\n", call, path);
	syscall(SYS_close, fd);
}

/* What is to happen to a call on a path, open as fd (-1: not). */
static struct rule *fault_at(const char *call, int fd, const char *path)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd);
	for (size_t i = 0; i < nrules; i++) {
		struct rule *r = &rules[i];

		if (strcmp(r->call, call) ||
			(strcmp(r->file, number) && fnmatch(r->file, path, 0)))
			continue;
		if (!is_due(r))
			continue;
		note(call, path);
		return r;
	}
	return NULL;
}

static struct rule *fault_on(const char *call, int fd)
{
	char link[40], path[MAX_PATH];
	ssize_t n;

	if (!nrules)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[MAX(n, 0)] = '\0';
	return fault_at(call, fd, path);
}

static bool fails(const struct rule *r)
{
	if (!r || r->what != FAIL)
		return false;
	errno = r->value;
	return true;
}

static size_t at_most(const struct rule *r, size_t len)
{
	return r && r->what == SHORT ? MIN(len, (size_t)r->value) : len;
}

static void done(const struct rule *r)
{
	if (r && r->what == SIGNAL)
		raise(r->value);
}

ssize_t read(int fd, void *p, size_t len)
{
	struct rule *r = fault_on("read", fd);
	ssize_t n;

	if (fails(r))
		return -1;
	n = syscall(SYS_read, fd, p, at_most(r, len));
	done(r);
	return n;
}

ssize_t pread(int fd, void *p, size_t len, off_t at)
{
	struct rule *r = fault_on("read", fd);

	if (fails(r))
		return -1;
	return syscall(SYS_pread64, fd, p, at_most(r, len), at);
}

/* By which GDAL reads; the system calls below it cannot be caught. */
size_t fread(void *p, size_t size, size_t n, FILE *f)
{
	struct rule *r = fault_on("fread", fileno(f));

	if (fails(r))
		return 0;
	flockfile(f);
	n = fread_unlocked(p, size, n, f);
	funlockfile(f);
	return n;
}

ssize_t write(int fd, const void *p, size_t len)
{
	struct rule *r = fault_on("write", fd);
	ssize_t n;

	if (fails(r))
		return -1;
	n = syscall(SYS_write, fd, p, at_most(r, len));
	done(r);
	return n;
}

int close(int fd)
{
	struct rule *r = fault_on("close", fd);
	int rc = (int)syscall(SYS_close, fd);

	if (fails(r))
		return -1;
	done(r);
	return rc;
}

int open(const char *path, int flags, ...)
{
	struct rule *r = nrules ? fault_at("open", -1, path) : NULL;
	va_list ap;
	int mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, int) : 0;
	va_end(ap);
	if (fails(r))
		return -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
ssize_t pread64(int fd, void *p, size_t len, off_t at)
	__attribute__((alias("pread")));

int mkostemp(char *path, int flags)
{
	struct rule *r = nrules ? fault_at("open", -1, path) : NULL;
	int fd;

	if (fails(r))
		return -1;
	fd = mkostemps(path, 0, flags);
	done(r);
	return fd;
}

int rename(const char *from, const char *to)
{
	struct rule *r = nrules ? fault_at("rename", -1, to) : NULL;
	int rc;

	if (fails(r))
		return -1;
	rc = renameat(AT_FDCWD, from, AT_FDCWD, to);
	done(r);
	return rc;
}
