/*
 * A record stream: what is read can be walked, parsed and written, and reads
 * the same again.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "rec/emb.h"
#include "rec/img_field.h"
#include "rec/pack.h"
#include "rec/stream.h"
#include "rec/tags_field.h"

/* Walks a value to its leaves; returns how many bytes it found. */
static size_t walk(struct val v)
{
	struct val_iter it = val_iter(v);
	struct val key = {NULL, 0}, e;
	const uint8_t *end = v.p + v.len;
	size_t n = 0, bytes = 0;
	int8_t type;
	struct str s;

	if (!val_str(v, &s) || !val_bin(v, &s) || !val_ext(v, &type, &s)) {
		HOLDS(s.len < v.len && s.s + s.len == (const char *)end);
		return s.len;
	}
	for (; val_next(&it, &key, &e); n++) {
		HOLDS(e.len && e.p > v.p && e.p + e.len <= end);
		bytes += key.len + e.len;
		walk(e);
	}
	HOLDS(n == val_count(v));
	HOLDS(!n || bytes < v.len);
	return bytes;
}

/* The scan in steps of a byte must say what it says in one go. */
static void scan_in_steps(const uint8_t *p, size_t len)
{
	struct val_scan whole = {.need = 1}, steps = {.need = 1};
	int64_t want = val_scan(&whole, p, len), got = 0;

	for (size_t n = 1; n <= len && !got; n++) {
		got = val_scan(&steps, p, n);
		HOLDS(got || steps.need > n);
	}
	HOLDS(got == want || want > (int64_t)len);
}

static void read_fields(const struct rec *r)
{
	struct tags tags = TAGS_INIT;
	struct img_field img;
	struct emb emb;
	struct val v;
	struct err err;

	if (rec_get(r, "tags", &v))
		(void)!tags_read(v, &tags, &err);
	tags_release(&tags);
	if (rec_get(r, "img", &v) && !img_field_read(v, &img, &err)) {
		struct buf b = BUF_INIT;
		struct img_field again;

		img_field_pack(&b, &img);
		v = (struct val){(uint8_t *)b.data, b.len};
		HOLDS(!img_field_read(v, &again, &err));
		HOLDS(str_eq(again.uri, img.uri) && again.nbands == img.nbands);
		buf_release(&b);
	}
	if (emb_read(r, "img_emb", &emb, &err) > 0)
		for (size_t i = 0; i < emb.dim; i++)
			(void)emb_at(&emb, i);
}

/* A record packed again has the same fields, byte for byte. */
static void parse(struct val v)
{
	struct rec r = REC_INIT, again = REC_INIT;
	struct buf b = BUF_INIT;
	struct err err;

	if (rec_parse(&r, v.p, v.len, &err))
		return;
	read_fields(&r);
	rec_pack(&r, &b);
	HOLDS(b.len <= v.len);
	HOLDS(!rec_parse(&again, (uint8_t *)b.data, b.len, &err));
	HOLDS(again.n == r.n);
	for (size_t i = 0; i < r.n; i++) {
		HOLDS(str_eq(r.fields[i].key, again.fields[i].key));
		HOLDS(r.fields[i].val.len == again.fields[i].val.len);
		HOLDS(!memcmp(r.fields[i].val.p, again.fields[i].val.p,
			r.fields[i].val.len));
	}
	rec_release(&r);
	rec_release(&again);
	buf_release(&b);
}

/*
 * Reads to the end or to the damage; w: writes what is read, else NULL. Gives
 * the kinds and bytes of all headers and data records. Returns the reader's.
 */
static int copy(int fd, struct rec_writer *w, struct buf *seen)
{
	struct rec_reader *r = rec_reader_new(fd, "stream");
	bool open = false;
	struct rec_view v;
	struct err err;
	int rc;

	while (!(rc = rec_reader_next(r, &v, &err)) && v.kind != REC_EOF) {
		struct buf b = {(char *)(uintptr_t)v.val.p, v.val.len, 0};

		HOLDS(walk(v.val) < v.val.len);
		if (v.kind == REC_DATA)
			parse(v.val);
		if (v.kind == REC_HEADER && w)
			HOLDS(!rec_writer_header(w, v.val, &err));
		if (v.kind == REC_DATA && w)
			HOLDS(!rec_writer_data(w, buf_val(&b), &err));
		open = v.kind != REC_END;
		if (w && !open)
			HOLDS(!rec_writer_end(w, NULL, &err));
		buf_addc(seen, (char)v.kind);
		if (open)
			buf_add(seen, b.data, b.len);
	}
	if (open) {
		if (w)
			HOLDS(!rec_writer_end(w, NULL, &err));
		buf_addc(seen, REC_END);
	}
	HOLDS(!rc || rec_reader_next(r, &v, &err));
	rec_reader_free(r);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first = BUF_INIT, second = BUF_INIT;
	int in = fuzz_file(data, size), out = fuzz_file(NULL, 0);
	struct rec_writer *w = rec_writer_new(out, "copy");
	uint8_t *bytes = fuzz_copy(data, size);
	struct err err;

	scan_in_steps(bytes, size);
	(void)!copy(in, w, &first);
	HOLDS(!rec_writer_flush(w, &err) && !lseek(out, 0, SEEK_SET));
	HOLDS(!copy(out, NULL, &second) || !first.len);
	HOLDS(first.len == second.len);
	HOLDS(!first.len || !memcmp(first.data, second.data, first.len));
	free(bytes);
	rec_writer_free(w);
	close(in);
	close(out);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
