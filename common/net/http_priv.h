/*
 * http_priv.h - the inside of the HTTP client.
 *
 * http.c      the client, and what other threads call
 * http_loop.c its thread
 * http_host.c hosts: whose turn it is, who has to wait
 * http_send.c a request becomes a transfer of libcurl's
 * http_recv.c an answer's headers and body
 * http_end.c  what became of a try, and what follows
 *
 * All but what `lock` guards is the thread's alone.
 */
#ifndef NET_HTTP_PRIV_H
#define NET_HTTP_PRIV_H

#include <curl/curl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "net/address.h"
#include "net/http.h"

/* A time at which something is to be done; in a heap by it. */
struct timer {
	double at;
	size_t place; /* in the heap, from 1; 0: it is not there */
	bool host;    /* of a struct host, else of a struct job */
};

struct heap {
	struct timer **timers; /* [len] */
	size_t len, cap;
};

void heap_set(struct heap *heap, struct timer *t, double at);
void heap_remove(struct heap *heap, struct timer *t);

/* Requests in a row. */
struct queue {
	struct job *first, *last;
};

/* What shares limits: a name (or address) and a port. */
struct host {
	struct timer timer;
	struct host *next,
		*prev; /* of those whose turn it is; NULL: it isn't */
	struct queue begun, fresh;
	double until; /* asked to be left alone until then */
	int status;   /* with which it did */
	double slot;  /* when `rate` lets the next one go */
	unsigned running;
	unsigned dead; /* requests in a row that found nobody there */
	double since;  /* when the first of them ended */
	double probe;  /* when one may look again whether it is back */
};

/* A scheme, host and port, as one of its URLs spells them. */
struct origin {
	struct host *host;
	bool https;
	bool safe; /* nobody on the way sees what is sent */
	bool ours; /* allowed by name: whatever it resolves to */
	char forbidden[ADDRESS_TEXT]; /* why it is never asked, or empty */
	const char **lines;           /* [nlines] headers bound to it */
	size_t nlines;
};

/* A request from http_start() to its end. */
struct job {
	struct job *prev, *next;
	struct queue *in; /* where it stands; NULL: nowhere */
	struct timer timer;
	struct origin *origin; /* of where it goes now */
	struct http_request req;
	char *accept, *match, *range; /* lines, or NULL */
	struct http_answer *a;        /* from the first try on */
	double deadline;
	unsigned hops;
	bool post, moved; /* S3: to the region that was named */
	char text[];      /* what the pointers point into */
};

static inline struct job *timer_job(struct timer *t)
{
	return (struct job *)((char *)t - offsetof(struct job, timer));
}

/* Why a body was left before its end. */
enum stop { STOP_NO, STOP_LARGE, STOP_PART, STOP_PACKED, STOP_DONE, STOP_LONG };

/* What is known of the answer on its way. */
struct reply {
	int status;
	bool in_body, packed;
	enum stop stop;
	uint64_t length;            /* Content-Length; UINT64_MAX: not said */
	bool ranged;                /* Content-Range was there: */
	uint64_t first, end, total; /* [first, end); UINT64_MAX: not said */
	uint64_t skip, room;        /* bytes to be passed over, and taken */
	uint64_t got;               /* bytes of the body so far */
	char region[32];            /* of the bucket */
};

/* A handle of libcurl's and the try that it is busy with. */
struct slot {
	CURL *easy;
	struct http *http;
	struct job *job;
	struct host *host;        /* whose place it takes */
	struct slot *next, *prev; /* of those free, or of those under way */
	struct curl_slist *nodes; /* [http->nnodes] the headers' list */
	struct reply reply;
	struct buf signature;       /* S3's headers */
	bool posting, plain, as_is; /* how the handle is set */
	char forbidden[ADDRESS_TEXT];
	char why[CURL_ERROR_SIZE];
};

struct http {
	struct http_limits limits;
	char *agent, *no_proxy;
	const char *ca;
	struct http_header *headers; /* [nheaders] */
	size_t nheaders, nnodes;
	char **allowed; /* [nallowed] as address.h writes them */
	size_t nallowed;
	const char *const *prefixes; /* [nprefixes] the user's */
	size_t nprefixes;
	struct s3 *s3;

	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	struct queue inbox;    /* by lock */
	bool sleeping, ending; /* by lock */
	int wake, epoll;

	CURLM *multi;
	double curl_at; /* when libcurl wants to be called */
	double now;
	struct heap timers;
	struct map spelled, named;
	struct origin **origins; /* [spelled.len] */
	struct host **hosts;     /* [named.len] */
	size_t origins_cap, hosts_cap;
	struct host *turn; /* the next of the ring of hosts that may go */
	struct slot *free, *busy;
	struct http_answer **answers; /* [nanswers] to be used again */
	size_t nanswers, answers_cap;
	unsigned running, most;
	_Atomic uint64_t bytes, requests, retries, done;
};

/* The only writer needs no locked addition. */
static inline void count(_Atomic uint64_t *n, uint64_t more)
{
	atomic_store_explicit(n,
		atomic_load_explicit(n, memory_order_relaxed) + more,
		memory_order_relaxed);
}

/* http.c */
void queue_add(struct queue *q, struct job *j);
void queue_remove(struct job *j);
/* Whether an address or name is one that the user allowed. */
bool is_allowed(const struct http *h, const char *text);

/* http_host.c */
/* Of a URL's; NULL when it is no http or https URL. */
struct origin *origin_of(struct http *h, const char *url);
/* Lets it stand at its host: what has begun goes before what has not. */
void host_add(struct http *h, struct job *j);
/* Looks again whether the host may go. */
void host_update(struct http *h, struct host *host);
void host_pause(struct http *h, struct host *host, double until, int status);
/* Whether nobody has been there for as long as anybody waits. */
bool host_gone(const struct http *h, const struct host *host);
/* Counts how a request ended. A host that seems to be away is asked less often,
 * so that an outage does not use up the tries of all that waits for it. */
void host_count(struct http *h, struct host *host, enum http_fault fault);
/* The next one that may go, counted as running; NULL: none. */
struct job *host_take(struct http *h);
void hosts_free(struct http *h);

/* http_loop.c */
int loop_set_up(struct http *h);
void *loop_run(void *h);
/* Its try is over: another may have it, and its place at the host. */
void slot_release(struct slot *slot);

/* http_send.c */
struct job *job_new(const struct http_request *req);
int slot_set_up(struct http *h, struct slot *slot);
/* Sets the handle for the job's URL (job->a->from). */
void slot_fill(struct slot *slot);
void slot_free(struct slot *slot);

/* http_recv.c */
size_t take_header(char *p, size_t size, size_t n, void *slot);
size_t take_body(char *p, size_t size, size_t n, void *slot);

/* http_end.c */
/* What follows from a try: an answer, another try, or another hop. */
void try_ended(struct slot *slot, CURLcode code);
/* Puts "URL: " in front of the error, with the place it led to where that is
 * another. */
void job_name(const struct job *j);
/* Hands out the answer and frees the job. */
void job_end(struct http *h, struct job *j, enum http_fault fault);
/* The job's time is over while it waits, or its host is not to be asked. */
void job_give_up(struct http *h, struct job *j);
/* Its first try begins: it has an answer and a deadline. */
int job_begin(struct http *h, struct job *j);
/* Comes from http_start(). */
void job_arrive(struct http *h, struct job *j);
void answer_free(struct http_answer *a);

#endif
