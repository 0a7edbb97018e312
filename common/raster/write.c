#include "base/base.h"
#include "raster/write.h"
#include "raster/gdal.h"

#include <stdio.h>
#include <unistd.h>

/* Everything but the rename; GDAL's own words are in `log`. */
static int write_pixels(const char *path, const struct image *img,
	const char *crs, const double transform[6], const char *date)
{
	static const char *const how[] = {"TILED=YES", "COMPRESS=DEFLATE",
		"PREDICTOR=2", "PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL", NULL};
	GDALDriverH driver = GDALGetDriverByName("GTiff");
	OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
	int w = (int)img->width, h = (int)img->height, bands[] = {1, 2, 3};
	GDALDatasetH ds = NULL;
	int rc = -1;

	if (!driver || OSRSetFromUserInput(srs, crs) != OGRERR_NONE)
		goto out;
	ds = GDALCreate(driver, path, w, h, 3, GDT_Byte, (char **)how);
	if (!ds || GDALSetSpatialRef(ds, srs) != CE_None ||
		GDALSetGeoTransform(ds, (double *)transform) != CE_None)
		goto out;
	if (date && GDALSetMetadataItem(ds, "TIFFTAG_DATETIME", date, NULL) !=
			    CE_None)
		goto out;
	if (GDALDatasetRasterIO(ds, GF_Write, 0, 0, w, h, img->px, w, h,
		    GDT_Byte, 3, bands, 3, 3 * w, 1) != CE_None)
		goto out;
	GDALFlushCache(ds);
	rc = 0;
out:
	if (ds)
		GDALClose(ds);
	OSRDestroySpatialReference(srs);
	return rc;
}

int raster_write_rgb(const char *path, const struct image *img, const char *crs,
	const double transform[6], const char *date, struct err *err)
{
	struct buf temp = BUF_INIT;
	struct gdal_log log;
	int rc;

	if (img->channels != 3)
		return err_set(err, "'%s': %u channels, not 3", path,
			img->channels);
	buf_addf(&temp, "%s.part", path);
	gdal_start();
	gdal_listen(&log);
	rc = write_pixels(buf_str(&temp), img, crs, transform, date);
	gdal_ignore();
	if (rc || log.worst >= CE_Failure)
		rc = gdal_error(err, &log, "cannot write '%s'", path);
	else if (rename(buf_str(&temp), path) < 0)
		rc = err_errno(err, "cannot rename to '%s'", path);
	if (rc)
		unlink(buf_str(&temp));
	buf_release(&temp);
	return rc;
}
