#include "base/base.h"
#include "osm/nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

uint64_t nodes_bytes(struct nodes *s)
{
	if (!s->wanted.n)
		idset_seal(&s->wanted);
	return MAX(s->wanted.n, 1) * sizeof(uint64_t);
}

/* A file of zeros, mapped; it goes when the process does. */
static void *map_file(const char *path, size_t bytes, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	void *p = MAP_FAILED;
	int code;

	if (fd < 0) {
		err_errno(err, "cannot create '%s'", path);
		return NULL;
	}
	unlink(path);
	/* room that is there, or a full disk would end the process later */
	code = posix_fallocate(fd, 0, (off_t)bytes);
	if (code)
		errno = code;
	else
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			0);
	if (p == MAP_FAILED)
		err_errno(err, "cannot make '%s' %zu bytes large", path,
			bytes);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

int nodes_seal(struct nodes *s, const char *path, struct err *err)
{
	void *p;

	s->bytes = (size_t)nodes_bytes(s);
	if (path) {
		p = map_file(path, s->bytes, err);
		if (!p)
			return -1;
	} else {
		p = mmap(NULL, s->bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED)
			return err_errno(err,
				"no memory for the positions of %llu nodes",
				(unsigned long long)s->wanted.n);
		/* look-ups are all over it */
		(void)madvise(p, s->bytes, MADV_HUGEPAGE);
	}
	s->places = p;
	return 0;
}

void nodes_release(struct nodes *s)
{
	if (s->places)
		munmap((void *)(uintptr_t)s->places, s->bytes);
	idset_release(&s->wanted);
	*s = (struct nodes)NODES_INIT;
}
