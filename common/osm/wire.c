#include "base/base.h"
#include "osm/wire.h"

int wire_next_any(struct wire *w, struct wire_field *f, struct err *err)
{
	uint64_t key, n = 0;

	if (w->p == w->end)
		return 0;
	if (!wire_varint(w, &key) || key >> 3 == 0 || key >> 32)
		return err_set(err, "a protobuf field's key is damaged");
	f->number = (uint32_t)(key >> 3);
	f->type = (enum wire_type)(key & 7);
	f->bytes = (struct wire){w->p, w->p};
	switch (f->type) {
	case WIRE_VARINT:
		if (!wire_varint(w, &f->varint))
			break;
		return 1;
	case WIRE_64:
		n = 8;
		break;
	case WIRE_32:
		n = 4;
		break;
	case WIRE_BYTES:
		if (!wire_varint(w, &n))
			n = UINT64_MAX;
		break;
	}
	if (f->type == WIRE_VARINT || (n == 0 && f->type != WIRE_BYTES) ||
		n > wire_len(*w))
		return err_set(err,
			"protobuf field %u is damaged, or longer than the "
			"message that holds it",
			f->number);
	f->bytes = (struct wire){w->p, w->p + n};
	w->p += n;
	return 1;
}

size_t wire_count(struct wire w)
{
	size_t n = 0;

	for (; w.p < w.end; w.p++)
		n += *w.p < 128;
	return n;
}
