#include "base/base.h"
#include "base/date.h"

#include <time.h>

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

/* The seconds of a day's begin that is written in 10 characters. */
static int64_t begin_of(const char *s)
{
	struct tm tm = {.tm_year = number(s, 4) - 1900,
		.tm_mon = number(s + 5, 2) - 1,
		.tm_mday = number(s + 8, 2)};

	return timegm(&tm);
}

/* Begins like "T00:00:00", with any digits. */
static bool has_clock(const char *s)
{
	static const char form[] = "T00:00:00";
	size_t i = 0;

	while (form[i] == '0' ? s[i] >= '0' && s[i] <= '9'
			      : form[i] && s[i] == form[i])
		i++;
	return !form[i];
}

int date_time(const char *s, int64_t *out)
{
	int hour, min, sec;
	size_t end = 19;

	if (date_len(str_from(s)) != 10 || !has_clock(s + 10))
		return -1;
	if (s[end] == '.')
		end += 1 + strspn(s + end + 1, "0123456789");
	if (end == 20 || strcmp(s + end, "Z"))
		return -1;
	hour = number(s + 11, 2);
	min = number(s + 14, 2);
	sec = number(s + 17, 2);
	if (hour > 23 || min > 59 || sec > 60)
		return -1;
	*out = begin_of(s) + hour * 3600 + min * 60 + sec;
	return 0;
}

int date_moment(const char *s, int64_t *out)
{
	if (date_len(str_from(s)) != 10 || s[10])
		return date_time(s, out);
	*out = begin_of(s);
	return 0;
}
