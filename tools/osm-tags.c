/*
 * osm-tags - one record per tagged object of an OpenStreetMap file.
 */
#include "base/base.h"
#include "base/log.h"
#include "filter/filter.h"
#include "filter/table.h"
#include "geo/wkb.h"
#include "osm/areas.h"
#include "osm/shape.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const char area_rules_tsv[] = "area-rules.tsv";

struct options {
	struct common common;
	bool geometry;
	const char *area_rules;
	bool print_area_rules;
};

static const struct opt table[] = {
	{0, "geometry", NULL, OPT_FLAG, offsetof(struct options, geometry),
		OPT_OUTPUT, 0, 0, "add each object's geometry, as WKB"},
	{0, "area-rules", "FILE", OPT_FILE,
		offsetof(struct options, area_rules), OPT_OUTPUT, 0, 0,
		"which closed ways are areas, instead of the own table"},
	{0, "print-area-rules", NULL, OPT_FLAG,
		offsetof(struct options, print_area_rules), 0, 0, 0,
		"print the table and exit"},
};

static const struct cli cli = {
	.name = "osm-tags",
	.summary = "Make a record of every tagged object of an OSM file.",
	.operands = "[FILE]...",
	.max_operands = SIZE_MAX,
	.groups = CLI_FILTER,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

struct run {
	const struct options *o;
	struct filter *f;
	struct area_rules *rules;
	struct nodes nodes;
	struct way_points points;
	struct buf record, geom;
	uint64_t relations; /* tagged ones, passed over */
};

/* First pass: the nodes that tagged ways need. */
static int want_nodes(void *ctx, const struct osm_object *way, struct err *err)
{
	struct run *r = ctx;

	(void)err;
	if (way->ntags)
		nodes_want(&r->nodes, way->refs, way->nrefs);
	return 0;
}

/* Second pass: where they lie. */
static int put_node(void *ctx, const struct osm_object *node, struct err *err)
{
	struct run *r = ctx;

	(void)err;
	nodes_put(&r->nodes, node->id, node->lon, node->lat);
	return 0;
}

static void pack_id(struct buf *b, char letter, int64_t id)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%c%" PRId64, letter, id);

	pack_cstr(b, "id");
	pack_str(b, text, (size_t)n);
}

static void pack_tags(struct buf *b, const struct osm_object *o)
{
	pack_cstr(b, "tags");
	pack_map(b, o->ntags);
	for (size_t i = 0; i < o->ntags; i++) {
		pack_str(b, o->tags[i].key.s, o->tags[i].key.len);
		pack_str(b, o->tags[i].value.s, o->tags[i].value.len);
	}
}

static void pack_version(struct buf *b, const struct osm_object *o)
{
	if (o->ver) {
		pack_cstr(b, "ver");
		pack_u64(b, o->ver);
	}
	if (o->ts > 0) {
		pack_cstr(b, "ts");
		pack_u64(b, (uint64_t)o->ts);
	}
}

static size_t version_pairs(const struct osm_object *o)
{
	return (o->ver != 0) + (size_t)(o->ts > 0);
}

static void pack_number(struct buf *b, const char *key, double v)
{
	pack_cstr(b, key);
	pack_f64(b, v);
}

/* size_key: NULL for a node. */
static int put_record(struct run *r, char letter, const struct osm_object *o,
	const struct measure *s, const char *size_key, struct err *err)
{
	struct buf *b = &r->record;

	buf_reset(b);
	pack_map(b, 5 + (size_key != NULL) + (size_t)r->o->geometry +
			    version_pairs(o));
	pack_id(b, letter, o->id);
	pack_tags(b, o);
	pack_number(b, "lon", s->lon);
	pack_number(b, "lat", s->lat);
	pack_cstr(b, "bbox");
	pack_array(b, 4);
	for (int i = 0; i < 4; i++)
		pack_f64(b, s->bbox[i]);
	if (size_key)
		pack_number(b, size_key, s->size);
	if (r->o->geometry) {
		pack_cstr(b, "geom");
		pack_bin(b, r->geom.data, r->geom.len);
	}
	pack_version(b, o);
	return filter_put(r->f, b, err);
}

/* An object without a place: what is known of it goes to the rejects. */
static int set_aside(struct run *r, char letter, const struct osm_object *o,
	enum verdict verdict, const char *reason, const char *detail,
	struct err *err)
{
	struct buf *b = &r->record;

	buf_reset(b);
	pack_map(b, 2 + version_pairs(o));
	pack_id(b, letter, o->id);
	pack_tags(b, o);
	pack_version(b, o);
	return filter_put_reject(r->f, b, verdict, reason, detail, err);
}

