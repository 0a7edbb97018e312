/*
 * rtree-boxes - the boxes that tests/bench/rtree joins, always the same.
 *
 *	rtree-boxes FOOTPRINTS N OBJECTS M RUN
 *
 * Writes N footprints of images and M boxes of objects to the two files, each
 * as four doubles: x0 y0 x1 y1 in degrees.
 *
 * REGIONS squares lie about the globe, their sides 0.05 to 2 degrees (the log
 * uniform). Each image belongs to one and lies anywhere in it, 0.1 to 0.3 of it
 * wide and high: with 100,000 images, about ten lie over a point. Each object
 * lies anywhere in a place, a square of PLACE of its region's side, and is 5 to
 * 200 m wide and high (the log uniform). RUN objects after each other lie in
 *one place, as those that were mapped together do; 1 is the worst for caches.
 */
#include "base/base.h"

#include <math.h>
#include <stdio.h>

#define PLACE 0.05

enum { REGIONS = 400 };

struct square {
	double x, y, side;
};

static uint64_t state = 7;

/* lo … hi, the same on every machine (splitmix64). */
static double between(double lo, double hi)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return lo + (hi - lo) * ((double)(z >> 11) * 0x1p-53);
}

static double log_between(double lo, double hi)
{
	return exp(between(log(lo), log(hi)));
}

static void put(FILE *f, const struct square *s, double w, double h)
{
	double x = s->x + between(0, s->side), y = s->y + between(0, s->side);
	double box[4] = {x - w / 2, y - h / 2, x + w / 2, y + h / 2};

	fwrite(box, sizeof(box), 1, f);
}

static FILE *create(const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void done(FILE *f, const char *path)
{
	if (ferror(f) | fclose(f)) {
		fprintf(stderr, "rtree-boxes: cannot write '%s'\n", path);
		exit(1);
	}
}

static void put_images(FILE *f, const struct square *regions, long n)
{
	for (long i = 0; i < n; i++) {
		const struct square *s = &regions[i % REGIONS];
		double w = s->side * between(0.1, 0.3);
		double h = s->side * between(0.1, 0.3);

		put(f, s, w, h);
	}
}

static void put_objects(FILE *f, const struct square *regions, long n, long run)
{
	const double degree_m = 111195;
	struct square place;

	for (long i = 0; i < n; i++) {
		double w = log_between(5, 200) / degree_m;
		double h = log_between(5, 200) / degree_m;

		if (i % run == 0) {
			place = regions[(size_t)between(0, REGIONS)];
			place.x += between(0, 1 - PLACE) * place.side;
			place.y += between(0, 1 - PLACE) * place.side;
			place.side *= PLACE;
		}
		put(f, &place, w, h);
	}
}

int main(int argc, char **argv)
{
	struct square regions[REGIONS];
	FILE *f;

	if (argc != 6)
		return 2;
	for (size_t i = 0; i < REGIONS; i++)
		regions[i] = (struct square){between(-178, 175),
			between(-60, 70), log_between(0.05, 2)};
	f = create(argv[1]);
	put_images(f, regions, strtol(argv[2], NULL, 10));
	done(f, argv[1]);
	f = create(argv[3]);
	put_objects(f, regions, strtol(argv[4], NULL, 10),
		MAX(strtol(argv[5], NULL, 10), 1));
	done(f, argv[3]);
	return 0;
}
