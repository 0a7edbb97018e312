#include "base/base.h"
#include "catalog/bands.h"

#include "base/log.h"
#include "base/map.h"
#include "raster/files.h"

struct set {
	char *paths[CATALOG_BANDS]; /* NULL: not met yet */
};

struct band_sets {
	struct maker *m;
	const struct catalog_options *o;
	struct map stems;             /* what the files share: which set */
	char *endings[CATALOG_BANDS]; /* the pattern with each band's name */
	struct set *sets;             /* [stems.len] */
	size_t cap;
};

/* The pattern with a band's name in it. */
static char *ending(const char *pattern, const char *name)
{
	static const char slot[] = "{band}";
	const char *at = strstr(pattern, slot);
	struct buf b = BUF_INIT;

	buf_add(&b, pattern, (size_t)(at - pattern));
	buf_adds(&b, name);
	buf_adds(&b, at + sizeof(slot) - 1);
	return buf_detach(&b);
}

struct band_sets *band_sets_new(struct maker *m)
{
	struct band_sets *b = xcalloc(1, sizeof(*b));

	b->m = m;
	b->o = maker_options(m);
	for (size_t i = 0; i < b->o->nbands; i++)
		b->endings[i] = ending(b->o->band_pattern, b->o->band_names[i]);
	return b;
}

void band_sets_free(struct band_sets *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->stems.len; i++)
		for (size_t band = 0; band < CATALOG_BANDS; band++)
			free(b->sets[i].paths[band]);
	for (size_t i = 0; i < CATALOG_BANDS; i++)
		free(b->endings[i]);
	map_release(&b->stems);
	free(b->sets);
	free(b);
}

/* The band whose ending is the longest that the path has; nbands: none. */
static size_t band_of(const struct band_sets *b, const char *path, size_t *stem)
{
	size_t len = strlen(path), best = b->o->nbands, longest = 0;

	for (size_t i = 0; i < b->o->nbands; i++) {
		size_t n = strlen(b->endings[i]);

		if (n <= len && n > longest &&
			!strcmp(path + len - n, b->endings[i])) {
			best = i;
			longest = n;
		}
	}
	*stem = len - longest;
	return best;
}

bool band_sets_add(struct band_sets *b, const char *path)
{
	size_t stem, band = band_of(b, path, &stem), n = b->stems.len;
	struct str shared = {path, stem};
	size_t *place;

	if (band == b->o->nbands)
		return false;
	place = map_get(&b->stems, shared);
	if (!place) {
		place = map_put(&b->stems, shared);
		*place = n;
		xgrow(&b->sets, &b->cap, n + 1, sizeof(*b->sets));
		b->sets[n] = (struct set){{NULL}};
	}
	if (b->sets[*place].paths[band])
		log_warn("'%s' is named twice", path);
	else
		b->sets[*place].paths[band] = xstrdup(path);
	return true;
}

/* The name that the files share up to the band's, without the folder. */
static struct str shared_name(const struct band_sets *b, struct str stem,
	struct buf *out)
{
	const char *pattern = b->o->band_pattern, *name;

	buf_add(out, stem.s, stem.len);
	buf_add(out, pattern, (size_t)(strstr(pattern, "{band}") - pattern));
	name = strrchr(buf_str(out), '/');
	name = name ? name + 1 : out->data;
	out->len = (size_t)(name - out->data) + strcspn(name, ".");
	while (out->len > (size_t)(name - out->data) &&
		strchr("-_", out->data[out->len - 1]))
		out->len--;
	return (struct str){name, (size_t)(out->data + out->len - name)};
}

/* A band that nobody named may lie beside those that were. */
static char *look_for(struct str stem, const char *ending)
{
	struct buf path = BUF_INIT;

	buf_add(&path, stem.s, stem.len);
	buf_adds(&path, ending);
	if (files_exist(buf_str(&path)))
		return buf_detach(&path);
	buf_release(&path);
	return NULL;
}

static int put_set(struct band_sets *b, struct str stem, struct set *set,
	struct err *err)
{
	struct buf detail = BUF_INIT, name = BUF_INIT;
	struct img_field img = {.src = shared_name(b, stem, &name)};
	const char *missing = NULL;
	int rc;

	for (size_t i = 0; i < b->o->nbands; i++) {
		if (!set->paths[i])
			set->paths[i] = look_for(stem, b->endings[i]);
		if (set->paths[i])
			img.uris[img.nuris++] = str_from(set->paths[i]);
		else if (!missing)
			missing = b->endings[i];
	}
	img.uri = img.uris[0];
	if (missing) {
		buf_addf(&detail, "no '%.*s%s'", (int)MIN(stem.len, 500),
			stem.s, missing);
		rc = maker_set_aside(b->m, &img, FAULT, "a band is missing",
			buf_str(&detail), err);
	} else {
		rc = maker_add_bands(b->m, &img, err);
	}
	buf_release(&detail);
	buf_release(&name);
	return rc;
}

int band_sets_put(struct band_sets *b, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < b->stems.len && !rc; i++)
		rc = put_set(b, b->stems.entries[i].key, &b->sets[i], err);
	return rc;
}
