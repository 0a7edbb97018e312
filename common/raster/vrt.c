#include "base/base.h"
#include "raster/vrt.h"

#include <strings.h>

#include "base/num.h"
#include "raster/gdal.h"

enum what {
	REFUSE,
	KEEP, /* with all that is in it, which names nothing */
	DROP, /* not needed, and what it leads to is GDAL's matter */
	METADATA,
	SRS,
	ENTER,  /* by the rules of its own */
	SOURCE, /* the same, and it names a file */
};

struct rule {
	const char *name;
	enum what what;
	const struct rule *inside;
};

static const struct rule source[] = {
	{"resampling", KEEP, NULL},
	{"SourceFilename", KEEP, NULL}, /* replaced by then */
	{"SourceBand", KEEP, NULL},
	{"SourceProperties", KEEP, NULL},
	{"SrcRect", KEEP, NULL},
	{"DstRect", KEEP, NULL},
	{"UseMaskBand", KEEP, NULL},
	{"NODATA", KEEP, NULL},
	{"ScaleOffset", KEEP, NULL},
	{"ScaleRatio", KEEP, NULL},
	{"ColorTableComponent", KEEP, NULL},
	{"LUT", KEEP, NULL},
	{"Exponent", KEEP, NULL},
	{"SrcMin", KEEP, NULL},
	{"SrcMax", KEEP, NULL},
	{"DstMin", KEEP, NULL},
	{"DstMax", KEEP, NULL},
	{"Kernel", KEEP, NULL},
	{NULL, REFUSE, NULL},
};

static const struct rule band[] = {
	{"dataType", KEEP, NULL},
	{"band", KEEP, NULL},
	{"blockXSize", DROP, NULL},
	{"blockYSize", DROP, NULL},
	{"ColorInterp", KEEP, NULL},
	{"ColorTable", KEEP, NULL},
	{"CategoryNames", DROP, NULL},
	{"Description", DROP, NULL},
	{"UnitType", DROP, NULL},
	{"Histograms", DROP, NULL},
	{"NoDataValue", KEEP, NULL},
	{"NodataValue", KEEP, NULL},
	{"HideNoDataValue", KEEP, NULL},
	{"Offset", KEEP, NULL},
	{"Scale", KEEP, NULL},
	{"Metadata", METADATA, NULL},
	{"Overview", SOURCE, source},
	{"SimpleSource", SOURCE, source},
	{"ComplexSource", SOURCE, source},
	{"AveragedSource", SOURCE, source},
	{"KernelFilteredSource", SOURCE, source},
	{NULL, REFUSE, NULL},
};

static const struct rule mask[] = {
	{"VRTRasterBand", ENTER, band},
	{NULL, REFUSE, NULL},
};

static const struct rule dataset[] = {
	{"rasterXSize", KEEP, NULL},
	{"rasterYSize", KEEP, NULL},
	{"SRS", SRS, NULL},
	{"GeoTransform", KEEP, NULL},
	{"GCPList", DROP, NULL},
	{"Metadata", METADATA, NULL},
	{"OverviewList", KEEP, NULL},
	{"VRTRasterBand", ENTER, band},
	{"MaskBand", ENTER, mask},
	{NULL, REFUSE, NULL},
};

struct rewrite {
	const char *own;
	bool remote;
	struct vrt_walk *walk;
};

static int walk(const struct rewrite *rw, CPLXMLNode *node,
	const struct rule *rules, struct err *err);

/* Takes its one file's name out, be it an element or an attribute; of several
 * GDAL would take another one than is looked at here. */
static int take_name(CPLXMLNode *node, struct buf *name, bool *relative)
{
	CPLXMLNode *file = CPLGetXMLNode(node, "SourceFilename");
	uint64_t number = 0;

	if (!file ||
		parse_u64(CPLGetXMLValue(file, "relativeToVRT", "0"), &number))
		return -1;
	*relative = number != 0;
	buf_adds(name, CPLGetXMLValue(file, NULL, ""));
	CPLRemoveXMLChild(node, file);
	CPLDestroyXMLNode(file);
	return CPLGetXMLNode(node, "SourceFilename") ? -1 : 0;
}

/* Its file's name becomes GDAL's. */
static int rename_source(const struct rewrite *rw, CPLXMLNode *node,
	struct err *err)
{
	struct buf name = BUF_INIT, to = BUF_INIT;
	bool relative;
	int rc;

