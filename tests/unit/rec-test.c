/*
 * The record layer: values, records, streams cut and flipped everywhere.
 */
#include "base/base.h"
#include "base/hash.h"
#include "base/io.h"
#include "rec/line.h"
#include "rec/pack.h"
#include "rec/stream.h"
#include "unit/tap.h"

#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

/* A header as a tool writes it. */
static void add_header(struct buf *b, const char *tool)
{
	struct buf pairs = BUF_INIT, whole = BUF_INIT;
	char id[HEX64_TEXT];

	pack_cstr(&pairs, KEY_HEADER);
	pack_u64(&pairs, STREAM_VERSION);
	pack_cstr(&pairs, "tool");
	pack_cstr(&pairs, tool);
	pack_map(&whole, 2);
	buf_add(&whole, pairs.data, pairs.len);
	hex64(hash_xxh64(whole.data, whole.len), id);
	pack_map(b, 3);
	buf_add(b, pairs.data, pairs.len);
	pack_cstr(b, "id");
	pack_cstr(b, id);
	buf_release(&pairs);
	buf_release(&whole);
}

static void add_record(struct buf *b, const char *json)
{
	struct err err;

	if (line_to_rec(json, strlen(json), b, &err))
		ok(0, "%s: %s", json, err.msg);
}

static int memory_fd(const void *p, size_t len)
{
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct err err;

	if (write_all(fd, p, len, &err) || lseek(fd, 0, SEEK_SET))
		abort();
	return fd;
}

/* A whole segment: header, three records, end. */
static struct buf make_segment(void)
{
	int fd = memfd_create("segment", MFD_CLOEXEC);
	struct rec_writer *w = rec_writer_new(fd, "segment");
	struct buf b = BUF_INIT, whole = BUF_INIT;
	struct err err;
	int rc = 0;

	add_header(&b, "test");
	rc |= rec_writer_header(w, (struct val){(uint8_t *)b.data, b.len},
		&err);
	for (int i = 0; i < 3; i++) {
		buf_reset(&b);
		add_record(&b, "{\"id\":\"n1\",\"tags\":{\"building\":\"yes\"},"
			       "\"lon\":1.5,\"chip\":\"/9j/\"}");
		rc |= rec_writer_data(w, buf_val(&b), &err);
	}
	rc |= rec_writer_end(w, NULL, &err) | rec_writer_flush(w, &err);
	rec_writer_free(w);
	buf_reserve(&whole, 4096);
	lseek(fd, 0, SEEK_SET);
	whole.len = (size_t)read_some(fd, whole.data, 4096, &err);
	close(fd);
	buf_release(&b);
	if (rc)
		abort();
	return whole;
}

/* Reads to the end: data records seen, or -1 and the error. */
static int read_stream(const void *p, size_t len, int *seen, struct err *err)
{
	int fd = memory_fd(p, len);
	struct rec_reader *r = rec_reader_new(fd, "stream");
	struct rec_view v;
	int rc;

	*seen = 0;
	do {
		rc = rec_reader_next(r, &v, err);
		*seen += !rc && v.kind == REC_DATA;
	} while (!rc && v.kind != REC_EOF);
	if (rc)
		rc = rec_reader_next(r, &v, &(struct err){""}) ? -1 : -2;
	rec_reader_free(r);
	close(fd);
	return rc;
}

