#include "base/base.h"
#include "form/printer.h"
#include "rec/line.h"
#include "rec/pack.h"

static const char collection[] =
	"{\"type\":\"FeatureCollection\",\"features\":[\n";

int printer_init(struct printer *p, enum form form, const char *columns,
	struct err *err)
{
	*p = (struct printer){.form = form};
	return cells_init(&p->cells, form == FORM_TSV ? ROWS_TSV : ROWS_CSV,
		columns, err);
}

void printer_release(struct printer *p)
{
	cells_release(&p->cells);
	feature_room_release(&p->features);
	buf_release(&p->packed);
}

static int add_record(struct printer *p, const struct rec *r, struct buf *out,
	const char **reason, struct err *err)
{
	*reason = "no JSON";
	switch (p->form) {
	case FORM_JSON:
		if (line_from_rec(rec_bytes(r, &p->packed), out, err))
			return -1;
		break;
	case FORM_TSV:
	case FORM_CSV:
		*reason = "no columns";
		if (!p->n && cells_add_names(&p->cells, r, out))
			return err_set(err, "no field of it makes a column: "
					    "give --columns");
		*reason = "no JSON";
		return cells_add(&p->cells, r, out, err);
	case FORM_GEOJSON:
		buf_adds(out, p->n ? ",\n" : collection);
		return feature_add(&p->features, r, out, reason, err);
	case FORM_GEOJSONSEQ:
		buf_addc(out, '\x1e');
		/* fallthrough */
	case FORM_GEOJSONL:
		if (feature_add(&p->features, r, out, reason, err))
			return -1;
		break;
	case FORM_OTHER:
		return 0;
	}
	buf_addc(out, '\n');
	return 0;
}

int printer_add(struct printer *p, const struct rec *r, struct buf *out,
	const char **reason, struct err *err)
{
	size_t before = out->len;

	if (add_record(p, r, out, reason, err)) {
		out->len = before;
		return -1;
	}
	p->n++;
	return 0;
}

void printer_end(struct printer *p, struct buf *out)
{
	if (p->form == FORM_GEOJSON)
		buf_addf(out, "%s\n]}\n", p->n ? "" : collection);
	if (p->form != FORM_TSV && p->form != FORM_CSV)
		return;
	if (p->n)
		cells_done(&p->cells);
	else
		(void)!cells_add_names(&p->cells, NULL, out);
}
