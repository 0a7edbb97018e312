#include "base/base.h"
#include "text/templates.h"
#include "base/hash.h"
#include "base/io.h"
#include "json/json.h"

#define MAX_LIST_FILE (UINT64_C(64) << 20)

/* The first one with a full stop, the second without, as published. */
const char *const template_defaults[2] = {
	"a satellite photo of {c}.",
	"a satellite image of {c}",
};

void lines_add(struct lines *l, const char *s, size_t len)
{
	xgrow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = xmemdup0(s, len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

int lines_parse(struct lines *l, const char *text, size_t len, struct err *err)
{
	const char *p = str_skip_bom((struct str){text, len}).s;
	const char *end = text + len;
	size_t before = l->n;

	for (size_t number = 1; p < end; number++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end, *next = nl ? nl + 1 : end;

		while (p < stop && is_blank(*p))
			p++;
		while (p < stop && is_blank(stop[-1]))
			stop--;
		if (!utf8_valid(p, (size_t)(stop - p)) ||
			memchr(p, '\0', (size_t)(stop - p)))
			return err_set(err, "line %zu is not UTF-8 text",
				number);
		if (p < stop)
			lines_add(l, p, (size_t)(stop - p));
		p = next;
	}
	if (l->n == before)
		return err_set(err, "there is no line in it");
	return 0;
}

int lines_load(struct lines *l, const char *path, uint8_t sha256[32],
	uint64_t *bytes, struct err *err)
{
	struct buf text = BUF_INIT;
	struct sha256 *h;
	int rc = load_file(path, MAX_LIST_FILE, &text, err);

	if (!rc) {
		rc = lines_parse(l, text.data, text.len, err);
		if (rc)
			err_prefix(err, "%s", path);
	}
	if (!rc && sha256) {
		h = sha256_new();
		sha256_add(h, text.data, text.len);
		sha256_value(h, sha256);
		sha256_free(h);
	}
	if (!rc && bytes)
		*bytes = text.len;
	buf_release(&text);
	return rc;
}

void lines_release(struct lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i]);
	free(l->items);
	*l = (struct lines)LINES_INIT;
}

/* The next place for the class and its length, or NULL. */
static const char *next_place(const char *s, size_t *len)
{
	for (; (s = strchr(s, '{')); s++) {
		if (s[1] == '}') {
			*len = 2;
			return s;
		}
		if (s[1] == 'c' && s[2] == '}') {
			*len = 3;
			return s;
		}
	}
	return NULL;
}

int template_check(const char *template, struct err *err)
{
	size_t len;

	if (next_place(template, &len))
		return 0;
	return err_set(err, "template '%s' has no '{c}' where the class goes",
		template);
}

void template_fill(const char *template, const char *class_name,
	struct buf *out)
{
	const char *place;
	size_t len;

	while ((place = next_place(template, &len))) {
		buf_add(out, template, (size_t)(place - template));
		buf_adds(out, class_name);
		template = place + len;
	}
	buf_adds(out, template);
}
