#include "base/base.h"
#include "filter/priv.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"

enum { MAX_WARNINGS = 20 };

void count_aside(struct filter *f, const struct item *item)
{
	struct str key = rec_key(&item->rec);
	char place[40] = "";

	++*map_put(&f->reasons, str_from(item->reason));
	if (item->verdict == DROP) {
		f->n_dropped++;
		return;
	}
	f->n_faults++;
	if (f->n_faults > MAX_WARNINGS)
		return;
	if (!(f->flags & FILTER_SOURCE))
		snprintf(place, sizeof(place), ", at byte %" PRIu64,
			item->offset);
	log_warn("record %" PRIu64 "%s%.*s%s: %s%s%s", item->number,
		key.len ? " " : "", (int)MIN(key.len, 100), key.s, place,
		item->reason, item->detail && *item->detail ? ": " : "",
		item->detail ? item->detail : "");
	if (f->n_faults == MAX_WARNINGS)
		log_warn("more faulty records are only counted");
}

/* Why nothing came out: the rule that took most, and the likeliest cause. */
static void explain_empty(const struct filter *f)
{
	const struct map_entry *most = NULL;

	for (size_t i = 0; i < f->reasons.len; i++)
		if (!most || f->reasons.entries[i].value > most->value)
			most = &f->reasons.entries[i];
	if (!most)
		log_warn("nothing came out%s%s", f->hint ? ": " : "",
			f->hint ? f->hint : "");
	else
		log_warn("nothing came out: '%s' took %zu of %" PRIu64
			 " records%s%s",
			most->key.s, most->value,
			f->flags & FILTER_SOURCE ? f->n_dropped + f->n_faults
						 : f->n_in,
			f->hint ? "; " : "", f->hint ? f->hint : "");
}

void say_summary(const struct filter *f, bool failed)
{
	uint64_t aside = f->n_dropped + f->n_faults;
	struct buf b = BUF_INIT;

	if (!(f->flags & FILTER_SOURCE))
		buf_addf(&b, "%" PRIu64 " records in, ", f->n_in);
	buf_addf(&b, "%" PRIu64 "%s out", f->n_out,
		f->flags & FILTER_SOURCE ? " records" : "");
	if (aside)
		buf_addf(&b, ", %" PRIu64 " set aside", aside);
	for (size_t i = 0; i < f->reasons.len; i++)
		buf_addf(&b, "%s%s %zu", i ? ", " : " (",
			f->reasons.entries[i].key.s,
			f->reasons.entries[i].value);
	log_info("%s%s, %.1f s", buf_str(&b), f->reasons.len ? ")" : "",
		clock_s() - f->started);
	if (!failed && !f->n_out &&
		(f->n_in || aside || (f->flags & FILTER_SOURCE && f->hint)))
		explain_empty(f);
	buf_release(&b);
}

void start_clock(struct filter *f)
{
	f->started = clock_s();
}
