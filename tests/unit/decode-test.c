/*
 * Images as their files have them, and WebP both ways.
 */
#include "base/base.h"
#include "img/img.h"
#include "unit/img-make.h"
#include "unit/tap.h"

/* What image_decode_as_is() makes of a PNG, and image_decode() beside it. */
static const struct {
	const char *name;
	struct png_parts png;
	unsigned channels;
	uint8_t want[8];
	size_t n;
} kinds[] = {
	{"1-bit grey", {2, 1, 1, 0, .rows = "\0\x40", .rows_len = 2}, 1,
		{0, 255}, 2},
	{"8-bit grey", {2, 1, 8, 0, .rows = "\0\7\11", .rows_len = 3}, 1,
		{7, 9}, 2},
	{"grey with a transparent value",
		{2, 1, 4, 0, .trns = "\0\1", .trns_len = 2, .rows = "\0\x1f",
			.rows_len = 2},
		4, {17, 17, 17, 0, 255, 255, 255, 255}, 8},
	{"grey with alpha", {1, 1, 8, 4, .rows = "\0\11\5", .rows_len = 3}, 4,
		{9, 9, 9, 5}, 4},
	{"16-bit grey with alpha",
		{1, 1, 16, 4, .rows = "\0\11\1\5\2", .rows_len = 5}, 4,
		{9, 9, 9, 5}, 4},
	{"RGB", {1, 1, 8, 2, .rows = "\0\7\10\11", .rows_len = 4}, 3, {7, 8, 9},
		3},
	{"16-bit RGB",
		{1, 1, 16, 2, .rows = "\0\1\310\2\377\3\0", .rows_len = 7}, 3,
		{1, 2, 3}, 3},
	{"RGB with a transparent colour",
		{2, 1, 8, 2, .trns = "\0\7\0\10\0\11", .trns_len = 6,
			.rows = "\0\7\10\11\7\10\12", .rows_len = 7},
		4, {7, 8, 9, 0, 7, 8, 10, 255}, 8},
	{"RGBA", {1, 1, 8, 6, .rows = "\0\7\10\11\1", .rows_len = 5}, 4,
		{7, 8, 9, 1}, 4},
	{"a palette",
		{2, 1, 4, 3, .palette = "\1\2\3\4\5\6", .palette_len = 6,
			.rows = "\0\x10", .rows_len = 2},
		3, {4, 5, 6, 1, 2, 3}, 6},
	{"a palette with a transparent entry",
		{2, 1, 4, 3, .palette = "\1\2\3\4\5\6", .palette_len = 6,
			.trns = "\200", .trns_len = 1, .rows = "\0\x10",
			.rows_len = 2},
		4, {4, 5, 6, 255, 1, 2, 3, 128}, 8},
};

static void test_png(void)
{
	struct buf b = BUF_INIT;
	struct image out;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct err err = {""};

		make_png(&kinds[i].png, &b);
		ok(!image_decode_as_is(b.data, b.len, 2, &out, &err) &&
				out.channels == kinds[i].channels &&
				!memcmp(out.px, kinds[i].want, kinds[i].n),
			"PNG: %s has %u channels %s", kinds[i].name,
			kinds[i].channels, err.msg);
		image_release(&out);
	}
	buf_release(&b);
}

static void test_jpeg(void)
{
	static const uint8_t values[4] = {200, 230, 30, 240};
	static const unsigned channels[] = {0, 1, 0, 3, 3};
	struct image out;
	struct buf b = BUF_INIT;
	struct err err;

	for (unsigned n = 1; n <= 4; n++) {
		int rc;

		make_jpeg(values, n, 8, &b);
		rc = image_decode_as_is(b.data, b.len, 64, &out, &err);
		ok(channels[n] ? !rc && out.channels == channels[n] : rc < 0,
			"JPEG of %u components has %u channels", n,
			channels[n]);
		image_release(&out);
	}
	buf_release(&b);
}

/* A file that claims more than is allowed ends before its pixels are met. */
static void test_limits(void)
{
	struct image in = picture(20, 10, 3), out;
	struct err err;

	for (int format = 0; format < 3; format++) {
		struct buf b = BUF_INIT;
		int rc = format == 0   ? jpeg_encode(&in, 80, &b, &err)
			 : format == 1 ? png_encode(&in, &b, &err)
				       : webp_encode(&in, 80, &b, &err);

		ok(!rc && !image_decode_as_is(b.data, b.len, 200, &out, &err),
			"200 pixels of 200");
		image_release(&out);
		ok(image_decode_as_is(b.data, b.len, 199, &out, &err) < 0 &&
				!out.px && strstr(err.msg, "199 pixels in all"),
			"200 pixels of 199: %s", err.msg);
		buf_release(&b);
	}
	image_release(&in);
}

