# jpeg-block.bats - JPEG blocks of TIFFs: the same pixels as GDAL's

load lib
load raster

block() {
	"$top_builddir/tests/helper/jpeg-block" "$1"
}

# same FILE: our pixels are GDAL's, and most are not black.
same() {
	gdal_translate -q -of ENVI -co INTERLEAVE=BIP "$1" want 2>gdal-says
	block "$1" >have
	cmp have want
	[ "$(tr -d '\0' <have | wc -c)" -gt 10000 ]
}

# photometric FILE VALUE: changes that tag of its first directory.
photometric() {
	/usr/bin/python3 - "$@" <<'PY'
import struct
import sys

b = bytearray(open(sys.argv[1], "rb").read())
at = struct.unpack_from("<I", b, 4)[0]
n = struct.unpack_from("<H", b, at)[0]
for at in range(at + 2, at + 2 + 12 * n, 12):
    if struct.unpack_from("<H", b, at)[0] == 262:
        struct.pack_into("<H", b, at + 8, int(sys.argv[2]))
        break
else:
    sys.exit("no such tag")
open(sys.argv[1], "wb").write(b)
PY
}

# made NAME BANDS [CREATION OPTION…]: a JPEG TIFF of 300 x 200 pixels.
made() {
	local name=$1 bands=$2 options=()
	shift 2
	for option; do
		options+=(-co "$option")
	done
	tif "$name" 300 200 "$bands" EPSG:32632 500000 5200000 1 \
		-co COMPRESS=JPEG "${options[@]}"
}

@test "YCbCr with half the chroma, in tiles and strips, at any quality" {
	for quality in 30 75 95; do
		made a.tif 3 PHOTOMETRIC=YCBCR TILED=YES BLOCKXSIZE=64 \
			BLOCKYSIZE=64 JPEG_QUALITY=$quality
		same a.tif
	done
	made b.tif 3 PHOTOMETRIC=YCBCR BLOCKYSIZE=16
	same b.tif
	made c.tif 3 PHOTOMETRIC=YCBCR BLOCKYSIZE=64 # 200 is no multiple
	same c.tif
}

@test "YCbCr with all of the chroma" {
	made a.tif 3 PHOTOMETRIC=RGB TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64
	photometric a.tif 6
	same a.tif
	gdalinfo a.tif 2>/dev/null | grep -q 'SOURCE_COLOR_SPACE=YCbCr'
}

@test "RGB, grey and four bands as they stand" {
	made rgb.tif 3 PHOTOMETRIC=RGB TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64
	same rgb.tif
	made grey.tif 1 TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64
	same grey.tif
	made four.tif 4 TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64
	same four.tif
	made alpha.tif 4 PHOTOMETRIC=RGB ALPHA=YES BLOCKYSIZE=32
	same alpha.tif
}

@test "tables in each block, or only those of quantising in common" {
	for mode in 0 1 2 3; do
		made a.tif 3 PHOTOMETRIC=YCBCR TILED=YES BLOCKXSIZE=64 \
			BLOCKYSIZE=64 JPEGTABLESMODE=$mode
		same a.tif
	done
}
