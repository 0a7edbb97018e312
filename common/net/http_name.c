#include "base/base.h"
#include "net/http_priv.h"

#include "net/url.h"

/* Where a redirect led; of a URL with secrets that may hold them, too. */
static void show_led(const struct job *j, struct buf *out)
{
	const char *from = buf_str(&j->a->from), *host = strstr(from, "://");

	if (!j->req.name || !host)
		url_show(from, out);
	else
		buf_add(out, from,
			(size_t)(host - from) + 3 + strcspn(host + 3, "/?#"));
	buf_str(out);
}

void job_name(const struct job *j)
{
	struct buf shown = BUF_INIT, led = BUF_INIT;

	if (j->req.name)
		buf_adds(&shown, j->req.name);
	else
		url_show(j->req.url, &shown);
	show_led(j, &led);
	if (!led.len || j->hops <= j->moved)
		(void)err_prefix(&j->a->err, "%.600s", buf_str(&shown));
	else
		(void)err_prefix(&j->a->err, "%.300s, which leads to %.300s",
			buf_str(&shown), led.data);
	buf_release(&shown);
	buf_release(&led);
}
