/*
 * A pass over a file's blobs: read in order on the owner's thread, decoded on
 * the workers', handed out in order again.
 */
#include "base/base.h"
#include "osm/priv.h"
#include "base/hash.h"
#include "base/thread.h"

#include <errno.h>
#include <unistd.h>

struct job {
	struct osm_batch batch;
	struct buf bytes; /* of the blob, its header too */
	size_t head;
	int rc;
	struct err err;
	struct job *next; /* among those that wait to be used again */
};

struct runner {
	const struct frame *frame;
	const struct osm_pass *pass;
	bool whole;
	struct sha256 *sha;
	struct workers *workers;
	struct blob_reader **readers; /* [threads] */
	struct block **blocks;        /* [threads] */
	unsigned threads;
	struct job *spare; /* a list */
	unsigned kinds;    /* of the last turn */
};

static struct job *job_new(struct runner *r)
{
	struct job *job = r->spare;

	if (job) {
		r->spare = job->next;
		return job;
	}
	job = xcalloc(1, sizeof(*job));
	if (r->pass->data_new)
		job->batch.data = r->pass->data_new(r->pass->ctx);
	return job;
}

static void job_done(struct runner *r, struct job *job)
{
	job->next = r->spare;
	r->spare = job;
}

static void work(void *ctx, void *data, unsigned worker)
{
	struct runner *r = ctx;
	struct job *job = data;
	const struct sequel *sequel =
		r->frame->sequels ? &r->frame->sequels[job->batch.number]
				  : NULL;
	struct wire blob = {(uint8_t *)job->bytes.data + job->head,
		(uint8_t *)job->bytes.data + job->bytes.len};
	struct wire content;

	job->batch.worker = worker;
	job->rc = blob_unpack(r->readers[worker], blob, &content, &job->err);
	if (!job->rc)
		job->rc = block_pass(r->blocks[worker], content, sequel,
			&job->batch, &job->err);
}

static void data_free(struct runner *r, struct job *job)
{
	if (r->pass->data_free)
		r->pass->data_free(job->batch.data);
}

/* What is damaged is told, or ends the pass, when this is a whole one. */
static int tell_damage(struct runner *r, const char *damage, struct err *err)
{
	const struct osm_pass *p = r->pass;

	if (!r->whole)
		return 0;
	return p->damaged ? p->damaged(p->ctx, damage, err)
			  : err_set(err, "%s", damage);
}

/* Of what the callbacks have made of the block until then nothing is kept. */
static int pass_over(struct runner *r, struct job *job, struct err *err)
{
	const struct osm_pass *p = r->pass;

	data_free(r, job);
	job->batch.data = p->data_new ? p->data_new(p->ctx) : NULL;
	frame_prefix(r->frame, job->batch.number, &job->err);
	return tell_damage(r, job->err.msg, err);
}

/* What a block has made goes on. Nothing of a damaged block does. */
static int hand_out(struct runner *r, struct job *job, struct err *err)
{
	const struct osm_pass *p = r->pass;
	int rc = 0;

	if (job->batch.failed) {
		*err = job->err;
		rc = -1;
	} else if (job->rc) {
		rc = pass_over(r, job, err);
	} else if (p->done) {
		rc = p->done(p->ctx, &job->batch, err);
	}
	job_done(r, job);
	return rc;
}

/* Waits for the blocks under way; with rc -1 what they have made is lost. */
static int drain(struct runner *r, int rc, struct err *err)
{
	struct job *job;

	while ((job = workers_get(r->workers))) {
		if (!rc)
			rc = hand_out(r, job, err);
		else
			job_done(r, job);
	}
	return rc;
}

/* Bytes that need not be decoded count for the checksum. */
static int hash_only(struct runner *r, size_t number, struct err *err)
{
	enum { CHUNK = 1 << 20 };
	uint64_t at = r->frame->blobs[number].start;
	uint64_t end = frame_end(r->frame, number);
	struct buf bytes = BUF_INIT;
	int rc = 0;

	while (r->sha && at < end && !rc) {
		size_t len = (size_t)MIN(end - at, CHUNK);

		rc = frame_load(r->frame, at, len, &bytes, err);
		if (!rc)
			sha256_add(r->sha, bytes.data, len);
		at += len;
	}
	buf_release(&bytes);
	return rc;
}

static int hash_blob(struct runner *r, size_t number, struct err *err)
{
	struct err why;

	if (!hash_only(r, number, &why))
		return 0;
	frame_prefix(r->frame, number, &why);
	if (!drain(r, 0, err))
		*err = why;
	return -1;
}

static int turn(struct runner *r, unsigned kinds, struct err *err)
{
	if (!r->pass->staged || kinds == r->kinds)
		return 0;
	r->kinds = kinds;
	if (drain(r, 0, err))
		return -1;
	return r->pass->turn ? r->pass->turn(r->pass->ctx, kinds, err) : 0;
}

static int submit(struct runner *r, size_t number, struct err *err)
{
	const struct blob *b = &r->frame->blobs[number];
	struct job *job;

	/* bytes that are no blob: what stands before them goes out first */
	if (b->damage && (drain(r, 0, err) || tell_damage(r, b->damage, err)))
		return -1;
	if (b->damage || !(b->kinds & r->pass->kinds))
		return hash_blob(r, number, err);
	if (turn(r, b->kinds, err))
		return -1;
	if (workers_full(r->workers) &&
		hand_out(r, workers_get(r->workers), err))
		return -1;
	job = job_new(r);
	if (frame_load(r->frame, b->start, (size_t)b->head + b->size,
		    &job->bytes, &job->err)) {
		frame_prefix(r->frame, number, &job->err);
		if (!drain(r, 0, err))
			*err = job->err;
		job_done(r, job);
		return -1;
	}
	if (r->sha)
		sha256_add(r->sha, job->bytes.data, job->bytes.len);
	job->head = b->head;
	job->batch.number = number;
	job->batch.kinds = b->kinds;
	job->batch.failed = false;
	workers_put(r->workers, job);
	return 0;
}

static void runner_begin(struct runner *r)
{
	r->readers = xcalloc(r->threads, sizeof(struct blob_reader *));
	r->blocks = xcalloc(r->threads, sizeof(struct block *));
	for (unsigned i = 0; i < r->threads; i++) {
		r->readers[i] = blob_reader_new();
		r->blocks[i] = block_new(r->pass, i);
	}
	r->workers = workers_new(r->threads,
		(size_t)r->threads * OSM_BATCHES_PER_THREAD, work, r);
}

static void runner_end(struct runner *r)
{
	workers_free(r->workers);
	for (unsigned i = 0; i < r->threads; i++) {
		blob_reader_free(r->readers[i]);
		block_free(r->blocks[i]);
	}
	free(r->readers);
	free(r->blocks);
	while (r->spare) {
		struct job *job = r->spare;

		r->spare = job->next;
		data_free(r, job);
		buf_release(&job->bytes);
		free(job);
	}
}

int frame_pass(const struct frame *f, const struct osm_pass *pass, bool whole,
	struct sha256 *sha, struct err *err)
{
	struct runner r = {.frame = f,
		.pass = pass,
		.whole = whole,
		.sha = sha,
		.threads = MAX(pass->threads, 1)};
	int rc = 0;

	runner_begin(&r);
	for (size_t i = 0; i < f->n && !rc; i++)
		rc = submit(&r, i, err);
	rc = drain(&r, rc, err);
	if (!rc && whole && f->broken) {
		*err = f->damage;
		rc = -1;
	}
	runner_end(&r);
	return rc;
}
