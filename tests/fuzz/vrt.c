/*
 * A VRT: what GDAL gets of it has no file but those that were let through, and
 * nothing more is found in it when it is looked at again.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "raster/vrt.h"

static unsigned asked;

/* In place of access.c's. */
int source_in_vrt(const char *name, bool relative, const char *own, bool remote,
	struct vrt_walk *w, struct buf *out, struct err *err)
{
	HOLDS(name && own && !remote && w->depth);
	if (!relative && strcmp(name, "/safe"))
		return err_set(err, "not this one");
	asked++;
	buf_adds(out, "/safe");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	char *text = xmemdup0(data, size);
	struct vrt_walk w = {.depth = 0}, again = {.depth = 0};
	struct err err;
	unsigned before;

	asked = 0;
	if (!vrt_rewrite(text, "a.vrt", false, &w, &one, &err)) {
		HOLDS(one.len && w.bytes == one.len && !w.depth);
		before = asked;
		HOLDS(!vrt_rewrite(buf_str(&one), "b.vrt", false, &again, &two,
			&err));
		HOLDS(asked == 2 * before);
	} else {
		HOLDS(!one.len && err.msg[0]);
	}
	buf_release(&one);
	buf_release(&two);
	free(text);
	return 0;
}
