#include "base/base.h"
#include "osm-read.h"
#include "tap.h"

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
	put_number(block, 19, 30);
	put_number(block, 20, (uint64_t)INT64_C(-70));
	buf_release(&node);
	buf_release(&info);
}

/* What each blob but the header's holds. */
static const char *const parts[] = {
	"w77 v3 t1600000000 -5 12 10 1099511627776 highway=service a=b\n"
	"r9 v0 t0 w77@ a=b\n",
	"@12 10.0000000 50.0000000\n"
	"@10 -0.0000001 50.0000001\n"
	"@-5 180.0000000 -90.0000000\n"
	"n10 v2 t1400000000 -0.0000001 50.0000001 a=b c=d\n",
	"@1099511627776 -0.0000101 0.0000100\n"
	"n1099511627776 v4 t6000 -0.0000101 0.0000100 c=d\n"};

/* Whether out is what the first n of them hold. */
static bool is_parts(struct buf *out, size_t n)
{
	const char *at = buf_str(out);

	for (size_t i = 0; i < n; i++) {
		if (strncmp(at, parts[i], strlen(parts[i])))
			return false;
		at += strlen(parts[i]);
	}
	return !*at;
}

enum { BLOBS = 4 };

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
	put_strings(&block);
	put_dense(&block, 1);
	put_blob(file, "OSMData", packing, &block);
	ends[2] = file->len;
	put_plain(&block); /* before the strings and the granularity */
	put_strings(&block);
	put_blob(file, "OSMData", packing, &block);
	ends[3] = file->len;
	buf_release(&block);
}

static void test_whole(void)
{
	static const enum packing all[] = {RAW, ZLIB, LZ4, ZSTD};
	struct buf file = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS];

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		make_file(&file, all[i], ends);
		ok(!read_all(file.data, file.len, EVERY, &out) &&
				is_parts(&out, 3),
			"every object as it should be, packing %d: %s",
			(int)all[i], err.msg);
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

static void test_unknown_type(void)
{
	struct buf file = BUF_INIT, out = BUF_INIT, block = BUF_INIT;
	char place[64];

	put_header(&file, NULL);
	snprintf(place, sizeof(place), ": blob 2, at byte %zu: ", file.len);
	put_strings(&block);
	put_dense(&block, 1);
	put_blob(&file, "OSMDatA", ZLIB, &block);
	ok(read_all(file.data, file.len, EVERY, &out) == -1 && !out.len &&
			strstr(err.msg, place) && strstr(err.msg, "'OSMDatA'"),
		"a blob of an unknown type: %s", err.msg);
	buf_release(&file);
	buf_release(&out);
	buf_release(&block);
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
			bad += rc || !is_parts(&out, blob);
			blob++;
			continue;
		}
		snprintf(place, sizeof(place),
			": blob %zu, at byte %zu: ", blob + 1,
			blob ? ends[blob - 1] : 0);
		if (rc != -1 || !is_parts(&out, blob ? blob - 1 : 0) ||
			!strstr(err.msg, place)) {
			bad++;
			printf("# cut at %zu: %d %s\n", len, rc, err.msg);
		}
	}
	ok(!bad && blob == BLOBS - 1,
		"cut at any byte: an error that names the blob and its offset");
	buf_release(&file);
	buf_release(&out);
}

static bool is_whole_blobs(struct buf *out)
{
	return is_parts(out, 0) || is_parts(out, 1) || is_parts(out, 2);
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
		if (rc == -1 ? !is_whole_blobs(&out)
			     : rc || !is_parts(&out, 3)) {
			bad++;
			printf("# bit %zu: %d %s\n", bit, rc, err.msg);
		}
	}
	ok(!bad, "any bit turned: nothing is lost, or an error says so");
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

static int stop(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *e)
{
	(void)ctx, (void)b, (void)o;
	return err_set(e, "the disk is full");
}

static void test_stop(void)
{
	struct buf file = BUF_INIT;
	size_t ends[BLOBS];
	struct osm_file *f;
	static const char xml[] = "<osm><way id='1'/></osm>";
	struct osm_pass pass = {.kinds = EVERY,
		.wants = wants_all,
		.object = stop};

	make_file(&file, ZLIB, ends);
	for (int i = 0; i < 2; i++) {
		save(i ? xml : file.data, i ? sizeof(xml) - 1 : file.len);
		f = osm_file_open(path, &(struct osm_reading){.threads = 1},
			&err);
		ok(f && osm_file_pass(f, &pass, true, &err) == -1 &&
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
	test_unknown_type();
	test_truncation();
	test_flips();
	test_stop();
	close(path_fd);
	unlink(path);
	return tap_done();
}
