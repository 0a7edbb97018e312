/*
 * paint.h - what the files that paint the town share.
 */
#ifndef TOWN_PAINT_H
#define TOWN_PAINT_H

#include "town/canvas.h"

/* Where the sun stands, on the ground: towards the lower right, south-east.
 * A thing of height 1 m has a shadow of SHADOW_M the other way. */
#define SUN_X    0.6
#define SUN_Y    0.8
#define SHADOW_M 0.7

void paint_roof(struct canvas *c, const struct feature *f);
/* A rectangle of one colour, 2a along the unit vector u and 2b across. */
void paint_box(struct canvas *c, struct point middle, struct point u, double a,
	double b, struct rgb colour);

#endif
