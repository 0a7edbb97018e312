#include "base/base.h"
#include "img/img.h"

#include <math.h>

/*
 * The filter's weights are kept as Pillow keeps them: rounded to 22 fractional
 * bits, so that 8 bits of pixel and the sign fit into an int32_t. Both passes
 * round to 8 bits. The order of the floating-point operations below is
 * Pillow's too: another one gives other weights in the last bit. An axis that
 * keeps its length has the weights 0, 1, 0, 0 and so copies, exactly.
 */
enum { WEIGHT_BITS = 22, MAX_CHANNELS = 4 };
#define BICUBIC_A       (-0.5)
#define BICUBIC_SUPPORT 2.0

/* The part of the enlarged or reduced image that is wanted. */
struct window {
	unsigned x, y, width, height;
};

/* Pixels that belong to someone else; a part of an image, say. */
struct view {
	const uint8_t *px; /* [height, step], width * channels of it used */
	size_t step;
	unsigned width, height, channels;
};

/* How one axis is resampled: output i is made of inputs first[i] … + n[i]-1 */
struct axis {
	unsigned *first;  /* [len] */
	unsigned *n;      /* [len] */
	int32_t *weights; /* [len, taps] */
	unsigned taps, len;
	unsigned from, to; /* the inputs that are used, `to` excluded */
};

static double bicubic(double x)
{
	x = fabs(x);
	if (x < 1.0)
		return ((BICUBIC_A + 2.0) * x - (BICUBIC_A + 3.0)) * x * x + 1;
	if (x < 2.0)
		return (((x - 5) * x + 8) * x - 4) * BICUBIC_A;
	return 0.0;
}

static int32_t fixed_point(double w)
{
	return (int32_t)(w * (1 << WEIGHT_BITS) + (w < 0 ? -0.5 : 0.5));
}

/* What an axis of `in` pixels becomes: its part lo … hi is made `out` long. */
struct stretch {
	unsigned in, out;
	float lo, hi; /* Pillow keeps no more of a box */
};

/*
 * Weights of outputs start … start+len-1; first[] counts from a->from.
 */
static void axis_init(struct axis *a, const struct stretch *s, unsigned start,
	unsigned len)
{
	double scale = (double)(s->hi - s->lo) / s->out;
	double stretch = MAX(scale, 1.0);
	double support = BICUBIC_SUPPORT * stretch;
	double per_pixel = 1.0 / stretch;
	double *w;

	a->len = len;
	a->taps = (unsigned)ceil(support) * 2 + 1;
	a->first = xcalloc(len, sizeof(*a->first));
	a->n = xcalloc(len, sizeof(*a->n));
	a->weights = xcalloc((size_t)len * a->taps, sizeof(*a->weights));
	w = xcalloc(a->taps, sizeof(*w));
	for (unsigned i = 0; i < len; i++) {
		double centre = s->lo + (start + i + 0.5) * scale;
		double lo = trunc(centre - support + 0.5);
		double hi = trunc(centre + support + 0.5);
		unsigned first = lo > 0 ? (unsigned)lo : 0;
		unsigned n = (hi < s->in ? (unsigned)hi : s->in) - first;
		double sum = 0.0;

		for (unsigned k = 0; k < n; k++) {
			w[k] = bicubic((k + first - centre + 0.5) * per_pixel);
			sum += w[k];
		}
		for (unsigned k = 0; k < n; k++)
			a->weights[(size_t)i * a->taps + k] =
				fixed_point(sum != 0.0 ? w[k] / sum : w[k]);
		a->first[i] = first;
		a->n[i] = n;
	}
	free(w);
	a->from = a->first[0];
	a->to = a->first[len - 1] + a->n[len - 1];
	for (unsigned i = 0; i < len; i++)
		a->first[i] -= a->from;
}

static void axis_release(struct axis *a)
{
	free(a->first);
	free(a->n);
	free(a->weights);
}

static uint8_t clip8(int32_t v)
{
	v >>= WEIGHT_BITS;
	return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
}

