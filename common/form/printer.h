/*
 * printer.h - records as text, one after the other: line mode, tables, GeoJSON.
 *
 *	json        lines of JSON (rec/line.h)
 *	tsv, csv    tables (form/cells.h)
 *	geojson     a FeatureCollection (RFC 7946), a feature a line
 *	geojsonseq  features, each between a record separator, 0x1e, and a
 *	            newline (RFC 8142)
 *	geojsonl    features, a line each
 *
 * In constant memory; what is appended after a failure is no whole text. One
 * thread.
 */
#ifndef FORM_PRINTER_H
#define FORM_PRINTER_H

#include "form/cells.h"
#include "form/feature.h"

/* The forms, as an option of type OPT_CHOICE has them. */
#define FORM_WORDS "json|tsv|csv|geojson|geojsonseq|geojsonl"
enum form {
	FORM_JSON,
	FORM_TSV,
	FORM_CSV,
	FORM_GEOJSON,
	FORM_GEOJSONSEQ,
	FORM_GEOJSONL,
	FORM_OTHER, /* first that is free */
};

struct printer {
	enum form form;
	uint64_t n; /* records so far */
	struct cells cells;
	struct feature_room features;
	struct buf packed;
};

/* columns: of tables, see cells_init(); NULL else. */
int printer_init(struct printer *p, enum form form, const char *columns,
	struct err *err) MUST_USE;
void printer_release(struct printer *p);

/*
 * Appends a record. -1: nothing is appended, *reason says in two words (a
 * string constant, as item_fault() takes it) what cannot be, err why.
 */
int printer_add(struct printer *p, const struct rec *r, struct buf *out,
	const char **reason, struct err *err) MUST_USE;
/* Appends what stands behind the last record. */
void printer_end(struct printer *p, struct buf *out);

#endif
