# raster.bash - small georeferenced images, made with gdal-bin: load raster

# raw WIDTH HEIGHT BANDS: pixel-interleaved bytes with texture, to stdout.
raw() {
	/usr/bin/python3 - "$@" <<'PY'
import sys

w, h, n = map(int, sys.argv[1:])
sys.stdout.buffer.write(bytes((x * 3 + y * 5 + (x * y >> 5) + c * 60) % 256
    for y in range(h) for x in range(w) for c in range(n)))
PY
}

# envi NAME WIDTH HEIGHT BANDS: NAME with those bytes, and its header.
envi() {
	raw "$2" "$3" "$4" >"$1"
	cat >"$1.hdr" <<HDR
ENVI
samples = $2
lines = $3
bands = $4
data type = 1
interleave = bip
byte order = 0
HDR
}

# tif NAME WIDTH HEIGHT BANDS SRS ULX ULY SIZE [OPTION…]: a north-up GeoTIFF;
# the options are gdal_translate's.
tif() {
	local name=$1 srs=$5 ulx=$6 uly=$7 lrx lry
	lrx=$(awk "BEGIN { printf \"%.12g\", $6 + $2 * $8 }")
	lry=$(awk "BEGIN { printf \"%.12g\", $7 - $3 * $8 }")
	envi "$name.raw" "$2" "$3" "$4"
	shift 8
	gdal_translate -q -a_srs "$srs" -a_ullr "$ulx" "$uly" "$lrx" "$lry" \
		"$@" "$name.raw" "$name"
	rm "$name.raw" "$name.raw.hdr"
}

# turned IN OUT T0 T1 T2 T3 T4 T5: a copy with another geotransform.
turned() {
	gdal_translate -q -of VRT "$1" "$2.vrt"
	sed -i "s|<GeoTransform>.*</GeoTransform>|<GeoTransform>$3,$4,$5,$6,$7,$8</GeoTransform>|" \
		"$2.vrt"
	gdal_translate -q "$2.vrt" "$2"
	rm "$2.vrt"
}
