/*
 * Every version of an object as a record, and more than one where its geometry
 * changes: because a node moves, or a way of a relation gets other nodes. A
 * version is made into records at each moment when that may be, by what makes
 * records of any file; those that are alike are one.
 */
#include "base/base.h"
#include "extract/priv.h"
#include "rec/put.h"

#include <inttypes.h>
#include <stdlib.h>

/* What two times add to a record. */
enum { TIMES_BYTES = 40 };

/* A record, or one that is set aside. */
struct state {
	int64_t from, to;  /* it is so from <= t < to */
	size_t begin, end; /* of the record, among the bytes */
	enum verdict verdict;
	const char *reason; /* NULL: it is not set aside */
	size_t detail;      /* where it begins among the bytes */
};

/* A version being split. */
struct split {
	int64_t *times; /* [ntimes] when its geometry may change */
	size_t ntimes, times_cap;
	struct geo_pos *points; /* [npoints] of the member ways */
	size_t npoints, points_cap;
	struct made now;      /* what it is at one time */
	struct state *states; /* [nstates] by their beginnings */
	size_t nstates, states_cap;
	size_t last[2]; /* 1 + the latest one: of others, of areas */
	struct buf bytes;
};

static struct split *split_of(struct room *room)
{
	if (!room->split)
		room->split = xcalloc(1, sizeof(*room->split));
	return room->split;
}

void split_free(struct split *s)
{
	if (!s)
		return;
	made_release(&s->now);
	free(s->times);
	free(s->points);
	free(s->states);
	buf_release(&s->bytes);
	free(s);
}

static void add_time(struct split *s, int64_t t)
{
	xgrow(&s->times, &s->times_cap, s->ntimes + 1, sizeof(*s->times));
	s->times[s->ntimes++] = t;
}

/* When a node moves, within from < t < to. */
static void add_moves(const struct extract *x, struct split *s, int64_t id,
	int64_t from, int64_t to)
{
	const struct move *move = moves_of(&x->moves, id);

	while (move) {
		if (move->from > from && move->from < to)
			add_time(s, move->from);
		move = move->more ? move + 1 : NULL;
	}
}

/* When a way gets other nodes, or these move. */
static void add_courses(const struct extract *x, struct split *s, int64_t id,
	int64_t from, int64_t to)
{
	const struct course *c = courses_of(&x->courses, id);

	for (; c; c = c->more ? c + 1 : NULL) {
		int64_t begin = MAX(from, c->from), end = MIN(to, c->to);

		if (begin >= end)
			continue;
		add_time(s, begin);
		if (end < to)
			add_time(s, end);
		for (size_t i = 0; i < c->n; i++)
			add_moves(x, s, x->courses.refs[c->begin + i], begin,
				end);
	}
}

static int compare(const void *a, const void *b)
{
	int64_t l = *(const int64_t *)a, r = *(const int64_t *)b;

	return (l > r) - (l < r);
}

static void find_times(const struct extract *x, struct split *s,
	const struct osm_object *o)
{
	size_t n = 0;

	s->ntimes = 0;
	add_time(s, o->from);
	for (size_t i = 0; i < o->nrefs; i++)
		add_moves(x, s, o->refs[i], o->from, o->to);
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];

		if (m->kind == OSM_NODE)
			add_moves(x, s, m->id, o->from, o->to);
		else if (m->kind == OSM_WAY)
			add_courses(x, s, m->id, o->from, o->to);
	}
	qsort(s->times, s->ntimes, sizeof(*s->times), compare);
	for (size_t i = 0; i < s->ntimes; i++)
		if (!n || s->times[i] != s->times[n - 1])
			s->times[n++] = s->times[i];
	s->ntimes = n;
}

size_t find_places_then(struct extract *x, struct room *room,
	const struct osm_object *way, int64_t *missing)
{
	size_t lost = 0;

	room->npos = 0;
	xgrow(&room->pos, &room->pos_cap, way->nrefs, sizeof(*room->pos));
	for (size_t i = 0; i < way->nrefs; i++) {
		struct geo_pos pos =
			moves_at(&x->moves, way->refs[i], room->now);

		if (osm_somewhere(pos))
			room->pos[room->npos++] = pos;
		else if (!lost++)
			*missing = way->refs[i];
	}
	return lost;
}

