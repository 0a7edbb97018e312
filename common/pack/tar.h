/*
 * tar.h - a tar file that appears by rename when it is complete.
 *
 * libarchive writes it: ustar, with pax headers only where a name is too long
 * for it. Members are regular files of mode 0644, owner 0, time 0, so that the
 * same members give the same bytes. One thread per file.
 */
#ifndef PACK_TAR_H
#define PACK_TAR_H

#include <stddef.h>

struct tar;

struct tar *tar_open(const char *path, struct err *err) MUST_USE;
int tar_add(struct tar *t, const char *name, const void *p, size_t len,
	struct err *err) MUST_USE;
/* Ends the file and renames it. Frees t, also when it fails. */
int tar_commit(struct tar *t, struct err *err) MUST_USE;
/* Leaves nothing behind; NULL is fine. */
void tar_abort(struct tar *t);

#endif
