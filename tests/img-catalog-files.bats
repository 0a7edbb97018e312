# img-catalog-files.bats - folders, globs, what GDAL opens; one file per band;
# outlines of valid pixels

load lib
load raster

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# town NAME [OPTION…]: a small image in UTM.
town() {
	local name=$1
	shift
	tif "$name" 40 30 3 EPSG:32632 500000 5200000 2 "$@"
}

@test "a folder is walked in the order of names, what is no image is counted" {
	mkdir -p in/b in/a in/.hidden in/empty
	town in/b/2.tif
	town in/c.tif
	town in/a/1.tif
	town in/.hidden/0.tif
	gdaladdo -q -ro in/c.tif 2
	echo text >in/a/read.me
	printf 'a,b\n1,2\n' >in/table.csv
	check 0 img-catalog in
	lines -se 'map(.img.uri) == ["in/a/1.tif", "in/b/2.tif", "in/c.tif"]'
	grep -q ': 3 files in folders are no images' err # one is c.tif.ovr
	check 0 img-catalog in/
	lines -se 'map(.img.uri) == ["in/a/1.tif", "in/b/2.tif", "in/c.tif"]'
	rec-view -q --headers headers out >/dev/null
	jq -ce '.inputs == [{"name": "in"}]' headers
	# what is named is no image by mistake; in a folder, when it is cut
	check 3 img-catalog in/table.csv in
	head -c 200 in/c.tif >in/d.tif
	check 3 img-catalog in
	grep -q "cannot open the image: .*'in/d.tif'" err
	lines -se 'length == 3'
}

@test "links to folders: each is read once; an empty folder is no fault" {
	mkdir -p in/up
	town in/z.tif
	town in/up/a.tif
	ln -s .. in/up/again
	ln -s . in/me
	ln -s up in/down
	check 0 img-catalog -v in
	lines -se 'map(.img.uri) == ["in/down/a.tif", "in/z.tif"]'
	grep -q "'in/me' leads to a folder that has been read" err
	# what is named twice comes out twice
	rm in/up/again
	check 0 img-catalog in/up in/up/
	lines -se 'map(.img.uri) == ["in/up/a.tif", "in/up/a.tif"]'
	deep=$(printf 'd/%.0s' $(seq 65))
	mkdir -p "$deep"
	check 3 img-catalog d
	grep -q "cannot read the folder: .*more than 64 folders" err
	mkdir empty
	check 0 img-catalog empty
	grep -q 'nothing came out: what is named holds no image' err
}

@test "globs, unless a file has that name" {
	town b.tif
	town a.tif
	mkdir c.tif
	town c.tif/d.tif
	check 0 img-catalog '[a-z].tif'
	lines -se 'map(.img.uri) == ["a.tif", "b.tif", "c.tif/d.tif"]'
	echo '?.tif' | check 0 img-catalog -
	lines -se 'length == 3'
	town '[a-z].tif'
	check 0 img-catalog '[a-z].tif'
	lines -se 'map(.img.uri) == ["[a-z].tif"]'
	check 3 img-catalog 'x*.tif'
	grep -q "cannot open 'x\*.tif'" err
}

@test "whatever GDAL opens: VRT, archives" {
	town a.tif
	gdal_translate -q -of VRT a.tif a.vrt
	town b.tif
	/usr/bin/python3 -m zipfile -c a.zip b.tif a.tif
	check 0 img-catalog a.vrt /vsizip/a.zip/a.tif /vsizip/a.zip
	lines -se 'map(.img.uri) == ["a.vrt", "/vsizip/a.zip/a.tif",
		"/vsizip/a.zip/a.tif", "/vsizip/a.zip/b.tif"] and
		(map(.bbox) | unique | length == 1)'
	grep -q "'/vsizip/a.zip/a.tif' is in the catalogue twice" err
}

