/* What happens where memory ends: in several threads at once. */
#include "base/base.h"
#include "base/io.h"
#include "base/log.h"
#include "tap.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 16, HANDLER_STATUS = 99 };

static void handler(void)
{
	_exit(HANDLER_STATUS);
}

static void *ask_too_much(void *gate)
{
	volatile size_t n = SIZE_MAX;

	pthread_barrier_wait(gate);
	return xreallocarray(NULL, n, 2);
}

/* Never returns to exit(), whose handler would say so by its status. */
static void run_out(const char *path)
{
	pthread_barrier_t gate;
	pthread_t thread;
	struct outfile f;
	struct err err;

	atexit(handler);
	log_init("tool", LOG_NORMAL);
	if (outfile_open(&f, path, &err))
		_exit(HANDLER_STATUS);
	pthread_barrier_init(&gate, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, ask_too_much, &gate))
			_exit(HANDLER_STATUS);
	for (;;)
		pause();
}

int main(void)
{
	char folder[] = "/tmp/alloc-test.XXXXXX", path[64], said[4096];
	int ends[2], status = 0;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (!mkdtemp(folder) || pipe(ends))
		return 1;
	snprintf(path, sizeof(path), "%s/out", folder);
	pid = fork();
	if (!pid) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		run_out(path);
	}
	close(ends[1]);
	while ((n = read(ends[0], said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)n;
	said[len] = '\0';
	waitpid(pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
		"exit status 1, by no handler of exit()");
	ok(!strncmp(said, "tool: out of memory", 19) &&
			strchr(said, '\n') == said + len - 1,
		"one message, with the program's name: %.80s", said);
	ok(!rmdir(folder), "no unfinished file is left");
	return tap_done();
}
