#include "base/base.h"
#include "osm/priv.h"
#include "base/hash.h"
#include "base/io.h"
#include "codec/zread.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct osm_file {
	int fd; /* of the blocks */
	char *name;
	char *blocks_name; /* of XML: what its blocks lie in */
	bool is_stdin;
	bool sorted;
	bool hashed; /* all of it has been read: */
	uint64_t bytes;
	uint8_t sha256[SHA256_BYTES];
	struct frame frame;
};

uint64_t osm_file_size(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return UINT64_MAX;
	return (uint64_t)st.st_size;
}

static void set_fd(struct osm_file *f, int fd)
{
	if (f->fd >= 0 && !f->is_stdin)
		close(f->fd);
	f->is_stdin = false;
	f->fd = fd;
}

/* A pipe can be read once: its content goes to a file that can be read again */
static int spool(struct osm_file *f, struct err *err)
{
	enum { CHUNK = 1 << 18 };
	int to = temp_file(err);
	char *chunk;
	long n;

	if (to < 0)
		return -1;
	chunk = xmalloc(CHUNK);
	do {
		n = read_some(f->fd, chunk, CHUNK, err);
		if (n > 0 && write_all(to, chunk, (size_t)n, err))
			n = err_prefix(err, "temporary file");
	} while (n > 0);
	free(chunk);
	set_fd(f, to);
	return (int)n;
}

enum format { FORMAT_PBF, FORMAT_XML, FORMAT_GZIP, FORMAT_BZIP2 };

/*
 * By the first bytes: PBF begins with a small big-endian length. What is packed
 * is XML.
 */
static int tell_format(const struct osm_file *f, enum format *format,
	struct err *err)
{
	enum zread_kind kind;
	uint8_t b[8] = {0};
	uint8_t first;
	long got = read_at(f->fd, b, sizeof(b), 0, err);

	if (got < 0)
		return err_prefix(err, "'%s'", f->name);
	if (!got)
		return err_set(err, "%s: the file is empty", f->name);
	if (zread_tell(b, (size_t)got, &kind)) {
		*format = kind == ZREAD_GZIP ? FORMAT_GZIP : FORMAT_BZIP2;
		return 0;
	}
	first = memcmp(b, "\xef\xbb\xbf", 3) ? b[0] : b[3];
	if (first && strchr("< \t\r\n", first))
		*format = FORMAT_XML;
	else if (b[0] == 0)
		*format = FORMAT_PBF;
	else
		return err_set(err, "%s: the file is neither PBF nor OSM XML",
			f->name);
	return 0;
}

/* The bytes of a file, from its start, hashed on the way. */
struct source {
	int fd;
	uint64_t bytes;
	struct sha256 *sha;
	struct zread *z; /* NULL: not packed */
};

/* As they stand in the file. */
static long read_file(void *ctx, void *p, size_t len, struct err *err)
{
	struct source *s = ctx;
	long n = read_some(s->fd, p, len, err);

	if (n > 0) {
		s->bytes += (uint64_t)n;
		sha256_add(s->sha, p, (size_t)n);
	}
	return n;
}

static long read_source(void *ctx, void *p, size_t len, struct err *err)
{
	struct source *s = ctx;

	return s->z ? zread(s->z, p, len, err) : read_file(s, p, len, err);
}

/*
 * XML as blocks. What stands before damage becomes blocks too, and the damage
 * the frame's.
 */
static int convert(struct osm_file *f, enum format format, struct err *damage,
	bool *damaged, struct err *err)
{
	struct source s = {.fd = f->fd, .sha = sha256_new()};
	struct encoder *e = NULL;
	struct buf name = BUF_INIT;
	int rc = -1, to = temp_file(err);

	if (to < 0)
		goto out;
	if (lseek(f->fd, 0, SEEK_SET) < 0) {
		err_errno(err, "cannot go back to the start of '%s'", f->name);
		goto out;
	}
	if (format != FORMAT_XML)
		s.z = zread_new(format == FORMAT_GZIP ? ZREAD_GZIP
						      : ZREAD_BZIP2,
			read_file, &s);
	e = encoder_new(to);
	if (encoder_begin(e, err))
		goto out;
	buf_addf(&name, "temporary file of '%s'", f->name);
	f->blocks_name = buf_detach(&name);
	*damaged = xml_read(read_source, &s, e, damage) != 0;
	rc = encoder_end(e, err);
	f->bytes = s.bytes;
	f->hashed = true;
	sha256_value(s.sha, f->sha256);
out:
	encoder_free(e);
	zread_free(s.z);
	sha256_free(s.sha);
	if (to >= 0)
		set_fd(f, to);
	return rc;
}

