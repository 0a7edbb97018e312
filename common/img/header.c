#include "base/base.h"
#include "img/img.h"

/* Bytes of a file; reading past its end gives 0 and is remembered. */
struct bytes {
	const uint8_t *p;
	size_t len;
	bool little, short_of;
};

static uint32_t uint_at(struct bytes *b, size_t at, unsigned n)
{
	uint32_t v = 0;

	if (at > b->len || n > b->len - at) {
		b->short_of = true;
		return 0;
	}
	for (unsigned i = 0; i < n; i++)
		v = v << 8 | b->p[at + (b->little ? n - 1 - i : i)];
	return v;
}

static bool stands_at(const struct bytes *b, size_t at, const char *magic,
	size_t n)
{
	return at <= b->len && n <= b->len - at && !memcmp(b->p + at, magic, n);
}

/* The size stands in the first start-of-frame segment (T.81, B.2.2). */
static void jpeg_size(struct bytes *b, struct image_header *h)
{
	size_t at = 2;

	while (!b->short_of) {
		unsigned marker;

		while (uint_at(b, at, 1) == 0xff &&
			uint_at(b, at + 1, 1) == 0xff)
			at++; /* fill bytes */
		marker = uint_at(b, at + 1, 1);
		if (uint_at(b, at, 1) != 0xff || marker == 0xd9 ||
			marker == 0xda)
			return;
		/* SOF0 … SOF15 but for DHT, JPG and DAC */
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
			marker != 0xc8 && marker != 0xcc) {
			h->height = uint_at(b, at + 5, 2);
			h->width = uint_at(b, at + 7, 2);
			return;
		}
		/* TEM and RSTn have no length */
		if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8))
			at += 2;
		else
			at += 2 + uint_at(b, at + 2, 2);
	}
}

static void png_size(struct bytes *b, struct image_header *h)
{
	if (!stands_at(b, 12, "IHDR", 4))
		return;
	h->width = uint_at(b, 16, 4);
	h->height = uint_at(b, 20, 4);
}

/* RFC 9649, section 2: extended, lossy, lossless. */
static void webp_size(struct bytes *b, struct image_header *h)
{
	b->little = true;
	if (stands_at(b, 12, "VP8X", 4)) {
		h->width = uint_at(b, 24, 3) + 1;
		h->height = uint_at(b, 27, 3) + 1;
	} else if (stands_at(b, 12, "VP8 ", 4) &&
		   stands_at(b, 23, "\x9d\x01\x2a", 3)) {
		h->width = uint_at(b, 26, 2) & 0x3fff;
		h->height = uint_at(b, 28, 2) & 0x3fff;
	} else if (stands_at(b, 12, "VP8L", 4) && stands_at(b, 20, "/", 1)) {
		uint32_t bits = uint_at(b, 21, 4);

		h->width = (bits & 0x3fff) + 1;
		h->height = (bits >> 14 & 0x3fff) + 1;
	}
}

/* TIFF 6.0, section 2: ImageWidth and ImageLength of the first directory. */
static void tiff_size(struct bytes *b, struct image_header *h)
{
	enum { WIDTH = 256, LENGTH = 257, SHORT = 3, ENTRY = 12 };
	size_t at;
	uint32_t n;

	b->little = *b->p == 'I';
	at = uint_at(b, 4, 4);
	n = uint_at(b, at, 2);
	for (at += 2; n && !b->short_of; n--, at += ENTRY) {
		uint32_t tag = uint_at(b, at, 2);
		unsigned size = uint_at(b, at + 2, 2) == SHORT ? 2 : 4;

		if (tag == WIDTH)
			h->width = uint_at(b, at + 8, size);
		else if (tag == LENGTH)
			h->height = uint_at(b, at + 8, size);
	}
}

int image_read_header(const void *p, size_t len, struct image_header *h,
	struct err *err)
{
	static const struct {
		const char *format, *magic;
		size_t n;
		void (*size)(struct bytes *b, struct image_header *h);
	} formats[] = {
		{"jpeg", "\xff\xd8\xff", 3, jpeg_size},
		{"png", "\x89PNG\r\n\x1a\n", 8, png_size},
		{"webp", "RIFF", 4, webp_size},
		{"tiff", "II*\0", 4, tiff_size},
		{"tiff", "MM\0*", 4, tiff_size},
	};
	struct bytes b = {p, len, false, false};

	*h = (struct image_header){NULL, 0, 0};
	for (size_t i = 0; i < ARRAY_SIZE(formats) && !h->format; i++) {
		if (!stands_at(&b, 0, formats[i].magic, formats[i].n))
			continue;
		if (*b.p == 'R' && !stands_at(&b, 8, "WEBP", 4))
			continue;
		h->format = formats[i].format;
		formats[i].size(&b, h);
	}
	if (!h->format)
		return err_set(err, "neither JPEG, PNG, WebP nor TIFF");
	if (b.short_of)
		h->width = h->height = 0;
	return 0;
}
