#include "base/base.h"
#include "catalog/vector.h"

#include <math.h>

#include "rec/line.h"
#include "rec/pack.h"

static const struct vector_column columns[] = {
	{"src", false},
	{"uri", false},
	{"gsd_m", true},
	{"date", false},
	{"cloud", true},
	{"licence", false},
	{"attribution", false},
	{"img", false},
};

struct vector_out *catalog_layer_new(enum vector_format format, struct err *err)
{
	return vector_new(format, "images", columns, ARRAY_SIZE(columns), err);
}

static struct vector_value text(struct str s)
{
	return (struct vector_value){.text = s.len ? s : (struct str){NULL, 0}};
}

static struct vector_value number(double v)
{
	return (struct vector_value){.number = v};
}

int catalog_layer_put(struct vector_out *layer, const struct img_field *img,
	const struct outline *outline, struct err *err)
{
	struct buf packed = BUF_INIT, json = BUF_INIT;
	int rc;

	img_field_pack(&packed, img);
	rc = line_from_val(buf_val(&packed), &json, err);
	if (!rc) {
		const struct vector_value values[ARRAY_SIZE(columns)] = {
			text(img->src), text(img->uri), number(img->gsd_m),
			text(img->date),
			number(img->has_cloud ? img->cloud : NAN),
			text(img->licence), text(img->attribution),
			text((struct str){json.data, json.len})};

		rc = vector_put(layer, &outline->wkb, values, err);
	}
	buf_release(&packed);
	buf_release(&json);
	return rc;
}
