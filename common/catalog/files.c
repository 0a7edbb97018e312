#include "base/base.h"
#include "catalog/files.h"

#include <glob.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/map.h"
#include "base/num.h"
#include "catalog/bands.h"
#include "raster/files.h"

/* Folders inside one another. */
enum { MAX_DEPTH = 64 };

struct walk {
	struct maker *m;
	struct band_sets *bands; /* NULL: all bands in one file */
	size_t passed; /* files that are no images: in folders, or other bands
			*/
	unsigned depth;
	struct map folders; /* that have been read, by device and inode: of the
			     * name at hand */
};

static int set_aside(struct walk *w, const char *path, const char *reason,
	const char *detail, struct err *err)
{
	struct img_field img = {.uri = str_from(path)};

	return maker_set_aside(w->m, &img, FAULT, reason, detail, err);
}

/* Overviews and masks, which belong to the image beside them. */
static bool is_beside(const char *path)
{
	static const char *const endings[] = {".ovr", ".msk"};
	size_t len = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t n = strlen(endings[i]);

		if (len > n && !strcmp(path + len - n, endings[i]))
			return true;
	}
	return false;
}

static int add_named(struct walk *w, const char *path, struct err *err)
{
	struct img_field img = {.uri = str_from(path)};

	if (!w->bands)
		return maker_add_file(w->m, &img, err);
	/* "*.jp2" names the other bands, too */
	w->passed += !band_sets_add(w->bands, path);
	return 0;
}

static int add_folder(struct walk *w, const char *path, struct err *err);

static int add_found(void *ctx, const char *path, struct err *err)
{
	struct walk *w = ctx;
	int found = 0;

	if (files_is_folder(path))
		return add_folder(w, path, err);
	if (w->bands)
		found = band_sets_add(w->bands, path);
	else if (!is_beside(path))
		found = maker_add_found(w->m, path, err);
	w->passed += !found;
	return MIN(found, 0);
}

/* Whether a folder has been read already, under another name: a link. */
static bool is_known(struct walk *w, const char *path)
{
	char key[2 * I64_TEXT + 2];
	struct stat st;
	size_t *times;
	int n;

	if (stat(path, &st)) /* in an archive: it has no links */
		return false;
	n = snprintf(key, sizeof(key), "%ju %ju", (uintmax_t)st.st_dev,
		(uintmax_t)st.st_ino);
	times = map_put(&w->folders, (struct str){key, (size_t)n});
	if ((*times)++ == 0)
		return false;
	log_info("'%s' leads to a folder that has been read", path);
	return true;
}

/* What cannot be read of it is set aside as one; the rest goes on. */
static int add_folder(struct walk *w, const char *path, struct err *err)
{
	struct err why;
	int rc;

	if (is_known(w, path))
		return 0;
	if (w->depth == MAX_DEPTH) {
		err_set(&why, "'%s': more than %d folders inside one another",
			path, MAX_DEPTH);
		return set_aside(w, path, "cannot read the folder", why.msg,
			err);
	}
	w->depth++;
	rc = files_each(path, add_found, w, err);
	w->depth--;
	return rc;
}

static int add_one(struct walk *w, const char *path, struct err *err)
{
	return files_is_folder(path) ? add_folder(w, path, err)
				     : add_named(w, path, err);
}

static int add_operand(struct walk *w, const char *name, struct err *err)
{
	bool pattern = strpbrk(name, "*?[") && access(name, F_OK) != 0;
	struct buf why = BUF_INIT;
	glob_t found;
	int rc;

	map_release(&w->folders); /* what is named twice comes out twice */
	rc = pattern ? glob(name, 0, NULL, &found) : GLOB_NOMATCH;
	if (rc && pattern && !strchr(name, ':') && *name != '/') {
		buf_addf(&why, "cannot open '%s': no file matches", name);
		rc = set_aside(w, name, "cannot open the image", buf_str(&why),
			err);
		buf_release(&why);
		return rc;
	}
	if (rc)
		return add_one(w, name, err);
	for (size_t i = 0; i < found.gl_pathc && !rc; i++)
		rc = add_one(w, found.gl_pathv[i], err);
	globfree(&found);
	return rc;
}

static void say_passed(const struct walk *w)
{
	bool one = w->passed == 1;

	if (!w->passed)
		return;
	if (w->bands)
		log_info("%zu %s not of the bands asked for", w->passed,
			one ? "file is" : "files are");
	else
		log_info("%zu %s", w->passed,
			one ? "file in folders is no image"
			    : "files in folders are no images");
}

int catalog_files(struct maker *m, const struct names *names, struct err *err)
{
	struct walk w = {.m = m};
	int rc = 0;

	if (maker_options(m)->band_pattern)
		w.bands = band_sets_new(m);
	for (size_t i = 0; i < names->n && !rc; i++)
		rc = add_operand(&w, names->items[i], err);
	if (!rc && w.bands)
		rc = band_sets_put(w.bands, err);
	say_passed(&w);
	band_sets_free(w.bands);
	map_release(&w.folders);
	return rc;
}
