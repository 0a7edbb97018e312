# tile-fetch.bats

load lib
load raster

# samples CATALOGUE WINDOW…: a record for each image and window, to stdout.
samples() {
	local catalogue=$1
	shift
	for win in "$@"; do
		rec-view -q "$catalogue" | jq -c --argjson win "$win" \
			'{id: "n1", x: 1.5, img, win: $win}'
	done | rec-make -q
}

# lines FILTER: the records in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# pixels FILE [OPTION…]: its bytes, pixel-interleaved, to stdout.
pixels() {
	gdal_translate -q -of ENVI -co INTERLEAVE=BIP "$@" pixels.raw >/dev/null
	cat pixels.raw
	rm -f pixels.raw pixels.hdr pixels.raw.aux.xml
}

# chip N FILE: the chip of the Nth record in ./out.
chip() {
	rec-view -q out | sed -n "$1p" | jq -r .chip | base64 -d >"$2"
}

# near A B MOST: fails unless two files of bytes differ by MOST in the mean.
near() {
	/usr/bin/python3 - "$@" <<'PY'
import sys

a, b = (open(name, "rb").read() for name in sys.argv[1:3])
assert len(a) == len(b) and a, (len(a), len(b))
mean = sum(abs(x - y) for x, y in zip(a, b)) / len(a)
assert mean <= float(sys.argv[3]), mean
PY
}

# nearer A B WANT: fails unless A is as near to WANT as B is, or nearly.
nearer() {
	/usr/bin/python3 - "$@" <<'PY'
import sys

a, b, want = (open(name, "rb").read() for name in sys.argv[1:4])
assert len(a) == len(b) == len(want) and a
far = [sum(abs(x - y) for x, y in zip(p, want)) / len(want) for p in (a, b)]
assert far[0] <= far[1] * 1.02 + 0.5, far
PY
}

@test "PNG chips are the pixels that gdal_translate -srcwin gives" {
	tif tiled.tif 300 200 3 EPSG:32632 500000 5200000 1 -co TILED=YES \
		-co BLOCKXSIZE=64 -co BLOCKYSIZE=64 -co COMPRESS=DEFLATE
	tif grey.tif 300 200 1 EPSG:32632 500000 5200000 1
	img-catalog -q tiled.tif grey.tif >catalog
	samples catalog '[0,0,300,200]' '[17,33,101,99]' '[299,199,1,1]' \
		'[60,60,8,8]' >s
	check 0 tile-fetch --chip-format png <s
	mv out chips
	n=0
	for win in '0 0 300 200' '17 33 101 99' '299 199 1 1' '60 60 8 8'; do
		for name in tiled.tif grey.tif; do
			n=$((n + 1))
			cp chips out
			chip $n chip.png
			pixels chip.png >have
			# shellcheck disable=SC2086 # four words
			pixels -srcwin $win $name >want
			cmp have want
		done
	done
	cp chips out
	lines -se 'map([.px, .chip_fmt, .valid, .x]) | .[2] ==
		[[101,99],"png",1,1.5]'
	lines -se 'all(keys_unsorted ==
		["id","x","img","win","chip","chip_fmt","px","valid"])'
}

@test "JPEG chips are as close as GDAL's; a lower quality is smaller" {
	tif a.tif 300 200 3 EPSG:32632 500000 5200000 1
	img-catalog -q a.tif >catalog
	samples catalog '[10,20,200,100]' >s
	check 0 tile-fetch <s
	chip 1 chip.jpg
	gdalinfo chip.jpg | grep -q 'Driver: JPEG'
	pixels chip.jpg >have
	# as far from the image as GDAL's own JPEG of that quality
	gdal_translate -q -of JPEG -co QUALITY=90 -srcwin 10 20 200 100 a.tif \
		gdal.jpg
	pixels gdal.jpg >want
	near have want 0.1
	check 0 tile-fetch --quality 30 <s
	chip 1 low.jpg
	[ "$(stat -c %s low.jpg)" -lt "$(stat -c %s chip.jpg)" ]
	check 2 tile-fetch --quality 0 <s
	check 2 tile-fetch --quality 101 <s
}

