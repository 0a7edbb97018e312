/*
 * What rec-split is made of: parts in little memory, shares, places.
 */
#include "base/base.h"
#include "base/hash.h"
#include "rec/pack.h"
#include "split/parts.h"
#include "split/place.h"
#include "split/ratio.h"

#include <math.h>
#include <unistd.h>

#include "unit/tap.h"

enum { RECORDS = 5000, PARTS = 7 };

static const char path[] = "split-test.rec";

/* Record i: {"i": i, "x": a text of up to 100 bytes}. */
static void make_record(uint64_t i, struct buf *b)
{
	static const char text[100] = "x";

	buf_reset(b);
	pack_map(b, 2);
	pack_cstr(b, "i");
	pack_u64(b, i);
	pack_cstr(b, "x");
	pack_str(b, text, (size_t)(i * 31 % 100));
}

static void make_header(struct headers *h)
{
	struct buf b = BUF_INIT;
	struct err err;
	char id[17];

	pack_map(&b, 1);
	pack_cstr(&b, KEY_HEADER);
	pack_u64(&b, STREAM_VERSION);
	snprintf(id, sizeof(id), "%016llx",
		(unsigned long long)hash_xxh64(b.data, b.len));
	b.data[0] = (char)0x82;
	pack_cstr(&b, "id");
	pack_cstr(&b, id);
	ok(!headers_add(h, buf_val(&b), &err), "a header");
	buf_release(&b);
}

struct reading {
	uint64_t next, n;
	bool wrong;
};

/* Each PARTS-th record, in order, as it was made. */
static int read_record(void *ctx, struct rec *rec, struct err *err)
{
	struct reading *r = ctx;
	struct buf b = BUF_INIT;

	(void)err;
	make_record(r->next, &b);
	if (rec->whole.len != b.len || memcmp(rec->whole.p, b.data, b.len))
		r->wrong = true;
	r->next += PARTS;
	r->n++;
	buf_release(&b);
	return 0;
}

static void test_parts(size_t memory)
{
	struct parts *p = parts_new(memory, 1000);
	struct headers h = HEADERS_INIT;
	struct buf b = BUF_INIT;
	struct err err;
	bool good = true;

	make_header(&h);
	parts_reserve(p, PARTS);
	for (uint64_t i = 0; i < RECORDS && good; i++) {
		make_record(i, &b);
		good = !parts_add(p, (size_t)(i % PARTS), buf_val(&b), &err);
	}
	ok(good, "records put, %zu bytes in memory", memory);
	for (size_t part = 0; part < PARTS; part++) {
		struct reading r = {part, 0, false};

		good = !parts_write(p, part, path, &h, &err) &&
		       !rec_read_file(path, read_record, &r, NULL, NULL, NULL,
			       &err);
		ok(good && !r.wrong && r.n == parts_records(p, part) &&
				r.n == (RECORDS - part + PARTS - 1) / PARTS,
			"part %zu comes back: %s", part, good ? "" : err.msg);
	}
	buf_reset(&b);
	pack_map(&b, 1);
	pack_cstr(&b, "x");
	pack_str_head(&b, 1000);
	memset(buf_extend(&b, 1000), 0, 1000);
	ok(parts_add(p, 0, buf_val(&b), &err) == -1 &&
			strstr(err.msg, "--max-record"),
		"a record over the limit");
	unlink(path);
	buf_release(&b);
	headers_release(&h);
	parts_free(p);
}

static void test_no_room(void)
{
	struct parts *p = parts_new(100, MAX_RECORD);
	struct buf b = BUF_INIT;
	struct err err;
	int rc = 0;

	setenv("TMPDIR", "/no/such/folder", 1);
	parts_reserve(p, 1);
	for (uint64_t i = 0; i < 10 && !rc; i++) {
		make_record(i, &b);
		rc = parts_add(p, 0, buf_val(&b), &err);
	}
	ok(rc == -1 && strstr(err.msg, "temporary file"),
		"no temporary file: %s", rc ? err.msg : "");
	unsetenv("TMPDIR");
	buf_release(&b);
	parts_free(p);
}

