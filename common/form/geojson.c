/*
 * Features as records. A feature's coordinates are the bulk of it: they are
 * cut out of its text and read from there, so that only what is around them
 * becomes a tree.
 */
#include "base/base.h"
#include "form/make.h"
#include "form/features.h"
#include "form/field.h"
#include "form/geometry.h"
#include "geo/measure.h"
#include "geo/wkb.h"
#include "json/scan.h"
#include "rec/line.h"

/* A feature on its way to a record. */
struct feature {
	const char *id;    /* the property that becomes `id`, or NULL */
	struct jval *root; /* the feature, its coordinates as 0 */
	const struct jval *props;
	struct str coordinates; /* s NULL: none */
	struct geometry geometry;
	struct buf pairs, tags;
	size_t npairs, ntags;
};

static void feature_reset(struct feature *f)
{
	jval_free(f->root);
	geometry_release(&f->geometry);
	f->root = NULL;
	f->props = NULL;
	f->coordinates = (struct str){NULL, 0};
	buf_reset(&f->pairs);
	buf_reset(&f->tags);
	f->npairs = f->ntags = 0;
}

/* Cuts out the coordinates, reads the rest. */
static int read_text(struct feature *f, struct str text, struct err *err)
{
	struct str geometry = text, *c = &f->coordinates;
	struct buf rest = BUF_INIT;

	json_member(text, "geometry", &geometry);
	if (json_member(geometry, "coordinates", c) && *c->s == '[') {
		const char *behind = c->s + c->len;

		buf_add(&rest, text.s, (size_t)(c->s - text.s));
		buf_addc(&rest, '0');
		buf_add(&rest, behind, (size_t)(text.s + text.len - behind));
		f->root = jval_parse(rest.data, rest.len, err);
		buf_release(&rest);
	} else {
		*c = (struct str){NULL, 0};
		f->root = jval_parse(text.s, text.len, err);
	}
	return f->root ? 0 : -1;
}

static int read_geometry(struct feature *f, const struct jval *v,
	struct err *err)
{
	struct str type;

	if (!v || jval_type(v) == J_NULL)
		return 0;
	if (jval_str(jval_get(v, "type"), &type))
		return err_set(err, "the geometry has no type");
	if (str_is(type, "GeometryCollection"))
		return err_set(err,
			"a GeometryCollection is not of one kind: split it");
	if (!f->coordinates.s)
		return err_set(err, "the geometry has no coordinates");
	return geometry_read(&f->geometry, type, f->coordinates, err);
}

/* What the object is: a feature, or a geometry by itself. */
static int read_kind(struct feature *f, struct err *err)
{
	const struct jval *props;
	struct str type;

	if (jval_str(jval_get(f->root, "type"), &type))
		return err_set(err, "no GeoJSON object: it has no type");
	if (str_is(type, "FeatureCollection"))
		return err_set(err, "a collection in a sequence: read the file "
				    "with '--format geojson'");
	if (!str_is(type, "Feature"))
		return read_geometry(f, f->root, err);
	props = jval_get(f->root, "properties");
	if (props && jval_type(props) == J_OBJECT)
		f->props = props;
	else if (props && jval_type(props) != J_NULL)
		return err_set(err, "its properties are no object");
	return read_geometry(f, jval_get(f->root, "geometry"), err);
}

static void begin_pair(struct feature *f, const char *key)
{
	f->npairs++;
	pack_cstr(&f->pairs, key);
}

static bool has_value(const struct jval *v)
{
	return v && jval_type(v) != J_NULL;
}

/* The value that becomes `id`, or NULL. */
static int find_id(const struct feature *f, const struct jval **id,
	struct err *err)
{
	*id = jval_get(f->root, "id");
	if (f->id)
		*id = jval_get(f->props, f->id);
	if (has_value(*id))
		return 0;
	if (f->id)
		return err_set(err, "it has no property '%s'", f->id);
	*id = jval_get(f->props, "id");
	return 0;
}

static int add_id(struct feature *f, const struct jval *id, struct err *err)
{
	if (!has_value(id))
		return 0;
	begin_pair(f, "id");
	if (field_add_json(&f->pairs, FIELD_STR, id, err))
		return err_prefix(err, "id");
	return 0;
}

static void add_tag(struct feature *f, struct str key, const struct jval *v)
{
	struct buf text = BUF_INIT;

	if (!has_value(v))
		return;
	field_text(&text, v);
	pack_str(&f->tags, key.s, key.len);
	pack_str(&f->tags, text.data, text.len);
	f->ntags++;
	buf_release(&text);
}

/* Whether the property becomes a field of its own name. */
static bool is_field(const struct jval *v, const struct jval *id,
	struct str key, enum field_type *type)
{
	return field_find(key, type) && (!str_is(key, "id") || v == id);
}

