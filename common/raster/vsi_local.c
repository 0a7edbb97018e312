#include "base/base.h"
#include "raster/vsi_local.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/* A thread's own option of GDAL's, for GDAL calls without saying for whom. */
#define SHUT_IN "SKYFILTERS_SHUT_IN"

void vsi_shut_in(void)
{
	CPLSetThreadLocalConfigOption(SHUT_IN, "YES");
}

void vsi_let_out(void)
{
	CPLSetThreadLocalConfigOption(SHUT_IN, NULL);
}

static bool is_shut_in(void)
{
	return CPLGetThreadLocalConfigOption(SHUT_IN, NULL) != NULL;
}

bool is_vrt(const void *head, size_t len)
{
	static const char tag[] = "<VRTDataset";

	return memmem(head, MIN(len, VRT_HEAD), tag, sizeof(tag) - 1) != NULL;
}

/* Whether this name may be looked at, with errno. */
static bool may_look(const char *name)
{
	/* no file system of GDAL's had it: a misspelt one */
	bool may = !is_shut_in() && strncmp(name, "/vsi", 4) != 0;

	if (!may)
		errno = ENOENT;
	return may;
}

static int local_stat(void *ctx, const char *name, VSIStatBufL *st, int flags)
{
	struct stat own;

	(void)ctx;
	(void)flags;
	memset(st, 0, sizeof(*st));
	if (!may_look(name) || stat(name, &own) < 0)
		return -1;
	st->st_mode = own.st_mode;
	st->st_size = own.st_size;
	st->st_mtime = own.st_mtime;
	return 0;
}

static char **local_names(void *ctx, const char *folder, int limit)
{
	DIR *dir = may_look(folder) ? opendir(folder) : NULL;
	size_t n = 0, room = 64;
	struct dirent *entry;
	char **names;

	(void)ctx;
	if (!dir)
		return NULL;
	names = CPLMalloc(room * sizeof(*names));
	while ((entry = readdir(dir)) && (limit <= 0 || n <= (size_t)limit)) {
		if (n + 1 == room) {
			room *= 2;
			names = CPLRealloc(names, room * sizeof(*names));
		}
		names[n++] = CPLStrdup(entry->d_name);
	}
	names[n] = NULL;
	closedir(dir);
	return names;
}

/* A VRT beside an image, as its mask, say, would lead anywhere. */
static bool is_plain(FILE *f)
{
	char head[VRT_HEAD];
	struct stat st;
	size_t n;

	if (fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	n = fread(head, 1, sizeof(head), f);
	rewind(f);
	return !is_vrt(head, n);
}

static void *local_open(void *ctx, const char *name, const char *access)
{
	struct stat st;
	FILE *f;

	(void)ctx;
	if (!may_look(name))
		return NULL;
	if (strpbrk(access, "wa+")) {
		errno = EROFS;
		return NULL;
	}
	/* opening a pipe would wait */
	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode))
		return NULL;
	f = fopen(name, "rbe");
	if (f && !is_plain(f)) {
		fclose(f);
		f = NULL;
		errno = EACCES;
	}
	return f;
}

static vsi_l_offset local_tell(void *f)
{
	return (vsi_l_offset)ftello(f);
}

/* GDAL seeks a lot to where it is: the buffer would go each time. */
static int local_seek(void *f, vsi_l_offset offset, int whence)
{
	if (whence == SEEK_SET && (off_t)offset == ftello(f) &&
		!feof((FILE *)f))
		return 0;
	return fseeko(f, (off_t)offset, whence);
}

static size_t local_read(void *f, void *out, size_t size, size_t count)
{
	return fread(out, size, count, f);
}

static int local_eof(void *f)
{
	return feof((FILE *)f);
}

static int local_close(void *f)
{
	return fclose(f);
}

void vsi_local(VSIFilesystemPluginCallbacksStruct *out)
{
	*out = (VSIFilesystemPluginCallbacksStruct){
		.stat = local_stat,
		.read_dir = local_names,
		.open = local_open,
		.tell = local_tell,
		.seek = local_seek,
		.read = local_read,
		.eof = local_eof,
		.close = local_close,
	};
}
