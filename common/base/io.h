/*
 * io.h - reading and writing whole things, and files that appear by rename.
 *
 * An outfile is written beside its final name and renamed when it is complete;
 * a signal or a failure leaves nothing behind. What is no regular file (a
 * device, a pipe, /dev/stderr) is never replaced but written to at once. Not
 * for use from several threads at once.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <stdint.h>

/* As read(2), but goes on after a signal. Returns bytes read, 0 at the end. */
long read_some(int fd, void *p, size_t len, struct err *err) MUST_USE;
/* Bytes of a seekable file from `at` on, as many as there are up to len: how
 * many, or -1. */
long read_at(int fd, void *p, size_t len, uint64_t at,
	struct err *err) MUST_USE;
int write_all(int fd, const void *p, size_t len, struct err *err) MUST_USE;

/*
 * Lets a pipe hold 1 MiB, where the kernel allows it: writer and reader wait
 * less for each other. Does nothing to anything else.
 */
void widen_pipe(int fd);

/* Reads a whole file of at most `limit` bytes into buf; names it in errors. */
int load_file(const char *path, uint64_t limit, struct buf *buf,
	struct err *err) MUST_USE;

/*
 * An empty file without a name, in $TMPDIR or /tmp, gone when it is closed.
 * Returns its descriptor, or -1.
 */
int temp_file(struct err *err) MUST_USE;

/*
 * The own name of a file or folder, to be freed: what stands behind the last
 * slash, also for "folder/" and, where it can be told, for "." and "..".
 */
char *own_name(const char *path);

/*
 * Opens a file of the installed data/ folder for its whole text:
 * $SKYFILTERS_DATADIR, else the folder given at build time.
 */
int load_data_file(const char *name, struct buf *buf, struct err *err) MUST_USE;

/*
 * Makes the signals that people and the system end a process with remove
 * unfinished outfiles, and a file that grows too large an error. Call once.
 */
void outfile_catch_signals(void);
/* Removes all unfinished outfiles, before a process ends at once. */
void outfile_remove_all(void);

struct outfile {
	char *path; /* final name; NULL: not open */
	char *temp; /* name while it is written; NULL: written in place */
	int fd;
};

#define OUTFILE_INIT                                                           \
	{                                                                      \
		NULL, NULL, -1                                                 \
	}

/* -1 also when an open outfile would end under the same name. */
int outfile_open(struct outfile *f, const char *path, struct err *err) MUST_USE;
/* Closes and renames. On failure the temporary file is gone. */
int outfile_commit(struct outfile *f, struct err *err) MUST_USE;
/* Closes and removes; fine on one that is not open. */
void outfile_abort(struct outfile *f);

/* Writes a whole file so; NULL or "-" is standard output, which is closed. */
int save_file(const char *path, const void *p, size_t len,
	struct err *err) MUST_USE;

#endif