static int take_node(struct run *r, const struct osm_object *node,
	struct err *err)
{
	struct measure s = {node->lon, node->lat,
		{node->lon, node->lat, node->lon, node->lat}, 0};

	if (isnan(node->lon))
		return set_aside(r, 'n', node, FAULT, "bad position",
			"the file gives none that is on the globe", err);
	buf_reset(&r->geom);
	wkb_add_point(&r->geom, node->lon, node->lat);
	return put_record(r, 'n', node, &s, NULL, err);
}

static int take_way(struct run *r, const struct osm_object *way,
	struct err *err)
{
	bool area = way->nrefs >= 2 &&
		    way->refs[0] == way->refs[way->nrefs - 1] &&
		    area_rules_closed(r->rules, way->tags, way->ntags) &
			    CLOSED_AREA;
	enum way_shape kind = area ? WAY_AREA : WAY_LINE;
	char letter = area ? 'a' : 'w';
	struct measure s;
	const char *reason;
	char detail[100];
	int64_t missing = 0;
	size_t lost = way_points_set(&r->points, way, &r->nodes, &missing);

	if (lost) {
		snprintf(detail, sizeof(detail),
			"%zu of %zu, the first is node %" PRId64, lost,
			way->nrefs, missing);
		return set_aside(r, letter, way, DROP, "missing nodes", detail,
			err);
	}
	reason = way_shape(&r->points, kind, &s);
	if (reason)
		return set_aside(r, letter, way, DROP, reason, "", err);
	buf_reset(&r->geom);
	if (r->o->geometry)
		way_wkb(&r->points, kind, &r->geom);
	return put_record(r, letter, way, &s, area ? "area_m2" : "len_m", err);
}

/* Third pass: the records. */
static int take_object(void *ctx, const struct osm_object *o, struct err *err)
{
	struct run *r = ctx;

	if (!o->ntags)
		return 0;
	switch (o->kind) {
	case OSM_NODE:
		return take_node(r, o, err);
	case OSM_WAY:
		return take_way(r, o, err);
	case OSM_RELATION:
		r->relations++;
	}
	return 0;
}

/*
 * Three passes, so that objects may stand in any order. Damage ends each at
 * the same place; only the last one's says so, when what was good is out.
 */
static int read_file(struct run *r, const char *path, struct err *err)
{
	struct osm_file *file = osm_file_open(path, err);
	struct err early;
	int rc = -1, damaged;

	if (!file)
		return -1;
	damaged = osm_file_pass(file, OSM_WAY, want_nodes, r, &early);
	nodes_seal(&r->nodes);
	if (r->nodes.n && osm_file_pass(file, OSM_NODE, put_node, r, &early))
		damaged = -1;
	rc = osm_file_pass(file, OSM_NODE | OSM_WAY | OSM_RELATION, take_object,
		r, err);
	if (!rc && damaged) {
		*err = early;
		rc = -1;
	}
	if (!rc)
		filter_add_end_input(r->f, osm_file_name(file),
			osm_file_bytes(file), osm_file_sha256(file));
	nodes_release(&r->nodes);
	osm_file_close(file);
	return rc;
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	const struct common *c = &o->common;
	struct run r = {.o = o, .f = f};
	struct buf text = BUF_INIT;
	int rc = filter_table(f, o->area_rules, area_rules_tsv, &text, err);

	if (!rc)
		r.rules = area_rules_parse(o->area_rules ? o->area_rules
							 : area_rules_tsv,
			text.data, text.len, err);
	buf_release(&text);
	if (!r.rules)
		return -1;
	filter_add_licence(f, "ODbL-1.0");
	for (size_t i = 0; i < c->noperands; i++)
		if (strcmp(c->operands[i], "-"))
			filter_add_input(f, c->operands[i],
				osm_file_size(c->operands[i]), NULL);
	for (size_t i = 0; i < c->noperands && !rc; i++)
		rc = read_file(&r, c->operands[i], err);
	if (!c->noperands && !rc)
		rc = read_file(&r, "-", err);
	log_debug("%" PRIu64 " tagged relations were passed over", r.relations);
	filter_hint(f, "only tagged nodes and ways become records");
	area_rules_free(r.rules);
	way_points_release(&r.points);
	buf_release(&r.record);
	buf_release(&r.geom);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (o.print_area_rules)
		return print_table(&o.common, o.area_rules, area_rules_tsv);
	f = filter_open(&cli, &o, FILTER_SOURCE, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
