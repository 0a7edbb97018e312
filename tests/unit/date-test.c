#include "base/base.h"
#include "base/date.h"
#include "unit/tap.h"

#include <inttypes.h>

static void test_dates(void)
{
	static const struct {
		const char *text;
		size_t len;
	} rows[] = {
		{"2018-07-16", 10},
		{"2018-07-16T10:20:30Z", 10},
		{"2018-07", 7},
		{"2018", 4},
		{"2018-04-30", 10},
		{"2018-04-31", 7},
		{"2018-02-28", 10},
		{"2018-02-29", 7},
		{"2020-02-29", 10},
		{"2020-02-30", 7},
		{"1900-02-29", 7},
		{"2000-02-29", 10},
		{"2018-12-31", 10},
		{"2018-12-32", 7},
		{"2018-01-00", 7},
		{"2018-00-01", 4},
		{"2018-13-01", 4},
		{"2018-07-1", 7},
		{"2018-7-16", 4},
		{"2018/07/16", 4},
		{"2018-07 16", 7},
		{"0001-01-01", 10},
		{"0000-01-01", 0},
		{"201", 0},
		{"-201", 0},
		{"", 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ok(date_len(str_from(rows[i].text)) == rows[i].len,
			"'%s' begins with a date of %zu bytes", rows[i].text,
			rows[i].len);
}

static void test_moments(void)
{
	static const struct {
		const char *text;
		int64_t want; /* -1: no moment */
		bool day;     /* which is no time */
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0, false},
		{"2020-09-13T12:26:40Z", 1600000000, false},
		{"2020-09-13T12:26:40.987Z", 1600000000, false},
		{"2016-12-31T23:59:60Z", 1483228800, false},
		{"2020-02-29", 1582934400, true},
		{"1969-12-31T23:59:58Z", -2, false},
		{"2020-09-13T12:26:40", -1, false},
		{"2020-09-13T12:26:40.Z", -1, false},
		{"2020-09-13T12:26:40+01:00", -1, false},
		{"2020-09-13T24:00:00Z", -1, false},
		{"2020-09-13 12:26:40Z", -1, false},
		{"2021-02-29", -1, false},
		{"2020-09-13T", -1, false},
		{"2020-09", -1, false},
		{"", -1, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t v = -1;
		int want = rows[i].want == -1 ? -1 : 0;

		ok(date_moment(rows[i].text, &v) == want && v == rows[i].want,
			"'%s' is second %" PRId64, rows[i].text, rows[i].want);
		v = -1;
		ok(date_time(rows[i].text, &v) == (rows[i].day ? -1 : want),
			"'%s' as a time", rows[i].text);
	}
}

int main(void)
{
	test_dates();
	test_moments();
	return tap_done();
}
