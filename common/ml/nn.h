/*
 * nn.h - the parts of a transformer that are no matrix product.
 *
 * Row-major f32. No state: safe from any thread.
 */
#ifndef ML_NN_H
#define ML_NN_H

#include "ml/config.h"

/*
 * out [rows, width] = gain · (x − mean) / √(variance + eps) + bias, per row
 * (Ba et al. 2016); out may be x.
 */
void layer_norm(const float *x, size_t rows, size_t width, const float *gain,
	const float *bias, float eps, float *out);

/* x [rows, width] += bias [width] */
void add_bias(float *x, size_t rows, size_t width, const float *bias);

/*
 * x = act(x + bias). GELU is x·Φ(x) (Hendrycks & Gimpel 2016) with the error
 * function to 2e-7, QuickGELU x·σ(1.702·x).
 */
void activate(float *x, size_t rows, size_t width, const float *bias,
	enum activation act);

/* The softmax of a row's first n numbers in place; the rest to len is 0. */
void softmax(float *row, size_t n, size_t len);

/* Scales v to length 1. -1 when it is zero or not finite. */
int unit_length(float *v, size_t n) MUST_USE;

#endif
