# img-catalog.bats

load lib
load raster

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

@test "a north-up image in UTM: size, place, bands" {
	tif town.tif 40 30 3 EPSG:32632 500000 5200000 2
	check 0 img-catalog town.tif
	lines -e 'del(.img.gsd_m, .bbox, .geom) == {img: {src: "town",
		uri: "town.tif", kind: "raster", crs: "EPSG:32632",
		size: [40, 30], transform: [500000, 2, 0, 5200000, 0, -2],
		bands: [1, 2, 3]}}'
	# the scale on the central meridian is 0.9996
	lines -e '.img.gsd_m | . > 2.0007 and . < 2.0009'
	gdalinfo -json town.tif | jq -c '.wgs84Extent.coordinates[0]' >want
	lines -e --slurpfile want want '. as $r | ([$want[0][][0]] | [min, max]) as $x |
		([$want[0][][1]] | [min, max]) as $y |
		[$r.bbox[0] - $x[0], $r.bbox[1] - $y[0], $r.bbox[2] - $x[1],
		$r.bbox[3] - $y[1]] | all(fabs < 1e-6)'
}

# What a pixel measures: north-south and east-west on the ellipsoid, from the
# radii of curvature at the latitude.
ground() {
	/usr/bin/python3 - "$@" <<'PY'
import sys
from math import cos, radians, sin, sqrt

lat, dlon, dlat = map(float, sys.argv[1:])
e2 = 0.00669437999014
w = 1 - e2 * sin(radians(lat)) ** 2
print(max(6378137 / sqrt(w) * cos(radians(lat)) * radians(dlon),
          6378137 * (1 - e2) / w ** 1.5 * radians(dlat)))
PY
}

@test "pixels in degrees and in Web Mercator are measured on the ground" {
	tif degrees.tif 100 80 1 EPSG:4326 10 60.0004 0.00001
	tif mercator.tif 100 80 1 EPSG:3857 1113194.9079 8399778 0.5
	check 0 img-catalog degrees.tif mercator.tif
	want=$(ground 60 0.00001 0.00001)
	lines -se ".[0].img.gsd_m | . - $want | fabs < 1e-6"
	# Mercator's north-south stretch is the sphere's: 1 / cos(lat)
	lat=$(lines -s '.[1].bbox | (.[1] + .[3]) / 2')
	half=$(awk "BEGIN { print 0.5 / 6378137 * 180 / 3.14159265358979 }")
	want=$(ground "$lat" "$half" \
		"$(awk "BEGIN { print $half * cos($lat * 3.14159265358979 / 180) }")")
	lines -se ".[1].img.gsd_m | . - $want | fabs < 1e-6"
	lines -se '.[1].img.gsd_m < 0.26'
}

@test "rotated and south-up images have their true place" {
	tif north.tif 40 30 1 EPSG:32632 500000 5200000 2
	turned north.tif south.tif 500000 2 0 5199940 0 2
	# the same ground turned by 90 degrees: columns run south
	turned north.tif turned.tif 500060 0 -2 5200000 -2 0
	check 0 img-catalog north.tif south.tif turned.tif
	lines -se '[.[].bbox] | .[0] as $b | .[1] as $s |
		[range(4)] | all(($b[.] - $s[.]) | fabs < 1e-9)'
	lines -se '.[2].bbox as $t | .[0].bbox as $b |
		($t[0] - $b[0] | fabs < 1e-6) and ($t[3] - $b[3] | fabs < 1e-6) and
		$t[2] < $b[2] and $t[1] < $b[1]'
	lines -se '[.[].img.gsd_m] | max - min < 1e-6'
}

@test "across the antimeridian west is greater than east" {
	tif date.tif 100 10 1 EPSG:3832 3339000 0 100
	check 0 img-catalog date.tif
	lines -e '.bbox | .[0] > 179.9 and .[2] < -179.1 and .[2] > -180'
}

