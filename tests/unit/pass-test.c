/* Passes over many blocks on many threads: order, turns, errors, damage. */
#include "base/base.h"
#include "osm-read.h"
#include "tap.h"

#include <time.h>

enum { BLOBS = 60, NODES = 3, BAD = 23 };

static const unsigned thread_counts[] = {1, 2, 8};

/* The nodes of blob i, each with the tag a=b, and as text behind `text`. */
static void put_nodes(struct buf *block, int i, struct buf *text)
{
	struct buf dense = BUF_INIT;
	int64_t ids[NODES], lats[NODES], lons[NODES];

	put_strings(block);
	for (int k = 0; k < NODES; k++) {
		ids[k] = 10 * i + k;
		lats[k] = 10000000 * i;
		lons[k] = 10000000 * k;
	}
	for (int k = 0; k < NODES; k++)
		buf_addf(text, "@%d %d.0000000 %d.0000000\n", 10 * i + k, k, i);
	for (int k = 0; k < NODES; k++)
		buf_addf(text, "n%d v0 t0 %d.0000000 %d.0000000 a=b\n",
			10 * i + k, k, i);
	put_deltas(&dense, 1, ids, NODES);
	put_deltas(&dense, 8, lats, NODES);
	put_deltas(&dense, 9, lons, NODES);
	put_packed(&dense, 10, (uint64_t[]){1, 2, 0, 1, 2, 0, 1, 2, 0}, 9);
	put_group(block, 2, &dense);
	buf_release(&dense);
}

static void put_plain(struct buf *block, unsigned field, int id)
{
	struct buf o = BUF_INIT;

	put_strings(block);
	put_number(&o, 1, (uint64_t)id);
	put_packed(&o, 2, (uint64_t[]){1}, 1);
	put_packed(&o, 3, (uint64_t[]){2}, 1);
	put_group(block, field, &o);
	buf_release(&o);
}

/* Blobs of nodes; the one numbered `bad` goes wrong behind its good nodes.
 * The text of blob i ends at ends[i]. */
static void make_file(struct buf *file, struct buf *text, size_t *ends, int bad)
{
	struct buf block = BUF_INIT, way = BUF_INIT;

	buf_reset(file);
	buf_reset(text);
	put_header(file, NULL);
	for (int i = 0; i < BLOBS; i++) {
		put_nodes(&block, i, text);
		if (i == bad) {
			put_deltas(&way, 8, (int64_t[]){1}, 1); /* no id */
			put_group(&block, 3, &way);
		}
		put_blob(file, "OSMData", i % 2 ? ZLIB : RAW, &block);
		ends[i] = text->len;
	}
	buf_release(&block);
	buf_release(&way);
}

/* Threads get out of step. */
static void dawdle(unsigned n)
{
	struct timespec t = {0, (long)(n * 100000)};

	nanosleep(&t, NULL);
}

static int slow_list(void *ctx, struct osm_batch *b, const struct osm_object *o,
	struct err *e)
{
	if (b->number % 7 == 0)
		dawdle((unsigned)(b->number % 4));
	return list(ctx, b, o, e);
}

static bool is_text(const struct buf *out, const struct buf *text, size_t from,
	size_t to)
{
	return out->len == to - from &&
	       (to == from || !memcmp(out->data, text->data + from, to - from));
}

static struct osm_file *open_saved(const struct buf *file)
{
	struct osm_file *f;

	save(file->data, file->len);
	f = osm_file_open(path, &(struct osm_reading){.threads = 4}, &err);
	if (!f)
		printf("# %s\n", err.msg);
	return f;
}

static void test_order(void)
{
	struct buf file = BUF_INIT, text = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS];
	struct osm_file *f;

	make_file(&file, &text, ends, -1);
	f = open_saved(&file);
	for (size_t i = 0; i < ARRAY_SIZE(thread_counts); i++) {
		struct osm_pass p = list_pass(EVERY, thread_counts[i], &out);

		p.object = slow_list;
		buf_reset(&out);
		ok(!osm_file_pass(f, &p, true, &err) &&
				is_text(&out, &text, 0, text.len),
			"%d blobs on %u threads: in the order of the file",
			BLOBS, thread_counts[i]);
	}
	ok(osm_file_bytes(f) == file.len, "all bytes are counted");
	osm_file_close(f);
	buf_release(&file);
	buf_release(&text);
	buf_release(&out);
}

/* What callbacks that fail at one object, or one block, are to do. */
struct failing {
	struct buf *out;
	int64_t id;
	uint64_t number;
};

static int failing_list(void *ctx, struct osm_batch *b,
	const struct osm_object *o, struct err *e)
{
	struct failing *s = ctx;

	if (b->number % 5 == 0)
		dawdle(2);
	if (o->id == s->id)
		return err_set(e, "no more, said object()");
	return list(NULL, b, o, e);
}

