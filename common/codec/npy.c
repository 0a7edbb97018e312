/*
 * The header is a Python dict literal. What NumPy writes is read, in any order
 * of the keys and with any blanks, and nothing more of Python.
 */
#include "base/base.h"
#include "codec/npy.h"
#include "base/half.h"
#include "base/io.h"

#include <inttypes.h>

enum {
	FIXED_BYTES = 8, /* magic, major, minor */
	MAX_HEADER = 1 << 16,
};

struct cursor {
	const char *p, *end;
};

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && (*c->p == ' ' || *c->p == '\n'))
		c->p++;
}

/* Takes one character (and the blanks before it) if it comes next. */
static bool take(struct cursor *c, char want)
{
	skip_blanks(c);
	if (c->p == c->end || *c->p != want)
		return false;
	c->p++;
	return true;
}

static bool take_word(struct cursor *c, const char *word)
{
	skip_blanks(c);
	if (!str_starts((struct str){c->p, (size_t)(c->end - c->p)}, word))
		return false;
	c->p += strlen(word);
	return true;
}

/* A quoted string without escapes, which no header of ours needs. */
static bool take_string(struct cursor *c, struct str *out)
{
	char quote;

	skip_blanks(c);
	if (c->p == c->end || (*c->p != '\'' && *c->p != '"'))
		return false;
	quote = *c->p++;
	out->s = c->p;
	while (c->p < c->end && *c->p != quote && *c->p != '\\')
		c->p++;
	out->len = (size_t)(c->p - out->s);
	return take(c, quote);
}

static bool take_number(struct cursor *c, uint64_t *out)
{
	const char *start;

	skip_blanks(c);
	start = c->p;
	*out = 0;
	for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; c->p++)
		if (__builtin_mul_overflow(*out, 10, out) ||
			__builtin_add_overflow(*out, (uint64_t)(*c->p - '0'),
				out))
			return false;
	if (c->p == start)
		return false;
	take(c, 'L'); /* Python 2 wrote long integers so */
	return true;
}

static int parse_descr(struct cursor *c, struct npy *out, struct err *err)
{
	struct str s;
	const char *widths;

	if (!take_string(c, &s))
		return err_set(err, "'descr' names no plain type: arrays of "
				    "records are not read");
	if (s.len != 3 || !memchr("<>|=", s.s[0], 4))
		goto unknown;
	switch (s.s[1]) {
	case 'b':
		out->kind = NPY_BOOL;
		widths = "1";
		break;
	case 'f':
		out->kind = NPY_FLOAT;
		widths = "248";
		break;
	case 'i':
		out->kind = NPY_INT;
		widths = "1248";
		break;
	case 'u':
		out->kind = NPY_UINT;
		widths = "1248";
		break;
	default:
		goto unknown;
	}
	if (!memchr(widths, s.s[2], strlen(widths)))
		goto unknown;
	out->width = (unsigned)(s.s[2] - '0');
	out->big_endian = s.s[0] == '>';
	return 0;
unknown:
	return err_set(err, "elements of type '%.*s' are not read",
		(int)MIN(s.len, 40), s.s);
}

static int parse_shape(struct cursor *c, struct npy *out, struct err *err)
{
	bool comma = true;

	if (!take(c, '('))
		return err_set(err, "'shape' is no tuple");
	while (!take(c, ')')) {
		if (!comma || out->ndim == NPY_MAX_DIMS ||
			!take_number(c, &out->shape[out->ndim]))
			return err_set(err,
				"'shape' is not a tuple of up to "
				"%d numbers",
				NPY_MAX_DIMS);
		out->ndim++;
		comma = take(c, ',');
	}
	out->count = 1;
	for (size_t i = 0; i < out->ndim; i++)
		if (__builtin_mul_overflow(out->count, out->shape[i],
			    &out->count))
			return err_set(err, "the shape's product is too large");
	return 0;
}

static int parse_pair(struct cursor *c, struct npy *out, unsigned *seen,
	struct err *err)
{
	static const char *const names[] = {"descr", "fortran_order", "shape"};
	struct str key;
	size_t k = 0;

	if (!take_string(c, &key) || !take(c, ':'))
		return err_set(err, "the header is not a dict");
	while (k < ARRAY_SIZE(names) && !str_is(key, names[k]))
		k++;
	if (k == ARRAY_SIZE(names))
		return err_set(err, "unknown key '%.*s' in the header",
			(int)MIN(key.len, 40), key.s);
	if (*seen & 1u << k)
		return err_set(err, "key '%s' twice in the header", names[k]);
	*seen |= 1u << k;
	if (k == 0)
		return parse_descr(c, out, err);
	if (k == 2)
		return parse_shape(c, out, err);
	if (take_word(c, "True"))
		return err_set(err, "the array is in Fortran order; save it "
				    "with numpy.ascontiguousarray()");
	if (!take_word(c, "False"))
		return err_set(err,
			"'fortran_order' is neither True nor False");
	return 0;
}

