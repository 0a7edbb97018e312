/* The cache on disk: what is kept, what counts as missing, how old it is. */
#include "base/base.h"
#include "unit/cache-files.h"

#include <pthread.h>

static void test_keeps(void)
{
	struct cache *c = open_cache(0, 0);
	struct cache_entry e;

	ok(get(c, 1, NULL) == 0, "nothing there at first");
	ok(put(c, 1, 14000) && put(c, 2, 0) && put(c, 3, 1),
		"bodies are kept, small ones, too");
	ok(get(c, 1, &e) == 1 && e.body.len == 14000 && e.total == 14000 &&
			str_is((struct str){e.etag.data, e.etag.len},
				"\"v1\"") &&
			str_is((struct str){e.type.data, e.type.len},
				"image/png") &&
			e.fresh_s == UINT64_MAX && e.age_s < 100 && !e.stale &&
			!e.cut,
		"one comes back with what is known of it");
	cache_entry_release(&e);
	ok(get(c, 2, NULL) == 1 && get(c, 3, NULL) == 1, "the others, too");
	ok(put(c, 1, 20) && get(c, 1, &e) == 1 && e.body.len == 20,
		"one is replaced");
	cache_entry_release(&e);
	cache_close(c);
	c = open_cache(0, 0);
	ok(get(c, 1, NULL) == 1, "it is there for the next run");
	cache_close(c);
	cache_close(NULL);
}

/* Writes into an entry's file at a place, or cuts it there. */
static void damage(unsigned number, off_t at, bool cut)
{
	char *path = path_of(number), byte = 0;
	int fd = open(path, O_RDWR);

	if (cut)
		(void)!ftruncate(fd, at);
	else if (pread(fd, &byte, 1, at) == 1) {
		byte ^= 1;
		(void)!pwrite(fd, &byte, 1, at);
	}
	close(fd);
	free(path);
}

static void test_damage(void)
{
	static const off_t places[] = {0, 7, 20, 24, 39, 40, 47, 48, 56, 63, 64,
		70, 90, 115, 5000};
	struct cache *c = open_cache(0, 0);

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		char *path = path_of(4);
		bool put_ok = put(c, 4, 14000);

		damage(4, places[i], false);
		ok(put_ok && get(c, 4, NULL) == 0 && access(path, F_OK),
			"a bit is wrong at %ld: missing, and gone",
			(long)places[i]);
		put_ok = put(c, 4, 14000);
		damage(4, places[i], true);
		ok(put_ok && get(c, 4, NULL) == 0 && access(path, F_OK),
			"it ends at %ld: missing, and gone", (long)places[i]);
		free(path);
	}
	ok(put(c, 4, 14000) && get(c, 4, NULL) == 1, "and it is kept again");
	cache_close(c);
}

static void test_foreign(void)
{
	struct cache *c = open_cache(0, 0);
	char *one = path_of(5), *two = path_of(6), *three = path_of(7);
	struct err err;

	ok(put(c, 6, 100) && put(c, 5, 100) && !rename(one, two) &&
			get(c, 6, NULL) == 0,
		"another name's file is not taken");
	unlink(two);
	ok(put(c, 5, 100) && !symlink(one, two) && get(c, 6, NULL) == 0,
		"a link is not followed");
	ok(put(c, 6, 100) && get(c, 6, NULL) == 1 && get(c, 5, NULL) == 1,
		"but replaced");
	(void)!mkfifo(three, 0600);
	ok(get(c, 7, NULL) == 0, "a pipe is not waited for");
	cache_touch(c, str_from("https://a.example/7.png"));
	ok(put(c, 7, 100) && get(c, 7, NULL) == 1, "but replaced, too");
	unlink(three);
	(void)!mkdir(three, 0700);
	ok(get(c, 7, NULL) == 0, "a folder is none");
	rmdir(three);
	ok(!save_file(three, "hello", 5, &err) && get(c, 7, NULL) == 0,
		"nor is a file of somebody else's");
	free(one);
	free(two);
	free(three);
	cache_close(c);
}

/* Makes an entry's fetched time so long ago, as an earlier run would have. */
static void make_old(unsigned number, uint64_t age_s)
{
	char *path = path_of(number);
	int fd = open(path, O_RDWR);
	uint8_t head[20];
	uint64_t fetched;
	uint32_t crc;

	if (pread(fd, head, sizeof(head), 0) != sizeof(head))
		ok(false, "a header");
	memcpy(&fetched, head + 8, 8);
	fetched -= age_s;
	memcpy(head + 8, &fetched, 8);
	crc = crc32c(0, head, 16);
	memcpy(head + 16, &crc, 4);
	if (pwrite(fd, head, sizeof(head), 0) != sizeof(head))
		ok(false, "a header");
	close(fd);
	free(path);
}

