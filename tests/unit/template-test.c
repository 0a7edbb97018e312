/*
 * template.h: the names of tiles.
 */
#include "base/base.h"
#include "net/template.h"

#include "tap.h"

static const char *token(void *ctx, const char *name, struct err *err)
{
	const char *value = ctx;

	if (!strcmp(name, "KEY"))
		return value;
	err_set(err, "no %s", name);
	return NULL;
}

static void fills(const char *template, const char *want)
{
	const struct template_tile t = {5, 19, 12, {-1.5, 2, 3.25, 40}, 64, 32};
	struct buf out = BUF_INIT;
	struct err err = {""};
	char secret[] = "a b/c&d";

	ok(!template_fill(template, &t, token, secret, &out, &err) &&
			!strcmp(out.data, want),
		"%s becomes %s: %s", template, want,
		out.data ? out.data : err.msg);
	buf_release(&out);
}

static void test_fill(void)
{
	fills("https://a/{z}/{x}/{y}.jpg", "https://a/5/19/12.jpg");
	fills("{z}/{x}/{-y}", "5/19/19");
	fills("{q}", "12211");
	fills("{quadkey}?n={z}", "12211?n=5");
	fills("{TileMatrix},{TileRow},{TileCol}", "5,12,19");
	fills("b={bbox}&w={width}&h={height}&s={proj}",
		"b=-1.5,2,3.25,40&w=64&h=32&s=EPSG:3857");
	fills("{s}", "b");
	fills("{switch:one,two,three,four}", "four");
	fills("{switch:one}{switch:,x}", "onex");
	fills("k={KEY}", "k=a%20b%2Fc%26d");
	fills("", "");
	fills("no}braces", "no}braces");
}

static void test_wrong(void)
{
	const struct template_tile t = {.z = 0};
	struct buf out = BUF_INIT;
	struct err err = {""};
	unsigned has;

	ok(template_fill("{OTHER}", &t, token, NULL, &out, &err) < 0, "%s",
		err.msg);
	ok(template_fill("{z", &t, NULL, NULL, &out, &err) < 0, "%s", err.msg);
	buf_reset(&out);
	ok(!template_fill("{KEY}/{z}", &t, NULL, NULL, &out, &err) &&
			!strcmp(out.data, "{KEY}/0"),
		"tokens that are to stay do");
	ok(template_scan("{z}{w}", &has, &err) < 0, "%s", err.msg);
	ok(template_scan("{z}{x", &has, &err) < 0, "%s", err.msg);
	ok(!template_scan("{z}{x}{-y}{A_1}", &has, &err) &&
			has == (TEMPLATE_Z | TEMPLATE_X | TEMPLATE_MINUS_Y |
				       TEMPLATE_TOKEN),
		"what a template has");
	buf_release(&out);
}

int main(void)
{
	test_fill();
	test_wrong();
	return tap_done();
}
