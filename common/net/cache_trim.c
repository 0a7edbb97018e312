#include "base/base.h"
#include "net/cache_trim.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

enum { NAME_LEN = 2 * SHA256_BYTES - 2 };

struct kept {
	struct timespec used;
	uint64_t size;
	char name[NAME_LEN + 1];
};

static bool is_entry(const char *name)
{
	return strlen(name) == NAME_LEN &&
	       strspn(name, "0123456789abcdef") == NAME_LEN;
}

static int by_use(const void *a, const void *b)
{
	const struct timespec *x = &((const struct kept *)a)->used;
	const struct timespec *y = &((const struct kept *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

/* What a file takes from the disk; some file systems say that late. */
static uint64_t room_of(const struct stat *st)
{
	return MAX((uint64_t)st->st_size, (uint64_t)st->st_blocks * 512);
}

void cache_trim(int dir, const char shard[3], uint64_t share, long dead_s)
{
	int fd = openat(dir, shard, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct kept *files = NULL;
	size_t n = 0, cap = 0;
	uint64_t sum = 0;
	struct dirent *e;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d))) {
		bool entry = is_entry(e->d_name);
		struct stat st;

		if ((!entry && !str_starts(str_from(e->d_name), CACHE_TEMP)) ||
			fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
			!S_ISREG(st.st_mode))
			continue;
		if (!entry) {
			if (time(NULL) - st.st_mtime > dead_s)
				unlinkat(fd, e->d_name, 0);
			continue;
		}
		xgrow(&files, &cap, n + 1, sizeof(*files));
		files[n] = (struct kept){st.st_mtim, room_of(&st), ""};
		memcpy(files[n].name, e->d_name, NAME_LEN + 1);
		sum += files[n++].size;
	}
	if (sum > share) {
		qsort(files, n, sizeof(*files), by_use);
		for (size_t i = 0; i < n && sum > share - share / 8; i++) {
			unlinkat(fd, files[i].name, 0);
			sum -= files[i].size;
		}
	}
	free(files);
	closedir(d);
}
