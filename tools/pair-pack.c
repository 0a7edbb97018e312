/*
 * pair-pack - image-text pairs into WebDataset shards.
 */
#include "base/base.h"
#include "base/io.h"
#include "base/log.h"
#include "filter/filter.h"
#include "json/json.h"
#include "pack/chip.h"
#include "pack/shards.h"
#include "rec/edit.h"
#include "rec/line.h"

#include <inttypes.h>

struct options {
	struct common common;
	uint64_t shard_size;
	const char *text;
	bool overwrite;
};

#define AT(member) offsetof(struct options, member)

static const struct opt table[] = {
	{'o', "output", "DIR", OPT_FILE, AT(common.output), 0, 0, 0,
		"folder that the shards go to"},
	{0, "shard-size", "N", OPT_U64, AT(shard_size), OPT_OUTPUT, 1, 1e9,
		"pairs per shard (default 10000)"},
	{0, "text", "FIELD", OPT_STR, AT(text), OPT_OUTPUT, 0, 0,
		"field that the text comes from (default title)"},
	{0, "overwrite", NULL, OPT_FLAG, AT(overwrite), 0, 0, 0,
		"remove the shards that are in DIR"},
	{0, "require-output", NULL, OPT_FLAG, AT(common.require_output), 0, 0,
		0, "fail when no record comes out"},
};

static const struct cli cli = {
	.name = "pair-pack",
	.summary = "Pack image-text pairs into WebDataset shards.",
	.groups = CLI_REJECT | CLI_RECORDS,
	.opts = table,
	.nopts = ARRAY_SIZE(table),
};

/* The chip and its text; false: a fault is set on the item. */
static bool read_pair(const struct options *o, struct item *item,
	struct chip *s, struct str *text)
{
	const char *reason;
	struct err err;
	int rc;

	if (chip_read(&item->rec, s, &reason, &err))
		return item_fault(item, reason, "%s", err.msg);
	rc = rec_get_str(&item->rec, o->text, text, &err);
	if (rc <= 0)
		return item_fault(item, "no text", "%s",
			rc ? err.msg : "run caption first");
	if (!text->len)
		return item_fault(item, "no text", "'%s' is empty", o->text);
	if (!utf8_valid(text->s, text->len))
		return item_fault(item, "bad text", "'%s' is not UTF-8",
			o->text);
	return true;
}

/* All fields but the binary ones, as one JSON object and a newline. */
static int metadata(const struct rec *r, struct buf *out, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	rec_pack_text(r, NULL, &b);
	rc = line_from_rec(buf_val(&b), out, err);
	buf_addc(out, '\n');
	buf_release(&b);
	return rc;
}

static int pack_item(const struct options *o, struct shards *shards,
	struct item *item, struct err *err)
{
	struct buf json = BUF_INIT;
	struct chip s;
	struct str text;
	struct err why;
	int rc = 0;

	if (!read_pair(o, item, &s, &text))
		return 0;
	if (metadata(&item->rec, &json, &why)) {
		item_fault(item, "no JSON", "%s", why.msg);
	} else if (!shards_new_key(shards, s.key)) {
		item_fault(item, "duplicate key", "'%.*s'", (int)s.key.len,
			s.key.s);
	} else {
		const struct member members[] = {
			{s.extension, s.bytes.s, s.bytes.len},
			{"txt", text.s, text.len},
			{"json", json.data, json.len},
		};

		rc = shards_add(shards, s.key, members, ARRAY_SIZE(members),
			err);
	}
	buf_release(&json);
	return rc;
}

/* Where the pairs come from: all headers, one per line of a JSON array. */
static int write_provenance(const struct options *o, const struct filter *f,
	struct err *err)
{
	struct buf text = BUF_INIT, path = BUF_INIT;
	struct headers h = HEADERS_INIT;
	int rc = filter_provenance(f, &h, err);

	for (size_t i = 0; i < h.n && !rc; i++) {
		buf_adds(&text, i ? ",\n" : "[\n");
		rc = line_from_rec(headers_at(&h, i), &text, err);
	}
	buf_adds(&text, "\n]\n");
	buf_addf(&path, "%s/" SHARDS_PROVENANCE, o->common.output);
	if (!rc)
		rc = save_file(buf_str(&path), text.data, text.len, err);
	headers_release(&h);
	buf_release(&path);
	buf_release(&text);
	return rc;
}

static int pack_all(const struct options *o, struct filter *f,
	struct shards *shards, uint64_t *packed, struct err *err)
{
	struct item *item;
	int rc;

	while ((rc = filter_next(f, &item, err)) > 0) {
		rc = pack_item(o, shards, item, err);
		if (item->verdict == KEEP) {
			++*packed;
			item_free(item);
		} else {
			rc = filter_emit(f, item, err);
		}
		if (rc)
			return rc;
	}
	return rc ? rc : shards_finish(shards, err);
}

static int run(const struct options *o, struct filter *f, struct err *err)
{
	struct shards *shards =
		shards_open(o->common.output, o->shard_size, o->overwrite, err);
	uint64_t packed = 0, full;
	int rc;

	if (!shards)
		return -1;
	rc = pack_all(o, f, shards, &packed, err);
	if (!rc)
		rc = write_provenance(o, f, err);
	full = shards_samples(shards); /* a pair is out when its shard stands */
	filter_count_out(f, full);
	log_info("%" PRIu64 " shards in '%s', of %" PRIu64 " pairs",
		shards_count(shards), o->common.output, full);
	if (packed > full)
		log_warn("%" PRIu64 " pairs are lost: their shard was not full",
			packed - full);
	shards_free(shards);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = {.shard_size = 10000, .text = "title"};
	struct filter *f;
	struct err err;
	int rc = -1;

	cli_parse(&cli, &o, argc, argv);
	if (!o.common.output || !strcmp(o.common.output, "-"))
		cli_usage_error(&cli, "--output DIR is needed");
	f = filter_open(&cli, &o, FILTER_SINK, &err);
	if (f)
		rc = run(&o, f, &err);
	return filter_close(f, rc, &err);
}
