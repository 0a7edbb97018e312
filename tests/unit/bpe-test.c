/*
 * The tokenizer on a vocabulary of a few merges, and the cleaning of texts.
 */
#include "base/base.h"
#include "json/json.h"
#include "text/bpe.h"
#include "text/clean.h"
#include "unit/tap.h"

enum { CONTEXT = 20, START = 512, END, VOCAB = 600 };

/* Bytes as CLIP's files write them, in the order of the bytes. */
static size_t byte_symbol(unsigned byte, char out[3])
{
	unsigned cp = byte;

	if (byte <= 0x20)
		cp = 0x100 + byte;
	else if (byte >= 0x7f && byte <= 0xa0)
		cp = 0x100 + 0x21 + byte - 0x7f;
	else if (byte == 0xad)
		cp = 0x100 + 0x21 + 0x22;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	out[0] = (char)(0xc0 | cp >> 6);
	out[1] = (char)(0x80 | (cp & 0x3f));
	return 2;
}

/* vocab.json: byte b is b, at a word's end 256 + b; more from 514 on. */
static void make_vocab(struct buf *out, const char *const *more, size_t n)
{
	char text[8];

	for (unsigned i = 0; i < 512; i++) {
		size_t len = byte_symbol(i & 255, text);

		memcpy(text + len, "</w>", 4);
		buf_adds(out, i ? "," : "{");
		json_add_str(out, text, i < 256 ? len : len + 4);
		buf_addf(out, ":%u", i);
	}
	buf_addf(out, ",\"<|startoftext|>\":%d,\"<|endoftext|>\":%d", START,
		END);
	for (size_t i = 0; i < n; i++)
		buf_addf(out, ",\"%s\":%zu", more[i], END + 1 + i);
	buf_addc(out, '}');
}

static const char *const symbols[] = {"lo", "low</w>", "er</w>", "aa", "aaa",
	"aaaa"};
enum { LO = END + 1, LOW, ER, AA, AAA, AAAA };
static const char merges[] = "#version: 0.2\n"
			     "l o\nlo w</w>\r\ne r</w>\n"
			     "a a\naa a\naa aa\n\n";

static struct bpe *make(const char *merges_text, struct err *err)
{
	struct buf vocab = BUF_INIT;
	struct bpe *b;

	make_vocab(&vocab, symbols, ARRAY_SIZE(symbols));
	b = bpe_parse((struct str){vocab.data, vocab.len},
		str_from(merges_text), VOCAB, err);
	buf_release(&vocab);
	return b;
}

static void expect(const struct bpe *b, const char *text, const uint32_t *want,
	size_t n)
{
	uint32_t ids[CONTEXT];
	size_t got = 0;
	struct err err;
	bool good = !bpe_encode(b, str_from(text), ids, CONTEXT, &got, &err) &&
		    got == n + 2 && ids[0] == START && ids[n + 1] == END &&
		    (!n || !memcmp(ids + 1, want, n * sizeof(*want)));

	ok(good, "'%.60s' becomes %zu tokens", text, n);
	for (size_t i = 0; !good && i < got; i++)
		printf("# %zu: %u\n", i, ids[i]);
}

#define EXPECT(b, text, ...)                                                   \
	expect(b, text, (const uint32_t[]){__VA_ARGS__},                       \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void test_words(const struct bpe *b)
{
	enum { AT_END = 256 };

	expect(b, "", NULL, 0);
	expect(b, " \t\n ", NULL, 0);
	EXPECT(b, "low", LOW);
	EXPECT(b, "LOW  Lower\n", LOW, LO, 'w', ER);
	EXPECT(b, "lo", 'l', 'o' + AT_END);
	EXPECT(b, "aaaa", AAA, 'a' + AT_END);
	EXPECT(b, "aaaaaaa", AAAA, AA, 'a' + AT_END);
	EXPECT(b, "x1,23", 'x' + AT_END, '1' + AT_END, ',' + AT_END,
		'2' + AT_END, '3' + AT_END);
	EXPECT(b, "i'm", 'i' + AT_END, '\'', 'm' + AT_END);
	EXPECT(b, "!'m", '!', '\'' + AT_END, 'm' + AT_END);
	EXPECT(b, "'ll've", '\'', 'l', 'l' + AT_END, '\'', 'v', 'e' + AT_END);
	EXPECT(b, "\xc3\x89", 0xc3, 0xa9 + AT_END);
	EXPECT(b, "<start_of_text>low<END_OF_TEXT>", START, LOW, END);
}

/* Cut at the length, the last one the end token. */
static void test_length(const struct bpe *b)
{
	struct buf long_text = BUF_INIT;
	uint32_t ids[CONTEXT + 1] = {0};
	struct err err;
	size_t n = 0;

	for (int i = 0; i < CONTEXT - 2; i++)
		buf_adds(&long_text, "low ");
	ok(!bpe_encode(b, (struct str){long_text.data, long_text.len}, ids,
		   CONTEXT, &n, &err) &&
			n == CONTEXT && ids[CONTEXT - 2] == LOW &&
			ids[CONTEXT - 1] == END,
		"a text that just fits");
	for (int i = 0; i < 100000; i++)
		buf_adds(&long_text, i % 3 ? "a" : "low");
	ok(!bpe_encode(b, (struct str){long_text.data, long_text.len}, ids,
		   CONTEXT, &n, &err) &&
			n == CONTEXT && ids[CONTEXT - 1] == END &&
			!ids[CONTEXT],
		"a text that is too long");
	buf_reset(&long_text);
	for (int i = 0; i < 1000000; i++)
		buf_addc(&long_text, 'a');
	ok(!bpe_encode(b, (struct str){long_text.data, long_text.len}, ids,
		   CONTEXT, &n, &err) &&
			n == CONTEXT && ids[1] == AAAA &&
			ids[CONTEXT - 1] == END,
		"a word of a million letters");
	ok(bpe_encode(b, str_from("ab\xff"), ids, CONTEXT, &n, &err) &&
			strstr(err.msg, "byte 2"),
		"what is not UTF-8 is refused: %s", err.msg);
	buf_release(&long_text);
}

/* Each symbol must come from somewhere, and be alone with its id. */
static void test_completeness(void)
{
	static const char *const cut[] = {"", "#version: 0.2\n",
		"l o\nlo w</w>\ne r</w>\na a\naa a\n"};
	static const char *const special[] = {"<|pad|>"};
	static const char *const plain[] = {"<pad>"};
	struct buf vocab = BUF_INIT;
	struct bpe *b;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(cut); i++) {
		b = make(cut[i], &err);
		ok(!b && strstr(err.msg, "merges.txt: no merge makes "),
			"merges that are cut off: %s", err.msg);
		bpe_free(b);
	}
	make_vocab(&vocab, plain, 1);
	b = bpe_parse((struct str){vocab.data, vocab.len}, str_from(""), VOCAB,
		&err);
	ok(!b && strstr(err.msg, "'<pad>'"), "a symbol of no text: %s",
		err.msg);
	bpe_free(b);
	buf_reset(&vocab);
	make_vocab(&vocab, special, 1);
	b = bpe_parse((struct str){vocab.data, vocab.len}, str_from(""), VOCAB,
		&err);
	ok(b != NULL, "a special symbol, and no merges");
	bpe_free(b);
	vocab.len--;
	buf_adds(&vocab, ",\"<|x|>\":97}");
	b = bpe_parse((struct str){vocab.data, vocab.len}, str_from(""), VOCAB,
		&err);
	ok(!b && strstr(err.msg, "97, is that of another"),
		"two symbols of one id: %s", err.msg);
	bpe_free(b);
	buf_release(&vocab);
}