/* The object `tags`, then the properties that are no fields. */
static int add_tags(struct feature *f, const struct jval *id, struct err *err)
{
	const struct jval *tags = jval_get(f->props, "tags");
	const struct jiter *it = NULL;
	enum field_type type;

	if (has_value(tags) && jval_type(tags) != J_OBJECT)
		return err_set(err, "property 'tags' is no object");
	while (has_value(tags) && (it = jval_next(tags, it)))
		add_tag(f, jiter_key(it), jiter_val(it));
	it = NULL;
	while (f->props && (it = jval_next(f->props, it))) {
		struct str key = jiter_key(it);
		const struct jval *v = jiter_val(it);
		char *name;

		if (v == id || is_field(v, id, key, &type))
			continue;
		name = xmemdup0(key.s, key.len);
		if (!has_value(jval_get(tags, name)))
			add_tag(f, key, v);
		free(name);
	}
	if (!f->ntags)
		return 0;
	begin_pair(f, "tags");
	pack_map(&f->pairs, f->ntags);
	buf_add(&f->pairs, f->tags.data, f->tags.len);
	return 0;
}

/* A number that the geometry gives, unless a property does. */
static void add_number(struct feature *f, const char *key, double v)
{
	if (has_value(jval_get(f->props, key)))
		return;
	begin_pair(f, key);
	pack_f64(&f->pairs, v);
}

static int add_geometry(struct feature *f, struct err *err)
{
	struct geometry *g = &f->geometry;
	struct buf wkb = BUF_INIT;
	struct measure m;
	const char *why;

	if (!g->shape.nparts)
		return 0;
	if (!has_value(jval_get(f->props, "geom")))
		wkb_add_shape(&wkb, &g->shape, g->kind, g->multi);
	shape_unwrap(&g->shape);
	why = shape_measure(&g->shape, g->kind, &m);
	if (why) {
		buf_release(&wkb);
		return err_set(err, "geometry: %s", why);
	}
	add_number(f, "lon", m.lon);
	add_number(f, "lat", m.lat);
	if (!has_value(jval_get(f->props, "bbox"))) {
		begin_pair(f, "bbox");
		pack_array(&f->pairs, 4);
		for (int i = 0; i < 4; i++)
			pack_f64(&f->pairs, m.bbox[i]);
	}
	if (g->kind != SHAPE_POINT)
		add_number(f, g->kind == SHAPE_AREA ? "area_m2" : "len_m",
			m.size);
	if (wkb.len) {
		begin_pair(f, "geom");
		pack_bin(&f->pairs, wkb.data, wkb.len);
	}
	buf_release(&wkb);
	return 0;
}

static int add_fields(struct feature *f, struct err *err)
{
	const struct jiter *it = NULL;
	enum field_type type;

	while (f->props && (it = jval_next(f->props, it))) {
		struct str key = jiter_key(it);

		if (!field_find(key, &type) || str_is(key, "id") ||
			str_is(key, "tags") || !has_value(jiter_val(it)))
			continue;
		f->npairs++;
		pack_str(&f->pairs, key.s, key.len);
		if (field_add_json(&f->pairs, type, jiter_val(it), err))
			return err_prefix(err, "property '%.*s'", (int)key.len,
				key.s);
	}
	return 0;
}

static int make_feature(struct feature *f, struct str text, struct buf *out,
	struct err *err)
{
	const struct jval *id;

	feature_reset(f);
	buf_reset(out);
	if (read_text(f, text, err) || read_kind(f, err) ||
		find_id(f, &id, err) || add_id(f, id, err) ||
		add_tags(f, id, err) || add_geometry(f, err) ||
		add_fields(f, err))
		return -1;
	pack_map(out, f->npairs);
	buf_add(out, f->pairs.data, f->pairs.len);
	return 0;
}

int make_from_geojson(struct filter *f, const char *path, bool sequence,
	const char *id, struct err *err)
{
	struct features *in =
		features_open(path, sequence, make_max_line(f), err);
	struct feature feature = {.id = id};
	struct make_source from = {.reason = "bad feature",
		.unit = "the feature at line"};
	struct buf b = BUF_INIT;
	struct err why;
	int rc;

	if (!in)
		return -1;
	from.file = features_name(in);
	while ((rc = features_next(in, &from.raw, err)) > 0) {
		from.number = features_line(in);
		rc = make_put(f, &from,
			make_feature(&feature, from.raw, &b, &why), &b, &why,
			err);
		if (rc)
			break;
	}
	feature_reset(&feature);
	buf_release(&feature.pairs);
	buf_release(&feature.tags);
	buf_release(&b);
	features_close(in);
	return rc;
}
