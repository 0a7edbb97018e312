/*
 * CRC-32C: the processor's instruction where it has one, else a table of
 * eight bytes at a time ("slicing by eight").
 *
 * The instruction takes three cycles, but another can begin in each: long runs
 * of bytes are cut into three, whose checksums are put together. The checksum
 * of A followed by B is that of A moved on over as many zero bytes as B has,
 * plus (xor) that of B from zero on; moving on over a fixed number of zeros is
 * linear, so a table for each byte of the checksum holds it.
 */
#include "base/base.h"
#include "base/hash.h"

#include <pthread.h>

enum { CRC32C_POLY = (int)0x82f63b78 }; /* 0x1edc6f41, bits reversed */

static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void table_make(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? (uint32_t)CRC32C_POLY : 0);
		table[0][i] = c;
	}
	for (uint32_t i = 0; i < 256; i++)
		for (int t = 1; t < 8; t++)
			table[t][i] = table[t - 1][i] >> 8 ^
				      table[0][table[t - 1][i] & 255];
}

static uint32_t crc_portable(uint32_t c, const uint8_t *p, size_t len)
{
	pthread_once(&table_once, table_make);
	for (; len >= 8; len -= 8, p += 8) {
		c ^= (uint32_t)p[0] | (uint32_t)p[1] << 8 |
		     (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
		c = table[7][c & 255] ^ table[6][c >> 8 & 255] ^
		    table[5][c >> 16 & 255] ^ table[4][c >> 24] ^
		    table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^
		    table[0][p[7]];
	}
	while (len--)
		c = c >> 8 ^ table[0][(c ^ *p++) & 255];
	return c;
}

#if defined(__x86_64__)
enum { PART = 1024 }; /* bytes of each of the three */

static uint32_t zeros[4][256]; /* over PART of them */
static pthread_once_t zeros_once = PTHREAD_ONCE_INIT;

static void zeros_make(void)
{
	pthread_once(&table_once, table_make);
	for (unsigned bit = 0; bit < 32; bit++) {
		uint32_t c = UINT32_C(1) << bit;

		for (int i = 0; i < PART; i++)
			c = c >> 8 ^ table[0][c & 255];
		for (unsigned v = 0; v < 256; v++)
			if (v >> bit % 8 & 1)
				zeros[bit / 8][v] ^= c;
	}
}

static uint32_t over_zeros(uint32_t c)
{
	return zeros[0][c & 255] ^ zeros[1][c >> 8 & 255] ^
	       zeros[2][c >> 16 & 255] ^ zeros[3][c >> 24];
}

static inline uint64_t word_at(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

__attribute__((target("sse4.2"))) static uint32_t crc_sse42(uint32_t c,
	const uint8_t *p, size_t len)
{
	uint64_t wide;

	if (len >= 3 * PART)
		pthread_once(&zeros_once, zeros_make);
	for (; len >= 3 * PART; len -= 3 * PART, p += 3 * PART) {
		uint64_t x = c, y = 0, z = 0;

		for (size_t i = 0; i < PART; i += 8) {
			x = __builtin_ia32_crc32di(x, word_at(p + i));
			y = __builtin_ia32_crc32di(y, word_at(p + PART + i));
			z = __builtin_ia32_crc32di(z,
				word_at(p + 2 * PART + i));
		}
		c = over_zeros(over_zeros((uint32_t)x) ^ (uint32_t)y) ^
		    (uint32_t)z;
	}
	wide = c;
	for (; len >= 8; len -= 8, p += 8)
		wide = __builtin_ia32_crc32di(wide, word_at(p));
	c = (uint32_t)wide;
	while (len--)
		c = __builtin_ia32_crc32qi(c, *p++);
	return c;
}
#endif

uint32_t crc32c(uint32_t crc, const void *p, size_t len)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_sse42(~crc, p, len);
#endif
	return ~crc_portable(~crc, p, len);
}
