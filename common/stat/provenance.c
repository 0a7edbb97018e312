#include "base/base.h"
#include "stat/provenance.h"

size_t provenance_find(const struct provenance *p, struct val id)
{
	const size_t *i;
	struct str s;

	if (val_str(id, &s))
		return p->n;
	i = map_get(&p->index, s);
	return i ? *i : p->n;
}

/* What an origin or an input takes beside its bytes, roughly. */
enum { OVERHEAD = sizeof(struct origin) + 2 * sizeof(struct map_entry) + 64 };

/* Whether there is room for so much more; else it is left out. */
static bool take_room(struct provenance *p, size_t len)
{
	len += OVERHEAD;
	if (len > MAX_PROVENANCE - p->bytes) {
		p->left_out++;
		return false;
	}
	p->bytes += len;
	return true;
}

static void add_header(struct provenance *p, struct val header)
{
	struct val id = {NULL, 0};
	struct str name;
	size_t i;

	p->last = 0;
	if (!val_find(header, "id", &id) || val_str(id, &name))
		return;
	i = provenance_find(p, id);
	if (i == p->n) {
		if (!take_room(p, header.len))
			return;
		xgrow(&p->items, &p->cap, p->n + 1, sizeof(*p->items));
		p->items[p->n] = (struct origin){
			.header = {(uint8_t *)xmemdup0(header.p, header.len),
				header.len}};
		*map_put(&p->index, name) = p->n++;
	}
	p->items[i].segments++;
	p->last = i + 1;
}

static void add_end(struct provenance *p, struct val end)
{
	struct val inputs, v;
	struct origin *o;

	if (!p->last || !val_find(end, "inputs", &inputs))
		return;
	o = &p->items[p->last - 1];
	for (struct val_iter it = val_iter(inputs); val_next(&it, NULL, &v);) {
		struct str input = {(const char *)v.p, v.len};

		if (map_get(&o->end_inputs, input) || take_room(p, v.len))
			++*map_put(&o->end_inputs, input);
	}
}

void provenance_add(struct provenance *p, const struct rec_view *v)
{
	if (v->kind == REC_HEADER)
		add_header(p, v->val);
	else if (v->kind == REC_END)
		add_end(p, v->val);
}

void provenance_release(struct provenance *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free((uint8_t *)p->items[i].header.p);
		map_release(&p->items[i].end_inputs);
	}
	free(p->items);
	map_release(&p->index);
	*p = (struct provenance){NULL, 0, 0, MAP_INIT, 0, 0, 0};
}