static void test_ratio(void)
{
	static const char *const bad[] = {"", "a", "a=", "=1", "a=0", "a=-1",
		"a=1,", "a=1,a=2", "a=nan", "a.b=1", "a=1 ,b=1"};
	struct ratio r;
	struct err err;
	size_t n[3] = {0, 0, 0};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ok(ratio_parse(&r, bad[i], &err) == -1, "no ratio: '%s'",
			bad[i]);
	if (!ok(!ratio_parse(&r, "train=90,val=5,test-2=5", &err), "a ratio"))
		return;
	ok(ratio_count(&r) == 3 && str_is(ratio_name(&r, 2), "test-2"),
		"three names");
	for (int i = 0; i < 1000; i++)
		n[ratio_at(&r, i / 1000.0)]++;
	ok(n[0] == 900 && n[1] == 50 && n[2] == 50, "shares of 1000");
	ok(ratio_at(&r, 0) == 0 && ratio_at(&r, 1 - 0x1p-53) == 2,
		"the ends of [0, 1)");
	ratio_release(&r);
}

static void set_box(struct rec *r, const char *name, double w, double s,
	double e, double n)
{
	struct buf b = BUF_INIT;

	pack_array(&b, 4);
	pack_f64(&b, w);
	pack_f64(&b, s);
	pack_f64(&b, e);
	pack_f64(&b, n);
	rec_set(r, name, &b);
	buf_release(&b);
}

static bool at(const struct place *p, double lon, double lat, double west)
{
	return fabs(p->lon - lon) < 1e-9 && fabs(p->lat - lat) < 1e-9 &&
	       fabs(p->box[0] - west) < 1e-9;
}

static void test_place(void)
{
	/* a line from 1, 2 to 3, 4 */
	static const uint8_t line[] = {1, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 8,
		0x40, 0, 0, 0, 0, 0, 0, 0x10, 0x40};
	struct rec r = REC_INIT;
	struct place p;
	struct err err;

	ok(place_read(&r, PLACE_OBJECT, &p, &err) == 0, "no place");
	rec_set_bin(&r, "geom", line, sizeof(line));
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == 1 && at(&p, 2, 3, 1),
		"the bounds of a geometry");
	set_box(&r, "bbox", 179, 10, -179, 20);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == 1 &&
			fabs(fabs(p.lon) - 180) < 1e-9 && p.lat == 15,
		"a bbox across the antimeridian");
	rec_set_f64(&r, "lon", 179.5);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == -1, "lon alone");
	rec_set_f64(&r, "lat", 12);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == 1 &&
			at(&p, 179.5, 12, 179),
		"a point and a bbox");
	set_box(&r, "box", 40, 50, 42, 52);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == 1 &&
			at(&p, 179.5, 12, 179),
		"an object is not where its window is");
	ok(place_read(&r, PLACE_PIXELS, &p, &err) == 1 && at(&p, 41, 51, 40),
		"pixels are");
	rec_drop(&r, "bbox");
	rec_drop(&r, "geom");
	rec_drop(&r, "box");
	ok(place_read(&r, PLACE_PIXELS, &p, &err) == 1 &&
			at(&p, 179.5, 12, 179.5) && p.box[3] == 12,
		"a point is its own box");
	rec_set_f64(&r, "lat", 91);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == -1, "not on the globe");
	rec_set_f64(&r, "lat", 1);
	set_box(&r, "bbox", 0, 2, 1, 1);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == -1, "south above north");
	rec_set_f64(&r, "bbox", 1);
	ok(place_read(&r, PLACE_OBJECT, &p, &err) == -1, "no box at all");
	rec_release(&r);
}

int main(void)
{
	test_parts(64 << 20);
	test_parts(10000);
	test_parts(0);
	test_no_room();
	test_ratio();
	test_place();
	return tap_done();
}
