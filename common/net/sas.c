#include "base/base.h"
#include "net/sas.h"

#include <pthread.h>
#include <strings.h>
#include <time.h>

#include "base/date.h"
#include "base/map.h"
#include "json/json.h"
#include "net/url.h"

/* It is asked for again so long before it ends, or after it failed. */
enum { MARGIN_S = 60 };
/* Bytes of an answer of the service. */
enum { MAX_ANSWER = 1 << 20 };

/* Of an account and container. */
struct token {
	char *text; /* NULL: none came */
	struct err err;
	int64_t until; /* Unix seconds: when it ends, or is asked for again */
	bool asking;
};

struct sas {
	struct http *http;
	const char *service;
	char *secret;         /* a header, or NULL */
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t came;
	struct map names;
	struct token **tokens; /* [names.len] */
	size_t cap;
};

struct sas *sas_new(struct http *h)
{
	const char *service = getenv("PC_SDK_SAS_URL");
	const char *key = getenv("PC_SDK_SUBSCRIPTION_KEY");
	struct sas *s = xcalloc(1, sizeof(*s));
	struct buf secret = BUF_INIT;

	s->http = h;
	s->service = service && *service
			     ? service
			     : "https://planetarycomputer.microsoft.com/api/"
			       "sas/v1/token";
	if (key && *key && !strpbrk(key, "\r\n")) {
		buf_addf(&secret, "Ocp-Apim-Subscription-Key: %s", key);
		s->secret = buf_detach(&secret);
	}
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->came, NULL);
	return s;
}

void sas_free(struct sas *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->names.len; i++) {
		free(s->tokens[i]->text);
		free(s->tokens[i]);
	}
	free(s->tokens);
	map_release(&s->names);
	free(s->secret);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->came);
	free(s);
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.s[i] >= 'a' && s.s[i] <= 'z') ||
			    (s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == '-' ||
			    s.s[i] == '$'))
			return false;
	return s.len;
}

/* Its account and container; -1: it is at none, or open to all. */
static int split(const char *url, struct str *account, struct str *container)
{
	static const char domain[] = ".blob.core.windows.net/";
	const char *rest;

	if (strncasecmp(url, "https://", 8))
		return -1;
	*account = (struct str){url + 8, strcspn(url + 8, "./?#@:")};
	rest = account->s + account->len;
	if (strncasecmp(rest, domain, strlen(domain)))
		return -1;
	rest += strlen(domain);
	*container = (struct str){rest, strcspn(rest, "/?#")};
	/* Microsoft's own package leaves this one alone, too */
	if (str_is(*account, "ai4edatasetspublicassets"))
		return -1;
	return is_name(*account) && is_name(*container) ? 0 : -1;
}

/* Whether the query has one of that name. */
static bool has_parameter(const char *url, const char *name)
{
	const char *s = url + strcspn(url, "?#");
	size_t n = strlen(name);

	for (; *s && *s != '#'; s += strcspn(s, "&#")) {
		s++;
		if (!strncasecmp(s, name, n) && s[n] == '=')
			return true;
	}
	return false;
}

bool sas_is_for(const struct sas *s, const char *url)
{
	struct str account, container;

	(void)s;
	return !split(url, &account, &container) && !has_parameter(url, "sig");
}

/* {"msft:expiry": "2030-01-01T00:00:00Z", "token": "st=..."} */
static int read_answer(struct str text, struct token *t, struct err *err)
{
	struct jval *root = jval_parse(text.s, text.len, err);
	struct str token, expiry;
	char *until = NULL;
	int rc = -1;

	if (!root)
		return -1;
	if (jval_str(jval_get(root, "token"), &token) || !token.len ||
		jval_str(jval_get(root, "msft:expiry"), &expiry) ||
		memchr(token.s, '\0', token.len)) {
		(void)err_set(err, "the answer has no token and no end of it");
		goto out;
	}
	until = xmemdup0(expiry.s, expiry.len);
	if (date_time(until, &t->until)) {
		(void)err_set(err, "the token's end is no time");
		goto out;
	}
	t->text = xmemdup0(token.s, token.len);
	rc = 0;
out:
	free(until);
	jval_free(root);
	return rc;
}

/* Asks the service; may take its time. */
static void ask(struct sas *s, struct str name, struct token *t)
{
	struct buf url = BUF_INIT, body = BUF_INIT, shown = BUF_INIT;
	struct http_request req = {.accept = "application/json",
		.limit = MAX_ANSWER,
		.secret = s->secret};

	buf_adds(&url, s->service);
	while (url.len && url.data[url.len - 1] == '/')
		url.len--;
	buf_addc(&url, '/');
	buf_add(&url, name.s, name.len);
	req.url = buf_str(&url);
	if (!http_fetch(s->http, &req, &body, NULL, &t->err) &&
		read_answer((struct str){buf_str(&body), body.len}, t,
			&t->err)) {
		url_show(req.url, &shown);
		(void)err_prefix(&t->err, "%s", shown.data);
	}
	if (!t->text) {
		(void)err_prefix(&t->err, "no token for '%.*s'", (int)name.len,
			name.s);
		t->until = time(NULL) + 2 * MARGIN_S;
	}
	buf_release(&url);
	buf_release(&body);
	buf_release(&shown);
}

/* With the lock held. */
static struct token *token_named(struct sas *s, struct str name)
{
	size_t known = s->names.len, *i = map_put(&s->names, name);

	if (s->names.len > known) {
		*i = known;
		xgrow(&s->tokens, &s->cap, known + 1, sizeof(*s->tokens));
		s->tokens[known] = xcalloc(1, sizeof(**s->tokens));
	}
	return s->tokens[*i];
}

/* With the lock held, but not while the service is asked. */
static void refresh(struct sas *s, struct str name, struct token *t)
{
	struct token fresh = {.until = 0};

	if (t->asking) {
		while (t->asking)
			pthread_cond_wait(&s->came, &s->lock);
		return; /* what has come is new enough */
	}
	if (time(NULL) + MARGIN_S < t->until)
		return;
	t->asking = true;
	pthread_mutex_unlock(&s->lock);
	ask(s, name, &fresh);
	pthread_mutex_lock(&s->lock);
	free(t->text);
	*t = fresh;
	pthread_cond_broadcast(&s->came);
}

int sas_sign(struct sas *s, const char *url, struct buf *out, struct err *err)
{
	struct str account, container;
	struct buf name = BUF_INIT;
	struct token *t;
	size_t n = strcspn(url, "#");
	int rc = 0;

	if (split(url, &account, &container))
		return err_set(err, "this is at no container of Azure");
	buf_add(&name, account.s, account.len);
	buf_addc(&name, '/');
	buf_add(&name, container.s, container.len);
	pthread_mutex_lock(&s->lock);
	t = token_named(s, (struct str){name.data, name.len});
	refresh(s, (struct str){name.data, name.len}, t);
	if (t->text) {
		buf_add(out, url, n);
		buf_addc(out, memchr(url, '?', n) ? '&' : '?');
		buf_adds(out, t->text + (*t->text == '?'));
		buf_str(out);
	} else {
		*err = t->err;
		rc = -1;
	}
	pthread_mutex_unlock(&s->lock);
	buf_release(&name);
	return rc;
}
