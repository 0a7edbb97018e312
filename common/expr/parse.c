#include "base/base.h"
#include "expr/priv.h"

/*
 * Recursive descent over
 *	either	= both { OR both }
 *	both	= operand { AND operand }
 *	operand	= { NOT } ( "(" either ")" | test )
 */

struct str parser_rest(const struct parser *p)
{
	return (struct str){p->text.s + p->at, p->text.len - p->at};
}

bool parser_at(const struct parser *p, char c)
{
	return p->at < p->text.len && p->text.s[p->at] == c;
}

void parser_skip_blanks(struct parser *p)
{
	while (p->at < p->text.len && (unsigned char)p->text.s[p->at] <= ' ')
		p->at++;
}

int parser_fail(const struct parser *p, size_t at)
{
	size_t column = 1;

	for (size_t i = 0; i < at; i++)
		column += ((unsigned char)p->e->source[i] & 0xc0) != 0x80;
	return err_prefix(p->err, "column %zu", column);
}

struct str parser_word(const struct parser *p)
{
	struct str s = parser_rest(p);
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

bool is_op_word(struct str word, enum op op)
{
	return str_is(word, words[op][0]) || str_is(word, words[op][1]);
}

/* Goes past the word or sign if it stands here. */
static bool take(struct parser *p, enum op op)
{
	struct str word;

	parser_skip_blanks(p);
	word = parser_word(p);
	if (is_op_word(word, op))
		p->at += word.len;
	else if (str_starts(parser_rest(p), words[op][2]))
		p->at += strlen(words[op][2]);
	else
		return false;
	return true;
}

static size_t add_step(struct expr *e, enum op op, size_t n)
{
	xgrow(&e->steps, &e->steps_cap, e->n_steps + 1, sizeof(*e->steps));
	e->steps[e->n_steps] = (struct step){op, n};
	return e->n_steps++;
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
	if (!parser_at(p, ')'))
		return FAIL(p, open, "a parenthesis is not closed");
	p->at++;
	p->depth--;
	return 0;
}

static int parse_one(struct parser *p)
{
	if (parser_at(p, '('))
		return parse_group(p);
	if (parse_test(p))
		return -1;
	add_step(p->e, OP_TEST, p->e->n_tests - 1);
	p->needs = needs_of_test(p->e);
	return 0;
}

static int parse_operand(struct parser *p)
{
	bool negate = false;

	while (take(p, OP_NOT))
		negate = !negate;
	p->negated ^= negate;
	if (parse_one(p))
		return -1;
	p->negated ^= negate;
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
	struct needs needs;

	if (parse(p))
		return -1;
	needs = p->needs;
	while (take(p, op)) {
		last = add_step(e, op, last);
		if (parse(p))
			return -1;
		/* NOT (a OR b) is NOT a AND NOT b */
		needs = needs_join(e, (op == OP_AND) != p->negated, needs,
			p->needs);
	}
	while (last) {
		size_t before = e->steps[last].n;

		e->steps[last].n = e->n_steps;
		last = before;
	}
	p->needs = needs;
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
	left = parser_rest(p);
	if (!left.len)
		return 0;
	if (left.s[0] == ')')
		return FAIL(p, p->at, "no parenthesis is open");
	return FAIL(p, p->at,
		"AND or OR is missing in front of '%.*s' (a value with blanks "
		"or signs in it needs quotes)",
		parser_shown(left), left.s);
}

struct expr *expr_parse(const char *text, const char *const *fields,
	struct err *err)
{
	struct expr *e = xcalloc(1, sizeof(*e));
	struct parser p = {.e = e, .fields = fields, .err = err};

	e->source = xstrdup(text);
	e->text = xstrdup(text);
	p.text = str_from(e->text);
	if (parse_all(&p)) {
		expr_free(e);
		return NULL;
	}
	e->needs = p.needs;
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
	free(e->keys);
	free(e->values);
	free(e->text);
	free(e->source);
	free(e);
}