static int parse_header(struct cursor c, struct npy *out, struct err *err)
{
	unsigned seen = 0;
	bool comma = true;

	if (!take(&c, '{'))
		return err_set(err, "the header is not a dict");
	while (!take(&c, '}')) {
		if (!comma)
			return err_set(err, "the header is not a dict");
		if (parse_pair(&c, out, &seen, err))
			return -1;
		comma = take(&c, ',');
	}
	skip_blanks(&c);
	if (c.p != c.end)
		return err_set(err, "text behind the header's dict");
	if (seen != 7)
		return err_set(err, "the header lacks 'descr', "
				    "'fortran_order' or 'shape'");
	return 0;
}

int npy_parse(const void *p, size_t len, struct npy *out, struct err *err)
{
	const uint8_t *b = p;
	size_t size_bytes, header, start;
	uint64_t bytes;

	*out = (struct npy){.file = BUF_INIT};
	if (len < FIXED_BYTES || memcmp(b, "\x93NUMPY", 6))
		return err_set(err, "not a .npy file");
	if (b[6] < 1 || b[6] > 3 || b[7])
		return err_set(err, "version %u.%u of .npy is not read", b[6],
			b[7]);
	size_bytes = b[6] == 1 ? 2 : 4;
	start = FIXED_BYTES + size_bytes;
	header = 0;
	if (len >= start)
		for (size_t i = size_bytes; i-- > 0;)
			header = header << 8 | b[FIXED_BYTES + i];
	if (len < start || header > len - start)
		return err_set(err, "the header is cut off");
	if (header > MAX_HEADER)
		return err_set(err, "a header of %zu bytes is too long",
			header);
	if (parse_header((struct cursor){(const char *)b + start,
				 (const char *)b + start + header},
		    out, err))
		return -1;
	start += header;
	if (__builtin_mul_overflow(out->count, out->width, &bytes))
		return err_set(err, "the shape's product is too large");
	if (bytes != len - start)
		return err_set(err,
			"the shape wants %" PRIu64 " bytes of data, "
			"there are %zu",
			bytes, len - start);
	out->data = b + start;
	return 0;
}

int npy_load(const char *path, uint64_t limit, struct npy *out, struct err *err)
{
	struct buf file = BUF_INIT;

	*out = (struct npy){.file = BUF_INIT};
	if (load_file(path, limit, &file, err)) {
		buf_release(&file);
		return -1;
	}
	if (npy_parse(file.data, file.len, out, err)) {
		buf_release(&file);
		return err_prefix(err, "%s", path);
	}
	out->file = file;
	return 0;
}

void npy_release(struct npy *a)
{
	buf_release(&a->file);
	*a = (struct npy){.file = BUF_INIT};
}

/* The element's bits, zero-extended. */
static uint64_t bits_at(const struct npy *a, uint64_t i)
{
	const uint8_t *p = a->data + i * a->width;
	uint64_t v = 0;

	for (unsigned k = 0; k < a->width; k++)
		v = v << 8 | p[a->big_endian ? k : a->width - 1 - k];
	return v;
}

static int64_t sign_extend(uint64_t v, unsigned width)
{
	unsigned shift = 64 - 8 * width;

	return (int64_t)(v << shift) >> shift;
}

double npy_f64(const struct npy *a, uint64_t i)
{
	uint64_t v = bits_at(a, i);
	uint32_t v32 = (uint32_t)v;
	double d;
	float f;

	if (a->kind == NPY_INT)
		return (double)sign_extend(v, a->width);
	if (a->kind != NPY_FLOAT)
		return (double)v;
	if (a->width == 2)
		return (double)half_to_f32((uint16_t)v);
	if (a->width == 4) {
		memcpy(&f, &v32, sizeof(f));
		return (double)f;
	}
	memcpy(&d, &v, sizeof(d));
	return d;
}

int npy_i64(const struct npy *a, uint64_t i, int64_t *out)
{
	uint64_t v = bits_at(a, i);

	if (a->kind == NPY_FLOAT || (a->kind == NPY_UINT && v > INT64_MAX))
		return -1;
	*out = a->kind == NPY_INT ? sign_extend(v, a->width) : (int64_t)v;
	return 0;
}
