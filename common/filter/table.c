#include "base/base.h"
#include "filter/table.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "base/tsv.h"

int filter_table(struct filter *f, const char *path, const char *data_name,
	struct buf *text, struct err *err)
{
	uint8_t digest[SHA256_BYTES];
	struct sha256 *h;

	if (tsv_load(path, data_name, text, err))
		return -1;
	h = sha256_new();
	sha256_add(h, text->data, text->len);
	sha256_value(h, digest);
	sha256_free(h);
	filter_add_input(f, path ? path : data_name, text->len, digest);
	return 0;
}

int print_table(const struct common *common, const char *path,
	const char *data_name)
{
	struct buf text = BUF_INIT;
	struct err err;
	int rc = tsv_load(path, data_name, &text, &err);

	if (!rc)
		rc = save_file(common->output, text.data, text.len, &err);
	buf_release(&text);
	if (rc)
		log_error("%s", err.msg);
	return rc ? EXIT_FAILED : EXIT_DONE;
}
