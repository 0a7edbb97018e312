#include "base/base.h"
#include "fetch/priv.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/sort.h"
#include "net/allow.h"
#include "net/url.h"

/* Room for bodies that no window needs at the moment. */
#define KEEP_BYTES ((size_t)24 << 20)

/* A tile's or a WMS's answer. */
#define MAX_BODY (UINT64_C(64) << 20)

static bool is_blob(const struct table_node *node, const void *key)
{
	const struct blob *b = OWNER_OF(node, const struct blob, node);

	return !memcmp(&b->key, key, sizeof(b->key));
}

/* Lock held, but where no other has it. */
static void let(struct body *body)
{
	if (--body->users)
		return;
	buf_release(&body->bytes);
	free(body);
}

static void blob_free(struct blob *b)
{
	if (b->body)
		let(b->body);
	free(b->waiters);
	buf_release(&b->url);
	buf_release(&b->name);
	web_answer_release(&b->meta);
	free(b);
}

static void unlink_blob(struct fetcher *f, struct blob *b)
{
	*(b->older ? &b->older->newer : &f->oldest_blob) = b->newer;
	*(b->newer ? &b->newer->older : &f->newest_blob) = b->older;
	b->older = b->newer = NULL;
	f->kept_bytes -= b->body->bytes.len;
	f->held_bytes += b->body->bytes.len;
}

static void forget(struct fetcher *f, struct blob *b)
{
	table_remove(&f->blobs, &b->node);
	blob_free(b);
}

/* Lock held: nobody needs it; the newest such bodies stay for a while. */
static void put_away(struct fetcher *f, struct blob *b)
{
	if (b->state == BLOB_TAKEN) { /* out of the table */
		blob_free(b);
		return;
	}
	if (b->state != BLOB_HERE) {
		forget(f, b);
		return;
	}
	b->older = f->newest_blob;
	*(f->newest_blob ? &f->newest_blob->newer : &f->oldest_blob) = b;
	f->newest_blob = b;
	f->held_bytes -= b->body->bytes.len;
	f->kept_bytes += b->body->bytes.len;
	while (f->kept_bytes > KEEP_BYTES) {
		b = f->oldest_blob;
		unlink_blob(f, b);
		f->held_bytes -= b->body->bytes.len;
		forget(f, b);
	}
}

void blobs_drop(struct fetcher *f, struct want *w)
{
	for (size_t i = 0; w->blobs && i < w->nblobs; i++) {
		struct blob *b = w->blobs[i];

		w->blobs[i] = NULL;
		if (b && !--b->users)
			put_away(f, b);
	}
}

void blobs_release(struct fetcher *f)
{
	struct table_node *node;

	while ((node = table_pop(&f->blobs)))
		blob_free(OWNER_OF(node, struct blob, node));
	table_release(&f->blobs);
}

/* Its fate is known: the windows that were waiting for it go on. */
static void settle(struct blob *b, enum blob_state state)
{
	struct fetcher *f = b->f;

	pthread_mutex_lock(&f->lock);
	b->state = state;
	f->flying--;
	if (b->group)
		b->group->flying--;
	b->group = NULL;
	f->progress++;
	if (b->state == BLOB_HERE)
		f->held_bytes += b->body->bytes.len;
	for (size_t i = 0; i < b->nwaiters; i++)
		if (!--b->waiters[i]->missing)
			want_ready(f, b->waiters[i]);
	b->nwaiters = 0;
	pthread_mutex_unlock(&f->lock);
}

static struct body *body_new(struct buf *bytes)
{
	struct body *body = xcalloc(1, sizeof(*body));

	body->bytes = *bytes;
	body->users = 1;
	*bytes = (struct buf)BUF_INIT;
	return body;
}

static void on_done(void *ctx, struct web_answer *a)
{
	struct blob *b = ctx;

	if (a->fault == HTTP_FINE) {
		b->body = body_new(&a->body);
		web_answer_release(&b->meta);
		b->meta = *a;
		*a = (struct web_answer){.body = BUF_INIT};
		b->kept = b->meta.cached;
	} else {
		b->reason = a->fault == HTTP_BAD && b->bad
				    ? b->bad
				    : fault_reason(a->fault,
					      b->f->plan->o->offline);
		b->why = a->err;
	}
	settle(b, b->reason ? BLOB_FAILED : BLOB_HERE);
}

/* The size that a tile must have. */
static void tile_size(const struct blob *b, unsigned *w, unsigned *h)
{
	bool wms = b->scene->kind == SCENE_WMS;

	*w = wms ? (unsigned)b->place.offset : (unsigned)b->scene->f.tile.px;
	*h = wms ? (unsigned)b->place.len : *w;
}

static int check_tile(void *ctx, const struct http_answer *a, struct err *err)
{
	struct blob *b = ctx;
	struct str type = {a->type.data, a->type.len};
	unsigned w, h;

	tile_size(b, &w, &h);
	b->bad = tile_flaw(a->body.data, a->body.len, type, w, h, err);
	return b->bad ? -1 : 0;
}

