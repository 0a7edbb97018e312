#include "base/base.h"
#include "fetch/plan.h"

#include <math.h>
#include <strings.h>

#include "base/num.h"
#include "net/url.h"

/* Numbers with commas between them; how many, or -1. */
static int read_numbers(const char *text, double *out, size_t most)
{
	size_t n = 0;

	for (const char *p = text;; p++) {
		size_t len = strcspn(p, ",");
		char *word = xmemdup0(p, len);
		int bad = n == most || parse_f64(word, &out[n++]);

		free(word);
		if (bad)
			return -1;
		p += len;
		if (!*p)
			return (int)n;
	}
}

static int read_bands(struct plan *p, const char *text, struct err *err)
{
	double v[3];
	int n = read_numbers(text, v, ARRAY_SIZE(v));

	if (n != 1 && n != 3)
		return err_set(err,
			"--bands '%s': not one band or three, as "
			"4,3,2",
			text);
	for (int i = 0; i < n; i++) {
		if (v[i] < 1 || v[i] > 65535 || v[i] != floor(v[i]))
			return err_set(err, "--bands '%s': bands count from 1",
				text);
		p->bands[i] = (uint64_t)v[i];
	}
	p->nbands = (size_t)n;
	return 0;
}

static int read_stretch(struct plan *p, const char *text, struct err *err)
{
	static const struct {
		const char *word;
		enum stretch_how how;
		bool numbers;
	} kinds[] = {{"none", STRETCH_NONE, false},
		{"minmax", STRETCH_MINMAX, false},
		{"percentile:", STRETCH_PERCENTILE, true},
		{"range:", STRETCH_RANGE, true}, {"", STRETCH_RANGE, true}};
	double v[2] = {0, 0};
	size_t i = 0, len = 0;

	for (; i < ARRAY_SIZE(kinds); i++) {
		len = strlen(kinds[i].word);
		if (kinds[i].numbers ? !strncmp(text, kinds[i].word, len)
				     : !strcmp(text, kinds[i].word))
			break;
	}
	p->has_stretch = true;
	p->how = kinds[i].how;
	if (kinds[i].numbers &&
		(read_numbers(text + len, v, 2) != 2 || !(v[0] < v[1]) ||
			(p->how == STRETCH_PERCENTILE &&
				(v[0] < 0 || v[1] > 100))))
		return err_set(err,
			"--stretch '%s': not none, minmax, percentile:LOW,HIGH "
			"or range:MIN,MAX",
			text);
	p->low = v[0];
	p->high = v[1];
	return 0;
}

/* "http://host" or "host": what is behind the scheme, or NULL. */
static const char *host_of(const char *text, size_t len, bool *clear)
{
	static const char scheme[] = "http://";

	*clear = !strncasecmp(text, scheme, strlen(scheme));
	if (*clear) {
		text += strlen(scheme);
		len -= strlen(scheme);
	}
	for (size_t i = 0; i < len; i++)
		if (strchr("/@?# \t", text[i]))
			return NULL;
	return len ? text : NULL;
}

/* NAME@HOST */
static int read_token(struct plan *p, const char *text, struct err *err)
{
	const char *at = strchr(text, '@');
	struct grant g;
	const char *host;

	host = at ? host_of(at + 1, strlen(at + 1), &g.clear) : NULL;
	if (!host || at == text)
		return err_set(err,
			"--token '%s': not NAME@HOST, where NAME "
			"is a variable of the environment",
			text);
	g.name = xmemdup0(text, (size_t)(at - text));
	g.host = xstrdup(host);
	xgrow(&p->grants, &p->grants_cap, p->ngrants + 1, sizeof(g));
	p->grants[p->ngrants++] = g;
	if (!getenv(g.name) || !*getenv(g.name))
		return err_set(err, "--token: the environment has no '%s'",
			g.name);
	return 0;
}

