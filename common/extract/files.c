/*
 * The files of a run, one after the other.
 */
#include "base/base.h"
#include "extract/priv.h"

static const char attribution[] = "© OpenStreetMap contributors";

/*
 * For the header. The first file that cannot be read is an error when its turn
 * comes: which it is, or SIZE_MAX, and why.
 */
static size_t name_files(const struct common *c, struct filter *f,
	struct err *why)
{
	size_t bad = SIZE_MAX;

	for (size_t i = 0; i < c->noperands; i++) {
		const char *path = c->operands[i];
		int64_t timestamp = 0;

		if (!strcmp(path, "-"))
			continue;
		if (bad == SIZE_MAX &&
			osm_file_timestamp(path, &timestamp, why))
			bad = i;
		filter_add_input(f, path, osm_file_size(path), NULL);
		filter_describe_input(f, timestamp, attribution);
	}
	return bad;
}

int extract_files(const struct extract_options *x, struct filter *f,
	const struct common *c, struct err *err)
{
	struct err why;
	size_t bad = name_files(c, f, &why);

	filter_add_licence(f, "ODbL-1.0");
	if (!c->noperands)
		return extract_file(x, f, "-", err);
	for (size_t i = 0; i < c->noperands; i++) {
		if (i == bad) {
			*err = why;
			return -1;
		}
		if (extract_file(x, f, c->operands[i], err))
			return -1;
	}
	return 0;
}
