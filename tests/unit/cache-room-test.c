/* The cache on disk: what goes when there is no room. */
#include "base/base.h"
#include "unit/cache-files.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* As a read would make it, were the others older than an hour. */
static void use(unsigned number)
{
	char *path = path_of(number);
	struct timespec t[2] = {{time(NULL) + 100, 0}, {time(NULL) + 100, 0}};

	(void)!utimensat(AT_FDCWD, path, t, 0);
	free(path);
}

static void test_evicts(void)
{
	enum { LIMIT = 32 << 20, N = 8000 };
	struct cache *c = open_cache(LIMIT, 0);
	unsigned left = 0, recent = 0;
	uint64_t bytes;
	bool all = true;

	for (unsigned i = 0; i < N; i++) {
		all = put(c, 1000 + i, 14000) && all;
		if (i < 100)
			use(1000 + i);
	}
	ok(all, "four times the limit is put in");
	count_files(&bytes);
	ok(bytes < LIMIT + LIMIT / 8 && bytes > LIMIT / 2,
		"the folder holds about its limit: %" PRIu64 " of %d bytes",
		bytes, LIMIT);
	for (unsigned i = 0; i < 100; i++)
		recent += get(c, 1000 + i, NULL) == 1;
	for (unsigned i = 100; i < N; i++)
		left += get(c, 1000 + i, NULL) == 1;
	ok(recent == 100, "what is in use stays: %u of 100", recent);
	ok(left > 500 && left < N / 2, "of the others some: %u", left);
	ok(put(c, 20000, LIMIT / 256 + 1) && get(c, 20000, NULL) == 0,
		"a body of more than its share is not kept");
	cache_close(c);
}

/* A temporary file of a run that was killed, so many seconds ago. */
static char *leave_temp(const char *name, time_t ago)
{
	struct buf b = BUF_INIT;
	char *path = path_of(30);
	struct err err;
	time_t when = time(NULL) - ago;

	buf_add(&b, path, strlen(path) - 62);
	buf_adds(&b, name);
	free(path);
	path = buf_detach(&b);
	(void)!save_file(path, "half", 4, &err);
	set_used(path, when);
	return path;
}

static void test_leftovers(void)
{
	struct cache *c = open_cache(256 << 12, 0);
	char *path, *old, *young, *foreign;

	put(c, 30, 100);
	path = path_of(30);
	old = leave_temp(".temp-0123456789abcdef", 25 * 3600);
	young = leave_temp(".temp-0123456789abcdee", 23 * 3600);
	foreign = leave_temp("notes.txt", 1000 * 3600);
	for (unsigned i = 0; i < 300; i++)
		put(c, 30, 3000); /* one name: its lot is drawn or not */
	for (unsigned i = 31; i < 5000; i++)
		put(c, i, 2000);
	ok(access(old, F_OK) == -1, "an old temporary file goes");
	ok(!access(young, F_OK), "a young one stays: it may be in use");
	ok(!access(foreign, F_OK), "what is not the cache's stays");
	unlink(young);
	unlink(foreign);
	free(path);
	free(old);
	free(young);
	free(foreign);
	cache_close(c);
}

/* Files have an end, as a disk may: SIGXFSZ is for main() to ignore. */
static void test_full(void)
{
	struct cache *c = open_cache(0, 0);
	struct rlimit old, tiny = {5000, 5000};
	uint64_t bytes;
	unsigned before, after;

	before = count_files(&bytes);
	getrlimit(RLIMIT_FSIZE, &old);
	tiny.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &tiny);
	ok(put(c, 40, 14000) && put(c, 41, 14000),
		"a disk without room is no error");
	setrlimit(RLIMIT_FSIZE, &old);
	after = count_files(&bytes);
	ok(get(c, 40, NULL) == 0 && before == after, "and nothing is left");
	ok(put(c, 40, 14000) && get(c, 40, NULL) == 1, "with room it goes on");
	cache_close(c);
}

/* The folder is taken away, or something stands in the way. */
static void test_gone(void)
{
	struct buf all = BUF_INIT;
	char *path = path_of(40), *whole = folder;
	struct cache *c = open_cache(0, 0);

	unlink(path);
	ok(!mkdir(path, 0700) && put(c, 40, 100) && get(c, 40, NULL) == 0 &&
			!rmdir(path),
		"a folder in a body's place is no error");
	cache_close(c);
	buf_addf(&all, "%s/gone", whole);
	folder = buf_detach(&all);
	c = open_cache(0, 0);
	ok(!rmdir(folder) && put(c, 40, 100) && get(c, 40, NULL) == 0,
		"nor is it that the whole folder is gone");
	cache_close(c);
	free(folder);
	folder = whole;
	free(path);
}

static int child(unsigned seed)
{
	struct cache *c = open_cache(4 << 20, 0);
	bool good = c;

	for (unsigned i = 0; good && i < 2000; i++) {
		unsigned number = 50000 + (i * 7919 + seed * 31) % 400;
		int rc = get(c, number, NULL);

		good = rc >= 0 && (rc == 1 || put(c, number, 14000));
	}
	cache_close(c);
	return good ? 0 : 1;
}

static void test_processes(void)
{
	pid_t pids[4];
	bool good = true;
	uint64_t bytes;

	for (unsigned i = 0; i < ARRAY_SIZE(pids); i++) {
		fflush(stdout);
		pids[i] = fork();
		if (!pids[i])
			_exit(child(i));
	}
	for (unsigned i = 0; i < ARRAY_SIZE(pids); i++) {
		int status;

		waitpid(pids[i], &status, 0);
		good = good && WIFEXITED(status) && !WEXITSTATUS(status);
	}
	ok(good, "four processes read, write and trim one folder");
	count_files(&bytes);
	ok(bytes < (4 << 20) * 3 / 2, "within its limit: %" PRIu64, bytes);
}

int main(void)
{
	cache_begin("cache-room-test");
	signal(SIGXFSZ, SIG_IGN);
	test_evicts();
	test_leftovers();
	test_full();
	test_gone();
	test_processes();
	return cache_end();
}
