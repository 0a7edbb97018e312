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
	rec_release(&item->rec);
	free(item->detail);
	free(item->data);
	free(item);
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

/*
 * A record that is framed well but is no record (a key twice, say) cannot be
 * edited: it is kept whole as `raw`.
 */
struct item *item_from(const struct filter *f, const struct rec_view *v)
{
	struct item *item = item_new();
	struct err why;

	item->number = v->number;
	item->offset = v->offset;
	if (rec_parse(&item->rec, v->val.p, v->val.len, &why)) {
		item_fault(item, "bad record", "%s", why.msg);
		rec_set_bin(&item->rec, "raw", v->val.p, v->val.len);
	}
	if (!(f->flags & FILTER_REJECTS))
		rec_drop(&item->rec, "reject");
	return item;
}
