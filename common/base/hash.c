#include "base/base.h"
#include "base/hash.h"

#include <inttypes.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <xxhash.h>

uint64_t hash_xxh64(const void *p, size_t len)
{
	return XXH64(p, len, 0);
}

uint64_t hash_xxh3(const void *p, size_t len)
{
	return XXH3_64bits(p, len);
}

struct xxh3 *xxh3_new(void)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state)
		abort();
	XXH3_64bits_reset(state);
	return (struct xxh3 *)state;
}

void xxh3_add(struct xxh3 *h, const void *p, size_t len)
{
	XXH3_64bits_update((XXH3_state_t *)h, p, len);
}

uint64_t xxh3_value(const struct xxh3 *h)
{
	return XXH3_64bits_digest((const XXH3_state_t *)h);
}

void xxh3_free(struct xxh3 *h)
{
	XXH3_freeState((XXH3_state_t *)h);
}

struct sha256 {
	struct sha256_ctx ctx;
};

struct sha256 *sha256_new(void)
{
	struct sha256 *h = xmalloc(sizeof(*h));

	sha256_init(&h->ctx);
	return h;
}

void sha256_add(struct sha256 *h, const void *p, size_t len)
{
	sha256_update(&h->ctx, len, p);
}

void sha256_value(struct sha256 *h, uint8_t out[SHA256_BYTES])
{
	sha256_digest(&h->ctx, SHA256_BYTES, out);
}

void sha256_free(struct sha256 *h)
{
	free(h);
}

void hmac_sha256(const void *key, size_t key_len, const void *p, size_t len,
	uint8_t out[SHA256_BYTES])
{
	struct hmac_sha256_ctx ctx;

	hmac_sha256_set_key(&ctx, key_len, key);
	hmac_sha256_update(&ctx, len, p);
	hmac_sha256_digest(&ctx, SHA256_BYTES, out);
}

void hex64(uint64_t v, char out[HEX64_TEXT])
{
	snprintf(out, HEX64_TEXT, "%016" PRIx64, v);
}

void hex_bytes(const uint8_t *p, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * len] = '\0';
}

uint64_t seeded_hash(uint64_t seed, const char *purpose, struct str key)
{
	struct buf b = BUF_INIT;
	uint64_t h;

	buf_addf(&b, "%" PRIu64, seed);
	buf_addc(&b, '\0');
	buf_adds(&b, purpose);
	buf_addc(&b, '\0');
	buf_add(&b, key.s, key.len);
	h = hash_xxh64(b.data, b.len);
	buf_release(&b);
	return h;
}

double seeded_unit(uint64_t seed, const char *purpose, struct str key)
{
	return (double)(seeded_hash(seed, purpose, key) >> 11) * 0x1p-53;
}
