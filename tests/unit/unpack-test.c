/* Packed blocks and files, packed by the tools that everyone has. */
#include "base/base.h"
#include "base/io.h"
#include "codec/unpack.h"
#include "codec/zread.h"
#include "unit/tap.h"

#include <stdio.h>
#include <unistd.h>

static struct err err;

/* What a shell command makes of these bytes. */
static struct buf piped(const char *command, const struct buf *in)
{
	char path[] = "/tmp/unpack-test.XXXXXX", line[256];
	struct buf out = BUF_INIT;
	int fd = mkstemp(path);
	FILE *f;

	snprintf(line, sizeof(line), "%s <%s", command, path);
	if (fd < 0 || write_all(fd, in->data, in->len, &err))
		abort();
	close(fd);
	f = popen(line, "r");
	if (!f)
		abort();
	for (int c; (c = getc(f)) != EOF;)
		buf_addc(&out, (char)c);
	if (pclose(f))
		printf("Bail out! %s failed\n", command);
	unlink(path);
	return out;
}

/* Lines that pack well, and some bytes that do not. */
static struct buf some_text(size_t lines)
{
	struct buf b = BUF_INIT;
	uint32_t x = 1;

	for (size_t i = 0; i < lines; i++) {
		char line[64];

		x = x * 1664525 + 1013904223;
		snprintf(line, sizeof(line), "<nd ref='%u'/> %zu\n", x, i);
		buf_add(&b, line, strlen(line));
		buf_addc(&b, (char)(x >> 24));
	}
	return b;
}

static void put_u32(struct buf *b, uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(b, (char)(v >> shift));
}

/* RFC 1950 round what gzip made: its header is 10 bytes, its trailer 8. */
static struct buf zlib_of(const struct buf *text)
{
	struct buf gz = piped("gzip -nc", text), out = BUF_INIT;
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < text->len; i++) {
		a = (a + (uint8_t)text->data[i]) % 65521;
		b = (b + a) % 65521;
	}
	buf_add(&out, "\x78\x9c", 2);
	buf_add(&out, gz.data + 10, gz.len - 18);
	put_u32(&out, b << 16 | a);
	buf_release(&gz);
	return out;
}

/* A length of LZ4's: 15 stands in the token, the rest behind it. */
static void put_lz4_rest(struct buf *b, size_t n)
{
	for (; n >= 255; n -= 255)
		buf_addc(b, (char)255);
	buf_addc(b, (char)n);
}

/* All of it as literals, but for a run at its start if it begins with one. */
static struct buf lz4_of(const struct buf *text)
{
	struct buf b = BUF_INIT;
	size_t run = 1;

	while (run < text->len && text->data[run] == *text->data)
		run++;
	if (run > 19 && text->len - run > 270) {
		buf_addc(&b, 0x1f); /* a literal, and itself run - 1 times */
		buf_addc(&b, *text->data);
		buf_add(&b, "\1\0", 2);
		put_lz4_rest(&b, run - 1 - 4 - 15);
	} else {
		run = 0;
	}
	buf_addc(&b, (char)0xf0);
	put_lz4_rest(&b, text->len - run - 15);
	buf_add(&b, text->data + run, text->len - run);
	return b;
}

static struct buf packed(enum packing how, const struct buf *text)
{
	switch (how) {
	case PACKED_ZLIB:
		return zlib_of(text);
	case PACKED_LZ4:
		return lz4_of(text);
	case PACKED_BZIP2:
		return piped("bzip2 -c", text);
	case PACKED_ZSTD:
		return piped("zstd -qc", text);
	}
	abort();
}

static bool runs(struct unpacker *u, enum packing how, const struct buf *in,
	struct buf *out, size_t len)
{
	buf_reset(out);
	buf_reserve(out, len);
	*err.msg = '\0';
	return !unpacker_run(u, how, in->data, in->len, out->data, len, &err);
}

