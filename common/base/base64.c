#include "base/base.h"
#include "base/base64.h"

#include <nettle/base64.h>

void base64_add(struct buf *b, const void *p, size_t len)
{
	size_t n = BASE64_ENCODE_RAW_LENGTH(len);

	buf_reserve(b, n);
	base64_encode_raw(b->data + b->len, len, p);
	b->len += n;
}

int base64_decode(struct buf *b, const char *s, size_t len)
{
	struct base64_decode_ctx ctx;
	size_t n = BASE64_DECODE_LENGTH(len);

	for (size_t i = 0; i < len; i++) /* nettle skips white space */
		if ((unsigned char)s[i] <= ' ')
			return -1;
	if (len >= 3 && s[len - 3] == '=') /* nettle takes `A===` */
		return -1;
	buf_reserve(b, n);
	base64_decode_init(&ctx);
	if (!base64_decode_update(&ctx, &n, (uint8_t *)b->data + b->len, len,
		    s) ||
		!base64_decode_final(&ctx))
		return -1;
	b->len += n;
	return 0;
}
