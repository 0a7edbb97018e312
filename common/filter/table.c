#include "base/base.h"
#include "filter/table.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "base/tsv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

int filter_add_file(struct filter *f, const char *path, struct err *err)
{
	uint8_t digest[SHA256_BYTES], piece[1 << 16];
	struct sha256 *h = NULL;
	uint64_t bytes = 0;
	struct stat st;
	long n;
	int rc = -1, fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_errno(err, "cannot open '%s'", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		filter_add_input(f, path, UINT64_MAX, NULL);
		rc = 0;
		goto out;
	}
	h = sha256_new();
	while ((n = read_some(fd, piece, sizeof(piece), err)) > 0) {
		sha256_add(h, piece, (size_t)n);
		bytes += (uint64_t)n;
	}
	if (n < 0) {
		err_prefix(err, "%s", path);
		goto out;
	}
	sha256_value(h, digest);
	filter_add_input(f, path, bytes, digest);
	rc = 0;
out:
	sha256_free(h);
	if (fd >= 0)
		close(fd);
	return rc;
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
