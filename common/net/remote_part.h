/*
 * remote_part.h - the parts of remote files that are under way or in memory,
 * for the files of this layer only.
 *
 * One lock holds all of it; it is never held while anything waits, asks or
 * copies. A part is counted by the list of its file, by the request that it
 * comes with, and by whoever reads it; once it is there it does not change.
 */
#ifndef NET_REMOTE_PART_H
#define NET_REMOTE_PART_H

#include <pthread.h>
#include <time.h>

#include "net/remote.h"

enum {
	WHOLE_MAX = 64 << 20, /* of files that are not given in parts */
	FIRST_LEN = 32 << 10, /* of what says how large a file is */
	BUCKETS = 1024,
};

enum part_state { PART_ASKED, PART_THERE, PART_FAILED };

/* Somebody's range of a part that is under way. */
struct waiter {
	web_done_fn *done;
	void *ctx;
	uint64_t offset;
	size_t len;
	struct waiter *next;
};

struct part {
	struct remote *file;
	uint64_t offset;
	size_t len;
	size_t asked; /* as long as the request had it; 0: the whole file */
	enum part_state state;
	bool kept; /* on disk */
	unsigned refs;
	struct web_answer answer;   /* once it is not PART_ASKED any more */
	struct waiter *waiters;     /* while it is */
	struct part *newer, *older; /* by last use, of those that are there */
};

enum remote_state { REMOTE_OPENING, REMOTE_OPEN, REMOTE_FAILED };

struct remote {
	struct remotes *set;
	char *url;
	unsigned refs; /* users, and parts under way */
	enum remote_state state;
	bool changed;    /* another version is there: not in the table */
	bool only_whole; /* the server gives no parts */
	uint64_t size;
	char *etag; /* or NULL */
	/* of REMOTE_FAILED, from then on */
	enum http_fault fault;
	struct err *why;
	struct timespec since;
	struct part **parts; /* [nparts] by offset; none of PART_FAILED */
	size_t nparts, cap;
	size_t longest;               /* no part is longer */
	struct remote *next;          /* in its bucket */
	struct remote *newer, *older; /* of those that are closed */
};

struct remotes {
	struct web *web;
	pthread_mutex_t lock;
	pthread_cond_t change; /* a part came, or did not */
	uint64_t memory, used;
	struct part *newest, *oldest;
	struct remote *files[BUCKETS];
	struct remote *last_closed, *first_closed;
	size_t nclosed;
};

static inline uint64_t part_end(const struct part *p)
{
	return p->offset + p->len;
}

/* All but part_send() and part_keep() with the lock held. */

/* Says what is wrong with a range of the file: -1, or 0. */
int remote_check(const struct remote *f, uint64_t offset, size_t len,
	struct err *err) MUST_USE;
/* The part that has the byte, and the most behind it; NULL: none has. */
struct part *part_find(struct remote *f, uint64_t at);
/*
 * A new part, counted for the caller, that part_send() is to be called with.
 * Of a file that is only given whole it is that.
 */
struct part *part_new(struct remote *f, uint64_t offset, size_t len);
/* Makes a new part longer, before it is sent. */
void part_extend(struct part *p, size_t len);
void part_send(struct part *p);
/* One reader more, or less. Another one has made it young. */
void part_pin(struct part *p);
void part_unpin(struct part *p);
/* Takes a part out of its file's list, and memory. */
void part_drop(struct part *p);
/* Keeps a part that somebody holds on disk, unless it came from there. */
int part_keep(struct part *p, struct err *err) MUST_USE;
/* A range of a part that is there, or why it is not, without the lock. */
void part_give(const struct part *p, const struct waiter *w);

/* remote.c: one user less; the last one's file is remembered for a while. */
void remote_unref(struct remote *f);
/* It is not what it was: the table forgets it. */
void remote_unlist(struct remote *f);

#endif
