/*
 * emb.h - embeddings in records: `img_emb` and `txt_emb`, little-endian f16 or
 * f32 as `emb_dtype` says, made by the model that `emb_model` names.
 */
#ifndef REC_EMB_H
#define REC_EMB_H

#include "rec/rec.h"

/* A view into a record. */
struct emb {
	const uint8_t *p;
	size_t dim;
	bool half;        /* f16, else f32 */
	struct str model; /* NAME@ and 16 hex digits; len 0: not there */
};

/*
 * Reads the field `name`. 1 when it is there, 0 when it is not, -1 when it or
 * `emb_dtype` is of another type or they do not go together.
 */
int emb_read(const struct rec *r, const char *name, struct emb *out,
	struct err *err) MUST_USE;
/* Value i, i < dim; may be any float, NaN too. */
float emb_at(const struct emb *e, size_t i);

/*
 * The field's values into v [dim]. 1 when it is there, 0 when it is not, -1
 * when it cannot be read, is not of that length, or comes from another model
 * than `model` (NULL: any).
 */
int emb_read_f64s(const struct rec *r, const char *name, const char *model,
	double *v, size_t dim, struct err *err) MUST_USE;

/* Sets the field `name` to v [dim], as f16 or f32. */
void emb_set(struct rec *r, const char *name, const float *v, size_t dim,
	bool half);
/* Sets emb_dtype and emb_model, which go with every embedding of a record. */
void emb_set_kind(struct rec *r, bool half, const char *model);

#endif
