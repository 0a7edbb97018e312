#include "base/base.h"
#include "osm-read.h"
#include "tap.h"

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
	refused(&b, "tags of one node of two", "2 dense nodes have tags for 1");
	put_number(&o, 1, 2);
	put_number(&o, 8, 2);
	put_group(&b, 3, &o);
	refused(&b, "a number instead of a list", "field 8 of an object");
	put_dense(&b, 1);
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
			!strcmp(buf_str(&out), "@1 0.0000000 90.0000000\n"
					       "@2 nowhere\n@3 nowhere\n"),
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
		refused_blob(&file, "another packer",
			field == 4 ? "is compressed with LZMA" : "is damaged");
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

int main(void)
{
	path_fd = mkstemp(path);
	if (path_fd < 0)
		return 1;
	test_blocks();
	test_off_globe();
	test_long_tags();
	test_blobs();
	close(path_fd);
	unlink(path);
	return tap_done();
}
