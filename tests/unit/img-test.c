/*
 * JPEG and PNG: round trips, kinds of files that we do not write ourselves
 * (img-make.h), and files that are cut or flipped anywhere.
 */
#include "base/base.h"
#include "img/img.h"
#include "unit/img-make.h"
#include "unit/tap.h"

/* The largest difference of a decoded image to what was encoded, 256: other
 * size; grey counts for each channel, alpha for none. */
static int worst(const struct image *in, const struct image *out)
{
	size_t n = (size_t)in->width * in->height;
	int most = 0;

	if (out->width != in->width || out->height != in->height ||
		out->channels != 3)
		return 256;
	for (size_t i = 0; i < n; i++) {
		for (size_t c = 0; c < 3; c++) {
			size_t from = in->channels == 1 ? 0 : c;
			int d = in->px[i * in->channels + from] -
				out->px[i * 3 + c];

			most = MAX(most, abs(d));
		}
	}
	return most;
}

static void test_round_trip(void)
{
	static const unsigned sizes[][2] = {{1, 1}, {7, 3}, {100, 41}};

	for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (unsigned channels = 1; channels <= 4; channels++) {
			struct image in =
				picture(sizes[s][0], sizes[s][1], channels);
			struct image out = {NULL, 0, 0, 0};
			struct buf b = BUF_INIT;
			struct err err = {""};

			buf_adds(&b, "before");
			if (channels == 2)
				ok(png_encode(&in, &b, &err) < 0 && b.len == 6,
					"PNG of 2 channels: %s", err.msg);
			else
				ok(!png_encode(&in, &b, &err) &&
						!image_decode(b.data + 6,
							b.len - 6, &out,
							&err) &&
						worst(&in, &out) == 0,
					"PNG of %u channels is exact",
					channels);
			image_release(&out);
			b.len = 6;
			if (channels == 1 || channels == 3)
				ok(!jpeg_encode(&in, 95, &b, &err) &&
						!image_decode(b.data + 6,
							b.len - 6, &out,
							&err) &&
						worst(&in, &out) < 24,
					"JPEG of %u channels is close",
					channels);
			else
				ok(jpeg_encode(&in, 95, &b, &err) < 0 &&
						b.len == 6,
					"JPEG of %u channels: %s", channels,
					err.msg);
			image_release(&out);
			image_release(&in);
			buf_release(&b);
		}
	}
}

static void test_quality(void)
{
	struct image in = picture(900, 700, 3);
	struct buf low = BUF_INIT, high = BUF_INIT, again = BUF_INIT;
	struct err err;

	if (jpeg_encode(&in, 10, &low, &err) ||
		jpeg_encode(&in, 100, &high, &err) ||
		jpeg_encode(&in, 100, &again, &err))
		abort();
	ok(low.len < high.len, "quality 10 takes %zu bytes, 100 takes %zu",
		low.len, high.len);
	ok(again.len == high.len && !memcmp(again.data, high.data, high.len),
		"the same image gives the same bytes");
	image_release(&in);
	buf_release(&low);
	buf_release(&high);
	buf_release(&again);
}

/* Every shorter piece of a file is an error, as is every flipped bit of a PNG;
 * flipped bits of a JPEG may go unseen, but do no harm. */
