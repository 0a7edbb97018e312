#include "base/base.h"
#include "expr/priv.h"

#include <math.h>

/*
 * Recursive descent over
 *	either	= both { OR both }
 *	both	= operand { AND operand }
 *	operand	= { NOT } ( "(" either ")" | test )
 *	test	= path [ operator value { "," value } ]
 */

struct parser {
	struct expr *e;
	const char *source; /* as it was written */
	struct str text; /* e's copy: what is in quotes loses its backslashes */
	size_t at;
	unsigned depth;
	struct err *err;
};

/* What a message shows of the text, in bytes. */
enum { SHOWN = 40 };

static struct str rest(const struct parser *p)
{
	return (struct str){p->text.s + p->at, p->text.len - p->at};
}

static bool at_char(const struct parser *p, char c)
{
	return p->at < p->text.len && p->text.s[p->at] == c;
}

static void skip_blanks(struct parser *p)
{
	while (p->at < p->text.len && (unsigned char)p->text.s[p->at] <= ' ')
		p->at++;
}

/* Puts the column of byte `at` in front of the message. */
static int fail_at(const struct parser *p, size_t at)
{
	size_t column = 1;

	for (size_t i = 0; i < at; i++)
		column += ((unsigned char)p->source[i] & 0xc0) != 0x80;
	return err_prefix(p->err, "column %zu", column);
}