@test "bands are read in the order of img.bands" {
	tif a.tif 30 20 4 EPSG:32632 500000 5200000 1
	img-catalog -q --bands 4,2,1 a.tif >catalog
	samples catalog '[3,4,20,10]' >s
	check 0 tile-fetch --chip-format png <s
	chip 1 chip.png
	pixels chip.png >have
	pixels -srcwin 3 4 20 10 -b 4 -b 2 -b 1 a.tif >want
	cmp have want
}

# A picture whose left quarter is 0 in all bands, the next in one band only.
wedge() {
	/usr/bin/python3 -c '
import sys
n = int(sys.argv[1])
for y in range(8):
    for x in range(16):
        px = [0] * n if x < 4 else [0] + [9] * (n - 1) if x < 8 else [9] * n
        sys.stdout.buffer.write(bytes(px))' "$2" >"$1"
	envi "$1.tmp" 16 8 "$2"
	mv "$1.tmp.hdr" "$1.hdr"
	rm "$1.tmp"
}

@test "valid: nodata in all bands, an alpha band, a mask" {
	local place=(-a_srs EPSG:32632 -a_ullr 500000 5200008 500016 5200000)
	wedge rgb 3
	wedge rgba 4
	gdal_translate -q "${place[@]}" rgb plain.tif
	gdal_translate -q "${place[@]}" -a_nodata 0 rgb declared.tif
	gdal_translate -q "${place[@]}" -colorinterp_4 alpha rgba alpha.tif
	gdal_translate -q "${place[@]}" -b 2 -b 3 -b 4 -mask 1 \
		--config GDAL_TIFF_INTERNAL_MASK YES rgba mask.tif
	img-catalog -q plain.tif declared.tif alpha.tif mask.tif >c1
	img-catalog -q --nodata -10000 plain.tif declared.tif >c2
	img-catalog -q --nodata 0 --bands 1 plain.tif >c3
	for c in c1 c2 c3; do samples $c '[0,0,16,8]'; done >s
	check 0 tile-fetch <s
	lines -se 'map(.valid) ==
		[1, 0.75, 0.75, 0.5, 1, 0.75, 0.5]'
	samples c1 '[0,0,4,8]' '[4,0,12,8]' >s
	check 0 tile-fetch <s
	lines -se 'map(.valid) | .[1] == 0 and .[5] == 1'
}

@test "what stands beside an image leads nowhere" {
	tif a.tif 16 8 3 EPSG:32632 500000 5200000 1
	tif secret.tif 16 8 1 EPSG:32632 500000 5200000 1 -scale 0 255 0 0
	gdal_translate -q -of VRT secret.tif vrt
	sed 's|<VRTRasterBand|<Metadata><MDI key="INTERNAL_MASK_FLAGS_1">2</MDI></Metadata>&|' \
		vrt >a.tif.msk
	# GDAL itself follows it
	gdalinfo a.tif | grep -q 'Mask Flags: PER_DATASET'
	img-catalog -q a.tif >catalog
	samples catalog '[0,0,16,8]' >s
	check 0 tile-fetch <s
	lines -e '.valid == 1'
}

@test "--min-valid drops what shows too little" {
	wedge rgb 3
	gdal_translate -q -a_srs EPSG:32632 -a_ullr 500000 5200008 500016 5200000 \
		-a_nodata 0 rgb a.tif
	img-catalog -q a.tif >catalog
	samples catalog '[0,0,16,8]' '[0,0,4,8]' '[2,0,4,8]' >s
	check 0 tile-fetch --min-valid 0.75 --reject rejects <s
	lines -se 'map(.win) == [[0,0,16,8]]'
	rec-view -q rejects | jq -se 'map(.reject.reason) ==
		["too few valid pixels", "too few valid pixels"] and
		all(has("chip") | not)'
	check 0 tile-fetch --min-valid 0.5 <s
	lines -se 'length == 2'
	check 2 tile-fetch --min-valid 1.5 <s
}

