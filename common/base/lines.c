#include "base/base.h"
#include "base/lines.h"
#include "base/io.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 17 };

struct lines {
	char *name;
	int fd;
	uint64_t limit, number;
	struct buf buf; /* bytes read; those before pos are used up */
	size_t pos;
	bool eof;
};

struct lines *lines_open(const char *path, uint64_t limit, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct lines *l;

	if (fd < 0) {
		err_errno(err, "cannot open '%s'", path);
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->name = xstrdup(is_stdin ? "standard input" : path);
	l->fd = fd;
	l->limit = limit;
	return l;
}

void lines_close(struct lines *l)
{
	if (!l)
		return;
	if (l->fd != STDIN_FILENO)
		close(l->fd);
	buf_release(&l->buf);
	free(l->name);
	free(l);
}

/* Reads on behind what is left of the buffer. */
static int read_more(struct lines *l, struct err *err)
{
	long n;

	if (l->pos) {
		memmove(l->buf.data, l->buf.data + l->pos, l->buf.len - l->pos);
		l->buf.len -= l->pos;
		l->pos = 0;
	}
	buf_reserve(&l->buf, READ_BYTES);
	n = read_some(l->fd, l->buf.data + l->buf.len,
		l->buf.cap - l->buf.len - 1, err);
	if (n < 0)
		return err_prefix(err, "%s: line %" PRIu64, l->name,
			l->number + 1);
	l->buf.len += (size_t)n;
	l->eof = n == 0;
	return 0;
}

int lines_next(struct lines *l, struct str *line, struct err *err)
{
	size_t seen = 0; /* bytes behind pos that hold no newline */

	for (;;) {
		const char *p = l->buf.data + l->pos;
		size_t have = l->buf.len - l->pos;
		const char *end = have > seen
					  ? memchr(p + seen, '\n', have - seen)
					  : NULL;

		if (!end && l->eof && !have)
			return 0;
		if (end || l->eof)
			have = end ? (size_t)(end - p) : have;
		if (have > l->limit)
			return err_set(err,
				"%s: line %" PRIu64
				" is longer than the limit of %" PRIu64
				" bytes",
				l->name, l->number + 1, l->limit);
		if (end || l->eof) {
			*line = (struct str){p, have};
			l->pos += have + (end != NULL);
			if (!l->number++)
				*line = str_skip_bom(*line);
			return 1;
		}
		seen = have;
		if (read_more(l, err))
			return -1;
	}
}

uint64_t lines_number(const struct lines *l)
{
	return l->number;
}

const char *lines_name(const struct lines *l)
{
	return l->name;
}
