#include "base/base.h"
#include "join/plan.h"

#include "filter/table.h"
#include "join/caps.h"
#include "join/keys.h"

/* One pass over all samples: what it is about, and its room. */
struct capper {
	struct plans *plans;
	const struct join_opts *opts;
	struct caps *own, *known;
	uint8_t *over; /* [plans->n]; NULL in the first pass, that fills own */
	struct taglist tags;
	struct shape shape;
	struct rec rec;
	struct buf bytes, key;
};

/* Whether one of the tags that show has room for the sample, or none shows. */
static bool has_room(struct capper *c)
{
	struct str key = {c->key.data, c->key.len};
	bool any = !c->tags.n;

	for (size_t i = 0; i < c->tags.n && !any; i++)
		any = caps_hold(c->known, c->tags.items[i].key,
			c->tags.items[i].value, key);
	return any;
}

static void add_tags(struct capper *c)
{
	struct str key = {c->key.data, c->key.len};

	for (size_t i = 0; i < c->tags.n; i++)
		caps_add(c->own, c->tags.items[i].key, c->tags.items[i].value,
			key);
}

static int cap_sample(struct capper *c, const struct plan *plan, size_t at,
	struct err *err)
{
	const struct sample *s = &plan->sample;
	struct object o;
	const char *reason;
	struct str text;

	if (plan->verdict != KEEP)
		return 0;
	rec_reset(&c->rec);
	if (store_read(c->plans->objects, &plan->object, 1, &c->bytes, &text,
		    err) ||
		rec_view_bytes(&c->rec, (const uint8_t *)text.s, text.len,
			err) ||
		object_read(&o, &c->rec, &c->shape, &reason, err))
		return -1;
	buf_reset(&c->key);
	sample_key(s, &o, &c->key);
	key_add_copy(&c->key, s->copy);
	taglist_fill(&c->tags, o.tags, o.tag_gsd_m,
		image_gsd_at(s->image, o.lat), c->opts->gsd_slack);
	if (c->over)
		c->over[at] = !has_room(c);
	else
		add_tags(c);
	return 0;
}

static int pass(struct capper *c, struct err *err)
{
	struct plan plan;
	size_t at = 0;
	int rc = plans_rewind(c->plans, err) ? -1 : 1;

	while (rc > 0 && (rc = plans_next(c->plans, &plan, err)) > 0) {
		free(plan.detail);
		if (cap_sample(c, &plan, at++, err))
			rc = -1;
	}
	return rc < 0 ? -1 : 0;
}

static int cap(struct capper *c, struct filter *f, struct err *err)
{
	const struct join_opts *o = c->opts;

	if (o->caps && (filter_add_file(f, o->caps, err) ||
			       caps_load(c->known, o->caps, err)))
		return -1;
	if (pass(c, err))
		return -1;
	c->over = xcalloc(c->plans->n, sizeof(*c->over));
	if (pass(c, err))
		return -1;
	return o->caps_out ? caps_save(c->own, o->caps_out, err) : 0;
}

int plans_cap(struct plans *plans, struct filter *f,
	const struct join_opts *opts, uint8_t **over, struct err *err)
{
	struct capper c = {.plans = plans, .opts = opts};
	int rc;

	*over = NULL;
	if (!opts->max_per_tag)
		return 0;
	c.own = caps_new(opts->max_per_tag, opts->seed);
	c.known = opts->caps ? caps_new(opts->max_per_tag, opts->seed) : c.own;
	rc = cap(&c, f, err);
	if (c.known != c.own)
		caps_free(c.known);
	caps_free(c.own);
	taglist_release(&c.tags);
	shape_release(&c.shape);
	rec_release(&c.rec);
	buf_release(&c.bytes);
	buf_release(&c.key);
	*over = c.over;
	return rc;
}
