#include "base/base.h"
#include "raster/access.h"

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "net/allow.h"
#include "net/url.h"
#include "raster/open.h"
#include "raster/service.h"
#include "raster/vrt.h"
#include "raster/vsi.h"
#include "raster/vsi_local.h"

/* One for the process, as what it rules is: written once, by raster_rule(). */
static struct {
	bool laid;
	struct remotes *remotes;
	char **allowed;
	size_t nallowed;
	bool gdal_http;
} rules;

int raster_rule(const struct raster_rules *r, struct err *err)
{
	static const char *const plain[] = {"VRT", NULL};
	static const char *const http[] = {"VRT", "WMS", "WMTS", "EEDAI", NULL};

	vsi_prepare();
	if (rules.laid || gdal_start_with(r->gdal_http ? http : plain))
		return err_set(err, "the rules for images come too late");
	if (vsi_install(r->remotes, err))
		return -1;
	/* else some of a file's pixels are not pixels of the file, see
	 * raster_find_stretch() */
	CPLSetConfigOption("GTIFF_IMPLICIT_JPEG_OVR", "NO");
	if (r->cache_bytes)
		GDALSetCacheMax64((GIntBig)MIN(r->cache_bytes, INT64_MAX));
	rules.allowed = xcalloc(r->nallowed + 1, sizeof(*rules.allowed));
	for (size_t i = 0; i < r->nallowed; i++)
		rules.allowed[i] = xstrdup(r->allowed[i]);
	rules.nallowed = r->nallowed;
	rules.remotes = r->remotes;
	rules.gdal_http = r->gdal_http != NULL;
	if (r->gdal_http)
		service_limit(r->gdal_http);
	rules.laid = true;
	return 0;
}

enum kind {
	LOCAL, /* a path */
	URL,
	SERVICE, /* for GDAL's own HTTP */
};

struct source {
	enum kind kind;
	struct buf name; /* path, URL, or what the service is called */
};

static int may_open(const char *name, struct err *err)
{
	return allow_name(name, (const char *const *)rules.allowed,
		rules.nallowed, err);
}

/* What GDAL's drivers of services take for theirs. */
static bool is_service(const char *name)
{
	static const char *const begins[] = {
		"EEDAI:", "WMS:", "WMTS:", "<GDAL_WMS", "<GDAL_WMTS"};

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncasecmp(name, begins[i], strlen(begins[i])))
			return true;
	return false;
}

static int check_service(const char *name, struct err *err)
{
	bool may = !rules.nallowed;

	if (!rules.gdal_http)
		return err_set(err,
			"'%.60s' is read by GDAL's own HTTP, which is not "
			"allowed (--allow-gdal-http)",
			name);
	for (size_t i = 0; i < rules.nallowed; i++)
		may = may || !strncmp(name, rules.allowed[i],
				     strlen(rules.allowed[i]));
	return may ? 0 : err_set(err, "'%.60s' is not allowed", name);
}

static int check_url(const char *url, struct err *err)
{
	struct buf shown = BUF_INIT;
	int rc = 0;

	url_show(url, &shown);
	/* text that drivers look for anywhere in a name */
	if (strpbrk(url, "<>\" "))
		rc = err_set(err, "'%s' is no URL", buf_str(&shown));
	else if (!rules.remotes)
		rc = err_set(err, "'%s': there is no network here",
			buf_str(&shown));
	buf_release(&shown);
	return rc ? rc : may_open(url, err);
}

/* What GDAL might take for more than a path. */
static int refuse_name(const char *name, struct err *err)
{
	if (name[0] == '<')
		return err_set(err,
			"'%.40s' is a description, not the name of an image",
			name);
	if (strstr(name, "://") || !strncmp(name, "/vsi", 4))
		return err_set(err,
			"'%s' is neither a local file nor a http, https, s3 or "
			"gs URL",
			name);
	return 0;
}

static int check_path(const char *path, struct err *err)
{
	struct stat st;

	if (may_open(path, err))
		return -1;
	if (stat(path, &st) < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, "'%s' is no file", path);
	/* those of the kernel may be waited at */
	return st.st_size ? 0 : err_set(err, "'%s' is empty", path);
}

