/*
 * What a picture looks like: hand-made pictures, and a second opinion on large
 * ones.
 */
#include "base/base.h"
#include "img/img.h"
#include "unit/tap.h"

#include <math.h>

static const struct {
	const char *name;
	struct image img;
	const char *mask;
	struct image_looks want;
} cases[] = {
	{"one black pixel", {(uint8_t *)"\0\0\0", 1, 1, 3}, NULL, {true, 0, 0}},
	{"white", {(uint8_t *)"\377\377\377\377\377\377", 2, 1, 3}, NULL,
		{true, 1, 1}},
	{"white and black", {(uint8_t *)"\377\377\377\0\0\0", 1, 2, 3}, NULL,
		{false, 0.5, 0.5}},
	{"red", {(uint8_t *)"\377\0\0", 1, 1, 3}, NULL, {true, 0.299, 0}},
	{"green", {(uint8_t *)"\0\377\0", 1, 1, 3}, NULL, {true, 0.587, 0}},
	{"blue, alpha aside", {(uint8_t *)"\0\0\377\1\0\0\377\2", 2, 1, 4},
		NULL, {true, 0.114, 0}},
	{"one step of one channel", {(uint8_t *)"\1\1\1\1\1\2", 2, 1, 3}, NULL,
		{false, (2000 + 114) / 2 / 255000., 0}},
	{"grey", {(uint8_t *)"\63\314\310\307", 4, 1, 1}, NULL,
		{false, (51 + 204 + 200 + 199) / 4. / 255, 0.5}},
	{"just a cloud", {(uint8_t *)"\346\310\310", 1, 1, 3}, NULL,
		{true, (230 * 299 + 200 * 701) / 255000., 1}},
	{"too much colour", {(uint8_t *)"\347\310\310", 1, 1, 3}, NULL,
		{true, (231 * 299 + 200 * 701) / 255000., 0}},
	{"not bright enough", {(uint8_t *)"\310\307\310", 1, 1, 3}, NULL,
		{true, (200 * 413 + 199 * 587) / 255000., 0}},
	{"the rest is masked", {(uint8_t *)"\0\377\377\7", 2, 2, 1},
		"\0\1\200\0", {true, 1, 1}},
	{"a masked first pixel is no measure",
		{(uint8_t *)"\0\0\0\1\1\1\2\2\2\3\3\3", 4, 1, 3}, "\0\1\1\0",
		{false, 1.5 / 255, 0}},
	{"all is masked", {(uint8_t *)"\377\7", 2, 1, 1}, "\0\0", {true, 0, 0}},
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct image_looks *want = &cases[i].want;
		struct image_looks have = image_look(&cases[i].img,
			(const uint8_t *)cases[i].mask);

		ok(have.blank == want->blank &&
				fabs(have.mean - want->mean) < 1e-12 &&
				fabs(have.clouds - want->clouds) < 1e-12,
			"%s: blank %d, mean %.9g, clouds %.9g", cases[i].name,
			have.blank, have.mean, have.clouds);
	}
}

static uint32_t noise(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/* Pixels of little colour and any brightness, and a mask of two thirds. */
static void fill(struct image *img, uint8_t *mask)
{
	size_t n = (size_t)img->width * img->height;
	uint32_t state = img->channels;

	for (size_t i = 0; i < n; i++) {
		uint32_t base = noise(&state) % 208;

		for (unsigned c = 0; c < img->channels; c++)
			img->px[i * img->channels + c] =
				(uint8_t)(base + noise(&state) % 48);
		mask[i] = noise(&state) % 3 ? (uint8_t)(i % 255 + 1) : 0;
	}
}

/* The same, pixel by pixel. */
static struct image_looks slowly(const struct image *img, const uint8_t *mask)
{
	size_t n = (size_t)img->width * img->height, counted = 0, clouds = 0;
	unsigned green = img->channels > 1, blue = 2 * green;
	uint64_t luma = 0;

	for (size_t i = 0; i < n; i++) {
		const uint8_t *px = img->px + i * img->channels;
		int r = px[0], g = px[green], b = px[blue];

		if (mask && !mask[i])
			continue;
		counted++;
		luma += (uint64_t)(299 * r + 587 * g + 114 * b);
		clouds += r >= 200 && g >= 200 && b >= 200 &&
			  abs(r - g) <= 30 && abs(g - b) <= 30 &&
			  abs(r - b) <= 30;
	}
	return (struct image_looks){false,
		(double)luma / ((double)counted * 255e3),
		(double)clouds / (double)counted};
}

/* Sums over many rows are exact. */
static void test_large(unsigned channels)
{
	struct image img = {xcalloc(1003 * 997, channels), 1003, 997, channels};
	size_t n = (size_t)img.width * img.height;
	uint8_t *mask = xcalloc(n, 1);

	fill(&img, mask);
	for (int masked = 0; masked < 2; masked++) {
		const uint8_t *on = masked ? mask : NULL;
		struct image_looks have = image_look(&img, on);
		struct image_looks want = slowly(&img, on);

		ok(!have.blank && have.mean == want.mean && want.clouds > 0 &&
				have.clouds == want.clouds,
			"%zu pixels of %u channels, mask %d: mean %.9g, "
			"clouds %.9g",
			n, channels, masked, have.mean, have.clouds);
	}
	memset(img.px, 255, n * channels);
	ok(image_look(&img, NULL).blank && image_look(&img, NULL).mean == 1 &&
			image_look(&img, NULL).clouds == 1,
		"all white");
	for (size_t i = 3; channels == 4 && i < n * 4; i += 4)
		img.px[i] = (uint8_t)i;
	ok(image_look(&img, NULL).blank, "whatever alpha says");
	img.px[(n - 1) * channels + MIN(channels, 3) - 1]--;
	ok(!image_look(&img, NULL).blank, "but for the last pixel");
	mask[n - 1] = 0;
	ok(image_look(&img, mask).blank, "which the mask hides");
	image_release(&img);
	free(mask);
}

int main(void)
{
	test_cases();
	test_large(1);
	test_large(3);
	test_large(4);
	return tap_done();
}
