#include "base/base.h"
#include "osm/priv.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/map.h"
#include "codec/zread.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct osm_file {
	int fd;
	char *name;
	bool is_stdin;
	bool hashed; /* a pass has gone to the end */
	uint64_t bytes;
	uint8_t sha256[SHA256_BYTES];
};

/* As they stand in the file. */
static long read_packed(void *ctx, void *p, size_t len, struct err *err)
{
	struct source *s = ctx;
	long n = read_some(s->fd, p, len, err);

	if (n > 0) {
		s->offset += (uint64_t)n;
		if (s->sha)
			sha256_add(s->sha, p, (size_t)n);
	}
	return n;
}

long source_read(struct source *s, void *p, size_t len, struct err *err)
{
	return s->z ? zread(s->z, p, len, err) : read_packed(s, p, len, err);
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
			n = -1;
	} while (n > 0);
	free(chunk);
	if (!f->is_stdin)
		close(f->fd);
	f->is_stdin = false;
	f->fd = to;
	return (int)n;
}

uint64_t osm_file_size(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return UINT64_MAX;
	return (uint64_t)st.st_size;
}

struct osm_file *osm_file_open(const char *path, struct err *err)
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
	if (f->is_stdin || lseek(f->fd, 0, SEEK_SET) < 0) {
		if (spool(f, err)) {
			err_prefix(err, "%s", f->name);
			goto fail;
		}
	}
	return f;
fail:
	osm_file_close(f);
	return NULL;
}

void osm_file_close(struct osm_file *f)
{
	if (!f)
		return;
	if (f->fd >= 0 && !f->is_stdin)
		close(f->fd);
	free(f->name);
	free(f);
}

const char *osm_file_name(const struct osm_file *f)
{
	return f->name;
}

/* Where many tags are compared with each other, a map is faster. */
enum { FEW_TAGS = 32 };

static bool key_among(const struct pair *tags, size_t n, struct str key)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(tags[i].key, key))
			return true;
	return false;
}

static void drop_repeated_keys(struct osm_object *o)
{
	struct map seen = MAP_INIT;
	size_t kept = 0;

	for (size_t i = 0; i < o->ntags; i++) {
		bool again;

		if (o->ntags <= FEW_TAGS)
			again = key_among(o->tags, kept, o->tags[i].key);
		else
			again = (*map_put(&seen, o->tags[i].key))++ > 0;
		if (!again)
			o->tags[kept++] = o->tags[i];
	}
	o->ntags = kept;
	map_release(&seen);
}

int pass_object(const struct pass *p, struct osm_object *o, struct err *err)
{
	if (!(p->kinds & o->kind))
		return 0;
	drop_repeated_keys(o);
	if (!p->fn(p->ctx, o, err))
		return 0;
	p->source->stopped = true;
	return -1;
}

enum format { FORMAT_PBF, FORMAT_XML };

/*
 * By the first bytes: PBF begins with a small big-endian length. What is
 * packed is XML.
 */
static int tell_format(const struct osm_file *f, enum format *format,
	struct source *source, struct err *err)
{
	enum zread_kind kind;
	uint8_t b[8] = {0};
	size_t got = 0;
	uint8_t first;
	ssize_t n;

	do {
		n = pread(f->fd, b + got, sizeof(b) - got, (off_t)got);
		if (n < 0 && errno != EINTR)
			return err_errno(err, "cannot read");
		got += n > 0 ? (size_t)n : 0;
	} while (n && got < sizeof(b));
	if (!got)
		return err_set(err, "the file is empty");
	if (zread_tell(b, got, &kind)) {
		source->z = zread_new(kind, read_packed, source);
		*format = FORMAT_XML;
		return 0;
	}
	first = memcmp(b, "\xef\xbb\xbf", 3) ? b[0] : b[3];
	if (first && strchr("< \t\r\n", first))
		*format = FORMAT_XML;
	else if (b[0] == 0)
		*format = FORMAT_PBF;
	else
		return err_set(err, "the file is neither PBF nor OSM XML");
	return 0;
}

int osm_file_pass(struct osm_file *f, unsigned kinds, osm_fn *fn, void *ctx,
	struct err *err)
{
	struct source source = {.fd = f->fd};
	struct pass pass = {&source, kinds, fn, ctx};
	enum format format = FORMAT_PBF;
	int rc = -1;

	if (lseek(f->fd, 0, SEEK_SET) < 0) {
		err_errno(err, "cannot go back to the start");
		goto out;
	}
	if (tell_format(f, &format, &source, err))
		goto out;
	if (!f->hashed)
		source.sha = sha256_new();
	rc = format == FORMAT_PBF ? pbf_pass(&pass, err) : xml_pass(&pass, err);
	if (!rc && source.sha) {
		f->hashed = true;
		f->bytes = source.offset;
		sha256_value(source.sha, f->sha256);
	}
	sha256_free(source.sha);
	zread_free(source.z);
out:
	return rc && !source.stopped ? err_prefix(err, "%s", f->name) : rc;
}

uint64_t osm_file_bytes(const struct osm_file *f)
{
	return f->bytes;
}

const uint8_t *osm_file_sha256(const struct osm_file *f)
{
	return f->sha256;
}