@test "records that cannot be served are set aside, the others go on" {
	tif a.tif 30 20 3 EPSG:32632 500000 5200000 1
	tif deep.tif 30 20 3 EPSG:32632 500000 5200000 1 -ot UInt16
	tif gone.tif 30 20 3 EPSG:32632 500000 5200000 1
	tif other.tif 30 20 3 EPSG:32632 500000 5200000 1
	img-catalog -q a.tif deep.tif gone.tif other.tif >catalog
	rm gone.tif
	tif other.tif 31 20 3 EPSG:32632 500000 5200000 1
	rec-view -q catalog | jq -c '{img}' | sed -n 1p >img
	{
		samples catalog '[0,0,5,5]' | rec-view -q
		for win in '[26,0,5,5]' '[0,0,0,5]' '[0,0,5]' '[-1,0,5,5]' \
			'[0,0,5,1.5]' '[18446744073709551615,0,2,1]' '"x"'; do
			sed 's/}$//' img | tr -d '\n'
			echo "},\"win\":$win}" | sed 's/^}//'
		done
		echo '{"id":"n2"}'
		echo '{"win":[0,0,1,1]}'
		echo '{"win":[0,0,1,1],"img":5}'
		jq -c '.img.bands = [1,2] | .win = [0,0,5,5]' img
		jq -c '.img.bands = [1,2,9] | .win = [0,0,5,5]' img
		jq -c '.img.uri = "/vsicurl/http://127.0.0.1:1/a.tif" |
			.win = [0,0,5,5]' img
		jq -c '.img.kind = "wms" | .win = [0,0,5,5]' img
	} | sed 's/18446744073709551615/{"$num":"18446744073709551615"}/' |
		rec-make -q >s
	check 3 tile-fetch --reject rejects <s
	lines -se 'map(.img.uri) == ["a.tif"]'
	rec-view -q rejects | jq -c .reject.reason >reasons
	cat >want <<'EOF2'
"not 8-bit pixels"
"cannot open the image"
"image changed"
"window outside the image"
"window outside the image"
"bad window"
"bad window"
"bad window"
"window outside the image"
"bad window"
"no window"
"no window"
"bad image"
"neither grey nor RGB"
"bad image"
"unreachable"
"bad image"
EOF2
	diff want reasons
	[ "$(grep -vc '^tile-fetch: ' err)" = 0 ]
	grep -q 'UInt16 and needs a stretch' err
	grep -q 'bad image: no band 9, the image has 3' err
	check 1 tile-fetch --strict <s
}

@test "numbers of colours become colours; few bits their share of 255" {
	tif a.tif 30 20 1 EPSG:32632 500000 5200000 1 -scale 0 255 0 15
	gdal_translate -q -of VRT a.tif a.vrt
	table=$(for i in $(seq 0 15); do
		printf '<Entry c1="%d" c2="%d" c3="9" c4="255"/>' $((i * 16)) $((255 - i))
	done)
	sed -i "s|<ColorInterp>Gray</ColorInterp>|<ColorInterp>Palette</ColorInterp><ColorTable>$table</ColorTable>|" a.vrt
	gdal_translate -q a.vrt table.tif
	gdal_translate -q -expand rgb table.tif rgb.tif
	gdal_translate -q -co NBITS=4 a.tif four.tif
	gdal_translate -q -scale 0 15 0 255 a.tif eight.tif
	img-catalog -q table.tif four.tif >catalog
	samples catalog '[3,4,20,10]' >s
	check 0 tile-fetch --chip-format png <s
	mv out chips
	n=0
	for of in rgb.tif eight.tif; do
		n=$((n + 1))
		cp chips out
		chip $n chip.png
		pixels chip.png >have
		pixels -srcwin 3 4 20 10 $of >want
		cmp have want
	done
}

@test "from JPEG to JPEG: as by way of pixels, wherever the window begins" {
	tif a.tif 600 400 3 EPSG:32632 500000 5200000 1
	gdal_translate -q -of COG -co COMPRESS=JPEG -co QUALITY=95 \
		-co BLOCKSIZE=128 a.tif cog.tif
	# of full resolution in colour, and with a hole
	gdal_translate -q -co TILED=YES -co BLOCKXSIZE=128 -co BLOCKYSIZE=128 \
		-co COMPRESS=JPEG a.tif rgb.tif
	img-catalog -q cog.tif rgb.tif >catalog
	samples catalog '[0,0,600,400]' '[1,1,101,99]' '[127,128,33,47]' \
		'[130,127,224,224]' '[541,352,59,48]' '[599,399,1,1]' \
		'[598,397,2,3]' '[255,255,2,2]' >s
	check 0 tile-fetch --quality 95 <s
	mv out chips
	# a rule for what pixels look like needs pixels
	check 0 tile-fetch --quality 95 --min-bright 0 <s
	mv out chips2
	n=0
	# of a few pixels the colours are those of their surroundings
	for win in '0 0 600 400' '1 1 101 99' '127 128 33 47' \
		'130 127 224 224' '541 352 59 48'; do
		for of in cog.tif rgb.tif; do
			n=$((n + 1))
			# shellcheck disable=SC2086 # four words
			pixels -srcwin $win $of >want
			cp chips out
			chip $n a.jpg
			pixels a.jpg >have
			cp chips2 out
			chip $n b.jpg
			pixels b.jpg >have2
			nearer have have2 want
		done
	done
	cp chips out
	check 0 tile-fetch --quality 95 -@ 7 <s
	cmp out chips
}

