#include "base/base.h"
#include "form/text.h"

#include <unistd.h>

enum { FLUSH_BYTES = 1 << 16 };

int text_open(struct text *t, const char *path, struct err *err)
{
	*t = (struct text)TEXT_INIT;
	if (!path || !strcmp(path, "-"))
		return 0;
	return outfile_open(&t->file, path, err);
}

int text_flush(struct text *t, struct err *err)
{
	int fd = t->file.path ? t->file.fd : STDOUT_FILENO;
	int rc = write_all(fd, t->buf.data, t->buf.len, err);

	if (rc)
		err_prefix(err, "%s",
			t->file.path ? t->file.path : "standard output");
	buf_reset(&t->buf);
	return rc;
}

int text_flow(struct text *t, struct err *err)
{
	return t->buf.len > FLUSH_BYTES ? text_flush(t, err) : 0;
}

int text_close(struct text *t, int rc, struct err *err)
{
	struct err why;

	if (!t->file.path) { /* what was good before a fault is not lost */
		if (text_flush(t, rc ? &why : err))
			rc = -1;
		if (!rc && close(STDOUT_FILENO) < 0)
			rc = err_errno(err, "standard output");
	} else if (!rc) {
		rc = text_flush(t, err);
		if (!rc)
			rc = outfile_commit(&t->file, err);
	}
	outfile_abort(&t->file);
	buf_release(&t->buf);
	return rc;
}
