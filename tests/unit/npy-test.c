/* .npy arrays: every type, and headers that lie. */
#include "base/base.h"
#include "base/half.h"
#include "codec/npy.h"
#include "unit/tap.h"

#include <math.h>

/* A file of version `major` with that header text and data. */
static struct buf file(unsigned major, const char *header, const void *data,
	size_t len)
{
	size_t n = strlen(header);
	struct buf b = BUF_INIT;

	buf_add(&b, "\x93NUMPY", 6);
	buf_addc(&b, (char)major);
	buf_addc(&b, 0);
	for (unsigned i = 0; i < (major == 1 ? 2 : 4); i++)
		buf_addc(&b, (char)(n >> 8 * i & 0xff));
	buf_adds(&b, header);
	buf_add(&b, data, len);
	return b;
}

#define HEADER(descr, shape)                                                   \
	"{'descr': '" descr "', 'fortran_order': False, 'shape': " shape ", }\n"

static void test_types(void)
{
	static const uint8_t ones[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff};
	static const uint8_t f4[] = {0, 0, 0xc0, 0xbf};
	static const uint8_t f2[] = {0x00, 0x3c};
	static const uint8_t f8[] = {0, 0, 0, 0, 0, 0, 0x04, 0x40};
	static const struct {
		const char *header;
		const uint8_t *data;
		size_t len;
		double want;
		bool integer;
	} cases[] = {
		{HEADER("|b1", "(1,)"), f2 + 1, 1, 60, true},
		{HEADER("<f2", "(1,)"), f2, 2, 1, false},
		{HEADER(">f2", "(1,)"), f2, 2, 0x3cp-24, false},
		{HEADER("<f4", "()"), f4, 4, -1.5, false},
		{HEADER("<f8", "(1, 1)"), f8, 8, 2.5, false},
		{HEADER("|i1", "(1,)"), ones, 1, -1, true},
		{HEADER("<i8", "(1,)"), ones, 8, -1, true},
		{HEADER("|u1", "(1,)"), ones, 1, 255, true},
		{HEADER("<u4", "(1L,)"), ones, 4, 4294967295.0, true},
		{HEADER("<u8", "(1,)"), ones, 8, 18446744073709551615.0, false},
		{HEADER(">u2", "(1,)"), f2, 2, 0x3c, true},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = file(1 + i % 3, cases[i].header, cases[i].data,
			cases[i].len);
		struct npy a;
		struct err err = {""};
		int64_t v = 0;

		if (!ok(!npy_parse(b.data, b.len, &a, &err), "%zu: read %s", i,
			    err.msg))
			goto next;
		ok(npy_f64(&a, 0) == cases[i].want, "%zu: value %g", i,
			cases[i].want);
		ok((npy_i64(&a, 0, &v) == 0) == cases[i].integer &&
				(!cases[i].integer ||
					(double)v == cases[i].want),
			"%zu: as an integer", i);
	next:
		buf_release(&b);
	}
}

static void test_hostile(void)
{
	static const struct {
		const char *header, *says;
	} cases[] = {
		{HEADER("<f4", "(2,)"), "8 bytes of data, there are 4"},
		{HEADER("<f4", "(0,)"), "0 bytes of data"},
		{HEADER("<f4", "(4294967296, 4294967296)"), "too large"},
		{HEADER("<f8", "(2305843009213693952,)"), "too large"},
		{HEADER("<f4", "(18446744073709551616,)"), "shape"},
		{HEADER("<f4", "(-1,)"), "shape"},
		{HEADER("<f4", "(1,,)"), "shape"},
		{HEADER("<f4", "(1 1)"), "shape"},
		{HEADER("<f4", "(1,1,1,1,1,1,1,1,1)"), "up to 8"},
		{HEADER("<f4", "1"), "no tuple"},
		{HEADER("<f3", "(1,)"), "type '<f3'"},
		{HEADER("|O", "(1,)"), "type '|O'"},
		{HEADER("<c8", "(1,)"), "type '<c8'"},
		{HEADER("<U4", "(1,)"), "type '<U4'"},
		{"{'descr': [('a', '<f4')], 'fortran_order': False, "
		 "'shape': (1,)}",
			"records"},
		{"{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}",
			"Fortran"},
		{"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
			"fortran_order"},
		{"{'descr': '<f4', 'shape': (1,)}", "lacks"},
		{"{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}", "twice"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (1,), "
		 "'x': 1}",
			"unknown key 'x'"},
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
			"behind"},
		{"{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
			"dict"},
		{"{'descr': '<f4", "plain type"},
		{"{'descr'", "dict"},
		{"[1]", "dict"},
		{"", "dict"},
	};
	static const uint8_t data[4];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = file(1, cases[i].header, data, sizeof(data));
		struct npy a;
		struct err err = {""};

		ok(npy_parse(b.data, b.len, &a, &err) < 0 &&
				strstr(err.msg, cases[i].says),
			"refused: %.50s (%s)", cases[i].header, err.msg);
		buf_release(&b);
	}
}

/* Every cut and every flipped bit: an error or an array, never more. */
static void test_damage(void)
{
	static const uint8_t data[24] = {1, 2, 3};
	struct buf b = file(1, HEADER("<f4", "(2, 3)"), data, sizeof(data));
	struct err err;
	struct npy a;
	bool refused = true, inside = true;

	ok(!npy_parse(b.data, b.len, &a, &err) && a.ndim == 2 &&
			a.shape[0] == 2 && a.shape[1] == 3 && a.count == 6,
		"the shape is read");
	for (size_t n = 0; n < b.len; n++) {
		char *part = xmemdup0(b.data, n);

		refused &= npy_parse(part, n, &a, &err) < 0;
		free(part);
	}
	ok(refused, "a file cut anywhere is refused");
	for (size_t bit = 0; bit < 8 * b.len; bit++) {
		b.data[bit / 8] ^= (char)(1 << bit % 8);
		if (!npy_parse(b.data, b.len, &a, &err)) {
			inside &= a.data >= (uint8_t *)b.data &&
				  a.data + a.count * a.width ==
					  (uint8_t *)b.data + b.len;
			for (uint64_t i = 0; i < a.count; i++)
				(void)npy_f64(&a, i);
		}
		b.data[bit / 8] ^= (char)(1 << bit % 8);
	}
	ok(inside, "no flipped bit leads outside the file");
	ok(npy_parse("PK\3\4 not an array", 18, &a, &err) < 0,
		"a .npz is none");
	buf_release(&b);
}

static void test_half(void)
{
	bool exact = true;

	for (unsigned h = 0; h < 0x7c00; h++)
		exact &= half_from_f32(half_to_f32((uint16_t)h)) == h &&
			 half_from_f32(-half_to_f32((uint16_t)h)) ==
				 (h | 0x8000);
	ok(exact, "every half is read and written back");
	ok(half_to_f32(0x3555) == 0x1.554p-2f, "a third");
	ok(half_from_f32(0x1.002p0f) == 0x3c00 &&
			half_from_f32(0x1.006p0f) == 0x3c02,
		"ties go to even");
	ok(half_from_f32(65519.0f) == 0x7bff &&
			half_from_f32(65520.0f) == 0x7c00,
		"past the largest: infinity");
	ok(half_from_f32(0x1p-25f) == 0 && half_from_f32(0x1.8p-25f) == 1,
		"below the smallest: zero or the smallest");
	ok(isnan(half_to_f32(0x7e00)) && half_from_f32(NAN) == 0x7e00,
		"not a number");
}

int main(void)
{
	test_types();
	test_hostile();
	test_damage();
	test_half();
	return tap_done();
}