/* How much of s a message shows: no half of a UTF-8 character. */
static int shown(struct str s)
{
	size_t n = MIN(s.len, SHOWN);

	while (n < s.len && n && ((unsigned char)s.s[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

#define FAIL(p, at, ...) (err_set((p)->err, __VA_ARGS__), fail_at(p, at))

/*
 * The run of bytes that can be a name or a value: up to a blank, a sign of
 * the language, && or ||, but over what is in quotes.
 */
static struct str word_at(const struct parser *p)
{
	struct str s = rest(p);
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.s[i];

		if (c == '"')
			quoted = !quoted;
		else if (quoted)
			i += c == '\\' && i + 1 < s.len;
		else if ((unsigned char)c <= ' ' || strchr(",=!<>()~", c) ||
			 ((c == '&' || c == '|') && i + 1 < s.len &&
				 s.s[i + 1] == c))
			break;
	}
	s.len = i;
	return s;
}

static const char *const words[][3] = {
	[OP_NOT] = {"NOT", "not", "!"},
	[OP_AND] = {"AND", "and", "&&"},
	[OP_OR] = {"OR", "or", "||"},
};

static bool is_word(struct str word, enum op op)
{
	return str_is(word, words[op][0]) || str_is(word, words[op][1]);
}

/* Goes past the word or sign if it stands here. */
static bool take(struct parser *p, enum op op)
{
	struct str word;

	skip_blanks(p);
	word = word_at(p);
	if (is_word(word, op))
		p->at += word.len;
	else if (str_starts(rest(p), words[op][2]))
		p->at += strlen(words[op][2]);
	else
		return false;
	return true;
}

/* What word must be; -1 when there is none. */
static int check_word(const struct parser *p, struct str word, const char *what,
	struct str behind)
{
	if (is_word(word, OP_NOT) || is_word(word, OP_AND) ||
		is_word(word, OP_OR))
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

static size_t add_step(struct expr *e, enum op op, size_t n)
{
	xgrow(&e->steps, &e->steps_cap, e->n_steps + 1, sizeof(*e->steps));
	e->steps[e->n_steps] = (struct step){op, n};
	return e->n_steps++;
}

/* The value in quotes that begins here; what is inside moves to its front. */
static int parse_quoted(struct parser *p, struct value *v)
{
	size_t begin = p->at + 1, n = 0;
	char *text = p->e->text;

	for (size_t i = begin; i < p->text.len; i++) {
		if (text[i] == '"') {
			v->how = HOW_EXACT;
			v->text = (struct str){text + begin, n};
			p->at = i + 1;
			return 0;
		}
		if (text[i] == '\\' && i + 1 < p->text.len)
			i++;
		text[begin + n++] = text[i];
	}
	return FAIL(p, begin - 1, "a quote is not closed");
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
			shown(word), word.s);
	if (v->lo > v->hi)
		return FAIL(p, p->at,
			"the range '%.*s' is empty: its first number is the "
			"larger one",
			shown(word), word.s);
	return 0;
}

static int parse_text(const struct parser *p, struct str word, struct value *v)
{
	bool front = word.s[0] == '*', back;

	v->text = (struct str){word.s + front, word.len - front};
	back = v->text.len && v->text.s[v->text.len - 1] == '*';
	v->text.len -= back;
	v->how = front ? HOW_PART : back ? HOW_PREFIX : HOW_EXACT;
	if (v->text.len && memchr(v->text.s, '*', v->text.len))
		return FAIL(p, p->at,
			"'%.*s' has a '*' that is not at an end: put quotes "
			"around the value if the sign itself is meant",
			shown(word), word.s);
	if (v->how != HOW_EXACT)
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
	struct str word = word_at(p);
	const char *dots;

	if (check_word(p, word, "a value", behind))
		return -1;
	if (memchr(word.s, '"', word.len))
		return FAIL(p, p->at,
			"a quote stands inside a value: put quotes around all "
			"of it, and \\\" for one in it");
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
	struct str word = word_at(p);
	double limit;

	if (check_word(p, word, "a number", behind))
		return -1;
	if (expr_number(word, &limit))
		return FAIL(p, p->at,
			"'%.*s' compares numbers, and '%.*s' is none",
			(int)op.len, op.s, shown(word), word.s);
	v->lo = op.s[0] == '<' ? -INFINITY : limit;
	v->hi = op.s[0] == '<' ? limit : INFINITY;
	v->but = op.len == 1 ? limit : NAN;
	p->at += word.len;
	return 0;
}

static int parse_value(struct parser *p, struct str op, struct str behind,
	struct value *v)
{
	skip_blanks(p);
	if (op.s[0] == '<' || op.s[0] == '>')
		return parse_limit(p, op, behind, v);
	if (at_char(p, '"'))
		return parse_quoted(p, v);
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
		skip_blanks(p);
		if (!at_char(p, ','))
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

	skip_blanks(p);
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
		"'%.*s' is none of = != < <= > >=", shown(*op), op->s);
}

static int parse_test(struct parser *p)
{
	struct expr *e = p->e;
	struct str word = word_at(p), op;
	struct test *t;
	struct path path;
	size_t used;

	if (check_word(p, word, "a field name", (struct str){"", 0}))
		return -1;
	if (path_scan(&path, word.s, word.len, &used, p->err))
		return fail_at(p, p->at);
	xgrow(&e->tests, &e->tests_cap, e->n_tests + 1, sizeof(*t));
	t = &e->tests[e->n_tests];
	*t = (struct test){.path = path, .first = e->n_values};
	add_step(e, OP_TEST, e->n_tests++);
	p->at += used;
	if (parse_operator(p, &op))
		return -1;
	t->differs = str_is(op, "!=");
	return op.len ? parse_values(p, t, op) : 0;
}

static int parse_either(struct parser *p);

static int parse_group(struct parser *p)
{
	size_t open = p->at++;

	if (++p->depth > EXPR_MAX_DEPTH)
		return FAIL(p, open, "more than %d parentheses are open",
			EXPR_MAX_DEPTH);
	if (parse_either(p))
		return -1;
	if (!at_char(p, ')'))
		return FAIL(p, open, "a parenthesis is not closed");
	p->at++;
	p->depth--;
	return 0;
}

static int parse_operand(struct parser *p)
{
	bool negate = false;

	while (take(p, OP_NOT))
		negate = !negate;
	if (at_char(p, '(') ? parse_group(p) : parse_test(p))
		return -1;
	if (negate)
		add_step(p->e, OP_NOT, 0);
	return 0;
}

/*
 * Operands with the word between them. The way to the end of the chain is not
 * known before its end: till then each step holds the one before it.
 */
static int parse_chain(struct parser *p, enum op op,
	int (*parse)(struct parser *p))
{
	struct expr *e = p->e;
	size_t last = 0; /* none: a chain begins with an operand */

	for (;;) {
		if (parse(p))
			return -1;
		if (!take(p, op))
			break;
		last = add_step(e, op, last);
	}
	while (last) {
		size_t before = e->steps[last].n;

		e->steps[last].n = e->n_steps;
		last = before;
	}
	return 0;
}

static int parse_both(struct parser *p)
{
	return parse_chain(p, OP_AND, parse_operand);
}

static int parse_either(struct parser *p)
{
	return parse_chain(p, OP_OR, parse_both);
}

static int parse_all(struct parser *p)
{
	struct str left;

	if (p->text.len > EXPR_MAX_BYTES)
		return FAIL(p, EXPR_MAX_BYTES,
			"an expression has at most %d bytes", EXPR_MAX_BYTES);
	if (parse_either(p))
		return -1;
	left = rest(p);
	if (!left.len)
		return 0;
	if (left.s[0] == ')')
		return FAIL(p, p->at, "no parenthesis is open");
	return FAIL(p, p->at,
		"AND or OR is missing in front of '%.*s' (a value with blanks "
		"or signs in it needs quotes)",
		shown(left), left.s);
}

struct expr *expr_parse(const char *text, struct err *err)
{
	struct expr *e = xcalloc(1, sizeof(*e));
	struct parser p = {.e = e, .source = text, .err = err};

	e->text = xstrdup(text);
	p.text = str_from(e->text);
	if (parse_all(&p)) {
		expr_free(e);
		return NULL;
	}
	return e;
}

void expr_free(struct expr *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->n_tests; i++)
		path_release(&e->tests[i].path);
	free(e->steps);
	free(e->tests);
	free(e->values);
	free(e->text);
	free(e);
}