static bool peeks(struct unpacker *u, enum packing how, const struct buf *in,
	struct buf *out, size_t len)
{
	buf_reset(out);
	buf_reserve(out, len);
	return !unpacker_peek(u, how, in->data, in->len, out->data, len, &err);
}

/* Twice, for each is used again and again. */
static void test_block(struct unpacker *u, enum packing how, const char *name,
	const struct buf *text)
{
	struct buf in = packed(how, text), out = BUF_INIT;
	size_t cut = 0;

	for (int i = 0; i < 2; i++) {
		ok(runs(u, how, &in, &out, text->len) &&
				!memcmp(out.data, text->data, text->len),
			"%s: %zu bytes to %zu", name, in.len, text->len);
		ok(peeks(u, how, &in, &out, 300) &&
				!memcmp(out.data, text->data, 300),
			"%s: the first 300", name);
	}
	ok(peeks(u, how, &in, &out, text->len) &&
			!memcmp(out.data, text->data, text->len),
		"%s: the first are all", name);
	ok(!runs(u, how, &in, &out, text->len - 1) && strstr(err.msg, name),
		"%s: one byte too small: %s", name, err.msg);
	ok(!runs(u, how, &in, &out, text->len + 1),
		"%s: one byte too large: %s", name, err.msg);
	ok(!peeks(u, how, &in, &out, text->len + 1) && strstr(err.msg, name),
		"%s: too few to look at: %s", name, err.msg);
	for (size_t len = in.len; len > 0; len -= 1 + len / 50) {
		in.len = len - 1;
		cut += runs(u, how, &in, &out, text->len);
	}
	ok(!cut, "%s: never whole when cut", name);
	buf_release(&in);
	buf_release(&out);
}

static void test_blocks(void)
{
	struct unpacker *u = unpacker_new();
	struct buf text = some_text(5000), in, out = BUF_INIT;

	memset(text.data, 'x', 1000);
	test_block(u, PACKED_ZLIB, "zlib", &text);
	test_block(u, PACKED_BZIP2, "bzip2", &text);
	test_block(u, PACKED_LZ4, "LZ4", &text);
	test_block(u, PACKED_ZSTD, "Zstandard", &text);
	in = packed(PACKED_ZSTD, &text);
	in.data[in.len - 2] ^= 1;
	ok(!runs(u, PACKED_ZSTD, &in, &out, text.len),
		"a checksum that is wrong: %s", err.msg);
	ok(!unpacker_run(u, PACKED_LZ4, "", 1, text.data, 0, &err),
		"an empty block");
	buf_release(&in);
	buf_release(&out);
	buf_release(&text);
	unpacker_free(u);
	unpacker_free(NULL);
}

/* A file in memory, `step` bytes at a time; fails at `fail`. */
struct file {
	const struct buf *bytes;
	size_t at, step, fail;
};

static long read_file(void *ctx, void *p, size_t len, struct err *e)
{
	struct file *f = ctx;
	size_t n = MIN(MIN(len, f->step), f->bytes->len - f->at);

	if (f->at >= f->fail)
		return err_set(e, "the disk is gone");
	memcpy(p, f->bytes->data + f->at, n);
	f->at += n;
	return (long)n;
}

/* All of it, `step` bytes at a time in and out: 0 or -1. */
static int unpack_file(const struct buf *bytes, size_t step, size_t fail,
	struct buf *out)
{
	struct file f = {bytes, 0, step, fail};
	enum zread_kind kind;
	struct zread *z;
	long n;