	if (take_name(node, &name, &relative))
		rc = err_set(err, "a source without one file");
	else
		rc = source_in_vrt(buf_str(&name), relative, rw->own,
			rw->remote, rw->walk, &to, err);
	if (!rc)
		CPLCreateXMLElementAndValue(node, "SourceFilename",
			buf_str(&to));
	buf_release(&name);
	buf_release(&to);
	return rc;
}

/* Only EPSG:n and WKT: GDAL would take other names for files, too. */
static int check_srs(CPLXMLNode *node, struct err *err)
{
	OGRSpatialReferenceH srs =
		srs_from_text(CPLGetXMLValue(node, NULL, ""));

	if (!srs)
		return err_set(err, "its coordinate system is neither EPSG:n "
				    "nor WKT");
	OSRDestroySpatialReference(srs);
	return 0;
}

/* GDAL finds an attribute where it looks for an element: there is none of those
 * that hold others. */
static enum what what_of(const CPLXMLNode *node, const struct rule **rule)
{
	const struct rule *r = *rule;

	while (r->name && strcasecmp(r->name, node->pszValue) != 0)
		r++;
	*rule = r;
	return r->inside && node->eType == CXT_Attribute ? REFUSE : r->what;
}

/* 1: it goes; 0: it stays. */
static int apply(const struct rewrite *rw, CPLXMLNode *node,
	const struct rule *rules, struct err *err)
{
	switch (what_of(node, &rules)) {
	case KEEP:
		return 0;
	case DROP:
		return 1;
	case METADATA:
		return strcmp(CPLGetXMLValue(node, "domain", ""),
			       "IMAGE_STRUCTURE") != 0;
	case SRS:
		return check_srs(node, err);
	case SOURCE:
		if (rename_source(rw, node, err))
			return -1;
		return walk(rw, node, rules->inside, err);
	case ENTER:
		return walk(rw, node, rules->inside, err);
	case REFUSE:
		break;
	}
	if (!strcasecmp(node->pszValue, "subClass") && node->psChild &&
		!strcmp(node->psChild->pszValue, "VRTSourcedRasterBand"))
		return 1; /* as without */
	return err_set(err,
		"'%.60s' has no place here: a VRT may only name sources that "
		"are whole images",
		node->pszValue);
}

static int walk(const struct rewrite *rw, CPLXMLNode *node,
	const struct rule *rules, struct err *err)
{
	CPLXMLNode *next;
	int rc = 0;

	for (CPLXMLNode *at = node->psChild; at && rc >= 0; at = next) {
		next = at->psNext;
		rc = 1;
		if (at->eType == CXT_Element || at->eType == CXT_Attribute)
			rc = apply(rw, at, rules, err);
		if (rc > 0) {
			CPLRemoveXMLChild(node, at);
			CPLDestroyXMLNode(at);
		}
	}
	return rc < 0 ? -1 : 0;
}

/* The one element of that name, which the text must begin with. */
static CPLXMLNode *root_of(CPLXMLNode *tree)
{
	while (tree && (tree->eType != CXT_Element || tree->pszValue[0] == '?'))
		tree = tree->psNext;
	return tree && !strcasecmp(tree->pszValue, "VRTDataset") ? tree : NULL;
}

int vrt_rewrite(const char *text, const char *own, bool remote,
	struct vrt_walk *w, struct buf *out, struct err *err)
{
	const struct rewrite rw = {own, remote, w};
	CPLXMLNode *tree, *root, *rest;
	struct gdal_log log;
	char *xml = NULL;
	int rc = -1;

	if (w->depth == VRT_MAX_DEPTH)
		return err_set(err, "'%s': VRTs in VRTs, %d deep", own,
			VRT_MAX_DEPTH);
	gdal_listen(&log);
	tree = CPLParseXMLString(text);
	gdal_ignore();
	root = root_of(tree);
	if (!tree)
		return gdal_error(err, &log, "'%s'", own);
	w->depth++;
	if (!root)
		err_set(err, "'%s': no VRTDataset", own);
	else if (walk(&rw, root, dataset, err))
		err_prefix(err, "'%s'", own);
	else
		rc = 0;
	w->depth--;
	if (!rc) {
		rest = root->psNext;
		root->psNext = NULL;
		xml = CPLSerializeXMLTree(root);
		root->psNext = rest;
		w->bytes += strlen(xml);
		if (w->bytes > VRT_MAX_BYTES)
			rc = err_set(err, "'%s': more than %ju bytes of VRT",
				own, (uintmax_t)VRT_MAX_BYTES);
		else
			buf_adds(out, xml);
	}
	CPLFree(xml);
	CPLDestroyXMLNode(tree);
	return rc;
}
