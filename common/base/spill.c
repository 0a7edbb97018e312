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

/* Room in memory, or else in a file: the place, without bytes in it. */
static int find_room(struct spill *s, size_t len, struct spill_place *at,
	bool *memory, struct err *err)
{
	int rc = 0;

	*at = (struct spill_place){.len = len};
	pthread_mutex_lock(&s->lock);
	*memory = len <= s->memory - s->used;
	if (*memory)
		s->used += len;
	else
		rc = promise(s, len, at, err);
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static int write_to(struct spill *s, const void *p, struct spill_place *at,
	struct err *err)
{
	if (!write_at(at->file->fd, p, at->len, at->at, err))
		return 0;
	spill_drop(s, at);
	return -1;
}

int spill_put(struct spill *s, const void *p, size_t len,
	struct spill_place *at, struct err *err)
{
	bool memory;

	if (!len || find_room(s, len, at, &memory, err)) {
		*at = (struct spill_place){.p = NULL};
		return len ? -1 : 0;
	}
	if (!memory)
		return write_to(s, p, at, err);
	at->p = xmalloc(len);
	memcpy(at->p, p, len);
	return 0;
}

int spill_give(struct spill *s, struct buf *b, struct spill_place *at,
	struct err *err)
{
	bool memory;
	int rc = 0;

	*at = (struct spill_place){.p = NULL};
	if (b->len && !find_room(s, b->len, at, &memory, err)) {
		if (memory)
			at->p = buf_detach(b);
		else
			rc = write_to(s, b->data, at, err);
	} else if (b->len) {
		rc = -1;
	}
	buf_release(b);
	return rc;
}

int spill_take(struct spill *s, struct spill_place *at, struct buf *out,
	struct err *err)
{
	long n = (long)at->len;

	if (at->p) {
		buf_release(out);
		*out = (struct buf){at->p, at->len, at->len};
		pthread_mutex_lock(&s->lock);
		s->used -= at->len;
		pthread_mutex_unlock(&s->lock);
		*at = (struct spill_place){.p = NULL};
		return 0;
	}
	if (at->file)
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
