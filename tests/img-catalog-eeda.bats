# img-catalog-eeda.bats - the table of sources, and collections of Earth Engine
# as a server of our own plays them (tests/eeda.py)

load lib
load raster

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# The server, its folder and number; it ends with the file.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	/usr/bin/python3 "$top_srcdir/tests/eeda.py" >/dev/null 2>&1 3>&- &
	echo $! >pid
	for _ in $(seq 100); do
		[ ! -e port ] || break
		sleep 0.1
	done
	[ -e port ]
	EEDA_URL=http://127.0.0.1:$(cat port)/v1alpha/
	export EEDA_URL EEDA_BEARER=open-sesame GDAL_HTTP_MAX_RETRY=0
	export SKYFILTERS_DATADIR
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/pid")"
}

asked=$BATS_FILE_TMPDIR/asked

@test "the table of sources is printed, and may be another" {
	check 0 img-catalog --print-sources
	cmp out "$SKYFILTERS_DATADIR/sources.tsv"
	[ "$(grep -cP '^[A-Z][A-Z0-9]\t' out)" = 10 ]
	tif a.tif 4 3 3 EPSG:32632 500000 5200000 2
	# each row of the table can be used
	grep -oP '^[A-Z][A-Z0-9](?=\t)' out | while read -r alias; do
		check 0 img-catalog --source "$alias" a.tif
		lines -e --arg a "$alias" '.img | .src == $a and
			(.licence | length > 0) and (.attribution | length > 0)'
	done
	check 0 img-catalog --source S2 a.tif
	lines -e '.img | .stretch == [0, 3000] and .bands == [1, 2, 3]'
	rec-view -q --headers headers out >/dev/null
	jq -e '.licence == ["Copernicus Sentinel data terms"] and
		(.inputs | map(.name) == ["sources.tsv", "a.tif"])' headers
	# options win
	check 0 img-catalog --source S2 --src T --stretch 1,2 --licence L \
		--attribution A a.tif
	lines -e '.img | [.src, .stretch, .licence, .attribution] ==
		["T", [1, 2], "L", "A"]'
	printf 'X1\tA/B\t5\tR,G,B\t-\tL\tA\t-\t-\t-\n' >mine.tsv
	check 0 img-catalog --source X1 --sources mine.tsv a.tif
	lines -e '.img.src == "X1" and .img.stretch == null'
	check 0 img-catalog --print-sources --sources mine.tsv
	cmp out mine.tsv
}

@test "mistakes in sources" {
	tif a.tif 4 3 3 EPSG:32632 500000 5200000 2
	check 1 img-catalog --source S3 a.tif
	grep -q "sources.tsv: no source 'S3' among CH, ES, DE" err
	printf 'X1\tA/B\tfine\tR,G,B\t-\tL\tA\t-\t-\t-\n' >mine.tsv
	check 1 img-catalog --source X1 --sources mine.tsv a.tif
	grep -q "mine.tsv: line 1: 'fine' is no pixel size" err
	printf 'X1\tA/B\t5\n' >mine.tsv
	check 1 img-catalog --source X1 --sources mine.tsv a.tif
	grep -q 'mine.tsv: line 1' err
	printf 'X1\tA/B\t5\tR\t9,1\tL\tA\t-\t-\t-\n' >mine.tsv
	check 1 img-catalog --source X1 --sources mine.tsv a.tif
	grep -q -- "--stretch '9,1'" err
	check 1 img-catalog --source X1 --sources no.tsv a.tif
	check 2 img-catalog --sources mine.tsv a.tif
	grep -q -- '--sources needs --source' err
	check 2 img-catalog
	grep -q 'missing operand: FILE' err
}

@test "an Earth Engine collection: each image, by the bands asked for" {
	: >"$asked"
	check 0 img-catalog --from eeda --bands B4,B3,B2 LANDSAT/LC08/C02/T1_TOA
	lines -se 'map(.img.uri) == (["one", "two"] | map("EEDAI:" +
		"projects/earthengine-public/assets/LANDSAT/LC08/C02/T1_TOA/" + . +
		":B4,B3,B2"))'
	# the size of these bands, not of the finest; GDAL has them in the image's
	# order
	lines -se 'all(.img | .size == [1000, 800] and .bands == [3, 2, 1] and
		.transform == [500000, 10, 0, 5600000, 0, -10] and
		.crs == "EPSG:32632" and .src == "LANDSAT-LC08-C02-T1-TOA")'
	lines -se 'map([.img.date, .img.cloud]) == [["2018-07-16T10:20:30Z", 12.5],
		["2019-07-16T10:20:30Z", 90]]'
	[ "$(grep -c 'Bearer open-sesame' "$asked")" = "$(wc -l <"$asked")" ]
	grep -q 'pageToken=p2' "$asked"
	rec-view -q --headers headers out >/dev/null
	if grep -r open-sesame headers out; then return 1; fi
}

@test "clouds and bounds are asked about before images are" {
	: >"$asked"
	check 0 img-catalog --from eeda --source L8 --max-cloud 20 \
		--bounds 9.2,50.2,9.4,50.4 --reject rejects \
		LANDSAT/LC08/C02/T1_TOA
	lines -se 'length == 1 and (.[0].img | .src == "L8" and
		.stretch == [0, 0.4] and (.uri | endswith("one:B4,B3,B2")))'
	rec-view -q rejects | jq -e '.reject.reason == "too cloudy"'
	grep -q 'listImages?.*region=' "$asked"
	if grep 'two' "$asked"; then return 1; fi
	check 2 img-catalog --from eeda --bounds 179,0,-179,1 A/B
	grep -q 'no box over the antimeridian' err
	check 2 img-catalog --bounds 1,2,3,4 a.tif
	check 2 img-catalog --from eeda --band-pattern '{band}' --bands a A/B
}

@test "what Earth Engine does not give is set aside" {
	check 3 img-catalog --from eeda --reject rejects --bands B4 A/broken A/ok
	grep -q "cannot read the index: 'EEDA:A/broken'" err
	lines -se 'length == 3'
	check 3 img-catalog --from eeda --bands B9 A/ok
	grep -q 'cannot open the image' err
	unset EEDA_BEARER
	check 3 img-catalog --from eeda A/ok
	grep -q "cannot open the index: cannot open 'EEDA:A/ok': Missing EEDA_BEARER" err
	export EEDA_BEARER=x EEDA_URL=http://127.0.0.1:1/v1alpha/
	check 3 img-catalog --from eeda A/ok
	grep -q "cannot open the index" err
}
