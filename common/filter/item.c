#include "base/base.h"
#include "filter/priv.h"

#include <stdarg.h>
#include <stdio.h>

struct item *item_new(void)
{
	return xcalloc(1, sizeof(struct item));
}

void item_free(struct item *item)
{
	if (!item)
		return;
	free(item->detail);
	free(item->data);
	if (!item->lent) {
		rec_release(&item->rec);
		free(item);
		return;
	}
	item->detail = item->data = NULL;
	rec_reset(&item->rec);
}

struct item *item_keep(struct item *item)
{
	struct item *kept = item_new();

	*kept = *item;
	kept->lent = false;
	item->rec = (struct rec)REC_INIT;
	item->detail = item->data = NULL;
	rec_own(&kept->rec);
	return kept;
}

static void PRINTF(4, 0) set(struct item *item, enum verdict verdict,
	const char *reason, const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	item->verdict = verdict;
	item->reason = reason;
	free(item->detail);
	item->detail = xstrdup(text);
}

int item_drop(struct item *item, const char *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(item, DROP, reason, fmt, ap);
	va_end(ap);
	return 0;
}

int item_fault(struct item *item, const char *reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(item, FAULT, reason, fmt, ap);
	va_end(ap);
	return 0;
}

void item_begin(const struct filter *f, struct item *item, uint64_t number,
	uint64_t offset)
{
	struct val whole = item->rec.whole;
	struct err why;

	item->number = number;
	item->offset = offset;
	item->verdict = KEEP;
	if (rec_check(&item->rec, &why)) {
		item_fault(item, "bad record", "%s", why.msg);
		item->rec.n = 0;
		rec_set_bin(&item->rec, "raw", whole.p, whole.len);
	}
	if (!(f->flags & FILTER_REJECTS))
		rec_drop(&item->rec, "reject");
}
