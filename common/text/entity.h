/*
 * entity.h - HTML's character references: &amp; &#233; &eacute
 *
 * The HTML standard, "Named character references" and "Numeric character
 * reference end state"; of the names those of ISO 8859-1, the four of markup
 * and the usual punctuation. No state.
 */
#ifndef TEXT_ENTITY_H
#define TEXT_ENTITY_H

#include <stddef.h>
#include <stdint.h>

/*
 * The reference that starts at cp[0] == '&': returns how many code points it
 * takes and its meaning in *out (-1: none, it vanishes); 0 when there is none.
 */
size_t entity_match(const int32_t *cp, size_t n, int32_t *out);

/* C1 controls as the windows-1252 characters that were meant. */
int32_t entity_from_c1(int32_t cp);

#endif
