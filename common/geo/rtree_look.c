/*
 * Queries: once for each kind of instructions, chosen when a tree is built.
 */
#include "base/base.h"
#include "geo/rtree.h"
#include "geo/rtree_node.h"

#include <pthread.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

/*
 * What the sides of rectangles that meet another are not above. Where an upper
 * half is below `surely` that holds, and where it is below `maybe` it can.
 */
struct limit {
	int64_t whole[SIDES];
	int32_t surely[SIDES], maybe[SIDES];
};

static inline void set_limit(struct limit *l, size_t s, int64_t most)
{
	l->whole[s] = most;
	l->surely[s] = upper(most);
	l->maybe[s] = upper(most) + 1;
}

static struct limit limit_of(const struct rect *r)
{
	struct limit l;

	set_limit(&l, 0, key(r->x1));
	set_limit(&l, 1, key(r->y1));
	set_limit(&l, 2, ~key(r->x0));
	set_limit(&l, 3, ~key(r->y0));
	return l;
}

static int64_t whole(int32_t upper, uint32_t lower)
{
	return (int64_t)((uint64_t)(uint32_t)upper << 32 | lower);
}

/*
 * What differs by instructions. below(): the bits of a node's rectangles all of
 * whose sides are below the limits. list(): writes those of FANOUT numbers that
 * are chosen, and others that do not count, up to a FANOUT in all; returns how
 * many were chosen.
 */
typedef unsigned below_fn(const struct node *, const int32_t limit[SIDES]);
typedef size_t list_fn(uint32_t *out, unsigned chosen, const uint32_t *number);

static inline uint32_t first_bit(unsigned bits)
{
	return (uint32_t)__builtin_ctz(bits);
}

/* Those of a node's open rectangles that meet the one of the limit. */
static unsigned settle(const struct rtree *t, size_t node,
	const struct limit *limit, unsigned open)
{
	unsigned meet = 0;

	for (; open; open &= open - 1) {
		uint32_t j = first_bit(open);
		const struct lower *l = &t->lower[node * FANOUT + j];
		bool meets = true;

		for (size_t s = 0; s < SIDES; s++)
			meets &= whole(t->level[0][node].side[s][j],
					 l->side[s]) <= limit->whole[s];
		meet |= (unsigned)meets << j;
	}
	return meet;
}

/* Queries in no order of place wait for memory: rather for all at once. */
ALWAYS_INLINE void fetch(const struct node *node)
{
	for (size_t s = 0; s < SIDES; s++)
		__builtin_prefetch(node->side[s]);
}

/* The chosen ones of FANOUT nodes of rectangles, from `first` on. */
ALWAYS_INLINE void find_hits(const struct rtree *t, const struct limit *limit,
	uint32_t first, unsigned chosen, below_fn *below, list_fn *list,
	struct hits *hits)
{
	size_t at = hits->n;

	if (hits->cap - at < (FANOUT + 1) * FANOUT)
		xgrow(&hits->items, &hits->cap, at + (FANOUT + 1) * FANOUT,
			sizeof(*hits->items));
	for (unsigned c = chosen; c; c &= c - 1)
		fetch(&t->level[0][first + first_bit(c)]);
	for (unsigned c = chosen; c; c &= c - 1) {
		uint32_t i = first + first_bit(c);
		const struct node *node = &t->level[0][i];
		unsigned surely = below(node, limit->surely);
		unsigned maybe = below(node, limit->maybe);

		if (maybe != surely)
			surely |= settle(t, i, limit, maybe & ~surely);
		at += list(hits->items + at, surely,
			t->number + (size_t)i * FANOUT);
	}
	hits->n = at;
}

ALWAYS_INLINE void walk(const struct rtree *t, const struct limit *limit,
	below_fn *below, list_fn *list, struct hits *hits)
{
	/* Of the levels above: nodes yet to be looked into, from `first` on. */
	struct {
		uint32_t first;
		unsigned nodes;
	} todo[MAX_LEVELS + 1];
	unsigned l = t->levels, nodes = t->top;
	uint32_t first = 0;

	for (;;) {
		uint32_t i;

		if (l == 1)
			find_hits(t, limit, first, nodes, below, list, hits);
		while (l == 1 || !nodes) {
			if (++l > t->levels)
				return;
			first = todo[l].first;
			nodes = todo[l].nodes;
		}
		i = first + first_bit(nodes);
		todo[l].first = first;
		todo[l].nodes = nodes & (nodes - 1);
		l--;
		first = i * FANOUT;
		nodes = below(&t->level[l][i], limit->maybe);
	}
}

typedef int32_t quad __attribute__((vector_size(16), may_alias));

/* Four of a node's rectangles: each one's bit, in a lane of its own. */
ALWAYS_INLINE quad quad_below(const struct node *node, int from,
	const int32_t limit[SIDES])
{
	quad a = *(const quad *)&node->side[0][from] < limit[0];
	quad b = *(const quad *)&node->side[1][from] < limit[1];
	quad c = *(const quad *)&node->side[2][from] < limit[2];
	quad d = *(const quad *)&node->side[3][from] < limit[3];

	return a & b & c & d & (quad){1, 2, 4, 8} << from;
}

ALWAYS_INLINE unsigned below_portable(const struct node *node,
	const int32_t limit[SIDES])
{
	quad all = quad_below(node, 0, limit) | quad_below(node, 4, limit) |
		   quad_below(node, 8, limit) | quad_below(node, 12, limit);

	return (unsigned)(all[0] | all[1] | all[2] | all[3]);
}

