/*
 * Where values end: the innermost loop of every tool. Most values are short
 * strings and numbers, whose first byte tells their size; the rest is a switch.
 */
#include "base/base.h"
#include "rec/rec.h"

/* The size of a value whose first byte tells it; 0: it does not. */
static inline size_t quick_size(uint8_t c)
{
	static const uint8_t sizes[32] = {/* from 0xc0 on */
		1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, /**/
		2, 3, 5, 9, 3, 4, 6, 10, 18};

	/* the branches let the processor guess ahead, where a table of all
	 * sizes would make it wait for each */
	if ((c & 0xe0) == 0xa0) /* a short str */
		return 1 + (c & 31u);
	if (c == 0xcb) /* f64 */
		return 9;
	if (c < 0x80 || c >= 0xe0) /* a small integer */
		return 1;
	return c >= 0xc0 ? sizes[c - 0xc0] : 0;
}

/* What stands at p, where quick_size() does not tell. */
struct part {
	size_t size;       /* bytes of the value, or of a container's head */
	uint64_t children; /* values inside a container */
	bool container;
};

static inline uint32_t be(const uint8_t *p, unsigned width)
{
	uint32_t v = 0;

	while (width--)
		v = v << 8 | *p++;
	return v;
}

/* False where the bytes are too few for the head, or no value begins so. */
static inline bool read_part(const uint8_t *p, size_t len, struct part *out)
{
	unsigned c = p[0], width;

	if (c < 0xa0) { /* fixmap, fixarray */
		*out = (struct part){1, c < 0x90 ? 2 * (c & 15) : c & 15, true};
		return true;
	}
	if (c >= 0xc4 && c <= 0xc9) /* bin, ext: 1, 2, 4 */
		width = 1u << (c - 0xc4) % 3;
	else if (c >= 0xd9 && c <= 0xdb) /* str: 1, 2, 4 */
		width = 1u << (c - 0xd9);
	else if (c >= 0xdc && c <= 0xdf) /* array, map: 2, 4 */
		width = c & 1 ? 4 : 2;
	else
		return false;
	if (len < 1 + width)
		return false;
	*out = (struct part){1 + width, be(p + 1, width), c >= 0xdc};
	if (c >= 0xde)
		out->children *= 2;
	if (!out->container) {
		out->size += out->children + (c >= 0xc7 && c <= 0xc9);
		out->children = 0;
	}
	return true;
}

size_t val_skip(const uint8_t *p, size_t len, unsigned depth)
{
	uint64_t left[VAL_MAX_DEPTH], n = 1;
	unsigned open = 0;
	size_t pos = 0;

	for (;;) {
		while (n) {
			struct part part;
			size_t size;

			if (pos >= len)
				return 0;
			size = quick_size(p[pos]);
			n--;
			if (size) {
				pos += size;
				continue;
			}
			if (!read_part(p + pos, len - pos, &part) ||
				part.size > len - pos)
				return 0;
			pos += part.size;
			if (!part.container)
				continue;
			if (depth + open == VAL_MAX_DEPTH)
				return 0;
			if (part.children) {
				left[open++] = n;
				n = part.children;
			}
		}
		if (!open)
			break;
		n = left[--open];
	}
	return pos <= len ? pos : 0;
}

/* A key, and where it ends; 0: not all of it is there. */
static size_t scan_key(const uint8_t *p, size_t len, struct rec_field *f)
{
	unsigned c = len ? p[0] : 0xc1;
	size_t n;

	if ((c & 0xe0) == 0xa0) {
		n = 1 + (c & 31);
		f->key = (struct str){(const char *)p + 1, c & 31};
	} else {
		n = val_skip(p, len, 1);
		f->key = (struct str){NULL, 0};
		if (n)
			(void)!val_str((struct val){p, n}, &f->key);
	}
	f->key_val = (struct val){p, n};
	return n <= len ? n : 0;
}

size_t rec_scan(struct rec *r, const uint8_t *p, size_t len)
{
	struct part head;
	size_t pos, n;

	r->n = 0;
	r->edited = false;
	if (!len || (p[0] >> 4 != 8 && p[0] != 0xde && p[0] != 0xdf) ||
		!read_part(p, len, &head))
		return 0;
	pos = head.size;
	for (uint64_t i = head.children / 2; i; i--) {
		struct rec_field *f;

		if (r->n == r->cap)
			xgrow(&r->room, &r->cap, r->n + 1, sizeof(*r->room));
		f = &r->room[r->n];
		n = scan_key(p + pos, len - pos, f);
		if (!n)
			return 0;
		pos += n;
		n = pos < len ? quick_size(p[pos]) : 0;
		if (!n || n > len - pos)
			n = val_skip(p + pos, len - pos, 1);
		if (!n)
			return 0;
		f->val = (struct val){p + pos, n};
		pos += n;
		r->n++;
	}
	r->fields = r->room;
	r->whole = (struct val){p, pos};
	return pos;
}