/* {NAME} in a header's value is the environment's. */
static int add_value(struct buf *line, const char *text, struct err *err)
{
	const char *open = strchr(text, '{'), *close;
	const char *value;
	char *name;

	for (; open && (close = strchr(open, '}')); open = strchr(text, '{')) {
		buf_add(line, text, (size_t)(open - text));
		name = xmemdup0(open + 1, (size_t)(close - open - 1));
		value = getenv(name);
		if (!value || !*value)
			(void)err_set(err,
				"--header: the environment has no '%s'", name);
		else
			buf_adds(line, value);
		free(name);
		if (!value || !*value)
			return -1;
		text = close + 1;
	}
	buf_adds(line, text);
	for (const char *s = buf_str(line); *s; s++)
		if ((uint8_t)*s < ' ' || *s == 0x7f)
			return err_set(err, "--header: a control character in "
					    "a header cannot be sent");
	return 0;
}

/* HOST=Name: value */
static int read_header(struct plan *p, const char *text, struct err *err)
{
	const char *eq = strchr(text, '='), *colon, *host = NULL;
	struct buf line = BUF_INIT;
	struct http_header h = {.host = NULL};

	if (eq)
		host = host_of(text, (size_t)(eq - text), &h.clear);
	colon = eq ? strchr(eq, ':') : NULL;
	if (!host || !colon || colon == eq + 1)
		return err_set(err, "--header: not HOST=NAME: VALUE");
	if (add_value(&line, eq + 1, err)) {
		buf_release(&line);
		return -1;
	}
	h.host = xmemdup0(host, (size_t)(eq - host));
	h.line = buf_detach(&line);
	xgrow(&p->headers, &p->headers_cap, p->nheaders + 1, sizeof(h));
	p->headers[p->nheaders++] = h;
	return 0;
}

static int read_all(const struct opt_list *l, struct plan *p,
	int (*read)(struct plan *, const char *, struct err *), struct err *err)
{
	for (size_t i = 0; i < l->n; i++)
		if (read(p, l->items[i], err))
			return -1;
	return 0;
}

static int check(const struct fetch_options *o, struct err *err)
{
	if (!isnan(o->gsd_m) && o->size_px != UINT64_MAX)
		return err_set(err, "--gsd and --size say both how large a "
				    "chip is");
	if (o->min_bright > o->max_bright)
		return err_set(err, "--min-bright is above --max-bright: "
				    "nothing is left");
	if (o->offline && !o->cache)
		return err_set(err, "--offline: there is nothing to read from "
				    "without --cache");
	if (o->offline && o->gdal_http)
		return err_set(err, "--offline: what --allow-gdal-http lets in "
				    "is in no cache");
	return 0;
}

int plan_read(struct plan *p, const struct fetch_options *o, struct err *err)
{
	*p = (struct plan){.o = o};
	if (check(o, err) || (o->bands && read_bands(p, o->bands, err)) ||
		(o->stretch && read_stretch(p, o->stretch, err)))
		return -1;
	return read_all(&o->tokens, p, read_token, err) ||
			       read_all(&o->headers, p, read_header, err)
		       ? -1
		       : 0;
}

int fetch_check(const struct fetch_options *o, struct err *err)
{
	struct plan p;
	int rc = plan_read(&p, o, err);

	plan_release(&p);
	return rc;
}

void plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->ngrants; i++) {
		free(p->grants[i].name);
		free(p->grants[i].host);
	}
	for (size_t i = 0; i < p->nheaders; i++) {
		free((char *)p->headers[i].host);
		free((char *)p->headers[i].line);
	}
	free(p->grants);
	free(p->headers);
}

bool plan_looks(const struct plan *p)
{
	return p->o->drop_blank || !isnan(p->o->min_bright) ||
	       !isnan(p->o->max_bright) || !isnan(p->o->max_cloud);
}

const char *plan_token(const struct plan *p, const char *name, const char *url,
	struct err *err)
{
	bool known = false;

	for (size_t i = 0; i < p->ngrants; i++) {
		const struct grant *g = &p->grants[i];

		if (strcmp(g->name, name))
			continue;
		known = true;
		if (url_is_for(url, g->host, g->clear))
			return getenv(name);
	}
	err_set(err,
		known ? "{%s} is not for this host, or would go in the "
			"clear (--token)"
		      : "who may have {%s}? Say so with --token %s@HOST",
		name, name);
	return NULL;
}
