/*
 * chips-gdal FILE SIZE THREADS < windows - a plain loop over GDAL: what
 * tile-fetch is measured against.
 *
 * Windows ("column row" a line) are sorted by block of 512 pixels and read by
 * RasterIO, a data set a thread, runs of 64 windows to a thread at a time;
 * each becomes a JPEG of quality 90 by libjpeg. Prints how many chips of how
 * many bytes.
 */
#include "base/base.h"
#include "base/num.h"

/* GDAL's headers ask for macros that only clang has */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#include <gdal.h>
#pragma GCC diagnostic pop
#include <jpeglib.h>
#include <pthread.h>
#include <stdio.h>

enum { RUN = 64 };

static int (*windows)[2], size, count, next;
static const char *file;
static unsigned long bytes;

static int by_block(const void *a, const void *b)
{
	const int *p = a, *q = b;

	if (p[1] / 512 != q[1] / 512)
		return p[1] / 512 - q[1] / 512;
	return p[0] - q[0];
}

static unsigned long encode(unsigned char *px, unsigned char **out,
	unsigned long *room)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr err;
	unsigned long len = *room;

	c.err = jpeg_std_error(&err);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, out, &len);
	c.image_width = c.image_height = (unsigned)size;
	c.input_components = 3;
	c.in_color_space = JCS_RGB;
	jpeg_set_defaults(&c);
	jpeg_set_quality(&c, 90, TRUE);
	jpeg_start_compress(&c, TRUE);
	while (c.next_scanline < c.image_height) {
		JSAMPROW row = px + (size_t)c.next_scanline * size * 3;

		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	return len;
}

static void *work(void *arg)
{
	GDALDatasetH ds = GDALOpen(file, GA_ReadOnly);
	unsigned char *px = xmalloc((size_t)size * size * 3);
	unsigned long room = (unsigned long)size * size * 3, sum = 0;
	unsigned char *out = xmalloc(room);
	int bands[] = {1, 2, 3};

	(void)arg;
	for (;;) {
		int i = __atomic_fetch_add(&next, RUN, __ATOMIC_RELAXED);
		int end = i + RUN < count ? i + RUN : count;

		if (i >= count)
			break;
		for (; i < end; i++) {
			if (GDALDatasetRasterIOEx(ds, GF_Read, windows[i][0],
				    windows[i][1], size, size, px, size, size,
				    GDT_Byte, 3, bands, 3, size * 3, 1, NULL))
				exit(1);
			sum += encode(px, &out, &room);
		}
	}
	GDALClose(ds);
	__atomic_fetch_add(&bytes, sum, __ATOMIC_RELAXED);
	free(px);
	free(out);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[64];
	uint64_t side, n;
	int room = 0, x, y;

	if (argc != 4 || parse_u64(argv[2], &side) || parse_u64(argv[3], &n) ||
		n < 1 || n > ARRAY_SIZE(threads) || side < 1 || side > 4096)
		return 2;
	file = argv[1];
	size = (int)side;
	GDALAllRegister();
	while (scanf("%d %d", &x, &y) == 2) {
		if (count == room) {
			room = room ? 2 * room : 1024;
			windows = xreallocarray(windows, (size_t)room,
				sizeof(*windows));
		}
		windows[count][0] = x;
		windows[count++][1] = y;
	}
	qsort(windows, (size_t)count, sizeof(*windows), by_block);
	for (uint64_t i = 0; i < n; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (uint64_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("%d chips, %lu bytes\n", count, bytes);
	return 0;
}
