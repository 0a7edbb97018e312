#include "base/base.h"
#include "osm/osm.h"
#include "base/io.h"
#include "pbf-make.h"
#include "tap.h"

#include <inttypes.h>
#include <unistd.h>

static struct err err;

/* An object as a line of text. */
static int list(void *ctx, const struct osm_object *o, struct err *e)
{
	struct buf *b = ctx;

	(void)e;
	buf_addf(b, "%c%" PRId64 " v%" PRIu64 " t%" PRId64, " nw r"[o->kind],
		o -> id, o -> ver, o -> ts);
	if (o->kind == OSM_NODE)
		buf_addf(b, " %.9f %.9f", o->lon, o->lat);
	for (size_t i = 0; i < o->nrefs; i++)
		buf_addf(b, " %" PRId64, o->refs[i]);
	for (size_t i = 0; i < o->ntags; i++)
		buf_addf(b, " %.*s=%.*s", (int)o->tags[i].key.len,
			o->tags[i].key.s, (int)o->tags[i].value.len,
			o->tags[i].value.s);
	buf_addc(b, '\n');
	return 0;
}

static char path[] = "/tmp/osm-test.XXXXXX";
static int path_fd;

static void save(const void *p, size_t len)
{
	if (ftruncate(path_fd, 0) || lseek(path_fd, 0, SEEK_SET) ||
		write_all(path_fd, p, len, &err))
		exit(1);
}

/* All objects of these bytes, as text in out. */
static int read_all(const void *p, size_t len, unsigned kinds, struct buf *out)
{
	struct osm_file *f;
	int rc;

	save(p, len);
	buf_reset(out);
	f = osm_file_open(path, &err);
	if (!f)
		return -1;
	rc = osm_file_pass(f, kinds, list, out, &err);
	if (!rc && osm_file_bytes(f) != len)
		rc = 1;
	osm_file_close(f);
	return rc;
}

enum { EVERY = OSM_NODE | OSM_WAY | OSM_RELATION };

/* a=b, highway=service, c=d; index 0 is empty, as the format has it. */
static void put_strings(struct buf *block)
{
	static const char *const strings[] = {"", "a", "b", "highway",
		"service", "c", "d"};
	struct buf table = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		put_text(&table, 1, strings[i]);
	put_message(block, 1, &table);
	buf_release(&table);
}

static void put_group(struct buf *block, unsigned field, struct buf *object)
{
	struct buf group = BUF_INIT;

	put_message(&group, field, object);
	put_message(block, 2, &group);
	buf_release(&group);
}

static void put_way(struct buf *block, uint64_t key)
{
	struct buf way = BUF_INIT, info = BUF_INIT;

	put_number(&way, 1, 77);
	put_packed(&way, 2, (uint64_t[]){key, 1}, 2);
	put_packed(&way, 3, (uint64_t[]){4, 2}, 2);
	put_number(&info, 1, 3);
	put_number(&info, 2, 1600000000);
	put_message(&way, 4, &info);
	put_deltas(&way, 8, (int64_t[]){-5, 12, 10, INT64_C(1) << 40}, 4);
	put_group(block, 3, &way);
	buf_release(&way);
	buf_release(&info);
}

static void put_relation(struct buf *block)
{
	struct buf relation = BUF_INIT;

	put_number(&relation, 1, 9);
	put_packed(&relation, 2, (uint64_t[]){1}, 1);
	put_packed(&relation, 3, (uint64_t[]){2}, 1);
	put_packed(&relation, 8, (uint64_t[]){0}, 1);
	put_deltas(&relation, 9, (int64_t[]){77}, 1);
	put_packed(&relation, 10, (uint64_t[]){1}, 1);
	put_group(block, 4, &relation);
	buf_release(&relation);
}

/* Three dense nodes, the second with two tags; key names the first's. */
static void put_dense(struct buf *block, uint64_t key)
{
	struct buf dense = BUF_INIT, info = BUF_INIT;

	put_deltas(&dense, 1, (int64_t[]){12, 10, -5}, 3);
	put_packed(&info, 1, (uint64_t[]){1, 2, UINT64_MAX}, 3);
	put_deltas(&info, 2, (int64_t[]){1500000000, 1400000000, 0}, 3);
	put_message(&dense, 5, &info);
	put_deltas(&dense, 8, (int64_t[]){500000000, 500000001, -900000000}, 3);
	put_deltas(&dense, 9, (int64_t[]){100000000, -1, 1800000000}, 3);
	put_packed(&dense, 10, (uint64_t[]){0, key, 2, 5, 6, 0, 0}, 7);
	put_group(block, 2, &dense);
	buf_release(&dense);
	buf_release(&info);
}