@test "a program inside a VRT is not run" {
	town a.tif
	cat >a.vrt <<-VRT
		<VRTDataset rasterXSize="40" rasterYSize="30">
		<SRS>EPSG:32632</SRS>
		<GeoTransform>500000,2,0,5200000,0,-2</GeoTransform>
		<VRTRasterBand dataType="Byte" band="1"
			subClass="VRTDerivedRasterBand">
		<PixelFunctionType>run</PixelFunctionType>
		<PixelFunctionLanguage>Python</PixelFunctionLanguage>
		<PixelFunctionCode><![CDATA[
		def run(in_ar, out_ar, *args, **kwargs):
		    open('$T/was-here', 'w')
		]]></PixelFunctionCode>
		<SimpleSource><SourceFilename relativeToVRT="1">a.tif</SourceFilename>
		</SimpleSource></VRTRasterBand></VRTDataset>
	VRT
	export GDAL_VRT_ENABLE_PYTHON=YES
	check 3 img-catalog --valid-mask --nodata 0 a.vrt
	grep -q "a.vrt.*Python.*disabled" err
	[ ! -e was-here ]
}

@test "the same image twice is warned of" {
	town a.tif
	town b.tif
	check 0 img-catalog a.tif b.tif a.tif a.tif
	[ "$(grep -c 'twice' err)" = 1 ]
	grep -q "'a.tif' is in the catalogue twice" err
	lines -se 'length == 4'
	check 0 img-catalog a.tif b.tif
	if grep twice err; then return 1; fi
}

# bands STEM: STEM_B02.tif and so on, one band each.
bands() {
	for b in B02 B03 B04 B08; do
		tif "$1_$b.tif" 40 30 1 EPSG:32632 500000 5200000 2 \
			-a_nodata 0
	done
}

@test "one file per band is one image" {
	mkdir in
	bands in/T32_2020
	bands in/T33_2021
	echo text >in/read.me
	check 0 img-catalog --band-pattern '_{band}.tif' --bands B04,B03,B02 in
	lines -se 'map(.img.uri) == [["in/T32_2020_B04.tif",
		"in/T32_2020_B03.tif", "in/T32_2020_B02.tif"],
		["in/T33_2021_B04.tif", "in/T33_2021_B03.tif",
		"in/T33_2021_B02.tif"]] and all(.img.bands == [1, 1, 1] and
		.img.nodata == 0) and map(.img.src) == ["T32-2020", "T33-2021"]'
	grep -q ': 3 files are not of the bands asked for' err
	# names, and a pattern that has all of the name
	check 0 img-catalog --band-pattern 'T32_2020_B0{band}.tif' --bands 4,3,2 \
		in/T32*.tif
	lines -se 'map(.img.src) == ["T32-2020-B0"] and length == 1'
	check 0 img-catalog --band-pattern '_{band}.tif' --bands B08 --src S2 in
	lines -se 'map(.img.uri) == [["in/T32_2020_B08.tif"],
		["in/T33_2021_B08.tif"]] and all(.img.src == "S2")'
}

@test "bands that lack one, or do not agree, are set aside" {
	run_bands() {
		check 3 img-catalog --band-pattern '_{band}.tif' \
			--bands B04,B03,B02 --reject rejects .
		rec-view -q rejects | jq -r '.reject.reason' >reasons
		cat reasons
	}
	bands a
	rm a_B03.tif
	bands b
	run_bands
	grep -qx 'a band is missing' reasons
	grep -q "no './a_B03.tif'" err
	lines -se 'length == 1'
	rm a_* b_B03.tif
	tif b_B03.tif 41 30 1 EPSG:32632 500000 5200000 2
	run_bands
	grep -q "bands do not agree: './b_B03.tif': 41 x 30 pixels, not 40 x 30" err
	tif b_B03.tif 40 30 1 EPSG:32632 500001 5200000 2
	run_bands
	grep -q "bands do not agree: './b_B03.tif': at another place" err
	tif b_B03.tif 40 30 1 EPSG:32633 500000 5200000 2
	run_bands
	grep -q "'./b_B03.tif': in 'EPSG:32633', not 'EPSG:32632'" err
	echo text >b_B03.tif
	run_bands
	grep -q "cannot open the image: .*b_B03.tif" err
	# nodata holds when all have it
	tif b_B03.tif 40 30 1 EPSG:32632 500000 5200000 2
	check 0 img-catalog --band-pattern '_{band}.tif' --bands B04,B03,B02 .
	lines -e '.img.nodata == null'
}