/* Fills s; its buf is to be released after either. */
static int find(struct str uri, const char *root, struct source *s,
	struct err *err)
{
	char *name = xmemdup0(uri.s, uri.len);
	int rc;

	*s = (struct source){LOCAL, BUF_INIT};
	if (!uri.len || strlen(name) != uri.len) {
		rc = err_set(err, "an image without a name, or with a NUL byte "
				  "in it");
	} else if (is_service(name)) {
		s->kind = SERVICE;
		buf_adds(&s->name, name);
		rc = check_service(name, err);
	} else if (vsi_url(name, &s->name)) {
		s->kind = URL;
		rc = check_url(buf_str(&s->name), err);
	} else {
		if (root && name[0] != '/')
			buf_addf(&s->name, "%s/", root);
		buf_adds(&s->name, name);
		rc = refuse_name(name, err);
		if (!rc)
			rc = check_path(buf_str(&s->name), err);
	}
	free(name);
	return rc;
}

int raster_source_name(struct str uri, const char *root, struct buf *out,
	bool *remote, struct err *err)
{
	struct source s;
	int rc = find(uri, root, &s, err);

	*remote = s.kind != LOCAL;
	if (!rc)
		buf_add(out, s.name.data, s.name.len);
	buf_release(&s.name);
	return rc;
}

/* Appends up to `limit` bytes of its beginning; *size is that of all. */
static int load_remote(const char *url, uint64_t limit, struct buf *out,
	uint64_t *size, struct err *err)
{
	struct remote *f = remote_open(rules.remotes, url, err);
	size_t len;
	long n;

	if (!f)
		return -1;
	*size = remote_size(f);
	len = (size_t)MIN(*size, limit);
	n = remote_read(f, buf_extend(out, len), len, 0, err);
	remote_close(f);
	out->len -= len - (size_t)MAX(n, 0);
	return n < 0 ? -1 : 0;
}

static int load_local(const char *path, uint64_t limit, struct buf *out,
	uint64_t *size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	size_t len;
	long n = -1;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		err_errno(err, "cannot open '%s'", path);
	} else {
		*size = (uint64_t)st.st_size;
		len = (size_t)MIN(*size, limit);
		n = read_at(fd, buf_extend(out, len), len, 0, err);
		out->len -= len - (size_t)MAX(n, 0);
	}
	if (fd >= 0)
		close(fd);
	return n < 0 ? -1 : 0;
}

static int load(const struct source *s, const char *name, uint64_t limit,
	struct buf *out, uint64_t *size, struct err *err)
{
	buf_reset(out);
	return s->kind == URL ? load_remote(name, limit, out, size, err)
			      : load_local(name, limit, out, size, err);
}

/* GDAL's name for a source that is an image. */
static void plain_name(struct source *s, struct buf *out)
{
	const char *name = buf_str(&s->name);

	if (s->kind == URL) {
		vsi_name(name, out);
		return;
	}
	/* so that it can be taken for nothing but a file */
	if (s->kind == LOCAL && name[0] != '/')
		buf_adds(out, "./");
	buf_adds(out, name);
}

/* The same of a VRT: its text. */
static int vrt_text(struct source *s, struct vrt_walk *w, struct buf *out,
	struct err *err)
{
	const char *name = buf_str(&s->name);
	struct buf text = BUF_INIT;
	uint64_t size = 0;
	int rc = load(s, name, VRT_MAX_BYTES, &text, &size, err);

	if (!rc && (size > VRT_MAX_BYTES || strlen(buf_str(&text)) != text.len))
		rc = err_set(err, "'%s' is no VRT, or too large for one", name);
	if (!rc)
		rc = vrt_rewrite(buf_str(&text), name, s->kind == URL, w, out,
			err);
	buf_release(&text);
	return rc;
}

static int sniff(struct source *s, bool *vrt, struct err *err)
{
	struct buf head = BUF_INIT;
	uint64_t size;
	int rc = load(s, buf_str(&s->name), VRT_HEAD, &head, &size, err);

	*vrt = !rc && is_vrt(head.data, head.len);
	buf_release(&head);
	return rc;
}

