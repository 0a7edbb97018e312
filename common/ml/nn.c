#include "base/base.h"
#include "ml/nn.h"

#include <math.h>

/*
 * The loops are written so that the compiler turns them into vectors, compiled
 * once per set of vector instructions, chosen when the program is loaded. (The
 * address sanitizer is not ready when that happens; and clang 14 gives the
 * chosen function a name that no other file can call.)
 */
#if defined(__x86_64__) && defined(__GLIBC__) &&                               \
	!defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
#define VECTORIZED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VECTORIZED
#endif
/* Or the compiler would not take it into code for other processors. */
#define INLINE static inline __attribute__((always_inline))

/*
 * e^x to 3e-7: x = n·ln 2 + r, |r| ≤ ln 2 / 2; the Taylor polynomial of e^r;
 * 2^n by its exponent bits. Adding 1.5·2^23 rounds to the nearest integer.
 * What is not a number stays so: it tells of damaged weights.
 */
INLINE float fast_exp(float x)
{
	const float log2_e = 1.44269504f, round_it = 0x1.8p23f;
	const float ln2_hi = 0x1.62ep-1f, ln2_lo = 0x1.0bfbe8p-15f;
	float c, n, r, p, power;
	int32_t bits;

	c = x > -87.0f ? x : -87.0f;
	c = c < 88.0f ? c : 88.0f;
	n = c * log2_e + round_it - round_it;
	r = c - n * ln2_hi - n * ln2_lo;
	p = 1.0f / 720;
	p = p * r + 1.0f / 120;
	p = p * r + 1.0f / 24;
	p = p * r + 1.0f / 6;
	p = p * r + 0.5f;
	p = p * r + 1.0f;
	p = p * r + 1.0f;
	bits = ((int32_t)n + 127) << 23;
	memcpy(&power, &bits, sizeof(power));
	return x != x ? x : p * power;
}

/* erf(x) to 2e-7: Abramowitz and Stegun, formula 7.1.26. */
INLINE float fast_erf(float x)
{
	float a = fabsf(x), t = 1.0f / (1.0f + 0.3275911f * a), p, y;

	p = 1.061405429f;
	p = p * t - 1.453152027f;
	p = p * t + 1.421413741f;
	p = p * t - 0.284496736f;
	p = p * t + 0.254829592f;
	y = 1.0f - p * t * fast_exp(-a * a);
	return copysignf(y, x);
}

VECTORIZED void layer_norm(const float *x, size_t rows, size_t width,
	const float *gain, const float *bias, float eps, float *out)
{
	for (size_t r = 0; r < rows; r++, x += width, out += width) {
		float sum = 0, squares = 0, mean, scale;

#pragma omp simd reduction(+ : sum)
		for (size_t i = 0; i < width; i++)
			sum += x[i];
		mean = sum / (float)width;
#pragma omp simd reduction(+ : squares)
		for (size_t i = 0; i < width; i++)
			squares += (x[i] - mean) * (x[i] - mean);
		scale = 1.0f / sqrtf(squares / (float)width + eps);
#pragma omp simd
		for (size_t i = 0; i < width; i++)
			out[i] = (x[i] - mean) * scale * gain[i] + bias[i];
	}
}

VECTORIZED void add_bias(float *x, size_t rows, size_t width, const float *bias)
{
	for (size_t r = 0; r < rows; r++, x += width)
#pragma omp simd
		for (size_t i = 0; i < width; i++)
			x[i] += bias[i];
}

VECTORIZED static void gelu(float *x, size_t rows, size_t width,
	const float *bias)
{
	for (size_t r = 0; r < rows; r++, x += width)
#pragma omp simd
		for (size_t i = 0; i < width; i++) {
			float v = x[i] + bias[i];

			x[i] = 0.5f * v * (1.0f + fast_erf(v * 0.70710678f));
		}
}

VECTORIZED static void quick_gelu(float *x, size_t rows, size_t width,
	const float *bias)
{
	for (size_t r = 0; r < rows; r++, x += width)
#pragma omp simd
		for (size_t i = 0; i < width; i++) {
			float v = x[i] + bias[i];

			x[i] = v / (1.0f + fast_exp(-1.702f * v));
		}
}

void activate(float *x, size_t rows, size_t width, const float *bias,
	enum activation act)
{
	if (act == ACT_GELU)
		gelu(x, rows, width, bias);
	else
		quick_gelu(x, rows, width, bias);
}

VECTORIZED void softmax(float *row, size_t n, size_t len)
{
	float top = row[0], sum = 0, scale;

#pragma omp simd reduction(max : top)
	for (size_t i = 0; i < n; i++)
		top = row[i] > top ? row[i] : top;
#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++) {
		row[i] = fast_exp(row[i] - top);
		sum += row[i];
	}
	scale = 1.0f / sum;
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		row[i] *= scale;
	for (size_t i = n; i < len; i++)
		row[i] = 0;
}

int unit_length(float *v, size_t n)
{
	double sum = 0, scale;

	for (size_t i = 0; i < n; i++)
		sum += (double)v[i] * (double)v[i];
	if (!isfinite(sum) || sum <= 0)
		return -1;
	scale = 1 / sqrt(sum);
	for (size_t i = 0; i < n; i++)
		v[i] = (float)(v[i] * scale);
	return 0;
}
