/*
 * OSM XML through expat. Entity declarations are refused: no OSM file has
 * them, and they can be made to expand without end.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "base/date.h"
#include "base/num.h"

#include <expat.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* expat scans a tag or comment anew with each read until it is whole: a limit
 * keeps that short. */
enum { READ_BYTES = 1 << 16, MAX_TOKEN = 1 << 20 };

/* As much of a remark goes into a message. */
enum { MAX_REMARK = 400 };

struct xml {
	struct encoder *to;
	XML_Parser parser;
	struct osm_object o;
	size_t tags_cap, refs_cap, members_cap;
	struct buf text; /* keys, values and roles, each with a NUL */
	size_t *begins;  /* [2 * ntags] where keys and values begin in text */
	size_t *roles;   /* [nmembers] */
	size_t begins_cap, roles_cap;
	bool in_object, deleted, seen_root;
	struct err err;
	bool failed;
};

static void PRINTF(2, 3) fail(struct xml *x, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!x->failed)
		err_set(&x->err, "line %lu: %s",
			(unsigned long)XML_GetCurrentLineNumber(x->parser),
			text);
	x->failed = true;
	XML_StopParser(x->parser, XML_FALSE);
}

static const char *attribute(const char **atts, const char *name)
{
	for (; *atts; atts += 2)
		if (!strcmp(atts[0], name))
			return atts[1];
	return NULL;
}

/* A plus sign is fine, as XML Schema's numbers have it. */
static int parse_degrees(const char *s, double *out)
{
	return parse_f64(s + (s[0] == '+' && s[1] != '-'), out);
}

/* Of 62 bits, so that the difference of two is a number of 64. */
static int parse_id(const char *s, int64_t *out)
{
	const int64_t limit = INT64_C(1) << 62;

	return parse_i64(s, out) || *out <= -limit || *out >= limit ? -1 : 0;
}

static void read_position(struct xml *x, const char **atts)
{
	const char *lon = attribute(atts, "lon"), *lat = attribute(atts, "lat");
	struct osm_object *o = &x->o;
	double lon_deg = (double)NAN, lat_deg = (double)NAN;

	if ((lon && parse_degrees(lon, &lon_deg)) ||
		(lat && parse_degrees(lat, &lat_deg)))
		fail(x,
			"node %" PRId64
			" has a position that is no number: lon '%.40s', "
			"lat '%.40s'",
			o->id, lon ? lon : "", lat ? lat : "");
	o->pos = osm_pos_of(lon_deg, lat_deg);
}

static void begin_object(struct xml *x, enum osm_kind kind, const char **atts)
{
	const char *id = attribute(atts, "id");
	const char *ver = attribute(atts, "version");
	const char *when = attribute(atts, "timestamp");
	const char *action = attribute(atts, "action");
	const char *visible = attribute(atts, "visible");
	struct osm_object *o = &x->o;

	*o = (struct osm_object){.kind = kind,
		.tags = o->tags,
		.refs = o->refs,
		.members = o->members,
		.pos = OSM_NOWHERE};
	buf_reset(&x->text);
	x->in_object = true;
	x->deleted = (action && !strcmp(action, "delete")) ||
		     (visible && !strcmp(visible, "false"));
	if (!id || parse_id(id, &o->id)) {
		fail(x, "an object has no whole number within 2^62 as its "
			"id");
		return;
	}
	if (ver && parse_u64(ver, &o->ver))
		fail(x,
			"the version of object %" PRId64
			" is '%.100s', not a whole number from 0 on",
			o->id, ver);
	if (when && date_time(when, &o->ts))
		fail(x,
			"the timestamp of object %" PRId64
			" is '%.100s', not as 2020-09-13T12:26:40Z",
			o->id, when);
	if (kind == OSM_NODE && !x->deleted)
		read_position(x, atts);
}

