/*
 * clip-cosine - a model's embeddings against those of embeddings.tsv.
 *
 * clip-cosine FOLDER NAME TABLE CAPTIONS
 *
 * For each line of TABLE about the model NAME: embeds the input with the model
 * in FOLDER; prints how many texts and images there were, the lowest cosine to
 * the table's vectors, and the highest between neighbours in the table, which
 * shows that the inputs can be told apart. Scenes need $SKYFILTERS_TESTDATA and
 * are left out without it. Exits with 1 when a cosine is below 0.99999.
 */
#include "base/base.h"
#include "base/io.h"
#include "base/num.h"
#include "img/img.h"
#include "ml/clip.h"

#include <math.h>
#include <stdio.h>

enum { MAX_FILE = 64 << 20, MAX_LINES = 1024 };

struct run {
	struct clip *m;
	struct clip_scratch *scratch;
	struct str captions[MAX_LINES]; /* [ncaptions] */
	size_t ncaptions;
	float *got;                /* [dim] */
	double *own, *want, *last; /* [dim] */
	size_t texts, images;
	double lowest, neighbours;
};

/* The image that tests/oracle/make-embeddings.py makes up. */
static void mosaic(unsigned width, unsigned height, struct image *out)
{
	uint8_t *p = xmalloc((size_t)width * height * 3);

	*out = (struct image){p, width, height, 3};
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			for (uint32_t c = 0; c < 3; c++) {
				uint32_t v = x / 8 + y / 8 * 131 + c * 7;

				v = (v * 31 + width) * UINT32_C(0x85ebca6b);
				v ^= v >> 13;
				v *= UINT32_C(0xc2b2ae35);
				v ^= v >> 16;
				*p++ = (uint8_t)v;
			}
}

/* 1: a scene that is not there. */
static int get_image(const char *name, struct image *out, struct err *err)
{
	const char *folder = getenv("SKYFILTERS_TESTDATA");
	const char *x = strchr(name, 'x');
	struct buf path = BUF_INIT, data = BUF_INIT;
	char *width = xmemdup0(name, x ? (size_t)(x - name) : 0);
	uint64_t w, h;
	int rc = 1;

	if (x && !parse_u64(width, &w) && !parse_u64(x + 1, &h)) {
		mosaic((unsigned)w, (unsigned)h, out);
		rc = 0;
	} else if (folder && *folder) {
		buf_addf(&path, "%s/%s", folder, name);
		rc = load_file(buf_str(&path), MAX_FILE, &data, err);
		if (!rc)
			rc = image_decode(data.data, data.len, out, err);
	}
	free(width);
	buf_release(&path);
	buf_release(&data);
	return rc;
}

static int embed(struct run *r, const char *kind, const char *name,
	struct err *err)
{
	struct image image = {0};
	uint64_t line;
	int rc;

	if (!strcmp(kind, "text")) {
		if (parse_u64(name, &line) || !line || line > r->ncaptions)
			return err_set(err, "no caption '%s'", name);
		r->texts++;
		return clip_embed_texts(r->m, r->scratch,
			&r->captions[line - 1], 1, r->got, err);
	}
	rc = get_image(name, &image, err);
	if (!rc) {
		r->images++;
		rc = clip_embed_images(r->m, r->scratch, &image, 1, r->got,
			err);
	}
	image_release(&image);
	return rc;
}

static double cosine(const double *a, const double *b, size_t n)
{
	double ab = 0, aa = 0, bb = 0;

	for (size_t i = 0; i < n; i++) {
		ab += a[i] * b[i];
		aa += a[i] * a[i];
		bb += b[i] * b[i];
	}
	return ab / sqrt(aa * bb);
}

static int compare(struct run *r, char *values, struct err *err)
{
	size_t n = clip_dim(r->m);
	double *swap;

	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(values, " ");
		bool last = !values[len];

		values[len] = '\0';
		if (parse_f64(values, &r->want[i]) || last != (i + 1 == n))
			return err_set(err, "not %zu numbers", n);
		values += len + 1;
		r->own[i] = (double)r->got[i];
	}
	r->lowest = fmin(r->lowest, cosine(r->own, r->want, n));
	if (r->texts + r->images > 1)
		r->neighbours =
			fmax(r->neighbours, cosine(r->want, r->last, n));
	swap = r->last;
	r->last = r->want;
	r->want = swap;
	return 0;
}

static char *next_field(char **line, const char *end)
{
	char *field = *line;
	size_t len = strcspn(field, end);

	*line = field + len + (field[len] != '\0');
	field[len] = '\0';
	return field;
}

static int run_table(struct run *r, const char *model, char *table,
	struct err *err)
{
	while (*table) {
		char *line = next_field(&table, "\n");
		const char *name = next_field(&line, "\t");
		const char *kind = next_field(&line, "\t");
		const char *input = next_field(&line, "\t");
		int rc;

		if (strcmp(name, model))
			continue;
		rc = embed(r, kind, input, err);
		if (!rc)
			rc = compare(r, line, err);
		if (rc < 0)
			return err_prefix(err, "%s %s", kind, input);
	}
	return 0;
}

static int start(struct run *r, const char *dir, char *captions,
	struct err *err)
{
	while (*captions && r->ncaptions < MAX_LINES)
		r->captions[r->ncaptions++] =
			str_from(next_field(&captions, "\n"));
	r->lowest = 1;
	r->neighbours = -1;
	r->m = clip_open(dir, 1, err);
	if (!r->m)
		return -1;
	r->scratch = clip_scratch_new(r->m);
	r->got = xcalloc(clip_dim(r->m), sizeof(*r->got));
	r->own = xcalloc(clip_dim(r->m), sizeof(*r->own));
	r->want = xcalloc(clip_dim(r->m), sizeof(*r->want));
	r->last = xcalloc(clip_dim(r->m), sizeof(*r->last));
	return 0;
}

int main(int argc, char **argv)
{
	struct buf table = BUF_INIT, captions = BUF_INIT;
	struct run r = {0};
	struct err err;
	int rc = -1;

	if (argc != 5) {
		fprintf(stderr, "usage: clip-cosine FOLDER NAME TABLE "
				"CAPTIONS\n");
		return 2;
	}
	if (!load_file(argv[3], MAX_FILE, &table, &err) &&
		!load_file(argv[4], MAX_FILE, &captions, &err) &&
		!start(&r, argv[1], captions.data, &err))
		rc = run_table(&r, argv[2], table.data, &err);
	if (rc)
		fprintf(stderr, "clip-cosine: %s\n", err.msg);
	else
		printf("%zu texts, %zu images: lowest cosine %.8f, highest "
		       "between neighbours %.4f\n",
			r.texts, r.images, r.lowest, r.neighbours);
	clip_scratch_free(r.scratch);
	clip_free(r.m);
	free(r.got);
	free(r.own);
	free(r.want);
	free(r.last);
	buf_release(&table);
	buf_release(&captions);
	return rc || !(r.lowest >= 0.99999) || !(r.texts + r.images);
}
