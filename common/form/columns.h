/*
 * columns.h - the fields that the columns of a table become.
 *
 * A column's name is a path (base/path.h): tags.building goes into the map
 * `tags`. A name without dot or quote that is no path, "Height (m)", is the
 * name of a field as it stands. Columns without a name are passed over, and so
 * is an empty cell: the field is absent, and so is a map that has no field
 * left. Types are field_type_at()'s.
 */
#ifndef FORM_COLUMNS_H
#define FORM_COLUMNS_H

#include <stddef.h>

struct columns;

/*
 * From the header's n names. The column called `id`, when that is not NULL,
 * becomes the field `id`, and a column of that name is passed over. An error
 * when there is no such column, or two make one field.
 */
struct columns *columns_new(const struct str *names, size_t n, const char *id,
	struct err *err) MUST_USE;
/* NULL is fine. */
void columns_free(struct columns *c);

/* True when there is a column, or there are several, for the field. */
bool columns_have(const struct columns *c, const char *field);

/*
 * How many fields a row of n cells makes. An error when n is not the header's,
 * a cell is not UTF-8, or there is no id where there must be one.
 */
int columns_count(const struct columns *c, const struct str *cells, size_t n,
	size_t *fields, struct err *err) MUST_USE;
/*
 * Appends key and value of each field of a row that has been counted. An error
 * when a cell cannot be read as its type.
 */
int columns_pack(const struct columns *c, const struct str *cells,
	struct buf *b, struct err *err) MUST_USE;

#endif
