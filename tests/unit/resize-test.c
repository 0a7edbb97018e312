/*
 * Resizing against hashes of Pillow's results (tests/oracle/resize.tsv).
 */
#include "base/base.h"
#include "unit/tap.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/num.h"
#include "img/img.h"

enum { MAX_FILE = 64 << 20 };

/* The image that tests/oracle/make-resize.py makes up. */
static void made_up(unsigned width, unsigned height, struct image *out)
{
	size_t n = (size_t)width * height * 3;

	*out = (struct image){xmalloc(n), width, height, 3};
	for (size_t i = 0; i < n; i++) {
		uint32_t x = ((uint32_t)i + width) * UINT32_C(0x85ebca6b);

		x ^= x >> 13;
		x *= UINT32_C(0xc2b2ae35);
		x ^= x >> 16;
		out->px[i] = (uint8_t)x;
	}
}

/* "600x400"; -1 when it is something else. */
static int parse_size(char *text, unsigned *width, unsigned *height)
{
	char *x = strchr(text, 'x');
	uint64_t w, h;
	int rc;

	if (!x)
		return -1;
	*x = '\0';
	rc = parse_u64(text, &w) || parse_u64(x + 1, &h);
	*x = 'x';
	if (rc)
		return -1;
	*width = (unsigned)w;
	*height = (unsigned)h;
	return 0;
}

/* 1: a scene, and the folder of real data is not there. */
static int input(char *name, struct image *out, struct err *err)
{
	const char *folder = getenv("SKYFILTERS_TESTDATA");
	struct buf path = BUF_INIT, data = BUF_INIT;
	unsigned width, height;
	int rc = 1;

	if (!parse_size(name, &width, &height)) {
		made_up(width, height, out);
		return 0;
	}
	if (folder && *folder) {
		buf_addf(&path, "%s/%s", folder, name);
		rc = load_file(buf_str(&path), MAX_FILE, &data, err) ||
				     image_decode(data.data, data.len, out, err)
			     ? -1
			     : 0;
	}
	buf_release(&path);
	buf_release(&data);
	return rc;
}

/* "1.5 0 20 10.25"; -1 when it is something else. */
static int parse_box(const char *text, double box[4])
{
	char word[32];

	for (int i = 0; i < 4; i++) {
		size_t n = strcspn(text, " ");

		if (n >= sizeof(word))
			return -1;
		memcpy(word, text, n);
		word[n] = '\0';
		if (parse_f64(word, &box[i]))
			return -1;
		text += n + (text[n] == ' ');
	}
	return *text ? -1 : 0;
}

static int resize(const struct image *in, const char *what, char *to,
	struct image *out)
{
	unsigned width, height;
	double box[4];
	uint64_t size;

	if (!strcmp(what, "crop")) {
		if (parse_u64(to, &size))
			return -1;
		image_resize_crop(in, (unsigned)size, out);
		return 0;
	}
	if (parse_size(to, &width, &height))
		return -1;
	if (!strcmp(what, "resize"))
		image_resize_bicubic(in, width, height, out);
	else if (!parse_box(what, box))
		image_resize_box(in, box, width, height, out);
	else
		return -1;
	return 0;
}

/* One line of the table; true when it was skipped. */
static bool check_line(char *line)
{
	char *field[4], hex[HEX64_TEXT];
	struct image in = {0}, out = {0};
	struct err err = {""};
	int rc;

	for (int i = 0; i < 4; i++) {
		field[i] = line;
		line += strcspn(line, "\t");
		if (*line)
			*line++ = '\0';
	}
	rc = input(field[0], &in, &err);
	if (rc > 0)
		return true;
	if (!rc)
		rc = resize(&in, field[1], field[2], &out);
	hex[0] = '\0';
	if (!rc)
		hex64(hash_xxh64(out.px, (size_t)out.width * out.height * 3),
			hex);
	ok(!strcmp(hex, field[3]), "%s: %s to %s %s", field[0], field[1],
		field[2], err.msg);
	image_release(&in);
	image_release(&out);
	return false;
}

/* One and four channels are resampled as three are. */
static void check_channels(void)
{
	struct image rgb, grey, rgba, a = {0}, b = {0}, c = {0};
	bool same = true;

	made_up(61, 43, &rgb);
	grey = (struct image){xmalloc(61 * 43), 61, 43, 1};
	rgba = (struct image){xmalloc(61 * 43 * 4), 61, 43, 4};
	for (size_t i = 0; i < 61 * 43; i++) {
		grey.px[i] = rgb.px[i * 3 + 1];
		memcpy(rgba.px + i * 4, rgb.px + i * 3, 3);
		rgba.px[i * 4 + 3] = rgb.px[i * 3];
	}
	image_resize_bicubic(&rgb, 20, 90, &a);
	image_resize_bicubic(&grey, 20, 90, &b);
	image_resize_bicubic(&rgba, 20, 90, &c);
	for (size_t i = 0; i < 20 * 90; i++)
		same = same && a.px[i * 3 + 1] == b.px[i] &&
		       !memcmp(a.px + i * 3, c.px + i * 4, 3) &&
		       c.px[i * 4 + 3] == a.px[i * 3];
	ok(same, "grey and RGBA give the channels of RGB");
	image_release(&rgb);
	image_release(&grey);
	image_release(&rgba);
	image_release(&a);
	image_release(&b);
	image_release(&c);
}

/* The thinnest image there is, both ways. */
static void check_thin(void)
{
	struct image in = {xcalloc(3 * 65500, 1), 65500, 1, 3}, out = {0};

	image_resize_crop(&in, 224, &out);
	ok(out.width == 224 && out.height == 224, "65500 x 1 pixels");
	image_release(&out);
	in.width = 1;
	in.height = 65500;
	image_resize_crop(&in, 224, &out);
	ok(out.width == 224 && out.height == 224, "1 x 65500 pixels");
	image_release(&out);
	image_release(&in);
}

int main(void)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF_INIT, table = BUF_INIT;
	size_t skipped = 0;
	struct err err;
	char *line, *end;

	buf_addf(&path, "%s/tests/oracle/resize.tsv", top ? top : ".");
	if (!ok(!load_file(buf_str(&path), MAX_FILE, &table, &err),
		    "tests/oracle/resize.tsv is there"))
		return tap_done();
	for (line = table.data; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		skipped += check_line(line);
	}
	if (skipped)
		printf("ok %d # SKIP %zu scenes: SKYFILTERS_TESTDATA is not "
		       "set\n",
			++tap_count, skipped);
	check_channels();
	check_thin();
	buf_release(&path);
	buf_release(&table);
	return tap_done();
}