static void test_age(void)
{
	struct cache *c = open_cache(0, 1000);
	struct str name = str_from("https://a.example/8.png");
	struct cache_entry e;

	put(c, 8, 100);
	make_old(8, 900);
	ok(get(c, 8, &e) == 1 && e.age_s >= 900 && e.age_s < 1000 && !e.stale,
		"not too old yet");
	cache_entry_release(&e);
	make_old(8, 200);
	ok(get(c, 8, &e) == 1 && e.age_s >= 1100 && e.stale,
		"too old: given all the same");
	cache_entry_release(&e);
	cache_touch(c, name);
	ok(get(c, 8, &e) == 1 && e.age_s < 100 && !e.stale,
		"found unchanged: young again, and whole");
	cache_entry_release(&e);
	damage(8, 9, false);
	ok(get(c, 8, &e) == 1 && e.stale && e.age_s == UINT64_MAX,
		"with a torn age it is infinitely old");
	cache_entry_release(&e);
	cache_touch(c, name);
	ok(get(c, 8, &e) == 1 && !e.stale, "until it is found unchanged");
	cache_entry_release(&e);
	cache_close(c);
}

static void test_fresh(void)
{
	struct cache *c = open_cache(0, 1000);
	struct str name = str_from("https://a.example/8.png");
	struct cache_entry e = {.fresh_s = 10, .cut = true};

	fill(&e.body, 8, 100);
	ok(!cache_put(c, name, &e, &(struct err){""}), "with a server's word");
	cache_entry_release(&e);
	make_old(8, 20);
	ok(get(c, 8, &e) == 1 && e.stale && e.fresh_s == 10 && e.cut,
		"older than the server gave it");
	cache_entry_release(&e);
	make_old(8, (uint64_t)-3600 * 10);
	ok(get(c, 8, &e) == 1 && !e.stale && e.age_s == 0,
		"one from the future is young");
	cache_entry_release(&e);
	cache_remove(c, name);
	cache_remove(c, name);
	ok(get(c, 8, NULL) == 0, "removed");
	cache_touch(c, name);
	cache_close(c);
}

static void test_used(void)
{
	struct cache *c = open_cache(0, 0);
	char *path = path_of(9);
	struct stat st;
	time_t now = time(NULL);

	put(c, 9, 100);
	set_used(path, now - 1800);
	get(c, 9, NULL);
	ok(!stat(path, &st) && st.st_mtime == now - 1800,
		"what was used this hour stays so");
	set_used(path, now - 7200);
	get(c, 9, NULL);
	ok(!stat(path, &st) && st.st_mtime >= now,
		"what was used longer ago was used now");
	free(path);
	cache_close(c);
}

static void *thread(void *arg)
{
	struct cache *c = arg;
	intptr_t wrong = 0;

	for (unsigned i = 0; i < 1000; i++) {
		unsigned number = 60000 + i % 50;

		if (i % 5)
			wrong += get(c, number, NULL) < 0;
		else
			wrong += !put(c, number, 5000 + i);
	}
	return (void *)wrong;
}

static void test_threads(void)
{
	struct cache *c = open_cache(0, 0);
	pthread_t t[4];
	intptr_t wrong = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(t); i++)
		pthread_create(&t[i], NULL, thread, c);
	for (unsigned i = 0; i < ARRAY_SIZE(t); i++) {
		void *n;

		pthread_join(t[i], &n);
		wrong += (intptr_t)n;
	}
	ok(!wrong, "four threads, and no torn body");
	cache_close(c);
}

static void test_open(void)
{
	struct buf b = BUF_INIT;
	struct err err = {""};
	struct cache *c;

	buf_addf(&b, "%s/new/one//below/", folder);
	c = cache_open(buf_str(&b), 0, 0, &err);
	ok(c && !access(b.data, W_OK), "a folder is made, and those above");
	cache_close(c);
	ok(!cache_open("/dev/null/cache", 0, 0, &err) &&
			strstr(err.msg, "/dev/null/cache"),
		"where none can be: %s", err.msg);
	buf_release(&b);
}

int main(void)
{
	cache_begin("cache-test");
	test_keeps();
	test_damage();
	test_foreign();
	test_age();
	test_fresh();
	test_used();
	test_threads();
	test_open();
	return cache_end();
}
