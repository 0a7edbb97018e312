/*
 * make.h - records made from files of other forms and given to a filter.
 *
 * Each function reads one file, or a folder, to its end. What is wrong with
 * one line, row, feature, image or sample sets it aside with the file and the
 * place in it; -1 is for what ends the run: a file that cannot be opened, or
 * whose parts cannot be told apart. "-" is standard input. The main thread's.
 */
#ifndef FORM_MAKE_H
#define FORM_MAKE_H

#include "base/map.h"
#include "filter/filter.h"
#include "form/rows.h"

/*
 * The longest line that is read as one record, row or feature: values seldom
 * take more than eight times their packed bytes. What is longer ends the run.
 */
static inline uint64_t make_max_line(const struct filter *f)
{
	return 8 * filter_max_record(f);
}

/* Lines of JSON (rec/line.h); blank ones are passed over. */
int make_from_lines(struct filter *f, const char *path,
	struct err *err) MUST_USE;

/*
 * A table with a header (form/columns.h). id: the name of the column that
 * becomes `id`, or NULL.
 */
int make_from_rows(struct filter *f, const char *path, enum rows_kind kind,
	const char *id, struct err *err) MUST_USE;

/*
 * GeoJSON (RFC 7946): documents one behind the other, each a collection, read
 * feature by feature, a feature or a geometry; with `sequence`, such a text a
 * line, or between record separators (RFC 8142). id: the name of the property
 * that becomes `id`, or NULL.
 */
int make_from_geojson(struct filter *f, const char *path, bool sequence,
	const char *id, struct err *err) MUST_USE;

/* What is known of images beside their files. */
struct make_images {
	uint64_t max_record; /* bytes */
	const char *labels;  /* a table of more fields, or NULL */
	bool folder_label;   /* `label` from the folder's name */

	struct label_table *table;
	struct map keys;                /* taken ones */
	uint64_t unlabelled, no_images; /* files */
};

/* Loads the table. make_images_release() also after -1. */
int make_images_begin(struct make_images *m, struct err *err) MUST_USE;
/* An image, or all images of a folder and its folders, in order of name. */
int make_from_images(struct filter *f, const char *path, struct make_images *m,
	struct err *err) MUST_USE;
/* The same for each line of a file. */
int make_from_image_list(struct filter *f, const char *path,
	struct make_images *m, struct err *err) MUST_USE;
/* Says what was left over: files without labels, labels without files. */
void make_images_tell(const struct make_images *m);
void make_images_release(struct make_images *m);

/* WebDataset's tar files. Extensions that are not known are counted. */
int make_from_samples(struct filter *f, const char *path, struct map *unknown,
	struct err *err) MUST_USE;

/* Where a record comes from, for what is set aside. */
struct make_source {
	const char *reason; /* a string constant: "bad line" */
	const char *file;
	const char *unit; /* what is counted: "line" */
	uint64_t number;
	struct str raw; /* the text, kept as `raw`; len 0: not kept */
};

/*
 * Puts one record out (rc 0), or sets it aside, because it could not be made
 * (rc -1, for the reason in `why`) or is too large. -1 ends the run.
 */
int make_put(struct filter *f, const struct make_source *from, int rc,
	struct buf *record, const struct err *why, struct err *err) MUST_USE;

#endif
