#include "base/base.h"
#include "join/plan.h"

#include <math.h>

static void hint_boxes(const struct plans *p, const struct catalog *c,
	struct filter *f)
{
	struct rect objects = p->bounds_deg, swapped;
	struct rect images = {INFINITY, INFINITY, -INFINITY, -INFINITY};

	for (size_t i = 0; i < c->n; i++)
		bounds_widen(&images, c->images[i].bbox);
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

void plans_hint(const struct plans *p, const struct catalog *c,
	struct filter *f)
{
	enum fate most = NO_IMAGE;

	for (enum fate i = NO_IMAGE; i < CHOSEN; i++)
		if (p->counts[i] > p->counts[most])
			most = i;
	if (p->counts[CHOSEN] || !p->counts[most])
		return;
	if (!c->n)
		filter_hint(f, "the catalogue holds no image");
	else if (most == NO_IMAGE)
		hint_boxes(p, c, f);
	else if (most == NOT_IN_TIME)
		filter_hint(f,
			"the images' dates are not those of the objects: "
			"other images, or a higher --max-age");
	else if (most == TOO_COARSE)
		filter_hint(f,
			"the finest image has %.3g m per pixel: finer ones, or "
			"a higher --max-gsd",
			c->images[0].field.gsd_m);
	else if (most == NO_VISIBLE_TAG)
		filter_hint(f,
			"the finest image has %.3g m per pixel: finer "
			"ones, or a larger --gsd-slack, show more",
			c->images[0].field.gsd_m);
	else if (most == TOO_SMALL)
		filter_hint(f, "finer images, or a lower --min-object");
	else if (most == TOO_LARGE)
		filter_hint(f, "coarser images, or a higher limit in --px");
	else
		filter_hint(f, "the images are smaller than the windows, or "
			       "objects lie at their edges or outside their "
			       "footprints");
}