/* Four without a branch: there are seldom more. */
ALWAYS_INLINE size_t list_portable(uint32_t *out, unsigned chosen,
	const uint32_t *number)
{
	unsigned n = (unsigned)__builtin_popcount(chosen);

	chosen |= 0xf0000;
	for (unsigned i = 0; i < MAX(n, 4); i++, chosen &= chosen - 1)
		out[i] = number[first_bit(chosen)];
	return n;
}

static void query_portable(const struct rtree *t, const struct limit *limit,
	struct hits *hits)
{
	walk(t, limit, below_portable, list_portable, hits);
}

static bool always(void)
{
	return true;
}

#ifdef __x86_64__
#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

static uint64_t picks[256]; /* the places of an octet's bits, a byte each */
static pthread_once_t picks_once = PTHREAD_ONCE_INIT;

static void picks_make(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(picks); i++)
		for (unsigned j = 8; j--;)
			if (i >> j & 1)
				picks[i] = picks[i] << 8 | j;
}

/* Eight of a node's rectangles. */
AVX2 ALWAYS_INLINE unsigned octet_below(const struct node *node, size_t from,
	__m256i a, __m256i b, __m256i c, __m256i d)
{
	const __m256i *side = (const __m256i *)&node->side[0][from];
	enum { ROW = FANOUT / 8 };

	a = _mm256_cmpgt_epi32(a, _mm256_load_si256(&side[0 * ROW]));
	b = _mm256_cmpgt_epi32(b, _mm256_load_si256(&side[1 * ROW]));
	c = _mm256_cmpgt_epi32(c, _mm256_load_si256(&side[2 * ROW]));
	d = _mm256_cmpgt_epi32(d, _mm256_load_si256(&side[3 * ROW]));
	a = _mm256_and_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, d));
	return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(a));
}

AVX2 ALWAYS_INLINE unsigned below_avx2(const struct node *node,
	const int32_t limit[SIDES])
{
	__m256i a = _mm256_set1_epi32(limit[0]);
	__m256i b = _mm256_set1_epi32(limit[1]);
	__m256i c = _mm256_set1_epi32(limit[2]);
	__m256i d = _mm256_set1_epi32(limit[3]);

	return octet_below(node, 0, a, b, c, d) |
	       octet_below(node, 8, a, b, c, d) << 8;
}

AVX2 ALWAYS_INLINE size_t list_avx2(uint32_t *out, unsigned chosen,
	const uint32_t *number)
{
	size_t n = 0;

	for (unsigned from = 0; from < FANOUT; from += 8) {
		unsigned octet = chosen >> from & 255;
		__m256i pick = _mm256_cvtepu8_epi32(
			_mm_loadl_epi64((const __m128i *)&picks[octet]));
		__m256i all =
			_mm256_loadu_si256((const __m256i *)&number[from]);

		_mm256_storeu_si256((__m256i *)&out[n],
			_mm256_permutevar8x32_epi32(all, pick));
		n += (size_t)__builtin_popcount(octet);
	}
	return n;
}

AVX2 static void query_avx2(const struct rtree *t, const struct limit *limit,
	struct hits *hits)
{
	walk(t, limit, below_avx2, list_avx2, hits);
}

/* Asked before the first query. */
static bool has_avx2(void)
{
	pthread_once(&picks_once, picks_make);
	return __builtin_cpu_supports("avx2") &&
	       __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("popcnt");
}

#define AVX512 __attribute__((target("avx512f,bmi,popcnt")))

AVX512 ALWAYS_INLINE unsigned row_below(const int32_t side[FANOUT],
	int32_t limit)
{
	return _mm512_cmpgt_epi32_mask(_mm512_set1_epi32(limit),
		_mm512_load_si512(side));
}

AVX512 ALWAYS_INLINE unsigned below_avx512(const struct node *node,
	const int32_t limit[SIDES])
{
	return row_below(node->side[0], limit[0]) &
	       row_below(node->side[1], limit[1]) &
	       row_below(node->side[2], limit[2]) &
	       row_below(node->side[3], limit[3]);
}

AVX512 ALWAYS_INLINE size_t list_avx512(uint32_t *out, unsigned chosen,
	const uint32_t *number)
{
	/* compressed to memory at once it is far slower on some CPUs */
	_mm512_storeu_si512(out, _mm512_maskz_compress_epi32((__mmask16)chosen,
					 _mm512_loadu_si512(number)));
	return (size_t)__builtin_popcount(chosen);
}

AVX512 static void query_avx512(const struct rtree *t,
	const struct limit *limit, struct hits *hits)
{
	walk(t, limit, below_avx512, list_avx512, hits);
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("popcnt");
}
#endif

/* The fastest first; the last works everywhere. */
static const struct kind {
	const char *name;
	query_fn *query;
	bool (*works)(void);
} kinds[] = {
#ifdef __x86_64__
	{"avx512", query_avx512, has_avx512},
	{"avx2", query_avx2, has_avx2},
#endif
	{"portable", query_portable, always},
};

bool rtree_use(struct rtree *t, const char *instructions)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (instructions && strcmp(kinds[i].name, instructions) != 0)
			continue;
		if (!kinds[i].works())
			continue;
		t->query = kinds[i].query;
		return true;
	}
	return false;
}

void rtree_query(const struct rtree *t, const struct rect *r, struct hits *hits)
{
	struct limit limit;

	if (!t->levels || is_empty(r))
		return;
	limit = limit_of(r);
	t->query(t, &limit, hits);
}
