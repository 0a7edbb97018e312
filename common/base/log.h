/*
 * log.h - messages for people, on stderr, as "program: message".
 *
 * Lower case, no full stop, and what to do about it. One line each: control
 * characters come out as '?'. Safe from any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

/* Call once at the start, before any thread; keeps the pointer. */
void log_init(const char *program, enum log_level level);
const char *log_program(void);
enum log_level log_get_level(void);

/* Always shown. */
void log_error(const char *fmt, ...) PRINTF(1, 2);
/* Shown unless quiet. */
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_info(const char *fmt, ...) PRINTF(1, 2);
/* Shown with -v. */
void log_debug(const char *fmt, ...) PRINTF(1, 2);

#endif
