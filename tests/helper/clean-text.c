/*
 * clean-text - what the tokenizer's cleaning makes of texts: a JSON string per
 * line of stdin, and one per line out.
 */
#include "base/base.h"
#include "base/lines.h"
#include "json/json.h"
#include "text/clean.h"

#include <stdio.h>

enum { MAX_LINE = 1 << 20 };

static int print_clean(struct str line, struct err *err)
{
	struct jval *v = jval_parse(line.s, line.len, err);
	struct buf clean = BUF_INIT, out = BUF_INIT;
	struct str text;
	int rc = -1;

	if (!v)
		return -1;
	if (jval_str(v, &text))
		err_set(err, "no string");
	else
		rc = text_clean(text, &clean, err);
	if (!rc) {
		json_add_str(&out, clean.data, clean.len);
		puts(buf_str(&out));
	}
	buf_release(&clean);
	buf_release(&out);
	jval_free(v);
	return rc;
}

int main(void)
{
	struct err err;
	struct lines *in = lines_open("-", MAX_LINE, &err);
	struct str line;
	int rc = -1;

	while (in && (rc = lines_next(in, &line, &err)) > 0)
		if ((rc = print_clean(line, &err)))
			break;
	lines_close(in);
	if (rc)
		fprintf(stderr, "clean-text: %s\n", err.msg);
	return rc ? 1 : 0;
}
