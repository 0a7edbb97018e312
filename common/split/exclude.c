#include "base/base.h"
#include "split/exclude.h"
#include "split/place.h"
#include "base/io.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/map.h"
#include "base/num.h"
#include "filter/table.h"
#include "geo/cells.h"
#include "geo/lonlat.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_LINE = 1 << 16 };

struct exclude {
	struct map ids;     /* 1: a record had it */
	size_t met;         /* of them */
	double (*boxes)[4]; /* [n] */
	size_t n, cap;
	struct lonlat_index *index;
	struct hits hits;
	double radius_m;
};

void exclude_free(struct exclude *e)
{
	if (!e)
		return;
	map_release(&e->ids);
	free(e->boxes);
	lonlat_index_free(e->index);
	hits_release(&e->hits);
	free(e);
}

static int add_box(struct exclude *e, const double box[4], struct err *err)
{
	xgrow(&e->boxes, &e->cap, e->n + 1, sizeof(*e->boxes));
	memcpy(e->boxes[e->n++], box, sizeof(*e->boxes));
	return lonlat_index_add(e->index, box, err);
}

static int add_record(void *ctx, struct rec *rec, struct err *err)
{
	struct exclude *e = ctx;
	struct place p;
	struct str id;
	int place, named = rec_get_str(rec, "id", &id, err);

	if (named < 0)
		return -1;
	if (named)
		map_put(&e->ids, id);
	place = place_read(rec, PLACE_PIXELS, &p, err);
	if (place < 0)
		return -1;
	if (place && add_box(e, p.box, err))
		return -1;
	if (!named && !place)
		return err_set(err, "a record has neither an id nor a place");
	return 0;
}

/*
 * "LON LAT", with a tab, blanks or a comma between: 1, 0 when it is no position
 * but an id, -1.
 */
static int read_position(const char *text, double *lon, double *lat,
	struct err *err)
{
	size_t n = strcspn(text, "\t ,"), gap = strspn(text + n, "\t ,");
	char *first = xmemdup0(text, n);
	bool number = !parse_f64(first, lon);

	free(first);
	if (!gap || (!number && text[n] != '\t'))
		return 0;
	if (number && !parse_f64(text + n + gap, lat) &&
		lonlat_valid(*lon, *lat))
		return 1;
	return err_set(err,
		"neither an id nor a longitude and a latitude in degrees");
}

static int add_line(struct exclude *e, struct str line, struct err *err)
{
	char *text;
	double lon, lat;
	int rc;

	if (line.len && line.s[line.len - 1] == '\r')
		line.len--;
	if (!line.len || line.s[0] == '#')
		return 0;
	if (memchr(line.s, '\0', line.len))
		return err_set(err, "a NUL byte");
	text = xmemdup0(line.s, line.len);
	rc = read_position(text, &lon, &lat, err);
	free(text);
	if (rc > 0)
		return add_box(e, (double[]){lon, lat, lon, lat}, err);
	if (!rc)
		map_put(&e->ids, line);
	return rc;
}

static int read_list(struct exclude *e, const char *path, struct err *err)
{
	struct lines *l = lines_open(path, MAX_LINE, err);
	struct str line;
	int rc;

	if (!l)
		return -1;
	while ((rc = lines_next(l, &line, err)) > 0) {
		if (!add_line(e, line, err))
			continue;
		rc = err_prefix(err, "%s: line %llu", lines_name(l),
			(unsigned long long)lines_number(l));
		break;
	}
	lines_close(l);
	return rc;
}

/* Whether a file begins as a record does, with the head of a map. */
static int begins_as_stream(const char *path, bool *yes, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t head = 0;
	struct stat st;
	long n = 0;

	*yes = false;
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		n = read_some(fd, &head, 1, err);
	close(fd);
	if (n < 0)
		return err_prefix(err, "'%s'", path);
	*yes = (head >= 0x80 && head < 0x90) || head == 0xde || head == 0xdf;
	return 0;
}

static int load(struct exclude *e, struct filter *f, const char *path,
	struct err *err)
{
	struct headers h = HEADERS_INIT;
	bool stream;
	int rc = begins_as_stream(path, &stream, err);

	if (!rc)
		rc = filter_add_file(f, path, err);
	if (!rc && stream)
		rc = rec_read_file(path, add_record, e, &h, NULL, NULL, err);
	else if (!rc)
		rc = read_list(e, path, err);
	if (!rc)
		filter_add_headers(f, &h);
	headers_release(&h);
	if (!rc && !e->n && !e->ids.len)
		rc = err_set(err, "'%s' names nothing to exclude", path);
	return rc;
}

struct exclude *exclude_load(struct filter *f, const char *path,
	double radius_m, struct err *err)
{
	struct exclude *e = xcalloc(1, sizeof(*e));

	e->radius_m = radius_m;
	e->index = lonlat_index_new();
	if (load(e, f, path, err) || lonlat_index_build(e->index, err)) {
		exclude_free(e);
		return NULL;
	}
	log_info("%zu ids and %zu places of '%s' are excluded", e->ids.len,
		e->n, path);
	return e;
}

static bool has_name(struct exclude *e, struct item *item, const char *field)
{
	struct str name;
	struct err why;
	size_t *met;

	if (rec_get_str(&item->rec, field, &name, &why) <= 0)
		return false;
	met = map_get(&e->ids, name);
	if (!met)
		return false;
	e->met += !*met;
	*met = 1;
	item_drop(item, "benchmark", "%s '%.*s'", field,
		(int)MIN(name.len, 100), name.s);
	return true;
}

void exclude_judge(struct exclude *e, struct item *item)
{
	double grown[4];
	struct place p;
	struct err why;
	int rc;

	if (has_name(e, item, "id") || has_name(e, item, "key") || !e->n)
		return;
	rc = place_read(&item->rec, PLACE_PIXELS, &p, &why);
	if (rc < 0)
		item_fault(item, "broken place", "%s", why.msg);
	if (rc <= 0)
		return;
	box_grow(p.box, e->radius_m, grown);
	lonlat_index_query(e->index, grown, &e->hits);
	for (size_t i = 0; i < e->hits.n; i++) {
		const double *box = e->boxes[e->hits.items[i]];
		double metres = box_distance_m(p.box, box);

		if (metres > e->radius_m)
			continue;
		item_drop(item, "benchmark", "%.0f m from %.7g, %.7g", metres,
			box[0], box[1]);
		return;
	}
}

void exclude_report(const struct exclude *e)
{
	if (e && e->met < e->ids.len)
		log_info("%zu of the %zu ids to exclude were in no record",
			e->ids.len - e->met, e->ids.len);
}
