/*
 * What is asked for: on a command line, in a search, of an item at hand.
 */
#include "base/base.h"
#include "stac/priv.h"

#include <stdio.h>
#include <time.h>

#include "base/date.h"
#include "base/num.h"
#include "geo/lonlat.h"
#include "net/url.h"

/* What a page holds, of servers that leave it to who asks. */
enum { PAGE_ITEMS = 100 };

int stac_query_bbox(struct stac_query *q, const char *s, struct err *err)
{
	bool good = true;

	for (size_t i = 0; i < 4 && good; i++) {
		size_t n = strcspn(s, ",");
		char *number = xmemdup0(s, n);

		good = !parse_f64(number, &q->bbox_deg[i]) &&
		       (s[n] == ',') == (i < 3);
		free(number);
		s += n + 1;
	}
	if (!good || !lonlat_box_valid(q->bbox_deg))
		return err_set(err,
			"not W,S,E,N in degrees, as 7.4,46.9,7.5,47");
	q->has_bbox = true;
	return 0;
}

static bool offset_of(struct str s, int64_t *out)
{
	int64_t hours, minutes;

	if (s.len == 1 && (*s.s == 'Z' || *s.s == 'z')) {
		*out = 0;
		return true;
	}
	if (s.len != 6 || (*s.s != '+' && *s.s != '-') || s.s[3] != ':' ||
		i64_from_text((struct str){s.s + 1, 2}, &hours) ||
		i64_from_text((struct str){s.s + 4, 2}, &minutes))
		return false;
	*out = (hours * 60 + minutes) * (*s.s == '-' ? -60 : 60);
	return true;
}

int time_of(struct str s, int64_t *out)
{
	enum { CLOCK = 19 }; /* 2020-09-13T12:26:40 */
	char text[CLOCK + 2];
	size_t at = CLOCK;
	int64_t offset;

	if (s.len < CLOCK || memchr(s.s, '\0', s.len))
		return -1;
	memcpy(text, s.s, CLOCK);
	text[10] = 'T'; /* RFC 3339 also has t and a blank */
	text[CLOCK] = 'Z';
	text[CLOCK + 1] = '\0';
	if (s.len > at && s.s[at] == '.')
		for (at++; at < s.len && s.s[at] >= '0' && s.s[at] <= '9';)
			at++;
	if (!offset_of((struct str){s.s + at, s.len - at}, &offset) ||
		date_time(text, out))
		return -1;
	*out -= offset;
	return 0;
}

int span_of(struct str s, int64_t *from, int64_t *to)
{
	static const char first[] = "0001-01-01";
	size_t n = date_len(s);
	char text[16];
	struct tm tm;
	time_t t;

	if (!time_of(s, from)) {
		*to = *from;
		return 0;
	}
	if (!n || n != s.len)
		return -1;
	memcpy(text, first, sizeof(first));
	memcpy(text, s.s, n);
	if (date_moment(text, from))
		return -1;
	t = (time_t)*from;
	gmtime_r(&t, &tm);
	tm.tm_year += n == 4;
	tm.tm_mon += n == 7;
	tm.tm_mday += n == 10;
	*to = timegm(&tm) - 1;
	return 0;
}

int stac_query_datetime(struct stac_query *q, const char *s, struct err *err)
{
	const char *slash = strchr(s, '/');
	struct str a = {s, slash ? (size_t)(slash - s) : strlen(s)};
	struct str b = slash ? str_from(slash + 1) : a;
	bool open_a = slash && (!a.len || str_is(a, "..")), open_b;
	int64_t other;

	open_b = slash && (!b.len || str_is(b, ".."));
	q->from = INT64_MIN;
	q->to = INT64_MAX;
	if ((open_a && open_b) || (!open_a && span_of(a, &q->from, &other)) ||
		(!open_b && span_of(b, &other, &q->to)) || q->from > q->to)
		return err_set(err,
			"no time such as 2020, 2020-06-01, "
			"2020-06-01T10:00:00Z, and no two of them as A/B, A/.. "
			"or ../B");
	q->has_time = true;
	return 0;
}

