#include "base/base.h"
#include "base/memory.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* The number behind `name` in a file of lines; UINT64_MAX when there is none */
static uint64_t number_in(const char *path, const char *name)
{
	FILE *f = fopen(path, "re");
	uint64_t v = UINT64_MAX, found = UINT64_MAX;
	char line[256];
	size_t len = strlen(name);

	if (!f)
		return UINT64_MAX;
	while (found == UINT64_MAX && fgets(line, sizeof(line), f)) {
		char *end;

		if (strncmp(line, name, len))
			continue;
		v = strtoull(line + len, &end, 10);
		if (end > line + len)
			found = v;
	}
	fclose(f);
	return found;
}

static uint64_t of_machine(void)
{
	uint64_t kib = number_in("/proc/meminfo", "MemAvailable:");

	return kib == UINT64_MAX ? kib : kib * 1024;
}

/* File pages that could go count as free. */
static uint64_t of_cgroup(void)
{
	uint64_t most = number_in("/sys/fs/cgroup/memory.max", "");
	uint64_t now = number_in("/sys/fs/cgroup/memory.current", "");
	uint64_t cache = number_in("/sys/fs/cgroup/memory.stat",
		"inactive_file ");

	if (most == UINT64_MAX || now == UINT64_MAX)
		return UINT64_MAX;
	now -= MIN(now, cache == UINT64_MAX ? 0 : cache);
	return most > now ? most - now : 0;
}

static uint64_t of_address_space(void)
{
	uint64_t pages = number_in("/proc/self/statm", "");
	struct rlimit limit;
	uint64_t now;

	if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY ||
		pages == UINT64_MAX)
		return UINT64_MAX;
	now = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return limit.rlim_cur > now ? limit.rlim_cur - now : 0;
}

uint64_t memory_available(void)
{
	uint64_t all = of_machine(), group = of_cgroup();
	uint64_t space = of_address_space();

	return MIN(all, MIN(group, space));
}
