#include "base/base.h"
#include "img/img.h"

enum { BRIGHT = 200, COLOURLESS = 30 };
/* BT.601: thousandths of red, green and blue */
enum { RED = 299, GREEN = 587, BLUE = 114, WHITE = 255 * 1000 };
/*
 * Bytes are taken as they lie, LANES at a time: so many hold whole vectors and
 * whole pixels of any kind, and lane j is always channel j % channels. ROUNDS
 * of them fit into sums of 16 bits.
 */
enum { LANES = 48, ROUNDS = 240, BLOCK = LANES * ROUNDS, MAX_CHANNELS = 4 };

struct block {
	uint8_t px[BLOCK + 2]; /* read from two bytes further on, too */
	uint8_t on[BLOCK];     /* 255: counts, else 0 */
	uint8_t first[LANES];  /* the colour that all are compared with */
};

struct sums {
	uint64_t pixels, clouds, of[MAX_CHANNELS];
	bool differ;
};

static void add(struct sums *s, const struct block *b, unsigned channels,
	size_t rounds)
{
	uint16_t sum[LANES] = {0}, clouds[LANES] = {0};
	uint8_t differ[LANES] = {0};
	unsigned green = channels > 1 ? 1 : 0, blue = 2 * green;

	for (size_t i = 0; i < rounds; i++) {
		const uint8_t *p = b->px + i * LANES, *on = b->on + i * LANES;

		/* all lanes as if a pixel began there: only those count */
		for (unsigned j = 0; j < LANES; j++) {
			uint8_t x = p[j], g = p[j + green], z = p[j + blue];
			uint8_t lo = MIN(MIN(x, g), z), hi = MAX(MAX(x, g), z);
			uint8_t range = (uint8_t)(hi - lo);
			uint8_t cloud = (lo >= BRIGHT) & (range <= COLOURLESS);

			sum[j] = (uint16_t)(sum[j] + (x & on[j]));
			clouds[j] = (uint16_t)(clouds[j] + (cloud & on[j]));
			differ[j] |= (x ^ b->first[j]) & on[j];
		}
	}
	for (unsigned j = 0; j < LANES; j++) {
		s->of[j % channels] += sum[j];
		s->clouds += j % channels ? 0 : clouds[j];
		s->differ |= differ[j] && j % channels < 3;
	}
}

/* The mask of n pixels, for each of their channels; how many count. */
ALWAYS_INLINE size_t spread(uint8_t *on, const uint8_t *mask, size_t n,
	unsigned channels)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += mask[i] != 0;
	for (size_t i = 0; i < n; i++)
		for (unsigned c = 0; c < channels; c++)
			on[i * channels + c] = (uint8_t) - (mask[i] != 0);
	return count;
}

/* Fills b->on. A number of channels that is constant makes short loops. */
static size_t count_in(struct block *b, const uint8_t *mask, size_t n,
	unsigned channels)
{
	if (mask)
		return channels == 1   ? spread(b->on, mask, n, 1)
		       : channels == 3 ? spread(b->on, mask, n, 3)
				       : spread(b->on, mask, n, 4);
	memset(b->on, 255, n * channels);
	return n;
}

struct image_looks image_look(const struct image *img, const uint8_t *mask)
{
	size_t n = (size_t)img->width * img->height, at = 0;
	struct image_looks looks = {.blank = true};
	unsigned channels = img->channels;
	struct sums s = {0};
	struct block b;
	uint64_t luma;

	while (mask && at < n && !mask[at])
		at++;
	if (at == n)
		return looks;
	for (unsigned j = 0; j < LANES; j++)
		b.first[j] = img->px[at * channels + j % channels];
	for (size_t len; at < n; at += len) {
		size_t bytes;

		len = MIN(n - at, BLOCK / channels);
		bytes = len * channels;
		memcpy(b.px, img->px + at * channels, bytes);
		s.pixels +=
			count_in(&b, mask ? mask + at : NULL, len, channels);
		memset(b.px + bytes, 0, sizeof(b.px) - bytes);
		memset(b.on + bytes, 0, sizeof(b.on) - bytes);
		add(&s, &b, channels, (bytes + LANES - 1) / LANES);
	}
	luma = channels == 1 ? 1000 * s.of[0]
			     : RED * s.of[0] + GREEN * s.of[1] + BLUE * s.of[2];
	looks.blank = !s.differ;
	looks.mean = (double)luma / ((double)s.pixels * WHITE);
	looks.clouds = (double)s.clouds / (double)s.pixels;
	return looks;
}
