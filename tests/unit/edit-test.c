/* Changes inside the maps of a record, and names of fields as text. */
#include "base/base.h"
#include "base/spell.h"
#include "rec/edit.h"
#include "rec/line.h"
#include "rec/pack.h"
#include "unit/tap.h"

/* The record of a line after fn, as a line again. */
typedef void edit_fn(struct rec *r, const struct path_list *l);

static bool edited(const char *line, edit_fn *fn, const char *paths,
	const char *want)
{
	struct buf packed = BUF_INIT, text = BUF_INIT;
	struct path_list l;
	struct rec r = REC_INIT;
	struct err err;
	bool same;

	if (line_to_rec(line, strlen(line), &packed, &err) ||
		rec_parse(&r, (uint8_t *)packed.data, packed.len, &err) ||
		path_list_parse(&l, paths, &err))
		return false;
	fn(&r, &l);
	buf_reset(&packed);
	rec_pack(&r, &packed);
	same = !line_from_rec((struct val){(uint8_t *)packed.data, packed.len},
		       &text, &err) &&
	       !strcmp(buf_str(&text), want);
	if (!same)
		printf("# %s\n", buf_str(&text));
	path_list_release(&l);
	rec_release(&r);
	buf_release(&packed);
	buf_release(&text);
	return same;
}

static void set_seven(struct rec *r, const struct path_list *l)
{
	struct buf seven = BUF_INIT;

	pack_u64(&seven, 7);
	for (size_t i = 0; i < l->n; i++)
		rec_set_path(r, &l->items[i], &seven);
	buf_release(&seven);
}

#define LINE                                                                   \
	"{\"id\":\"n1\",\"tags\":{\"a\":\"x\",\"b\":{\"c\":1,\"d\":2}},\"n\":[1]}"

static void test_set(void)
{
	ok(edited(LINE, set_seven, "id",
		   "{\"id\":7,\"tags\":{\"a\":\"x\",\"b\":{\"c\":1,\"d\":2}},"
		   "\"n\":[1]}"),
		"a field is replaced in place");
	ok(edited(LINE, set_seven, "tags.a,tags.b.d,tags.e",
		   "{\"id\":\"n1\",\"tags\":{\"a\":7,\"b\":{\"c\":1,\"d\":7},"
		   "\"e\":7},\"n\":[1]}"),
		"in maps too, new ones behind the others");
	ok(edited("{}", set_seven, "a.\"b.c\".d,a.e",
		   "{\"a\":{\"b.c\":{\"d\":7},\"e\":7}}"),
		"maps on the way are made");
	ok(edited(LINE, set_seven, "id.x,n.0",
		   "{\"id\":{\"x\":7},\"tags\":{\"a\":\"x\",\"b\":{\"c\":1,"
		   "\"d\":2}},\"n\":{\"0\":7}}"),
		"what is no map gives way to one");
}

static void test_choose(void)
{
	ok(edited(LINE, rec_keep, "n,id", "{\"id\":\"n1\",\"n\":[1]}"),
		"what is kept keeps its order");
	ok(edited(LINE, rec_keep, "tags.b.c,tags.a,none",
		   "{\"tags\":{\"a\":\"x\",\"b\":{\"c\":1}}}"),
		"inside maps");
	ok(edited(LINE, rec_keep, "tags.b.x,id.x,n.0", "{}"),
		"nothing is left, no map either");
	ok(edited(LINE, rec_keep, "tags.b.c,tags",
		   "{\"tags\":{\"a\":\"x\",\"b\":{\"c\":1,\"d\":2}}}"),
		"a whole map beside a part of it");
	ok(edited(LINE, rec_remove, "n,id,none",
		   "{\"tags\":{\"a\":\"x\",\"b\":{\"c\":1,\"d\":2}}}"),
		"removed");
	ok(edited(LINE, rec_remove, "tags.b.c,tags.b.d,n.0,id.x",
		   "{\"id\":\"n1\",\"tags\":{\"a\":\"x\",\"b\":{}},\"n\":[1]}"),
		"inside maps; arrays stay");
	/* keys that are alike, one level apart */
	ok(edited("{\"a\":{\"a\":1,\"b\":2},\"b\":{\"a\":3,\"b\":4}}",
		   rec_remove, "a.b,b.a", "{\"a\":{\"a\":1},\"b\":{\"b\":4}}"),
		"each path on its own way");
}

static void test_names(void)
{
	static const char *const names[] = {"a", "addr:full", "a.b", "", "\"",
		"a\\\"b", "x y", "\xc3\xa4", "a,b", "\n"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct buf b = BUF_INIT;
		struct path p;
		struct err err;
		bool same;

		path_add_name(&b, str_from(names[i]));
		if (!ok(!path_parse(&p, (struct str){b.data, b.len}, &err),
			    "name %zu is a path", i))
			continue;
		same = p.n == 1 && str_is(p.parts[0], names[i]);
		ok(same, "and reads back");
		path_release(&p);
		buf_release(&b);
	}
}

static void test_spelling(void)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} rows[] = {
		{"", "", 0},
		{"building", "building", 0},
		{"buildng", "building", 1},
		{"bulding", "building", 1},
		{"builidng", "building", 1},
		{"ca", "abc", 3},
		{"kitten", "sitting", 3},
		{"", "abc", 3},
	};
	struct spell s = {.word = str_from("bulding")};
	static const char *const names[] = {"landuse", "builder", "building",
		"bulding2"};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ok(spell_distance(str_from(rows[i].a), str_from(rows[i].b)) ==
					rows[i].distance &&
				spell_distance(str_from(rows[i].b),
					str_from(rows[i].a)) ==
					rows[i].distance,
			"from '%s' to '%s'", rows[i].a, rows[i].b);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		spell_try(&s, str_from(names[i]), names[i]);
	ok(s.best == names[2], "the nearest, the first of two");
	s = (struct spell){.word = str_from("id")};
	spell_try(&s, str_from("key"), "key");
	spell_try(&s, str_from("x"), "x");
	ok(!s.best, "nothing is near");
	spell_try(&s, str_from("ids"), "ids");
	ok(s.best != NULL, "one byte more is");
	s = (struct spell){.word = {names[0], SIZE_MAX}};
	spell_try(&s, str_from("landuse"), names[0]);
	ok(!s.best, "a word that is too long");
}

int main(void)
{
	test_set();
	test_choose();
	test_names();
	test_spelling();
	return tap_done();
}
