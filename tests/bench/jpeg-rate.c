/*
 * jpeg-rate COUNT THREADS FILE… - decodes the files over and over, COUNT in
 * all, out of memory by libjpeg alone: what tile-fetch is measured against.
 */
#include "base/base.h"

#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/io.h"
#include "base/num.h"

enum { BODY_MAX = 16 << 20 };

static struct buf *bodies; /* [nbodies] */
static uint64_t nbodies, count;
static atomic_uint_fast64_t next;

static void decode(struct jpeg_decompress_struct *d, const struct buf *body,
	struct buf *row)
{
	JSAMPROW to;

	jpeg_mem_src(d, (const unsigned char *)body->data, body->len);
	jpeg_read_header(d, TRUE);
	jpeg_start_decompress(d);
	buf_reserve(row, (size_t)d->output_width * 3);
	to = (JSAMPROW)row->data;
	while (d->output_scanline < d->output_height)
		jpeg_read_scanlines(d, &to, 1);
	jpeg_finish_decompress(d);
}

static void *work(void *arg)
{
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr error;
	struct buf row = BUF_INIT;
	uint64_t i;

	d.err = jpeg_std_error(&error);
	jpeg_create_decompress(&d);
	while ((i = atomic_fetch_add(&next, 1)) < count)
		decode(&d, &bodies[i % nbodies], &row);
	jpeg_destroy_decompress(&d);
	buf_release(&row);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t threads[64];
	uint64_t n = 0;
	struct err err;

	if (argc < 4 || parse_u64(argv[1], &count) || parse_u64(argv[2], &n) ||
		!n || n > ARRAY_SIZE(threads)) {
		fprintf(stderr, "usage: jpeg-rate COUNT THREADS FILE...\n");
		return 2;
	}
	nbodies = (uint64_t)argc - 3;
	bodies = xcalloc(nbodies, sizeof(*bodies));
	for (uint64_t i = 0; i < nbodies; i++)
		if (load_file(argv[3 + i], BODY_MAX, &bodies[i], &err)) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
	for (uint64_t i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 1;
	for (uint64_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