@test "--stretch: what becomes black and white" {
	tif a.tif 300 200 3 EPSG:32632 500000 5200000 1 -ot UInt16 \
		-scale 0 255 1000 9000
	img-catalog -q a.tif >catalog
	img-catalog -q --stretch 1000,9000 a.tif >stretched
	samples catalog '[10,20,200,100]' >s
	samples stretched '[10,20,200,100]' >s2
	gdal_translate -q -srcwin 10 20 200 100 -ot Byte -scale 1000 9000 0 255 \
		a.tif want.tif
	pixels want.tif >want
	check 3 tile-fetch <s
	grep -q 'UInt16' err
	check 0 tile-fetch --chip-format png <s2
	chip 1 chip.png
	pixels chip.png >have
	near have want 0.5
	for how in range:1000,9000 1000,9000 minmax percentile:0,100; do
		check 0 tile-fetch --chip-format png --stretch "$how" <s
		chip 1 chip.png
		pixels chip.png >have
		near have want 2
	done
	check 0 tile-fetch --chip-format png --stretch percentile:10,90 <s
	chip 1 chip.png
	pixels chip.png >have
	if near have want 2; then return 1; fi
	check 3 tile-fetch --stretch none <s2
	for how in nine minmax:1,2 percentile:90,10 percentile:-1,10 5,5 1,2,3; do
		check 2 tile-fetch --stretch "$how" <s
		grep -q -- "--stretch '$how'" err
	done
}

@test "--size and --gsd: smaller chips, from overviews where there are some" {
	tif a.tif 1200 800 3 EPSG:32632 500000 5200000 1 -co TILED=YES
	cp a.tif ov.tif
	gdaladdo -q -r average ov.tif 2 4
	img-catalog -q a.tif ov.tif >catalog
	samples catalog '[100,200,400,200]' >s
	check 0 tile-fetch --chip-format png --size 100 <s
	lines -se 'map(.px) == [[100,50],[100,50]]'
	gdalwarp -q -r average -te 500100 5199600 500500 5199800 -ts 100 50 \
		a.tif want.tif
	pixels want.tif >want
	for n in 1 2; do
		chip $n chip.png
		pixels chip.png >have
		near have want 12
	done
	# the same by the size of a pixel, on the ground: 1 m here, nearly
	check 0 tile-fetch --chip-format png --gsd 4 <s
	lines -se 'map(.px) == [[100,50],[100,50]]'
	check 0 tile-fetch --chip-format png --size 800 <s
	lines -se 'map(.px) == [[800,400],[800,400]]'
	check 2 tile-fetch --size 10 --gsd 4 <s
	check 3 tile-fetch --size 800 --max-pixels 100000 <s
	grep -q 'window too large: a chip of 800 x 400 pixels' err
}

@test "--bands; webp and tiff" {
	tif a.tif 30 20 4 EPSG:32632 500000 5200000 1
	img-catalog -q a.tif >catalog
	samples catalog '[3,4,20,10]' >s
	pixels -srcwin 3 4 20 10 -b 4 -b 2 -b 1 a.tif >want
	check 0 tile-fetch --chip-format tiff --bands 4,2,1 <s
	chip 1 chip.tif
	pixels chip.tif >have
	cmp have want
	gdalinfo chip.tif | grep -q 'Upper Left  (  500003.000, 5199996.000)'
	gdalinfo chip.tif | grep -q 'ID\["EPSG",32632\]'
	check 0 tile-fetch --chip-format webp --bands 3 <s
	lines -e '.chip_fmt == "webp"'
	check 2 tile-fetch --bands 1,2 <s
	check 2 tile-fetch --bands 0 <s
	check 3 tile-fetch --bands 7 <s
	grep -q 'no band 7, the image has 4' err
}

