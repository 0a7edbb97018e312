/*
 * date.h - days and times of the Gregorian calendar. Any thread.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The length of the date that a text begins with: 10 for "2018-07-16", 7 for
 * "2018-07", 4 for "2018"; 0 for none. Years are 0001 to 9999; a day that its
 * month does not have is not taken: 7 for "2018-02-30".
 */
size_t date_len(struct str s);

/*
 * Unix seconds of a time such as "2020-09-13T12:26:40Z"; a fraction of the
 * second is dropped. -1: it is none.
 */
int date_time(const char *s, int64_t *out) MUST_USE;
/* The same, or of a day such as "2020-09-13", which is its begin in UTC. */
int date_moment(const char *s, int64_t *out) MUST_USE;

#endif
