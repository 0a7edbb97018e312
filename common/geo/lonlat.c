#include "base/base.h"
#include "geo/lonlat.h"

#include <math.h>

#include "base/spool.h"

enum { RUN = 1024 };

struct lonlat_index {
	struct rtree *tree;
	size_t n;           /* boxes: the tree's first n rectangles */
	struct hits beyond; /* the owners of those behind them, which begin at
			     * the antimeridian */
	struct spool *spool;
	struct rect *run;  /* [nrun]: what is not in the spool */
	struct rect *rest; /* [beyond.n] */
	size_t nrun, rest_cap;
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

struct lonlat_index *lonlat_index_new(void)
{
	struct lonlat_index *index = xcalloc(1, sizeof(*index));

	index->spool = spool_new();
	index->run = xcalloc(RUN, sizeof(*index->run));
	return index;
}

static void release_input(struct lonlat_index *index)
{
	spool_free(index->spool);
	free(index->run);
	free(index->rest);
	index->spool = NULL;
	index->run = index->rest = NULL;
}

void lonlat_index_free(struct lonlat_index *index)
{
	if (!index)
		return;
	release_input(index);
	rtree_free(index->tree);
	hits_release(&index->beyond);
	free(index);
}

static int spill(struct lonlat_index *index, struct err *err)
{
	size_t n = index->nrun;

	index->nrun = 0;
	return spool_put(index->spool, index->run, n * sizeof(*index->run),
		err);
}

int lonlat_index_add(struct lonlat_index *index, const double box[4],
	struct err *err)
{
	struct hits *beyond = &index->beyond;
	struct rect parts[2];

	if (split(box, parts) == 2) {
		xgrow(&beyond->items, &beyond->cap, beyond->n + 1,
			sizeof(*beyond->items));
		xgrow(&index->rest, &index->rest_cap, beyond->n + 1,
			sizeof(*index->rest));
		index->rest[beyond->n] = parts[1];
		beyond->items[beyond->n++] = (uint32_t)index->n;
	}
	index->run[index->nrun++] = parts[0];
	index->n++;
	return index->nrun == RUN ? spill(index, err) : 0;
}

int lonlat_index_build(struct lonlat_index *index, struct err *err)
{
	size_t nrest = index->beyond.n;

	if (spill(index, err) || spool_put(index->spool, index->rest,
					 nrest * sizeof(*index->rest), err))
		return -1;
	index->tree = rtree_read(index->spool, index->n + nrest, err);
	release_input(index);
	return index->tree ? 0 : -1;
}

/* Whether some may be there twice. */
static bool look(const struct lonlat_index *index, const double box[4],
	struct hits *hits)
{
	struct rect parts[2];
	size_t n = split(box, parts);
	bool twice = n > 1;

	hits->n = 0;
	for (size_t i = 0; i < n; i++)
		rtree_query(index->tree, &parts[i], hits);
	for (size_t i = 0; i < hits->n; i++)
		if (hits->items[i] >= index->n) {
			hits->items[i] =
				index->beyond.items[hits->items[i] - index->n];
			twice = true;
		}
	return twice;
}

void lonlat_index_query(const struct lonlat_index *index, const double box[4],
	struct hits *hits)
{
	look(index, box, hits);
	hits_sort(hits);
}

void lonlat_index_find(const struct lonlat_index *index, const double box[4],
	struct hits *hits)
{
	if (look(index, box, hits))
		hits_sort(hits);
}