/* A plain node, in a block of half a microdegree and an offset. */
static void put_plain(struct buf *block)
{
	struct buf node = BUF_INIT, info = BUF_INIT;

	put_number(&node, 1, zigzag(INT64_C(1) << 40));
	put_packed(&node, 2, (uint64_t[]){5}, 1);
	put_packed(&node, 3, (uint64_t[]){6}, 1);
	put_number(&info, 1, 4);
	put_number(&info, 2, 3000);
	put_message(&node, 4, &info);
	put_number(&node, 8, zigzag(20));
	put_number(&node, 9, zigzag(-20));
	put_group(block, 1, &node);
	put_number(block, 17, 500);
	put_number(block, 18, 2000);
	put_number(block, 19, 50);
	put_number(block, 20, (uint64_t)INT64_C(-70));
	buf_release(&node);
	buf_release(&info);
}

static const char whole[] =
	"w77 v3 t1600000000 -5 12 10 1099511627776 highway=service a=b\n"
	"r9 v0 t0 a=b\n"
	"n12 v1 t1500000000 10.000000000 50.000000000\n"
	"n10 v2 t1400000000 -0.000000100 50.000000100 a=b c=d\n"
	"n-5 v0 t0 180.000000000 -90.000000000\n"
	"n1099511627776 v4 t6000 -0.000010070 0.000010050 c=d\n";

enum { BLOBS = 5 };

/* The whole file; ends[i] is where blob i ends. */
static void make_file(struct buf *file, enum packing packing, size_t *ends)
{
	struct buf block = BUF_INIT;

	buf_reset(file);
	put_header(file, NULL);
	ends[0] = file->len;
	put_strings(&block);
	put_way(&block, 3);
	put_relation(&block);
	put_blob(file, "OSMData", packing, &block);
	ends[1] = file->len;
	put_text(&block, 1, "of no concern");
	put_blob(file, "Unknown", RAW, &block);
	ends[2] = file->len;
	put_strings(&block);
	put_dense(&block, 1);
	put_blob(file, "OSMData", packing, &block);
	ends[3] = file->len;
	put_plain(&block); /* before the strings and the granularity */
	put_strings(&block);
	put_blob(file, "OSMData", packing, &block);
	ends[4] = file->len;
	buf_release(&block);
}

static void test_whole(void)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS];

	for (int packing = RAW; packing <= ZLIB; packing++) {
		make_file(&file, packing, ends);
		ok(!read_all(file.data, file.len, EVERY, &out) &&
				!strcmp(buf_str(&out), whole),
			"every object as it should be, %s",
			packing == RAW ? "raw" : "zlib");
	}
	ok(!read_all(file.data, file.len, OSM_WAY, &out) &&
			buf_str(&out)[0] == 'w' &&
			strchr(out.data, '\n') == out.data + out.len - 1,
		"only the kind that was asked for");
	ok(read_all("", 0, EVERY, &out) == -1 && strstr(err.msg, "is empty"),
		"an empty file: %s", err.msg);
	buf_release(&file);
	buf_release(&out);
}

static bool is_prefix(struct buf *b)
{
	return b->len < sizeof(whole) && !memcmp(b->data, whole, b->len);
}

static void test_truncation(void)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS], blob = 0, bad = 0;
	char place[64];

	make_file(&file, ZLIB, ends);
	buf_reserve(&out, 1);
	for (size_t len = 1; len < file.len; len++) {
		int rc = read_all(file.data, len, EVERY, &out);

		if (len == ends[blob]) { /* no reader can tell */
			bad += rc || !is_prefix(&out);
			blob++;
			continue;
		}
		snprintf(place, sizeof(place),
			": blob %zu, at byte %zu: ", blob + 1,
			blob ? ends[blob - 1] : 0);
		if (rc != -1 || !is_prefix(&out) || !strstr(err.msg, place)) {
			bad++;
			printf("# cut at %zu: %d %s\n", len, rc, err.msg);
		}
	}
	ok(!bad && blob == BLOBS - 1,
		"cut at any byte: an error that names the blob and its offset");
	buf_release(&file);
	buf_release(&out);
}

/* True when every line of b stands in whole, in this order. */
static bool in_order(struct buf *b)
{
	const char *at = whole, *p = buf_str(b);

	while (*p) {
		size_t n = (size_t)(strchr(p, '\n') + 1 - p);

		while (*at && strncmp(at, p, n))
			at = strchr(at, '\n') + 1;
		if (!*at)
			return false;
		at += n;
		p += n;
	}
	return true;
}

