#include "base/base.h"
#include "img/img.h"

enum { BRIGHT = 200, COLOURLESS = 30 };
/* BT.601: thousandths of red, green and blue */
enum { RED = 299, GREEN = 587, BLUE = 114, WHITE = 255 * 1000 };
/* Pixels whose luma sums fit into a uint32_t, so that loops are narrow. */
enum { BLOCK = 8192 };

struct sums {
	uint64_t pixels, luma, clouds;
	uint32_t differ; /* 0: all are like the first */
};

/* Without branches, for the sake of vectors; `channels` is a constant. */
ALWAYS_INLINE void add(struct sums *s, const uint8_t *px, const uint8_t *mask,
	size_t n, unsigned channels, const uint8_t first[3])
{
	unsigned green = channels > 1, blue = channels > 1 ? 2 : 0;
	uint32_t pixels = 0, luma = 0, clouds = 0, differ = 0;

	for (size_t i = 0; i < n; i++, px += channels) {
		uint32_t r = px[0], g = px[green], b = px[blue];
		uint32_t lo = MIN(MIN(r, g), b), hi = MAX(MAX(r, g), b);
		uint32_t on = mask ? mask[i] != 0 : 1;

		pixels += on;
		luma += on * (RED * r + GREEN * g + BLUE * b);
		clouds += on & (lo >= BRIGHT) & (hi - lo <= COLOURLESS);
		differ |=
			on * ((r ^ first[0]) | (g ^ first[1]) | (b ^ first[2]));
	}
	s->pixels += pixels;
	s->luma += luma;
	s->clouds += clouds;
	s->differ |= differ;
}

struct image_looks image_look(const struct image *img, const uint8_t *mask)
{
	size_t n = (size_t)img->width * img->height, at = 0;
	struct image_looks looks = {.blank = true};
	unsigned channels = img->channels;
	struct sums s = {0};
	uint8_t first[3];

	while (mask && at < n && !mask[at])
		at++;
	if (at == n)
		return looks;
	for (unsigned c = 0; c < 3; c++)
		first[c] = img->px[at * channels + (channels > 1 ? c : 0)];
	for (size_t left; at < n; at += left) {
		const uint8_t *px = img->px + at * channels;
		const uint8_t *on = mask ? mask + at : NULL;

		left = MIN(n - at, (size_t)BLOCK);
		if (channels == 1)
			add(&s, px, on, left, 1, first);
		else if (channels == 3)
			add(&s, px, on, left, 3, first);
		else
			add(&s, px, on, left, 4, first);
	}
	looks.blank = !s.differ;
	looks.mean = (double)s.luma / ((double)s.pixels * WHITE);
	looks.clouds = (double)s.clouds / (double)s.pixels;
	return looks;
}
