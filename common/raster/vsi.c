#include "base/base.h"
#include "raster/vsi.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "net/s3.h"
#include "net/url.h"
#include "raster/gdal.h"
#include "raster/vsi_local.h"

/* GDAL's names for what is on the network; the scheme comes in place of it. */
static const struct {
	const char *prefix, *scheme;
} networks[] = {{"/vsicurl/", ""}, {"/vsis3/", "s3://"}, {"/vsigs/", "gs://"}};

void vsi_name(const char *url, struct buf *out)
{
	for (size_t i = 1; i < ARRAY_SIZE(networks); i++) {
		size_t n = strlen(networks[i].scheme);

		if (!strncmp(url, networks[i].scheme, n)) {
			buf_addf(out, "%s%s", networks[i].prefix, url + n);
			return;
		}
	}
	buf_addf(out, "/vsicurl/%s", url);
}

bool vsi_url(const char *name, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++) {
		size_t n = strlen(networks[i].prefix);

		if (!strncmp(name, networks[i].prefix, n) &&
			(networks[i].scheme[0] || url_is_http(name + n))) {
			buf_addf(out, "%s%s", networks[i].scheme, name + n);
			return true;
		}
	}
	if (!url_is_http(name) && !s3_is(name))
		return false;
	buf_adds(out, name);
	return true;
}

/* What the functions below are called for. */
struct network {
	const char *scheme;
	struct remotes *remotes;
};

struct remote_file {
	struct remote *remote;
	uint64_t at;
	bool eof;
};

static struct remote *open_remote(const struct network *net, const char *name,
	struct err *err)
{
	struct buf url = BUF_INIT;
	struct remote *f = NULL;

	buf_addf(&url, "%s%s", net->scheme, name);
	if (net->scheme[0] || url_is_http(name))
		f = remote_open(net->remotes, buf_str(&url), err);
	else
		err_set(err, "'%s' is no http or https URL", name);
	buf_release(&url);
	return f;
}

static int remote_stat(void *ctx, const char *name, VSIStatBufL *st, int flags)
{
	struct err err;
	struct remote *f = open_remote(ctx, name, &err);

	(void)flags;
	memset(st, 0, sizeof(*st));
	if (!f) {
		errno = ENOENT;
		return -1;
	}
	st->st_mode = S_IFREG | 0444;
	st->st_size = (off_t)remote_size(f);
	remote_close(f);
	return 0;
}

/* Nothing beside an image is asked for. */
static char **remote_siblings(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return CPLCalloc(1, sizeof(char *));
}

static void *open_file(void *ctx, const char *name, const char *access)
{
	char head[VRT_HEAD];
	struct remote_file *file;
	struct remote *f = NULL;
	struct err err;
	long n;

	if (strpbrk(access, "wa+")) {
		errno = EROFS;
		return NULL;
	}
	f = open_remote(ctx, name, &err);
	n = f ? remote_read(f, head, sizeof(head), 0, &err) : -1;
	if (n > 0 && is_vrt(head, (size_t)n))
		n = err_set(&err, "a VRT whose name does not end in .vrt is "
				  "not opened");
	if (n < 0) {
		CPLError(CE_Failure, CPLE_OpenFailed, "%s", err.msg);
		if (f)
			remote_close(f);
		errno = ENOENT;
		return NULL;
	}
	file = xcalloc(1, sizeof(*file));
	file->remote = f;
	return file;
}

static vsi_l_offset remote_tell(void *p)
{
	return ((struct remote_file *)p)->at;
}

static int remote_seek(void *p, vsi_l_offset offset, int whence)
{
	struct remote_file *f = p;
	uint64_t base = whence == SEEK_END   ? remote_size(f->remote)
			: whence == SEEK_CUR ? f->at
					     : 0;

	f->at = base + offset;
	f->eof = false;
	return 0;
}

static size_t remote_fread(void *p, void *out, size_t size, size_t count)
{
	struct remote_file *f = p;
	struct err err;
	size_t len;
	long n;

	if (__builtin_mul_overflow(size, count, &len) || !len)
		return 0;
	n = remote_read(f->remote, out, len, f->at, &err);
	if (n < 0) {
		CPLError(CE_Failure, CPLE_FileIO, "%s", err.msg);
		return 0;
	}
	f->at += (uint64_t)n;
	f->eof = (size_t)n < len;
	return (size_t)n / size;
}