@test "mistakes in the pattern of bands" {
	town a.tif
	check 2 img-catalog --band-pattern '_{band}.tif' a.tif
	grep -q -- '--band-pattern needs --bands' err
	check 2 img-catalog --band-pattern '_.tif' --bands a a.tif
	grep -q "'{band}' must stand in it once" err
	check 2 img-catalog --band-pattern '{band}{band}' --bands a a.tif
	for bad in a,b a,b,c,d a,,c a,a,c ''; do
		check 2 img-catalog --band-pattern '{band}' "--bands=$bad" a.tif
	done
}

@test "one file per band goes through geojoin and tile-fetch" {
	bands a
	check 0 img-catalog --band-pattern '_{band}.tif' --bands B04,B03,B02 \
		-o catalog.rec .
	lon=$(rec-view -q catalog.rec | jq '(.bbox[0] + .bbox[2]) / 2')
	lat=$(rec-view -q catalog.rec | jq '(.bbox[1] + .bbox[3]) / 2')
	echo "{\"id\":\"n1\",\"tags\":{\"a\":\"b\"},\"lon\":$lon,\"lat\":$lat}" |
		rec-make -q | check 0 geojoin --window 10px --images catalog.rec
	cp out samples.rec
	lines -e '.win[2] == 10 and (.img.uri | length == 3)'
	check 0 tile-fetch <samples.rec
	lines -e '.px == [10,10]'
}

@test "--stretch and --max-cloud" {
	town a.tif
	check 0 img-catalog --stretch 0,3000 a.tif
	lines -e '.img.stretch == [0, 3000]'
	for bad in 5 5,5 6,5 a,b 1,2,3 ''; do
		check 2 img-catalog "--stretch=$bad" a.tif
	done
	check 0 img-catalog --max-cloud 10% a.tif
	grep -q '1 images do not say how cloudy they are and were kept' err
}

# wedge NAME [OPTION…]: 2000 x 1000 pixels, black where x < y.
wedge() {
	local name=$1
	shift
	/usr/bin/python3 - >"$name.raw" <<-'PY'
		import sys
		for y in range(1000):
		    sys.stdout.buffer.write(bytes(y) + b'\xc8' * (2000 - y))
	PY
	printf '%s\n' ENVI 'samples = 2000' 'lines = 1000' 'bands = 1' \
		'data type = 1' >"$name.raw.hdr"
	gdal_translate -q -a_srs EPSG:4326 -a_ullr 10 51 12 50 "$@" "$name.raw" \
		"$name"
	rm "$name.raw" "$name.raw.hdr"
}

# area: of the outlines in ./out, in square degrees, one a line.
area() {
	rec-view -q -f geojson out | jq -c '.features[].geometry |
		(if .type == "Polygon" then [.coordinates] else .coordinates end) |
		map(.[0] | . as $r | [range(length - 1) |
		$r[.][0] * $r[. + 1][1] - $r[. + 1][0] * $r[.][1]] |
		add / 2 | fabs) | add'
}