@test "files that cannot be catalogued are named, and the others go on" {
	tif town.tif 40 30 3 EPSG:32632 500000 5200000 2
	envi nowhere 4 4 1
	gdal_translate -q -a_ullr 0 4 4 0 nowhere nocrs.tif
	gdal_translate -q -a_srs EPSG:4326 -gcp 0 0 10 50 -gcp 4 0 11 50 \
		-gcp 0 4 10 49 nowhere gcp.tif
	echo text >text.tif
	head -c 100 town.tif >cut.tif
	check 3 img-catalog --reject rejects missing.tif nowhere nocrs.tif gcp.tif \
		text.tif cut.tif /vsicurl/http://127.0.0.1:1/x.tif town.tif
	[ "$(lines .img.uri)" = '"town.tif"' ]
	for name in missing.tif nowhere nocrs.tif gcp.tif text.tif \
		cut.tif /vsicurl/; do
		grep -q "^img-catalog: .*$name" err
	done
	[ "$(grep -vc '^img-catalog: ' err)" = 0 ]
	grep 'gcp.tif' err | grep -q 'ground control points'
	grep 'nocrs.tif' err | grep -q 'no coordinate system'
	rec-view -q rejects | jq -s 'length' >n
	[ "$(cat n)" = 7 ]
	[ "$(rec-view -q rejects | jq -r '.img.uri' | head -n 1)" = missing.tif ]
	check 1 img-catalog --strict missing.tif town.tif
	check 0 img-catalog --max-faults 50% missing.tif town.tif
}

@test "an empty name is a file that is not there" {
	tif town.tif 4 3 3 EPSG:32632 500000 5200000 2
	check 3 img-catalog "" town.tif
	grep -q "cannot open ''" err
	printf '\ntown.tif\n\n' >list
	check 0 img-catalog - <list
	[ "$(lines .img.uri)" = '"town.tif"' ]
}

@test "names of collections" {
	tif my_town.2018.tif 4 3 1 EPSG:32632 500000 5200000 2
	check 0 img-catalog my_town.2018.tif
	[ "$(lines .img.src)" = '"my-town"' ]
	check 0 img-catalog --src Town-1 my_town.2018.tif
	[ "$(lines .img.src)" = '"Town-1"' ]
	check 2 img-catalog --src my_town my_town.2018.tif
	check 2 img-catalog --src '' my_town.2018.tif
}

@test "nodata: declared values win over --nodata" {
	tif with.tif 4 3 3 EPSG:32632 500000 5200000 2 -a_nodata 255
	tif without.tif 4 3 3 EPSG:32632 500000 5200000 2
	check 0 img-catalog with.tif without.tif
	lines -se '[.[].img.nodata] == [255, null]'
	check 0 img-catalog --nodata 0 with.tif without.tif
	lines -se '[.[].img.nodata] == [255, 0]'
	check 2 img-catalog --nodata x with.tif
}

@test "bands: by colour, three, one, as asked" {
	tif rgb.tif 4 3 4 EPSG:32632 500000 5200000 2 -colorinterp blue,green,red,undefined
	tif alpha.tif 4 3 4 EPSG:32632 500000 5200000 2 -colorinterp alpha,undefined,undefined,undefined
	tif grey.tif 4 3 2 EPSG:32632 500000 5200000 2 -colorinterp gray,alpha
	check 0 img-catalog rgb.tif alpha.tif grey.tif
	lines -se '[.[].img.bands] == [[3,2,1],[2,3,4],[1]]'
	check 3 img-catalog --bands 4,3,2 rgb.tif grey.tif
	lines -se '[.[].img.bands] == [[4,3,2]]'
	grep -q "'grey.tif': no band 4, the image has 2" err
	for bad in 0 1,2 1,2,3,4 a 1,,3 '1,' '' 65536 -1; do
		check 2 img-catalog "--bands=$bad" rgb.tif
	done
}

