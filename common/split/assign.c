#include "base/base.h"
#include "split/priv.h"
#include "base/hash.h"

#include <inttypes.h>

/* So many blocks are looked at; a box that spans more shares pixels with all.
 */
enum { MAX_BLOCKS = 1 << 20 };

/* The text of the field; false: a fault is set on the item. */
static bool read_field(const struct split *s, struct item *item,
	struct str *text)
{
	struct val v;

	if (!rec_get_path(&item->rec, &s->o->field, &v))
		return item_fault(item, "no field", "'%s' is not there",
			s->o->field_name);
	if (val_str(v, text))
		return item_fault(item, "bad field",
			"'%s' is %s instead of str", s->o->field_name,
			val_type_name(val_type(v)));
	return true;
}

void split_by_hash(struct split *s, struct item *item, size_t *part)
{
	struct str text;

	if (read_field(s, item, &text))
		*part = (size_t)(seeded_unit(s->o->seed, "part", text) *
				 (double)s->o->n);
}

/* The part of a name, made when it is new. */
static size_t named_part(struct split *s, struct str name)
{
	size_t n = s->names.len, *number = map_put(&s->names, name);

	if (s->names.len > n) {
		*number = n;
		parts_reserve(s->parts, n + 1);
	}
	return *number;
}

void split_by_value(struct split *s, struct item *item, size_t *part)
{
	struct str text;

	if (read_field(s, item, &text))
		*part = named_part(s, text);
}

/* False: a fault is set on the item. */
static bool read_place(struct item *item, enum place_of of, struct place *p)
{
	struct err why;
	int rc = place_read(&item->rec, of, p, &why);

	if (rc < 0)
		return item_fault(item, "broken place", "%s", why.msg);
	if (!rc)
		return item_fault(item, "no place", "%s",
			"no 'lon' and 'lat', 'bbox' or 'geom'");
	return true;
}

static size_t split_of_block(const struct split *s, struct cell block)
{
	char name[CELL_NAME];

	cell_name(&s->o->cells, block, name);
	return ratio_at(&s->o->ratio,
		seeded_unit(s->o->seed, "split", str_from(name)));
}

/* Whether all blocks of a range belong to one split. */
static bool all_of_split(const struct split *s, const struct cell_range *r,
	size_t part)
{
	uint64_t n = (uint64_t)r->ncols * r->nrows;

	if (ratio_count(&s->o->ratio) == 1)
		return true;
	if (n > MAX_BLOCKS)
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (split_of_block(s, cells_in_range(&s->o->cells, r, i)) !=
			part)
			return false;
	return true;
}

void split_by_ratio(struct split *s, struct item *item, size_t *part)
{
	const struct split_opts *o = s->o;
	struct cell_range r;
	struct place p;
	struct str name;
	double grown[4];

	if (!read_place(item, PLACE_PIXELS, &p))
		return;
	*part = split_of_block(s, cells_at(&o->cells, p.lon, p.lat));
	box_grow(p.box, o->buffer_m, grown);
	r = cells_of_box(&o->cells, grown);
	name = ratio_name(&o->ratio, *part);
	if (!all_of_split(s, &r, *part))
		item_drop(item, "near another split",
			"of %.*s, but not all within %g m is", (int)name.len,
			name.s, o->buffer_m);
	else
		rec_set_str(&item->rec, "split", name.s, name.len);
}

/* What the spool of the halo holds in front of a record. */
struct copy {
	struct cell own;
	struct cell_range range; /* the cells whose margin it is in */
};

static int keep_copy(struct split *s, const struct rec *rec,
	const struct copy *copy, struct err *err)
{
	struct rec r = REC_INIT;
	struct buf b = BUF_INIT;
	int rc;

	pack_bool(&b, true);
	rec_view_rec(&r, rec);
	rec_set(&r, "halo", &b);
	buf_reset(&b);
	buf_add(&b, copy, sizeof(*copy));
	rec_pack(&r, &b);
	rec_release(&r);
	rc = spool_put(s->halo, b.data, b.len, err);
	buf_release(&b);
	return rc;
}

int split_by_cell(struct split *s, struct item *item, size_t *part,
	struct err *err)
{
	const struct cells *cells = &s->o->cells;
	char name[CELL_NAME];
	struct place p;
	struct copy c;
	double grown[4];
	size_t before = s->names.len;

	if (!read_place(item, PLACE_OBJECT, &p))
		return 0;
	c.own = cells_at(cells, p.lon, p.lat);
	cell_name(cells, c.own, name);
	*part = named_part(s, str_from(name));
	if (s->names.len > before) {
		xgrow(&s->at, &s->at_cap, *part + 1, sizeof(*s->at));
		s->at[*part] = c.own;
	}
	if (!s->halo)
		return 0;
	box_grow(p.box, s->o->halo_m, grown);
	c.range = cells_of_box(cells, grown);
	if (c.range.ncols == 1 && c.range.nrows == 1 &&
		cells_hold(cells, &c.range, c.own))
		return 0;
	return keep_copy(s, &item->rec, &c, err);
}

static int add_copy(struct split *s, size_t part, const struct copy *c,
	struct val record, struct err *err)
{
	struct cell at = s->at[part];

	if (at.col == c->own.col && at.row == c->own.row)
		return 0;
	s->copies[part]++;
	return parts_add(s->parts, part, record, err);
}

/* To the cells of its range that have objects: their parts are found by name,
 * or, where there are fewer parts than cells, one by one. */
static int spread(struct split *s, const struct copy *c, struct val record,
	struct err *err)
{
	const struct cells *cells = &s->o->cells;
	uint64_t n = (uint64_t)c->range.ncols * c->range.nrows;
	char name[CELL_NAME];
	int rc = 0;

	if (n > s->names.len) {
		for (size_t i = 0; i < s->names.len && !rc; i++)
			if (cells_hold(cells, &c->range, s->at[i]))
				rc = add_copy(s, i, c, record, err);
		return rc;
	}
	for (uint64_t i = 0; i < n && !rc; i++) {
		const size_t *part;

		cell_name(cells, cells_in_range(cells, &c->range, i), name);
		part = map_get(&s->names, str_from(name));
		if (part)
			rc = add_copy(s, *part, c, record, err);
	}
	return rc;
}

int split_spread_halo(struct split *s, struct err *err)
{
	struct str bytes;
	struct copy c;
	int rc;

	s->copies = xcalloc(s->names.len, sizeof(*s->copies));
	if (!s->halo)
		return 0;
	if (spool_rewind(s->halo, err))
		return -1;
	while ((rc = spool_next(s->halo, &bytes, err)) > 0) {
		struct val record = {(const uint8_t *)bytes.s + sizeof(c),
			bytes.len - sizeof(c)};

		memcpy(&c, bytes.s, sizeof(c));
		if (spread(s, &c, record, err))
			return -1;
	}
	return rc;
}