static void test_damage(void)
{
	struct buf s = make_segment();
	struct err err = {""};
	int seen, missed = 0, lost = 0, before = 0;
	struct buf two = BUF_INIT;

	ok(!read_stream(s.data, s.len, &seen, &err) && seen == 3,
		"a whole segment is read: %s", err.msg);
	for (size_t n = 0; n < s.len; n++) {
		missed += read_stream(s.data, n, &seen, &err) != -1;
		lost += seen < before;
		before = seen;
	}
	ok(!missed, "a stream cut at any of %zu bytes is an error", s.len);
	ok(!lost && before == 3, "what came before the cut is delivered");
	missed = 0;
	for (size_t bit = 0; bit < 8 * s.len; bit++) {
		s.data[bit / 8] ^= (char)(1 << bit % 8);
		missed += read_stream(s.data, s.len, &seen, &err) != -1;
		s.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(!missed, "any of %zu bits flipped is an error", 8 * s.len);
	buf_add(&two, s.data, s.len);
	buf_add(&two, s.data, s.len);
	ok(!read_stream(two.data, two.len, &seen, &err) && seen == 6,
		"segments are joined by putting them end to end");
	buf_add(&two, "\x80", 1);
	ok(read_stream(two.data, two.len, &seen, &err) == -1 && seen == 6 &&
			strstr(err.msg, "after record 6"),
		"data behind the end is an error: %s", err.msg);
	buf_release(&two);
	buf_release(&s);
}

static void test_order(void)
{
	struct buf b = BUF_INIT;
	struct err err;
	int seen;

	add_header(&b, "test");
	add_record(&b, "{\"id\":\"n1\"}");
	add_header(&b, "other");
	ok(read_stream(b.data, b.len, &seen, &err) == -1 &&
			strstr(err.msg, "inside a segment"),
		"a header inside a segment: %s", err.msg);
	buf_reset(&b);
	add_record(&b, "{\"id\":\"n1\"}");
	ok(read_stream(b.data, b.len, &seen, &err) == -1 &&
			strstr(err.msg, "no record stream"),
		"data without a header: %s", err.msg);
	buf_reset(&b);
	add_header(&b, "test");
	buf_add(&b, "\xdd\xff\xff\xff\xff", 5);
	ok(read_stream(b.data, b.len, &seen, &err) == -1 &&
			strstr(err.msg, "larger than the limit"),
		"a length past the limit is not allocated: %s", err.msg);
	buf_reset(&b);
	add_header(&b, "test");
	for (int i = 0; i < 100; i++)
		buf_addc(&b, (char)0x91);
	ok(read_stream(b.data, b.len, &seen, &err) == -1 &&
			strstr(err.msg, "no msgpack"),
		"nesting without end: %s", err.msg);
	buf_release(&b);
}

static struct rec parse(const char *json)
{
	struct rec r = REC_INIT;
	struct buf b = BUF_INIT;
	struct err err;

	add_record(&b, json);
	if (rec_parse(&r, (uint8_t *)b.data, b.len, &err))
		ok(0, "%s: %s", json, err.msg);
	buf_release(&b);
	return r;
}

static bool packs_as(const struct rec *r, const char *json)
{
	struct buf b = BUF_INIT, text = BUF_INIT;
	struct err err;
	bool same;

	rec_pack(r, &b);
	if (line_from_rec((struct val){(uint8_t *)b.data, b.len}, &text, &err))
		buf_adds(&text, err.msg);
	same = !strcmp(buf_str(&text), json);
	if (!same)
		printf("# %s\n", buf_str(&text));
	buf_release(&b);
	buf_release(&text);
	return same;
}

static void test_record(void)
{
	struct rec r = parse("{\"id\":\"n1\",\"x\":[1,2.5],\"y\":null}");
	struct str s;
	struct err err;
	double xy[2];

	ok(rec_get_str(&r, "id", &s, &err) == 1 && str_is(s, "n1"), "a str");
	ok(rec_get_f64s(&r, "x", xy, 2, &err) == 1 && xy[1] == 2.5, "numbers");
	ok(rec_get_f64s(&r, "x", xy, 1, &err) == -1, "of another count");
	ok(rec_get_str(&r, "y", &s, &err) == -1 && strstr(err.msg, "nil"),
		"of another type: %s", err.msg);
	ok(!rec_get_str(&r, "none", &s, &err), "a field that is not there");
	rec_set_str(&r, "x", "new", 3);
	rec_set_f64(&r, "z", 1);
	ok(packs_as(&r, "{\"id\":\"n1\",\"x\":\"new\",\"y\":null,\"z\":1.0}"),
		"set in place, and appended");
	ok(rec_drop(&r, "id") && !rec_drop(&r, "id"), "dropped once");
	ok(packs_as(&r, "{\"x\":\"new\",\"y\":null,\"z\":1.0}"), "and gone");
	ok(rec_key(&r).len == 0, "no key, no id");
	rec_release(&r);
}

static void test_bad_records(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *why;
	} bad[] = {
		{"\x82\xa1"
		 "a\x01\xa1"
		 "a\x02",
			7, "twice"},
		{"\x81\x01\x02", 3, "no string"},
		{"\x82\xa1"
		 "a\x01\xaaskyfilters\x01",
			16, "reserved"},
		{"\x91\x01", 2, "no map"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct rec r = REC_INIT;
		struct err err = {""};

		ok(rec_parse(&r, (const uint8_t *)bad[i].bytes, bad[i].len,
			   &err) == -1 &&
				strstr(err.msg, bad[i].why),
			"refused: %s", err.msg);
	}
}

/* Lines that must come back as they are, and through the same bytes. */
static void test_lines(void)
{
	static const char *const lines[] = {
		"{}",
		"{\"a\":[0,-1,127,128,255,256,65535,65536,4294967296,-32,-33,"
		"-128,-129,-32769,-2147483649]}",
		"{\"a\":9223372036854775807,\"b\":-9223372036854775808}",
		"{\"a\":{\"$num\":\"18446744073709551615\"}}",
		"{\"a\":[1.0,0.1,-0.0,1e-308,5e-324,1.7976931348623157e+308]}",
		"{\"a\":[{\"$num\":\"inf\"},{\"$num\":\"-inf\"},"
		"{\"$num\":\"nan\"},{\"$num\":\"nan:fff8000000000001\"}]}",
		"{\"a\":[{\"$f32\":0.5},{\"$f32\":0.10000000149011612},"
		"{\"$f32\":\"inf\"},{\"$f32\":\"nan\"},"
		"{\"$f32\":\"nan:ffc00001\"}]}",
		"{\"a\":\"\\u0000\\u0001\\\"\\\\\\n\\t\xc3\xa9\"}",
		"{\"a\":{\"$str\":\"/w==\"},\"b\":{\"$bin\":\"\"}}",
		"{\"geom\":\"AAEC\",\"chip\":\"/9j/\",\"img_emb\":\"\","
		"\"txt_emb\":\"AA==\"}",
		"{\"geom\":{\"$str\":\"Z2VvbQ==\"},\"chip\":null}",
		"{\"a\":{\"geom\":\"text\"}}",
		"{\"a\":{\"$ext\":[-1,\"AAAAAA==\"]}}",
		"{\"a\":{\"$$bin\":1},\"b\":{\"$$$\":2},\"c\":{\"$x\":1,"
		"\"$y\":2}}",
		"{\"$$only\":true}",
		"{\"a\":[[],{},[[null,true,false]],\"\"]}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct rec r = parse(lines[i]);

		ok(packs_as(&r, lines[i]), "%s", lines[i]);
		rec_release(&r);
	}
}

static void test_bad_lines(void)
{
	static const char *const lines[] = {"", "[]", "1", "{\"a\":1",
		"{\"a\":1}x", "{\"a\":1,\"a\":2}", "{\"a\":{\"$what\":1}}",
		"{\"a\":{\"$bin\":\"?\"}}", "{\"a\":{\"$bin\":\"A A=\"}}",
		"{\"a\":{\"$f32\":0.1}}", "{\"a\":{\"$num\":\"12x\"}}",
		"{\"a\":{\"$num\":\"nan:7ff0000000000000\"}}",
		"{\"a\":{\"$ext\":[200,\"\"]}}", "{\"$bin\":\"\"}",
		"{\"geom\":\"no base64\"}", "{\"geom\":\"A===\"}",
		"{\"a\":9223372036854775808}"};
	struct buf deep = BUF_INIT;
	struct buf b = BUF_INIT;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		err.msg[0] = '\0';
		ok(line_to_rec(lines[i], strlen(lines[i]), &b, &err) == -1 &&
				err.msg[0] && !b.len,
			"refused: %s: %s", lines[i], err.msg);
	}
	buf_adds(&deep, "{\"a\":");
	for (int i = 0; i < 100; i++)
		buf_addc(&deep, '[');
	for (int i = 0; i < 100; i++)
		buf_addc(&deep, ']');
	buf_addc(&deep, '}');
	ok(line_to_rec(deep.data, deep.len, &b, &err) == -1, "refused: %s",
		err.msg);
	buf_release(&deep);
	buf_release(&b);
}

