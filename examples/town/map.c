/* The town as OSM XML. Versions and times are constants. */
#include "base/base.h"
#include "town/town.h"
#include "base/map.h"

#include <math.h>

#define EARTH_M 6378137.0 /* radius of EPSG:3857 */
#define ORIGIN_X                                                               \
	(-3339584.72) /* 30 W, 45 N: in the Atlantic, nobody's town            \
		       */
#define ORIGIN_Y 5621521.49
#define PIXEL_M  0.424264 /* in EPSG:3857 there: GROUND_M / cos(45) */
#define META     "version=\"1\" timestamp=\"2024-06-01T12:00:00Z\""

void town_transform(unsigned pixels, double transform[6])
{
	double half = PIXEL_M * pixels / 2;
	const double t[6] = {ORIGIN_X - half, PIXEL_M, 0, ORIGIN_Y + half, 0,
		-PIXEL_M};

	memcpy(transform, t, sizeof(t));
}

static double degrees(double radians)
{
	return radians * 57.29577951308232;
}

struct writer {
	const struct town *t;
	double transform[6];
	struct map nodes; /* "lat lon" → node id */
	struct buf node_text, way_text;
	size_t ways;
};

/* The position as OSM has it, to 7 decimals. */
static void place(const struct writer *w, struct point p, struct buf *out)
{
	double x = w->transform[0] + p.x / GROUND_M * w->transform[1];
	double y = w->transform[3] + p.y / GROUND_M * w->transform[5];

	buf_addf(out, "lat=\"%.7f\" lon=\"%.7f\"",
		degrees(atan(sinh(y / EARTH_M))), degrees(x / EARTH_M));
}

static void add_tags(struct buf *b, const struct feature *f)
{
	for (size_t i = 0; i < f->ntags; i++)
		buf_addf(b, "  <tag k=\"%s\" v=\"%s\"/>\n", f->tags[i].key,
			f->tags[i].value);
}

/* The node at p, made when there is none; f: what it is, or NULL. */
static size_t node_at(struct writer *w, struct point p, const struct feature *f)
{
	struct buf text = BUF_INIT;
	struct str key;
	size_t *id, known = w->nodes.len;

	place(w, p, &text);
	key = (struct str){text.data, text.len};
	id = map_put(&w->nodes, key);
	if (w->nodes.len > known) {
		*id = w->nodes.len;
		buf_addf(&w->node_text, " <node id=\"%zu\" " META " %.*s", *id,
			(int)key.len, key.s);
		buf_adds(&w->node_text, f ? ">\n" : "/>\n");
		if (f) {
			add_tags(&w->node_text, f);
			buf_adds(&w->node_text, " </node>\n");
		}
	}
	known = *id;
	buf_release(&text);
	return known;
}

static void add_way(struct writer *w, const struct feature *f)
{
	size_t first = 0;

	buf_addf(&w->way_text, " <way id=\"%zu\" " META ">\n", ++w->ways);
	for (size_t i = 0; i < f->n; i++) {
		size_t id = node_at(w, f->pts[i], NULL);

		if (!i)
			first = id;
		buf_addf(&w->way_text, "  <nd ref=\"%zu\"/>\n", id);
	}
	if (f->shape == SHAPE_AREA)
		buf_addf(&w->way_text, "  <nd ref=\"%zu\"/>\n", first);
	add_tags(&w->way_text, f);
	buf_adds(&w->way_text, " </way>\n");
}

/* True when a part of it may be in the picture. */
static bool in_picture(const struct town *t, const struct feature *f)
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;

	for (size_t i = 0; i < f->n; i++) {
		x0 = MIN(x0, f->pts[i].x);
		x1 = MAX(x1, f->pts[i].x);
		y0 = MIN(y0, f->pts[i].y);
		y1 = MAX(y1, f->pts[i].y);
	}
	return x0 < t->side && x1 > 0 && y0 < t->side && y1 > 0;
}

void town_map(const struct town *t, unsigned pixels, struct buf *out)
{
	struct writer w = {.t = t, .nodes = MAP_INIT};

	town_transform(pixels, w.transform);
	/* nodes with tags first: a way that meets one shares it */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < t->n; i++) {
			const struct feature *f = &t->features[i];

			if (!f->ntags || !in_picture(t, f))
				continue;
			if (!pass && f->shape == SHAPE_NODE)
				node_at(&w, f->pts[0], f);
			if (pass && f->shape != SHAPE_NODE)
				add_way(&w, f);
		}
	buf_adds(out, "<?xml version='1.0' encoding='UTF-8'?>\n"
		      "<osm version=\"0.6\" generator=\"make-town\">\n");
	buf_add(out, w.node_text.data, w.node_text.len);
	buf_add(out, w.way_text.data, w.way_text.len);
	buf_adds(out, "</osm>\n");
	map_release(&w.nodes);
	buf_release(&w.node_text);
	buf_release(&w.way_text);
}