static int failing_done(void *ctx, struct osm_batch *b, struct err *e)
{
	struct failing *s = ctx;

	if (b->number == s->number)
		return err_set(e, "no more, said done()");
	return text_done(s->out, b, e);
}

/* Blob i of nodes is the file's number i + 1: the header's is 0. */
static void test_errors(void)
{
	struct buf file = BUF_INIT, text = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS];
	struct osm_file *f;

	make_file(&file, &text, ends, -1);
	f = open_saved(&file);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(thread_counts); i++) {
		unsigned threads = thread_counts[i / 2];
		const char *who = i % 2 ? "done()" : "object()";
		struct failing s = {&out, i % 2 ? -1 : 10 * BAD + 1,
			i % 2 ? BAD + 1 : 0};
		struct osm_pass p = list_pass(EVERY, threads, &out);

		p.ctx = &s;
		p.object = failing_list;
		p.done = failing_done;
		buf_reset(&out);
		ok(osm_file_pass(f, &p, true, &err) == -1 &&
				!strncmp(err.msg, "no more, said ", 14) &&
				strstr(err.msg, who) &&
				is_text(&out, &text, 0, ends[BAD - 1]),
			"%s fails on %u threads: what was before, and no more",
			who, threads);
	}
	osm_file_close(f);
	buf_release(&file);
	buf_release(&text);
	buf_release(&out);
}

/* What was said of damage goes among the text of the blocks. */
static int say_damage(void *ctx, const char *what, struct err *e)
{
	(void)e;
	buf_addf(ctx, "%s\n", what);
	return 0;
}

static int stop_at_damage(void *ctx, const char *what, struct err *e)
{
	(void)ctx;
	return err_set(e, "enough of %s", what);
}

/* The text with a line about the bad blob's damage instead of its own. */
static bool is_text_but_one(struct buf *out, const struct buf *text,
	const size_t *ends)
{
	const char *line = buf_str(out) + ends[BAD - 1], *end;
	char place[64];

	if (out->len < ends[BAD - 1] ||
		memcmp(out->data, text->data, ends[BAD - 1]))
		return false;
	snprintf(place, sizeof(place), "%s: blob %d, at byte ", path, BAD + 2);
	end = strchr(line, '\n');
	return !strncmp(line, place, strlen(place)) && end &&
	       !strcmp(end + 1, text->data + ends[BAD]);
}

static void test_damage(void)
{
	struct buf file = BUF_INIT, text = BUF_INIT, out = BUF_INIT;
	size_t ends[BLOBS];
	struct osm_file *f;

	make_file(&file, &text, ends, BAD);
	buf_str(&text);
	f = open_saved(&file);
	for (size_t i = 0; i < ARRAY_SIZE(thread_counts); i++) {
		unsigned threads = thread_counts[i];
		struct osm_pass p = list_pass(EVERY, threads, &out);

		buf_reset(&out);
		ok(osm_file_pass(f, &p, true, &err) == -1 &&
				strstr(err.msg, "has no id") &&
				is_text(&out, &text, 0, ends[BAD - 1]),
			"%u threads, damage: %s", threads, err.msg);
		p.damaged = stop_at_damage;
		buf_reset(&out);
		ok(osm_file_pass(f, &p, true, &err) == -1 &&
				!strncmp(err.msg, "enough of ", 10) &&
				is_text(&out, &text, 0, ends[BAD - 1]),
			"damaged() may end the pass");
		p.damaged = say_damage;
		buf_reset(&out);
		err.msg[0] = '\0';
		ok(!osm_file_pass(f, &p, true, &err) &&
				is_text_but_one(&out, &text, ends) && !*err.msg,
			"passed over: all blobs but that, in order");
		buf_reset(&out);
		p.damaged = NULL;
		ok(!osm_file_pass(f, &p, false, &err) &&
				out.len ==
					text.len - (ends[BAD] - ends[BAD - 1]),
			"not the whole pass: passed over in silence");
	}
	osm_file_close(f);
	buf_release(&file);
	buf_release(&text);
	buf_release(&out);
}

/* A letter for each block done and each turn. */
static int letter_done(void *ctx, struct osm_batch *b, struct err *e)
{
	(void)e;
	buf_addc(ctx, ".nw.r"[b->kinds]);
	buf_reset(b->data);
	return 0;
}

static int letter_turn(void *ctx, unsigned kinds, struct err *e)
{
	(void)e;
	buf_addc(ctx, ".NW.R"[kinds]);
	return 0;
}

static int failing_turn(void *ctx, unsigned kinds, struct err *e)
{
	(void)letter_turn(ctx, kinds, e);
	return kinds == OSM_WAY ? err_set(e, "no ways") : 0;
}