/* Room for the positions of all member ways: they do not move later. */
static void reserve_points(struct extract *x, struct room *room,
	const struct osm_object *o)
{
	struct split *s = room->split;
	size_t n = 0;

	s->npoints = 0;
	for (size_t i = 0; i < o->nmembers; i++) {
		const struct osm_member *m = &o->members[i];
		const struct course *c =
			m->kind == OSM_WAY
				? courses_at(&x->courses, m->id, room->now)
				: NULL;

		n += c ? c->n : 0;
	}
	xgrow(&s->points, &s->points_cap, n, sizeof(*s->points));
}

const struct geo_pos *find_member_then(struct extract *x, struct room *room,
	int64_t id, size_t *n)
{
	const struct course *c = courses_at(&x->courses, id, room->now);
	struct split *s = room->split;
	struct geo_pos *points = s->points + s->npoints;

	if (!c || !c->n)
		return NULL;
	for (size_t i = 0; i < c->n; i++) {
		points[i] = moves_at(&x->moves, x->courses.refs[c->begin + i],
			room->now);
		if (!osm_somewhere(points[i]))
			return NULL;
	}
	s->npoints += c->n;
	*n = c->n;
	return points;
}

static bool is_same(const struct split *s, const struct state *a,
	const struct val *record, const char *reason, const char *detail)
{
	const char *bytes = s->bytes.data;

	return a->end - a->begin == record->len &&
	       !memcmp(bytes + a->begin, record->p, record->len) &&
	       a->reason == reason &&
	       (!reason || !strcmp(bytes + a->detail, detail));
}

/* What an object is from now until then: goes on as it was, or begins. */
static void add_state(struct split *s, struct state state,
	const struct val *record, const char *detail)
{
	size_t *last = &s->last[record_letter(record->p) == 'a'];
	struct state *before = *last ? &s->states[*last - 1] : NULL;

	if (before && before->to == state.from &&
		is_same(s, before, record, state.reason, detail)) {
		before->to = state.to;
		return;
	}
	state.begin = s->bytes.len;
	buf_add(&s->bytes, record->p, record->len);
	state.end = state.detail = s->bytes.len;
	if (state.reason)
		buf_add(&s->bytes, detail, strlen(detail) + 1);
	xgrow(&s->states, &s->states_cap, s->nstates + 1, sizeof(*s->states));
	s->states[s->nstates++] = state;
	*last = s->nstates;
}

static struct val part(const struct buf *b, size_t begin, size_t end)
{
	return (struct val){(const uint8_t *)b->data + begin, end - begin};
}

/* What has been made of it for this time: two records at the most. */
static void add_states(struct split *s, int64_t from, int64_t to)
{
	struct made *m = &s->now;
	struct state state = {.from = from, .to = to};
	struct val record;

	if (m->n == 2) {
		record = part(&m->records, 0, m->last);
		add_state(s, state, &record, NULL);
	}
	if (m->n) {
		record = part(&m->records, m->last, m->records.len);
		add_state(s, state, &record, NULL);
	}
	for (size_t i = 0; i < m->nasides; i++) {
		const struct aside *a = &m->asides[i];

		state.verdict = a->verdict;
		state.reason = a->reason;
		record = part(&m->packed, a->begin, a->end);
		add_state(s, state, &record, m->texts.data + a->detail);
	}
	made_reset(m);
}

/* The record with its times behind the other fields; these are few. */
static void write_record(struct buf *to, const struct split *s,
	const struct state *state)
{
	size_t len = state->end - state->begin;
	uint8_t *begin, *p;

	buf_reserve(to, len + TIMES_BYTES + PUT_SLACK);
	begin = p = (uint8_t *)to->data + to->len;
	memcpy(p, s->bytes.data + state->begin, len);
	p = put_u64(put_bytes(p + len, PUT_KEY("\xaavalid_from")),
		(uint64_t)state->from);
	if (state->to != INT64_MAX)
		p = put_u64(put_bytes(p, PUT_KEY("\xa8valid_to")),
			(uint64_t)state->to);
	*begin = (uint8_t)(*begin + 1 + (state->to != INT64_MAX));
	to->len += (size_t)(p - begin);
}

