/*
 * report.h - what was counted, as text for people or as JSON for programs.
 *
 * The text is safe for terminals; JSON holds every value as it is, in the forms
 * of line.h. `rows` is how many of the most frequent values a table shows.
 */
#ifndef STAT_REPORT_H
#define STAT_REPORT_H

#include "stat/stats.h"

void report_text(struct buf *b, const struct stats *s, size_t rows);
/* One line of JSON; rec-stat(1) describes it. */
void report_json(struct buf *b, const struct stats *s, size_t rows);

#endif
