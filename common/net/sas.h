/*
 * sas.h - tokens of Microsoft's Planetary Computer for its blobs in Azure.
 *
 * A URL at https://ACCOUNT.blob.core.windows.net/CONTAINER/... gets a token
 * appended that the service gives to anybody, for a time
 * (https://planetarycomputer.microsoft.com/docs/concepts/sas/). It is asked
 * for when it is first needed, once for an account and container, and again a
 * minute before it ends; that there is none is kept in mind for a minute.
 * Records, logs and messages never have it. PC_SDK_SAS_URL names another
 * service, PC_SDK_SUBSCRIPTION_KEY is sent to it alone, as with Microsoft's
 * own package. Any thread.
 */
#ifndef NET_SAS_H
#define NET_SAS_H

#include "net/http.h"

struct sas;

/* The client must live longer. */
struct sas *sas_new(struct http *h);
/* NULL is fine. */
void sas_free(struct sas *s);
/* Whether the URL is one that needs a token and has none. */
bool sas_is_for(const struct sas *s, const char *url);
/*
 * Appends the URL with its token to out. May wait for the service; not from
 * the HTTP client's thread.
 */
int sas_sign(struct sas *s, const char *url, struct buf *out,
	struct err *err) MUST_USE;

#endif
