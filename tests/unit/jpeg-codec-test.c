/*
 * JPEG with a codec that is kept: the same bytes as without, and blocks of
 * TIFFs, whose tables stand apart. (tests/jpeg-block.bats has GDAL's.)
 */
#include "base/base.h"
#include "img/img.h"
#include "unit/img-make.h"
#include "unit/tap.h"

/* Each picture and quality after each other, failures in between. */
static void test_encode(void)
{
	static const struct {
		unsigned width, height, channels, quality;
	} runs[] = {
		{224, 224, 3, 90},
		{224, 224, 3, 90},
		{224, 224, 2, 90},
		{100, 41, 3, 75},
		{100, 41, 1, 75},
		{1, 1, 3, 90},
		{0, 5, 3, 90},
		{224, 224, 3, 90},
		{8, 700, 1, 20},
		{65501, 1, 3, 90},
		{900, 300, 3, 100},
	};
	struct jpeg_codec *codec = jpeg_codec_new();
	struct image large = picture(1000, 750, 3);
	struct buf kept = BUF_INIT, fresh = BUF_INIT;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		unsigned width = runs[i].width, height = runs[i].height;
		struct image in =
			picture(MAX(width, 1), height, runs[i].channels);
		size_t stride = (size_t)width * runs[i].channels;
		int rc;

		in.width = width;
		buf_reset(&fresh);
		buf_reset(&kept);
		buf_adds(&kept, "before");
		rc = jpeg_encode(&in, runs[i].quality, &fresh, &err);
		ok(rc == jpeg_codec_encode(codec, in.px, stride, width, height,
				 runs[i].channels, runs[i].quality, &kept,
				 &err) &&
				kept.len == fresh.len + 6 &&
				!memcmp(kept.data + 6, fresh.data, fresh.len) &&
				(rc < 0) == !fresh.len,
			"%u x %u x %u, quality %u: %zu bytes", width, height,
			runs[i].channels, runs[i].quality, fresh.len);
		image_release(&in);
	}
	for (unsigned y = 0; y < 41; y++) /* the part, cut out */
		memmove(large.px + (size_t)y * 300,
			large.px + ((size_t)y + 100) * 3000 + 333, 300);
	buf_reset(&fresh);
	buf_reset(&kept);
	if (jpeg_codec_encode(codec, large.px, 300, 100, 41, 3, 80, &fresh,
		    &err))
		abort();
	image_release(&large);
	large = picture(1000, 750, 3);
	ok(!jpeg_codec_encode(codec, large.px + 100 * 3000 + 333, 3000, 100, 41,
		   3, 80, &kept, &err) &&
			kept.len == fresh.len &&
			!memcmp(kept.data, fresh.data, kept.len),
		"a part of a larger picture");
	image_release(&large);
	buf_release(&kept);
	buf_release(&fresh);
	jpeg_codec_free(codec);
	jpeg_codec_free(NULL);
}

/* Puts the tables of a JPEG into one stream, and the rest into another. */
static void take_apart(const struct buf *jpeg, struct buf *tables,
	struct buf *rest)
{
	const uint8_t *p = (const uint8_t *)jpeg->data;
	size_t at = 2;

	buf_reset(tables);
	buf_reset(rest);
	buf_add(tables, p, 2);
	buf_add(rest, p, 2);
	while (p[at + 1] != 0xda) {
		size_t n = 2 + ((size_t)p[at + 2] << 8 | p[at + 3]);
		bool table = p[at + 1] == 0xdb || p[at + 1] == 0xc4;

		buf_add(table ? tables : rest, p + at, n);
		at += n;
	}
	buf_add(rest, p + at, jpeg->len - at);
	buf_add(tables, "\xff\xd9", 2);
}

struct parts {
	struct buf whole, tables, rest;
	struct image in, want;
};

static void parts_init(struct parts *p, unsigned channels, unsigned quality)
{
	struct err err;

	*p = (struct parts){.in = picture(64, 48, channels)};
	if (jpeg_encode(&p->in, quality, &p->whole, &err) ||
		image_decode_as_is(p->whole.data, p->whole.len, UINT64_MAX,
			&p->want, &err))
		abort();
	take_apart(&p->whole, &p->tables, &p->rest);
}

static void parts_release(struct parts *p)
{
	buf_release(&p->whole);
	buf_release(&p->tables);
	buf_release(&p->rest);
	image_release(&p->in);
	image_release(&p->want);
}

static struct jpeg_block block_of(const struct parts *p)
{
	return (struct jpeg_block){(const uint8_t *)p->tables.data,
		p->tables.len, p->in.width, p->in.height, p->in.channels,
		p->in.channels == 3};
}