bool list_has(const char *list, struct str name)
{
	while (*list) {
		size_t n = strcspn(list, ",");

		if (str_eq((struct str){list, n}, name))
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

static bool in_time(const struct stac_query *q, const struct jval *properties)
{
	int64_t from, to;

	if (!span_of(text_of(properties, "datetime"), &from, &to))
		return from <= q->to && to >= q->from;
	if (time_of(text_of(properties, "start_datetime"), &from) ||
		time_of(text_of(properties, "end_datetime"), &to))
		return false;
	return from <= q->to && to >= q->from;
}

const char *query_refuses(const struct stac_query *q,
	const struct stac_item *item, const struct jval *properties)
{
	if (q->collections && !list_has(q->collections, item->collection))
		return "other collection";
	if (q->has_bbox && !(item->has_bbox && lonlat_boxes_meet(item->bbox_deg,
						       q->bbox_deg)))
		return "outside the box";
	if (q->has_time && !in_time(q, properties))
		return "outside the time";
	return NULL;
}

static void add_time(struct buf *b, int64_t t)
{
	time_t when = (time_t)t;
	struct tm tm;
	char text[64];

	gmtime_r(&when, &tm);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
	buf_adds(b, text);
}

static void add_span(const struct stac_query *q, struct buf *b)
{
	if (q->from == INT64_MIN)
		buf_adds(b, "..");
	else
		add_time(b, q->from);
	if (q->from == q->to)
		return;
	buf_addc(b, '/');
	if (q->to == INT64_MAX)
		buf_adds(b, "..");
	else
		add_time(b, q->to);
	buf_str(b);
}

static void add_box(const struct stac_query *q, struct buf *b)
{
	for (size_t i = 0; i < 4; i++) {
		char text[F64_TEXT];

		if (i)
			buf_addc(b, ',');
		buf_add(b, text, f64_text_short(q->bbox_deg[i], text));
	}
	buf_str(b);
}

static uint64_t page_size(const struct stac_query *q)
{
	return q->max_items && q->max_items < PAGE_ITEMS ? q->max_items
							 : PAGE_ITEMS;
}

void query_to_url(const struct stac_query *q, bool in_collection,
	struct buf *url)
{
	struct buf value = BUF_INIT;

	if (q->collections && !in_collection)
		url_set_query(url, "collections", q->collections);
	if (q->has_bbox) {
		add_box(q, &value);
		url_set_query(url, "bbox", value.data);
	}
	if (q->has_time) {
		buf_reset(&value);
		add_span(q, &value);
		url_set_query(url, "datetime", value.data);
	}
	if (!strstr(buf_str(url), "limit=")) {
		buf_reset(&value);
		buf_addf(&value, "%llu", (unsigned long long)page_size(q));
		url_set_query(url, "limit", value.data);
	}
	buf_release(&value);
}

void query_to_json(const struct stac_query *q, struct buf *json)
{
	struct buf value = BUF_INIT;
	const char *s = q->collections;

	buf_addf(json, "{\"limit\":%llu", (unsigned long long)page_size(q));
	for (const char *sign = ",\"collections\":["; s && *s; sign = ",") {
		size_t n = strcspn(s, ",");

		buf_adds(json, sign);
		json_add_str(json, s, n);
		s += n + (s[n] == ',');
		if (!*s)
			buf_addc(json, ']');
	}
	if (q->has_bbox) {
		add_box(q, &value);
		buf_addf(json, ",\"bbox\":[%s]", value.data);
	}
	if (q->has_time) {
		buf_reset(&value);
		add_span(q, &value);
		buf_addf(json, ",\"datetime\":\"%s\"", value.data);
	}
	buf_adds(json, "}");
	buf_str(json);
	buf_release(&value);
}