/* in [height, a->to - a->from] → out [height, a->len] */
static void pass_across(const struct view *in, const struct axis *a,
	uint8_t *out)
{
	unsigned channels = in->channels;

	for (size_t i = 0; i < (size_t)in->height * a->len; i++) {
		size_t x = i % a->len, n = a->n[x];
		const int32_t *w = a->weights + x * a->taps;
		const uint8_t *p = in->px + i / a->len * in->step +
				   (size_t)a->first[x] * channels;
		int32_t sum[MAX_CHANNELS];

		for (unsigned c = 0; c < MAX_CHANNELS; c++)
			sum[c] = 1 << (WEIGHT_BITS - 1);
		if (channels == 3) { /* nearly always */
			for (size_t k = 0; k < n; k++, p += 3) {
				sum[0] += p[0] * w[k];
				sum[1] += p[1] * w[k];
				sum[2] += p[2] * w[k];
			}
		} else {
			for (size_t k = 0; k < n; k++, p += channels)
				for (unsigned c = 0; c < channels; c++)
					sum[c] += p[c] * w[k];
		}
		for (unsigned c = 0; c < channels; c++)
			*out++ = clip8(sum[c]);
	}
}

/* in [a->to - a->from, width] → out [a->len, width] */
static void pass_down(const struct view *in, const struct axis *a, uint8_t *out)
{
	size_t row = (size_t)in->width * in->channels;
	int32_t *sums = xcalloc(row, sizeof(*sums));

	for (unsigned y = 0; y < a->len; y++, out += row) {
		const int32_t *w = a->weights + (size_t)y * a->taps;

		for (size_t x = 0; x < row; x++)
			sums[x] = 1 << (WEIGHT_BITS - 1);
		for (unsigned k = 0; k < a->n[y]; k++) {
			const uint8_t *p =
				in->px + (a->first[y] + k) * in->step;

			for (size_t x = 0; x < row; x++)
				sums[x] += p[x] * w[k];
		}
		for (size_t x = 0; x < row; x++)
			out[x] = clip8(sums[x]);
	}
	free(sums);
}

/* The order of the passes decides about last bits: Pillow 13's rule. */
static bool down_first(const struct stretch *x, const struct stretch *y)
{
	int64_t lost_rows = (int64_t)y->in - y->out;
	int64_t lost_columns = (int64_t)x->in - x->out;

	return lost_rows > 0 && lost_rows > 2 * lost_columns;
}

/* The window of what x and y make of the image; the rest is not made. */
static void resize_window(const struct image *in, const struct stretch *x,
	const struct stretch *y, const struct window *win, struct image *out)
{
	size_t step = (size_t)in->width * in->channels, half_step;
	bool vertical = down_first(x, y);
	struct axis across, down;
	struct view used, half;
	uint8_t *px;

	*out = (struct image){NULL, win->width, win->height, in->channels};
	out->px = xmalloc((size_t)win->width * win->height * in->channels);
	axis_init(&across, x, win->x, win->width);
	axis_init(&down, y, win->y, win->height);
	used = (struct view){in->px + down.from * step +
				     (size_t)across.from * in->channels,
		step, across.to - across.from, down.to - down.from,
		in->channels};
	half = used;
	if (vertical)
		half.height = win->height;
	else
		half.width = win->width;
	half_step = (size_t)half.width * half.channels;
	half.px = px = xmalloc(half.height * half_step);
	half.step = half_step;
	if (vertical) {
		pass_down(&used, &down, px);
		pass_across(&half, &across, out->px);
	} else {
		pass_across(&used, &across, px);
		pass_down(&half, &down, out->px);
	}
	free(px);
	axis_release(&across);
	axis_release(&down);
}

void image_resize_box(const struct image *in, const double box[4],
	unsigned width, unsigned height, struct image *out)
{
	struct stretch x = {in->width, width, (float)box[0], (float)box[2]};
	struct stretch y = {in->height, height, (float)box[1], (float)box[3]};
	struct window all = {0, 0, width, height};

	resize_window(in, &x, &y, &all, out);
}

void image_resize_bicubic(const struct image *in, unsigned width,
	unsigned height, struct image *out)
{
	double whole[4] = {0, 0, in->width, in->height};

	image_resize_box(in, whole, width, height, out);
}

/* (long - size) / 2, a half rounded to even: Python's round(). */
static unsigned centre_offset(unsigned length, unsigned size)
{
	unsigned diff = length - size;
	unsigned half = diff / 2;

	return half + (diff % 2 && half % 2);
}

void image_resize_crop(const struct image *in, unsigned size, struct image *out)
{
	unsigned width = size, height = size;
	struct window win = {0, 0, size, size};
	struct stretch x, y;

	if (in->width <= in->height)
		height = (unsigned)((double)((uint64_t)size * in->height) /
				    in->width);
	else
		width = (unsigned)((double)((uint64_t)size * in->width) /
				   in->height);
	win.x = centre_offset(width, size);
	win.y = centre_offset(height, size);
	x = (struct stretch){in->width, width, 0, (float)in->width};
	y = (struct stretch){in->height, height, 0, (float)in->height};
	resize_window(in, &x, &y, &win, out);
}