static bool same(const struct image *a, const struct image *b)
{
	return a->width == b->width && a->height == b->height &&
	       a->channels == b->channels &&
	       !memcmp(a->px, b->px,
		       (size_t)a->width * a->height * a->channels);
}

static void test_blocks(void)
{
	struct jpeg_codec *codec = jpeg_codec_new();
	struct image out = {0}, grey_out = {0};
	struct jpeg_block a, b, grey;
	struct parts one, two, three;
	struct err err = {""};

	parts_init(&one, 3, 90);
	parts_init(&two, 3, 20);
	parts_init(&three, 1, 60);
	a = block_of(&one);
	b = block_of(&two);
	grey = block_of(&three);
	for (int turn = 0; turn < 2; turn++) {
		ok(!jpeg_block_decode(codec, &a, one.rest.data, one.rest.len,
			   &out, &err) &&
				same(&out, &one.want),
			"a block whose tables stand elsewhere %s", err.msg);
		ok(!jpeg_block_decode(codec, &b, two.rest.data, two.rest.len,
			   &out, &err) &&
				same(&out, &two.want),
			"one with other tables, into the same picture %s",
			err.msg);
		ok(!jpeg_block_decode(codec, &a, two.whole.data, two.whole.len,
			   &out, &err) &&
				same(&out, &two.want),
			"its own tables go first %s", err.msg);
		ok(!jpeg_block_decode(codec, &grey, three.rest.data,
			   three.rest.len, &grey_out, &err) &&
				same(&grey_out, &three.want),
			"grey %s", err.msg);
	}
	image_release(&out);
	b.tables = NULL;
	ok(!jpeg_block_decode(codec, &b, two.whole.data, two.whole.len, &out,
		   &err) &&
			same(&out, &two.want),
		"no tables elsewhere %s", err.msg);
	image_release(&out);
	ok(jpeg_block_decode(codec, &b, two.rest.data, two.rest.len, &out,
		   &err) < 0 &&
			!out.px,
		"those of the block before do not count: %s", err.msg);
	image_release(&grey_out);
	parts_release(&one);
	parts_release(&two);
	parts_release(&three);
	jpeg_codec_free(codec);
}

/* JFIF says YCbCr: the tags decide. */
/* How far the decoded JPEG is from the picture's upper left part, in the mean.
 */
static double distance(const struct buf *jpeg, const struct image *in)
{
	struct image out = {.px = NULL};
	struct err err;
	double sum = 0;

	if (image_decode(jpeg->data, jpeg->len, &out, &err))
		return 255;
	for (unsigned y = 0; y < out.height; y++)
		for (unsigned x = 0; x < out.width * 3; x++)
			sum += abs(out.px[(size_t)y * out.width * 3 + x] -
				   in->px[(size_t)y * in->width * 3 + x]);
	sum /= (double)out.width * out.height * 3;
	image_release(&out);
	return sum;
}

static void test_planes(void)
{
	struct jpeg_block b = {NULL, 0, 64, 48, 3, true};
	struct jpeg_codec *codec = jpeg_codec_new();
	struct image in = picture(64, 48, 3), once = {.px = NULL},
		     planes = {.px = NULL};
	struct buf jpeg = BUF_INIT, again = BUF_INIT;
	struct err err;

	if (jpeg_encode(&in, 95, &jpeg, &err) ||
		jpeg_block_decode(codec, &b, jpeg.data, jpeg.len, &once, &err))
		abort();
	ok(!jpeg_block_planes(codec, &b, jpeg.data, jpeg.len, &planes, &err) &&
			planes.width == 64 && planes.height == 72 &&
			planes.channels == 1,
		"brightness and colours of a block");
	ok(!jpeg_planes_encode(codec, &planes, 64, 48, 95, &again, &err) &&
			distance(&again, &once) < 1,
		"and a JPEG of them: %.3f away", distance(&again, &once));
	buf_reset(&again);
	ok(!jpeg_planes_encode(codec, &planes, 50, 33, 95, &again, &err) &&
			distance(&again, &once) < 1,
		"or of a part: %.3f away", distance(&again, &once));
	buf_reset(&again);
	ok(!jpeg_codec_encode(codec, once.px, 64 * 3, 64, 48, 3, 95, &again,
		   &err) &&
			distance(&again, &once) < 3,
		"pixels after planes");
	image_release(&planes);
	ok(jpeg_block_planes(codec, &b, jpeg.data, jpeg.len / 2, &planes,
		   &err) < 0 &&
			!planes.px,
		"half a block: %s", err.msg);
	b.ycc = false;
	ok(jpeg_block_planes(codec, &b, jpeg.data, jpeg.len, &planes, &err) ==
				1 &&
			!planes.px,
		"RGB has none");
	image_release(&in);
	in = picture(40, 48, 3);
	buf_reset(&jpeg);
	b = (struct jpeg_block){NULL, 0, 40, 48, 3, true};
	ok(!jpeg_encode(&in, 95, &jpeg, &err) &&
			jpeg_block_planes(codec, &b, jpeg.data, jpeg.len,
				&planes, &err) == 1,
		"nor has what ends within a block of 16");
	image_release(&in);
	image_release(&once);
	buf_release(&jpeg);
	buf_release(&again);
	jpeg_codec_free(codec);
}

