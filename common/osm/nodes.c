#include "base/base.h"
#include "osm/nodes.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Bytes a node: packed, by and large at the most, and not. */
enum { PACKED_BYTES = 7, PLAIN_BYTES = 8 };

/* Positions that were packed; freed when `turn` has come. */
struct node_old {
	void *data;
	uint64_t turn;
};

uint64_t nodes_bytes(struct nodes *s)
{
	if (!s->wanted.n)
		idset_seal(&s->wanted);
	return MAX(s->wanted.n, 1) * PACKED_BYTES;
}

/* A file of zeros, mapped; it goes when the process does. */
static void *map_file(const char *path, size_t bytes, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	void *p = MAP_FAILED;
	int code;

	if (fd < 0) {
		err_errno(err, "cannot create '%s'", path);
		return NULL;
	}
	unlink(path);
	/* room that is there, or a full disk would end the process later */
	code = posix_fallocate(fd, 0, (off_t)bytes);
	if (code)
		errno = code;
	else
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			0);
	if (p == MAP_FAILED)
		err_errno(err, "cannot make '%s' %zu bytes large", path, bytes);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

static void point_into_map(void *ctx, struct idset_block *b)
{
	struct nodes *s = ctx;

	b->data = (uint64_t *)s->map + b->rank;
}

int nodes_seal(struct nodes *s, const char *path, struct err *err)
{
	(void)nodes_bytes(s);
	if (!path)
		return 0;
	s->map_bytes = (size_t)MAX(s->wanted.n, 1) * PLAIN_BYTES;
	s->map = map_file(path, s->map_bytes, err);
	if (!s->map)
		return -1;
	idset_each(&s->wanted, point_into_map, s);
	return 0;
}

void *nodes_open(struct idset_block *b)
{
	void *made = xcalloc(idset_block_size(b), PLAIN_BYTES), *data = NULL;

	if (atomic_compare_exchange_strong(&b->data, &data, made))
		return made;
	free(made);
	return data;
}

static void forget(void *ctx, struct idset_block *b)
{
	char *data = b->data;

	(void)ctx;
	if (data)
		free(data - ((uintptr_t)data & NODES_PACKED));
	b->data = NULL;
}

static void free_olds(struct nodes *s, bool all)
{
	while (s->first_old < s->nolds &&
		(all || s->olds[s->first_old].turn <= s->turn))
		free(s->olds[s->first_old++].data);
	if (s->first_old == s->nolds)
		s->first_old = s->nolds = 0;
}

void nodes_clear(struct nodes *s)
{
	free_olds(s, true);
	if (s->map)
		memset(s->map, 0, s->map_bytes);
	else
		idset_each(&s->wanted, forget, NULL);
}

void nodes_release(struct nodes *s)
{
	free_olds(s, true);
	if (s->map)
		munmap(s->map, s->map_bytes);
	else
		idset_each(&s->wanted, forget, NULL);
	idset_release(&s->wanted);
	buf_release(&s->packed);
	free(s->olds);
	*s = (struct nodes)NODES_INIT;
}

/*
 * Of 64 ids: the widths in bits, the least longitude and latitude, and then for
 * each wanted node what it is beyond them, lowest bits first. Where a node is
 * not there the first width is NO_WIDTH, and words of 8 bytes follow.
 */
enum { HEAD_BYTES = 10, NO_WIDTH = 255, READ_BYTES = 9 };

struct least {
	int32_t lon, lat;
	unsigned lon_bits, lat_bits;
};

static unsigned width(uint32_t v)
{
	return v ? 32 - (unsigned)__builtin_clz(v) : 0;
}

/* False when a node is not there. */
static bool find_least(const uint64_t *words, unsigned n, struct least *l)
{
	int32_t lon = INT32_MIN, lat = INT32_MIN; /* the greatest */
	struct geo_pos pos;

	l->lon = l->lat = INT32_MAX;
	for (unsigned i = 0; i < n; i++) {
		if (!nodes_unword(words[i], &pos))
			return false;
		l->lon = MIN(l->lon, pos.lon);
		l->lat = MIN(l->lat, pos.lat);
		lon = MAX(lon, pos.lon);
		lat = MAX(lat, pos.lat);
	}
	l->lon_bits = width((uint32_t)lon - (uint32_t)l->lon);
	l->lat_bits = width((uint32_t)lat - (uint32_t)l->lat);
	return true;
}