static void test_files(void)
{
	static const char *const bad[] = {"l", "l  o", "l nosuch", "l x",
		"l o\nl o"};
	struct buf vocab = BUF_INIT;
	size_t refused = 0;
	struct bpe *b;
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		b = make(bad[i], &err);
		ok(!b && strstr(err.msg, "merges.txt: line "),
			"merges are refused: %s", err.msg);
		bpe_free(b);
	}
	make_vocab(&vocab, NULL, 0);
	b = bpe_parse((struct str){vocab.data, vocab.len}, str_from(""), 513,
		&err);
	ok(!b && strstr(err.msg, "from 0 to 512"), "an id too large: %s",
		err.msg);
	bpe_free(b);
	for (size_t len = 0; len < vocab.len; len++) {
		char *copy = xmemdup0(vocab.data, len);

		b = bpe_parse((struct str){copy, len}, str_from(""), VOCAB,
			&err);
		refused += !b;
		bpe_free(b);
		free(copy);
	}
	ok(refused == vocab.len, "every shorter vocabulary is refused");
	b = bpe_parse(str_from("{\"a\":-1}"), str_from(""), VOCAB, &err);
	ok(!b, "a negative id");
	b = bpe_parse(str_from("{\"a\":\"1\"}"), str_from(""), VOCAB, &err);
	ok(!b, "an id that is text");
	b = bpe_parse(str_from("{}"), str_from(""), VOCAB, &err);
	ok(!b && strstr(err.msg, "missing"), "an empty vocabulary: %s",
		err.msg);
	buf_release(&vocab);
}

static void test_clean(void)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"  A\t\xc2\xa0 b\n", "a b"},
		{"\xe2\x80\x98x\xe2\x80\x99 \xe2\x80\x9cy\xe2\x80\x9d",
			"'x' \"y\""},
		{"\xef\xac\x81ne \xef\xbc\xa1\xef\xbc\x91", "fine a1"},
		{"e\xcc\x81 E\xcc\xa3\xcc\x82", "\xc3\xa9 \xe1\xbb\x87"},
		{"&amp;lt; &#65;&#x42; &eacute; &copy &nosuch; &",
			"< ab \xc3\xa9 \xc2\xa9 &nosuch; &"},
		{"&#0;&#x110000;&#xd800;", "\xef\xbf\xbd\xef\xbf\xbd"
					   "\xef\xbf\xbd"},
		{"\xce\xa3\xce\xa3 \xce\xa3", "\xcf\x83\xcf\x82 \xcf\x83"},
		{"\xc4\xb0", "i\xcc\x87"},
		{"a\x01\x7f\xef\xbb\xbf"
		 "b",
			"ab"},
	};
	struct err err;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf out = BUF_INIT;

		ok(!text_clean(str_from(cases[i][0]), &out, &err) &&
				!strcmp(buf_str(&out), cases[i][1]),
			"clean %zu: '%s'", i, buf_str(&out));
		buf_release(&out);
	}
}

int main(void)
{
	struct err err = {""};
	struct bpe *b = make(merges, &err);

	if (ok(b != NULL, "a small vocabulary %s", err.msg)) {
		ok(bpe_end_id(b) == END, "the end token's id");
		test_words(b);
		test_length(b);
	}
	bpe_free(b);
	test_completeness();
	test_files();
	test_clean();
	return tap_done();
}
