#include "base/base.h"
#include "osm/runs.h"

void runs_release(struct node_runs *r)
{
	free(r->runs[0]);
	free(r->runs[1]);
	*r = (struct node_runs){{NULL, NULL}, 0};
}

/* Begins the next run: what becomes of the one before, if it is not the first,
 * is known. */
static struct node_run *begin_run(struct node_runs *r, struct nodes *s,
	int64_t number)
{
	struct node_run **run;

	if (r->n == 2)
		nodes_put_run(s, r->runs[1]);
	else
		r->n++;
	run = &r->runs[r->n - 1];
	if (!*run)
		*run = xmalloc(sizeof(**run));
	(*run)->number = number;
	memset((*run)->have, 0, sizeof((*run)->have));
	return *run;
}

/* All n are of the block. b: which are wanted, or NULL */
static void add(struct node_run *run, const struct idset_block *b,
	const int64_t *ids, const struct geo_pos *pos, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = (uint64_t)ids[i] & (IDSET_BLOCK - 1);

		if ((b && !idset_block_has(b, ids[i])) ||
			!osm_somewhere(pos[i]))
			continue;
		run->pos[at] = pos[i];
		run->have[at >> 6] |= UINT64_C(1) << (at & 63);
	}
}

void runs_put(struct node_runs *r, struct nodes *s, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		struct node_run *run = r->n ? r->runs[r->n - 1] : NULL;
		int64_t number = ids[i] >> 12;
		const struct idset_block *b =
			s->all ? NULL : idset_block(&s->wanted, ids[i]);

		for (end = i + 1; end < n && ids[end] >> 12 == number;)
			end++;
		if (!b && !s->all)
			continue;
		if (!run || run->number != number)
			run = begin_run(r, s, number);
		add(run, b, ids + i, pos + i, end - i);
	}
}

static void merge(struct node_run *to, const struct node_run *from)
{
	for (size_t w = 0; w < IDSET_WORDS; w++) {
		uint64_t have = from->have[w];

		to->have[w] |= have;
		for (; have; have &= have - 1) {
			size_t at = 64 * w + (size_t)__builtin_ctzll(have);

			to->pos[at] = from->pos[at];
		}
	}
}

void runs_join(struct node_runs *open, struct nodes *s, struct node_runs *r)
{
	for (unsigned i = 0; i < r->n; i++) {
		struct node_run *run = r->runs[i];

		if (open->n && open->runs[0]->number == run->number) {
			merge(open->runs[0], run);
			continue;
		}
		runs_end(open, s);
		r->runs[i] = open->runs[0];
		open->runs[0] = run;
		open->n = 1;
	}
	r->n = 0;
}

void runs_end(struct node_runs *open, struct nodes *s)
{
	if (open->n)
		nodes_put_run(s, open->runs[0]);
	open->n = 0;
}
