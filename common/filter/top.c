#include "base/base.h"
#include "filter/top.h"
#include "filter/priv.h"
#include "base/num.h"

#include <math.h>

bool item_score(struct item *item, const char *field, double *score)
{
	struct err why;
	int rc = rec_get_f64(&item->rec, field, score, &why);

	if (rc < 0)
		item_fault(item, "bad score", "%s", why.msg);
	else if (!rc)
		item_drop(item, "no score", "the record has no '%s'", field);
	else if (!isfinite(*score))
		item_drop(item, "no score", "'%s' is not finite", field);
	else
		return true;
	return false;
}

/* A record that has a score. */
struct candidate {
	double score;
	uint64_t tie;
	size_t position; /* among all records */
};

struct selection {
	const char *field;
	uint64_t seed;
	struct spool *spool;          /* number, offset, record */
	struct buf packed;            /* what goes into it */
	size_t n;                     /* records in it */
	struct candidate *candidates; /* [ncandidates] */
	size_t ncandidates, cap;
	bool *keep;    /* [n] */
	double lowest; /* score of the last that is kept */
	uint64_t kept;
};

static int add_item(struct selection *s, struct item *item, struct err *err)
{
	struct candidate *c;
	struct buf *b = &s->packed;
	double score;
	int rc;

	if (item_score(item, s->field, &score)) {
		xgrow(&s->candidates, &s->cap, s->ncandidates + 1,
			sizeof(*s->candidates));
		c = &s->candidates[s->ncandidates++];
		c->score = score;
		c->tie = seeded_hash(s->seed, "tie", rec_key(&item->rec));
		c->position = s->n;
	}
	s->n++;
	buf_reset(b);
	buf_add(b, &item->number, sizeof(item->number));
	buf_add(b, &item->offset, sizeof(item->offset));
	rec_pack(&item->rec, b);
	rc = spool_put(s->spool, b->data, b->len, err);
	item_free(item);
	return rc;
}

static int better(const void *va, const void *vb)
{
	const struct candidate *a = va, *b = vb;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->tie != b->tie)
		return a->tie < b->tie ? -1 : 1;
	return (a->position > b->position) - (a->position < b->position);
}

static void choose(struct selection *s, double percent)
{
	s->keep = xcalloc(MAX(s->n, 1), sizeof(*s->keep));
	s->kept = percent_of(s->ncandidates, percent);
	if (!s->kept)
		return;
	qsort(s->candidates, s->ncandidates, sizeof(*s->candidates), better);
	for (size_t i = 0; i < s->kept; i++)
		s->keep[s->candidates[i].position] = true;
	s->lowest = s->candidates[s->kept - 1].score;
}

/* The item that add_item() put away, as a view of the bytes. */
static int item_again(struct item *item, struct str bytes, struct err *err)
{
	const size_t head = sizeof(item->number) + sizeof(item->offset);

	memcpy(&item->number, bytes.s, sizeof(item->number));
	memcpy(&item->offset, bytes.s + sizeof(item->number),
		sizeof(item->offset));
	item->verdict = KEEP;
	return rec_view_bytes(&item->rec, (const uint8_t *)bytes.s + head,
		bytes.len - head, err);
}

static void set_below_top(const struct selection *s, struct item *item,
	double score)
{
	char have[F64_TEXT], lowest[F64_TEXT];

	f64_text_short(score, have);
	f64_text_short(s->lowest, lowest);
	if (s->kept)
		item_drop(item, "below top", "%s %s, lowest kept %s", s->field,
			have, lowest);
	else
		item_drop(item, "below top", "%s %s, none kept", s->field,
			have);
}

static int put_out(struct selection *s, struct filter *f, struct err *err)
{
	struct str bytes;
	double score;
	int rc;

	if (spool_rewind(s->spool, err))
		return -1;
	for (size_t i = 0; (rc = spool_next(s->spool, &bytes, err)) > 0; i++) {
		struct item *item = &f->item;

		if (item_again(item, bytes, err))
			return -1;
		if (item_score(item, s->field, &score) && !s->keep[i])
			set_below_top(s, item, score);
		if (filter_emit(f, item, err))
			return -1;
	}
	return rc;
}

int filter_top(struct filter *f, const char *field, double percent,
	uint64_t seed, struct err *err)
{
	struct selection s = {.field = field, .seed = seed};
	struct item *item;
	int rc;

	s.spool = spool_new();
	while ((rc = filter_next(f, &item, err)) > 0) {
		rc = add_item(&s, item, err);
		if (rc)
			break;
	}
	if (!rc) {
		choose(&s, percent);
		rc = put_out(&s, f, err);
	}
	spool_free(s.spool);
	buf_release(&s.packed);
	free(s.candidates);
	free(s.keep);
	return rc;
}
