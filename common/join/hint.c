#include "base/base.h"
#include "join/choose.h"

#include <math.h>

/* The bounds of many boxes; those that cross the antimeridian span it all. */
static void widen(struct rect *all, const double box[4])
{
	if (isnan(box[0]))
		return;
	all->x0 = MIN(all->x0, box[0] > box[2] ? -180 : box[0]);
	all->x1 = MAX(all->x1, box[0] > box[2] ? 180 : box[2]);
	all->y0 = MIN(all->y0, box[1]);
	all->y1 = MAX(all->y1, box[3]);
}

static void hint_boxes(const struct chooser *c, struct filter *f)
{
	const struct rect none = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	struct rect objects = none, images = none, swapped;

	for (size_t i = 0; i < c->objects->n; i++)
		widen(&objects, c->objects->items[i].bbox);
	for (size_t i = 0; i < c->catalog->n; i++)
		widen(&images, c->catalog->images[i].bbox);
	swapped = (struct rect){objects.y0, objects.x0, objects.y1, objects.x1};
	if (rect_meets(&objects, &images))
		filter_hint(f, "the images lie among the objects, but none "
			       "covers one");
	else if (rect_meets(&swapped, &images))
		filter_hint(f, "objects and images meet when longitude and "
			       "latitude are swapped: are the axes swapped?");
	else
		filter_hint(f,
			"objects (%.5g to %.5g east, %.5g to %.5g north) and "
			"images (%.5g to %.5g east, %.5g to %.5g north) do not "
			"meet: other area, or wrong coordinate system?",
			objects.x0, objects.x1, objects.y0, objects.y1,
			images.x0, images.x1, images.y0, images.y1);
}

void chooser_hint(const struct chooser *c, struct filter *f)
{
	enum fate most = NO_IMAGE;

	for (enum fate i = NO_IMAGE; i < CHOSEN; i++)
		if (c->counts[i] > c->counts[most])
			most = i;
	if (c->counts[CHOSEN] || !c->counts[most])
		return;
	if (!c->catalog->n)
		filter_hint(f, "the catalogue holds no image");
	else if (most == NO_IMAGE)
		hint_boxes(c, f);
	else if (most == NOT_IN_TIME)
		filter_hint(f,
			"the images' dates are not those of the objects: "
			"other images, or a higher --max-age");
	else if (most == TOO_COARSE)
		filter_hint(f,
			"the finest image has %.3g m per pixel: finer ones, or "
			"a higher --max-gsd",
			c->catalog->images[0].field.gsd_m);
	else if (most == NO_VISIBLE_TAG)
		filter_hint(f,
			"the finest image has %.3g m per pixel: finer "
			"ones, or a larger --gsd-slack, show more",
			c->catalog->images[0].field.gsd_m);
	else if (most == TOO_SMALL)
		filter_hint(f, "finer images, or a lower --min-object");
	else if (most == TOO_LARGE)
		filter_hint(f, "coarser images, or a higher limit in --px");
	else
		filter_hint(f, "the images are smaller than the windows, or "
			       "objects lie at their edges");
}
