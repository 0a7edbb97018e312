/*
 * memory.h - how much memory there is.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdint.h>

/*
 * Bytes that this process may still take without swapping: the least of what
 * the machine has free, its control group's limit (cgroup v2) and its address
 * space's (ulimit -v). UINT64_MAX when none is known.
 */
uint64_t memory_available(void);

#endif
