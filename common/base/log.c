#include "base/base.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static const char *program = "skyfilters";
static enum log_level level = LOG_NORMAL;

void log_init(const char *name, enum log_level l)
{
	program = name;
	level = l;
}

const char *log_program(void)
{
	return program;
}

enum log_level log_get_level(void)
{
	return level;
}

/*
 * Names and ids in messages come from files: no line of its own, no escape
 * sequence reaches the terminal.
 */
static void tame(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == '\177')
			*s = '?';
}

/* One write per message, so that lines of many processes do not mix. */
static void PRINTF(2, 0) say(enum log_level at, const char *fmt, va_list ap)
{
	char line[2048];
	int n;

	if (level < at)
		return;
	n = snprintf(line, sizeof(line), "%s: ", program);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, ap);
	if ((size_t)n > sizeof(line) - 2)
		n = (int)sizeof(line) - 2;
	line[n] = '\0';
	tame(line);
	line[n++] = '\n';
	fwrite(line, 1, (size_t)n, stderr);
}

#define SAY(at)                                                                \
	do {                                                                   \
		va_list ap;                                                    \
		va_start(ap, fmt);                                             \
		say(at, fmt, ap);                                              \
		va_end(ap);                                                    \
	} while (0)

void log_error(const char *fmt, ...)
{
	SAY(LOG_QUIET);
}

void log_warn(const char *fmt, ...)
{
	SAY(LOG_NORMAL);
}

void log_info(const char *fmt, ...)
{
	SAY(LOG_NORMAL);
}

void log_debug(const char *fmt, ...)
{
	SAY(LOG_VERBOSE);
}