@test "--valid-mask: a wedge without data is cut off" {
	wedge none.tif
	wedge declared.tif -a_nodata 0
	wedge mask.vrt.tif -a_nodata 0
	gdal_translate -q -b 1 -b mask -colorinterp gray,alpha mask.vrt.tif \
		alpha.tif
	# undeclared, and asked for by nobody: all of it
	check 0 img-catalog --valid-mask none.tif
	area | jq -se '.[0] - 2 | fabs < 1e-9'
	check 0 img-catalog --nodata 0 none.tif
	area | jq -se '.[0] - 2 | fabs < 1e-9'
	# three steps of 2000 / 1024 pixels along the edge are 0.008 of it
	for file in '--nodata=0 none.tif' declared.tif alpha.tif; do
		# shellcheck disable=SC2086 # two words
		check 0 img-catalog --valid-mask $file
		area | jq -se '.[0] - 1.5 | fabs < 0.01'
		rec-view -q -f geojson out | jq -e '.features[0].geometry |
			.type == "Polygon" and (.coordinates[0] | length < 60)'
		lines -e '.bbox == [10, 50, 12, 51]'
	done
}

@test "--valid-mask: parts, holes, specks, and nothing at all" {
	# two fields of data with a hole in the one, and a speck
	/usr/bin/python3 - >a.raw <<-'PY'
		import sys
		px = bytearray(400 * 200)
		def fill(x0, y0, x1, y1, v):
		    for y in range(y0, y1):
		        px[400 * y + x0:400 * y + x1] = bytes([v]) * (x1 - x0)
		fill(20, 20, 120, 180, 9)
		fill(60, 60, 80, 80, 0)
		fill(300, 0, 400, 200, 9)
		fill(200, 100, 205, 105, 9)
		sys.stdout.buffer.write(px)
	PY
	printf '%s\n' ENVI 'samples = 400' 'lines = 200' 'bands = 1' \
		'data type = 1' >a.raw.hdr
	gdal_translate -q -a_srs EPSG:4326 -a_ullr 10 51 12 50 -a_nodata 0 a.raw \
		a.tif
	check 0 img-catalog --valid-mask a.tif
	rec-view -q -f geojson out | jq -e '.features[0].geometry |
		.type == "MultiPolygon" and (.coordinates | map(length) == [1, 1])'
	area | jq -se '.[0] - (100 * 160 + 100 * 200) / 40000 | fabs < 1e-3'
	lines -e '.bbox as $b | [10.1, 50, 12, 51] | [range(4)] |
		all($b[.] - [10.1, 50, 12, 51][.] | fabs < 1e-9)'
	# all of it is nodata: dropped by rule
	gdal_translate -q -a_nodata 7 -scale 0 255 7 7 a.raw b.tif -a_srs EPSG:4326 \
		-a_ullr 10 51 12 50
	check 0 img-catalog --valid-mask --reject rejects a.tif b.tif
	lines -se 'length == 1'
	rec-view -q rejects | jq -e '.reject.reason == "no valid pixel"'
}

@test "real data: the black wedge of Manila, and NAIP in a file per band" {
	need_testdata
	d=$SKYFILTERS_TESTDATA/imagery
	img=$(echo "$d"/5b90f92d*_4310.tif)
	check 0 img-catalog "$img"
	whole=$(area)
	check 0 img-catalog --valid-mask --nodata 0 "$img"
	# 0.8188 of the pixels are not black in all bands
	area | jq -e ". / $whole - 0.8188 | fabs < 0.002"
	check 0 img-catalog --src NAIP --band-pattern 'NAIP-VA-b{band}.tiff' \
		--bands 1,2,3 "$d"
	lines -se 'length == 1 and (.[0].img | (.uri | length == 3) and
		.size == [597, 510] and .nodata == 255)'
}

@test "pipes and devices are nothing for GDAL: no run hangs" {
	mkdir in
	town in/a.tif
	mkfifo in/b.tif pipe
	check 0 timeout 20 img-catalog in
	lines -se 'map(.img.uri) == ["in/a.tif"]'
	grep -q '1 file' err
	check 3 timeout 20 img-catalog pipe in/a.tif
	grep -q "cannot open 'pipe': it is a pipe or a device" err
	check 3 timeout 20 img-catalog --from vector pipe /dev/zero
	grep -q "cannot open 'pipe': it is a pipe or a device" err
	printf 'n,location\n1,pipe\n' >ix.csv
	check 3 timeout 20 img-catalog --from vector ix.csv
}

