#include "base/base.h"
#include "form/features.h"
#include "base/lines.h"
#include "json/json.h"
#include "json/scan.h"

#include <inttypes.h>
#include <stdio.h>

enum { SEPARATOR = 0x1e };

struct features {
	char *name;
	uint64_t limit;
	uint64_t begin;  /* the line on which the text begins */
	struct buf text; /* what is given out */

	/* documents */
	FILE *in;
	uint64_t line;
	struct buf shell; /* the document; a collection's features as 0 */
	bool inside;      /* among the features of a collection */
	bool first;       /* none of them has been read */

	/* a sequence */
	struct lines *lines;
	struct str rest; /* of the line; s NULL: the next one is due */
	bool separated;  /* by record separators */
};

struct features *features_open(const char *path, bool sequence, uint64_t limit,
	struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	struct features *f = xcalloc(1, sizeof(*f));

	f->name = xstrdup(is_stdin ? "standard input" : path);
	f->limit = limit;
	f->line = 1;
	if (sequence) {
		f->lines = lines_open(path, limit, err);
	} else {
		f->in = is_stdin ? stdin : fopen(path, "re");
		if (!f->in)
			err_errno(err, "cannot open '%s'", path);
	}
	if (f->in || f->lines)
		return f;
	features_close(f);
	return NULL;
}

void features_close(struct features *f)
{
	if (!f)
		return;
	if (f->in && f->in != stdin)
		fclose(f->in);
	lines_close(f->lines);
	buf_release(&f->text);
	buf_release(&f->shell);
	free(f->name);
	free(f);
}

static int fail(const struct features *f, const char *what, struct err *err)
{
	if (f->in && ferror(f->in))
		return err_errno(err, "%s: cannot read", f->name);
	return err_set(err, "%s: line %" PRIu64 ": %s", f->name, f->line,
		f->in && feof(f->in) ? "the file ends early" : what);
}

static int next_byte(struct features *f)
{
	int c = getc_unlocked(f->in);

	f->line += c == '\n';
	return c;
}

static void step_back(struct features *f, int c)
{
	if (c == EOF)
		return;
	f->line -= c == '\n';
	ungetc(c, f->in);
}

/* The next byte that is no blank, or EOF. */
static int skip_blanks(struct features *f)
{
	int c;

	do
		c = next_byte(f);
	while (c == ' ' || c == '\t' || c == '\r' || c == '\n');
	return c;
}

/* Appends the value that begins with the byte c. */
static int take_value(struct features *f, int c, struct buf *b, struct err *err)
{
	struct json_scan scan = {0, false, false};
	size_t start = b->len;

	for (; c != EOF; c = next_byte(f)) {
		enum json_place place = json_scan(&scan, (char)c);

		if (place == JSON_BEHIND) {
			step_back(f, c);
			break;
		}
		if (b->len == f->limit)
			return err_set(err,
				"%s: line %" PRIu64
				": a value has more than %" PRIu64 " bytes",
				f->name, f->line, f->limit);
		buf_addc(b, (char)c);
		if (place == JSON_LAST)
			return 0;
	}
	if (b->len == start || scan.depth || scan.quoted)
		return fail(f, "a value is missing", err);
	return 0;
}

/*
 * Takes members of the document's object into the shell, up to its end (0) or
 * to where the features of a collection begin (1).
 */
static int take_members(struct features *f, struct err *err)
{
	struct buf *b = &f->shell;

	for (;;) {
		int c = skip_blanks(f);
		size_t start;

		if (c == ',') {
			buf_addc(b, ',');
			c = skip_blanks(f);
		}
		if (c == '}') {
			buf_addc(b, '}');
			return 0;
		}
		if (c != '"')
			return fail(f, "the name of a member is missing", err);
		start = b->len;
		if (take_value(f, c, b, err))
			return -1;
		if (skip_blanks(f) != ':')
			return fail(f, "':' is missing", err);
		c = skip_blanks(f);
		if (c == '[' &&
			str_is((struct str){b->data + start, b->len - start},
				"\"features\"")) {
			buf_adds(b, ":0");
			return 1;
		}
		buf_addc(b, ':');
		if (take_value(f, c, b, err))
			return -1;
	}
}

/* GeoJSON of 2008 could name another reference system. */
static int check_crs(const struct jval *crs, struct err *err)
{
	static const char *const good[] = {"urn:ogc:def:crs:OGC:1.3:CRS84",
		"urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326",
		"OGC:CRS84", "EPSG:4326"};
	struct str name;

	if (jval_str(jval_get(jval_get(crs, "properties"), "name"), &name))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (str_is(name, good[i]))
			return 0;
	return err_set(err,
		"the coordinates are in '%.*s': write them in WGS 84, as "
		"'ogr2ogr -t_srs EPSG:4326' does",
		(int)MIN(name.len, 100), name.s);
}