/* The largest difference; 256: another size or number of channels. */
static int worst(const struct image *a, const struct image *b)
{
	size_t n = (size_t)a->width * a->height * a->channels;
	int most = 0;

	if (a->width != b->width || a->height != b->height ||
		a->channels != b->channels)
		return 256;
	for (size_t i = 0; i < n; i++)
		most = MAX(most, abs(a->px[i] - b->px[i]));
	return most;
}

/* What image_decode() makes of it: grey spread, alpha dropped. */
static struct image as_rgb(const struct image *in)
{
	size_t n = (size_t)in->width * in->height;
	struct image out = {xcalloc(n, 3), in->width, in->height, 3};

	for (size_t i = 0; i < 3 * n; i++)
		out.px[i] = in->px[i / 3 * in->channels +
				   (in->channels == 1 ? 0 : i % 3)];
	return out;
}

/* The header of the kind that it must have tells the size. */
static bool header_is(const char *p, size_t len, const char *kind,
	const struct image *img)
{
	struct image_header h;
	struct err err;

	return len > 16 && !memcmp(p + 12, kind, 4) &&
	       !image_read_header(p, len, &h, &err) && h.width == img->width &&
	       h.height == img->height;
}

static void test_webp(unsigned channels)
{
	struct image in = picture(101, 43, channels), out, plain = as_rgb(&in);
	const struct image *kept = channels == 4 ? &in : &plain;
	struct buf b = BUF_INIT;
	struct err err = {""};

	/* colours under alpha 0 are kept, too */
	for (size_t i = 3; channels == 4 && i < 4 * 101 * 43; i += 12)
		in.px[i] = 0;
	buf_adds(&b, "before");
	ok(!webp_encode(&in, 0, &b, &err) &&
			header_is(b.data + 6, b.len - 6, "VP8L", &in),
		"WebP without loss of %u channels %s", channels, err.msg);
	ok(!image_decode_as_is(b.data + 6, b.len - 6, 101 * 43, &out, &err) &&
			worst(kept, &out) == 0,
		"comes back as it is %s", err.msg);
	image_release(&out);
	ok(!image_decode(b.data + 6, b.len - 6, &out, &err) &&
			worst(&plain, &out) == 0,
		"and as RGB %s", err.msg);
	image_release(&out);
	buf_reset(&b);
	ok(!webp_encode(&in, 95, &b, &err) &&
			header_is(b.data, b.len,
				channels == 4 ? "VP8X" : "VP8 ", &in),
		"with loss %s", err.msg);
	ok(!image_decode_as_is(b.data, b.len, UINT64_MAX, &out, &err) &&
			worst(kept, &out) < 64,
		"it is close %s", err.msg);
	image_release(&out);
	image_release(&plain);
	image_release(&in);
	buf_release(&b);
}

static void test_webp_refused(void)
{
	struct image in = picture(40, 30, 4), out;
	struct image wide = {xcalloc(16384, 3), 16384, 1, 3};
	struct image two = picture(4, 4, 2);
	struct buf b = BUF_INIT, best = BUF_INIT;
	size_t passed = 0;
	struct err err = {""};

	for (unsigned quality = 0; quality <= 80; quality += 80) {
		buf_reset(&b);
		if (webp_encode(&in, quality, &b, &err))
			abort();
		for (size_t n = 0; n < b.len; n++) {
			char *cut = xmemdup0(b.data, n);

			passed += !image_decode(cut, n, &out, &err);
			image_release(&out);
			free(cut);
		}
	}
	ok(passed == 0, "WebP cut anywhere is an error: %s", err.msg);
	b.data[20] |= 2; /* the flag of VP8X that says so */
	ok(image_decode(b.data, b.len, &out, &err) < 0 &&
			strstr(err.msg, "an animation"),
		"an animation: %s", err.msg);
	buf_reset(&b);
	buf_adds(&b, "before");
	ok(webp_encode(&wide, 80, &b, &err) < 0 && b.len == 6, "too wide: %s",
		err.msg);
	ok(webp_encode(&two, 80, &b, &err) < 0 && b.len == 6,
		"two channels: %s", err.msg);
	buf_reset(&b);
	ok(!webp_encode(&in, 1, &b, &err) &&
			!webp_encode(&in, 100, &best, &err) && b.len < best.len,
		"quality 1 takes %zu bytes, 100 takes %zu", b.len, best.len);
	image_release(&in);
	image_release(&wide);
	image_release(&two);
	buf_release(&b);
	buf_release(&best);
}

int main(void)
{
	test_png();
	test_jpeg();
	test_limits();
	test_webp(1);
	test_webp(3);
	test_webp(4);
	test_webp_refused();
	return tap_done();
}
