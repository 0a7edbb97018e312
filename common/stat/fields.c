#include "base/base.h"
#include "stat/fields.h"
#include "base/path.h"

#include <math.h>

const char *field_type_name(enum field_type t)
{
	static const char *const names[] = {"nil", "bool", "int", "f32", "f64",
		"str", "bin", "array", "map", "ext"};

	return names[t];
}

static enum field_type type_of(struct val v)
{
	switch (val_type(v)) {
	case VAL_NIL:
		return FIELD_NIL;
	case VAL_BOOL:
		return FIELD_BOOL;
	case VAL_INT:
		return FIELD_INT;
	case VAL_FLOAT:
		return val_is_f32(v) ? FIELD_F32 : FIELD_F64;
	case VAL_STR:
		return FIELD_STR;
	case VAL_BIN:
		return FIELD_BIN;
	case VAL_ARRAY:
		return FIELD_ARRAY;
	case VAL_MAP:
		return FIELD_MAP;
	case VAL_EXT:
		break;
	}
	return FIELD_EXT;
}

static bool keys_are_data(struct str name)
{
	return str_is(name, "tags") || str_is(name, "tags_hidden") ||
	       str_is(name, "tag_gsd_m");
}

/* The field's place in the list; NULL when there are too many. */
static struct field *find(struct fields *f, struct field_list *l,
	struct str name)
{
	size_t *i = map_get(&l->names, name);

	if (i)
		return &l->items[*i];
	if (f->n == MAX_FIELDS || name.len > MAX_FIELD_NAME)
		return NULL;
	f->n++;
	*map_put(&l->names, name) = l->n;
	xgrow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n] = (struct field){0};
	return &l->items[l->n++];
}

static void add_number(struct field *field, double x)
{
	if (!isfinite(x)) {
		field->not_finite++;
		return;
	}
	if (!field->numbers++)
		field->min = field->max = x;
	field->min = MIN(field->min, x);
	field->max = MAX(field->max, x);
	/* in two parts: their difference may be past the largest number */
	field->mean += x / (double)field->numbers -
		       field->mean / (double)field->numbers;
}

static void add_length(struct field *field, uint64_t n)
{
	if (!field->lengths++)
		field->shortest = field->longest = n;
	field->shortest = MIN(field->shortest, n);
	field->longest = MAX(field->longest, n);
}

static void add_map(struct fields *f, struct field_list *l, struct val map,
	bool top);

static void add_value(struct fields *f, struct field *field, struct val v,
	bool look_inside)
{
	enum field_type type = type_of(v);
	double x;

	/* a map inside a record may have a key twice */
	field->records += field->last != f->records;
	field->last = f->records;
	field->bytes += v.len;
	field->types[type]++;
	if (!val_f64(v, &x))
		add_number(field, x);
	if (type == FIELD_ARRAY || type == FIELD_MAP)
		add_length(field, val_count(v));
	if (type == FIELD_MAP && look_inside) {
		if (!field->inner)
			field->inner = xcalloc(1, sizeof(*field->inner));
		add_map(f, field->inner, v, false);
	}
}

static void add_map(struct fields *f, struct field_list *l, struct val map,
	bool top)
{
	struct val key, v;

	for (struct val_iter it = val_iter(map); val_next(&it, &key, &v);) {
		struct field *field = NULL;
		struct str name;

		if (!val_str(key, &name))
			field = find(f, l, name);
		if (field)
			add_value(f, field, v, top && !keys_are_data(name));
		else
			f->others++;
	}
}

void fields_add(struct fields *f, struct val record)
{
	f->records++;
	add_map(f, &f->top, record, true);
}

/* `outer` is the path of the map that the list is inside of, or empty. */
static void each_of(const struct field_list *l, struct str outer, field_fn *fn,
	void *ctx)
{
	for (size_t i = 0; i < l->n; i++) {
		struct buf b = BUF_INIT;
		struct str path;

		buf_add(&b, outer.s, outer.len);
		if (outer.len)
			buf_addc(&b, '.');
		path_add_name(&b, l->names.entries[i].key);
		path = (struct str){b.data, b.len};
		fn(ctx, &l->items[i], path);
		if (l->items[i].inner)
			each_of(l->items[i].inner, path, fn, ctx);
		buf_release(&b);
	}
}

void fields_each(const struct fields *f, field_fn *fn, void *ctx)
{
	each_of(&f->top, (struct str){NULL, 0}, fn, ctx);
}

static void list_release(struct field_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->items[i].inner)
			list_release(l->items[i].inner);
		free(l->items[i].inner);
	}
	free(l->items);
	map_release(&l->names);
	*l = (struct field_list){MAP_INIT, NULL, 0, 0};
}

void fields_release(struct fields *f)
{
	list_release(&f->top);
	*f = (struct fields){.records = 0};
}
