#include "base/base.h"
#include "ml/model.h"
#include "ml/blas.h"
#include "ml/nn.h"

/*
 * Rows of the matrix products: many enough for OpenBLAS to run at full speed,
 * few enough for a layer's activations to stay near the processor.
 */
enum { ROWS_AT_ONCE = 2048 };

size_t clip_images_at_once(const struct clip *m)
{
	return MAX(ROWS_AT_ONCE / m->c.vision.tokens, 1);
}

/* The patches of one image as rows: px → out [patches, 3, patch, patch] */
static void cut_patches(const struct clip *m, const struct image *img,
	float *out)
{
	size_t patch = m->c.patch, side = m->c.image_size / patch;

	for (size_t i = 0; i < side * side; i++) {
		size_t top = i / side * patch, left = i % side * patch;

		for (size_t c = 0; c < 3; c++)
			for (size_t y = 0; y < patch; y++) {
				const uint8_t *px =
					img->px + c +
					((top + y) * img->width + left) * 3;

				for (size_t x = 0; x < patch; x++)
					*out++ = m->pixels[c][px[x * 3]];
			}
	}
}

/* Class token and patches with their positions: work->x [n, tokens, width] */
static void embed_patches(const struct clip *m, struct encoder_work *work,
	const struct image *images, size_t n)
{
	const struct vision_weights *v = &m->vision;
	size_t width = m->c.vision.width, tokens = m->c.vision.tokens;
	size_t pixels = (size_t)3 * m->c.patch * m->c.patch;
	size_t np = tokens - 1;
	float *x = work->x, *e = work->q;

	for (size_t i = 0; i < n; i++)
		cut_patches(m, &images[i], work->f + i * np * pixels);
	gemm_nt(n * np, width, pixels, 1, work->f, pixels, v->patches, pixels,
		0, e, width);
	for (size_t i = 0; i < n; i++) {
		memcpy(x, v->class_token, width * sizeof(*x));
		memcpy(x + width, e, np * width * sizeof(*x));
		add_bias(x, 1, tokens * width, v->positions);
		x += tokens * width;
		e += np * width;
	}
}

void vision_run(const struct clip *m, struct clip_scratch *s,
	const struct image *images, size_t n, float *out)
{
	const struct tower_config *c = &m->c.vision;
	const struct vision_weights *v = &m->vision;
	struct encoder_work *work = &s->vision;

	embed_patches(m, work, images, n);
	layer_norm(work->x, n * c->tokens, c->width, v->pre.gain, v->pre.bias,
		c->eps, work->x);
	encoder_run(&v->encoder, work, n, c->tokens, 0, false, s->pooled);
	layer_norm(s->pooled, n, c->width, v->post.gain, v->post.bias, c->eps,
		s->pooled);
	gemm_nt(n, m->c.dim, c->width, 1, s->pooled, c->width, v->projection,
		c->width, 0, out, m->c.dim);
}
