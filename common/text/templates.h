/*
 * templates.h - prompt templates, and lists of lines such as class names.
 *
 * A template is a text with a place for the class: "a satellite photo of {c}."
 * ("{}" means the same, as published template lists have it). Structs own
 * their strings. Read-only ones may be shared by threads.
 */
#ifndef TEXT_TEMPLATES_H
#define TEXT_TEMPLATES_H

#include <stddef.h>

struct lines {
	char **items; /* [n] */
	size_t n, cap;
};

#define LINES_INIT                                                             \
	{                                                                      \
		NULL, 0, 0                                                     \
	}

/* Adds a copy. */
void lines_add(struct lines *l, const char *s, size_t len);
/*
 * Adds the lines of a text, without blanks at either end; empty ones and a
 * byte order mark at the start are left out. -1 when one is not UTF-8, has a
 * NUL in it, or there is none at all.
 */
int lines_parse(struct lines *l, const char *text, size_t len,
	struct err *err) MUST_USE;
/*
 * The same from a file, which errors name. Gives its SHA-256 and size (each
 * may be NULL).
 */
int lines_load(struct lines *l, const char *path, uint8_t sha256[32],
	uint64_t *bytes, struct err *err) MUST_USE;
void lines_release(struct lines *l);

/* -1 when there is no place for the class. */
int template_check(const char *template, struct err *err) MUST_USE;
/* Appends the template with the class in every place for it. */
void template_fill(const char *template, const char *class_name,
	struct buf *out);

/* The two templates of the SkyScript paper's scene benchmarks, [2]. */
extern const char *const template_defaults[2];

#endif
