#include "base/base.h"
#include "base/io.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

long read_some(int fd, void *p, size_t len, struct err *err)
{
	ssize_t n;

	do
		n = read(fd, p, len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(err, "cannot read");
	return n;
}

long read_at(int fd, void *p, size_t len, uint64_t at, struct err *err)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (char *)p + got, len - got,
			(off_t)(at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot read");
		if (!n)
			break;
		got += (size_t)n;
	}
	return (long)got;
}

int write_all(int fd, const void *p, size_t len, struct err *err)
{
	const char *s = p;

	while (len) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "cannot write");
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

void widen_pipe(int fd)
{
	(void)!fcntl(fd, F_SETPIPE_SZ, 1 << 20);
}

int load_file(const char *path, uint64_t limit, struct buf *buf,
	struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = -1;
	long n;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	for (;;) {
		buf_reserve(buf, 1 << 16);
		n = read_some(fd, buf->data + buf->len, buf->cap - buf->len - 1,
			err);
		if (n <= 0)
			break;
		buf->len += (size_t)n;
		if (buf->len > limit) {
			err_set(err, "'%s' is larger than %llu bytes", path,
				(unsigned long long)limit);
			goto out;
		}
	}
	if (n < 0)
		err_prefix(err, "'%s'", path);
	else
		rc = 0;
	buf_str(buf);
out:
	close(fd);
	return rc;
}

int temp_file(struct err *err)
{
	const char *dir = getenv("TMPDIR");
	struct buf path = BUF_INIT;
	int fd;

	buf_addf(&path, "%s/skyfilters.XXXXXX", dir && *dir ? dir : "/tmp");
	buf_str(&path);
	fd = mkostemp(path.data, O_CLOEXEC);
	if (fd < 0)
		err_errno(err, "cannot create a temporary file '%s'",
			path.data);
	else
		unlink(path.data);
	buf_release(&path);
	return fd;
}

/* What stands behind the last slash, not counting slashes at the end. */
static char *last_part(const char *path)
{
	size_t end = strlen(path), start;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start && path[start - 1] != '/'; start--)
		continue;
	return xmemdup0(path + start, end - start);
}

char *own_name(const char *path)
{
	char *name = last_part(path), *real;

	if (*name && strcmp(name, ".") && strcmp(name, ".."))
		return name;
	real = realpath(path, NULL);
	if (real) {
		free(name);
		name = last_part(real);
		free(real);
	}
	return name;
}

int load_data_file(const char *name, struct buf *buf, struct err *err)
{
	const char *dir = getenv("SKYFILTERS_DATADIR");
	struct buf path = BUF_INIT;
	int rc;

	buf_addf(&path, "%s/%s", dir && *dir ? dir : DATADIR, name);
	rc = load_file(buf_str(&path), 64 << 20, buf, err);
	buf_release(&path);
	return rc;
}

/*
 * The temporary names that a signal must remove. Slots are only ever set and
 * cleared whole, so that the handler sees a name or none.
 */
enum { MAX_PENDING = 64 };
static char *volatile pending[MAX_PENDING];

void outfile_remove_all(void)
{
	for (int i = 0; i < MAX_PENDING; i++)
		if (pending[i])
			unlink(pending[i]);
}

static void on_signal(int sig)
{
	outfile_remove_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

void outfile_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE,
		SIGXCPU};
	struct sigaction sa = {.sa_handler = on_signal};

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct sigaction old;

		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	}
	signal(SIGXFSZ, SIG_IGN); /* then write() says that it is too large */
}

static void pending_set(char *from, char *to)
{
	for (int i = 0; i < MAX_PENDING; i++) {
		if (pending[i] == from) {
			pending[i] = to;
			return;
		}
	}
}

#define TEMP_SUFFIX ".XXXXXX"

/* Whether the files behind two temporary names would end under one name. */
static bool same_end(const char *a, const char *b)
{
	char *x = realpath(a, NULL), *y = realpath(b, NULL);
	bool same = x && y && strlen(x) == strlen(y) &&
		    !strncmp(x, y, strlen(x) - strlen(TEMP_SUFFIX));

	free(x);
	free(y);
	return same;
}

