/*
 * sort.h - sorting with the comparison compiled in, where qsort() is too slow.
 *
 * SORT_DEFINE(name, type, before) defines
 *
 *	static void name(type *a, size_t n);
 *
 * before(x, y), of two pointers, says whether *x must stand before *y. What
 * neither must keeps its order.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

/* Shorter runs are sorted by insertion. */
enum { SORT_RUN = 16 };

#define SORT_DEFINE(name, type, before)                                        \
	static void name##_run(type *a, size_t n)                              \
	{                                                                      \
		for (size_t i = 1; i < n; i++) {                               \
			type x = a[i];                                         \
			size_t j = i;                                          \
                                                                               \
			for (; j && before(&x, &a[j - 1]); j--)                \
				a[j] = a[j - 1];                               \
			a[j] = x;                                              \
		}                                                              \
	}                                                                      \
                                                                               \
	/* Two sorted parts, of which the first is copied to the room. */      \
	static void name##_merge(type *a, size_t left, size_t n, type *room)   \
	{                                                                      \
		size_t i = 0, j = left, k = 0;                                 \
                                                                               \
		if (!before(&a[left], &a[left - 1]))                           \
			return;                                                \
		memcpy(room, a, left * sizeof(*a));                            \
		while (i < left && j < n)                                      \
			a[k++] = before(&a[j], &room[i]) ? a[j++] : room[i++]; \
		memcpy(&a[k], &room[i], (left - i) * sizeof(*a));              \
	}                                                                      \
                                                                               \
	static void name(type *a, size_t n)                                    \
	{                                                                      \
		type *room;                                                    \
                                                                               \
		for (size_t i = 0; i < n; i += SORT_RUN)                       \
			name##_run(a + i, MIN(n - i, SORT_RUN));               \
		if (n <= SORT_RUN)                                             \
			return;                                                \
		room = xmalloc(n * sizeof(*a));                                \
		for (size_t left = SORT_RUN; left < n; left *= 2)              \
			for (size_t i = 0; i + left < n; i += 2 * left)        \
				name##_merge(a + i, left,                      \
					MIN(n - i, 2 * left), room);           \
		free(room);                                                    \
	}

#endif