/* `depth` arrays and maps in one another, the record among them. */
static void nest(struct buf *b, int depth, bool filled)
{
	buf_adds(b, "{\"a\":");
	for (int i = 1; i < depth; i++)
		buf_addc(b, '[');
	buf_adds(b, filled ? "1" : "");
	for (int i = 1; i < depth; i++)
		buf_addc(b, ']');
	buf_addc(b, '}');
}

/* The limit of nesting is the same for lines and for packed records. */
static void test_depth(void)
{
	for (int filled = 0; filled < 2; filled++) {
		struct buf line = BUF_INIT, b = BUF_INIT;
		struct val whole;
		struct err err;

		nest(&line, VAL_MAX_DEPTH, filled);
		ok(!line_to_rec(line.data, line.len, &b, &err) &&
				val_at((uint8_t *)b.data, b.len, &whole) &&
				whole.len == b.len,
			"%d deep, filled %d", VAL_MAX_DEPTH, filled);
		buf_reset(&line);
		nest(&line, VAL_MAX_DEPTH + 1, filled);
		ok(line_to_rec(line.data, line.len, &b, &err) == -1,
			"%d deep as a line, filled %d", VAL_MAX_DEPTH + 1,
			filled);
		buf_reset(&b);
		buf_adds(&b, "\x81\xa1"
			     "a");
		for (int i = 0; i < VAL_MAX_DEPTH; i++)
			buf_addc(&b, (char)0x91);
		b.data[b.len - 1] = (char)(filled ? 0x91 : 0x90);
		buf_adds(&b, filled ? "\x01" : "");
		ok(!val_at((uint8_t *)b.data, b.len, &whole),
			"%d deep, packed, filled %d", VAL_MAX_DEPTH + 1,
			filled);
		buf_release(&line);
		buf_release(&b);
	}
}

