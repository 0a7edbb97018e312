#include "base/base.h"
#include "expr/priv.h"

#include <math.h>

/* What a message shows of the text, in bytes. */
enum { SHOWN = 40 };

int parser_shown(struct str s)
{
	size_t n = MIN(s.len, SHOWN);

	while (n < s.len && n && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

/* What word must be; -1 when there is none. */
static int check_word(const struct parser *p, struct str word, const char *what,
	struct str behind)
{
	if (is_op_word(word, OP_NOT) || is_op_word(word, OP_AND) ||
		is_op_word(word, OP_OR))
		return FAIL(p, p->at,
			"'%.*s' stands where %s must: put quotes around it if "
			"it is meant as one",
			(int)word.len, word.s, what);
	if (!word.len)
		return FAIL(p, p->at, "%s is missing%s%.*s%s", what,
			behind.len ? " behind '" : "", (int)behind.len,
			behind.s, behind.len ? "'" : "");
	return 0;
}

/* What is in quotes here; it moves to its own front. */
static int parse_quoted(struct parser *p, struct expr_pattern *out)
{
	size_t begin = p->at + 1, n = 0;
	char *text = p->e->text;

	for (size_t i = begin; i < p->text.len; i++) {
		if (text[i] == '"') {
			out->how = EXPR_WHOLE;
			out->text = (struct str){text + begin, n};
			p->at = i + 1;
			return 0;
		}
		if (text[i] == '\\' && i + 1 < p->text.len)
			i++;
		text[begin + n++] = text[i];
	}
	return FAIL(p, begin - 1, "a quote is not closed");
}

/* A key or value ("what") without quotes. */
static int check_bare(const struct parser *p, struct str word, const char *what,
	struct str behind)
{
	if (check_word(p, word, what, behind))
		return -1;
	if (memchr(word.s, '"', word.len))
		return FAIL(p, p->at,
			"a quote stands inside %s: put quotes around all "
			"of it, and \\\" for one in it",
			what);
	return 0;
}

static int parse_pattern(const struct parser *p, struct str word,
	struct expr_pattern *out)
{
	bool front = word.s[0] == '*', back;
	struct str text = {word.s + front, word.len - front};

	back = text.len && text.s[text.len - 1] == '*';
	text.len -= back;
	out->how = front ? EXPR_PART : back ? EXPR_START : EXPR_WHOLE;
	out->text = text;
	if (text.len && memchr(text.s, '*', text.len))
		return FAIL(p, p->at,
			"'%.*s' has a '*' that is not at an end: put quotes "
			"around it if the sign itself is meant",
			parser_shown(word), word.s);
	return 0;
}

/* An end of a range: nothing, or a number that does not begin with its dot. */
static int parse_bound(struct str s, double *out)
{
	return !s.len ? 0 : s.s[0] == '.' ? -1 : expr_number(s, out);
}

static int parse_range(const struct parser *p, struct str word, size_t dots,
	struct value *v)
{
	struct str lo = {word.s, dots};
	struct str hi = {word.s + dots + 2, word.len - dots - 2};

	v->lo = -INFINITY;
	v->hi = INFINITY;
	if ((!lo.len && !hi.len) || parse_bound(lo, &v->lo) ||
		parse_bound(hi, &v->hi))
		return FAIL(p, p->at,
			"'%.*s' is no range of numbers: put quotes around a "
			"text with '..' in it",
			parser_shown(word), word.s);
	if (v->lo > v->hi)
		return FAIL(p, p->at,
			"the range '%.*s' is empty: its first number is the "
			"larger one",
			parser_shown(word), word.s);
	return 0;
}

static int parse_text(const struct parser *p, struct str word, struct value *v)
{
	if (parse_pattern(p, word, &v->text))
		return -1;
	if (v->text.how != EXPR_WHOLE)
		return 0;
	v->flag = str_is(word, "true");
	if (v->flag || str_is(word, "false"))
		v->literal = EXPR_BOOL;
	if (str_is(word, "nil") || str_is(word, "null"))
		v->literal = EXPR_NIL;
	if (!expr_number(word, &v->lo))
		v->hi = v->lo;
	return 0;
}

/* A value that may be a number, a range, a text with wildcards, a literal. */
static int parse_bare(struct parser *p, struct str behind, struct value *v)
{
	struct str word = parser_word(p);
	const char *dots;

	if (check_bare(p, word, "a value", behind))
		return -1;
	dots = memmem(word.s, word.len, "..", 2);
	if (dots ? parse_range(p, word, (size_t)(dots - word.s), v)
		 : parse_text(p, word, v))
		return -1;
	p->at += word.len;
	return 0;
}

/* The number behind < <= > >=, as the range that fits. */
static int parse_limit(struct parser *p, struct str op, struct str behind,
	struct value *v)
{
	struct str word = parser_word(p);
	double limit;

	if (check_word(p, word, "a number", behind))
		return -1;
	if (expr_number(word, &limit))
		return FAIL(p, p->at,
			"'%.*s' compares numbers, and '%.*s' is none",
			(int)op.len, op.s, parser_shown(word), word.s);
	v->lo = op.s[0] == '<' ? -INFINITY : limit;
	v->hi = op.s[0] == '<' ? limit : INFINITY;
	v->but = op.len == 1 ? limit : NAN;
	p->at += word.len;
	return 0;
}

static int parse_value(struct parser *p, struct str op, struct str behind,
	struct value *v)
{
	parser_skip_blanks(p);
	if (op.s[0] == '<' || op.s[0] == '>')
		return parse_limit(p, op, behind, v);
	if (parser_at(p, '"'))
		return parse_quoted(p, &v->text);
	return parse_bare(p, behind, v);
}

static int parse_values(struct parser *p, struct test *t, struct str op)
{
	struct expr *e = p->e;
	struct str behind = op;

	for (;;) {
		struct value v = {.lo = NAN, .hi = NAN, .but = NAN};

		if (parse_value(p, op, behind, &v))
			return -1;
		xgrow(&e->values, &e->values_cap, e->n_values + 1, sizeof(v));
		e->values[e->n_values++] = v;
		t->n++;
		t->numeric |= !isnan(v.lo);
		parser_skip_blanks(p);
		if (!parser_at(p, ','))
			return 0;
		if (op.s[0] == '<' || op.s[0] == '>')
			return FAIL(p, p->at,
				"a list stands behind = and != only");
		behind = (struct str){p->text.s + p->at++, 1};
	}
}

/* The operator that stands here, a view; empty when there is none. */
static int parse_operator(struct parser *p, struct str *op)
{
	static const char *const all[] = {"=", "!=", "<", "<=", ">", ">="};

	parser_skip_blanks(p);
	*op = (struct str){p->text.s + p->at, 0};
	while (op->len < p->text.len - p->at && strchr("=!<>~", op->s[op->len]))
		op->len++;
	if (!op->len)
		return 0;
	p->at += op->len;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (str_is(*op, all[i]))
			return 0;
	return FAIL(p, p->at - op->len,
		"'%.*s' is none of = != < <= > >=", parser_shown(*op), op->s);
}

/*
 * The letters of "nwra/" in front of a key, which may be none: "/key" holds for
 * every type. False, and nothing is taken, when no such thing stands here.
 */
static bool take_types(struct parser *p, unsigned *types)
{
	static const struct {
		char letter;
		unsigned types;
	} letters[] = {
		{'n', EXPR_NODE},
		{'w', EXPR_LINE | EXPR_WAY_AREA},
		{'r', EXPR_RELATION | EXPR_RELATION_AREA},
		{'a', EXPR_WAY_AREA | EXPR_RELATION_AREA},
	};
	struct str s = parser_rest(p);
	unsigned found = 0;
	size_t n = 0, i = 0;

	while (n < s.len && i < ARRAY_SIZE(letters)) {
		for (i = 0; i < ARRAY_SIZE(letters); i++)
			if (s.s[n] == letters[i].letter)
				break;
		if (i < ARRAY_SIZE(letters)) {
			found |= letters[i].types;
			n++;
		}
	}
	if (n == s.len || s.s[n] != '/')
		return false;
	p->at += n + 1;
	*types = found ? found : EXPR_ANY_TYPE;
	return true;
}

static int parse_key(struct parser *p, struct str behind)
{
	struct expr *e = p->e;
	struct expr_pattern key;

	parser_skip_blanks(p);
	if (parser_at(p, '"')) {
		if (parse_quoted(p, &key))
			return -1;
	} else {
		struct str word = parser_word(p);

		if (check_bare(p, word, "a key", behind) ||
			parse_pattern(p, word, &key))
			return -1;
		p->at += word.len;
	}
	xgrow(&e->keys, &e->keys_cap, e->n_keys + 1, sizeof(key));
	e->keys[e->n_keys++] = key;
	return 0;
}

/* Keys with commas between them. `behind`: what stands in front of the first.
 */
static int parse_keys(struct parser *p, struct test *t, struct str behind)
{
	t->first_key = p->e->n_keys;
	for (;;) {
		if (parse_key(p, behind))
			return -1;
		t->n_keys++;
		parser_skip_blanks(p);
		if (!parser_at(p, ','))
			return 0;
		behind = (struct str){p->text.s + p->at++, 1};
	}
}

static bool is_field(const struct parser *p, struct str word)
{
	if (!p->fields)
		return true;
	for (size_t i = 0; p->fields[i]; i++)
		if (str_is(word, p->fields[i]))
			return true;
	return false;
}

/* What the test asks for: a field or tags. */
static int parse_subject(struct parser *p, struct test *t)
{
	size_t begin = p->at, used;
	struct str word = parser_word(p);

	if (check_word(p, word, "a field name", (struct str){"", 0}))
		return -1;
	if (!take_types(p, &t->types)) {
		if (is_field(p, word)) {
			if (path_scan(&t->path, word.s, word.len, &used,
				    p->err))
				return parser_fail(p, p->at);
			p->at += used;
			return 0;
		}
		if (str_starts(word, "tags."))
			p->at += strlen("tags.");
	}
	return parse_keys(p, t, (struct str){p->text.s + begin, p->at - begin});
}

int parse_test(struct parser *p)
{
	struct expr *e = p->e;
	size_t begin = p->at, end;
	struct test *t;
	struct str op;

	xgrow(&e->tests, &e->tests_cap, e->n_tests + 1, sizeof(*t));
	t = &e->tests[e->n_tests++];
	*t = (struct test){.types = EXPR_ANY_TYPE,
		.negated = p->negated,
		.first = e->n_values};
	if (parse_subject(p, t) || parse_operator(p, &op))
		return -1;
	t->differs = str_is(op, "!=");
	if (op.len && parse_values(p, t, op))
		return -1;
	for (end = p->at; (unsigned char)e->source[end - 1] <= ' ';)
		end--;
	t->source = (struct str){e->source + begin, end - begin};
	return 0;
}
