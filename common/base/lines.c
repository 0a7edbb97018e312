#include "base/base.h"
#include "base/lines.h"
#include "base/io.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 16 };

struct line_reader {
	int fd;
	const char *name; /* of argv */
	uint64_t limit, number;
	struct buf buf; /* bytes read; those before pos are used up */
	size_t pos;
	bool eof;
};

struct line_reader *line_reader_open(const char *path, uint64_t limit,
	struct err *err)
{
	bool use_stdin = !strcmp(path, "-");
	int fd = use_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct line_reader *r;

	if (fd < 0) {
		err_errno(err, "cannot open '%s'", path);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->fd = fd;
	r->name = use_stdin ? "standard input" : path;
	r->limit = limit;
	buf_reserve(&r->buf, READ_BYTES);
	return r;
}

void line_reader_free(struct line_reader *r)
{
	if (!r)
		return;
	if (r->fd != STDIN_FILENO)
		close(r->fd);
	buf_release(&r->buf);
	free(r);
}

/* Reads more bytes behind those that are there. */
static int fill(struct line_reader *r, struct err *err)
{
	size_t left = r->buf.len - r->pos;
	long n;

	memmove(r->buf.data, r->buf.data + r->pos, left);
	r->buf.len = left;
	r->pos = 0;
	buf_reserve(&r->buf, READ_BYTES);
	n = read_some(r->fd, r->buf.data + left, READ_BYTES, err);
	if (n < 0)
		return err_prefix(err, "%s: line %" PRIu64, r->name,
			r->number + 1);
	r->buf.len += (size_t)n;
	r->eof = !n;
	return 0;
}

int line_reader_next(struct line_reader *r, struct str *line, struct err *err)
{
	size_t seen = 0; /* bytes of the line without a newline among them */
	const char *newline = NULL;

	for (;;) {
		line->s = r->buf.data + r->pos;
		line->len = r->buf.len - r->pos;
		newline = memchr(line->s + seen, '\n', line->len - seen);
		if (newline)
			line->len = (size_t)(newline - line->s);
		if (line->len > r->limit)
			return err_set(err,
				"%s: line %" PRIu64
				" is longer than the limit of %" PRIu64
				" bytes",
				r->name, r->number + 1, r->limit);
		if (newline || r->eof)
			break;
		seen = line->len;
		if (fill(r, err))
			return -1;
	}
	if (!newline && !line->len)
		return 0;
	r->pos += line->len + (newline != NULL);
	r->number++;
	return 1;
}

uint64_t line_reader_number(const struct line_reader *r)
{
	return r->number;
}

const char *line_reader_name(const struct line_reader *r)
{
	return r->name;
}
