#include "base/base.h"
#include "pack/tar.h"
#include "base/io.h"

#include <archive.h>
#include <archive_entry.h>

enum { MEMBER_MODE = 0644 };

struct tar {
	struct outfile file;
	struct archive *archive;
	struct archive_entry *entry;
};

static int fail(const struct tar *t, struct err *err)
{
	int code = archive_errno(t->archive);
	const char *why =
		code > 0 ? strerror(code) : archive_error_string(t->archive);

	return err_set(err, "cannot write '%s': %s", t->file.path,
		why ? why : "unknown error");
}

struct tar *tar_open(const char *path, struct err *err)
{
	struct tar *t = xcalloc(1, sizeof(*t));

	t->file = (struct outfile)OUTFILE_INIT;
	if (outfile_open(&t->file, path, err)) {
		free(t);
		return NULL;
	}
	t->archive = archive_write_new();
	t->entry = archive_entry_new();
	if (!t->archive || !t->entry) {
		err_set(err, "out of memory for '%s'", path);
	} else if (archive_write_set_format_pax_restricted(t->archive) !=
			   ARCHIVE_OK ||
		   archive_write_open_fd(t->archive, t->file.fd) !=
			   ARCHIVE_OK) {
		fail(t, err);
	} else {
		return t;
	}
	tar_abort(t);
	return NULL;
}

int tar_add(struct tar *t, const char *name, const void *p, size_t len,
	struct err *err)
{
	struct archive_entry *e = t->entry;

	archive_entry_clear(e);
	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, MEMBER_MODE);
	archive_entry_set_mtime(e, 0, 0);
	archive_entry_set_uid(e, 0);
	archive_entry_set_gid(e, 0);
	archive_entry_set_size(e, (int64_t)len);
	if (archive_write_header(t->archive, e) != ARCHIVE_OK)
		return fail(t, err);
	if (len && archive_write_data(t->archive, p, len) != (la_ssize_t)len)
		return fail(t, err);
	return 0;
}

int tar_commit(struct tar *t, struct err *err)
{
	int rc = 0;

	if (archive_write_close(t->archive) != ARCHIVE_OK)
		rc = fail(t, err);
	else
		rc = outfile_commit(&t->file, err);
	tar_abort(t);
	return rc;
}

void tar_abort(struct tar *t)
{
	if (!t)
		return;
	archive_entry_free(t->entry);
	if (t->archive)
		archive_write_free(t->archive);
	outfile_abort(&t->file);
	free(t);
}