/* What stands around the features, closed: up to them, or all. */
static int check_shell(const struct features *f, const char *close,
	struct err *err)
{
	struct buf text = BUF_INIT;
	struct jval *v;
	struct str type;
	int rc = -1;

	buf_add(&text, f->shell.data, f->shell.len);
	buf_adds(&text, close);
	v = jval_parse(text.data, text.len, err);
	if (v && !jval_str(jval_get(v, "type"), &type) &&
		!str_is(type, "FeatureCollection"))
		err_set(err, "'features' in a '%.*s'", (int)MIN(type.len, 100),
			type.s);
	else if (v)
		rc = check_crs(jval_get(v, "crs"), err);
	if (rc)
		err_prefix(err, "%s: the collection before line %" PRIu64,
			f->name, f->line);
	jval_free(v);
	buf_release(&text);
	return rc;
}

/* 1 and a feature, 0 at the end of the collection, -1. */
static int next_in_collection(struct features *f, struct str *text,
	struct err *err)
{
	int c = skip_blanks(f), rc;

	if (c == ']') {
		f->inside = false;
		rc = take_members(f, err);
		if (rc > 0)
			rc = fail(f, "'features' stands twice", err);
		return rc ? -1 : check_shell(f, "", err);
	}
	if (!f->first && c != ',')
		return fail(f, "',' or ']' is missing behind a feature", err);
	if (!f->first)
		c = skip_blanks(f);
	f->first = false;
	f->begin = f->line;
	buf_reset(&f->text);
	if (take_value(f, c, &f->text, err))
		return -1;
	*text = (struct str){f->text.data, f->text.len};
	return 1;
}

/* Passes over record separators too, and a byte order mark. */
static int skip_to_document(struct features *f)
{
	int c;

	do
		c = skip_blanks(f);
	while (c == SEPARATOR ||
		(c == 0xef && next_byte(f) == 0xbb && next_byte(f) == 0xbf));
	return c;
}

static int next_in_documents(struct features *f, struct str *text,
	struct err *err)
{
	int c, rc;

	for (;;) {
		rc = f->inside ? next_in_collection(f, text, err) : 0;
		if (rc)
			return rc;
		c = skip_to_document(f);
		if (c == EOF && !ferror(f->in))
			return 0;
		if (c != '{')
			return fail(f, "no GeoJSON object stands here", err);
		f->begin = f->line;
		buf_reset(&f->shell);
		buf_addc(&f->shell, '{');
		rc = take_members(f, err);
		if (rc < 0)
			return -1;
		if (!rc) {
			*text = (struct str){f->shell.data, f->shell.len};
			return 1;
		}
		if (check_shell(f, "}", err))
			return -1;
		f->inside = f->first = true;
	}
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!memchr(" \t\r\n", s.s[i], 4))
			return false;
	return true;
}

/* One piece of the sequence, up to a separator or the end of the line. */
static int take_piece(struct features *f, struct str *piece, struct err *err)
{
	const char *at;
	int rc;

	if (!f->rest.s) {
		rc = lines_next(f->lines, &f->rest, err);
		if (rc <= 0)
			return rc;
	}
	*piece = f->rest;
	at = memchr(f->rest.s, SEPARATOR, f->rest.len);
	f->rest = (struct str){NULL, 0};
	if (at) {
		size_t n = (size_t)(at - piece->s);

		f->separated = true;
		f->rest = (struct str){at + 1, piece->len - n - 1};
		piece->len = n;
	}
	return 1;
}

static int next_in_sequence(struct features *f, struct str *text,
	struct err *err)
{
	struct str piece;
	int rc;

	buf_reset(&f->text);
	while ((rc = take_piece(f, &piece, err)) > 0) {
		bool whole = !f->separated || f->rest.s;

		if (is_blank((struct str){f->text.data, f->text.len})) {
			f->begin = lines_number(f->lines);
			buf_reset(&f->text);
		}
		buf_add(&f->text, piece.s, piece.len);
		buf_addc(&f->text, '\n');
		*text = (struct str){f->text.data, f->text.len};
		if (text->len > f->limit)
			return err_set(err,
				"%s: line %" PRIu64
				": a text has more than %" PRIu64 " bytes",
				f->name, f->begin, f->limit);
		if (whole && !is_blank(*text))
			return 1;
	}
	*text = (struct str){f->text.data, f->text.len};
	return rc < 0 ? -1 : !is_blank(*text);
}

int features_next(struct features *f, struct str *text, struct err *err)
{
	return f->lines ? next_in_sequence(f, text, err)
			: next_in_documents(f, text, err);
}

uint64_t features_line(const struct features *f)
{
	return f->begin;
}

const char *features_name(const struct features *f)
{
	return f->name;
}