/* What no picture of the size needs, with four bytes a pixel as they are. */
static uint64_t tile_limit(const struct blob *b)
{
	unsigned w, h;

	tile_size(b, &w, &h);
	return MIN((uint64_t)w * h * 4 + (64 << 10), MAX_BODY);
}

static struct web_request tile_request(struct blob *b)
{
	return (struct web_request){.url = b->url.data,
		.name = b->name.data,
		.limit = tile_limit(b),
		.anew = b->tries > 1,
		.check = check_tile,
		.done = on_done,
		.ctx = b};
}

/* What is wrong with a tile's file, or NULL: also that it would be waited at,
 * or take from standard input. */
static const char *file_flaw(const char *path, uint64_t limit, struct err *err)
{
	struct stat st;

	if (stat(path, &st)) {
		(void)err_errno(err, "cannot open '%.400s'", path);
	} else if (!S_ISREG(st.st_mode)) {
		(void)err_set(err, "'%.400s' is no file", path);
	} else if (!st.st_size) {
		(void)err_set(err, "'%.400s' is empty", path);
	} else if ((uint64_t)st.st_size > limit) {
		(void)err_set(err, "'%.400s' is larger than %ju bytes", path,
			(uintmax_t)limit);
		return "too large";
	} else {
		return NULL;
	}
	return "not there";
}

/* A tile in a folder. */
static void load_tile(struct blob *b)
{
	struct buf body = BUF_INIT;
	const struct fetch_options *o = b->f->plan->o;
	struct str none = {NULL, 0};
	unsigned w, h;

	tile_size(b, &w, &h);
	if (allow_name(b->url.data, o->sources.items, o->sources.n, &b->why))
		b->reason = "not allowed";
	else
		b->reason = file_flaw(b->url.data, tile_limit(b), &b->why);
	if (!b->reason && load_file(b->url.data, tile_limit(b), &body, &b->why))
		b->reason = "not there";
	if (!b->reason)
		b->reason = tile_flaw(body.data, body.len, none, w, h, &b->why);
	if (b->reason && body.len)
		(void)err_prefix(&b->why, "'%.400s'", b->url.data);
	b->kept = true;
	if (b->reason)
		buf_release(&body);
	else
		b->body = body_new(&body);
	settle(b, b->reason ? BLOB_FAILED : BLOB_HERE);
}

static void start(struct blob *b)
{
	struct web_request req;

	b->tries++;
	if (url_is_http(b->url.data)) {
		req = tile_request(b);
		web_get(b->f->web, &req);
	} else {
		load_tile(b);
	}
}

/* Lock held: the blob of a key, a user more; *made: to be started. */
static struct blob *get(struct fetcher *f, struct want *w,
	const struct block_key *k, bool *made)
{
	uint64_t hash = block_key_hash(k);
	struct table_node *node = table_find(&f->blobs, hash, is_blob, k);
	struct blob *b;

	*made = !node;
	if (node) {
		b = OWNER_OF(node, struct blob, node);
		if (!b->users)
			unlink_blob(f, b);
	} else {
		b = xcalloc(1, sizeof(*b));
		b->f = f;
		b->key = *k;
		b->scene = w->scene;
		b->group = w->group;
		table_add(&f->blobs, &b->node, hash);
		f->flying++;
		w->group->flying++;
	}
	b->users++;
	if (b->state == BLOB_WAITING) {
		xgrow(&b->waiters, &b->waiters_cap, b->nwaiters + 1,
			sizeof(*b->waiters));
		b->waiters[b->nwaiters++] = w;
		w->missing++;
	}
	return b;
}

/* The key of the i-th block of a want. */
static struct block_key key_of(const struct want *w, size_t i)
{
	const struct scene_level *l = &w->scene->levels[w->view.level];
	struct block_key k = {.scene = w->scene->number,
		.level = w->view.level};
	struct span s;

	if (w->scene->kind == SCENE_WMS) {
		k.level = w->view.width | (uint64_t)w->view.height << 32;
		k.col = w->win.col;
		k.row = w->win.row;
		k.width = w->win.width;
		k.height = w->win.height;
		return k;
	}
	s = view_blocks(&w->view.win, l->bw, l->bh);
	k.col = s.col + i % s.ncols;
	k.row = s.row + i / s.ncols;
	return k;
}

/* Names what is to be asked for; false: it has failed before that. */
static bool name_blob(struct fetcher *f, const struct want *w, size_t i,
	struct blob *b)
{
	if (w->scene->remote) {
		b->place = w->places[i];
		return true;
	}
	if (w->scene->kind == SCENE_WMS)
		b->place = (struct place){w->view.width, w->view.height};
	if (!tile_names(f, w, &b->key, &b->url, &b->name, &b->why))
		return true;
	b->reason = "not allowed";
	settle(b, BLOB_FAILED);
	return false;
}

static bool lies_before(const struct remote_range *a,
	const struct remote_range *b)
{
	return a->offset < b->offset;
}