/* Keys that stand twice are found in any map, and quickly in a large one. */
static void test_twice(void)
{
	enum { MANY = 1000000 };
	struct buf b = BUF_INIT, line = BUF_INIT;
	struct rec r = REC_INIT;
	struct err err;

	buf_adds(&b, "\x81\xa1x\x82\xa1k\x01\xa1k\x02");
	ok(line_from_rec((struct val){(uint8_t *)b.data, b.len}, &line, &err) ==
				-1 &&
			strstr(err.msg, "'k' twice"),
		"a line has no key twice: %s", err.msg);
	buf_reset(&b);
	pack_map(&b, MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		pack_str(&b, (const char *)&i, sizeof(i));
		pack_nil(&b);
	}
	ok(!rec_parse(&r, (uint8_t *)b.data, b.len, &err), "%d keys", MANY);
	rec_release(&r);
	b.data[b.len - 2] = b.data[b.len - 3] = b.data[b.len - 4] = 0;
	b.data[b.len - 5] = 7;
	ok(rec_parse(&r, (uint8_t *)b.data, b.len, &err) == -1 &&
			strstr(err.msg, "twice"),
		"%d keys, one twice", MANY);
	buf_release(&line);
	buf_release(&b);
}

/* The packed value begins so, and has n bytes; empties b. */
static bool packed_as(struct buf *b, const char *head, size_t head_len,
	size_t n)
{
	bool same = b->len == n && !memcmp(b->data, head, head_len);

	buf_reset(b);
	return same;
}

/* Each in its shortest form: the specification's table of formats. */
static void test_forms(void)
{
	static const char text[256] = "text";
	struct buf b = BUF_INIT;
	bool same = true;

	for (size_t len = 0; len < 32; len++) {
		const char head = (char)(0xa0 + len);

		pack_str(&b, text, len);
		same = same && packed_as(&b, &head, 1, 1 + len);
	}
	ok(same, "strings of up to 31 bytes");
	pack_str(&b, text, 32);
	ok(packed_as(&b, "\xd9\x20text", 6, 34), "32 bytes");
	pack_str(&b, text, 256);
	ok(packed_as(&b, "\xda\x01\x00text", 7, 259), "256 bytes");
	pack_cstr(&b, "id");
	ok(packed_as(&b, "\xa2id", 3, 3), "a C string");
	pack_u64(&b, 127);
	ok(packed_as(&b, "\x7f", 1, 1), "127");
	pack_u64(&b, 128);
	ok(packed_as(&b, "\xcc\x80", 2, 2), "128");
	pack_u64(&b, UINT64_MAX);
	ok(packed_as(&b, "\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9, 9),
		"the largest");
	pack_f64(&b, -1.2345678);
	ok(packed_as(&b, "\xcb\xbf\xf3\xc0\xca\x2a\x5b\x1d\x5d", 9, 9),
		"a number");
	pack_map(&b, 15);
	ok(packed_as(&b, "\x8f", 1, 1), "a map of 15");
	pack_map(&b, 16);
	ok(packed_as(&b, "\xde\x00\x10", 3, 3), "of 16");
	pack_array(&b, 15);
	ok(packed_as(&b, "\x9f", 1, 1), "an array of 15");
	pack_array(&b, 65536);
	ok(packed_as(&b, "\xdd\x00\x01\x00\x00", 5, 5), "of 65,536");
	buf_release(&b);
}

static void test_values(void)
{
	static const uint8_t f32[] = {0xca, 0x3f, 0x00, 0, 0};
	static const uint8_t neg[] = {0xd1, 0x80, 0x00};
	struct val v = {f32, sizeof(f32)};
	double x;
	int64_t i;
	uint64_t u;

	ok(!val_f64(v, &x) && x == 0.5 && val_is_f32(v), "f32");
	v = (struct val){neg, sizeof(neg)};
	ok(!val_i64(v, &i) && i == -32768 && val_u64(v, &u), "int16");
	ok(!val_f64(v, &x) && x == -32768, "as a double");
}

int main(void)
{
	test_forms();
	test_values();
	test_record();
	test_bad_records();
	test_lines();
	test_bad_lines();
	test_depth();
	test_twice();
	test_order();
	test_damage();
	return tap_done();
}