@test "poor chips are dropped by rule" {
	flat() {
		gdal_create -q -outsize 16 8 -bands 3 -burn "$1" \
			-a_srs EPSG:32632 -a_ullr 500000 5200008 500016 5200000 \
			"$2"
	}
	flat 3 dark.tif
	flat 250 bright.tif
	tif a.tif 16 8 3 EPSG:32632 500000 5200000 1
	img-catalog -q dark.tif bright.tif a.tif >catalog
	samples catalog '[0,0,16,8]' >s
	reasons() {
		check 0 tile-fetch --reject rejects "$@" <s
		rec-view -q rejects | jq -s -c 'map(.reject.reason)'
	}
	[ "$(reasons)" = '[]' ]
	[ "$(reasons --drop-blank)" = '["blank","blank"]' ]
	[ "$(reasons --min-bright 0.1)" = '["too dark"]' ]
	[ "$(reasons --max-bright 0.9)" = '["too bright"]' ]
	[ "$(reasons --max-cloud 50%)" = '["too cloudy"]' ]
}

@test "a file that is damaged in places serves the other windows" {
	tif a.tif 256 256 3 EPSG:32632 500000 5200000 1 -co TILED=YES \
		-co BLOCKXSIZE=128 -co BLOCKYSIZE=128 -co COMPRESS=JPEG \
		-co PHOTOMETRIC=YCBCR
	img-catalog -q a.tif >catalog
	# zeros in the middle of the last tile: libjpeg only warns
	size=$(stat -c %s a.tif)
	dd if=/dev/zero of=a.tif bs=1 seek=$((size - 2500)) count=1000 \
		conv=notrunc status=none
	samples catalog '[0,0,64,64]' '[200,200,50,50]' '[130,130,20,20]' \
		'[100,100,28,28]' '[128,128,5,5]' '[128,0,128,128]' >s
	check 3 tile-fetch --reject rejects <s
	lines -se 'map(.win[0:2]) == [[0,0],[100,100],[128,0]]'
	rec-view -q rejects | jq -se 'length == 3 and
		all(.reject.reason == "cannot read the image")'
	mv out first
	for n in 1 2 3; do
		check 3 tile-fetch -@ "$n" <s
		cmp first out
	done
}

@test "a file that ends early is no reason to stop" {
	tif a.tif 256 256 3 EPSG:32632 500000 5200000 1 -co TILED=YES \
		-co BLOCKXSIZE=128 -co BLOCKYSIZE=128
	img-catalog -q a.tif >catalog
	truncate -s -100 a.tif
	samples catalog '[0,0,64,64]' '[200,200,50,50]' '[0,64,64,64]' >s
	check 3 tile-fetch <s
	lines -se 'map(.win[0:2]) == [[0,0],[0,64]]'
}

@test "relative paths begin at --root" {
	mkdir images
	tif images/a.tif 30 20 3 EPSG:32632 500000 5200000 1
	(cd images && img-catalog -q a.tif) >catalog
	(cd images && img-catalog -q "$PWD/a.tif") >absolute
	samples catalog '[0,0,5,5]' >s
	samples absolute '[0,0,5,5]' >s2
	check 3 tile-fetch <s
	grep -q 'cannot open the image' err
	grep -q -- '--root' err
	check 0 tile-fetch --root images <s
	check 0 tile-fetch --root images <s2
	rec-view -q --headers headers out >/dev/null
	if grep "$PWD" headers; then return 1; fi
}

@test "chips of records that had some are replaced in place" {
	tif a.tif 30 20 3 EPSG:32632 500000 5200000 1
	img-catalog -q a.tif >catalog
	samples catalog '[0,0,5,5]' >s
	check 0 tile-fetch <s
	rec-view -q out | jq -c '.win = [1,2,7,6] | .last = 1' | rec-make -q >s
	check 0 tile-fetch --chip-format png <s
	lines -e 'keys_unsorted == ["id","x","img","win","chip","chip_fmt","px",
		"valid","last"] and .px == [7,6] and .chip_fmt == "png"'
}

