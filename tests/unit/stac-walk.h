/*
 * stac-walk.h - walks STAC documents in a folder of its own and writes down
 * what comes out.
 */
#ifndef TESTS_STAC_WALK_H
#define TESTS_STAC_WALK_H

#include "base/io.h"
#include "stac/stac.h"
#include "unit/tap.h"

#include <sys/stat.h>
#include <unistd.h>

/* What came out: a line for each item and each thing set aside. */
struct came {
	struct buf lines;
	bool whole; /* all that is known of an item, not just its name */
	int stop;   /* what the sink says to an item */
};

static inline void add_str(struct buf *b, const char *name, struct str s)
{
	if (s.len)
		buf_addf(b, " %s=%.*s", name, (int)s.len, s.s);
}

static inline void add_numbers(struct buf *b, const char *name, const double *v,
	size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s%s%.10g", i ? "," : " ", i ? "" : name, v[i]);
}

static inline void add_whole(struct buf *b, const struct stac_item *item)
{
	add_str(b, "collection", item->collection);
	add_str(b, "date", item->date);
	add_str(b, "licence", item->licence);
	add_str(b, "attribution", item->attribution);
	add_numbers(b, "gsd=", &item->gsd_m, item->gsd_m > 0);
	add_numbers(b, "cloud=", &item->cloud, item->has_cloud);
	for (size_t i = 0; i < item->nassets; i++)
		buf_addf(b, " %s", item->assets[i].uri);
	if (item->lacks) {
		buf_addf(b, " lacks %s", item->lacks);
	} else {
		add_str(b, "crs", item->crs);
		buf_addf(b, " size=%d,%d", (int)item->size[0],
			(int)item->size[1]);
		add_numbers(b, "t=", item->transform, 6);
	}
	for (size_t i = 0; i < item->nbands; i++)
		buf_addf(b, "%s%d", i ? "," : " bands=", (int)item->bands[i]);
	add_numbers(b, "nodata=", &item->nodata, item->has_nodata);
	add_numbers(b, "bbox=", item->bbox_deg, item->has_bbox ? 4 : 0);
	buf_addf(b, " wkb=%zu", item->geom.len);
}

static inline int take_item(void *ctx, const struct stac_item *item,
	struct err *err)
{
	struct came *came = ctx;

	buf_addf(&came->lines, "%.*s", (int)item->id.len, item->id.s);
	if (came->whole)
		add_whole(&came->lines, item);
	buf_addc(&came->lines, '\n');
	return came->stop ? err_set(err, "the sink is full") : 0;
}

static inline int take_aside(void *ctx, const struct stac_aside *aside,
	struct err *err)
{
	struct came *came = ctx;

	(void)err;
	buf_addf(&came->lines, "%c %s: %s (%s)%s%s\n", aside->fault ? '!' : '-',
		aside->id ? aside->id : "", aside->reason, aside->place,
		aside->detail ? " " : "", aside->detail ? aside->detail : "");
	return 0;
}

static inline void file(const char *name, const char *text)
{
	struct err err;

	if (save_file(name, text, strlen(text), &err)) {
		ok(0, "%s", err.msg);
		exit(1);
	}
}

/* Walks a place; the lines, and the error, must be these. */
static inline void gives(const char *what, const struct stac_query *q,
	bool whole, const char *place, const char *want)
{
	struct http_limits limits = HTTP_LIMITS_USUAL;
	struct came came = {.lines = BUF_INIT, .whole = whole};
	struct stac_sink sink = {&came, take_item, take_aside, NULL};
	struct stac *s = stac_new(q, &sink, &limits);
	struct err err = {""};

	if (stac_read(s, place, &err))
		buf_addf(&came.lines, "error: %s\n", err.msg);
	if (!ok(!strcmp(buf_str(&came.lines), want), "%s", what)) {
		printf("# got:\n# %s\n# want:\n# %s\n", buf_str(&came.lines),
			want);
	}
	stac_free(s);
	buf_release(&came.lines);
}

static const struct stac_query all = {.collections = NULL};

/* A folder to be in, and the end of it. */
static inline void enter(char folder[32])
{
	memcpy(folder, "/tmp/stac-test.XXXXXX", 22);
	if (!mkdtemp(folder) || chdir(folder))
		exit(1);
}

static inline void leave(const char *folder)
{
	struct buf clean = BUF_INIT;

	buf_addf(&clean, "rm -rf %s", folder);
	if (chdir("/") || system(buf_str(&clean)))
		exit(1);
	buf_release(&clean);
}

#endif
