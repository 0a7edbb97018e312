/*
 * Which objects are wanted.
 */
#include "base/base.h"
#include "extract/priv.h"

#include <math.h>

struct measure no_measure(void)
{
	double none = (double)NAN;

	return (struct measure){none, none, {none, none, none, none}, none};
}

static struct select_object ask(const struct osm_object *o, unsigned types,
	const struct measure *s)
{
	struct select_object ask = {.types = types,
		.tags = o->tags,
		.n_tags = o->ntags,
		.has_key = o->flags & FLAG_CHOSEN,
		.id = o->id,
		.has_info = true,
		.ver = o->ver,
		.ts = o->ts};

	if (s) {
		ask.has_place = true;
		ask.lon = s->lon;
		ask.lat = s->lat;
		ask.size = s->size;
	}
	return ask;
}

enum expr_answer choose(const struct extract *x, const struct osm_object *o,
	unsigned types, const struct measure *s)
{
	struct select_object so = ask(o, types & x->types, s);

	if (!so.types || !(o->flags & FLAG_CHOSEN))
		return EXPR_NO;
	return select_match(x->o->select, &so);
}

bool is_chosen(struct extract *x, unsigned worker, const struct osm_object *o,
	unsigned types, const struct measure *s, enum expr_answer answer)
{
	struct select_object so;

	if (answer == EXPR_MAYBE)
		answer = choose(x, o, types, s);
	if (x->rooms[worker].counts && answer != EXPR_MAYBE) {
		so = ask(o, types, s);
		select_counts_add(x->rooms[worker].counts, &so);
	}
	return answer != EXPR_NO;
}

static unsigned ask_rules(const struct extract *x, const struct pair *tags,
	size_t n)
{
	unsigned closed = area_rules_closed(x->o->rules, tags, n);

	return (closed & CLOSED_LINE ? EXPR_LINE : 0) |
	       (closed & CLOSED_AREA ? EXPR_WAY_AREA : 0);
}

/* One tag, mostly building=yes: in one block it is always the same strings. */
static unsigned ask_once(const struct extract *x, struct room *room,
	uint64_t block, const struct pair *tag)
{
	if (room->memo_block != block || room->memo_key != tag->key.s ||
		room->memo_value != tag->value.s) {
		room->memo_block = block;
		room->memo_key = tag->key.s;
		room->memo_value = tag->value.s;
		room->memo_types = ask_rules(x, tag, 1);
	}
	return room->memo_types;
}

unsigned way_types(struct extract *x, const struct osm_batch *b,
	const struct osm_object *way)
{
	struct room *room = &x->rooms[b->worker];
	size_t n = 0;

	if (!(way->flags & FLAG_AREA) || way->nrefs < 2 ||
		way->refs[0] != way->refs[way->nrefs - 1])
		return EXPR_LINE;
	xgrow(&room->told, &room->told_cap, way->ntags, sizeof(*room->told));
	for (size_t i = 0; i < way->ntags; i++)
		if (way->key_flags[i] & FLAG_AREA)
			room->told[n++] = way->tags[i];
	return n == 1 ? ask_once(x, room, b->number, room->told)
		      : ask_rules(x, room->told, n);
}
