/*
 * fetch.h - tile-fetch's work: the pixels of each record's window, from local
 * rasters, rasters on servers and tile services.
 */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "filter/filter.h"

enum chip_format { CHIP_JPEG, CHIP_PNG, CHIP_WEBP, CHIP_TIFF };
enum { VERIFY_DECODE, VERIFY_FRAMING };
enum { SIGN_NONE, SIGN_PLANETARY_COMPUTER };

/* As the command line has it; NULL and NAN: not given. */
struct fetch_options {
	unsigned format; /* enum chip_format */
	uint64_t quality;
	double gsd_m;
	uint64_t size_px; /* of the longer side; UINT64_MAX: as it is */
	bool north_up;
	const char *bands, *stretch;
	uint64_t max_pixels;
	const char *root;
	uint64_t open_files;
	/* rules for poor chips */
	double min_valid;
	bool drop_blank;
	double min_bright, max_bright, max_cloud; /* 0 … 1, 0 … 1, percent */
	/* the network */
	uint64_t lookahead, item_timeout_s, stall_timeout_s, tries, per_host;
	double rate;
	struct opt_list headers, tokens;
	unsigned sign, verify;
	const char *cache;
	uint64_t cache_size;
	double cache_days;
	bool offline;
	/* what may be opened */
	struct opt_list sources, addresses;
	bool gdal_http;
};

#define FETCH_OPTIONS_USUAL                                                    \
	{                                                                      \
		.quality = 90, .gsd_m = NAN, .size_px = UINT64_MAX,            \
		.max_pixels = 1 << 26, .open_files = 8, .min_bright = NAN,     \
		.max_bright = NAN, .max_cloud = NAN, .lookahead = 100000,      \
		.item_timeout_s = 300, .stall_timeout_s = 60, .tries = 5,      \
		.per_host = 16, .cache_size = UINT64_C(10) << 30,              \
		.cache_days = NAN                                              \
	}

/*
 * Runs the filter. *hangs: it was given up because nothing moved any more, and
 * threads may still wait for something: the process must end by _exit().
 */
int fetch_run(struct filter *f, const struct fetch_options *o, uint64_t threads,
	bool *hangs, struct err *err) MUST_USE;

/* For parsing: -1 and err, naming the option, where one makes no sense. */
int fetch_check(const struct fetch_options *o, struct err *err) MUST_USE;

#endif
