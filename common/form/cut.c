#include "base/base.h"
#include "form/cut.h"
#include "base/hash.h"
#include "base/log.h"
#include "form/missing.h"
#include "form/where.h"
#include "rec/edit.h"

#include <inttypes.h>
#include <math.h>

struct cuts {
	const struct cut_options *o;
	uint64_t seed;
	uint64_t kept; /* records that went on */
	struct join *join;
	struct where *where;
	struct path_list keep, drop;
	struct missing *missing; /* of keep */
};

struct cuts *cuts_new(const struct cut_options *o, uint64_t seed,
	struct err *err)
{
	struct cuts *c = xcalloc(1, sizeof(*c));
	int rc = join_check(&o->join, err);

	c->o = o;
	c->seed = seed;
	if (!rc && o->where.n) {
		c->where = where_new(o->where.items, o->where.n, err);
		if (!c->where)
			rc = err_prefix(err, "--where");
	}
	if (!rc && o->keep && path_list_parse(&c->keep, o->keep, err))
		rc = err_prefix(err, "--keep");
	if (!rc && o->drop && path_list_parse(&c->drop, o->drop, err))
		rc = err_prefix(err, "--drop");
	c->missing = missing_new();
	for (size_t i = 0; i < c->keep.n; i++)
		missing_add(c->missing, &c->keep.items[i]);
	if (!rc)
		return c;
	cuts_free(c);
	return NULL;
}

void cuts_free(struct cuts *c)
{
	if (!c)
		return;
	join_free(c->join);
	where_free(c->where);
	missing_free(c->missing);
	path_list_release(&c->keep);
	path_list_release(&c->drop);
	free(c);
}

int cuts_open(struct cuts *c, struct filter *f, struct err *err)
{
	if (c->o->join.file)
		c->join = join_open(&c->o->join, f, err);
	return c->o->join.file && !c->join ? -1 : 0;
}

static int sample(const struct cuts *c, struct item *item)
{
	struct str key = rec_key(&item->rec);

	if (!key.len)
		return item_fault(item, "no key",
			"the record has neither 'key' nor 'id', by which a "
			"sample is drawn");
	if (seeded_unit(c->seed, "sample", key) >= c->o->sample_percent / 100)
		item_drop(item, "not in sample", "%s", "");
	return 0;
}

void cuts_apply(struct cuts *c, struct item *item)
{
	if (!isnan(c->o->sample_percent))
		sample(c, item);
	if (c->join && item->verdict == KEEP)
		join_apply(c->join, item);
	if (c->where && item->verdict == KEEP &&
		!where_match(c->where, &item->rec))
		item_drop(item, "where", "not true: %s", where_text(c->where));
	if (item->verdict != KEEP)
		return;
	if (cuts_ended(c)) {
		item_drop(item, "behind head", "%" PRIu64 " went before it",
			c->o->head);
		return;
	}
	c->kept++;
	if (c->keep.n) {
		missing_see(c->missing, &item->rec);
		rec_keep(&item->rec, &c->keep);
	}
	if (c->drop.n)
		rec_remove(&item->rec, &c->drop);
}

bool cuts_ended(const struct cuts *c)
{
	return c->kept >= c->o->head;
}

void cuts_done(const struct cuts *c, struct filter *f)
{
	struct buf hint = BUF_INIT;

	if (c->join)
		join_say(c->join);
	if (c->where && where_explain(c->where, &hint))
		filter_hint(f, "%s", buf_str(&hint));
	buf_reset(&hint);
	if (c->kept && missing_explain(c->missing, &hint))
		log_warn("--keep: %s", buf_str(&hint));
	buf_release(&hint);
}
