#include "base/base.h"
#include "catalog/plan.h"

#include <sys/stat.h>

#include "catalog/files.h"
#include "catalog/sources.h"
#include "catalog/vector.h"
#include "filter/table.h"
#include "net/url.h"

static int check_places(struct catalog_plan *p, struct err *err)
{
	bool tiles = p->from == FROM_TILES;
	uint64_t px = p->tile_px == UINT64_MAX ? 256 : p->tile_px;

	if ((p->zoom || p->tile_px != UINT64_MAX) && !tiles)
		return err_set(err,
			"--zoom and --tile-size are for --from tiles");
	if (p->bounds && !tiles && p->from != FROM_EEDA)
		return err_set(err,
			"--bounds is for --from tiles and --from eeda");
	if (tiles && !p->zoom)
		return err_set(err, "--from tiles needs --zoom A-B");
	if (tile_grid_read(&p->grid, p->zoom ? p->zoom : "0", px, p->bounds,
		    err))
		return -1;
	if (p->from == FROM_EEDA && p->grid.bounds[0] >= p->grid.bounds[2])
		return err_set(err,
			"--bounds '%s': Earth Engine takes no box over the "
			"antimeridian; make two catalogues and cat them",
			p->bounds);
	return 0;
}

/* o: what the other options say. */
static int check_stac(const struct catalog_plan *p, struct catalog_options *o,
	struct err *err)
{
	const struct catalog_stac_texts *t = &p->stac;

	if (p->from == FROM_STAC)
		return catalog_stac_check(t, o, err);
	if (t->assets || t->collections || t->bbox || t->datetime ||
		t->max_items || t->open_assets)
		return err_set(err,
			"--asset, --collections, --bbox, --datetime, "
			"--max-items and --open-assets are for --from stac");
	return 0;
}

int catalog_check(struct catalog_plan *p, const struct common *c,
	struct err *err)
{
	bool to_file = c->output && strcmp(c->output, "-");
	struct catalog_options all;
	int rc;

	if (!c->noperands)
		return err_set(err, "missing operand: FILE");
	if (p->format >= CATALOG_VECTOR && !to_file)
		return err_set(err, "a vector file needs a name: -o FILE");
	if (p->location && p->from != FROM_VECTOR)
		return err_set(err, "--location is for --from vector");
	if (p->texts.band_pattern && p->from != FROM_FILES)
		return err_set(err, "--band-pattern is for --from files");
	if (p->sources && !p->source)
		return err_set(err, "--sources needs --source ALIAS");
	if (check_places(p, err))
		return -1;
	p->texts.named_bands = p->from == FROM_EEDA;
	rc = catalog_options_read(&all, &p->texts, err);
	if (!rc)
		rc = check_stac(p, &all, err);
	catalog_options_release(&all);
	return rc;
}

/*
 * The header names what was given, not what a folder or pattern holds; of a
 * template the host, of a URL no query, for they may hold secrets.
 */
static void add_input(const struct catalog_plan *p, struct filter *f,
	const char *name)
{
	struct buf host = BUF_INIT;
	struct stat st;

	if (p->from == FROM_TILES) {
		tiles_add_host(&host, name);
		filter_add_input(f, buf_str(&host), UINT64_MAX, NULL);
	} else if (url_is_http(name)) {
		url_show(name, &host);
		host.len = strcspn(host.data, "?");
		filter_add_input(f, buf_str(&host), UINT64_MAX, NULL);
	} else {
		bool file = !stat(name, &st) && S_ISREG(st.st_mode);

		filter_add_input(f, name,
			file ? (uint64_t)st.st_size : UINT64_MAX, NULL);
	}
	buf_release(&host);
}

static int add_one(const struct catalog_plan *p, struct maker *m,
	const char *name, struct err *err)
{
	switch ((enum catalog_from)p->from) {
	case FROM_FILES: /* all at once: bands may be among several, */
	case FROM_STAC:  /* and documents and limits go for all */
		break;
	case FROM_VECTOR:
		return catalog_vector(m, name, p->location, err);
	case FROM_TILES:
		return catalog_tiles(m, name, &p->grid, err);
	case FROM_EEDA:
		return catalog_eeda(m, name, p->bounds ? p->grid.bounds : NULL,
			err);
	}
	return 0;
}

static int add_all(const struct catalog_plan *p, struct maker *m,
	const struct names *names, struct err *err)
{
	int rc = 0;

	if (p->from == FROM_FILES)
		return catalog_files(m, names, err);
	if (p->from == FROM_STAC)
		return catalog_stac(m, names, &p->stac, err);
	for (size_t i = 0; i < names->n && !rc; i++)
		rc = add_one(p, m, names->items[i], err);
	return rc;
}

/* What the table says of the source goes where no option says otherwise. */
static int take_source(struct catalog_plan *p, struct filter *f,
	struct source *source, struct err *err)
{
	const char *name = p->sources ? p->sources : CATALOG_SOURCES;
	struct buf table = BUF_INIT;
	int rc;

	if (!p->source)
		return 0;
	rc = filter_table(f, p->sources, CATALOG_SOURCES, &table, err);
	if (!rc)
		rc = source_find(source, name, &table, p->source, err);
	if (!rc && p->from == FROM_STAC)
		source_complete_stac(source, &p->texts, &p->stac);
	else if (!rc)
		source_complete(source, p->from == FROM_EEDA, &p->texts);
	buf_release(&table);
	return rc;
}

static int make(const struct catalog_plan *p, const struct catalog_options *o,
	const struct common *c, struct filter *f, struct err *err)
{
	struct maker *m = maker_new(f, o);
	struct names names = {NULL, 0, 0};
	struct vector_out *layer = NULL;
	int rc = names_read(&names, c, err);

	if (o->licence.len)
		filter_add_licence(f, o->licence.s);
	for (size_t i = 0; i < names.n && !rc; i++)
		add_input(p, f, names.items[i]);
	if (!rc && p->format >= CATALOG_VECTOR) {
		layer = catalog_layer_new(p->format - CATALOG_VECTOR, err);
		rc = layer ? 0 : -1;
		maker_use_layer(m, layer);
	}
	if (!rc)
		rc = add_all(p, m, &names, err);
	if (!rc && layer)
		rc = vector_save(layer, c->output, err);
	vector_free(layer);
	names_release(&names);
	maker_free(m);
	return rc;
}

int catalog_run(const struct catalog_plan *plan, const struct common *c,
	struct filter *f, struct err *err)
{
	struct catalog_plan p = *plan;
	struct source source = {{NULL}};
	struct catalog_options o = {.nbands = 0};
	int rc = take_source(&p, f, &source, err);

	if (!rc)
		rc = catalog_options_read(&o, &p.texts, err);
	if (!rc)
		rc = check_stac(&p, &o, err);
	o.max_cloud = p.max_cloud;
	o.valid_mask = p.valid_mask;
	if (!rc)
		rc = make(&p, &o, c, f, err);
	catalog_options_release(&o);
	source_release(&source);
	return rc;
}
