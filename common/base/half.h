/*
 * half.h - 16-bit floats (IEEE 754 binary16), as embeddings and weights are
 * kept in files. In memory they are uint16_t bit patterns.
 */
#ifndef BASE_HALF_H
#define BASE_HALF_H

#include <stdint.h>

/* Exact: every half is a float. NaN stays NaN. */
float half_to_f32(uint16_t h);
/* The nearest half, ties to even; past the largest: infinity. */
uint16_t half_from_f32(float x);

#endif