static void write_states(const struct split *s, struct made *to)
{
	for (size_t i = 0; i < s->nstates; i++) {
		const struct state *state = &s->states[i];
		const char *detail = s->bytes.data + state->detail;
		struct aside a = {state->verdict, state->reason, to->texts.len,
			to->packed.len, 0};

		if (!state->reason) {
			write_record(&to->records, s, state);
			to->n++;
			continue;
		}
		write_record(&to->packed, s, state);
		a.end = to->packed.len;
		buf_add(&to->texts, detail, strlen(detail) + 1);
		xgrow(&to->asides, &to->asides_cap, to->nasides + 1,
			sizeof(*to->asides));
		to->asides[to->nasides++] = a;
	}
}

int emit_versions(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *err)
{
	struct extract *x = ctx;
	struct room *room = &x->rooms[b->worker];
	struct split *s = split_of(room);
	struct made *to = b->data;
	int rc = 0;

	find_times(x, s, o);
	s->nstates = s->last[0] = s->last[1] = 0;
	buf_reset(&s->bytes);
	b->data = &s->now;
	for (size_t i = 0; i < s->ntimes && !rc; i++) {
		room->now = s->times[i];
		reserve_points(x, room, o);
		rc = emit_object(x, b, o, err);
		add_states(s, room->now,
			i + 1 < s->ntimes ? s->times[i + 1] : o->to);
	}
	b->data = to;
	if (!rc)
		write_states(s, to);
	return rc;
}

/* The places of a block's wanted nodes. */
static void keep_moves(void *ctx, struct osm_batch *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	xgrow(&m->ids, &m->ids_cap, m->nplaces + n, sizeof(*m->ids));
	xgrow(&m->pos, &m->pos_cap, m->nplaces + n, sizeof(*m->pos));
	xgrow(&m->from, &m->from_cap, m->nplaces + n, sizeof(*m->from));
	for (size_t i = 0; i < n; i++) {
		if (!idset_has(&x->nodes.wanted, ids[i]))
			continue;
		m->from[m->nplaces] = b->from[i];
		m->ids[m->nplaces] = ids[i];
		m->pos[m->nplaces++] = pos[i];
	}
}

static int put_moves(void *ctx, struct osm_batch *b, struct err *err)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	(void)err;
	for (size_t i = 0; i < m->nplaces; i++)
		moves_add(&x->moves, m->ids[i], m->from[i], m->pos[i]);
	made_reset(m);
	return 0;
}

/* A block's member ways. */
static int keep_course(void *ctx, struct osm_batch *b,
	const struct osm_object *way, struct err *err)
{
	struct made *m = b->data;
	struct past_way past = {way->id, way->from, way->to, m->nrefs,
		way->nrefs};

	(void)ctx, (void)err;
	xgrow(&m->past, &m->past_cap, m->npast + 1, sizeof(*m->past));
	m->past[m->npast++] = past;
	xgrow(&m->refs, &m->refs_cap, m->nrefs + way->nrefs, sizeof(*m->refs));
	for (size_t i = 0; i < way->nrefs; i++)
		m->refs[m->nrefs++] = way->refs[i];
	return 0;
}

static int put_courses(void *ctx, struct osm_batch *b, struct err *err)
{
	struct extract *x = ctx;
	struct made *m = b->data;

	(void)err;
	for (size_t i = 0; i < m->npast; i++) {
		const struct past_way *w = &m->past[i];

		courses_add(&x->courses, w->id, w->from, w->to,
			m->refs + w->begin, w->n);
	}
	made_reset(m);
	return 0;
}

int gather_past(struct extract *x, struct err *err)
{
	struct osm_pass p = begin_pass(x, OSM_NODE);

	moves_init(&x->moves, &x->nodes.wanted);
	courses_init(&x->courses, &x->members.wanted);
	p.wants = wants_none;
	p.places = keep_moves;
	p.done = put_moves;
	if (osm_file_pass(x->file, &p, false, err))
		return -1;
	p = begin_pass(x, OSM_WAY);
	p.wants = wants_members;
	p.object = keep_course;
	p.done = put_courses;
	return osm_file_pass(x->file, &p, false, err);
}
