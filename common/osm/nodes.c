#include "base/base.h"
#include "osm/nodes.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Bytes a node: packed, by and large at the most, and not. */
enum { PACKED_BYTES = 7, PLAIN_BYTES = 8 };

/* A block's positions are 8 bytes each, or, with this bit in the pointer: */
enum { PACKED = 1 };

/* A position as a word, never 0: no node lies at -2^31 units of longitude. */
static uint64_t to_word(struct geo_pos pos)
{
	return (uint64_t)((uint32_t)pos.lon ^ UINT32_C(0x80000000)) << 32 |
	       (uint32_t)pos.lat;
}

ALWAYS_INLINE struct geo_pos of_word(uint64_t word)
{
	if (!word)
		return OSM_NOWHERE;
	return (struct geo_pos){
		(int32_t)((uint32_t)(word >> 32) ^ UINT32_C(0x80000000)),
		(int32_t)(uint32_t)word};
}

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

/* Room for a block's positions. */
static void *open_block(struct idset_block *b)
{
	void *made = xcalloc(idset_block_size(b), PLAIN_BYTES), *data = NULL;

	if (atomic_compare_exchange_strong(&b->data, &data, made))
		return made;
	free(made);
	return data;
}

void nodes_put(struct nodes *s, int64_t id, struct geo_pos pos)
{
	struct idset_block *b = idset_block(&s->wanted, id);
	void *data;

	if (!b || !idset_block_has(b, id))
		return;
	data = atomic_load_explicit(&b->data, memory_order_acquire);
	if (!data)
		data = open_block(b);
	if (!((uintptr_t)data & PACKED))
		atomic_store_explicit((_Atomic uint64_t *)data +
					      idset_block_rank(b, id),
			osm_somewhere(pos) ? to_word(pos) : 0,
			memory_order_relaxed);
}

static void forget(void *ctx, struct idset_block *b)
{
	char *data = b->data;

	(void)ctx;
	if (data)
		free(data - ((uintptr_t)data & PACKED));
	b->data = NULL;
}

void nodes_clear(struct nodes *s)
{
	if (s->map)
		memset(s->map, 0, s->map_bytes);
	else
		idset_each(&s->wanted, forget, NULL);
	if (s->all)
		idset_release(&s->wanted);
}

void nodes_release(struct nodes *s)
{
	if (s->map)
		munmap(s->map, s->map_bytes);
	else
		idset_each(&s->wanted, forget, NULL);
	idset_release(&s->wanted);
	*s = (struct nodes)NODES_INIT;
}

/*
 * Of 64 ids: the widths in bits, the least longitude and latitude, and then for
 * each wanted node what it is beyond them, lowest bits first. Where a node has
 * not come the first width is NO_WIDTH, and words of 8 bytes follow.
 */
enum { HEAD_BYTES = 10, NO_WIDTH = 255, READ_BYTES = 9 };

