#include "base/base.h"
#include "base/spool.h"
#include "base/io.h"

#include <unistd.h>

enum { MEMORY = 1 << 20 };

struct spool {
	struct buf buf; /* written: what is not in the file; read: a window */
	size_t pos;     /* read: the next byte in buf */
	int fd;         /* -1: all is in buf */
	bool reading;
};

struct spool *spool_new(void)
{
	struct spool *s = xcalloc(1, sizeof(*s));

	s->fd = -1;
	return s;
}

void spool_free(struct spool *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_release(&s->buf);
	free(s);
}

static int spill(struct spool *s, struct err *err)
{
	if (s->fd < 0)
		s->fd = temp_file(err);
	if (s->fd < 0)
		return -1;
	if (write_all(s->fd, s->buf.data, s->buf.len, err))
		return err_prefix(err, "temporary file");
	buf_reset(&s->buf);
	return 0;
}

int spool_put(struct spool *s, const void *p, size_t len, struct err *err)
{
	uint32_t n = (uint32_t)len;

	if (n != len)
		return err_set(err, "%zu bytes are too many to spool", len);
	buf_add(&s->buf, &n, sizeof(n));
	buf_add(&s->buf, p, len);
	return s->buf.len > MEMORY ? spill(s, err) : 0;
}

int spool_rewind(struct spool *s, struct err *err)
{
	bool written = !s->reading;

	s->reading = true;
	s->pos = 0;
	if (s->fd < 0)
		return 0;
	if (written && spill(s, err))
		return -1;
	buf_reset(&s->buf);
	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return err_errno(err, "temporary file");
	return 0;
}

/* Makes at least `need` bytes stand at pos: 1, 0 when the file ends, -1. */
static int fill(struct spool *s, size_t need, struct err *err)
{
	size_t have = s->buf.len - s->pos;

	if (have >= need)
		return 1;
	if (s->fd < 0)
		return 0;
	memmove(s->buf.data, s->buf.data + s->pos, have);
	s->buf.len = have;
	s->pos = 0;
	buf_reserve(&s->buf, MAX(need, MEMORY));
	while (s->buf.len < need) {
		long n = read_some(s->fd, s->buf.data + s->buf.len,
			s->buf.cap - s->buf.len - 1, err);

		if (n < 0)
			return err_prefix(err, "temporary file");
		if (!n)
			return 0;
		s->buf.len += (size_t)n;
	}
	return 1;
}

int spool_next(struct spool *s, struct str *out, struct err *err)
{
	uint32_t len;
	int rc = fill(s, sizeof(len), err);

	if (rc < 0 || (!rc && s->pos == s->buf.len))
		return rc;
	if (rc) {
		memcpy(&len, s->buf.data + s->pos, sizeof(len));
		rc = fill(s, sizeof(len) + len, err);
	}
	if (rc <= 0)
		return rc ? rc : err_set(err, "a temporary file is cut off");
	*out = (struct str){s->buf.data + s->pos + sizeof(len), len};
	s->pos += sizeof(len) + len;
	return 1;
}
