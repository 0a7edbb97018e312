#include "base/base.h"
#include "geo/lonlat.h"

#include <math.h>

struct lonlat_index {
	struct rtree *tree;
	uint32_t *owner; /* of each of the tree's rectangles */
};

bool lonlat_valid(double lon, double lat)
{
	return fabs(lon) <= 180 && fabs(lat) <= 90;
}

bool lonlat_box_valid(const double box[4])
{
	return lonlat_valid(box[0], box[1]) && lonlat_valid(box[2], box[3]) &&
	       box[1] <= box[3];
}

double lonlat_box_width(const double box[4])
{
	double width = box[2] - box[0];

	return width < 0 ? width + 360 : width;
}

double lonlat_box_middle(const double box[4])
{
	return lonlat_wrap(box[0] + lonlat_box_width(box) / 2);
}

double lonlat_near(double lon, double middle)
{
	if (lon - middle > 180)
		return lon - 360;
	return lon - middle < -180 ? lon + 360 : lon;
}

bool lonlat_boxes_meet(const double a[4], const double b[4])
{
	double middle = lonlat_box_middle(b);
	double gap = lonlat_near(lonlat_box_middle(a), middle) - middle;

	return a[1] <= b[3] && b[1] <= a[3] &&
	       fabs(gap) <= (lonlat_box_width(a) + lonlat_box_width(b)) / 2;
}

double lonlat_wrap(double lon)
{
	return lonlat_near(lon, 0);
}

/* The box as one rectangle, or two where it crosses the antimeridian. */
static size_t split(const double box[4], struct rect out[2])
{
	out[0] = (struct rect){box[0], box[1], box[2], box[3]};
	if (!(box[0] > box[2]))
		return 1;
	out[1] = (struct rect){-180, box[1], box[2], box[3]};
	out[0].x1 = 180;
	return 2;
}

struct lonlat_index *lonlat_index_new(const double (*boxes)[4], size_t n)
{
	struct lonlat_index *index = xcalloc(1, sizeof(*index));
	struct rect *rects = NULL, parts[2];
	size_t nrects = 0, rects_cap = 0, owner_cap = 0;

	for (size_t i = 0; i < n; i++) {
		size_t m = split(boxes[i], parts);

		xgrow(&rects, &rects_cap, nrects + m, sizeof(*rects));
		xgrow(&index->owner, &owner_cap, nrects + m,
			sizeof(*index->owner));
		for (size_t j = 0; j < m; j++) {
			index->owner[nrects] = (uint32_t)i;
			rects[nrects++] = parts[j];
		}
	}
	index->tree = rtree_new(rects, nrects);
	free(rects);
	return index;
}

void lonlat_index_free(struct lonlat_index *index)
{
	if (!index)
		return;
	rtree_free(index->tree);
	free(index->owner);
	free(index);
}

void lonlat_index_query(const struct lonlat_index *index, const double box[4],
	struct hits *hits)
{
	struct rect parts[2];
	size_t n = split(box, parts);

	hits->n = 0;
	for (size_t i = 0; i < n; i++)
		rtree_query(index->tree, &parts[i], hits);
	for (size_t i = 0; i < hits->n; i++)
		hits->items[i] = index->owner[hits->items[i]];
	hits_sort(hits);
}
