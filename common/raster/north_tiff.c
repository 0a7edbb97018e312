#include "base/base.h"
#include "raster/north.h"

#include "raster/gdal.h"

static int put_mask(GDALDatasetH ds, const struct image *img,
	const uint8_t *mask)
{
	int w = (int)img->width, h = (int)img->height;
	CPLErr got;

	CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
	got = GDALCreateDatasetMaskBand(ds, GMF_PER_DATASET);
	CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", NULL);
	if (got == CE_None)
		got = GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(ds, 1)),
			GF_Write, 0, 0, w, h, (void *)mask, w, h, GDT_Byte, 0,
			0);
	return got == CE_None ? 0 : -1;
}

static int write_chip(const char *path, const struct image *img,
	const uint8_t *mask, OGRSpatialReferenceH srs,
	const double transform[6])
{
	const char *const how[] = {"COMPRESS=DEFLATE", "PREDICTOR=2",
		"INTERLEAVE=PIXEL", "ALPHA=NO",
		img->channels < 3 ? "PHOTOMETRIC=MINISBLACK"
				  : "PHOTOMETRIC=RGB",
		NULL};
	GDALDriverH driver = GDALGetDriverByName("GTiff");
	int w = (int)img->width, h = (int)img->height, n = (int)img->channels;
	GDALDatasetH ds = NULL;
	int rc = -1;

	if (driver)
		ds = GDALCreate(driver, path, w, h, n, GDT_Byte, (char **)how);
	if (ds && GDALSetSpatialRef(ds, srs) == CE_None &&
		GDALSetGeoTransform(ds, (double *)transform) == CE_None &&
		(!mask || !put_mask(ds, img, mask)) &&
		GDALDatasetRasterIO(ds, GF_Write, 0, 0, w, h, img->px, w, h,
			GDT_Byte, n, NULL, n, n * w, 1) == CE_None)
		rc = 0;
	if (ds)
		GDALClose(ds);
	return rc;
}

int raster_encode_tiff(const struct image *img, const uint8_t *mask,
	const char *crs, const double transform[6], struct buf *out,
	struct err *err)
{
	struct buf path = BUF_INIT;
	OGRSpatialReferenceH srs;
	struct gdal_log log;
	vsi_l_offset len = 0;
	GByte *bytes;
	int rc = -1;

	gdal_start();
	gdal_listen(&log);
	/* nobody else has this address while it is in use */
	buf_addf(&path, "/vsimem/skyfilters.%p/chip.tif", (void *)&path);
	srs = srs_from_text(crs);
	if (!srs)
		err_set(err, "unknown coordinate system '%.60s'", crs);
	else if (write_chip(buf_str(&path), img, mask, srs, transform) ||
		 log.worst >= CE_Failure)
		gdal_error(err, &log, "cannot make a TIFF of the chip");
	else
		rc = 0;
	bytes = VSIGetMemFileBuffer(buf_str(&path), &len, TRUE);
	if (bytes && !rc)
		buf_add(out, bytes, (size_t)len);
	VSIFree(bytes);
	OSRDestroySpatialReference(srs);
	gdal_ignore();
	buf_release(&path);
	return rc;
}
