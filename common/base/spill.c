#include "base/base.h"
#include "base/spill.h"
#include "base/io.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

/* When a file has so much, the next one begins: it goes when it is empty. */
#define FILE_BYTES (UINT64_C(64) << 20)

struct spill_file {
	int fd;
	uint64_t end;  /* bytes that are taken or promised */
	uint64_t live; /* strings in it */
};

struct spill {
	pthread_mutex_t lock;
	size_t memory, used;
	struct spill_file *open; /* the one that is written to, or NULL */
};

struct spill *spill_new(size_t memory)
{
	struct spill *s = xcalloc(1, sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	s->memory = memory;
	return s;
}

static void file_free(struct spill_file *f)
{
	close(f->fd);
	free(f);
}

void spill_free(struct spill *s)
{
	if (!s)
		return;
	if (s->open)
		file_free(s->open);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static struct spill_file *file_new(struct err *err)
{
	int fd = temp_file(err);
	struct spill_file *f;

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->fd = fd;
	return f;
}

/* Promises room in a file; the lock is held. */
static int promise(struct spill *s, size_t len, struct spill_place *at,
	struct err *err)
{
	if (!s->open || s->open->end >= FILE_BYTES) {
		struct spill_file *f = file_new(err);

		if (!f)
			return -1;
		if (s->open && !s->open->live)
			file_free(s->open);
		s->open = f;
	}
	at->file = s->open;
	at->at = s->open->end;
	s->open->end += len;
	s->open->live++;
	return 0;
}

/* One string less is in the file; the lock is held. */
static void forget(struct spill *s, struct spill_file *f)
{
	if (--f->live)
		return;
	if (f == s->open)
		f->end = 0;
	else
		file_free(f);
}

static int write_at(int fd, const char *p, size_t len, uint64_t at,
	struct err *err)
{
	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "temporary file");
		p += n;
		len -= (size_t)n;
		at += (uint64_t)n;
	}
	return 0;
}

int spill_put(struct spill *s, const void *p, size_t len,
	struct spill_place *at, struct err *err)
{
	int rc = 0;

	*at = (struct spill_place){.len = len};
	if (!len)
		return 0;
	pthread_mutex_lock(&s->lock);
	if (len <= s->memory - s->used) {
		s->used += len;
		at->p = xmalloc(len);
	} else {
		rc = promise(s, len, at, err);
	}
	pthread_mutex_unlock(&s->lock);
	if (at->p)
		memcpy(at->p, p, len);
	else if (!rc)
		rc = write_at(at->file->fd, p, len, at->at, err);
	if (rc)
		spill_drop(s, at);
	return rc;
}

int spill_take(struct spill *s, struct spill_place *at, struct buf *out,
	struct err *err)
{
	long n = (long)at->len;

	if (at->p)
		buf_add(out, at->p, at->len);
	else if (at->file)
		n = read_at(at->file->fd, buf_extend(out, at->len), at->len,
			at->at, err);
	if (n >= 0 && (size_t)n < at->len)
		n = err_set(err, "a temporary file is cut off");
	spill_drop(s, at);
	return n < 0 ? -1 : 0;
}

void spill_drop(struct spill *s, struct spill_place *at)
{
	pthread_mutex_lock(&s->lock);
	if (at->p)
		s->used -= at->len;
	else if (at->file)
		forget(s, at->file);
	pthread_mutex_unlock(&s->lock);
	free(at->p);
	*at = (struct spill_place){.p = NULL};
}
