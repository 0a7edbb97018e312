#include "base/base.h"
#include "geo/cells.h"
#include "geo/geodesic.h"
#include "geo/lonlat.h"
#include "base/num.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define PI 3.14159265358979323846
/* The least there is on the ellipsoid: north at the equator, and east at a
 * latitude per cosine of it. */
#define M_PER_DEG_NORTH 110574.2
#define M_PER_DEG_EAST  111319.4

static int parse_deg(struct cells *c, const char *text, struct err *err)
{
	double deg, rows;

	if (parse_f64(text, &deg) || !(deg >= 0.001 && deg <= 180))
		return err_set(err, "degrees are 0.001 to 180, not '%s'", text);
	rows = round(180 / deg);
	if (fabs(rows * deg - 180) > 1e-9)
		return err_set(err, "180 is no multiple of '%s' degrees", text);
	c->rows = (uint32_t)rows;
	c->cols = 2 * c->rows;
	return 0;
}

int cells_parse(struct cells *c, const char *text, struct err *err)
{
	uint64_t zoom;

	*c = (struct cells){false, 0, 0, 0};
	if (str_starts(str_from(text), "deg:"))
		return parse_deg(c, text + strlen("deg:"), err);
	if (!str_starts(str_from(text), "quadkey:"))
		return err_set(err, "'%s' is neither quadkey:ZOOM nor deg:SIZE",
			text);
	text += strlen("quadkey:");
	if (parse_u64(text, &zoom) || !zoom || zoom > CELLS_MAX_ZOOM)
		return err_set(err, "a zoom is 1 to %d, not '%s'",
			CELLS_MAX_ZOOM, text);
	c->mercator = true;
	c->zoom = (unsigned)zoom;
	c->rows = c->cols = UINT32_C(1) << zoom;
	return 0;
}

/* Columns from 180 degrees west, without end to both sides. */
static int64_t column(const struct cells *c, double lon)
{
	return (int64_t)floor((lon + 180) * c->cols / 360);
}

static uint32_t wrap(const struct cells *c, int64_t col)
{
	return (uint32_t)(((col % c->cols) + c->cols) % c->cols);
}

/* Rows from the north on; of Web Mercator without end to both sides. */
static double southing(const struct cells *c, double lat)
{
	if (!c->mercator)
		return (90 - lat) * c->rows / 180;
	return (0.5 - atanh(sin(lat * (PI / 180))) / (2 * PI)) * c->rows;
}

static uint32_t row(const struct cells *c, double lat)
{
	double r = floor(southing(c, lat));

	if (!(r > 0))
		return 0;
	return r < c->rows ? (uint32_t)r : c->rows - 1;
}

struct cell cells_at(const struct cells *c, double lon, double lat)
{
	return (struct cell){wrap(c, column(c, lon)), row(c, lat)};
}

struct cell_range cells_of_box(const struct cells *c, const double box[4])
{
	double east = box[0] > box[2] ? box[2] + 360 : box[2];
	int64_t first = column(c, box[0]), last = column(c, east);
	struct cell_range r;

	r.col = wrap(c, first);
	r.ncols = (uint32_t)MIN(last - first + 1, (int64_t)c->cols);
	r.row = row(c, box[3]);
	r.nrows = row(c, box[1]) - r.row + 1;
	return r;
}

bool cells_hold(const struct cells *c, const struct cell_range *r,
	struct cell cell)
{
	uint32_t east = wrap(c, (int64_t)cell.col - r->col);

	return east < r->ncols && cell.row >= r->row &&
	       cell.row - r->row < r->nrows;
}

struct cell cells_in_range(const struct cells *c, const struct cell_range *r,
	uint64_t i)
{
	return (struct cell){wrap(c, r->col + (int64_t)(i % r->ncols)),
		r->row + (uint32_t)(i / r->ncols)};
}

void cell_name(const struct cells *c, struct cell cell, char out[CELL_NAME])
{
	if (!c->mercator) {
		snprintf(out, CELL_NAME, "%" PRIu32 "/%" PRIu32, cell.col,
			cell.row);
		return;
	}
	for (unsigned i = 0; i < c->zoom; i++) {
		unsigned bit = c->zoom - 1 - i;

		out[i] = (char)('0' + (cell.col >> bit & 1) +
				2 * (cell.row >> bit & 1));
	}
	out[c->zoom] = '\0';
}

void box_grow(const double box[4], double metres, double out[4])
{
	double north = metres / M_PER_DEG_NORTH, far, east = 360;
	double width = lonlat_box_width(box);

	out[1] = MAX(box[1] - north, -90);
	out[3] = MIN(box[3] + north, 90);
	far = MAX(fabs(out[1]), fabs(out[3]));
	if (far < 90)
		east = metres / (M_PER_DEG_EAST * cos(far * (PI / 180)));
	else if (!(metres > 0))
		east = 0;
	if (width + 2 * east >= 360) {
		out[0] = -180;
		out[2] = 180;
		return;
	}
	out[0] = lonlat_wrap(box[0] - east);
	out[2] = lonlat_wrap(box[2] + east);
}

/* Degrees from a's east side on to b's west side: 0 … 360. */
static double gap(const double a[4], const double b[4])
{
	double d = b[0] - a[2];

	return d < 0 ? d + 360 : d;
}

static bool share_a_meridian(const double a[4], const double b[4])
{
	double d = b[0] - a[0], back = a[0] - b[0];

	d = d < 0 ? d + 360 : d;
	back = back < 0 ? back + 360 : back;
	return d <= lonlat_box_width(a) || back <= lonlat_box_width(b);
}

double box_distance_m(const double a[4], const double b[4])
{
	bool beside = !share_a_meridian(a, b);
	double south = MAX(a[1], b[1]), north = MIN(a[3], b[3]);
	double lon = beside ? MIN(gap(a, b), gap(b, a)) : 0;

	if (south <= north) { /* where meridians are nearer to each other */
		if (!beside)
			return 0;
		south = north = fabs(south) > fabs(north) ? south : north;
	}
	return geodesic_distance_m(0, south, lon, north);
}
