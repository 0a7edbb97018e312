#include "base/base.h"
#include "base/spell.h"

size_t spell_distance(struct str a, struct str b)
{
	/* the last three rows of the table of distances between prefixes */
	size_t rows[3][SPELL_MAX + 1];

	if (a.len > SPELL_MAX || b.len > SPELL_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *up = rows[(i + 2) % 3];
		const size_t *up2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = a.s[i - 1] == b.s[j - 1];

			row[j] = MIN(up[j], row[j - 1]) + 1;
			row[j] = MIN(row[j], up[j - 1] + !same);
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] &&
				a.s[i - 2] == b.s[j - 1])
				row[j] = MIN(row[j], up2[j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

void spell_try(struct spell *s, struct str name, const void *who)
{
	size_t d = spell_distance(s->word, name);

	if (d > MAX(s->word.len / 3, 1) || d >= MAX(s->word.len, name.len))
		return;
	if (!s->best || d < s->distance) {
		s->best = who;
		s->distance = d;
	}
}