static bool ends_as_another(const char *temp)
{
	for (int i = 0; i < MAX_PENDING; i++)
		if (pending[i] && pending[i] != temp &&
			same_end(pending[i], temp))
			return true;
	return false;
}

/*
 * The descriptor that a path names, -1 when it names none. Opening such a path
 * would begin at the start of a file that others are writing.
 */
static int named_fd(const char *path)
{
	static const char *const dirs[] = {"/dev/fd/", "/proc/self/fd/"};
	uint64_t fd;

	if (!strcmp(path, "/dev/stdout"))
		return STDOUT_FILENO;
	if (!strcmp(path, "/dev/stderr"))
		return STDERR_FILENO;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		size_t n = strlen(dirs[i]);

		if (!strncmp(path, dirs[i], n) && !parse_u64(path + n, &fd) &&
			fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}

/* Opens what must not be replaced: 1, or 0 where a file may be, or -1. */
static int open_in_place(struct outfile *f, const char *path)
{
	int fd = named_fd(path);
	struct stat st;

	if (fd >= 0)
		f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	else if (!stat(path, &st) && !S_ISREG(st.st_mode))
		f->fd = open(path, O_WRONLY | O_CLOEXEC);
	else
		return 0;
	return f->fd < 0 ? -1 : 1;
}

static int open_temp(struct outfile *f, const char *path)
{
	struct buf temp = BUF_INIT;
	mode_t mask = umask(0);

	umask(mask);
	buf_addf(&temp, "%s" TEMP_SUFFIX, path);
	buf_str(&temp);
	f->temp = buf_detach(&temp);
	/* before the file is there: mkostemp() puts its name in this string */
	pending_set(NULL, f->temp);
	f->fd = mkostemp(f->temp, O_CLOEXEC);
	if (f->fd >= 0 && !ends_as_another(f->temp)) {
		(void)!fchmod(f->fd, 0666 & ~mask);
		return 0;
	}
	if (f->fd >= 0) {
		close(f->fd);
		unlink(f->temp);
		errno = EBUSY;
	}
	pending_set(f->temp, NULL);
	return -1;
}

int outfile_open(struct outfile *f, const char *path, struct err *err)
{
	int rc;

	*f = (struct outfile)OUTFILE_INIT;
	rc = open_in_place(f, path);
	if (!rc)
		rc = open_temp(f, path);
	if (rc < 0) {
		if (errno == EBUSY)
			err_set(err,
				"'%s' is written to already: each output "
				"needs a file of its own",
				path);
		else
			err_errno(err, "cannot create '%s'", path);
		free(f->temp);
		*f = (struct outfile)OUTFILE_INIT;
		return -1;
	}
	f->path = xstrdup(path);
	return 0;
}

static void outfile_forget(struct outfile *f)
{
	if (f->temp)
		pending_set(f->temp, NULL);
	free(f->path);
	free(f->temp);
	*f = (struct outfile)OUTFILE_INIT;
}

int outfile_commit(struct outfile *f, struct err *err)
{
	int rc = 0;

	if (close(f->fd) < 0)
		rc = err_errno(err, "cannot write '%s'", f->path);
	else if (f->temp && rename(f->temp, f->path) < 0)
		rc = err_errno(err, "cannot rename to '%s'", f->path);
	if (rc < 0 && f->temp)
		unlink(f->temp);
	outfile_forget(f);
	return rc;
}

void outfile_abort(struct outfile *f)
{
	if (!f->path)
		return;
	close(f->fd);
	if (f->temp)
		unlink(f->temp);
	outfile_forget(f);
}

int save_file(const char *path, const void *p, size_t len, struct err *err)
{
	struct outfile f = OUTFILE_INIT;
	int rc;

	if (!path || !strcmp(path, "-")) {
		if (write_all(STDOUT_FILENO, p, len, err))
			return err_prefix(err, "standard output");
		if (close(STDOUT_FILENO) < 0)
			return err_errno(err, "standard output");
		return 0;
	}
	rc = outfile_open(&f, path, err);
	if (!rc && write_all(f.fd, p, len, err))
		rc = err_prefix(err, "%s", path);
	if (!rc)
		rc = outfile_commit(&f, err);
	outfile_abort(&f);
	return rc;
}