/* Whether a URL's path ends in .vrt: others are not asked for beforehand, and
 * not opened when they turn out to be one. */
static bool is_vrt_url(const char *url)
{
	size_t n = strcspn(url, "?#");

	return n > 4 && !strncasecmp(url + n - 4, ".vrt", 4);
}

/* A name in a VRT, by that VRT's place. */
static void from_folder(const char *name, bool relative, const char *own,
	struct buf *out)
{
	const char *slash = strrchr(own, '/');

	if (relative && name[0] != '/' && slash)
		buf_add(out, own, (size_t)(slash - own) + 1);
	buf_adds(out, name);
}

static int find_in_vrt(const char *name, bool relative, const char *own,
	bool remote, struct source *s, struct err *err)
{
	struct buf full = BUF_INIT;
	int rc;

	from_folder(name, relative, own, &full);
	rc = find((struct str){buf_str(&full), full.len}, NULL, s, err);
	if (!rc && (s->kind == SERVICE || (remote && s->kind != URL)))
		rc = err_set(err, "'%.200s' may not be the source of a %sVRT",
			name, remote ? "remote " : "");
	buf_release(&full);
	return rc;
}

int source_in_vrt(const char *name, bool relative, const char *own, bool remote,
	struct vrt_walk *w, struct buf *out, struct err *err)
{
	struct source s = {LOCAL, BUF_INIT};
	bool vrt = false;
	int rc;

	if (remote && relative)
		return err_set(err,
			"'%.200s' is named relative to a remote VRT", name);
	rc = find_in_vrt(name, relative, own, remote, &s, err);
	if (!rc && s.kind == URL)
		vrt = is_vrt_url(buf_str(&s.name));
	else if (!rc)
		rc = sniff(&s, &vrt, err);
	if (!rc && vrt) {
		rc = vrt_text(&s, w, out, err);
	} else if (!rc) {
		plain_name(&s, out);
		*(s.kind == URL ? &w->remote : &w->local) = true;
	}
	buf_release(&s.name);
	return rc;
}

/* By which drivers; all there are: GDAL is shown no VRT but as text, and those
 * of services are the user's will. */
static const char *const *formats_of(const struct source *s, bool vrt)
{
	static const char *const vrts[] = {"VRT", NULL};
	static const char *const services[] = {"WMS", "WMTS", "EEDAI", NULL};

	if (vrt)
		return vrts;
	return s->kind == SERVICE ? services
	       : s->kind == URL   ? gdal_formats
				  : NULL;
}

/* The text instead of the name of a VRT. */
static struct raster *open_image(struct source *s, struct err *err)
{
	struct vrt_walk w = {.depth = 0};
	struct buf name = BUF_INIT, shown = BUF_INIT;
	struct raster *r = NULL;
	struct gdal_log log;
	bool vrt = false;

	if (s->kind == URL)
		url_show(buf_str(&s->name), &shown);
	else
		buf_add(&shown, s->name.data, s->name.len);
	if (s->kind != SERVICE && sniff(s, &vrt, err))
		goto out;
	if (!vrt)
		plain_name(s, &name);
	else if (vrt_text(s, &w, &name, err))
		goto out;
	if (w.local && w.remote) {
		err_set(err, "'%s' names both local files and remote ones",
			buf_str(&shown));
		goto out;
	}
	r = raster_open_as(buf_str(&shown), buf_str(&name), formats_of(s, vrt),
		s->kind == URL || w.remote, &log, err);
out:
	buf_release(&shown);
	buf_release(&name);
	return r;
}

struct raster *raster_open_source(const struct str *uris, size_t n,
	const char *root, struct err *err)
{
	struct raster *r = NULL, *next;

	for (size_t i = 0; i < n; i++) {
		struct source s;

		next = find(uris[i], root, &s, err) ? NULL
						    : open_image(&s, err);
		buf_release(&s.name);
		if (!next || (n > 1 && raster_add_part(&r, next, err))) {
			raster_free(r);
			return NULL;
		}
		if (n == 1)
			r = next;
	}
	if (!r)
		err_set(err, "no image is named");
	return r;
}
