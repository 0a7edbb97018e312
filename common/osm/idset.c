#include "base/base.h"
#include "osm/idset.h"

#include <errno.h>
#include <sys/mman.h>

enum { REGION_BLOCKS = 1 << 20 };

/* Pages of zeros that cost nothing until they are written to. */
static struct idset_region *region_new(int64_t number)
{
	struct idset_region *r = xcalloc(1, sizeof(*r));
	void *p = mmap(NULL, REGION_BLOCKS * sizeof(idset_slot),
		PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		xfail("no address space for a set of ids (see ulimit -v, "
		      "or use fewer threads: -@)",
			errno);
	r->number = number;
	r->blocks = p;
	return r;
}

static void region_free(struct idset_region *r)
{
	munmap(r->blocks, REGION_BLOCKS * sizeof(idset_slot));
	free(r);
}

static struct idset_region *find_far(struct idset_region *r, int64_t number)
{
	while (r && r->number != number)
		r = r->next;
	return r;
}

idset_slot *idset_far(const struct idset *s, int64_t number)
{
	struct idset_region *r = find_far(atomic_load(&s->far), number);

	return r ? r->blocks : NULL;
}

/* Several threads may make the same one: the first to put it there wins. */
static struct idset_region *make_near(struct idset *s, int64_t number)
{
	_Atomic(struct idset_region *) *at = &s->near[number + IDSET_NEAR];
	struct idset_region *r = atomic_load(at);

	if (!r) {
		struct idset_region *made = region_new(number);

		if (atomic_compare_exchange_strong(at, &r, made))
			return made;
		region_free(made);
	}
	return r;
}

static struct idset_region *make_far(struct idset *s, int64_t number)
{
	struct idset_region *head = atomic_load(&s->far);
	struct idset_region *r = find_far(head, number), *made;

	if (r)
		return r;
	made = region_new(number);
	do {
		r = find_far(head, number);
		if (r) {
			region_free(made);
			return r;
		}
		made->next = head;
	} while (!atomic_compare_exchange_weak(&s->far, &head, made));
	return made;
}

/* The slot of a block, in a directory that is made when there is none. */
static idset_slot *make_slot(struct idset *s, int64_t number)
{
	int64_t region = number >> 20;
	bool near = region >= -IDSET_NEAR && region < IDSET_NEAR;
	struct idset_region *r =
		near ? make_near(s, region) : make_far(s, region);

	return &r->blocks[(uint64_t)number & (REGION_BLOCKS - 1)];
}

bool idset_put(struct idset *s, int64_t number, struct idset_block *block)
{
	struct idset_block *none = NULL;

	return atomic_compare_exchange_strong(make_slot(s, number), &none,
		block);
}

static struct idset_block *make_block(struct idset *s, int64_t number)
{
	idset_slot *slot = make_slot(s, number);
	struct idset_block *b = atomic_load(slot);

	if (!b) {
		struct idset_block *made = xcalloc(1, sizeof(*made));

		if (atomic_compare_exchange_strong(slot, &b, made))
			return made;
		free(made);
	}
	return b;
}

void idset_add_all(struct idset *s, const int64_t *ids, size_t n)
{
	struct idset_block *b = NULL;

	for (size_t i = 0; i < n;) {
		int64_t word = ids[i] >> 6;
		_Atomic uint64_t *to;
		uint64_t bits = 0;

		if (!b || word >> 6 != ids[i - 1] >> 12)
			b = idset_block(s, ids[i]);
		if (!b)
			b = make_block(s, word >> 6);
		for (; i < n && ids[i] >> 6 == word; i++)
			bits |= UINT64_C(1) << ((uint64_t)ids[i] & 63);
		to = &b->bits[(uint64_t)word & 63];
		if (bits & ~atomic_load_explicit(to, memory_order_relaxed))
			atomic_fetch_or_explicit(to, bits,
				memory_order_relaxed);
	}
}

void idset_add(struct idset *s, int64_t id)
{
	idset_add_all(s, &id, 1);
}

static void seal_region(struct idset *s, struct idset_region *r)
{
	for (size_t i = 0; i < REGION_BLOCKS; i++) {
		struct idset_block *b = atomic_load_explicit(&r->blocks[i],
			memory_order_relaxed);
		unsigned n = 0;

		if (!b)
			continue;
		b->rank = s->n;
		for (size_t w = 0; w < IDSET_WORDS; w++) {
			b->before[w] = (uint16_t)n;
			n += (unsigned)__builtin_popcountll(b->bits[w]);
		}
		s->n += n;
	}
}

static int by_number(const void *a, const void *b)
{
	int64_t x = (*(struct idset_region *const *)a)->number;
	int64_t y = (*(struct idset_region *const *)b)->number;

	return (x > y) - (x < y);
}

/* All regions in ascending order: an array to be freed. */
static struct idset_region **regions(const struct idset *s, size_t *n)
{
	struct idset_region **all = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(s->near); i++) {
		xgrow(&all, &cap, *n + 1, sizeof(*all));
		if (s->near[i])
			all[(*n)++] = s->near[i];
	}
	for (struct idset_region *r = s->far; r; r = r->next) {
		xgrow(&all, &cap, *n + 1, sizeof(*all));
		all[(*n)++] = r;
	}
	qsort(all, *n, sizeof(*all), by_number);
	return all;
}

void idset_seal(struct idset *s)
{
	size_t n;
	struct idset_region **all = regions(s, &n);

	s->n = 0;
	for (size_t i = 0; i < n; i++)
		seal_region(s, all[i]);
	free(all);
}

void idset_each(const struct idset *s,
	void (*fn)(void *ctx, struct idset_block *b), void *ctx)
{
	size_t n;
	struct idset_region **all = regions(s, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < REGION_BLOCKS; j++)
			if (all[i]->blocks[j])
				fn(ctx, all[i]->blocks[j]);
	free(all);
}

void idset_release(struct idset *s)
{
	size_t n;
	struct idset_region **all = regions(s, &n);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < REGION_BLOCKS; j++)
			free(all[i]->blocks[j]);
		region_free(all[i]);
	}
	free(all);
	*s = (struct idset)IDSET_INIT;
}
