/*
 * date.h - days of the Gregorian calendar. Any thread.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stddef.h>

/*
 * The length of the date that a text begins with: 10 for "2018-07-16", 7 for
 * "2018-07", 4 for "2018"; 0 for none. Years are 0001 to 9999; a day that its
 * month does not have is not taken: 7 for "2018-02-30".
 */
size_t date_len(struct str s);

#endif