# spared OUT FILE COMMAND…: the run ends with an error that names the output and
# what it would replace, and FILE is as it was.
spared() {
	local out=$1 file=$2
	shift 2
	cp "$file" kept
	check 1 "$@"
	grep -q "'$out' is read, too, as '.*': an output needs a file" err
	cmp "$file" kept
}

@test "an output never takes the place of what is read, however it was found" {
	mkdir im
	town im/a.tif
	town im/b.tif
	town k.tif
	spared im/b.tif im/b.tif img-catalog im -o im/b.tif
	spared im/a.tif im/a.tif img-catalog 'im/*.tif' -o im/a.tif
	echo k.tif >list
	spared k.tif k.tif img-catalog - -o k.tif <list
	ln k.tif hard.tif
	spared hard.tif k.tif img-catalog im - -o hard.tif <list
	# a band, what a VRT points to, also by way of another one, an archive
	town im/c.tif
	spared im/c.tif im/c.tif img-catalog --band-pattern '{band}.tif' \
		--bands a,b,c im -o im/c.tif
	gdalbuildvrt -q one.vrt k.tif
	gdalbuildvrt -q two.vrt one.vrt
	spared k.tif k.tif img-catalog one.vrt -o k.tif
	spared k.tif k.tif img-catalog two.vrt -o k.tif
	/usr/bin/python3 -m zipfile -c a.zip k.tif
	spared a.zip a.zip img-catalog /vsizip/a.zip -o a.zip
	spared a.zip a.zip img-catalog /vsizip/a.zip/k.tif -f fgb -o a.zip
	# what cannot be opened is not lost either
	head -c 200 k.tif >im/cut.tif
	spared im/cut.tif im/cut.tif img-catalog im -o im/cut.tif
	# of the rejects as of the output, which is then not there
	spared im/a.tif im/a.tif img-catalog im -o new --reject im/a.tif
	[ ! -e new ]
	# what is no image may be replaced: the catalogue of the last run
	rm im/cut.tif
	for format in rec fgb gpkg geojson; do
		check 0 img-catalog im -f "$format" -o "im/out.$format"
		check 0 img-catalog im -f "$format" -o "im/out.$format"
	done
}

@test "what is not there, empty or matches nothing is said to be so" {
	town a.tif
	: >empty.tif
	check 3 img-catalog missing.tif 'miss*.tif' '' empty.tif a.tif
	lines -se 'length == 1'
	grep -q "cannot open 'missing.tif': No such file or directory" err
	grep -q "cannot open 'miss\*.tif': no file matches" err
	grep -q "cannot open '': No such file or directory" err
	grep -q "cannot open 'empty.tif': it is empty" err
}

@test "in a folder, what is named as an image and is none is a fault" {
	mkdir in
	town in/a.tif
	check 0 img-catalog in
	: >in/b.TIF
	echo '<html>' >in/c.jp2
	ln -s nowhere in/d.jpg
	: >in/e.txt
	ln -s nowhere in/f
	check 3 img-catalog in
	lines -se 'map(.img.uri) == ["in/a.tif"]'
	grep -q "cannot open 'in/b.TIF': it is empty" err
	grep -q "cannot open 'in/c.jp2': no image that GDAL knows" err
	grep -q "cannot open 'in/d.jpg': No such file or directory" err
	grep -q ': 2 files in folders are no images' err
}

@test "a band that is not named but there is found" {
	for band in 1 2 3; do
		town "x-$band.tif"
	done
	check 0 img-catalog --band-pattern '-{band}.tif' --bands 1,2,3 x-2.tif
	lines -e '.img.uri == ["x-1.tif", "x-2.tif", "x-3.tif"]'
	rm x-3.tif
	check 3 img-catalog --band-pattern '-{band}.tif' --bands 1,2,3 x-2.tif
	grep -q "a band is missing: no 'x-3.tif'" err
}