static void put32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

static uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Adds `bits` bits of v at bit `at` of zeroed bytes. */
static void put_bits(uint8_t *p, size_t at, unsigned bits, uint64_t v)
{
	unsigned shift = at & 7;
	uint64_t low;

	p += at >> 3;
	low = htole64(get64(p) | v << shift);
	memcpy(p, &low, sizeof(low));
	if (shift + bits > 64)
		p[8] |= (uint8_t)(v >> (64 - shift));
}

/* Returns how many bytes it takes; p has zeros. */
static size_t pack_group(const uint64_t *words, unsigned n, uint8_t *p)
{
	struct least l;
	unsigned bits;

	if (!find_least(words, n, &l)) {
		p[0] = NO_WIDTH;
		for (unsigned i = 0; i < n; i++) {
			uint64_t word = htole64(words[i]);

			memcpy(p + 1 + 8 * (size_t)i, &word, sizeof(word));
		}
		return 1 + 8 * (size_t)n;
	}
	bits = l.lon_bits + l.lat_bits;
	p[0] = (uint8_t)l.lon_bits;
	p[1] = (uint8_t)l.lat_bits;
	put32(p + 2, (uint32_t)l.lon);
	put32(p + 6, (uint32_t)l.lat);
	p += HEAD_BYTES;
	for (unsigned i = 0; i < n; i++) {
		struct geo_pos pos;
		uint64_t lon, lat;

		(void)nodes_unword(words[i], &pos);
		lon = (uint32_t)pos.lon - (uint32_t)l.lon;
		lat = (uint32_t)pos.lat - (uint32_t)l.lat;
		put_bits(p, (size_t)i * bits, bits, lon | lat << l.lon_bits);
	}
	return HEAD_BYTES + ((size_t)n * bits + 7) / 8;
}

bool nodes_unpack(const uint8_t *group, unsigned rank, struct geo_pos *pos)
{
	const unsigned lon_bits = group[0], lat_bits = group[1];
	unsigned bits = lon_bits + lat_bits, shift;
	const uint8_t *p;
	uint64_t v;

	if (lon_bits == NO_WIDTH)
		return nodes_unword(get64(group + 1 + 8 * (size_t)rank), pos);
	p = group + HEAD_BYTES + (rank * bits >> 3);
	shift = rank * bits & 7;
	v = get64(p) >> shift;
	if (shift + bits > 64)
		v |= (uint64_t)p[8] << (64 - shift);
	pos->lon = (int32_t)(get32(group + 2) +
			     (uint32_t)(v & ((UINT64_C(1) << lon_bits) - 1)));
	v >>= lon_bits;
	pos->lat = (int32_t)(get32(group + 6) +
			     (uint32_t)(v & ((UINT64_C(1) << lat_bits) - 1)));
	return true;
}

COUNTS_BITS void nodes_pack(struct nodes *s, struct idset_block *b,
	unsigned turns)
{
	enum { ROOM = IDSET_WORDS * (HEAD_BYTES + 64 * PLAIN_BYTES) };
	uint64_t *words = b->data;
	uint8_t *room, *packed;
	size_t len = 0;

	if (s->map || !words || (uintptr_t)words & NODES_PACKED)
		return;
	buf_reserve(&s->packed, ROOM + READ_BYTES);
	room = (uint8_t *)s->packed.data;
	memset(room, 0, ROOM + READ_BYTES);
	for (size_t w = 0; w < IDSET_WORDS; w++) {
		unsigned n = (unsigned)__builtin_popcountll(b->bits[w]);

		b->at[w] = (uint16_t)len;
		if (n)
			len += pack_group(words + b->before[w], n, room + len);
	}
	packed = xmalloc(len + READ_BYTES);
	memcpy(packed, room, len + READ_BYTES);
	atomic_store_explicit(&b->data, packed + NODES_PACKED,
		memory_order_release);
	xgrow(&s->olds, &s->olds_cap, s->nolds + 1, sizeof(*s->olds));
	s->olds[s->nolds++] = (struct node_old){words, s->turn + turns};
}

void nodes_turn(struct nodes *s)
{
	s->turn++;
	free_olds(s, false);
}
