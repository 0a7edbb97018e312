#include "base/base.h"
#include "join/taglist.h"

#include "base/sort.h"
#include "rec/pack.h"
#include "tags/gsd.h"

/*
 * The class of a tag. Both maps hold the same keys in the same order unless
 * somebody has edited them, so the next pair is nearly always the right one.
 */
static bool find_class(struct val map, struct val_iter *next, struct str key,
	struct val *out)
{
	struct val_iter it = *next;
	struct val k;
	struct str s;

	for (int turn = 0; turn < 2; turn++, it = val_iter(map))
		while (val_next(&it, &k, out))
			if (!val_str(k, &s) && str_eq(s, key)) {
				*next = it;
				return true;
			}
	return false;
}

void taglist_fill(struct taglist *list, struct val tags, struct val tag_gsd_m,
	double gsd_m, double slack)
{
	struct val_iter it, next = {.left = 0};
	struct val key, val;
	double class_m;

	list->n = 0;
	if (!tags.len)
		return;
	if (tag_gsd_m.len)
		next = val_iter(tag_gsd_m);
	for (it = val_iter(tags); val_next(&it, &key, &val);) {
		struct tag tag = {.gsd = {NULL, 0}};

		if (val_str(key, &tag.key) || val_str(val, &tag.value))
			continue;
		if (tag_gsd_m.len &&
			(!find_class(tag_gsd_m, &next, tag.key, &tag.gsd) ||
				val_f64(tag.gsd, &class_m) ||
				!gsd_shows(class_m, gsd_m, slack)))
			continue;
		xgrow(&list->items, &list->cap, list->n + 1,
			sizeof(*list->items));
		list->items[list->n++] = tag;
	}
}

void taglist_release(struct taglist *list)
{
	free(list->items);
	*list = (struct taglist){NULL, 0, 0};
}

void taglist_pack(const struct taglist *list, struct buf *b)
{
	pack_map(b, list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct tag *tag = &list->items[i];

		pack_str(b, tag->key.s, tag->key.len);
		pack_str(b, tag->value.s, tag->value.len);
	}
}

void taglist_pack_gsd(const struct taglist *list, struct buf *b)
{
	pack_map(b, list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct tag *tag = &list->items[i];

		pack_str(b, tag->key.s, tag->key.len);
		pack_val(b, tag->gsd);
	}
}

static int compare(struct str a, struct str b)
{
	int c = memcmp(a.s, b.s, MIN(a.len, b.len));

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

static bool is_before(const struct tag *a, const struct tag *b)
{
	int c = compare(a->key, b->key);

	return c ? c < 0 : compare(a->value, b->value) < 0;
}

SORT_DEFINE(sort_tags, struct tag, is_before)

void taglist_identity(struct taglist *list, struct buf *b)
{
	sort_tags(list->items, list->n);
	taglist_pack(list, b);
}
