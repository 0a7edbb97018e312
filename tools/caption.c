/*
 * caption - titles from tags.
 */
#include "base/base.h"
#include "base/map.h"
#include "filter/table.h"
#include "json/json.h"
#include "rec/tags_field.h"
#include "text/caption.h"

enum { BATCH = 256 };

static const char connectors_tsv[] = "connectors.tsv";
static const char head_keys_txt[] = "head-keys.txt";

struct options {
	struct common common;
	const char *prefix;
	const char *connectors;
	const char *head_keys;
	bool print_connectors;
	bool print_head_keys;
};

static const struct opt table[] = {
	{0, "prefix", "TEXT", OPT_STR, offsetof(struct options, prefix),
		OPT_OUTPUT | OPT_EMPTY, 0, 0,
		"begin titles with TEXT (default 'a satellite image of ')"},
	{0, "connectors", "FILE", OPT_FILE,
		offsetof(struct options, connectors), OPT_OUTPUT, 0, 0,
		"how keys read, instead of the own table"},
	{0, "head-keys", "FILE", OPT_FILE, offsetof(struct options, head_keys),
		OPT_OUTPUT, 0, 0,
		"which keys come first, instead of the own list"},
	{0, "print-connectors", NULL, OPT_FLAG,
		offsetof(struct options, print_connectors), 0, 0, 0,
		"print the table of connectors and exit"},
	{0, "print-head-keys", NULL, OPT_FLAG,
		offsetof(struct options, print_head_keys), 0, 0, 0,
		"print the list of head keys and exit"},
};

static const struct cli cli = {
	.name = "caption",
	.summary = "Write titles from the tags of records.",
	.groups = CLI_FILTER | CLI_THREADS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

struct captioner {
	struct caption_rules *rules;
	const char *prefix;
};

/* What one worker needs for a record; kept from one to the next. */
struct scratch {
	struct tags tags;
	struct buf title, multi, object;
};

/* Appends the surrounding objects to s->multi, each text once. -1: bad. */
static int add_near(const struct captioner *c, struct val near,
	struct scratch *s, struct err *err)
{
	struct val_iter it = val_iter(near);
	struct map seen = MAP_INIT;
	struct val object, tags;
	int rc = 0;

	while (rc >= 0 && val_next(&it, NULL, &object)) {
		struct str text;
		size_t *times;

		buf_reset(&s->object);
		if (!val_find(object, "tags", &tags))
			rc = err_set(err, "an object of 'near' has no tags");
		else
			rc = tags_read(tags, &s->tags, err);
		if (!rc)
			rc = caption_object(c->rules, CAPTION_WITH,
				s->tags.items, s->tags.n, &s->object, err);
		if (rc <= 0)
			continue;
		text = (struct str){s->object.data, s->object.len};
		times = map_put(&seen, text);
		if ((*times)++)
			continue;
		buf_adds(&s->multi, seen.len > 1 ? "; " : ", surrounded by ");
		buf_add(&s->multi, text.s, text.len);
	}
	map_release(&seen);
	return rc < 0 ? -1 : 0;
}

static int caption_item(const struct captioner *c, struct item *item,
	struct scratch *s)
{
	struct rec *rec = &item->rec;
	struct val tags, near = {NULL, 0};
	struct err why;
	int rc = rec_get_map(rec, "tags", &tags, &why);

	if (!rc)
		return item_fault(item, "no tags", "the record has no 'tags'");
	if (rc < 0 || tags_read(tags, &s->tags, &why))
		return item_fault(item, "bad tags", "%s", why.msg);
	buf_reset(&s->title);
	buf_adds(&s->title, c->prefix);
	buf_reset(&s->multi);
	buf_adds(&s->multi, c->prefix);
	rc = caption_object(c->rules, CAPTION_LIST, s->tags.items, s->tags.n,
		&s->title, &why);
	if (rc > 0)
		rc = caption_object(c->rules, CAPTION_WITH, s->tags.items,
			s->tags.n, &s->multi, &why);
	if (rc < 0)
		return item_fault(item, "bad tags", "%s", why.msg);
	if (!rc)
		return item_drop(item, "nothing to say",
			"none of %zu tags has words", s->tags.n);
	rc = rec_get_array(rec, "near", &near, &why);
	if (rc < 0 || (rc && add_near(c, near, s, &why)))
		return item_fault(item, "bad near", "%s", why.msg);
	rec_set_str(rec, "title", s->title.data, s->title.len);
	rec_set_str(rec, "title_multi", s->multi.data, s->multi.len);
	return 0;
}

static int caption_items(void *ctx, struct item **items, size_t n,
	unsigned worker, struct err *err)
{
	struct scratch s = {TAGS_INIT, BUF_INIT, BUF_INIT, BUF_INIT};

	(void)worker;
	(void)err;
	for (size_t i = 0; i < n; i++)
		caption_item(ctx, items[i], &s);
	tags_release(&s.tags);
	buf_release(&s.title);
	buf_release(&s.multi);
	buf_release(&s.object);
	return 0;
}

static int load_rules(const struct options *o, struct filter *f,
	struct caption_rules *r, struct err *err)
{
	const char *name = o->connectors ? o->connectors : connectors_tsv;
	struct buf text = BUF_INIT;
	int rc = filter_table(f, o->connectors, connectors_tsv, &text, err);

	if (!rc)
		rc = caption_rules_connectors(r, name, text.data, text.len,
			err);
	buf_reset(&text);
	if (!rc)
		rc = filter_table(f, o->head_keys, head_keys_txt, &text, err);
	name = o->head_keys ? o->head_keys : head_keys_txt;
	if (!rc)
		rc = caption_rules_head_keys(r, name, text.data, text.len, err);
	buf_release(&text);
	return rc;
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	struct captioner c = {caption_rules_new(), o->prefix};
	int rc = load_rules(o, f, c.rules, err);

	if (!rc)
		rc = filter_map(f, caption_items, &c, BATCH, err);
	caption_rules_free(c.rules);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.prefix = "a satellite image of "};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (!utf8_valid(o.prefix, strlen(o.prefix)))
		cli_usage_error(&cli, "--prefix is not UTF-8");
	if (o.print_connectors)
		return print_table(&o.common, o.connectors, connectors_tsv);
	if (o.print_head_keys)
		return print_table(&o.common, o.head_keys, head_keys_txt);
	f = filter_open(&cli, &o, 0, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