static int remote_eof(void *p)
{
	return ((struct remote_file *)p)->eof;
}

static int close_file(void *p)
{
	struct remote_file *f = p;

	remote_close(f->remote);
	free(f);
	return 0;
}

/* What GDAL is told of a file system that is shut; ctx is its prefix. */
static void *refuse_open(void *ctx, const char *name, const char *access)
{
	(void)name;
	(void)access;
	CPLError(CE_Failure, CPLE_NotSupported,
		"nothing is opened by way of %s here", (const char *)ctx);
	errno = EACCES;
	return NULL;
}

static int refuse_stat(void *ctx, const char *name, VSIStatBufL *st, int flags)
{
	(void)ctx;
	(void)name;
	(void)flags;
	memset(st, 0, sizeof(*st));
	errno = EACCES;
	return -1;
}

/* GDAL keeps the prefix where it is, and copies the rest. */
static int install(const char *prefix,
	const VSIFilesystemPluginCallbacksStruct *how, struct err *err)
{
	VSIFilesystemPluginCallbacksStruct *s =
		VSIAllocFilesystemPluginCallbacksStruct();
	int rc;

	*s = *how;
	rc = VSIInstallPluginHandler(prefix, s);
	VSIFreeFilesystemPluginCallbacksStruct(s);
	return rc ? err_set(err, "GDAL does not let '%s' be replaced", prefix)
		  : 0;
}

static int shut(const char *prefix, struct err *err)
{
	const VSIFilesystemPluginCallbacksStruct how = {
		.pUserData = (void *)prefix,
		.stat = refuse_stat,
		.open = refuse_open,
	};

	return install(prefix, &how, err);
}

static int connect_networks(struct remotes *remotes, struct err *err)
{
	VSIFilesystemPluginCallbacksStruct how = {
		.stat = remote_stat,
		.open = open_file,
		.tell = remote_tell,
		.seek = remote_seek,
		/* no read_multi_range: with it GDAL 3.6 takes wrong bytes for
		 * the blocks of a COG whose mask lies among them */
		.read = remote_fread,
		.eof = remote_eof,
		.close = close_file,
		.sibling_files = remote_siblings,
	};
	/* as long as the process, as the handlers are */
	struct network *net = CPLCalloc(ARRAY_SIZE(networks), sizeof(*net));

	for (size_t i = 0; i < ARRAY_SIZE(networks); i++) {
		net[i] = (struct network){networks[i].scheme, remotes};
		how.pUserData = &net[i];
		if (install(networks[i].prefix, &how, err))
			return -1;
	}
	return 0;
}

#ifdef __SANITIZE_ADDRESS__
void __lsan_disable(void);
void __lsan_enable(void);
#else
#define __lsan_disable()
#define __lsan_enable()
#endif

void vsi_prepare(void)
{
	/* GDAL forgets the handlers that are replaced: once for a process */
	__lsan_disable();
	CSLDestroy(VSIGetFileSystemsPrefixes());
	__lsan_enable();
}

/* What is not shut, but ours or harmless. */
static bool stays(const char *prefix, bool network)
{
	bool is = !prefix[0] || !strcmp(prefix, "/vsimem/");

	for (size_t i = 0; i < ARRAY_SIZE(networks); i++)
		is = is || (network && !strcmp(prefix, networks[i].prefix));
	return is;
}

int vsi_install(struct remotes *remotes, struct err *err)
{
	char **all = VSIGetFileSystemsPrefixes();
	VSIFilesystemPluginCallbacksStruct local;
	int rc = 0;

	for (int i = 0; all && all[i]; i++)
		if (stays(all[i], remotes != NULL))
			CPLFree(all[i]);
		else if (!rc)
			rc = shut(all[i], err);
	CPLFree(all); /* but not those texts: GDAL points to them from now on */
	/* a name of the first one that the list does not have */
	if (!rc)
		rc = shut("/vsicurl?", err);
	if (!rc && remotes)
		rc = connect_networks(remotes, err);
	vsi_local(&local);
	return rc ? rc : install("", &local, err);
}
