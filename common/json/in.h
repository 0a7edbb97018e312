/*
 * in.h - JSON text read piece by piece, for lines that come by the million.
 *
 * The caller knows what may come next and asks for it; nothing is built. All of
 * RFC 8259 is checked, and that strings are UTF-8. Errors name the column.
 * One thread.
 */
#ifndef JSON_IN_H
#define JSON_IN_H

#include <stddef.h>
#include <stdint.h>

struct json_in {
	const char *text;
	size_t len, pos;
	struct buf scratch; /* strings that had escapes */
};

/* The text must live longer; release with json_in_release(). */
struct json_in json_in_begin(const char *text, size_t len);
void json_in_release(struct json_in *in);

/* The character that the next value or sign begins with; 0 at the end. */
char json_next(struct json_in *in);
/* Passes over the next character if it is c. */
bool json_eat(struct json_in *in, char c);

/* A string, good until the next one is read. May hold NUL bytes. */
int json_str(struct json_in *in, struct str *out, struct err *err) MUST_USE;

struct json_number {
	bool is_int; /* without '.' and 'e' */
	int64_t i;
	double x;
};
/* Integers beyond 64 bits, and numbers beyond doubles, are errors. */
int json_number(struct json_in *in, struct json_number *out,
	struct err *err) MUST_USE;
/* true, false or null. */
int json_word(struct json_in *in, const char *word, struct err *err) MUST_USE;

/*
 * Passes over a value, matching brackets and strings only: its text, which
 * another reader must check.
 */
int json_skip(struct json_in *in, struct str *text, struct err *err) MUST_USE;

/* "not valid JSON: column N: what"; -1. */
int json_fail(const struct json_in *in, const char *what, struct err *err);

#endif
