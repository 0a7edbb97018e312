#include "base/base.h"
#include "net/web.h"

#include <pthread.h>

struct waiting {
	pthread_mutex_t lock;
	pthread_cond_t there;
	bool done;
	struct web_answer *out;
	http_check_fn *check;
	void *ctx;
};

static int check_waiting(void *ctx, const struct http_answer *a,
	struct err *err)
{
	struct waiting *wait = ctx;

	return wait->check(wait->ctx, a, err);
}

static void end_waiting(void *ctx, struct web_answer *a)
{
	struct waiting *wait = ctx;

	pthread_mutex_lock(&wait->lock);
	*wait->out = *a;
	a->body = a->etag = a->type = (struct buf)BUF_INIT;
	wait->done = true;
	pthread_cond_signal(&wait->there);
	pthread_mutex_unlock(&wait->lock);
}

int web_read(struct web *w, const struct web_request *req,
	struct web_answer *out, struct err *err)
{
	struct waiting wait = {.lock = PTHREAD_MUTEX_INITIALIZER,
		.there = PTHREAD_COND_INITIALIZER,
		.out = out,
		.check = req->check,
		.ctx = req->ctx};
	struct web_request mine = *req;

	mine.done = end_waiting;
	mine.check = req->check ? check_waiting : NULL;
	mine.ctx = &wait;
	web_get(w, &mine);
	pthread_mutex_lock(&wait.lock);
	while (!wait.done)
		pthread_cond_wait(&wait.there, &wait.lock);
	pthread_mutex_unlock(&wait.lock);
	pthread_mutex_destroy(&wait.lock);
	pthread_cond_destroy(&wait.there);
	if (out->fault == HTTP_FINE)
		return web_keep(w, req, out, err);
	*err = out->err;
	return -1;
}