/* Keeps a string with its NUL: where it begins. */
static size_t keep_text(struct xml *x, const char *s)
{
	size_t begin = x->text.len;

	buf_add(&x->text, s, strlen(s) + 1);
	if (x->text.len > MAX_TEXT)
		fail(x, "the tags of object %" PRId64 " are over %d bytes long",
			x->o.id, MAX_TEXT);
	return begin;
}

static void add_tag(struct xml *x, const char **atts)
{
	const char *k = attribute(atts, "k"), *v = attribute(atts, "v");
	size_t n = x->o.ntags;

	if (!k || !v) {
		fail(x, "a tag has no key or no value");
		return;
	}
	xgrow(&x->begins, &x->begins_cap, 2 * n + 2, sizeof(*x->begins));
	x->begins[2 * n] = keep_text(x, k);
	x->begins[2 * n + 1] = keep_text(x, v);
	x->o.ntags++;
}

static void add_ref(struct xml *x, const char **atts)
{
	const char *ref = attribute(atts, "ref");
	struct osm_object *o = &x->o;

	xgrow(&o->refs, &x->refs_cap, o->nrefs + 1, sizeof(*o->refs));
	if (!ref || parse_id(ref, &o->refs[o->nrefs++]))
		fail(x, "way %" PRId64 " has a node without an id", o->id);
}

static enum osm_kind kind_of(const char *name);

static void add_member(struct xml *x, const char **atts)
{
	const char *type = attribute(atts, "type");
	const char *ref = attribute(atts, "ref");
	const char *role = attribute(atts, "role");
	struct osm_object *o = &x->o;
	struct osm_member m = {.kind = type ? kind_of(type) : 0};

	if (!m.kind || !ref || parse_id(ref, &m.id)) {
		fail(x,
			"relation %" PRId64
			" has a member without a type or an id",
			o->id);
		return;
	}
	xgrow(&o->members, &x->members_cap, o->nmembers + 1,
		sizeof(*o->members));
	xgrow(&x->roles, &x->roles_cap, o->nmembers + 1, sizeof(*x->roles));
	x->roles[o->nmembers] = keep_text(x, role ? role : "");
	o->members[o->nmembers++] = m;
}

static enum osm_kind kind_of(const char *name)
{
	if (!strcmp(name, "node"))
		return OSM_NODE;
	if (!strcmp(name, "way"))
		return OSM_WAY;
	return strcmp(name, "relation") ? 0 : OSM_RELATION;
}

static void XMLCALL on_remark_text(void *ctx, const char *s, int len)
{
	struct xml *x = ctx;
	size_t room = MAX_REMARK - MIN(x->text.len, MAX_REMARK);

	if (!x->in_object)
		buf_add(&x->text, s, MIN((size_t)len, room));
}

/* Overpass says so where its result broke off, and ends the file properly. */
static void end_remark(struct xml *x)
{
	const char *s = buf_str(&x->text);

	XML_SetCharacterDataHandler(x->parser, NULL);
	s += strspn(s, " \t\r\n");
	if (!strncmp(s, "runtime error", strlen("runtime error")))
		fail(x, "the data is not complete, for it says '%s'", s);
}

/* A part of an object, by its element's name; others are passed over. */
static void add_part(struct xml *x, const char *name, const char **atts)
{
	if (!strcmp(name, "tag"))
		add_tag(x, atts);
	else if (x->o.kind == OSM_WAY && !strcmp(name, "nd"))
		add_ref(x, atts);
	else if (x->o.kind == OSM_RELATION && !strcmp(name, "member"))
		add_member(x, atts);
}

static void XMLCALL on_start(void *ctx, const char *name, const char **atts)
{
	struct xml *x = ctx;
	enum osm_kind kind = kind_of(name);

	if (x->failed)
		return;
	if (!x->seen_root) {
		x->seen_root = true;
		if (strcmp(name, "osm"))
			fail(x, "the root element is '%.100s', not 'osm'",
				name);
	} else if (x->in_object) {
		if (kind)
			fail(x, "a %s stands inside another object", name);
		else
			add_part(x, name, atts);
	} else if (kind) {
		begin_object(x, kind, atts);
	} else if (!strcmp(name, "remark")) {
		buf_reset(&x->text);
		XML_SetCharacterDataHandler(x->parser, on_remark_text);
	}
}

