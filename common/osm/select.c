#include "base/base.h"
#include "osm/select_priv.h"
#include "base/lines.h"
#include "base/num.h"
#include "geo/lonlat.h"
#include "osm/region.h"
#include "tags/ignored.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum field { F_AREA, F_ID, F_LAT, F_LEN, F_LON, F_TS, F_VER };

const char *const select_fields[] = {
	[F_AREA] = "area_m2",
	[F_ID] = "id",
	[F_LAT] = "lat",
	[F_LEN] = "len_m",
	[F_LON] = "lon",
	[F_TS] = "ts",
	[F_VER] = "ver",
	NULL,
};

struct select *select_new(void)
{
	return xcalloc(1, sizeof(struct select));
}

void select_free(struct select *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_exprs; i++)
		expr_free(s->exprs[i]);
	free(s->exprs);
	ignored_free(s->ignored);
	region_free(s->region);
	key_set_release(&s->needed);
	free(s->links);
	free(s->heads);
	free(s);
}

int select_add(struct select *s, const char *expression, struct err *err)
{
	struct expr *e = expr_parse(expression, select_fields, err);

	if (!e)
		return -1;
	xgrow(&s->exprs, &s->exprs_cap, s->n_exprs + 1, sizeof(*s->exprs));
	s->exprs[s->n_exprs++] = e;
	return 0;
}

/* Without what stands behind a '#' that begins a word. */
static size_t without_comment(struct str line)
{
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.s[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (c == '#' && !quoted &&
			 (!i || (unsigned char)line.s[i - 1] <= ' '))
			return i;
	}
	return line.len;
}

static int add_line(struct select *s, struct str line, struct err *err)
{
	size_t n = without_comment(line);
	char *text;
	int rc;

	while (n && (unsigned char)line.s[n - 1] <= ' ')
		n--;
	if (!n)
		return 0;
	if (memchr(line.s, '\0', n))
		return err_set(err, "there is a NUL byte in it");
	text = xmemdup0(line.s, n);
	rc = select_add(s, text, err);
	free(text);
	return rc;
}

int select_add_file(struct select *s, const char *path, struct err *err)
{
	struct lines *lines = lines_open(path, 2 * EXPR_MAX_BYTES, err);
	size_t before = s->n_exprs;
	struct str line;
	int rc = -1;

	if (!lines)
		return -1;
	while ((rc = lines_next(lines, &line, err)) == 1) {
		if (add_line(s, line, err)) {
			rc = err_prefix(err, "%s: line %" PRIu64,
				lines_name(lines), lines_number(lines));
			break;
		}
	}
	if (!rc && s->n_exprs == before)
		rc = err_set(err, "%s: there is no expression in it",
			lines_name(lines));
	lines_close(lines);
	return rc;
}

int select_ignore(struct select *s, const char *name, const char *text,
	size_t len, struct err *err)
{
	ignored_free(s->ignored);
	s->ignored = ignored_parse(name, text, len, err);
	return s->ignored ? 0 : -1;
}

int select_set_bbox(struct select *s, const char *text, struct err *err)
{
	char number[64];
	double *b = s->bbox;
	const char *at = text;

	for (int i = 0; i < 4; i++) {
		size_t n = strcspn(at, ",");

		if (n >= sizeof(number) || (at[n] == ',') != (i < 3))
			goto bad;
		memcpy(number, at, n);
		number[n] = '\0';
		if (parse_f64(number, &b[i]))
			goto bad;
		at += n + 1;
	}
	if (!lonlat_box_valid(b) || b[0] == b[2] || b[1] == b[3])
		goto bad;
	s->has_bbox = true;
	return 0;
bad:
	return err_set(err,
		"'%s' is no box: give west,south,east,north in degrees", text);
}

int select_set_region(struct select *s, const char *path, struct err *err)
{
	region_free(s->region);
	s->region = region_load(path, err);
	return s->region ? 0 : -1;
}

void select_count_all(struct select *s)
{
	s->count_all = true;
}

static void add_link(struct select *s, size_t *head, size_t expr)
{
	xgrow(&s->links, &s->links_cap, s->n_links + 1, sizeof(*s->links));
	s->links[s->n_links] = (struct link){expr, *head};
	*head = s->n_links++;
}

/* What need_key() is told beside the key. */
struct needing {
	struct select *s;
	size_t expr;
	bool rest; /* a key has a wildcard */
};

static void need_key(void *ctx, const struct expr_pattern *key)
{
	struct needing *n = ctx;
	struct select *s = n->s;
	size_t number;

	key_set_add(&s->needed, key);
	if (key->how != EXPR_WHOLE) {
		n->rest = true;
		return;
	}
	number = key_set_find(&s->needed, key->text);
	xgrow(&s->heads, &s->heads_cap, number + 1, sizeof(*s->heads));
	if (number == s->n_heads)
		s->heads[s->n_heads++] = 0;
	add_link(s, &s->heads[number], n->expr);
}

void select_seal(struct select *s)
{
	size_t none = 0;

	s->any_key = s->count_all || !s->n_exprs;
	add_link(s, &none, SIZE_MAX); /* link 0 ends every chain */
	for (size_t i = 0; i < s->n_exprs; i++) {
		struct needing n = {s, i, false};
		bool needs = expr_needs(s->exprs[i], need_key, &n);

		if (!needs)
			s->any_key = true;
		if (!needs || n.rest)
			add_link(s, &s->rest, i);
		s->types |= expr_types(s->exprs[i]);
		s->has_tests |=
			!expr_is_keys(s->exprs[i]) ||
			expr_types(s->exprs[i]) != expr_types(s->exprs[0]);
	}
	s->has_tests |= s->count_all;
	if (s->count_all || !s->n_exprs)
		s->types = EXPR_ANY_TYPE;
}