static unsigned width(uint32_t v)
{
	return v ? 32 - (unsigned)__builtin_clz(v) : 0;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static uint8_t *put64(uint8_t *p, uint64_t v)
{
	v = htole64(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
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

static uint8_t *put_words(uint8_t *p, const struct geo_pos *pos, uint64_t have,
	uint64_t wanted)
{
	*p++ = NO_WIDTH;
	for (; wanted; wanted &= wanted - 1) {
		unsigned i = (unsigned)__builtin_ctzll(wanted);

		p = put64(p, have >> i & 1 ? to_word(pos[i]) : 0);
	}
	return p;
}

/* Up to 8 bytes behind what it returns are written to as well. */
static uint8_t *put_offsets(uint8_t *p, const struct geo_pos *pos, unsigned n,
	struct geo_pos least, unsigned lon_bits, unsigned lat_bits)
{
	unsigned bits = lon_bits + lat_bits, fill = 0;
	uint64_t word = 0;

	for (unsigned i = 0; i < n; i++) {
		uint64_t v = (uint32_t)pos[i].lat - (uint32_t)least.lat;

		v = v << lon_bits |
		    ((uint32_t)pos[i].lon - (uint32_t)least.lon);
		word |= v << fill;
		if (fill + bits >= 64) {
			p = put64(p, word);
			word = fill ? v >> (64 - fill) : 0;
			fill -= 64;
		}
		fill += bits;
	}
	(void)put64(p, word);
	return p + (fill + 7) / 8;
}

/* The positions are those of 64 ids, by id. */
static uint8_t *pack_group(uint8_t *p, const struct geo_pos *pos, uint64_t have,
	uint64_t wanted)
{
	struct geo_pos some[64], least = {INT32_MAX, INT32_MAX};
	struct geo_pos most = {INT32_MIN, INT32_MIN};
	unsigned n = 0, lon_bits, lat_bits;

	if (wanted & ~have)
		return put_words(p, pos, have, wanted);
	for (; wanted; wanted &= wanted - 1)
		some[n++] = pos[__builtin_ctzll(wanted)];
	for (unsigned i = 0; i < n; i++) {
		least.lon = MIN(least.lon, some[i].lon);
		least.lat = MIN(least.lat, some[i].lat);
		most.lon = MAX(most.lon, some[i].lon);
		most.lat = MAX(most.lat, some[i].lat);
	}
	lon_bits = width((uint32_t)most.lon - (uint32_t)least.lon);
	lat_bits = width((uint32_t)most.lat - (uint32_t)least.lat);
	*p++ = (uint8_t)lon_bits;
	*p++ = (uint8_t)lat_bits;
	p = put32(put32(p, (uint32_t)least.lon), (uint32_t)least.lat);
	return put_offsets(p, some, n, least, lon_bits, lat_bits);
}

static void pack_run(struct idset_block *b, const struct node_run *run)
{
	uint8_t room[IDSET_WORDS * (HEAD_BYTES + 64 * PLAIN_BYTES) +
		     READ_BYTES];
	uint8_t *p = room, *packed;

	for (size_t w = 0; w < IDSET_WORDS; w++) {
		b->at[w] = (uint16_t)(p - room);
		if (b->bits[w])
			p = pack_group(p, run->pos + 64 * w, run->have[w],
				b->bits[w]);
	}
	packed = xmalloc((size_t)(p - room) + READ_BYTES);
	memcpy(packed, room, (size_t)(p - room));
	memset(packed + (p - room), 0, READ_BYTES);
	atomic_store_explicit(&b->data, packed + PACKED, memory_order_release);
}

static void put_new(struct nodes *s, const struct node_run *run)
{
	struct idset_block *b = xcalloc(1, sizeof(*b));

	for (size_t w = 0; w < IDSET_WORDS; w++)
		b->bits[w] = run->have[w];
	pack_run(b, run);
	if (idset_put(&s->wanted, run->number, b))
		return;
	forget(NULL, b);
	free(b);
}

void nodes_put_run(struct nodes *s, const struct node_run *run)
{
	struct idset_block *b =
		idset_block(&s->wanted, (int64_t)((uint64_t)run->number << 12));
	void *none = NULL;

	if (!b && s->all)
		put_new(s, run);
	/* where two come at once, one of them packs it */
	else if (b && atomic_compare_exchange_strong(&b->data, &none,
			      (char *)NULL + PACKED))
		pack_run(b, run);
}

ALWAYS_INLINE struct geo_pos unpack(struct node_place place)
{
	const uint8_t *group = place.at, *p;
	const unsigned lon_bits = group[0], lat_bits = group[1];
	unsigned bits = lon_bits + lat_bits, shift;
	struct geo_pos pos;
	uint64_t v;

	if (lon_bits == NO_WIDTH)
		return of_word(get64(group + 1 + 8 * (size_t)place.rank));
	p = group + HEAD_BYTES + (place.rank * bits >> 3);
	shift = place.rank * bits & 7;
	v = get64(p) >> shift;
	if (shift + bits > 64)
		v |= (uint64_t)p[8] << (64 - shift);
	pos.lon = (int32_t)(get32(group + 2) +
			    (uint32_t)(v & ((UINT64_C(1) << lon_bits) - 1)));
	v >>= lon_bits;
	pos.lat = (int32_t)(get32(group + 6) +
			    (uint32_t)(v & ((UINT64_C(1) << lat_bits) - 1)));
	return pos;
}

enum { PLAIN = 64 }; /* a rank that says: 8 bytes */

ALWAYS_INLINE struct geo_pos read_place(struct node_place place)
{
	if (!place.at)
		return OSM_NOWHERE;
	if (place.rank != PLAIN)
		return unpack(place);
	return of_word(atomic_load_explicit((const _Atomic uint64_t *)place.at,
		memory_order_relaxed));
}

/* All places are asked for before the first is waited for. */
COUNTS_BITS void nodes_get(const struct nodes *s, const int64_t *ids, size_t n,
	struct node_place *room, struct geo_pos *pos)
{
	const struct idset_block *b = NULL;
	const char *data = NULL;

	for (size_t i = 0; i < n; i++) {
		unsigned word = (uint64_t)ids[i] >> 6 & 63, rank;
		uint64_t bit = UINT64_C(1) << ((uint64_t)ids[i] & 63), bits;

		if (!i || ids[i] >> 12 != ids[i - 1] >> 12) {
			b = idset_block(&s->wanted, ids[i]);
			data = b ? atomic_load_explicit(&b->data,
					   memory_order_acquire)
				 : NULL;
		}
		room[i].at = NULL;
		bits = data ? b->bits[word] : 0;
		if (!(bits & bit))
			continue;
		rank = (unsigned)__builtin_popcountll(bits & (bit - 1));
		if ((uintptr_t)data & PACKED)
			room[i] = (struct node_place){
				data - PACKED + b->at[word], rank};
		else
			room[i] = (struct node_place){
				data + 8 * (size_t)(b->before[word] + rank),
				PLAIN};
		__builtin_prefetch(room[i].at);
	}
	for (size_t i = 0; i < n; i++)
		pos[i] = read_place(room[i]);
}
