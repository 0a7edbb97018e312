/*
 * sources.h - the table of collections (data/sources.tsv): what an alias says
 * of all its images.
 */
#ifndef CATALOG_SOURCES_H
#define CATALOG_SOURCES_H

#include "catalog/options.h"
#include "catalog/stac.h"

/* Columns of the table, which says what they are. */
enum {
	SOURCE_ALIAS,
	SOURCE_COLLECTION,
	SOURCE_GSD,
	SOURCE_BANDS,
	SOURCE_STRETCH,
	SOURCE_LICENCE,
	SOURCE_ATTRIBUTION,
	SOURCE_STAC,
	SOURCE_ASSETS,
	SOURCE_STAC_STRETCH,
	SOURCE_COLUMNS,
};

struct source {
	char *text[SOURCE_COLUMNS]; /* owned; NULL: none */
};

/* name: the table's, for errors. -1 also when there is no such alias. */
int source_find(struct source *s, const char *name, const struct buf *table,
	const char *alias, struct err *err) MUST_USE;
void source_release(struct source *s);

/*
 * What the texts do not say the source says: src, licence, attribution and
 * stretch, and with eeda the bands. The source must live as long as they.
 */
void source_complete(const struct source *s, bool eeda,
	struct catalog_texts *t);
/*
 * The same of images as STAC has them: src, licence and attribution, the
 * collection's name and the assets there, and the stretch of these.
 */
void source_complete_stac(const struct source *s, struct catalog_texts *t,
	struct catalog_stac_texts *stac);

#endif