static void test_flips(void)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS], bad = 0, errors = 0, raw_errors = 0;

	make_file(&file, ZLIB, ends);
	buf_reserve(&out, 1);
	for (size_t bit = 0; bit < 8 * file.len; bit++) {
		int rc;

		file.data[bit / 8] ^= (char)(1 << bit % 8);
		rc = read_all(file.data, file.len, EVERY, &out);
		file.data[bit / 8] ^= (char)(1 << bit % 8);
		errors += rc == -1;
		/* a type that no longer reads OSMData is passed over */
		if (rc == -1 ? !is_prefix(&out) : rc || !in_order(&out)) {
			bad++;
			printf("# bit %zu: %d %s\n", bit, rc, err.msg);
		}
	}
	ok(!bad, "any bit turned: what is handed out before the error is good");
	ok(errors > 6 * file.len, "most are errors: %zu of %zu", errors,
		8 * file.len);
	make_file(&file, RAW, ends);
	for (size_t bit = 0; bit < 8 * file.len; bit++) {
		file.data[bit / 8] ^= (char)(1 << bit % 8);
		raw_errors += read_all(file.data, file.len, EVERY, &out) == -1;
		file.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(raw_errors > 0, "in raw blobs too, without a crash (%zu errors)",
		raw_errors);
	buf_release(&file);
	buf_release(&out);
}

/* A file with this block behind the header is refused with this message. */
static void refused(struct buf *block, const char *what, const char *message)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	size_t start;
	char place[64];
	int rc;

	put_header(&file, NULL);
	start = file.len;
	put_blob(&file, "OSMData", ZLIB, block);
	snprintf(place, sizeof(place), "%s: blob 2, at byte %zu: ", path,
		start);
	rc = read_all(file.data, file.len, EVERY, &out);
	ok(rc == -1 && strstr(err.msg, message) &&
			!strncmp(err.msg, place, strlen(place)),
		"%s: %s", what, err.msg);
	buf_release(&file);
	buf_release(&out);
}

static void test_blocks(void)
{
	struct buf b = BUF_INIT, o = BUF_INIT;

	put_strings(&b);
	put_way(&b, 7);
	refused(&b, "a way's key past the table", "past the 7 strings");
	put_strings(&b);
	put_dense(&b, 7);
	refused(&b, "a dense node's key past the table", "past the 7 strings");
	put_dense(&b, 1);
	refused(&b, "no table", "past the 0 strings");
	put_strings(&b);
	put_number(&o, 1, 2);
	put_packed(&o, 2, (uint64_t[]){1}, 1);
	put_group(&b, 3, &o);
	refused(&b, "a key without a value", "more keys than values");
	put_strings(&b);
	put_number(&o, 1, 2);
	put_packed(&o, 3, (uint64_t[]){1}, 1);
	put_group(&b, 3, &o);
	refused(&b, "a value without a key", "more values than keys");
	put_packed(&o, 2, (uint64_t[]){1}, 1);
	put_group(&b, 3, &o);
	refused(&b, "a way without id", "no id");
	put_number(&o, 1, 2);
	put_number(&o, 8, 2);
	put_group(&b, 1, &o);
	refused(&b, "a node without longitude", "no place");
	put_number(&o, 1, 2);
	put_bytes(&o, 8, "\x02\x80", 2);
	put_group(&b, 3, &o);
	refused(&b, "a node list cut in a number", "nodes of way 2");
	put_deltas(&o, 1, (int64_t[]){1, 2}, 2);
	put_deltas(&o, 8, (int64_t[]){1, 2}, 2);
	put_deltas(&o, 9, (int64_t[]){1}, 1);
	put_group(&b, 2, &o);
	refused(&b, "fewer longitudes than ids", "damaged behind node 2");
	put_deltas(&o, 1, (int64_t[]){1}, 1);
	put_deltas(&o, 8, (int64_t[]){1, 2}, 2);
	put_deltas(&o, 9, (int64_t[]){1, 2}, 2);
	put_group(&b, 2, &o);
	refused(&b, "more positions than ids", "go on behind their ids");
	put_strings(&b);
	put_deltas(&o, 1, (int64_t[]){1, 2}, 2);
	put_deltas(&o, 8, (int64_t[]){1, 2}, 2);
	put_deltas(&o, 9, (int64_t[]){1, 2}, 2);
	put_packed(&o, 10, (uint64_t[]){1, 2, 0}, 3);
	put_group(&b, 2, &o);
	refused(&b, "tags of one node of two", "tags of dense nodes end");
	put_number(&o, 1, 2);
	put_number(&o, 8, 2);
	put_group(&b, 3, &o);
	refused(&b, "a number instead of a list", "field 8 of an object");
	put_number(&b, 17, 0);
	refused(&b, "a granularity of 0", "granularity");
	buf_release(&b);
	buf_release(&o);
}