	buf_reset(out);
	*err.msg = '\0';
	if (!zread_tell(bytes->data, bytes->len, &kind))
		return err_set(&err, "not packed");
	z = zread_new(kind, read_file, &f);
	do {
		buf_reserve(out, step);
		n = zread(z, out->data + out->len, step, &err);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	ok(zread(z, out->data, 1, &err) == n, "the same again, %ld", n);
	zread_free(z);
	return (int)n;
}

static void is_text(const char *what, const struct buf *bytes, size_t step,
	const struct buf *text)
{
	struct buf out = BUF_INIT;

	ok(!unpack_file(bytes, step, SIZE_MAX, &out) && out.len == text->len &&
			(!out.len || !memcmp(out.data, text->data, out.len)),
		"%s: %zu bytes, by %zu%s", what, out.len, step, err.msg);
	buf_release(&out);
}

/* It fails; what it handed out before is how the text begins. */
static void fails(const char *what, const struct buf *bytes, size_t fail,
	const struct buf *text, size_t least, const char *message)
{
	struct buf out = BUF_INIT;

	ok(unpack_file(bytes, 1000, fail, &out) == -1 &&
			strstr(err.msg, message),
		"%s: %s", what, err.msg);
	ok(out.len >= least && out.len <= text->len &&
			(!out.len || !memcmp(out.data, text->data, out.len)),
		"%s: %zu bytes before", what, out.len);
	buf_release(&out);
}

static void test_file(const char *command, const char *name)
{
	struct buf text = some_text(30000), twice = BUF_INIT;
	struct buf in = piped(command, &text), nothing = BUF_INIT;
	char at[64];
	size_t len = in.len;

	is_text(command, &in, 1 << 20, &text);
	is_text(command, &in, 777, &text);
	is_text(command, &in, 1, &text);
	snprintf(at, sizeof(at), "%s data ends early, at byte %zu", name,
		len - 1);
	in.len = len - 1;
	fails("without its last byte", &in, SIZE_MAX, &text, text.len, at);
	in.len = len / 2;
	fails("half of it", &in, SIZE_MAX, &text, 1, "ends early");
	in.len = len;
	fails("a source that fails", &in, 1000, &text, 0, "the disk is gone");
	snprintf(at, sizeof(at), "behind the %s data, at byte %zu,", name, len);
	buf_add(&in, "more", 4);
	fails("with garbage behind it", &in, SIZE_MAX, &text, text.len, at);
	in.len = len;
	buf_reserve(&in, 2 * len);
	for (int i = 0; i < 2; i++) {
		buf_add(&twice, text.data, text.len);
		if (!i)
			buf_add(&in, in.data, len);
	}
	is_text("two, one behind the other", &in, 5000, &twice);
	in.len = len;
	in.data[len / 2] ^= 0x10;
	ok(unpack_file(&in, 1000, SIZE_MAX, &twice) == -1 &&
			strstr(err.msg, "damaged at byte"),
		"with a flipped bit: %s", err.msg);
	buf_release(&in);
	in = piped(command, &nothing);
	is_text("of nothing", &in, 100, &nothing);
	buf_release(&in);
	buf_release(&text);
	buf_release(&twice);
}

/* Only a checksum tells. */
static void test_checksums(void)
{
	struct buf text = some_text(100), in = piped("gzip -1c", &text);

	in.data[in.len - 5] ^= 1;
	fails("gzip's checksum", &in, SIZE_MAX, &text, 0,
		"incorrect data check");
	in.data[in.len - 5] ^= 1;
	in.data[in.len - 1] ^= 1;
	fails("gzip's length", &in, SIZE_MAX, &text, 0,
		"incorrect length check");
	buf_release(&in);
	in = piped("bzip2 -1c", &text);
	in.data[10] ^= 1;
	fails("bzip2's checksum", &in, SIZE_MAX, &text, 0,
		"bzip2 data is damaged");
	buf_release(&in);
	buf_release(&text);
}

int main(void)
{
	enum zread_kind kind;

	test_blocks();
	test_file("gzip -c", "gzip");
	test_file("bzip2 -1c", "bzip2");
	test_checksums();
	ok(!zread_tell("BZhx", 4, &kind) && !zread_tell("<osm>", 5, &kind) &&
			!zread_tell("", 0, &kind),
		"what is not packed");
	return tap_done();
}