static void test_colours(void)
{
	struct jpeg_codec *codec = jpeg_codec_new();
	struct image in = {xcalloc(64, 3), 8, 8, 3}, out = {0};
	struct jpeg_block block = {NULL, 0, 8, 8, 3, false};
	static const uint8_t cmyk[4] = {200, 30, 60, 240};
	struct buf b = BUF_INIT;
	struct err err = {""};

	for (int i = 0; i < 64; i++)
		in.px[3 * i] = 255; /* red: Y 76, Cb 85, Cr 255 */
	if (jpeg_encode(&in, 100, &b, &err))
		abort();
	ok(!jpeg_block_decode(codec, &block, b.data, b.len, &out, &err) &&
			abs(out.px[0] - 76) < 3 && abs(out.px[1] - 85) < 3 &&
			out.px[2] > 252,
		"not YCbCr: channels as they stand %s", err.msg);
	block.ycc = true;
	ok(!jpeg_block_decode(codec, &block, b.data, b.len, &out, &err) &&
			out.px[0] > 252 && out.px[1] < 3 && out.px[2] < 3,
		"YCbCr: RGB %s", err.msg);
	image_release(&out);
	/* Adobe says that it is not, or CMYK */
	make_jpeg(cmyk, 3, 8, &b);
	ok(!jpeg_block_decode(codec, &block, b.data, b.len, &out, &err) &&
			out.px[0] != 200,
		"YCbCr whatever Adobe's marker says %s", err.msg);
	image_release(&out);
	make_jpeg(cmyk, 4, 8, &b);
	block.channels = 4;
	ok(jpeg_block_decode(codec, &block, b.data, b.len, &out, &err) < 0,
		"YCbCr of four: %s", err.msg);
	block.ycc = false;
	ok(!jpeg_block_decode(codec, &block, b.data, b.len, &out, &err) &&
			!memcmp(out.px, cmyk, 4) &&
			!memcmp(out.px + 4 * 63, cmyk, 4),
		"four channels as they stand %s", err.msg);
	image_release(&out);
	image_release(&in);
	buf_release(&b);
	jpeg_codec_free(codec);
}

static void test_refused(void)
{
	struct jpeg_codec *codec = jpeg_codec_new();
	struct image out = {0};
	struct parts p;
	struct jpeg_block block, other;
	size_t passed = 0;
	struct err err = {""};

	parts_init(&p, 3, 80);
	block = block_of(&p);
	for (int i = 0; i < 4; i++) {
		other = block;
		other.width += i == 0;
		other.height -= i == 1;
		other.channels -= i == 2 ? 2 : 0;
		if (i == 3) {
			other.tables = (const uint8_t *)p.whole.data;
			other.ntables = p.whole.len;
		}
		ok(jpeg_block_decode(codec, &other, p.rest.data, p.rest.len,
			   &out, &err) < 0 &&
				!out.px,
			"%s", err.msg);
	}
	for (size_t n = 0; n < p.rest.len; n++) {
		char *cut = xmemdup0(p.rest.data, n);

		passed += !jpeg_block_decode(codec, &block, cut, n, &out, &err);
		free(cut);
	}
	ok(!passed && !out.px, "a block cut at any of %zu bytes: %s",
		p.rest.len, err.msg);
	for (size_t n = 0; n < p.tables.len; n++) {
		char *cut = xmemdup0(p.tables.data, n);

		other = block;
		other.tables = (const uint8_t *)cut;
		other.ntables = n;
		passed += !jpeg_block_decode(codec, &other, p.rest.data,
			p.rest.len, &out, &err);
		free(cut);
	}
	ok(!passed && !out.px, "tables cut at any of %zu bytes: %s",
		p.tables.len, err.msg);
	ok(!jpeg_block_decode(codec, &block, p.rest.data, p.rest.len, &out,
		   &err) &&
			same(&out, &p.want),
		"after all that, one that is whole");
	image_release(&out);
	parts_release(&p);
	jpeg_codec_free(codec);
}

int main(void)
{
	test_encode();
	test_blocks();
	test_planes();
	test_colours();
	test_refused();
	return tap_done();
}
