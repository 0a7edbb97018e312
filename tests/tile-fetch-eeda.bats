# tile-fetch-eeda.bats - images of Earth Engine, through GDAL's driver, as a
# server of our own plays it (tests/eeda.py)

load lib
load raster
load server

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	export SKYFILTERS_DATADIR
	start_eeda_server
	img-catalog -q --from eeda --bands B4,B3,B2 --stretch 0,4080 L8 >catalog
	: >asked
}

teardown() {
	stop_server
}

# window NAME WINDOW [CATALOGUE]: a record of the image of that name.
window() {
	rec-view -q "${3:-catalog}" | head -n 1 |
		jq -c --arg name "$1" --argjson win "$2" '{id: $name, img,
			win: $win} | .img.uri |= sub("one:"; $name + ":")'
}

# same N WORD…: the Nth chip has the bytes that gdal_translate makes with these.
same() {
	rec-view -q out | sed -n "$1p" | jq -r .chip | base64 -d >chip.png
	gdal_translate -q -of ENVI -co INTERLEAVE=BIP chip.png have
	gdal_translate -q -of ENVI -co INTERLEAVE=BIP "${@:2}" want
	cmp have want
}

@test "without leave nothing is asked" {
	window one '[200,100,300,240]' | rec-make -q >s
	check 3 tile-fetch <s
	grep -q "GDAL's own HTTP, which is not allowed (--allow-gdal-http)" err
	if grep -e --root err; then return 1; fi
	check 2 tile-fetch --offline --cache cache --allow-gdal-http <s
	[ ! -s asked ]
}

@test "chips are what gdal_translate reads" {
	img-catalog -q --from eeda --bands R,G,B USDA/NAIP >naip
	(window one '[200,100,300,240]' && window one '[996,790,4,10]' &&
		window one '[200,100,300,240]' naip) | rec-make -q >s
	check 0 tile-fetch --allow-gdal-http --chip-format png <s
	rec-view -q out | jq -se 'map(.px) == [[300,240], [4,10], [300,240]] and
		all(.valid == 1)'
	l8=(-ot Byte -scale 0 4080 0 255 -b 3 -b 2 -b 1)
	image=EEDAI:projects/earthengine-public/assets/L8/one:B4,B3,B2
	same 1 "${l8[@]}" -srcwin 200 100 300 240 $image
	same 2 "${l8[@]}" -srcwin 996 790 4 10 $image
	same 3 -srcwin 200 100 300 240 EEDAI:USDA/NAIP/one:R,G,B
	# a coarse one is asked for coarsely
	: >asked
	check 0 tile-fetch --allow-gdal-http --chip-format png --size 75 <s
	[ "$(grep -c '"scaleX": 40.0' asked)" = 2 ]
	same 1 "${l8[@]}" -srcwin 200 100 300 240 -outsize 75 60 $image
}

@test "the token goes to the server, and nowhere else" {
	window one '[0,0,9,9]' | rec-make -q >s
	check 0 tile-fetch -v --allow-gdal-http <s
	[ "$(grep -c ' Bearer open-sesame' asked)" = 2 ]
	rec-view -q --headers headers out >lines
	if grep -F open-sesame err out headers lines; then return 1; fi
	unset EEDA_BEARER
	printf open-sesame >token
	EEDA_BEARER_FILE=token check 0 tile-fetch -v --allow-gdal-http <s
	check 3 tile-fetch --allow-gdal-http <s
	grep -q 'Missing EEDA_BEARER' err
	# a wrong one; what does not need it comes
	tif a.tif 60 40 3 EPSG:32632 500000 5200000 1
	img-catalog -q a.tif >local
	(window one '[0,0,9,9]' && window two '[0,0,9,9]' local) | rec-make -q >s
	EEDA_BEARER=dragon check 3 tile-fetch -v --allow-gdal-http --reject r <s
	rec-view -q out | jq -e '.id == "two"'
	rec-view -q r | jq -e '.id == "one" and (.reject.detail |
		test("HTTP 401: .*no such token"))'
	if grep -F dragon err out r; then return 1; fi
}

@test "what the server does wrong is said, in time, and holds up nothing" {
	for name in one shaky torn down middle silent; do
		window $name '[200,300,10,10]'
	done | rec-make -q >s
	check 3 tile-fetch -q --allow-gdal-http --tries 3 --item-timeout 4 \
		--reject r <s
	rec-view -q out | jq -se 'map(.id) == ["one", "shaky"]'
	rec-view -q r | jq -se 'map(.id) == ["torn", "down", "middle", "silent"]
		and all(.reject.reason == "cannot read the image") and
		(.[1:3] | all(.reject.detail | test("HTTP 503: .*come again")))
		and (.[3].reject.detail | test("timed out"))'
	[ "$(grep -c 'down:getPixels' asked)" = 3 ]
	[ "$(grep -c 'silent:getPixels' asked)" = 1 ]
}
