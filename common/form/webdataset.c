/*
 * Samples of WebDataset tar files as records. Small fields are put together
 * in a struct rec; the chip goes from the member straight behind them.
 */
#include "base/base.h"
#include "form/make.h"
#include "img/img.h"
#include "json/json.h"
#include "pack/chip.h"
#include "pack/samples.h"
#include "rec/line.h"

#include <stdio.h>
#include <strings.h>

enum { MAX_UNKNOWN = 100 };

enum part { PART_CHIP, PART_TEXT, PART_CLASS, PART_JSON, PART_NONE };

/* What a member is, by its extension in any case. */
static enum part part_of(const char *extension)
{
	static const struct {
		const char *extension;
		enum part part;
	} parts[] = {
		{"jpg", PART_CHIP},
		{"jpeg", PART_CHIP},
		{"png", PART_CHIP},
		{"webp", PART_CHIP},
		{"tif", PART_CHIP},
		{"tiff", PART_CHIP},
		{"txt", PART_TEXT},
		{"cls", PART_CLASS},
		{"json", PART_JSON},
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strcasecmp(extension, parts[i].extension))
			return parts[i].part;
	return PART_NONE;
}

/* Counts the others. */
static bool is_wanted(void *ctx, const char *extension)
{
	struct map *unknown = ctx;
	struct str name = str_from(extension);

	if (part_of(extension) != PART_NONE)
		return true;
	if (unknown->len == MAX_UNKNOWN && !map_get(unknown, name))
		name = str_from("...");
	++*map_put(unknown, name);
	return false;
}

/* The members of a sample, one of each part. */
static int sort_members(const struct sample *s, struct str parts[PART_NONE],
	struct err *err)
{
	static const char *const names[] = {"image", "text", "class", "json"};

	for (size_t i = 0; i < s->n; i++) {
		const struct sample_member *m = &s->items[i];
		enum part part = part_of(m->extension.s);

		if (m->link)
			return err_set(err,
				"'.%.*s' is a link to another member: pack "
				"with tar --hard-dereference -h",
				(int)MIN(m->extension.len, 100),
				m->extension.s);
		if (m->too_large)
			return err_set(err,
				"it is larger than a record may be");
		if (parts[part].s)
			return err_set(err, "'%s' is a second %s",
				m->extension.s, names[part]);
		parts[part] = (struct str){m->data.len ? m->data.data : "",
			m->data.len};
	}
	return 0;
}

static int read_json(struct str text, struct rec *r, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = line_to_rec(text.s, text.len, &b, err);

	if (!rc)
		rc = rec_parse(r, (uint8_t *)b.data, b.len, err);
	buf_release(&b);
	return rc ? err_prefix(err, "json") : 0;
}

/* A field's text, without the line end behind it, unless the field is there. */
static int set_text(struct rec *r, const char *key, struct str text,
	struct err *err)
{
	if (!text.s || rec_has(r, key))
		return 0;
	text.len -= text.len && text.s[text.len - 1] == '\n';
	text.len -= text.len && text.s[text.len - 1] == '\r';
	if (!utf8_valid(text.s, text.len))
		return err_set(err, "the text for '%s' is not UTF-8", key);
	if (text.len)
		rec_set_str(r, key, text.s, text.len);
	return 0;
}

/* The sample's name, with '-' for what no key may have. */
static int set_key(struct rec *r, struct str name, struct err *err)
{
	char *key = xmemdup0(name.s, name.len);
	int rc;

	for (size_t i = 0; i < name.len; i++)
		if (key[i] <= ' ' || key[i] > '~' || strchr("./\\", key[i]))
			key[i] = '-';
	rc = chip_check_key((struct str){key, name.len}, err);
	if (!rc)
		rec_set_str(r, "key", key, name.len);
	free(key);
	return rc;
}

static int set_format(struct rec *r, struct str chip, struct err *err)
{
	struct image_header h;

	if (image_read_header(chip.s, chip.len, &h, err))
		return err_prefix(err, "image");
	rec_set_str(r, "chip_fmt", h.format, strlen(h.format));
	rec_drop(r, "chip");
	return 0;
}

static int make_sample(const struct sample *s, struct rec *r, struct buf *out,
	struct err *err)
{
	struct str parts[PART_NONE] = {{NULL, 0}};
	const struct str *chip = &parts[PART_CHIP];

	if (sort_members(s, parts, err) ||
		(parts[PART_JSON].s && read_json(parts[PART_JSON], r, err)) ||
		(!rec_has(r, "key") && set_key(r, s->name, err)) ||
		set_text(r, "title", parts[PART_TEXT], err) ||
		set_text(r, "label", parts[PART_CLASS], err) ||
		(chip->s && set_format(r, *chip, err)))
		return -1;
	pack_map(out, r->n + (chip->s != NULL));
	for (size_t i = 0; i < r->n; i++) {
		pack_val(out, r->fields[i].key_val);
		pack_val(out, r->fields[i].val);
	}
	if (chip->s) {
		pack_cstr(out, "chip");
		pack_bin(out, chip->s, chip->len);
	}
	return 0;
}

static int put_sample(struct filter *f, const char *file,
	const struct sample *s, struct err *err)
{
	struct rec r = REC_INIT;
	struct buf b = BUF_INIT;
	char detail[1200];
	struct err why;
	int rc = make_sample(s, &r, &b, &why);

	if (!rc && b.len > filter_max_record(f))
		rc = err_set(&why, "the record is larger than one may be");
	if (!rc) {
		rc = filter_put(f, &b, err);
	} else {
		buf_reset(&b);
		snprintf(detail, sizeof(detail), "%s: '%.*s': %s", file,
			(int)MIN(s->name.len, 200), s->name.s, why.msg);
		rc = filter_put_reject(f, &b, FAULT, "bad sample", detail, err);
	}
	rec_release(&r);
	buf_release(&b);
	return rc;
}

int make_from_samples(struct filter *f, const char *path, struct map *unknown,
	struct err *err)
{
	struct samples *in = samples_open(path, filter_max_record(f), is_wanted,
		unknown, err);
	const struct sample *s;
	int rc;

	if (!in)
		return -1;
	while ((rc = samples_next(in, &s, err)) > 0) {
		rc = put_sample(f, samples_name(in), s, err);
		if (rc)
			break;
	}
	samples_close(in);
	return rc;
}
