/* Lines and rows of text files: ends, quotes, limits, and what is broken. */
#include "base/base.h"
#include "form/rows.h"
#include "base/io.h"
#include "base/lines.h"
#include "unit/tap.h"

#include <unistd.h>

static char path[] = "/tmp/rows-test.XXXXXX";

static void write_file(const char *text, size_t len)
{
	struct err err;

	if (save_file(path, text, len, &err))
		exit(1);
}

/* What was got is shown only where it is wrong: it may hold line ends. */
static void is(const char *got, const char *want, const char *kind,
	const char *what)
{
	if (!ok(!strcmp(got, want), "%s: %s", kind, what))
		printf("# not '%s'\n", got);
}

/* All lines as "[one][two]", or the error. */
static const char *lines(const char *text, size_t len, uint64_t limit)
{
	static char out[400];
	struct buf b = BUF_INIT;
	struct str line;
	struct err err;
	struct lines *l;
	int rc;

	write_file(text, len);
	l = lines_open(path, limit, &err);
	if (!l)
		exit(1);
	while ((rc = lines_next(l, &line, &err)) > 0)
		buf_addf(&b, "[%.*s]", (int)line.len, line.s);
	if (rc)
		buf_addf(&b, "%s", err.msg + strlen(path));
	snprintf(out, sizeof(out), "%s", buf_str(&b));
	buf_release(&b);
	lines_close(l);
	return out;
}

static void lines_are(const char *what, const char *text, const char *want)
{
	const char *got = lines(text, strlen(text), 10);

	is(got, want, "lines", what);
}

static void test_lines(void)
{
	struct err err;
	struct lines *l;
	struct str line;
	size_t big = 300000, n = 0;
	char *text = xmalloc(big);

	lines_are("an empty file", "", "");
	lines_are("one line", "a\n", "[a]");
	lines_are("without its end", "a\nb", "[a][b]");
	lines_are("empty lines", "\n\na\n\n", "[][][a][]");
	lines_are("a carriage return stays", "a\r\n\r\n", "[a\r][\r]");
	lines_are("a byte order mark",
		"\xef\xbb\xbf"
		"a\nb\n",
		"[a][b]");
	lines_are("only at the start", "a\n\xef\xbb\xbf\n",
		"[a][\xef\xbb\xbf]");
	lines_are("at the limit", "0123456789\n0123456789",
		"[0123456789][0123456789]");
	lines_are("over the limit", "a\n0123456789x\nb\n",
		"[a]: line 2 is longer than the limit of 10 bytes");
	lines_are("over the limit without an end", "0123456789x",
		": line 1 is longer than the limit of 10 bytes");
	ok(!strcmp(lines("a\0b\n", 4, 10), "[a]"), "a NUL is in the line");

	/* lines that lie across what is read at once */
	memset(text, 'x', big);
	for (size_t i = 999; i < big; i += 1000)
		text[i] = '\n';
	write_file(text, big);
	l = lines_open(path, 999, &err);
	while (l && lines_next(l, &line, &err) > 0)
		n += line.len == 999;
	ok(l && n == 300 && lines_number(l) == 300, "%zu long lines", n);
	lines_close(l);
	free(text);
	ok(!lines_open("/no/such/file", 10, &err) &&
			strstr(err.msg, "cannot open '/no/such/file'"),
		"a missing file: %s", err.msg);
}

/* All rows as "1:a|b;2:c;" with their lines, then the error. */
static const char *rows(const char *text, enum rows_kind kind, uint64_t limit)
{
	static char out[1000];
	struct buf b = BUF_INIT;
	const struct str *fields;
	struct err err;
	struct rows *r;
	size_t n;
	int rc;

	write_file(text, strlen(text));
	r = rows_open(path, kind, limit, &err);
	if (!r)
		exit(1);
	while ((rc = rows_next(r, &fields, &n, &err)) > 0) {
		buf_addf(&b, "%d:", (int)rows_line(r));
		for (size_t i = 0; i < n; i++)
			buf_addf(&b, "%s%.*s", i ? "|" : "", (int)fields[i].len,
				fields[i].s);
		buf_addc(&b, ';');
	}
	if (rc)
		buf_addf(&b, "%s", err.msg + strlen(path));
	snprintf(out, sizeof(out), "%s", buf_str(&b));
	buf_release(&b);
	rows_close(r);
	return out;
}