@test "few open files serve many images; any number of threads, same bytes" {
	for i in 1 2 3 4 5; do
		tif $i.tif 64 64 3 EPSG:32632 500000 5200000 1
	done
	img-catalog -q 1.tif 2.tif 3.tif 4.tif 5.tif >catalog
	samples catalog '[0,0,20,20]' '[5,5,30,30]' '[40,1,24,60]' '[9,9,9,9]' \
		'[0,0,64,64]' '[1,1,2,2]' '[3,3,3,3]' '[0,0,20,20]' >s
	check 0 tile-fetch --open-files 1 -@ 1 <s
	mv out first
	for n in 1 2 4; do
		check 0 tile-fetch -@ "$n" <s
		cmp first out
	done
}

# share NODATA: what is valid, counted from GDAL's own pixels of three bands.
share() {
	/usr/bin/python3 -c '
import sys
data = sys.stdin.buffer.read()
n = len(data) // 3
empty = bytes([int(sys.argv[1])]) * 3
print(1 - sum(data[i:i + 3] == empty for i in range(0, n * 3, 3)) / n)' "$1"
}

@test "fewer open files than the options ask for" {
	for i in 1 2 3 4 5 6 7 8; do
		tif $i.tif 8 8 3 EPSG:32632 500000 5200000 1
	done
	img-catalog -q -- ?.tif >catalog
	samples catalog '[0,0,8,8]' '[1,1,6,6]' >s
	tile-fetch -q <s >want
	(
		ulimit -n 45
		check 0 tile-fetch -@ 2 --open-files 1000 <s
		cmp out want
		check 1 tile-fetch -@ 64 <s
		grep -q '45 files may be open at once, 64 threads need' err
		grep -q 'ulimit -n' err
	)
}

@test "real data: Manila's wedge, NAIP, Vegas' alpha, a nodata that never is" {
	need_testdata
	d=$SKYFILTERS_TESTDATA/imagery
	manila=$d/5b90f92da0d7280005fab355_4310.tif
	img-catalog -q --nodata 0 "$manila" >catalog
	samples catalog '[0,0,2048,2048]' '[100,1800,300,200]' >s
	check 0 tile-fetch <s
	want=$(pixels "$manila" | share 0)
	lines -se ".[0].valid | . - $want | fabs < 1e-12"
	lines -se '.[0].valid | . > 0.81 and . < 0.82'
	want=$(pixels -srcwin 100 1800 300 200 "$manila" | share 0)
	lines -se ".[1].valid | . - $want | fabs < 1e-12"
	check 0 tile-fetch --min-valid 0.9 <s
	lines -se 'map(.win[0]) | index(0) == null'

	img-catalog -q "$d/m_4709963_se_14_1_20180716.tif" \
		"$d/RGB-PanSharpen_AOI_2_Vegas_img0.tif" \
		"$d/label-maker_drone_saotome.tif" >catalog
	samples catalog '[7,9,500,400]' >s
	check 0 tile-fetch --chip-format png <s
	lines -se 'map(.valid) == [1, 1, 1]'
	chip 2 chip.png
	pixels chip.png >have
	pixels -srcwin 7 9 500 400 -b 1 -b 2 -b 3 \
		"$d/RGB-PanSharpen_AOI_2_Vegas_img0.tif" >want
	cmp have want

	img-catalog -q "$d/B01.jp2" "$d/ms1.tif" >catalog
	samples catalog '[0,0,20,20]' >s
	check 3 tile-fetch <s
	[ "$(grep -c 'needs a stretch' err)" = 2 ]
}

@test "real data: windows of Banepa are GDAL's" {
	need_testdata
	d=$SKYFILTERS_TESTDATA/pairs/banepa
	img-catalog -q "$d/banepa_oam_z19.tif" >catalog
	samples catalog '[11000,8500,264,204]' '[500,500,100,143]' \
		'[5000,4000,224,224]' >s
	check 0 tile-fetch --chip-format png -@ 2 <s
	mv out chips
	n=0
	for win in '11000 8500 264 204' '500 500 100 143' '5000 4000 224 224'; do
		n=$((n + 1))
		cp chips out
		chip $n chip.png
		pixels chip.png >have
		# shellcheck disable=SC2086 # four words
		pixels -srcwin $win "$d/banepa_oam_z19.tif" >want
		cmp have want
	done
	check 0 tile-fetch --quality 95 <s
	chip 3 chip.jpg
	pixels chip.jpg >have
	near have want 4
}