/* Positions that are none are no damage of the file. */
static void test_off_globe(void)
{
	static const int64_t lats[] = {900000000, 900000001, INT64_MIN / 2};
	struct buf file = BUF_INIT, out = BUF_INIT, b = BUF_INIT, o = BUF_INIT;

	put_header(&file, NULL);
	put_deltas(&o, 1, (int64_t[]){1, 2, 3}, 3);
	put_deltas(&o, 8, lats, 3);
	put_deltas(&o, 9, (int64_t[]){0, 0, 0}, 3);
	put_group(&b, 2, &o);
	put_blob(&file, "OSMData", ZLIB, &b);
	ok(!read_all(file.data, file.len, EVERY, &out) &&
			!strcmp(buf_str(&out),
				"n1 v0 t0 0.000000000 90.000000000\n"
				"n2 v0 t0 nan nan\nn3 v0 t0 nan nan\n"),
		"a pole, a place past it and one past 64 bits");
	buf_release(&file);
	buf_release(&out);
	buf_release(&b);
	buf_release(&o);
}

/* Tags that a small block can make as long as it likes. */
static void test_long_tags(void)
{
	enum { LONG = 60000, TIMES = 300 };
	struct buf b = BUF_INIT, o = BUF_INIT;
	uint64_t *keys = xcalloc(TIMES, sizeof(*keys));
	char *text = xcalloc(1, LONG);

	put_bytes(&o, 1, text, LONG);
	put_message(&b, 1, &o);
	put_number(&o, 1, 2);
	put_packed(&o, 2, keys, TIMES);
	put_packed(&o, 3, keys, TIMES);
	put_group(&b, 3, &o);
	refused(&b, "300 times a long tag", "bytes long");
	free(text);
	free(keys);
	buf_release(&b);
	buf_release(&o);
}

/* A file that begins as usual is refused at this blob. */
static void refused_blob(const struct buf *file, const char *what,
	const char *message)
{
	struct buf out = BUF_INIT;

	ok(read_all(file->data, file->len, EVERY, &out) == -1 &&
			strstr(err.msg, message) && strstr(err.msg, ": blob "),
		"%s: %s", what, err.msg);
	buf_release(&out);
}

static void test_blobs(void)
{
	struct buf file = BUF_INIT, b = BUF_INIT;

	put_header(&file, "HistoricalInformation");
	refused_blob(&file, "a history file", "history file");
	buf_reset(&file);
	put_header(&file, "Time-Machine");
	refused_blob(&file, "a feature nobody knows", "'Time-Machine'");
	buf_reset(&file);
	put_strings(&b);
	put_blob(&file, "OSMData", RAW, &b);
	refused_blob(&file, "no header", "no OSMHeader");
	for (unsigned field = 4; field <= 7; field++) {
		buf_reset(&file);
		put_header(&file, NULL);
		put_text(&b, field, "x");
		put_framed(&file, "OSMData", &b);
		buf_reset(&b);
		refused_blob(&file, "another packer", "is compressed with");
	}
	buf_reset(&file);
	put_header(&file, NULL);
	put_framed(&file, "OSMData", &b);
	refused_blob(&file, "no data in it", "no data");
	buf_reset(&file);
	put_header(&file, NULL);
	put_number(&b, 2, (32 << 20) + 1);
	put_text(&b, 3, "x");
	put_framed(&file, "OSMData", &b);
	buf_reset(&b);
	refused_blob(&file, "over 32 MiB inflated", "more than");
	buf_reset(&file);
	put_text(&b, 1, "OSMHeader");
	put_number(&b, 3, (32 << 20) + 1);
	put_big_endian(&file, (uint32_t)b.len);
	buf_add(&file, b.data, b.len);
	refused_blob(&file, "over 32 MiB", "over 33554432 bytes");
	buf_reset(&file);
	put_big_endian(&file, (64 << 10) + 1);
	refused_blob(&file, "a header over 64 KiB", "over 65536 bytes");
	buf_release(&file);
	buf_release(&b);
}

static int stop(void *ctx, const struct osm_object *o, struct err *e)
{
	(void)ctx, (void)o;
	return err_set(e, "the disk is full");
}

static void test_stop(void)
{
	struct buf file = BUF_INIT;
	size_t ends[BLOBS];
	struct osm_file *f;
	static const char xml[] = "<osm><node id='1' lon='2' lat='3'/></osm>";

	make_file(&file, ZLIB, ends);
	for (int i = 0; i < 2; i++) {
		save(i ? xml : file.data, i ? sizeof(xml) - 1 : file.len);
		f = osm_file_open(path, &err);
		ok(f && osm_file_pass(f, EVERY, stop, NULL, &err) == -1 &&
				!strcmp(err.msg, "the disk is full"),
			"the callback's error is not the file's: %s", err.msg);
		osm_file_close(f);
	}
	buf_release(&file);
}

int main(void)
{
	path_fd = mkstemp(path);
	if (path_fd < 0)
		return 1;
	test_whole();
	test_truncation();
	test_flips();
	test_blocks();
	test_off_globe();
	test_long_tags();
	test_blobs();
	test_stop();
	close(path_fd);
	unlink(path);
	return tap_done();
}
