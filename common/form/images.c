/*
 * Image files as records. A file's bytes are read straight into the packed
 * record, so that it is in memory once.
 */
#include "base/base.h"
#include "form/make.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/log.h"
#include "form/labels.h"
#include "form/walk.h"
#include "img/img.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_KEY = 100, MAX_PATH = 1 << 16 };

int make_images_begin(struct make_images *m, struct err *err)
{
	m->table = NULL;
	m->keys = (struct map)MAP_INIT;
	m->unlabelled = m->no_images = 0;
	if (!m->labels)
		return 0;
	m->table = labels_load(m->labels, err);
	return m->table ? 0 : -1;
}

void make_images_tell(const struct make_images *m)
{
	size_t unused = m->table ? labels_unused(m->table) : 0;

	if (m->unlabelled)
		log_warn("%" PRIu64 " images have no row in '%s'",
			m->unlabelled, m->labels);
	if (unused)
		log_warn("%zu rows of '%s' are of no image", unused, m->labels);
	if (m->no_images)
		log_warn("%" PRIu64 " files were passed over: their names do "
			 "not end as those of images do",
			m->no_images);
}

void make_images_release(struct make_images *m)
{
	labels_free(m->table);
	map_release(&m->keys);
}

/* One image and where it comes from. */
struct image_file {
	const char *path;
	struct str name; /* the path inside the folder that was named */
	char key[MAX_KEY + 1];
};

/* Where the last dot of the file's own name stands, or the name's end. */
static size_t stem_len(struct str name)
{
	for (size_t i = name.len; i-- > 0 && name.s[i] != '/';)
		if (name.s[i] == '.' && i > 0 && name.s[i - 1] != '/')
			return i;
	return name.len;
}

static bool is_image_name(const char *path)
{
	static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp",
		".tif", ".tiff"};
	const char *end = path + stem_len(str_from(path));

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (!strcasecmp(end, ends[i]))
			return true;
	return false;
}

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Sets the key, which is then taken. */
static int set_key(struct image_file *i, struct map *taken, struct err *err)
{
	size_t n = stem_len(i->name), before = taken->len;

	if (!n || n > MAX_KEY)
		return err_set(err, "its key would have %zu bytes, not 1 to %d",
			n, MAX_KEY);
	for (size_t k = 0; k < n; k++)
		i->key[k] = is_key_byte(i->name.s[k]) ? i->name.s[k] : '-';
	i->key[n] = '\0';
	map_put(taken, str_from(i->key));
	if (taken->len == before)
		return err_set(err, "another image has the key '%s'", i->key);
	return 0;
}

/* The name of the folder that the file stands in, to be freed. */
static char *folder_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder, *name;

	if (!slash)
		return own_name(".");
	folder = xmemdup0(path, (size_t)(slash - path) + (slash == path));
	name = own_name(folder);
	free(folder);
	return name;
}

/* The row by path, own name or key. */
static void find_labels(struct make_images *m, const struct image_file *i,
	struct str *fields, size_t *pairs)
{
	const char *slash = memrchr(i->name.s, '/', i->name.len);
	struct str own = i->name;

	if (slash) {
		own.len -= (size_t)(slash + 1 - own.s);
		own.s = slash + 1;
	}
	if (!labels_find(m->table, i->name, fields, pairs) &&
		!labels_find(m->table, own, fields, pairs) &&
		!labels_find(m->table, str_from(i->key), fields, pairs))
		m->unlabelled++;
}

/* Appends len bytes from a file that has as many. */
static int read_bytes(int fd, size_t len, struct buf *b, struct err *err)
{
	buf_reserve(b, len);
	while (len) {
		long n = read_some(fd, b->data + b->len, len, err);

		if (n < 0)
			return -1;
		if (!n)
			return err_set(err, "it became shorter meanwhile");
		b->len += (size_t)n;
		len -= (size_t)n;
	}
	return 0;
}