bool select_key(const struct select *s, struct str key)
{
	if (!s->n_exprs && s->ignored)
		return !ignored_key(s->ignored, key);
	return s->any_key || key_set_fits(&s->needed, key);
}

bool select_is_open(const struct select *s)
{
	return !s->n_exprs;
}

bool select_has_tests(const struct select *s)
{
	return s->has_tests;
}

unsigned select_types(const struct select *s)
{
	return s->types;
}

/* "w123"; not known as long as the letter is not. */
static void look_up_id(const struct select_object *o, char text[ID_TEXT],
	struct expr_value *out)
{
	char letter = 0;

	if (o->types == EXPR_NODE)
		letter = 'n';
	else if (o->types == EXPR_LINE)
		letter = 'w';
	else if (o->types == EXPR_WAY_AREA)
		letter = 'a';
	else if (!(o->types & ~(unsigned)(EXPR_RELATION | EXPR_RELATION_AREA)))
		letter = 'r';
	out->kind = letter ? EXPR_TEXT : EXPR_UNKNOWN;
	out->text.s = text;
	out->text.len =
		(size_t)snprintf(text, ID_TEXT, "%c%" PRId64, letter, o->id);
}

static void put_number(bool known, bool there, double x, struct expr_value *out)
{
	out->kind = !known ? EXPR_UNKNOWN : there ? EXPR_NUMBER : EXPR_ABSENT;
	out->number = x;
}

/* The size, where the object is of one of the types, which alone have it. */
static void look_up_size(const struct select_object *o, unsigned types,
	struct expr_value *out)
{
	bool none = !(o->types & types);

	put_number(none || (o->has_place && !(o->types & ~types)),
		!none && !isnan(o->size), o->size, out);
}

static void look_up(void *ctx, const struct path *path, struct expr_value *out)
{
	struct select_view *a = ctx;
	const struct select_object *o = a->o;
	size_t field = 0;

	while (select_fields[field] &&
		!str_is(path->parts[0], select_fields[field]))
		field++;
	switch ((enum field)field) {
	case F_AREA:
		look_up_size(o, EXPR_WAY_AREA | EXPR_RELATION_AREA, out);
		break;
	case F_ID:
		look_up_id(o, a->id, out);
		break;
	case F_LAT:
		put_number(o->has_place, !isnan(o->lat), o->lat, out);
		break;
	case F_LEN:
		look_up_size(o, EXPR_LINE, out);
		break;
	case F_LON:
		put_number(o->has_place, !isnan(o->lon), o->lon, out);
		break;
	case F_TS:
		put_number(o->has_info, o->ts > 0, (double)o->ts, out);
		break;
	case F_VER:
		put_number(o->has_info, o->ver > 0, (double)o->ver, out);
		break;
	}
}

struct expr_object select_view(struct select_view *v)
{
	return (struct expr_object){v->o->types, v->o->tags, v->o->n_tags,
		look_up, v};
}

static bool in_bbox(const double b[4], double lon, double lat)
{
	bool east = lon >= b[0], west = lon < b[2];

	if (!(lat >= b[1] && (lat < b[3] || (lat == 90 && b[3] == 90))))
		return false;
	return b[0] <= b[2] ? east && west : east || west;
}

static enum expr_answer match_place(const struct select *s,
	const struct select_object *o)
{
	double lon = o->lon == 180 ? -180 : o->lon;

	if (!s->has_bbox && !s->region)
		return EXPR_YES;
	if (!o->has_place)
		return EXPR_MAYBE;
	if (isnan(lon) || isnan(o->lat))
		return EXPR_NO;
	if (s->has_bbox && !in_bbox(s->bbox, lon, o->lat))
		return EXPR_NO;
	if (s->region && !region_holds(s->region, lon, o->lat))
		return EXPR_NO;
	return EXPR_YES;
}

/* The best answer of a chain of expressions, or `best`. */
static enum expr_answer match_chain(const struct select *s, size_t link,
	const struct expr_object *view, enum expr_answer best)
{
	for (; link && best != EXPR_YES; link = s->links[link].next) {
		const struct expr *e = s->exprs[s->links[link].expr];
		enum expr_answer answer = EXPR_NO;

		if (expr_types(e) & view->types)
			answer = expr_match3(e, view);
		best = MAX(best, answer);
	}
	return best;
}

/* One of the expressions is true. */
static enum expr_answer match_any(const struct select *s,
	const struct select_object *o)
{
	struct select_view room = {o, ""};
	struct expr_object view = select_view(&room);
	enum expr_answer best;

	if (!(s->types & o->types))
		return EXPR_NO;
	if (o->has_key && !s->has_tests)
		return o->types & ~s->types ? EXPR_MAYBE : EXPR_YES;
	best = match_chain(s, s->rest, &view, EXPR_NO);
	for (size_t i = 0; i < o->n_tags && best != EXPR_YES; i++) {
		size_t number = key_set_find(&s->needed, o->tags[i].key);

		if (number != SIZE_MAX)
			best = match_chain(s, s->heads[number], &view, best);
	}
	return best;
}

static bool is_worth(const struct ignored *t, const struct select_object *o)
{
	for (size_t i = 0; i < o->n_tags; i++)
		if (!ignored_tag(t, o->tags[i].key, o->tags[i].value))
			return true;
	return false;
}

enum expr_answer select_match(const struct select *s,
	const struct select_object *o)
{
	enum expr_answer tags = EXPR_YES, place;

	if (s->n_exprs)
		tags = match_any(s, o);
	else if (s->ignored && !is_worth(s->ignored, o))
		return EXPR_NO;
	if (tags == EXPR_NO)
		return EXPR_NO;
	place = match_place(s, o);
	return MIN(tags, place);
}
