#include "base/base.h"
#include "stat/stats.h"

void counts_add(struct counts *c, const struct rec_view *v)
{
	c->headers += v->kind == REC_HEADER;
	c->records += v->kind == REC_DATA;
	c->segments += v->kind == REC_END;
	c->bytes += v->val.len;
}

void stats_init(struct stats *s)
{
	*s = (struct stats){.streams = 0};
	counter_pool_init(&s->pool, MAX_TABLES);
	tag_counts_init(&s->tags, &s->pool, MAX_EXACT);
}

void stats_release(struct stats *s)
{
	for (size_t i = 0; i < s->nvalues; i++)
		path_release(&s->values[i].path);
	free(s->values);
	fields_release(&s->fields);
	tag_counts_release(&s->tags);
	provenance_release(&s->provenance);
	counter_pool_release(&s->pool);
}

int stats_add_path(struct stats *s, const char *path, struct err *err)
{
	struct value_table *t;

	xgrow(&s->values, &s->values_cap, s->nvalues + 1, sizeof(*s->values));
	t = &s->values[s->nvalues];
	if (path_parse(&t->path, str_from(path), err))
		return -1;
	t->name = path;
	t->counter = counter_new(&s->pool, MAX_EXACT);
	s->nvalues++;
	return 0;
}

static int add_data(struct stats *s, struct val v, struct err *err)
{
	struct rec rec = REC_INIT;
	struct val found;

	s->smallest = s->data_bytes ? MIN(s->smallest, v.len) : v.len;
	s->largest = MAX(s->largest, v.len);
	s->data_bytes += v.len;
	if (rec_parse(&rec, v.p, v.len, err)) {
		s->faulty++;
		return -1;
	}
	fields_add(&s->fields, v);
	if (rec_get(&rec, "tags", &found) && val_type(found) == VAL_MAP)
		tag_counts_add(&s->tags, found);
	for (size_t i = 0; i < s->nvalues; i++) {
		struct value_table *t = &s->values[i];

		if (rec_get_path(&rec, &t->path, &found))
			counter_add(t->counter,
				(struct str){(const char *)found.p, found.len});
	}
	rec_release(&rec);
	return 0;
}

int stats_add(struct stats *s, const struct rec_view *v, struct err *err)
{
	counts_add(&s->counts, v);
	if (v->kind == REC_DATA)
		return add_data(s, v->val, err);
	provenance_add(&s->provenance, v);
	return 0;
}
