#include "base/base.h"
#include "base/date.h"

/* n digits as a number, -1 when they are none. */
static int number(const char *s, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = 10 * v + (s[i] - '0');
	}
	return v;
}

static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

size_t date_len(struct str s)
{
	int year, month, day;

	year = s.len < 4 ? -1 : number(s.s, 4);
	if (year < 1)
		return 0;
	month = s.len < 7 || s.s[4] != '-' ? -1 : number(s.s + 5, 2);
	if (month < 1 || month > 12)
		return 4;
	day = s.len < 10 || s.s[7] != '-' ? -1 : number(s.s + 8, 2);
	return day < 1 || day > days_of(year, month) ? 7 : 10;
}
