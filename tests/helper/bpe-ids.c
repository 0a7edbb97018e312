/*
 * bpe-ids - the token ids of the lines of stdin.
 *
 * bpe-ids FOLDER      a line of ids per line
 * bpe-ids FOLDER N    XXH64 of those lines, per N lines
 *
 * FOLDER holds vocab.json and merges.txt.
 */
#include "base/base.h"
#include "base/hash.h"
#include "base/num.h"
#include "text/bpe.h"

#include <inttypes.h>
#include <stdio.h>

enum { CONTEXT = 77, MAX_VOCAB = 1 << 20 };

static int print_ids(const struct bpe *b, struct str line, struct buf *out,
	struct err *err)
{
	uint32_t ids[CONTEXT];
	size_t n;

	if (bpe_encode(b, line, ids, CONTEXT, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s%" PRIu32, i ? " " : "", ids[i]);
	buf_addc(out, '\n');
	return 0;
}

static void flush(struct buf *out, bool hashed)
{
	char hex[HEX64_TEXT];

	if (hashed) {
		hex64(hash_xxh64(out->data, out->len), hex);
		puts(hex);
	} else {
		fwrite(out->data, 1, out->len, stdout);
	}
	buf_reset(out);
}

int main(int argc, char **argv)
{
	struct buf out = BUF_INIT;
	struct bpe *b = NULL;
	uint64_t every = 0;
	char *line = NULL;
	size_t cap = 0, n = 0;
	struct err err;
	long len;
	int rc = -1;

	if (argc < 2 || (argc > 2 && parse_u64(argv[2], &every))) {
		fprintf(stderr, "usage: bpe-ids FOLDER [N]\n");
		return 2;
	}
	b = bpe_open(argv[1], MAX_VOCAB, &err);
	if (!b)
		goto out;
	while ((len = getline(&line, &cap, stdin)) >= 0) {
		if (len && line[len - 1] == '\n')
			len--;
		if (print_ids(b, (struct str){line, (size_t)len}, &out, &err))
			goto out;
		n++;
		if (!every || n % every == 0)
			flush(&out, every);
	}
	if (out.len)
		flush(&out, every);
	rc = 0;
out:
	if (rc)
		fprintf(stderr, "bpe-ids: %s\n", err.msg);
	free(line);
	buf_release(&out);
	bpe_free(b);
	return rc ? 1 : 0;
}