static void test_damage(bool jpeg)
{
	struct image in = picture(33, 21, 3), out;
	struct buf b = BUF_INIT;
	struct err err;
	size_t passed = 0, seen = 0;

	if (jpeg ? jpeg_encode(&in, 80, &b, &err) : png_encode(&in, &b, &err))
		abort();
	for (size_t n = 0; n < b.len; n++) {
		/* a copy of its own, so that reading past it shows */
		char *cut = xmemdup0(b.data, n);

		if (!image_decode(cut, n, &out, &err)) {
			passed++;
			image_release(&out);
		}
		free(cut);
	}
	ok(passed == 0, "%s cut at any of %zu bytes is an error",
		jpeg ? "JPEG" : "PNG", b.len);
	for (size_t bit = 0; bit < b.len * 8; bit++) {
		b.data[bit / 8] ^= (char)(1 << bit % 8);
		if (image_decode(b.data, b.len, &out, &err))
			seen++;
		else
			image_release(&out);
		b.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(jpeg ? seen > 0 : seen == b.len * 8,
		"%zu of %zu flipped bits of a %s are seen", seen, b.len * 8,
		jpeg ? "JPEG" : "PNG");
	image_release(&in);
	buf_release(&b);
}

/* What Pillow 13's Image.open(f).convert("RGB") gives, or why it is refused. */
static const struct {
	const char *name;
	struct png_parts png;
	unsigned n; /* bytes of want */
	uint8_t want[6];
	const char *why;
} kinds[] = {
	{"1-bit grey", {2, 1, 1, 0, .rows = "\0\x40", .rows_len = 2}, 6,
		{0, 0, 0, 255, 255, 255}, NULL},
	{"4-bit grey", {2, 1, 4, 0, .rows = "\0\x1f", .rows_len = 2}, 6,
		{17, 17, 17, 255, 255, 255}, NULL},
	{"16-bit RGB, cut to its upper bytes",
		{1, 1, 16, 2, .rows = "\0\1\310\2\377\3\0", .rows_len = 7}, 3,
		{1, 2, 3}, NULL},
	{"16-bit grey", {1, 1, 16, 0, .rows = "\0\1\310", .rows_len = 3}, 0,
		{0}, "16-bit grey"},
	{"grey, its alpha forgotten",
		{1, 1, 8, 4, .rows = "\0\11\0", .rows_len = 3}, 3, {9, 9, 9},
		NULL},
	{"RGB, its alpha forgotten",
		{1, 1, 8, 6, .rows = "\0\7\10\11\0", .rows_len = 5}, 3,
		{7, 8, 9}, NULL},
	{"a palette, with transparent entries",
		{2, 1, 4, 3, .palette = "\1\2\3\4\5\6\7\10\11",
			.palette_len = 9, .trns = "\0\0", .trns_len = 2,
			.rows = "\0\x12", .rows_len = 2},
		6, {4, 5, 6, 7, 8, 9}, NULL},
	{"a colour that the palette has not is black",
		{2, 1, 4, 3, .palette = "\1\2\3\4\5\6\7\10\11",
			.palette_len = 9, .rows = "\0\x13", .rows_len = 2},
		6, {4, 5, 6, 0, 0, 0}, NULL},
	{"too wide",
		{IMAGE_MAX_SIDE + 1, 1, 8, 0, .rows = "\0\0", .rows_len = 2}, 0,
		{0}, "65501 x 1 pixels is outside the limits"},
	{"too many pixels", {30000, 30000, 8, 0, .rows = "\0\0", .rows_len = 2},
		0, {0}, "30000 x 30000 pixels is outside the limits"},
};

static void test_png_kinds(void)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct image out = {NULL, 0, 0, 0};
		struct err err = {""};
		int rc;

		make_png(&kinds[i].png, &b);
		rc = image_decode(b.data, b.len, &out, &err);
		if (kinds[i].n)
			ok(!rc && !memcmp(out.px, kinds[i].want, kinds[i].n),
				"PNG: %s %s", kinds[i].name, err.msg);
		else
			ok(rc < 0 && strstr(err.msg, kinds[i].why),
				"PNG refused: %s: %s", kinds[i].name, err.msg);
		image_release(&out);
	}
	buf_release(&b);
}

static void test_jpeg_kinds(void)
{
	/* as Pillow 13 converts them */
	static const struct {
		unsigned n;
		uint8_t values[4], want[3];
	} jpegs[] = {
		{1, {200}, {200, 200, 200}},
		{3, {200, 30, 60}, {200, 30, 60}},
		{4, {200, 230, 30, 240}, {188, 216, 28}},
		{4, {10, 255, 64, 20}, {1, 20, 5}},
	};
	struct buf b = BUF_INIT;
	struct image out;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(jpegs); i++) {
		make_jpeg(jpegs[i].values, jpegs[i].n, 8, &b);
		err.msg[0] = '\0';
		ok(!image_decode(b.data, b.len, &out, &err) && out.width == 8 &&
				out.height == 8 &&
				!memcmp(out.px, jpegs[i].want, 3) &&
				!memcmp(out.px + 63 * 3, jpegs[i].want, 3),
			"JPEG of %u components %s", jpegs[i].n, err.msg);
		image_release(&out);
	}
	make_jpeg(jpegs[0].values, 2, 8, &b);
	ok(image_decode(b.data, b.len, &out, &err) < 0,
		"JPEG of 2 components: %s", err.msg);
	make_jpeg(jpegs[0].values, 1, 65500, &b);
	ok(image_decode(b.data, b.len, &out, &err) < 0,
		"JPEG of too many pixels: %s", err.msg);
	make_jpeg(jpegs[0].values, 1, 16, &b);
	ok(image_decode(b.data, b.len, &out, &err) < 0,
		"JPEG whose body ends early: %s", err.msg);
	ok(image_decode("GIF89a", 6, &out, &err) < 0, "GIF: %s", err.msg);
	ok(image_decode("", 0, &out, &err) < 0, "nothing: %s", err.msg);
	buf_release(&b);
}

int main(void)
{
	test_round_trip();
	test_quality();
	test_damage(true);
	test_damage(false);
	test_png_kinds();
	test_jpeg_kinds();
	return tap_done();
}
