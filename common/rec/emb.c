#include "base/base.h"
#include "rec/emb.h"
#include "base/half.h"

int emb_read(const struct rec *r, const char *name, struct emb *out,
	struct err *err)
{
	struct str bytes, dtype;
	size_t width;
	int rc = rec_get_bin(r, name, &bytes, err);

	*out = (struct emb){NULL, 0, false, {NULL, 0}};
	if (rc <= 0)
		return rc;
	rc = rec_get_str(r, "emb_dtype", &dtype, err);
	if (rc < 0)
		return -1;
	if (!rc)
		return err_set(err, "'%s' without 'emb_dtype'", name);
	out->half = str_is(dtype, "f16");
	if (!out->half && !str_is(dtype, "f32"))
		return err_set(err, "'emb_dtype' is '%.*s', not f16 or f32",
			(int)MIN(dtype.len, 40), dtype.s);
	width = out->half ? 2 : 4;
	if (!bytes.len || bytes.len % width)
		return err_set(err, "'%s' of %zu bytes is no run of %.*s", name,
			bytes.len, (int)dtype.len, dtype.s);
	out->p = (const uint8_t *)bytes.s;
	out->dim = bytes.len / width;
	return rec_get_str(r, "emb_model", &out->model, err) < 0 ? -1 : 1;
}

float emb_at(const struct emb *e, size_t i)
{
	const uint8_t *p = e->p + i * (e->half ? 2 : 4);
	uint32_t bits;
	float x;

	if (e->half)
		return half_to_f32((uint16_t)(p[0] | p[1] << 8));
	bits = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
	memcpy(&x, &bits, sizeof(x));
	return x;
}

int emb_read_f64s(const struct rec *r, const char *name, const char *model,
	double *v, size_t dim, struct err *err)
{
	struct emb e;
	int rc = emb_read(r, name, &e, err);

	if (rc <= 0)
		return rc;
	if (model && !str_is(e.model, model))
		return err_set(err,
			"'%s' comes from the model '%.*s', not "
			"from '%s'",
			name, (int)MIN(e.model.len, 100),
			e.model.len ? e.model.s : "", model);
	if (e.dim != dim)
		return err_set(err, "'%s' has %zu values, not %zu", name, e.dim,
			dim);
	for (size_t i = 0; i < dim; i++)
		v[i] = (double)emb_at(&e, i);
	return 1;
}

void emb_set(struct rec *r, const char *name, const float *v, size_t dim,
	bool half)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < dim; i++) {
		uint32_t bits = half_from_f32(v[i]);

		if (!half)
			memcpy(&bits, &v[i], sizeof(bits));
		for (unsigned shift = 0; shift < (half ? 16 : 32); shift += 8)
			buf_addc(&b, (char)(bits >> shift));
	}
	rec_set_bin(r, name, b.data, b.len);
	buf_release(&b);
}

void emb_set_kind(struct rec *r, bool half, const char *model)
{
	rec_set_str(r, "emb_dtype", half ? "f16" : "f32", 3);
	rec_set_str(r, "emb_model", model, strlen(model));
}
