/* What may be opened: prefixes of URLs and paths, and ways around them. */
#include "base/base.h"
#include "net/allow.h"
#include "base/io.h"
#include "unit/tap.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static void is(bool want, const char *name, const char *prefix)
{
	struct err err = {""};
	bool may = !allow_name(name, &prefix, 1, &err);

	ok(may == want && may == !*err.msg, "%s %s %s", name,
		want ? "begins with" : "is outside of", prefix);
}

static void test_urls(void)
{
	is(true, "https://good.example/a/b.tif", "https://good.example/a/");
	is(true, "HTTPS://Good.Example:443/a/b.tif", "https://good.example/a/");
	is(true, "https://good.example/a/b.tif", "https://GOOD.example:443/a/");
	is(true, "https://good.example./a/b", "https://good.example/a/");
	is(true, "https://good.example/a/b", "https://good.example");
	is(true, "https://good.example/a/b", "https://good.example/");
	is(true, "https://good.example", "https://good.example/");
	is(true, "https://good.example?x=1", "https://good.example/");
	is(true, "https://good.example/a/../b/c", "https://good.example/b/");
	is(true, "https://good.example/%61/b", "https://good.example/a/");
	is(true, "https://good.example/a/b", "https://good.example/%61/");
	is(true, "https://good.example/a%20b/c", "https://good.example/a%20b/");
	is(true, "https://good.example/a-2023/b", "https://good.example/a-");
	is(true, "http://good.example:8080/a", "http://good.example:8080/");
	is(true, "s3://bucket/key/a.tif", "s3://bucket/key/");
	is(true, "https://a.example/w?map=x&l=1", "https://a.example/w?map=x");
	is(true, "https://me@a.example/x", "https://me@a.example/");
	is(false, "http://good.example/a/", "https://good.example/a/");
	is(false, "https://good.example:444/a/", "https://good.example/a/");
	is(false, "https://good.example/b", "https://good.example/a/");
	is(false, "https://good.example/A/", "https://good.example/a/");
	is(false, "https://good.example/ab", "https://good.example/a/");
	is(false, "https://a.example/w?l=1&map=x", "https://a.example/w?map=x");
	is(false, "https://a.example/wx?map=x", "https://a.example/w?map=x");
	is(false, "https://a.example/w", "https://a.example/w?map=x");
	is(false, "s3://bucket2/key/a.tif", "s3://bucket/key/");
	is(false, "s3://bucket2/key", "s3://bucket");
	is(false, "gs://bucket/key/a.tif", "s3://bucket/key/");
	is(false, "/good", "https://good.example/");
	is(false, "https://good.example/", "/");
	is(false, "", "https://good.example/");
	is(false, "https://", "https://good.example/");
	is(false, "https://good.example/", "https://");
}

static void test_attacks(void)
{
	static const char good[] = "https://good.example/a/";
	static const char *const bad[] = {
		"https://good.example@evil.example/a/",
		"https://good.example:443@evil.example/a/",
		"https://good.example%40evil.example/a/",
		"https://me@good.example/a/", "https://me:pw@good.example/a/",
		"https://@evil.example/a/",
		"https://good.example.evil.example/a/",
		"https://good.example\\@evil.example/a/",
		"https://evil.example\\@good.example/a/",
		"https://evil.example#@good.example/a/",
		"https://evil.example?@good.example/a/",
		"https://evil.example/https://good.example/a/",
		"https://good.example/a/../b", "https://good.example/a/..",
		"https://good.example/a/./../b",
		"https://good.example/a/%2e%2e/b",
		"https://good.example/a/.%2E/b",
		"https://good.example/a/..%2fb",
		"https://good.example/a/%2e%2e%2fb",
		"https://good.example/a/..%5cb", "https://good.example/a/..\\b",
		"https://good.example/a/%252e%252e/b",
		"https://good.example/a/%25252e%25252e%25252fb",
		"https://good.example/a/%2525252525252e/b",
		"https://good.example/a%2fb", "https://good.example/a%2f",
		"https://good.example/%2e%2e/b/a/",
		"https://good.example/a/x/../../b",
		"https://good.example/a//../../b", "ftp://good.example/a/",
		"file:///a/", "file://good.example/a/",
		"https:/good.example/a/", "https:good.example/a/",
		" https://good.example/a/", "https://good.example /a/",
		"https://good.example\t/a/", "//good.example/a/",
		"https://good.example/a", "https://good.example:0443x/a/"};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		is(false, bad[i], good);
	is(false, "https://good.example.evil.example/", "https://good.example");
	is(false, "https://good.example@evil.example/", "https://good.example");
	is(false, "https://good.example:pw@evil.example/",
		"https://good.example");
	is(false, "https://good.examples/", "https://good.example");
	is(false, "https://me:other@a.example/x", "https://me:pw@a.example/");
	is(true, "https://me:pw@a.example/x", "https://me:pw@a.example/");
	is(true, "https://127.0.0.1/x", "https://0x7f.1/");
}

static const char *const folders[] = {"a", "a-b", "c"};
static const char *const files[] = {"a/x", "a-b/x", "c/x"};

static int make_files(void)
{
	struct err err;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		rc = rc || mkdir(folders[i], 0700) ||
		     save_file(files[i], "", 0, &err);
	return rc || symlink("../c/x", "a/out") || symlink("a", "link");
}

static int remove_files(void)
{
	int rc = unlink("a/out") || unlink("link");

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		rc = rc || unlink(files[i]) || rmdir(folders[i]);
	return rc;
}

static void test_local(void)
{
	char here[PATH_MAX];
	char dir[] = "/tmp/allow-test.XXXXXX";

	if (!mkdtemp(dir) || !getcwd(here, sizeof(here)) || chdir(dir) ||
		make_files())
		ok(false, "a folder with files");
	is(true, "a/x", "a/");
	is(true, "a/x", "a");
	is(true, "a", "a");
	is(true, "./a/../a/./x", "a/");
	is(true, "a/none", "a/");
	is(true, "link/x", "a/");
	is(true, "a/x", "link/");
	is(true, "a/x", ".");
	is(true, "/etc/passwd", "/");
	is(true, "none-2023/x", "none-");
	is(false, "a/../c/x", "a/");
	is(false, "a/none/../../c/x", "a/");
	is(false, "a/out", "a/");
	is(false, "a-b/x", "a");
	is(false, "a-b/x", "a/");
	is(false, "/etc/passwd", ".");
	is(false, "../x", ".");
	is(false, "", "a");
	is(true, "a/out", "c/");
	ok(!remove_files() && !chdir(here) && !rmdir(dir),
		"the files are gone");
}

static void test_lists(void)
{
	static const char *const two[] = {"https://a.example/", "/data/"};
	struct err err = {""};

	ok(!allow_name("anything", two, 0, &err), "without a list, anything");
	ok(!allow_name("/data/x", two, 2, &err) &&
			!allow_name("https://a.example/x", two, 2, &err),
		"one of two is enough");
	ok(allow_name("https://me:pw@b.example/x?sig=geheim", two, 2, &err) &&
			strstr(err.msg, "b.example/x") &&
			!strstr(err.msg, "geheim") && !strstr(err.msg, "pw"),
		"a message without secrets: %s", err.msg);
}

int main(void)
{
	test_urls();
	test_attacks();
	test_local();
	test_lists();
	return tap_done();
}