/* Blobs by their letters: nodes, ways, relations. */
static void make_kinds(struct buf *file, const char *letters)
{
	struct buf block = BUF_INIT, text = BUF_INIT;

	buf_reset(file);
	put_header(file, NULL);
	for (int i = 0; letters[i]; i++) {
		if (letters[i] == 'n')
			put_nodes(&block, i, &text);
		else
			put_plain(&block, letters[i] == 'w' ? 3 : 4, i);
		put_blob(file, "OSMData", ZLIB, &block);
	}
	buf_release(&block);
	buf_release(&text);
}

static void turns(const char *letters, unsigned kinds, const char *want,
	bool sorted)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	struct osm_file *f;
	bool good = true;

	make_kinds(&file, letters);
	f = open_saved(&file);
	for (size_t i = 0; i < ARRAY_SIZE(thread_counts); i++) {
		struct osm_pass p = list_pass(kinds, thread_counts[i], &out);

		p.staged = true;
		p.object = slow_list;
		p.done = letter_done;
		p.turn = letter_turn;
		buf_reset(&out);
		good = good && !osm_file_pass(f, &p, true, &err) &&
		       !strcmp(buf_str(&out), want);
	}
	ok(good && osm_file_sorted(f) == sorted, "%s, kinds %u: %s", letters,
		kinds, buf_str(&out));
	osm_file_close(f);
	buf_release(&file);
	buf_release(&out);
}

static void test_turns(void)
{
	struct buf file = BUF_INIT, out = BUF_INIT;
	struct osm_pass p = list_pass(EVERY, 4, &out);
	struct osm_file *f;

	turns("nnnnnnnnnnnnwwwwwwwwrrr", EVERY, "NnnnnnnnnnnnnWwwwwwwwwRrrr",
		true);
	turns("nnnwwrr", OSM_NODE | OSM_RELATION, "NnnnRrr", true);
	turns("wwnnwwr", EVERY, "WwwNnnWwwRr", false);
	turns("", EVERY, "", true);
	make_kinds(&file, "nnnnnnwwr");
	f = open_saved(&file);
	p.staged = true;
	p.done = letter_done;
	p.turn = failing_turn;
	ok(osm_file_pass(f, &p, true, &err) == -1 &&
			!strcmp(err.msg, "no ways") &&
			!strcmp(buf_str(&out), "NnnnnnnW"),
		"a turn may fail: %s", buf_str(&out));
	osm_file_close(f);
	buf_release(&file);
	buf_release(&out);
}

/* Whether the ids of a block ascend, as the batch has it. */
static int ascending_done(void *ctx, struct osm_batch *b, struct err *e)
{
	(void)e;
	buf_addf(ctx, "%d %" PRId64 " %" PRId64 "\n", b->ascending, b->first,
		b->last);
	return 0;
}

static void no_places(void *ctx, struct osm_batch *b, const int64_t *ids,
	const struct geo_pos *pos, size_t n)
{
	(void)ctx, (void)b, (void)ids, (void)pos, (void)n;
}

static void ascending(const int64_t *ids, size_t n, bool want)
{
	struct buf file = BUF_INIT, block = BUF_INIT, o = BUF_INIT;
	struct buf out = BUF_INIT;
	struct osm_pass p = list_pass(OSM_NODE, 1, &out);
	char line[80];
	struct osm_file *f;

	put_header(&file, NULL);
	put_deltas(&o, 1, ids, n);
	put_deltas(&o, 8, ids, n);
	put_deltas(&o, 9, ids, n);
	put_group(&block, 2, &o);
	put_blob(&file, "OSMData", RAW, &block);
	f = open_saved(&file);
	p.places = no_places;
	p.done = ascending_done;
	snprintf(line, sizeof(line), "%d %" PRId64 " %" PRId64 "\n", want,
		ids[0], ids[n - 1]);
	ok(!osm_file_pass(f, &p, true, &err) && !strcmp(buf_str(&out), line),
		"%zu ids from %" PRId64 " on %s", n, ids[0],
		want ? "ascend" : "do not ascend");
	osm_file_close(f);
	buf_release(&file);
	buf_release(&block);
	buf_release(&o);
	buf_release(&out);
}

static void test_ascending(void)
{
	ascending((int64_t[]){7}, 1, true);
	ascending((int64_t[]){-9, 0, 7}, 3, true);
	ascending((int64_t[]){7, 7}, 2, false);
	ascending((int64_t[]){1, 9, 8, 10}, 4, false);
	ascending((int64_t[]){3, -3}, 2, false);
}

int main(void)
{
	path_fd = mkstemp(path);
	if (path_fd < 0)
		return 1;
	test_order();
	test_errors();
	test_damage();
	test_turns();
	test_ascending();
	close(path_fd);
	unlink(path);
	return tap_done();
}
