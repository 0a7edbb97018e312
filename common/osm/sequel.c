/*
 * What follows each blob of a history file. All are unpacked and looked
 * through once, on all threads, before the first pass.
 */
#include "base/base.h"
#include "osm/block.h"
#include "base/thread.h"

struct look {
	const struct blob *blob;
	struct ends ends;
	bool disordered; /* by: */
	struct err err;
};

/* One thread's own. */
struct looker {
	struct blob_reader *reader;
	struct block *block;
	struct buf bytes;
};

struct lookers {
	const struct frame *frame;
	struct looker *of; /* [threads] */
};

/* A damaged blob stays unknown: the pass that meets it will say so. */
static void look_through(void *ctx, void *job, unsigned worker)
{
	struct lookers *all = ctx;
	struct looker *l = &all->of[worker];
	struct look *look = job;
	const struct blob *b = look->blob;
	struct wire blob, content;

	if (frame_load(all->frame, b->start, (size_t)b->head + b->size,
		    &l->bytes, &look->err))
		return;
	blob = (struct wire){(uint8_t *)l->bytes.data + b->head,
		(uint8_t *)l->bytes.data + l->bytes.len};
	if (blob_unpack(l->reader, blob, &content, &look->err))
		return;
	if (!block_scan(l->block, content, &look->err))
		block_ends(l->block, &look->ends);
	else
		look->disordered = l->block->disordered;
}

static void look_at_all(const struct frame *f, struct look *looks,
	unsigned threads)
{
	static const struct osm_pass pass = {
		.kinds = OSM_NODE | OSM_WAY | OSM_RELATION};
	struct lookers all = {f, NULL};
	struct workers *w;

	all.of = xcalloc(threads, sizeof(*all.of));
	for (unsigned i = 0; i < threads; i++) {
		all.of[i].reader = blob_reader_new();
		all.of[i].block = block_new(&pass, i);
	}
	w = workers_new(threads, (size_t)threads * 8, look_through, &all);
	for (size_t i = 0; i < f->n; i++) {
		looks[i].blob = &f->blobs[i];
		if (!f->blobs[i].kinds)
			continue;
		if (workers_full(w))
			(void)workers_get(w);
		workers_put(w, &looks[i]);
	}
	while (workers_get(w))
		;
	workers_free(w);
	for (unsigned i = 0; i < threads; i++) {
		blob_reader_free(all.of[i].reader);
		block_free(all.of[i].block);
		buf_release(&all.of[i].bytes);
	}
	free(all.of);
}

/* Each blob begins behind the last one before it that has objects. */
static int check_order(const struct frame *f, struct look *looks,
	struct err *err)
{
	const struct version *last = NULL;

	for (size_t i = 0; i < f->n; i++) {
		struct look *look = &looks[i];
		const struct ends *e = &look->ends;

		if (look->disordered ||
			(e->kinds && last &&
				version_follows(last, &e->first, &look->err))) {
			*err = look->err;
			return frame_prefix(f, i, err);
		}
		if (e->kinds)
			last = &e->last;
	}
	return 0;
}

int frame_find_sequels(struct frame *f, unsigned threads, struct err *err)
{
	struct look *looks = xcalloc(f->n, sizeof(*looks));
	struct sequel next = {0, 0, 0};
	int rc;

	look_at_all(f, looks, threads);
	rc = check_order(f, looks, err);
	f->sequels = xcalloc(f->n, sizeof(*f->sequels));
	for (size_t i = f->n; i-- > 0;) {
		const struct ends *e = &looks[i].ends;
		const struct version *v = &e->first;
		int64_t from = v->from;

		f->sequels[i] = next;
		if (e->known)
			f->blobs[i].kinds = e->kinds;
		if (!e->kinds)
			continue;
		/* nothing but versions of one object, which goes on */
		if (e->last.kind == v->kind && e->last.id == v->id &&
			next.kind == v->kind && next.id == v->id)
			from = MIN(from, next.from);
		next = (struct sequel){v->kind, v->id, from};
	}
	free(looks);
	return rc;
}
