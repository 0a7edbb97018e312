/*
 * OpenStreetMap files, PBF and XML: each pass over a file hands out the same
 * objects, whose tags are a map and whose positions are on the globe.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "base/hash.h"
#include "osm/osm.h"

#include <math.h>

struct sum {
	struct xxh3 *hash;
	size_t objects;
};

static void add_str(struct sum *s, struct str text)
{
	xxh3_add(s->hash, &text.len, sizeof(text.len));
	if (text.len)
		xxh3_add(s->hash, text.s, text.len);
}

static int take(void *ctx, const struct osm_object *o, struct err *err)
{
	struct sum *s = ctx;

	(void)err;
	s->objects++;
	xxh3_add(s->hash, &o->id, sizeof(o->id));
	if (o->kind == OSM_NODE)
		HOLDS(isnan(o->lon) ||
			(fabs(o->lon) <= 180 && fabs(o->lat) <= 90));
	for (size_t i = 0; i < o->ntags; i++) {
		add_str(s, o->tags[i].key);
		add_str(s, o->tags[i].value);
		for (size_t k = 0; k < i && i < 32; k++)
			HOLDS(!str_eq(o->tags[i].key, o->tags[k].key));
	}
	for (size_t i = 0; i < o->nrefs; i++)
		xxh3_add(s->hash, &o->refs[i], sizeof(o->refs[i]));
	return 0;
}

static int pass(struct osm_file *f, uint64_t *hash)
{
	struct sum s = {xxh3_new(), 0};
	struct err err = {""};
	int rc = osm_file_pass(f, OSM_NODE | OSM_WAY | OSM_RELATION, take, &s,
		&err);

	HOLDS(!rc == !*err.msg);
	*hash = xxh3_value(s.hash) + s.objects;
	xxh3_free(s.hash);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fuzz_file(data, size);
	struct buf path = BUF_INIT;
	struct osm_file *f;
	uint64_t first, second;
	struct err err;
	int rc;

	buf_addf(&path, "/proc/self/fd/%d", fd);
	f = osm_file_open(buf_str(&path), &err);
	HOLDS(f);
	rc = pass(f, &first);
	HOLDS(rc == pass(f, &second) && first == second);
	HOLDS(rc || osm_file_bytes(f) == size);
	osm_file_close(f);
	buf_release(&path);
	close(fd);
	return 0;
}
