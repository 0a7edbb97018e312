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
	ok(wire_sint(&w, &sum) && sum == INT64_MIN, "the least sint");
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
	ok(wire_count(wire("\x01\xac\x02\x7f\x80", 5)) == 3,
		"packed numbers are counted by their last bytes");
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
	test_fields();
	return tap_done();
}
