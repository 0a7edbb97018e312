#include "base/base.h"
#include "base/half.h"

float half_to_f32(uint16_t h)
{
	uint32_t exponent = (h >> 10) & 0x1f, fraction = h & 0x3ff;
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, bits;
	float x;

	if (!exponent) { /* zero and subnormals */
		x = (float)fraction * 0x1p-24f;
		return sign ? -x : x;
	}
	exponent = exponent == 0x1f ? 0xff : exponent + (127 - 15);
	bits = sign | exponent << 23 | fraction << 13;
	memcpy(&x, &bits, sizeof(x));
	return x;
}

uint16_t half_from_f32(float x)
{
	uint32_t bits, magnitude, sign, rest, half;
	unsigned shift;

	memcpy(&bits, &x, sizeof(bits));
	sign = (bits >> 16) & 0x8000;
	magnitude = bits & 0x7fffffff;
	if (magnitude > 0x7f800000)
		return (uint16_t)(sign | 0x7e00);
	if (magnitude >= 0x47800000) /* 65536 and more */
		return (uint16_t)(sign | 0x7c00);
	if (magnitude < 0x33000000) /* less than half of the smallest */
		return (uint16_t)sign;
	if (magnitude < 0x38800000) { /* becomes a subnormal */
		shift = 126 - (magnitude >> 23);
		magnitude = (magnitude & 0x7fffff) | 0x800000;
	} else {
		shift = 13;
		magnitude -= (uint32_t)(127 - 15) << 23;
	}
	half = magnitude >> shift;
	rest = magnitude & ((UINT32_C(1) << shift) - 1);
	/* a carry runs into the exponent, which is what is wanted */
	if (rest > UINT32_C(1) << (shift - 1) ||
		(rest == UINT32_C(1) << (shift - 1) && (half & 1)))
		half++;
	return (uint16_t)(sign | half);
}
