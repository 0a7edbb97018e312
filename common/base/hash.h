/*
 * hash.h - hashes, checksums and the project's seeded choice.
 *
 * XXH64 and XXH3 come from libxxhash, SHA-256 and HMAC from nettle; CRC-32C
 * (Castagnoli, RFC 3720 appendix B.4) uses the processor's instruction where
 * there is one.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_xxh64(const void *p, size_t len);
uint64_t hash_xxh3(const void *p, size_t len);

/* XXH3-64 of bytes that come in pieces. */
struct xxh3;
struct xxh3 *xxh3_new(void);
void xxh3_add(struct xxh3 *h, const void *p, size_t len);
uint64_t xxh3_value(const struct xxh3 *h);
void xxh3_free(struct xxh3 *h);

/* Goes on from crc (0 at the start) over len bytes more. */
uint32_t crc32c(uint32_t crc, const void *p, size_t len);

enum { SHA256_BYTES = 32 };
struct sha256;
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, const void *p, size_t len);
void sha256_value(struct sha256 *h, uint8_t out[SHA256_BYTES]);
void sha256_free(struct sha256 *h);
/* RFC 2104 with SHA-256. */
void hmac_sha256(const void *key, size_t key_len, const void *p, size_t len,
	uint8_t out[SHA256_BYTES]);

/* 16 lower-case hex digits and a NUL. */
enum { HEX64_TEXT = 17 };
void hex64(uint64_t v, char out[HEX64_TEXT]);
/* 2 * len lower-case hex digits and a NUL. */
void hex_bytes(const uint8_t *p, size_t len, char *out);

/*
 * Every random choice of the toolkit: XXH64 of "SEED\0PURPOSE\0KEY", SEED in
 * decimal. The same key gives the same choice wherever its record is handled.
 */
uint64_t seeded_hash(uint64_t seed, const char *purpose, struct str key);
/* The same as a number in [0, 1): the hash's upper 53 bits times 2^-53. */
double seeded_unit(uint64_t seed, const char *purpose, struct str key);

#endif