static struct str text_at(const struct xml *x, size_t begin)
{
	return str_from(x->text.data + begin);
}

static void end_object(struct xml *x)
{
	struct osm_object *o = &x->o;
	struct err err;

	xgrow(&o->tags, &x->tags_cap, o->ntags, sizeof(*o->tags));
	for (size_t i = 0; i < o->ntags; i++)
		o->tags[i] = (struct pair){text_at(x, x->begins[2 * i]),
			text_at(x, x->begins[2 * i + 1])};
	for (size_t i = 0; i < o->nmembers; i++)
		o->members[i].role = text_at(x, x->roles[i]);
	if (encoder_add(x->to, o, &err))
		fail(x, "%s", err.msg);
}

static void XMLCALL on_end(void *ctx, const char *name)
{
	struct xml *x = ctx;

	if (x->failed)
		return;
	if (!x->in_object && !strcmp(name, "remark"))
		end_remark(x);
	if (!kind_of(name))
		return;
	x->in_object = false;
	if (!x->deleted)
		end_object(x);
}

static void XMLCALL on_entity(void *ctx, const char *name, int is_parameter,
	const char *value, int len, const char *base, const char *system_id,
	const char *public_id, const char *notation)
{
	(void)is_parameter, (void)value, (void)len, (void)base;
	(void)system_id, (void)public_id, (void)notation;
	fail(ctx, "it declares the entity '%.100s', which no OSM file does",
		name);
}

static int parse_error(const struct xml *x, struct err *err)
{
	if (x->failed) {
		*err = x->err;
		return -1;
	}
	return err_set(err, "line %lu, at byte %lld: %s",
		(unsigned long)XML_GetCurrentLineNumber(x->parser),
		(long long)XML_GetCurrentByteIndex(x->parser),
		XML_ErrorString(XML_GetErrorCode(x->parser)));
}

static int parse(struct xml *x, read_fn *fn, void *ctx, struct err *err)
{
	XML_Index token = 0; /* where the one that is not whole begins */
	uint64_t taken = 0;
	long n;

	do {
		void *room = XML_GetBuffer(x->parser, READ_BYTES);

		if (!room)
			return err_set(err, "out of memory");
		n = fn(ctx, room, READ_BYTES, err);
		if (n < 0)
			return -1;
		taken += (uint64_t)n;
		if (XML_ParseBuffer(x->parser, (int)n, n == 0) != XML_STATUS_OK)
			return parse_error(x, err);
		/* -1: expat waits for more before it looks again */
		token = MAX(token, XML_GetCurrentByteIndex(x->parser));
		if (taken - (uint64_t)token > MAX_TOKEN)
			return err_set(err,
				"line %lu, at byte %lld: a tag or comment of "
				"more than %d bytes",
				(unsigned long)XML_GetCurrentLineNumber(
					x->parser),
				(long long)token, MAX_TOKEN);
	} while (n);
	return 0;
}

int xml_read(read_fn *fn, void *ctx, struct encoder *to, struct err *err)
{
	struct xml x = {.to = to, .parser = XML_ParserCreate(NULL)};
	int rc;

	if (!x.parser)
		return err_set(err, "out of memory");
	XML_SetUserData(x.parser, &x);
	XML_SetElementHandler(x.parser, on_start, on_end);
	XML_SetEntityDeclHandler(x.parser, on_entity);
	rc = parse(&x, fn, ctx, err);
	XML_ParserFree(x.parser);
	free(x.o.tags);
	free(x.o.refs);
	free(x.o.members);
	free(x.begins);
	free(x.roles);
	buf_release(&x.text);
	return rc;
}
