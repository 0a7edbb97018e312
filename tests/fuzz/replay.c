/*
 * The main program of a fuzz target that is built without libFuzzer.
 *
 * TARGET [FILE or FOLDER]...
 *
 * Replays every file, those of a folder in order of their names; without
 * operands, the target's corpus. A .txt file holds a case per line: text with
 * \n \t \r \\ and \xHH for bytes, as printf's %b has them; lines that are empty
 * or begin with '#' are passed over. Any other file is one case. A case is
 * replayed whole and, when it is short, also cut at every byte and with every
 * bit flipped. Prints TAP; a crash ends it before the plan.
 */
#include "base/base.h"
#include "fuzz/fuzz.h"
#include "unit/tap.h"

#include <dirent.h>
#include <sys/stat.h>

enum { SHORT_CASE = 512, MAX_CASE = 64 << 20 };

static void replay(const char *p, size_t len)
{
	uint8_t *copy = fuzz_copy(p, len);

	LLVMFuzzerTestOneInput(copy, len);
	for (size_t i = 0; i < 8 * len && len <= SHORT_CASE; i++) {
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		LLVMFuzzerTestOneInput(copy, len);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	free(copy);
	for (size_t n = 0; n < len && len <= SHORT_CASE; n++) {
		copy = fuzz_copy(p, n);
		LLVMFuzzerTestOneInput(copy, n);
		free(copy);
	}
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The bytes that an escaped line means; false when an escape is none. */
static bool unescape(struct str line, struct buf *out)
{
	static const char letters[] = "ntr\\", bytes[] = "\n\t\r\\";

	for (size_t i = 0; i < line.len; i++) {
		const char *c = line.s + i;
		size_t left = line.len - i;
		const char *at =
			left > 1 && c[1] ? strchr(letters, c[1]) : NULL;

		if (*c != '\\') {
			buf_addc(out, *c);
		} else if (at) {
			buf_addc(out, bytes[at - letters]);
			i++;
		} else if (left > 3 && c[1] == 'x' && hex_digit(c[2]) >= 0 &&
			   hex_digit(c[3]) >= 0) {
			buf_addc(out,
				(char)(16 * hex_digit(c[2]) + hex_digit(c[3])));
			i += 3;
		} else {
			return false;
		}
	}
	return true;
}

static void replay_lines(const char *path, const struct buf *text)
{
	const char *p = text->data, *end = p + text->len;
	struct str comment = {"", 0}; /* the last one: what the case is */
	struct buf bytes = BUF_INIT;

	for (size_t number = 1; p < end; number++) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		struct str line = {p, (size_t)((newline ? newline : end) - p)};

		p += line.len + 1;
		if (line.len && *line.s == '#')
			comment = (struct str){line.s + 1, line.len - 1};
		if (!line.len || *line.s == '#')
			continue;
		buf_reset(&bytes);
		if (unescape(line, &bytes))
			replay(bytes.data, bytes.len);
		else
			line.len = 0;
		ok(line.len > 0, "line %zu:%.*s", number, (int)comment.len,
			comment.s);
	}
	buf_release(&bytes);
	ok(true, "%s", path);
}

static void replay_file(const char *path)
{
	size_t len = strlen(path);
	struct buf bytes = BUF_INIT;
	struct err err;

	if (load_file(path, MAX_CASE, &bytes, &err)) {
		ok(0, "%s", err.msg);
	} else if (len > 4 && !strcmp(path + len - 4, ".txt")) {
		replay_lines(path, &bytes);
	} else {
		replay(bytes.data, bytes.len);
		ok(1, "%s, %zu bytes", path, bytes.len);
	}
	buf_release(&bytes);
}

static void replay_path(const char *path)
{
	struct dirent **names;
	struct stat st;
	int n;

	if (stat(path, &st) || !S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		struct buf file = BUF_INIT;

		buf_addf(&file, "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			replay_file(buf_str(&file));
		buf_release(&file);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	ok(n >= 0, "%s: a folder", path);
}

int main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	struct buf path = BUF_INIT;
	char *name = own_name(argv[0]);

	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		replay_path(argv[i]);
	buf_addf(&path, "%s/tests/fuzz/corpus/%s.txt", top ? top : ".", name);
	if (argc < 2)
		replay_path(buf_str(&path));
	buf_release(&path);
	free(name);
	return tap_done();
}
