#include "base/base.h"
#include "fetch/priv.h"

const char *fault_reason(enum http_fault fault, bool offline)
{
	switch (fault) {
	case HTTP_FINE:
	case HTTP_SAME:
		break;
	case HTTP_NONE:
		return offline ? "not in the cache" : "not there";
	case HTTP_STATUS:
		return "refused by the server";
	case HTTP_UNREACHABLE:
		return "unreachable";
	case HTTP_SHORT:
		return "cut short";
	case HTTP_TIMED_OUT:
		return "timed out";
	case HTTP_TOO_LARGE:
		return "too large";
	case HTTP_BAD:
		return "no image";
	case HTTP_CHANGED:
		return "image changed";
	case HTTP_REFUSED:
		return "not allowed";
	case HTTP_ENDED:
		return "not asked for";
	}
	return "unreachable";
}
