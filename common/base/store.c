#include "base/base.h"
#include "base/store.h"
#include "base/io.h"

#include <inttypes.h>
#include <unistd.h>

enum {
	MEMORY = 1 << 20,
	LONGEST = 1 << 28,
	BLOCK = 8,  /* of them are 2 GiB at most: an offset has 32 bits */
	GAP = 4096, /* bytes between two strings that are read at once */
};

struct store {
	struct buf buf;   /* the end of them, which is not in the file */
	uint64_t written; /* bytes in the file */
	int fd;           /* -1: there is none */
	size_t n;
	uint64_t *blocks; /* [n / BLOCK + 1]: where every BLOCK-th begins */
	uint32_t *begin;  /* [n + 1]: where each does, from its block's on */
	size_t blocks_cap, begin_cap;
};

/* Where the next one is to begin. */
static void mark(struct store *s)
{
	uint64_t at = s->written + s->buf.len;
	size_t block = s->n / BLOCK;

	xgrow(&s->begin, &s->begin_cap, s->n + 1, sizeof(*s->begin));
	if (s->n % BLOCK == 0) {
		xgrow(&s->blocks, &s->blocks_cap, block + 1,
			sizeof(*s->blocks));
		s->blocks[block] = at;
	}
	s->begin[s->n] = (uint32_t)(at - s->blocks[block]);
}

static uint64_t begin_of(const struct store *s, size_t i)
{
	return s->blocks[i / BLOCK] + s->begin[i];
}

struct store *store_new(void)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->fd = -1;
	mark(s);
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_release(&s->buf);
	free(s->blocks);
	free(s->begin);
	free(s);
}

static int spill(struct store *s, struct err *err)
{
	if (s->fd < 0)
		s->fd = temp_file(err);
	if (s->fd < 0)
		return -1;
	if (write_all(s->fd, s->buf.data, s->buf.len, err))
		return err_prefix(err, "temporary file");
	s->written += s->buf.len;
	buf_reset(&s->buf);
	return 0;
}

int store_put(struct store *s, const void *p, size_t len, struct err *err)
{
	if (len > LONGEST)
		return err_set(err, "%zu bytes are too many to be stored", len);
	if (s->n == UINT32_MAX)
		return err_set(err,
			"more than %" PRIu32 " records: split the "
			"input",
			UINT32_MAX);
	buf_add(&s->buf, p, len);
	s->n++;
	mark(s);
	return s->buf.len > MEMORY ? spill(s, err) : 0;
}

size_t store_count(const struct store *s)
{
	return s->n;
}

int store_seal(struct store *s, struct err *err)
{
	return s->fd < 0 ? 0 : spill(s, err);
}

static int read_bytes(const struct store *s, char *to, size_t len,
	uint64_t from, struct err *err)
{
	long n;

	if (s->fd < 0) {
		if (len)
			memcpy(to, s->buf.data + from, len);
		return 0;
	}
	n = read_at(s->fd, to, len, from, err);
	if (n < 0)
		return err_prefix(err, "temporary file");
	return (size_t)n == len ? 0
				: err_set(err, "a temporary file is cut off");
}

/* How many of the n numbers, at least one, lie close together. */
static size_t close_together(const struct store *s, const uint32_t *numbers,
	size_t n)
{
	size_t i = 1;

	while (i < n && begin_of(s, numbers[i]) <=
				begin_of(s, numbers[i - 1] + (size_t)1) + GAP)
		i++;
	return i;
}

int store_read(const struct store *s, const uint32_t *numbers, size_t n,
	struct buf *room, struct str *out, struct err *err)
{
	size_t total = 0;

	for (size_t i = 0, m; i < n; i += m) {
		m = close_together(s, numbers + i, n - i);
		total += (size_t)(begin_of(s, numbers[i + m - 1] + (size_t)1) -
				  begin_of(s, numbers[i]));
	}
	buf_reset(room);
	buf_reserve(room, total);
	for (size_t i = 0, m; i < n; i += m) {
		uint64_t from = begin_of(s, numbers[i]), to;
		char *at;

		m = close_together(s, numbers + i, n - i);
		to = begin_of(s, numbers[i + m - 1] + (size_t)1);
		at = buf_extend(room, (size_t)(to - from));
		if (read_bytes(s, at, (size_t)(to - from), from, err))
			return -1;
		for (size_t j = i; j < i + m; j++) {
			out[j] = (struct str){
				at + (begin_of(s, numbers[j]) - from),
				(size_t)(begin_of(s, numbers[j] + (size_t)1) -
					 begin_of(s, numbers[j]))};
		}
	}
	return 0;
}
