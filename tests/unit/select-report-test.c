/*
 * What is told of a selection afterwards: counts, and keys that do not occur.
 */
#include "base/base.h"
#include "unit/select-object.h"
#include "unit/tap.h"

static void test_counts(void)
{
	static const char *const objects[] = {"a b", "a", "b c", "d"};
	struct select *s = select_new();
	struct select_counts *sum, *parts[2];
	struct buf text = BUF_INIT;
	struct pair tags[MAX_TAGS];
	struct err err;

	ok(!select_add(s, "a AND\tb =\tx OR area_m2>4", &err), "an expression");
	select_count_all(s);
	select_seal(s);
	ok(select_key(s, str_from("zzz")) && select_types(s) == EXPR_ANY_TYPE,
		"where all are counted, nothing is passed over");
	sum = select_counts_new(s);
	for (size_t i = 0; i < 2; i++)
		parts[i] = select_counts_new(s);
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		struct select_object o =
			object(i == 3 ? EXPR_WAY_AREA : WAY, tags, objects[i]);

		o.has_place = i == 3;
		select_counts_add(parts[i & 1], &o);
	}
	select_counts_merge(sum, parts[1]);
	select_counts_merge(sum, parts[0]);
	select_counts_print(sum, &text);
	ok(!strcmp(buf_str(&text), "kept\tremoved\ttest\n2\t2\ta\n"
				   "2\t2\tb = x\n1\t0\tarea_m2>4\n"),
		"counts: %s", buf_str(&text));
	buf_release(&text);
	for (size_t i = 0; i < 2; i++)
		select_counts_free(parts[i]);
	select_counts_free(sum);
	select_counts_free(NULL);
	select_free(s);
}

static void test_seen(void)
{
	struct select *s = select_new();
	struct select_seen *seen[2];
	struct buf text = BUF_INIT;
	struct err err;
	bool found;

	ok(!select_add(s, "bilding=yes AND NOT higway AND addr:*", &err) &&
			!select_add(s, "/name,bilding OR tags.*qq* OR lon<3",
				&err) &&
			!select_add(s, "nothingatall OR odr:*", &err),
		"expressions");
	select_seal(s);
	for (size_t i = 0; i < 2; i++)
		seen[i] = select_seen_new(s);
	select_seen_add(seen[0], str_from("building"));
	select_seen_add(seen[1], str_from("bidding"));
	select_seen_add(seen[0], str_from("building"));
	select_seen_add(seen[1], str_from("highway"));
	select_seen_add(seen[1], str_from("addr:street"));
	select_seen_add(seen[1], str_from("name"));
	select_seen_merge(seen[1], seen[0]);
	found = select_seen_explain(seen[1], &text);
	ok(found && !strcmp(buf_str(&text),
			    "no object has the key 'bilding' (did you mean "
			    "'building'?), no object has the key 'higway' "
			    "(did you mean 'highway'?), no object has the "
			    "key 'nothingatall', no object has a key "
			    "'*qq*', no object has a key 'odr:*'"),
		"%s", buf_str(&text));
	select_seen_merge(seen[0], seen[1]);
	select_seen_add(seen[0], str_from("bilding"));
	select_seen_add(seen[0], str_from("higway"));
	select_seen_add(seen[0], str_from("aqqb"));
	select_seen_add(seen[0], str_from("nothingatall"));
	select_seen_add(seen[0], str_from("odr:"));
	ok(!select_seen_explain(seen[0], &text), "all are there");
	buf_release(&text);
	for (size_t i = 0; i < 2; i++)
		select_seen_free(seen[i]);
	select_seen_free(NULL);
	select_free(s);
}

int main(void)
{
	test_counts();
	test_seen();
	return tap_done();
}