static void csv(const char *what, const char *text, const char *want)
{
	const char *got = rows(text, ROWS_CSV, 100);

	is(got, want, "CSV", what);
}

static void tsv(const char *what, const char *text, const char *want)
{
	const char *got = rows(text, ROWS_TSV, 100);

	is(got, want, "TSV", what);
}

static void test_csv(void)
{
	csv("nothing", "", "");
	csv("rows", "a,b\nc,d\n", "1:a|b;2:c|d;");
	csv("no end of line", "a,b", "1:a|b;");
	csv("empty fields", ",\n,,", "1:|;2:||;");
	csv("an empty quoted field", "\"\"\n", "1:;");
	csv("CRLF", "a,b\r\nc,d\r\n", "1:a|b;2:c|d;");
	csv("blank lines", "\n\r\na\n\r\n\n", "3:a;");
	csv("a blank line at the end", "a\r\n\r\n", "1:a;");
	csv("a byte order mark", "\xef\xbb\xbf\"a\",b\n", "1:a|b;");
	csv("blanks are the fields'", " a , \"b\" \n",
		": line 1: a quote stands inside a field that is not in "
		"quotes");
	csv("blanks without quotes", " a , b \n", "1: a | b ;");
	csv("quotes", "\"a,\"\"b\"\"\",c\n", "1:a,\"b\"|c;");
	csv("a line end in quotes", "x\n\"a\nb\",c\nd,e\n",
		"1:x;2:a\nb|c;4:d|e;");
	csv("CRLF in quotes", "\"a\r\n\r\nb\"\r\nc\r\n", "1:a\r\n\r\nb;4:c;");
	csv("a quote that opens a line", "\"\na\"\n", "1:\na;");
	csv("an unclosed quote", "a\n\"b\nc\nd\n",
		"1:a;: line 2: a quote is not closed");
	csv("text behind a quote", "a\n\"b\"c\n",
		"1:a;: line 2: a quote stands inside a field that is not in "
		"quotes");
	csv("a lone carriage return", "a\rb\n",
		": line 1: a carriage return stands inside a field that is not "
		"in quotes");
	csv("an old Mac's file", "a,b\rc,d\r",
		": line 1: a carriage return stands inside a field that is not "
		"in quotes");
}

static void test_tsv(void)
{
	tsv("rows", "a\tb\nc\td\n", "1:a|b;2:c|d;");
	tsv("no end of line", "a\tb", "1:a|b;");
	tsv("empty fields", "\t\n\t\tx\n", "1:|;2:||x;");
	tsv("CRLF and blank lines", "a\tb\r\n\r\n\nc\td\r\n", "1:a|b;4:c|d;");
	tsv("quotes are bytes", "\"a\tb\"\n", "1:\"a|b\";");
	tsv("escapes", "a\\tb\\n\\r\\\\\\x\\\n", "1:a\tb\n\r\\\\x\\;");
}

static void test_limits(void)
{
	const char *got = rows("abc,d\nabcde,f\n", ROWS_CSV, 5);

	ok(strstr(got,
		   "1:abc|d;: line 2 is longer than the limit of 5 bytes") !=
			NULL,
		"a long line: %s", got);
	got = rows("\"a\nb\nc\nd\"\n", ROWS_CSV, 5);
	ok(strstr(got, ": line 1: the row has more than 5 bytes") != NULL,
		"a long row of short lines: %s", got);
}

static void test_text(void)
{
	const struct str *fields;
	struct err err;
	struct rows *r;
	size_t n;

	write_file("\"a\nb\",c\r\nd\n", 11);
	r = rows_open(path, ROWS_CSV, 100, &err);
	ok(r && rows_next(r, &fields, &n, &err) == 1 &&
			str_is(rows_text(r), "\"a\nb\",c"),
		"a row as it stands in the file");
	ok(r && rows_next(r, &fields, &n, &err) == 1 &&
			str_is(rows_text(r), "d") &&
			!strcmp(rows_name(r), path),
		"and the next");
	rows_close(r);
	ok(rows_kind_of("a.tsv") == ROWS_TSV &&
			rows_kind_of("x/a.tab") == ROWS_TSV &&
			rows_kind_of("a.csv") == ROWS_CSV &&
			rows_kind_of("tsv") == ROWS_CSV,
		"the kind by the name");
}

int main(void)
{
	if (mkstemp(path) < 0)
		return 1;
	test_lines();
	test_csv();
	test_tsv();
	test_limits();
	test_text();
	unlink(path);
	return tap_done();
}
