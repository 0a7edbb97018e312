#include "base/base.h"
#include "osm/wire.h"
#include "tap.h"

static struct err err;

static struct wire wire(const char *p, size_t len)
{
	return (struct wire){(const uint8_t *)p, (const uint8_t *)p + len};
}

static void test_varints(void)
{
	static const char most[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
	static const char over[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02";
	struct wire w = wire(most, 10);
	int64_t sum = 0;
	uint64_t v;

	ok(wire_varint(&w, &v) && v == UINT64_MAX && w.p == w.end,
		"the largest varint");
	w = wire(most, 10);
	ok(wire_delta(&w, &sum) && sum == INT64_MIN, "the least sint");
	w = wire(over, 10);
	ok(!wire_varint(&w, &v), "65 bits are no varint");
	w = wire("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11);
	ok(!wire_varint(&w, &v), "11 bytes are no varint");
	for (size_t n = 0; n < 10; n++) {
		w = wire(most, n);
		ok(!wire_varint(&w, &v), "varint cut at byte %zu", n);
	}
	w = wire("\xac\x02", 2);
	ok(wire_varint(&w, &v) && v == 300, "300, as protobuf's page has it");
	sum = INT64_MAX;
	w = wire("\x02", 1);
	ok(!wire_delta(&w, &sum), "a sum past 64 bits is refused");
	sum = 5;
	w = wire("\x0d", 1);
	ok(wire_delta(&w, &sum) && sum == -2, "5 and then -7 less");
}

/* All ways to read a varint, in front of `behind` further bytes. */
static bool same_varint(const uint8_t *p, size_t n, size_t behind)
{
	struct wire fast = {p, p + n + behind}, any = fast, slow = fast;
	uint64_t a = 0, b = 0, c = 0;
	bool is = wire_varint_slow(&slow, &c);

	return is == wire_varint(&fast, &a) &&
	       is == wire_varint_any(&any, &b) &&
	       (!is || (a == c && fast.p == slow.p && b == c &&
			       any.p == slow.p));
}

/* A copy of exactly so many bytes, so that reading past them is noticed. */
static bool same_copied(const uint8_t *bytes, size_t n, size_t behind)
{
	uint8_t *copy = xmalloc(n + behind + 1);
	bool same;

	memcpy(copy, bytes, n);
	memset(copy + n, 0x80, behind);
	same = same_varint(copy, n, behind);
	memset(copy + n, 0, behind);
	same = same && same_varint(copy, n, behind);
	free(copy);
	return same;
}

/*
 * Numbers with every count of bits, each also longer than need be (padded with
 * zeros up to 12 bytes), cut short, and with anything behind.
 */
static void test_fast_varint(void)
{
	enum { MOST = 12 };
	size_t bad = 0, cases = 0;

	for (unsigned bits = 0; bits <= 64; bits++) {
		uint64_t v = bits ? UINT64_MAX >> (64 - bits) : 0;

		v &= UINT64_C(0xfedcba9876543210) | (v ^ v >> 1);
		for (size_t len = 1; len <= MOST; len++) {
			uint8_t bytes[MOST];

			for (size_t i = 0; i < len; i++) {
				uint64_t part = i < 10 ? v >> (7 * i) : 0;

				bytes[i] = (uint8_t)((part & 127) |
						     (i + 1 < len ? 128 : 0));
			}
			for (size_t n = 0; n <= len; n++)
				for (size_t behind = 0; behind < 9; behind++) {
					bad += !same_copied(bytes, n,
						n == len ? behind : 0);
					cases++;
				}
		}
	}
	ok(!bad, "%zu varints, eight bytes at once as one by one", cases);
}

static int field_rc(const char *p, size_t len)
{
	struct wire w = wire(p, len);
	struct wire_field f;

	return wire_next(&w, &f, &err);
}

static void test_fields(void)
{
	struct wire w = wire("\x08\x07\x12\x02hi\x1d...", 10);
	struct wire_field f;

	ok(wire_next(&w, &f, &err) == 1 && f.number == 1 &&
			f.type == WIRE_VARINT && f.varint == 7,
		"a number");
	ok(wire_next(&w, &f, &err) == 1 && f.number == 2 &&
			f.type == WIRE_BYTES && wire_len(f.bytes) == 2 &&
			!memcmp(f.bytes.p, "hi", 2),
		"bytes");
	ok(wire_next(&w, &f, &err) == -1, "a fixed32 of three bytes");
	ok(field_rc("", 0) == 0, "the end");
	ok(field_rc("\x1d....", 5) == 1, "a fixed32");
	ok(field_rc("\x19........", 9) == 1, "a fixed64");
	ok(field_rc("\x19.......", 8) == -1, "a fixed64 of seven bytes");
	ok(field_rc("\x12\x00", 2) == 1, "no bytes are bytes too");
	ok(field_rc("\x12\x03hi", 4) == -1, "bytes past the end");
	ok(field_rc("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11) == -1,
		"2^64 - 1 bytes");
	ok(field_rc("\x02\x00", 2) == -1, "field 0");
	for (int type = 3; type < 8; type++)
		if (type != 5)
			ok(field_rc((char[]){(char)(8 | type), 0}, 2) == -1,
				"wire type %d", type);
}

int main(void)
{
	test_varints();
	test_fast_varint();
	test_fields();
	return tap_done();
}
