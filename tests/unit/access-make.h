/*
 * access-make.h - what the programs about access.h share: a folder of images,
 * one that stands for the network, and a process for each set of rules.
 */
#ifndef TESTS_ACCESS_MAKE_H
#define TESTS_ACCESS_MAKE_H

#include <sys/wait.h>

#include "raster/access.h"
#include "unit/raster-make.h"
#include "unit/tap.h"

enum { WIDTH = 64, HEIGHT = 48 };

static const uint64_t first[1] = {1};

/* remote.h's files: http://HOST/NAME and s3://BUCKET/NAME are srv/NAME. */
struct remote {
	struct buf body;
};

static struct buf asked; /* names that were opened, a line each */

struct remote *remote_open(struct remotes *r, const char *url, struct err *err)
{
	const char *name = strchr(strstr(url, "://") + 3, '/');
	struct buf path = BUF_INIT;
	struct remote *f = NULL;

	(void)r;
	buf_addf(&path, "srv%s", name ? name : "/");
	path.len = strcspn(buf_str(&path), "?"); /* a query is no file's */
	buf_addf(&asked, "%s\n", url);
	if (access(buf_str(&path), R_OK)) {
		err_set(err, "%s: HTTP 404", url);
	} else {
		f = xcalloc(1, sizeof(*f));
		f->body = get_file(buf_str(&path));
	}
	buf_release(&path);
	return f;
}

void remote_close(struct remote *f)
{
	if (f)
		buf_release(&f->body);
	free(f);
}

uint64_t remote_size(const struct remote *f)
{
	return f->body.len;
}

long remote_read(struct remote *f, void *p, size_t len, uint64_t offset,
	struct err *err)
{
	size_t n = offset < f->body.len ? f->body.len - (size_t)offset : 0;

	(void)err;
	n = MIN(n, len);
	if (n)
		memcpy(p, f->body.data + offset, n);
	return (long)n;
}

/* Claims of a child count as this program's. */
static inline void in_child(void (*fn)(void))
{
	int pipes[2], counts[2] = {0, 1}, status;
	pid_t pid;

	fflush(stdout);
	if (pipe(pipes) < 0)
		abort();
	pid = fork();
	if (pid == 0) {
		fn();
		counts[0] = tap_count;
		counts[1] = tap_failed;
		if (write(pipes[1], counts, sizeof(counts)) < 0)
			abort();
		exit(0);
	}
	close(pipes[1]);
	if (read(pipes[0], counts, sizeof(counts)) != sizeof(counts) ||
		waitpid(pid, &status, 0) != pid || status) {
		printf("Bail out! a child ended early\n");
		exit(1);
	}
	close(pipes[0]);
	tap_count = counts[0];
	tap_failed = counts[1];
}

static inline void put_text(const char *name, const char *text)
{
	put_file(name, text, strlen(text));
}

/* A VRT of one band; `attributes` are the band's, `inside` what it holds. */
static inline void put_vrt(const char *name, const char *attributes,
	const char *inside)
{
	struct buf b = BUF_INIT;

	buf_addf(&b,
		"<VRTDataset rasterXSize=\"%d\" rasterYSize=\"%d\">"
		"<VRTRasterBand dataType=\"Byte\" band=\"1\" %s>%s"
		"</VRTRasterBand></VRTDataset>",
		WIDTH, HEIGHT, attributes, inside);
	put_text(name, buf_str(&b));
	buf_release(&b);
}

static inline const char *simple(const char *file, bool relative)
{
	static char text[2048];

	snprintf(text, sizeof(text),
		"<SimpleSource><SourceFilename relativeToVRT=\"%d\">%s"
		"</SourceFilename><SourceBand>1</SourceBand></SimpleSource>",
		relative, file);
	return text;
}

static char folder[] = "/tmp/access-test.XXXXXX";

static inline const char *absolute(const char *name)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s/%s", folder, name);
	return text;
}

static inline void put_sources(void)
{
	uint8_t *px = xcalloc((size_t)WIDTH * HEIGHT, 1);

	for (unsigned i = 0; i < WIDTH * HEIGHT; i++)
		px[i] = (uint8_t)(i % 251);
	put_envi("raw.img", px, 1, WIDTH, HEIGHT, 1, 1, "");
	sh("mkdir srv ok && gdal_translate -q raw.img t.tif && cp t.tif srv/ "
	   "&& cp t.tif ok/ && mkdir srv/ok && cp t.tif srv/ok/ && "
	   "gdal_translate -q -scale 0 255 200 200 -outsize 50%% 50%% raw.img "
	   "secret.tif && gdal_translate -q -b 1 -b 1 raw.img two.tif && "
	   "gdal_translate -q -outsize 32 24 raw.img small.tif && "
	   "cp secret.tif srv/t.tif.ovr && gzip -k t.tif && tar cf t.tar "
	   "t.tif && gdal_translate -q -of HFA raw.img srv/t.img && "
	   "gdal_translate -q -outsize 5000 4500 -co COMPRESS=JPEG -co "
	   "TILED=YES raw.img jpeg.tif");
	free(px);
}

static inline struct raster *open_one(const char *name, struct err *err)
{
	struct str uri = str_from(name);

	*err = (struct err){""};
	return raster_open_source(&uri, 1, NULL, err);
}

/* What the first row's 3rd pixel of band 1 is; -1: it does not open. */
static inline int pixel(const char *name, struct err *err)
{
	const struct raster_window win = {2, 0, 1, 1};
	struct image img = {NULL, 0, 0, 0};
	struct raster *r = open_one(name, err);
	uint8_t *mask = NULL;
	int v = -1;

	if (r && !raster_read_level(r, 0, &win, first, 1, NULL, NULL, &img,
			 &mask, err))
		v = img.px[0];
	image_release(&img);
	free(mask);
	raster_free(r);
	return v;
}

static inline void refused(const char *name)
{
	struct err err;
	struct raster *r = open_one(name, &err);

	ok(!r && err.msg[0], "refused: %.200s", err.msg);
	raster_free(r);
}

static inline void opens(const char *name, const char *what)
{
	struct err err;
	int v = pixel(name, &err);

	ok(v == 2, "%s: %s", what, err.msg);
}

static inline struct raster_rules network(void)
{
	return (struct raster_rules){.remotes = (struct remotes *)&asked};
}

static inline void rule(const struct raster_rules *r)
{
	struct err err;

	if (raster_rule(r, &err)) {
		printf("Bail out! %s\n", err.msg);
		exit(1);
	}
}

#endif
