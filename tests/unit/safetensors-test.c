/*
 * Safetensors files: what is good is read, what is not is refused.
 */
#include "base/base.h"
#include "ml/safetensors.h"
#include "unit/tap.h"

#include <math.h>

/* A file of a header and `data` bytes of numbers 0, 1, 2 … */
static struct buf make_file(const char *header, size_t data)
{
	struct buf b = BUF_INIT;
	uint64_t len = strlen(header);

	for (int i = 0; i < 8; i++)
		buf_addc(&b, (char)(len >> 8 * i));
	buf_adds(&b, header);
	for (size_t i = 0; i < data; i++)
		buf_addc(&b, (char)i);
	return b;
}

/* Parses a copy that is exactly as long, so that reading past it is noticed. */
static struct safetensors *parse(const char *p, size_t len, char **copy,
	struct err *err)
{
	*copy = xmalloc(len + !len);
	if (len)
		memcpy(*copy, p, len);
	return safetensors_parse(*copy, len, err);
}

static void refused(const char *header, size_t data, const char *why)
{
	struct buf b = make_file(header, data);
	struct safetensors *f;
	struct err err = {""};
	char *copy;

	f = parse(b.data, b.len, &copy, &err);
	ok(!f && strstr(err.msg, why), "refused: %s (%s)", why, err.msg);
	safetensors_free(f);
	free(copy);
	buf_release(&b);
}

static const char good[] =
	"{\"__metadata__\":{\"format\":\"pt\"},"
	"\"b\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[8,12]},"
	"\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
	"\"empty\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[12,12]},"
	"\"one\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[12,14]}}";

/* Number i of a tensor, NaN when there is none. */
static float number(const struct safetensors *f, const char *name, size_t i)
{
	const struct tensor_info *t = f ? safetensors_find(f, name) : NULL;
	float *owned = NULL, x = NAN;
	struct err err;
	const float *v = t ? tensor_f32(t, &owned, &err) : NULL;

	if (v && i < t->count)
		x = v[i];
	if (v)
		free(owned);
	return x;
}

static void test_good(void)
{
	struct buf b = make_file(good, 14);
	const struct tensor_info *t;
	struct safetensors *f;
	struct err err;
	char *copy;

	b.data[b.len - 1] = 0x3f; /* one: 0x3f80 is 1 */
	b.data[b.len - 2] = (char)0x80;
	b.data[b.len - 3] = (char)0xbc; /* b[1]: 0xbc00 is -1 */
	b.data[b.len - 4] = 0;
	f = parse(b.data, b.len, &copy, &err);
	ok(f != NULL, "a good file is read");
	ok(f && !safetensors_find(f, "__metadata__"), "metadata is no tensor");
	ok(f && !safetensors_find(f, "c"), "no tensor 'c'");
	t = f ? safetensors_find(f, "a") : NULL;
	ok(t && t->ndim == 1 && t->shape[0] == 2 && t->count == 2,
		"shape of 'a'");
	ok(number(f, "b", 1) == -1.0f, "numbers of 'b'");
	t = f ? safetensors_find(f, "one") : NULL;
	ok(t && t->count == 1 && number(f, "one", 0) == 1.0f,
		"a bfloat16 scalar");
	safetensors_free(f);
	free(copy);
	buf_release(&b);
}

/* Every shorter file, and every flipped bit of the length and header. */
static void test_damage(void)
{
	struct buf b = make_file(good, 14);
	size_t header = b.len - 14, refusals = 0, read = 0;
	struct safetensors *f;
	struct err err;
	char *copy;

	for (size_t len = 0; len < b.len; len++) {
		f = parse(b.data, len, &copy, &err);
		refusals += !f;
		safetensors_free(f);
		free(copy);
	}
	ok(refusals == b.len, "every shorter file is refused");
	for (size_t bit = 0; bit < 8 * header; bit++) {
		b.data[bit / 8] ^= (char)(1 << bit % 8);
		f = parse(b.data, b.len, &copy, &err);
		read += f != NULL;
		safetensors_free(f);
		free(copy);
		b.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	/* those in a name or in the metadata cannot be noticed */
	ok(read < 8 * header / 3, "flipped bits: %zu of %zu are not noticed",
		read, 8 * header);
	buf_release(&b);
}

static void test_refused(void)
{
	refused("[]", 0, "no JSON object");
	refused("{\"a\":1}", 0, "has no dtype");
	refused("{\"a\":{}}", 0, "has no dtype");
	refused("{\"a\":{\"dtype\":\"F12\",\"shape\":[],"
		"\"data_offsets\":[0,4]}}",
		4, "dtype 'F12' is not known");
	refused("{\"a\":{\"dtype\":\"FFFFFFFFFFFFFFFFFFF\",\"shape\":[],"
		"\"data_offsets\":[0,4]}}",
		4, "has no dtype");
	refused("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4,
		"shape is no array");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],"
		"\"data_offsets\":[0,4]}}",
		4, "shape is no array");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],"
		"\"data_offsets\":[0,4]}}",
		4, "no proper size");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
		"\"data_offsets\":[0,4]}}",
		4, "no proper size");
	refused("{\"a\":{\"dtype\":\"F64\",\"shape\":[4611686018427387904],"
		"\"data_offsets\":[0,4]}}",
		4, "do not fit");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[0]}}",
		4, "data_offsets");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[-4,0]}}",
		4, "data_offsets");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[4,0]}}",
		4, "outside");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[9223372036854775803,9223372036854775807]}}",
		4, "outside");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
		"\"data_offsets\":[0,4]}}",
		4, "do not fit");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[0,4]},"
		"\"b\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[2,6]}}",
		6, "overlap");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[4,8]}}",
		8, "gap");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[0,4]}}",
		5, "behind the last tensor");
	refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[0,4]},"
		"\"a\":{\"dtype\":\"F32\",\"shape\":[1],"
		"\"data_offsets\":[0,4]}}",
		4, "JSON");
}

/* Header lengths that no file can have. */
static void test_lengths(void)
{
	static const uint64_t lengths[] = {UINT64_MAX, UINT64_MAX - 7,
		UINT64_C(1) << 63, UINT64_C(1) << 32, 100000001, 3, 0};
	struct safetensors *f;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint8_t file[10] = {0};

		for (int k = 0; k < 8; k++)
			file[k] = (uint8_t)(lengths[i] >> 8 * k);
		f = safetensors_parse(file, sizeof(file), &err);
		ok(!f, "header length %ju", (uintmax_t)lengths[i]);
		safetensors_free(f);
	}
}

int main(void)
{
	test_good();
	test_damage();
	test_refused();
	test_lengths();
	return tap_done();
}
