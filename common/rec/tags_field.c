#include "base/base.h"
#include "rec/tags_field.h"
#include "rec/pack.h"

void tags_add(struct tags *tags, struct pair tag)
{
	xgrow(&tags->items, &tags->cap, tags->n + 1, sizeof(*tags->items));
	tags->items[tags->n++] = tag;
}

void tags_reset(struct tags *tags)
{
	tags->n = 0;
}

void tags_release(struct tags *tags)
{
	free(tags->items);
	*tags = (struct tags)TAGS_INIT;
}

int tags_read(struct val v, struct tags *tags, struct err *err)
{
	struct val_iter it = val_iter(v);
	struct val key, value;
	struct pair tag;

	tags_reset(tags);
	if (val_type(v) != VAL_MAP)
		return err_set(err, "tags are %s instead of a map",
			val_type_name(val_type(v)));
	while (val_next(&it, &key, &value)) {
		if (val_str(key, &tag.key))
			return err_set(err,
				"the key of tag %zu is %s instead "
				"of str",
				tags->n + 1, val_type_name(val_type(key)));
		if (val_str(value, &tag.value))
			return err_set(err, "tag '%.*s' is %s instead of str",
				(int)MIN(tag.key.len, 200), tag.key.s,
				val_type_name(val_type(value)));
		tags_add(tags, tag);
	}
	return 0;
}

const struct pair *tags_find(const struct tags *tags, struct str key)
{
	for (size_t i = 0; i < tags->n; i++)
		if (str_eq(tags->items[i].key, key))
			return &tags->items[i];
	return NULL;
}

void tags_pack(struct buf *b, const struct tags *tags)
{
	pack_map(b, tags->n);
	for (size_t i = 0; i < tags->n; i++) {
		const struct pair *tag = &tags->items[i];

		pack_str(b, tag->key.s, tag->key.len);
		pack_str(b, tag->value.s, tag->value.len);
	}
}