@test "dates: of the metadata, or as told" {
	tif plain.tif 4 3 1 EPSG:32632 500000 5200000 2
	tif made.tif 4 3 1 EPSG:32632 500000 5200000 2 \
		-mo 'TIFFTAG_DATETIME=2018:07:16 10:20:30'
	tif bad.tif 4 3 1 EPSG:32632 500000 5200000 2 \
		-mo 'TIFFTAG_DATETIME=0000:00:00 00:00:00'
	check 0 img-catalog plain.tif made.tif bad.tif
	lines -se '[.[].img.date] == [null, "2018-07-16T10:20:30", null]'
	check 0 img-catalog --date 2017-05 plain.tif made.tif
	lines -se '[.[].img.date] == ["2017-05", "2017-05"]'
	for bad in 16.7.2018 2018-02-30 2018-04-31T10:20 1900-02-29 0000; do
		check 2 img-catalog --date "$bad" plain.tif
	done
	check 0 img-catalog --date 2020-02-29 plain.tif
}

@test "licence and attribution; the licence stands in the header too" {
	tif a.tif 4 3 1 EPSG:32632 500000 5200000 2
	check 0 img-catalog --licence 'CC-BY 4.0' --attribution 'Someone' a.tif
	lines -e '.img.licence == "CC-BY 4.0" and .img.attribution == "Someone"'
	rec-view -q --headers headers out >/dev/null
	jq -e '.licence == ["CC-BY 4.0"] and .inputs[0].name == "a.tif"' headers
	check 2 img-catalog --licence $'\xff' a.tif
	grep -q -e '--licence: not UTF-8' err
	check 2 img-catalog --attribution $'x\xc3' a.tif
}

@test "names of files from standard input, in order" {
	for name in c a b; do
		tif "$name.tif" 4 3 1 EPSG:32632 500000 5200000 2
	done
	printf 'c.tif\n\na.tif' | check 0 img-catalog b.tif -
	lines -se '[.[].img.uri] == ["b.tif", "c.tif", "a.tif"]'
	printf 'c.tif\r\n\r\na.tif\r\n' | check 0 img-catalog -
	lines -se '[.[].img.uri] == ["c.tif", "a.tif"]'
	printf 'c.tif\na.tif\0b.tif\0' | check 1 img-catalog -
	grep -q 'standard input: line 2 has a NUL byte.*line ends' err
	head -c 2000000 /dev/zero | tr '\0' x | check 1 img-catalog -
	grep -q 'standard input: line 1 is longer than' err
	check 1 img-catalog - <.
	grep -q 'standard input: .*Is a directory' err
}

@test "an image without an EPSG code carries its system as WKT" {
	tif local.tif 4 3 1 '+proj=tmerc +lat_0=47 +lon_0=9.1 +k=1 +ellps=GRS80' 100 200 2
	check 0 img-catalog local.tif
	lines -e '.img.crs | startswith("PROJCRS[") and (contains("\n") | not)'
}

@test "real data: pixel sizes on the ground" {
	need_testdata
	d=$SKYFILTERS_TESTDATA
	check 0 img-catalog --src banepa "$d/pairs/banepa/banepa_oam_z19.tif" \
		"$d/imagery/RGB-PanSharpen_AOI_2_Vegas_img0.tif" \
		"$d/imagery/m_4709963_se_14_1_20180716.tif" \
		"$d/imagery/label-maker_drone_saotome.tif" \
		"$d/imagery/test_tiled.tif" "$d/imagery/B01.jp2"
	lines -se '[.[].img.gsd_m * 1000 | round] ==
		[132, 300, 5002, 59, 250, 60022]'
	lines -se '.[0].img.src == "banepa" and .[2].img.nodata == 0 and
		.[3].img.nodata == -10000 and .[1].img.bands == [1,2,3] and
		.[2].img.bands == [1,2,3] and .[5].img.bands == [1]'
}
