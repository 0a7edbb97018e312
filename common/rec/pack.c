#include "base/base.h"
#include "rec/pack.h"

#include <msgpack.h>

static int add(void *b, const char *p, size_t len)
{
	buf_add(b, p, len);
	return 0;
}

static msgpack_packer on(struct buf *b)
{
	return (msgpack_packer){b, add};
}

void pack_nil(struct buf *b)
{
	msgpack_packer pk = on(b);

	msgpack_pack_nil(&pk);
}

void pack_bool(struct buf *b, bool v)
{
	msgpack_packer pk = on(b);

	if (v)
		msgpack_pack_true(&pk);
	else
		msgpack_pack_false(&pk);
}

void pack_wide_u64(struct buf *b, uint64_t v)
{
	msgpack_packer pk = on(b);

	msgpack_pack_uint64(&pk, v);
}

void pack_i64(struct buf *b, int64_t v)
{
	msgpack_packer pk = on(b);

	msgpack_pack_int64(&pk, v);
}

void pack_f32(struct buf *b, float v)
{
	msgpack_packer pk = on(b);

	msgpack_pack_float(&pk, v);
}

void pack_str_head(struct buf *b, size_t len)
{
	msgpack_packer pk = on(b);

	msgpack_pack_str(&pk, len);
}

void pack_bin_head(struct buf *b, size_t len)
{
	msgpack_packer pk = on(b);

	msgpack_pack_bin(&pk, len);
}

void pack_bin(struct buf *b, const void *p, size_t len)
{
	pack_bin_head(b, len);
	buf_add(b, p, len);
}

void pack_ext(struct buf *b, int8_t type, const void *p, size_t len)
{
	msgpack_packer pk = on(b);

	msgpack_pack_ext(&pk, len, type);
	buf_add(b, p, len);
}

void pack_wide_array(struct buf *b, size_t n)
{
	msgpack_packer pk = on(b);

	msgpack_pack_array(&pk, n);
}

void pack_wide_map(struct buf *b, size_t n)
{
	msgpack_packer pk = on(b);

	msgpack_pack_map(&pk, n);
}

void pack_val(struct buf *b, struct val v)
{
	buf_add(b, v.p, v.len);
}

void pack_f64s(struct buf *b, const double *v, size_t n)
{
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_f64(b, v[i]);
}

void pack_u64s(struct buf *b, const uint64_t *v, size_t n)
{
	pack_array(b, n);
	for (size_t i = 0; i < n; i++)
		pack_u64(b, v[i]);
}
