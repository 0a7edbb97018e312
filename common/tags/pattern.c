#include "base/base.h"
#include "tags/pattern.h"

/* A pattern's text is its key in the map: a tag is looked up by the texts of
 * the patterns that would fit it. */

static bool is_pattern(struct str p)
{
	const char *eq = memchr(p.s, '=', p.len);
	size_t stars = 0;

	for (size_t i = 0; i < p.len; i++)
		stars += p.s[i] == '*';
	if (eq) {
		size_t value_len = p.len - (size_t)(eq - p.s) - 1;

		return eq > p.s && value_len &&
		       (!stars || (stars == 1 && value_len == 1 &&
					  p.s[p.len - 1] == '*'));
	}
	return stars == 1 && p.len > 2 && !memcmp(p.s + p.len - 2, ":*", 2);
}

int tag_patterns_add(struct tag_patterns *p, struct str pattern, size_t number,
	struct err *err)
{
	const char *eq = memchr(pattern.s, '=', pattern.len);

	if (!is_pattern(pattern))
		return err_set(err,
			"'%.*s' is none of key=value, key=*, "
			"prefix:*",
			(int)MIN(pattern.len, 200), pattern.s);
	if (map_get(&p->map, pattern))
		return err_set(err, "'%.*s' is there twice",
			(int)MIN(pattern.len, 200), pattern.s);
	*map_put(&p->map, pattern) = number;
	if (eq)
		map_put(&p->keys,
			(struct str){pattern.s, (size_t)(eq - pattern.s)});
	else
		p->prefixes = true;
	p->longest = MAX(p->longest, pattern.len);
	return 0;
}

static bool find(const struct tag_patterns *p, const struct buf *text,
	size_t *number)
{
	const size_t *at = NULL;

	/* not to hash each prefix of a key of a million colons */
	if (text->len <= p->longest)
		at = map_get(&p->map, (struct str){text->data, text->len});
	if (at)
		*number = *at;
	return at != NULL;
}

bool tag_patterns_find(const struct tag_patterns *p, struct str key,
	struct str value, size_t *number)
{
	struct buf text = BUF_INIT;
	bool known = map_get(&p->keys, key), found = false;

	/* most tags are none that a table names */
	if (!known && (!p->prefixes || memchr(key.s, '=', key.len)))
		return false;
	buf_reserve(&text, key.len + value.len + 2);
	buf_add(&text, key.s, key.len);
	buf_addc(&text, '=');
	buf_add(&text, value.s, value.len);
	if (known)
		found = find(p, &text, number);
	if (known && !found) {
		text.len = key.len + 1;
		buf_addc(&text, '*');
		found = find(p, &text, number);
	}
	for (size_t n = p->prefixes ? key.len : 1; n-- > 1 && !found;) {
		if (key.s[n] != ':')
			continue;
		text.len = n;
		buf_adds(&text, ":*");
		found = find(p, &text, number);
	}
	buf_release(&text);
	return found;
}

bool tag_patterns_key(const struct tag_patterns *p, struct str key)
{
	return p->prefixes || map_get(&p->keys, key);
}

void tag_patterns_release(struct tag_patterns *p)
{
	map_release(&p->map);
	map_release(&p->keys);
}