/* The fields of the image itself. */
static int pack_image(int fd, uint64_t max, struct buf *b, struct err *err)
{
	struct image_header h;
	struct stat st;
	size_t len, start;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot read");
	if (!S_ISREG(st.st_mode))
		return err_set(err, "it is no regular file");
	if ((uint64_t)st.st_size > max)
		return err_set(err, "it is larger than a record may be");
	len = (size_t)st.st_size;
	pack_cstr(b, "chip");
	pack_bin_head(b, len);
	start = b->len;
	if (read_bytes(fd, len, b, err) ||
		image_read_header(b->data + start, len, &h, err))
		return -1;
	if (!h.width || !h.height)
		return err_set(err, "the header of the %s is damaged",
			h.format);
	pack_cstr(b, "chip_fmt");
	pack_cstr(b, h.format);
	pack_cstr(b, "px");
	pack_array(b, 2);
	pack_u64(b, h.width);
	pack_u64(b, h.height);
	return 0;
}

static int make_record(struct make_images *m, const struct image_file *i,
	int fd, struct buf *b, struct err *err)
{
	bool label = m->folder_label &&
		     !(m->table && labels_have(m->table, "label"));
	struct str fields = {NULL, 0};
	size_t pairs = 0;
	char *folder;

	if (m->table)
		find_labels(m, i, &fields, &pairs);
	pack_map(b, 4 + (size_t)label + pairs);
	pack_cstr(b, "key");
	pack_cstr(b, i->key);
	if (pack_image(fd, m->max_record, b, err))
		return -1;
	if (label) {
		folder = folder_name(i->path);
		pack_cstr(b, "label");
		pack_cstr(b, folder);
		free(folder);
	}
	buf_add(b, fields.s, fields.len);
	if (b->len > m->max_record)
		return err_set(err, "the record is larger than one may be");
	return 0;
}

/* name: what the key is made of; part of the path. */
static int put_image(struct filter *f, const char *path, const char *name,
	struct make_images *m, struct err *err)
{
	struct image_file i = {.path = path, .name = str_from(name)};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;
	const char *reason = "bad key";
	struct buf b = BUF_INIT;
	char detail[1200];
	struct err why;

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	rc = set_key(&i, &m->keys, &why);
	if (!rc) {
		reason = "bad image";
		rc = make_record(m, &i, fd, &b, &why);
	}
	close(fd);
	if (!rc) {
		rc = filter_put(f, &b, err);
	} else {
		buf_reset(&b);
		snprintf(detail, sizeof(detail), "%s: %s", path, why.msg);
		rc = filter_put_reject(f, &b, FAULT, reason, detail, err);
	}
	buf_release(&b);
	return rc;
}

/* A folder being walked. */
struct folder {
	struct filter *f;
	struct make_images *m;
	size_t prefix; /* bytes of the path that are the folder's */
};

static int take_file(void *ctx, const char *path, struct err *err)
{
	struct folder *folder = ctx;

	if (!is_image_name(path)) {
		folder->m->no_images++;
		return 0;
	}
	return put_image(folder->f, path, path + folder->prefix, folder->m,
		err);
}

int make_from_images(struct filter *f, const char *path, struct make_images *m,
	struct err *err)
{
	struct folder folder = {f, m, strlen(path)};
	const char *name = path;
	struct stat st;

	if (!strcmp(path, "-"))
		return err_set(err, "an image is not read from standard input: "
				    "give names, or --files-from -");
	if (stat(path, &st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		folder.prefix += path[folder.prefix - 1] != '/';
		return walk_files(path, take_file, &folder, err);
	}
	while (*name == '/' || (name[0] == '.' && name[1] == '/'))
		name++;
	return put_image(f, path, name, m, err);
}

int make_from_image_list(struct filter *f, const char *path,
	struct make_images *m, struct err *err)
{
	struct lines *lines = lines_open(path, MAX_PATH, err);
	struct str line;
	int rc;

	if (!lines)
		return -1;
	while ((rc = lines_next(lines, &line, err)) > 0) {
		char *name;

		line.len -= line.len && line.s[line.len - 1] == '\r';
		if (!line.len)
			continue;
		name = xmemdup0(line.s, line.len);
		rc = make_from_images(f, name, m, err);
		free(name);
		if (rc) {
			err_prefix(err, "%s: line %" PRIu64, lines_name(lines),
				lines_number(lines));
			break;
		}
	}
	lines_close(lines);
	return rc;
}
