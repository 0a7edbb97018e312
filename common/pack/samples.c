#include "base/base.h"
#include "pack/samples.h"
#include "base/io.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

enum { READ_BYTES = 1 << 16, TAR_BLOCK = 512 };

struct samples {
	char *name;
	int fd;
	uint64_t limit;
	bool (*wanted)(void *ctx, const char *extension);
	void *ctx;
	struct archive *archive;
	struct archive_entry *entry;
	struct sample sample;
	size_t cap;        /* of its members; those behind n keep their room */
	uint64_t size;     /* of the sample */
	char *sample_name; /* owns sample.name */
	bool within;       /* a member: its data may be read */
	bool waiting;      /* entry is the next sample's first member */
	bool ended;
};

static int fail(const struct samples *s, struct err *err)
{
	const char *why = archive_error_string(s->archive);
	const char *member = archive_entry_pathname(s->entry);

	return err_set(err, "%s: %s%s%s%s", s->name, member ? "member '" : "",
		member ? member : "", member ? "': " : "",
		why ? why : "it is damaged");
}

static int open_archive(struct samples *s, struct err *err)
{
	struct archive *a = s->archive;

	if (archive_read_support_format_tar(a) != ARCHIVE_OK ||
		/* what "cat" has joined does not end at the first end mark */
		archive_read_set_format_option(a, "tar",
			"read_concatenated_archives", "1") != ARCHIVE_OK ||
		archive_read_support_filter_gzip(a) < ARCHIVE_WARN ||
		archive_read_support_filter_bzip2(a) < ARCHIVE_WARN ||
		archive_read_support_filter_xz(a) < ARCHIVE_WARN ||
		archive_read_support_filter_zstd(a) < ARCHIVE_WARN ||
		archive_read_open_fd(a, s->fd, READ_BYTES) != ARCHIVE_OK)
		return fail(s, err);
	return 0;
}

struct samples *samples_open(const char *path, uint64_t limit,
	bool (*wanted)(void *ctx, const char *extension), void *ctx,
	struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct samples *s;

	if (fd < 0) {
		err_errno(err, "cannot open '%s'", path);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	*s = (struct samples){
		.name = xstrdup(is_stdin ? "standard input" : path),
		.fd = fd,
		.limit = limit,
		.wanted = wanted,
		.ctx = ctx,
		.archive = archive_read_new(),
		.entry = archive_entry_new()};
	if (!s->archive || !s->entry)
		err_set(err, "out of memory for '%s'", path);
	else if (!open_archive(s, err))
		return s;
	samples_close(s);
	return NULL;
}

static void release_member(struct sample_member *m)
{
	free((char *)m->extension.s);
	buf_release(&m->data);
}

void samples_close(struct samples *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->sample.n; i++)
		release_member(&s->sample.items[i]);
	free(s->sample.items);
	free(s->sample_name);
	archive_entry_free(s->entry);
	if (s->archive)
		archive_read_free(s->archive);
	if (s->fd != STDIN_FILENO)
		close(s->fd);
	free(s->name);
	free(s);
}

/* Where the extension's dot stands in a member's path; false: nowhere. */
static bool find_dot(const char *path, size_t *at)
{
	const char *slash = strrchr(path, '/');
	const char *own = slash ? slash + 1 : path;
	const char *dot = strchr(own, '.');

	if (!dot || dot == own || !dot[1])
		return false;
	*at = (size_t)(dot - path);
	return true;
}

/*
 * A tar ends with two blocks of zeros. libarchive takes the end of the file
 * for one as well; the file may have been cut there.
 */
static int check_end(struct samples *s, uint64_t before, struct err *err)
{
	uint64_t used = (uint64_t)archive_filter_bytes(s->archive, 0) - before;

	if (used >= TAR_BLOCK)
		return 0;
	return err_set(err, "%s: the tar is cut: its end mark is missing",
		s->name);
}

/* Packers keep a file that has two names once, and a link for the other. */
static bool is_link(struct archive_entry *e)
{
	return archive_entry_hardlink(e) ||
	       archive_entry_filetype(e) == AE_IFLNK;
}

/* The next member that is wanted: 1, 0 at the end, -1. */
static int next_member(struct samples *s, struct err *err)
{
	for (;;) {
		const char *path;
		uint64_t before;
		size_t dot;
		int rc;

		/* to the end of its last block, so that what follows counts */
		if (s->within &&
			archive_read_data_skip(s->archive) < ARCHIVE_WARN)
			return fail(s, err);
		s->within = false;
		before = (uint64_t)archive_filter_bytes(s->archive, 0);
		rc = archive_read_next_header2(s->archive, s->entry);
		if (rc == ARCHIVE_EOF)
			return check_end(s, before, err);
		if (rc < ARCHIVE_WARN)
			return fail(s, err);
		s->within = true;
		path = archive_entry_pathname(s->entry);
		if (!path)
			return err_set(err, "%s: a member without a name",
				s->name);
		if (archive_entry_filetype(s->entry) != AE_IFREG &&
			!is_link(s->entry))
			continue;
		if (find_dot(path, &dot) && s->wanted(s->ctx, path + dot + 1))
			return 1;
	}
}

/* The data of the entry into a new member of the sample. */
static int take_member(struct samples *s, const char *extension,
	struct err *err)
{
	uint64_t size = (uint64_t)MAX(archive_entry_size(s->entry), 0);
	struct sample_member *m;
	char *name = xstrdup(extension);

	for (char *c = name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	xgrow(&s->sample.items, &s->cap, s->sample.n + 1, sizeof(*m));
	m = &s->sample.items[s->sample.n++];
	*m = (struct sample_member){str_from(name), BUF_INIT, false,
		is_link(s->entry)};
	if (m->link)
		size = 0;
	/* its head counts too: no number of empty ones may fill the memory */
	if (s->size >= s->limit || size >= s->limit - s->size) {
		m->too_large = true;
		return 0;
	}
	s->size += size + TAR_BLOCK;
	buf_reserve(&m->data, size);
	while (m->data.len < size) {
		la_ssize_t n = archive_read_data(s->archive,
			m->data.data + m->data.len, size - m->data.len);

		if (n < 0)
			return fail(s, err);
		if (!n)
			return err_set(err, "%s: member '%s' ends early",
				s->name, archive_entry_pathname(s->entry));
		m->data.len += (size_t)n;
	}
	return 0;
}

static void reset_sample(struct samples *s)
{
	for (size_t i = 0; i < s->sample.n; i++)
		release_member(&s->sample.items[i]);
	s->sample.n = 0;
	s->size = 0;
	free(s->sample_name);
	s->sample_name = NULL;
}

int samples_next(struct samples *s, const struct sample **out, struct err *err)
{
	int rc = 1;

	reset_sample(s);
	*out = &s->sample;
	while (!s->ended) {
		const char *path;
		size_t dot;

		if (!s->waiting)
			rc = next_member(s, err);
		if (rc < 0)
			return -1;
		if (!rc) {
			s->ended = true;
			break;
		}
		s->waiting = false;
		path = archive_entry_pathname(s->entry);
		(void)find_dot(path, &dot);
		if (!s->sample.n) {
			s->sample_name = xmemdup0(path, dot);
			s->sample.name = (struct str){s->sample_name, dot};
		} else if (!str_eq(s->sample.name, (struct str){path, dot})) {
			s->waiting = true;
			break;
		}
		if (take_member(s, path + dot + 1, err))
			return -1;
	}
	return s->sample.n > 0;
}

const char *samples_name(const struct samples *s)
{
	return s->name;
}
