#include "base/base.h"
#include "join/slots.h"

enum { FEWEST = 256 };

/* Where in the table the number stands, or would. */
static size_t find(const struct slots *s, uint32_t number)
{
	size_t mask = s->ntable - 1;
	size_t i = (number * 0x9e3779b97f4a7c15U >> 32) & mask;

	while (s->table[i] && s->numbers[s->table[i] - 1] != number)
		i = (i + 1) & mask;
	return i;
}

static void grow(struct slots *s)
{
	free(s->table);
	s->ntable = MAX(2 * s->ntable, FEWEST);
	s->table = xcalloc(s->ntable, sizeof(*s->table));
	for (size_t i = 0; i < s->n; i++)
		s->table[find(s, s->numbers[i])] = (uint32_t)i + 1;
}

uint32_t slots_place(struct slots *s, uint32_t number)
{
	size_t at;

	if (2 * (s->n + 1) > s->ntable)
		grow(s);
	at = find(s, number);
	if (!s->table[at]) {
		xgrow(&s->numbers, &s->cap, s->n + 1, sizeof(*s->numbers));
		s->numbers[s->n++] = number;
		s->table[at] = (uint32_t)s->n;
	}
	return s->table[at] - 1;
}

void slots_clear(struct slots *s)
{
	if (s->n)
		memset(s->table, 0, s->ntable * sizeof(*s->table));
	s->n = 0;
}

void slots_release(struct slots *s)
{
	free(s->numbers);
	free(s->table);
	*s = (struct slots){NULL, 0, 0, NULL, 0};
}
