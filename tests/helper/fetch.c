/* fetch URL [JSON]: the body of an answer to a GET, or a POST of that JSON;
 * patience is short, and no body is larger than a million bytes. */
#include "base/base.h"
#include "base/io.h"
#include "base/log.h"
#include "net/http.h"

int main(int argc, char **argv)
{
	static const struct http_limits limits = {.connect_s = 2,
		.stall_s = 2,
		.whole_s = 5,
		.tries = 4,
		.redirects = 3,
		.backoff_ms = 10};
	struct http_request req = {.limit = 1000000};
	struct buf body = BUF_INIT, from = BUF_INIT;
	struct http *h;
	struct err err;
	int rc = -1;

	if (argc < 2)
		return 2;
	log_init("fetch", LOG_NORMAL);
	req.url = argv[1];
	if (argc > 2)
		req.post = str_from(argv[2]);
	h = http_new(&(struct http_options){.limits = limits}, &err);
	if (h && !http_fetch(h, &req, &body, &from, &err)) {
		log_info("from %s", buf_str(&from));
		rc = write_all(1, body.data, body.len, &err);
	}
	if (rc)
		log_error("%s", err.msg);
	http_free(h);
	buf_release(&body);
	buf_release(&from);
	return rc ? 1 : 0;
}
