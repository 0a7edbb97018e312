/*
 * spell.h - which of many names was meant: the nearest spelling.
 *
 * The distance is the number of bytes left out, added, replaced or swapped
 * with their neighbour (optimal string alignment: Damerau, CACM 7(3), 1964).
 */
#ifndef BASE_SPELL_H
#define BASE_SPELL_H

#include <stddef.h>

/* Names longer than this are near to nothing. */
enum { SPELL_MAX = 64 };

/* SIZE_MAX when one of them is too long. */
size_t spell_distance(struct str a, struct str b);

/* Begin with {.word = …}. */
struct spell {
	struct str word;
	const void *best; /* the `who` of the nearest; NULL: none is near */
	size_t distance;  /* its, when there is one */
};

/*
 * Tries one name, which stands for `who`. Near is what differs in at most a
 * third of the word, and in at most one byte of a short word. Of equally near
 * ones the first stays.
 */
void spell_try(struct spell *s, struct str name, const void *who);

#endif