SORT_DEFINE(sort_ranges, struct remote_range, lies_before)

/* Starts the blobs of windows of one image, parts of a file together. */
static void start_all(struct fetcher *f, struct want **wants, size_t n,
	const bool *made, size_t total)
{
	struct remote *remote = wants[0]->scene->remote;
	struct remote_range *ranges =
		xcalloc(remote ? MAX(total, 1) : 1, sizeof(*ranges));
	size_t k = 0, m = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < wants[i]->nblobs; j++) {
			struct blob *b = wants[i]->blobs[j];

			if (!made[k++] || !name_blob(f, wants[i], j, b))
				continue;
			if (remote)
				ranges[m++] =
					(struct remote_range){b->place.offset,
						(size_t)b->place.len, b};
			else
				start(b);
		}
	sort_ranges(ranges, m);
	if (remote)
		remote_want(remote, ranges, m, on_done);
	free(ranges);
}

void blobs_ask(struct fetcher *f, struct want **wants, size_t n)
{
	size_t total = 0, k = 0;
	bool *made;

	for (size_t i = 0; i < n; i++)
		total += wants[i]->nblobs;
	made = xcalloc(MAX(total, 1), sizeof(*made));
	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < n; i++) {
		struct want *w = wants[i];

		w->blobs = xcalloc(MAX(w->nblobs, 1), sizeof(struct blob *));
		w->missing = 1; /* not ready before all have been asked for */
		for (size_t j = 0; j < w->nblobs; j++, k++) {
			struct block_key key = key_of(w, j);

			if (!w->places || w->places[j].len)
				w->blobs[j] = get(f, w, &key, &made[k]);
		}
	}
	pthread_mutex_unlock(&f->lock);
	start_all(f, wants, n, made, total);
	free(made);
	pthread_mutex_lock(&f->lock);
	for (size_t i = 0; i < n; i++)
		if (!--wants[i]->missing)
			want_ready(f, wants[i]);
	pthread_mutex_unlock(&f->lock);
}

bool blob_failed(struct blob *b)
{
	bool failed;

	pthread_mutex_lock(&b->f->lock);
	failed = b->state == BLOB_FAILED;
	pthread_mutex_unlock(&b->f->lock);
	return failed;
}

struct body *blob_hold(struct blob *b)
{
	struct body *body = NULL;

	pthread_mutex_lock(&b->f->lock);
	if (b->state == BLOB_HERE) {
		body = b->body;
		body->users++;
	}
	pthread_mutex_unlock(&b->f->lock);
	return body;
}

void blob_let(struct blob *b, struct body *body)
{
	pthread_mutex_lock(&b->f->lock);
	let(body);
	pthread_mutex_unlock(&b->f->lock);
}

void blob_take(struct want *w, struct body *body, struct buf *out)
{
	struct blob *b = w->blobs[0];
	struct fetcher *f = b->f;

	pthread_mutex_lock(&f->lock);
	if (want_is_last(f, w) && b->users == 1 && b->body == body &&
		body->users == 2) {
		table_remove(&f->blobs, &b->node);
		f->held_bytes -= body->bytes.len;
		b->state = BLOB_TAKEN;
		b->body = NULL;
		body->users--;
		*out = body->bytes;
		body->bytes = (struct buf)BUF_INIT;
	} else {
		buf_add(out, body->bytes.data, body->bytes.len);
	}
	let(body);
	pthread_mutex_unlock(&f->lock);
}

int blob_good(struct blob *b, struct body *body, struct err *err)
{
	struct web_answer a = b->meta;
	struct web_request req;
	bool mine;

	pthread_mutex_lock(&b->f->lock);
	mine = !b->kept && b->body == body;
	b->kept = b->kept || mine;
	pthread_mutex_unlock(&b->f->lock);
	if (!mine)
		return 0;
	a.body = body->bytes;
	if (b->scene->remote)
		return remote_keep(b->scene->remote, b->place.offset, &a, err);
	req = tile_request(b);
	return web_keep(b->f->web, &req, &a, err);
}

bool blob_again(struct blob *b, struct body *body, struct want *w)
{
	struct fetcher *f = b->f;
	bool asks = false, waits = false;

	pthread_mutex_lock(&f->lock);
	if (b->state == BLOB_HERE && b->body == body &&
		b->tries < f->plan->o->tries && !b->scene->remote) {
		asks = true;
		b->state = BLOB_WAITING;
		b->kept = false;
		f->held_bytes -= body->bytes.len;
		b->body = NULL;
		let(body); /* the blob's */
		f->flying++;
	}
	if (b->state == BLOB_WAITING) {
		waits = true;
		xgrow(&b->waiters, &b->waiters_cap, b->nwaiters + 1,
			sizeof(*b->waiters));
		b->waiters[b->nwaiters++] = w;
		w->missing = 1;
	}
	pthread_mutex_unlock(&f->lock);
	if (asks)
		start(b);
	return waits;
}
