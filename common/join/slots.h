/*
 * slots.h - numbers get places 0, 1, 2 … in the order in which they are first
 * met.
 *
 * For one thread; a zeroed one is empty.
 */
#ifndef JOIN_SLOTS_H
#define JOIN_SLOTS_H

#include <stddef.h>
#include <stdint.h>

struct slots {
	uint32_t *numbers; /* [n], by place */
	size_t n, cap;
	uint32_t *table; /* [ntable]: place + 1, or 0 */
	size_t ntable;   /* a power of two */
};

/* The number's place. */
uint32_t slots_place(struct slots *s, uint32_t number);
/* Forgets all, and keeps the room. */
void slots_clear(struct slots *s);
void slots_release(struct slots *s);

#endif
