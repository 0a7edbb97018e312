/* JSON: where values end, members by name, trees written again. */
#include "base/base.h"
#include "json/json.h"
#include "json/scan.h"
#include "unit/tap.h"

/* How many bytes of the text the first value has; 0: it does not end. */
static size_t value_len(const char *text)
{
	struct json_scan scan = {0, false, false};

	for (size_t i = 0; text[i]; i++) {
		enum json_place place = json_scan(&scan, text[i]);

		if (place != JSON_WITHIN)
			return i + (place == JSON_LAST);
	}
	return 0;
}

static void ends(const char *value, const char *rest)
{
	struct buf b = BUF_INIT;
	size_t n;

	buf_addf(&b, "%s%s", value, rest);
	n = value_len(buf_str(&b));
	ok(n == strlen(value), "'%s' ends after %zu bytes", value, n);
	buf_release(&b);
}

static void test_scan(void)
{
	ends("{}", "{}");
	ends("[1,[2,{\"a\":[]}]]", "]");
	ends("\"a\"", "\"b\"");
	ends("\"]}\\\"\\\\\"", ",");
	ends("{\"a]\":\"}\\\"{\"}", "x");
	ends("-1.5e3", ",");
	ends("true", "}");
	ends("null", " ");
	ends("12", "\n");
	ends("", ",");
	ends("", "]");
	ok(!value_len("{\"a\":[1,2]") && !value_len("\"a\\\"") &&
			!value_len("12"),
		"what does not end is not told to");
}

static void member(const char *text, const char *name, const char *want)
{
	struct str value = {"", 0};
	bool there = json_member(str_from(text), name, &value);

	ok(want ? there && str_is(value, want) : !there, "member %s: %s", name,
		there ? "there" : "none");
}

static void test_members(void)
{
	member("{\"a\":1,\"b\":[2]}", "b", "[2]");
	member(" { \"a\" : 1 , \"b\"\n:\t\"}\" } ", "b", "\"}\"");
	member("{\"a\":{\"b\":1},\"b\":2}", "b", "2");
	member("{\"a\":1,\"a\":2}", "a", "1");
	member("{\"a\":1}", "b", NULL);
	member("{}", "a", NULL);
	member("[\"a\",1]", "a", NULL);
	member("", "a", NULL);
	member("{\"a\"", "a", NULL);
	member("{\"a\":", "a", NULL);
	member("{\"a\":}", "a", NULL);
	member("{\"a\":[1", "a", NULL);
	member("{a:1}", "a", NULL);
	member("{\"b\":1 \"a\":2}", "a", NULL);
}

static void again(const char *text, const char *want)
{
	struct err err = {""};
	struct jval *v = jval_parse(text, strlen(text), &err);
	struct buf b = BUF_INIT;

	if (v)
		json_add_val(&b, v);
	ok(v && !strcmp(buf_str(&b), want), "%s becomes %s%s", text,
		buf_str(&b), err.msg);
	jval_free(v);
	buf_release(&b);
}

static void test_write(void)
{
	again(" { \"b\" : [ 1 , 2.50 , true , false , null ] , \"a\" : { } } ",
		"{\"b\":[1,2.5,true,false,null],\"a\":{}}");
	again("[]", "[]");
	again("\"a\\u00e9\\n\\\"\"", "\"a\xc3\xa9\\n\\\"\"");
	again("-9223372036854775808", "-9223372036854775808");
	again("1.0", "1.0");
}

int main(void)
{
	test_scan();
	test_members();
	test_write();
	return tap_done();
}
