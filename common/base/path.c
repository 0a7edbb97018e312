#include "base/base.h"
#include "base/path.h"

static bool ends_name(char c)
{
	return (unsigned char)c <= ' ' || strchr(".,=!<>()\"~", c) != NULL;
}

/* A name in quotes, without them, behind `to`; the bytes it took, 0: none. */
static size_t scan_quoted(const char *s, size_t len, char *to, size_t *n)
{
	for (size_t i = 1; i < len; i++) {
		if (s[i] == '"')
			return i + 1;
		if (s[i] == '\\' && i + 1 < len)
			i++;
		to[(*n)++] = s[i];
	}
	return 0;
}

static size_t scan_plain(const char *s, size_t len, char *to, size_t *n)
{
	while (*n < len && !ends_name(s[*n])) {
		to[*n] = s[*n];
		++*n;
	}
	return *n;
}

int path_scan(struct path *p, const char *s, size_t len, size_t *used,
	struct err *err)
{
	size_t at = 0, room = 0;
	char *to;

	*p = (struct path)PATH_INIT;
	p->text = to = xmalloc(len);
	for (;;) {
		size_t n = 0, took;
		bool quoted = at < len && s[at] == '"';

		took = quoted ? scan_quoted(s + at, len - at, to, &n)
			      : scan_plain(s + at, len - at, to, &n);
		if (!took) {
			err_set(err,
				quoted ? "a quote is not closed: %.*s"
				       : "a field name is missing: '%.*s'",
				(int)MIN(len, 100), s);
			path_release(p);
			return -1;
		}
		xgrow(&p->parts, &room, p->n + 1, sizeof(*p->parts));
		p->parts[p->n++] = (struct str){to, n};
		to += n;
		at += took;
		if (at == len || s[at] != '.')
			break;
		at++;
	}
	*used = at;
	return 0;
}

int path_parse(struct path *p, struct str s, struct err *err)
{
	size_t used;

	if (path_scan(p, s.s, s.len, &used, err))
		return -1;
	if (used == s.len)
		return 0;
	path_release(p);
	return err_set(err,
		"'%.*s' is no name of a field: put quotes around "
		"names with other signs than letters",
		(int)MIN(s.len, 100), s.s);
}

void path_release(struct path *p)
{
	free(p->parts);
	free(p->text);
	*p = (struct path)PATH_INIT;
}

void path_add_name(struct buf *b, struct str name)
{
	bool plain = name.len > 0;

	for (size_t i = 0; i < name.len; i++)
		plain &= !ends_name(name.s[i]);
	if (!plain)
		buf_addc(b, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (!plain && (name.s[i] == '"' || name.s[i] == '\\'))
			buf_addc(b, '\\');
		buf_addc(b, name.s[i]);
	}
	if (!plain)
		buf_addc(b, '"');
}

int path_list_parse(struct path_list *l, const char *s, struct err *err)
{
	const char *at;

	*l = (struct path_list){.text = xstrdup(s)};
	at = l->text;
	for (;;) {
		struct path p;
		size_t used;

		if (path_scan(&p, at, strlen(at), &used, err))
			break;
		xgrow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
		xgrow(&l->names, &l->names_cap, l->n + 1, sizeof(*l->names));
		l->names[l->n] = (struct str){at, used};
		l->items[l->n++] = p;
		at += used;
		if (!*at)
			return 0;
		if (*at++ != ',') {
			err_set(err,
				"'%s' is no list of fields with commas "
				"between them",
				s);
			break;
		}
	}
	path_list_release(l);
	return -1;
}

void path_list_release(struct path_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		path_release(&l->items[i]);
	free(l->items);
	free(l->names);
	free(l->text);
	*l = (struct path_list){NULL, NULL, 0, 0, 0, NULL};
}
