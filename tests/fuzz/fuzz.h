/*
 * fuzz.h - a fuzz target: bytes of strangers go in, and what must hold for any
 * of them is claimed with HOLDS().
 *
 * Each tests/fuzz/NAME.c is one target. Configured with --enable-fuzzers it is
 * linked with libFuzzer, which looks for bytes that break it; else with
 * replay.c, which runs the cases of corpus/NAME.txt. A target leaks nothing and
 * keeps no state from one call to the next.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/io.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* libFuzzer's name for it. Always returns 0. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(
	const uint8_t *data, size_t size);

/* What breaks it is a crash, which both fuzzer and replay report. */
#define HOLDS(cond)                                                            \
	do {                                                                   \
		if (!(cond)) {                                                 \
			fprintf(stderr, "%s:%d: does not hold: %s\n",          \
				__FILE__, __LINE__, #cond);                    \
			abort();                                               \
		}                                                              \
	} while (0)

/* A file without a name that holds these bytes, to be read from its start. */
static inline int fuzz_file(const void *p, size_t len)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err err;

	HOLDS(fd >= 0 && !write_all(fd, p, len, &err) && !lseek(fd, 0, 0));
	return fd;
}

/* A copy that is exactly as long, so that reading past its end is noticed. */
static inline uint8_t *fuzz_copy(const void *p, size_t len)
{
	uint8_t *copy = xmalloc(len + !len);

	if (len)
		memcpy(copy, p, len);
	return copy;
}

#endif