static bool is_sorted(const struct frame *frame)
{
	unsigned highest = 0;

	for (size_t i = 0; i < frame->n; i++) {
		unsigned kinds = frame->blobs[i].kinds;

		if (!kinds)
			continue;
		if (kinds < highest || (kinds & (kinds - 1)))
			return false;
		highest = kinds;
	}
	return true;
}

static int open_blocks(struct osm_file *f, const struct osm_reading *how,
	struct err *err)
{
	enum format format = FORMAT_PBF;
	struct err damage;
	bool damaged = false;

	if (tell_format(f, &format, err) ||
		(format != FORMAT_PBF &&
			convert(f, format, &damage, &damaged, err)) ||
		frame_read(&f->frame, f->blocks_name ? f->blocks_name : f->name,
			f->fd, how, err))
		return -1;
	if (damaged) {
		f->frame.broken = true;
		f->frame.damage = damage;
		err_prefix(&f->frame.damage, "%s", f->name);
	}
	f->sorted = is_sorted(&f->frame);
	return 0;
}

struct osm_file *osm_file_open(const char *path, const struct osm_reading *how,
	struct err *err)
{
	struct osm_file *f = xcalloc(1, sizeof(*f));

	f->is_stdin = !strcmp(path, "-");
	f->name = xstrdup(f->is_stdin ? "standard input" : path);
	f->fd = f->is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0) {
		err_errno(err, "cannot open '%s'", path);
		goto fail;
	}
	/* standard input may stand anywhere in a file: only pipes are told
	 * apart for other files */
	if ((f->is_stdin || lseek(f->fd, 0, SEEK_SET) < 0) && spool(f, err)) {
		err_prefix(err, "%s", f->name);
		goto fail;
	}
	if (!open_blocks(f, how, err))
		return f;
fail:
	osm_file_close(f);
	return NULL;
}

void osm_file_close(struct osm_file *f)
{
	if (!f)
		return;
	frame_release(&f->frame);
	set_fd(f, -1);
	free(f->name);
	free(f->blocks_name);
	free(f);
}

const char *osm_file_name(const struct osm_file *f)
{
	return f->name;
}

bool osm_file_sorted(const struct osm_file *f)
{
	return f->sorted;
}

uint64_t osm_file_stored(const struct osm_file *f)
{
	return f->frame.bytes;
}

bool osm_file_has_places(const struct osm_file *f)
{
	return f->frame.places;
}

bool osm_file_has_history(const struct osm_file *f)
{
	return f->frame.history;
}

int osm_file_timestamp(const char *path, int64_t *out, struct err *err)
{
	struct osm_file f = {.name = (char *)(uintptr_t)path};
	enum format format = FORMAT_XML;
	int rc;

	*out = 0;
	if (osm_file_size(path) == UINT64_MAX)
		return 0;
	f.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (f.fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	rc = tell_format(&f, &format, err);
	if (!rc && format == FORMAT_PBF)
		rc = frame_read_first(&f.frame, path, f.fd, err);
	if (!rc)
		*out = f.frame.timestamp;
	frame_release(&f.frame);
	close(f.fd);
	return rc;
}

int osm_file_pass(struct osm_file *f, const struct osm_pass *pass, bool whole,
	struct err *err)
{
	struct sha256 *sha = whole && !f->hashed ? sha256_new() : NULL;
	int rc = frame_pass(&f->frame, pass, whole, sha, err);

	if (!rc && sha) {
		f->hashed = true;
		f->bytes = f->frame.bytes;
		sha256_value(sha, f->sha256);
	}
	sha256_free(sha);
	return rc;
}

uint64_t osm_file_bytes(const struct osm_file *f)
{
	return f->bytes;
}

const uint8_t *osm_file_sha256(const struct osm_file *f)
{
	return f->sha256;
}
