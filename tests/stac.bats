# stac.bats - img-catalog --from stac: files, a web server, an API.

load lib
load raster
load server

teardown() {
	stop_server
}

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# item ID DATE WEST [ASSET [MORE]]: a tile of 40 x 30 pixels of 2 m near WEST,
# 46.95; ASSET is its href, MORE goes into its properties.
item() {
	jq -nc --arg id "$1" --arg date "$2" --argjson w "$3" \
		--arg href "${4:-./$1.tif}" --argjson more "${5:-{\}}" '{
		type: "Feature", stac_version: "1.0.0", id: $id,
		collection: "town", bbox: [$w, 46.94, $w + 0.02, 46.96],
		geometry: {type: "Polygon", coordinates: [[[$w, 46.94],
			[$w + 0.02, 46.94], [$w + 0.02, 46.96], [$w, 46.96],
			[$w, 46.94]]]},
		properties: ({datetime: $date, "proj:code": "EPSG:4326",
			"proj:shape": [30, 40], "proj:transform":
			[0.0005, 0, $w, 0, -0.0005, 46.956]} + $more),
		links: [{rel: "collection", href: "./collection.json"}],
		assets: {image: {href: $href, roles: ["data"], type:
			"image/tiff; application=geotiff", "eo:bands":
			[{common_name: "nir"}, {common_name: "red"},
			{common_name: "green"}, {common_name: "blue"}]}}}'
}

# A static catalogue in ./site: a collection of two items, one document that is
# missing, one that is broken, and a way back up.
static_site() {
	mkdir -p site/town
	cat >site/catalog.json <<-'JSON'
		{"type": "Catalog", "id": "all", "stac_version": "1.0.0", "links": [
		{"rel": "root", "href": "./catalog.json"},
		{"rel": "child", "href": "./town/collection.json"}]}
	JSON
	cat >site/town/collection.json <<-'JSON'
		{"type": "Collection", "id": "town", "license": "CC-BY-4.0",
		"providers": [{"name": "Town", "roles": ["licensor"]},
		{"name": "Host", "roles": ["host"]}], "links": [
		{"rel": "child", "href": "../catalog.json"},
		{"rel": "item", "href": "a.json"},
		{"rel": "item", "href": "./gone.json"},
		{"rel": "item", "href": "broken.json"},
		{"rel": "item", "href": "/town/b.json"},
		{"rel": "item", "href": "../town/a.json"}]}
	JSON
	item a 2020-06-01T10:00:00Z 7.4 >site/town/a.json
	item b 2021-06-01T10:00:00Z 7.5 https://a.example/b.tif \
		'{"eo:cloud_cover": 40, "license": "CC0-1.0"}' >site/town/b.json
	head -c 100 site/town/a.json >site/town/broken.json
}

@test "an item tells all that a catalogue needs: no image is opened" {
	item a 2020-06-01T10:00:00Z 7.4 | jq '.links = []' >a.json
	check 0 img-catalog --from stac a.json
	lines -e 'del(.geom, .img.gsd_m) == {img: {src: "town",
		uri: "a.tif", kind: "raster", date: "2020-06-01T10:00:00Z",
		crs: "EPSG:4326", size: [40, 30], transform:
		[7.4, 0.0005, 0, 46.956, 0, -0.0005], bands: [2, 3, 4]},
		bbox: [7.4, 46.94, 7.42, 46.96]}'
	# 0.0005 degrees of latitude
	lines -e '.img.gsd_m | . > 55.5 and . < 55.7'
}

@test "what it says of an image is what img-catalog says of the file" {
	tif a.tif 40 30 3 EPSG:2056 2600000 1200000 2
	item a 2020-06-01T10:00:00Z 7.43 '' '{"proj:code": null,
		"proj:epsg": 2056, "proj:transform":
		[2, 0, 2600000, 0, -2, 1200000]}' |
		jq '.links = [] | .geometry = null |
		.assets.image["eo:bands"] |= .[1:]' >a.json
	check 0 img-catalog --src x a.tif
	lines 'del(.img.date)' >want
	check 0 img-catalog --from stac --src x a.json
	lines 'del(.img.date)' | diff want -
	# opened for what the item does not tell
	jq 'del(.properties["proj:shape"])' a.json >b.json
	check 0 img-catalog --from stac --src x b.json
	lines 'del(.img.date)' | diff want -
	lines -e '.img.date == "2020-06-01T10:00:00Z"'
	# what lies elsewhere only if one says so
	jq '.assets.image.href = "http://127.0.0.1:1/a.tif"' b.json >c.json
	check 3 img-catalog --from stac c.json
	grep -q "no catalogue entry: item 'a': no proj:shape, and the image is not on this machine: --open-assets" err
	check 3 env GDAL_HTTP_MAX_RETRY=0 img-catalog --from stac --open-assets c.json
	grep -q 'cannot open the image' err
}

@test "one file per band" {
	item a 2020-06-01T10:00:00Z 7.4 | jq '.links = [] | .assets =
		{B04: {href: "4.tif"}, B03: {href: "3.tif"},
		B02: {href: "2.tif"}}' >a.json
	check 0 img-catalog --from stac --asset 'B04,B03,B02' a.json
	lines -e '.img.uri == ["4.tif", "3.tif", "2.tif"] and
		.img.bands == [1, 1, 1]'
	check 3 img-catalog --from stac a.json
	grep -q "item 'a': several assets may be the image: say which with --asset: B04, B03, B02" err
	check 3 img-catalog --from stac --asset B08 a.json
	grep -q "item 'a': no asset 'B08'" err
	check 2 img-catalog --from stac --asset B04,B03 a.json
	check 2 img-catalog --from stac --asset B04,B03,B02 --bands 1 a.json
}

@test "pixels and geometry that do not meet" {
	item a 2020-06-01T10:00:00Z 7.4 |
		jq '.properties["proj:transform"][2] = 46.9' >a.json
	check 3 img-catalog --from stac --licence x --attribution y a.json
	grep -q "item 'a': its pixels do not lie where its geometry does" err
}

@test "options of STAC are for STAC" {
	for option in '--asset x' '--collections x' '--bbox 1,2,3,4' \
		'--datetime 2020' '--max-items 1' --open-assets; do
		# shellcheck disable=SC2086 # words
		check 2 img-catalog $option a.tif
		grep -q 'are for --from stac' err
	done
	check 2 img-catalog --from stac --bbox 1,2,3 a.json
	grep -q -e "--bbox '1,2,3': not W,S,E,N" err
	check 2 img-catalog --from stac --datetime 2020-40 a.json
	grep -q -e "--datetime '2020-40'" err
	check 2 img-catalog --from stac --band-pattern '_{band}.tif' --bands 1 a.json
}

@test "a static catalogue, on disk and by its server" {
	static_site
	sed -i 's|"/town/b.json"|"b.json"|' site/town/collection.json
	check 3 img-catalog --from stac site/catalog.json
	lines '[.img.uri, .img.licence, .img.attribution]' >got
	diff - got <<-'LINES'
		["site/town/a.tif","CC-BY-4.0","Town"]
		["https://a.example/b.tif","CC0-1.0","Town"]
	LINES
	static_site
	start_nginx site
	check 3 img-catalog --from stac --reject rejects "$url/catalog.json"
	lines '[.img.uri, .img.licence, .img.attribution]' >got
	diff - got <<-LINES
		["$url/town/a.tif","CC-BY-4.0","Town"]
		["https://a.example/b.tif","CC0-1.0","Town"]
	LINES
	grep -q "$url/town/gone.json: HTTP 404" err
	grep -q "$url/town/broken.json: not valid JSON: line 1, column" err
	rec-view -q rejects | jq -r '[.img.uri, .reject.reason] | @tsv' >got
	diff - got <<-LINES
		$url/town/gone.json	cannot read the document
		$url/town/broken.json	cannot read the document
	LINES
	# each document once; and once again what was set aside
	[ "$(wc -l <access)" = 6 ]
	check 3 img-catalog --from stac "$url/town/gone.json"
	rec-view -q rejects | jq -r .img.uri >list
	item c 2022-06-01T10:00:00Z 7.6 >site/town/gone.json
	check 3 img-catalog --from stac - <list
	[ "$(lines .img.uri)" = "\"$url/town/c.tif\"" ]
}

@test "choosing: collections, box, time, clouds, number" {
	static_site
	start_nginx site
	sed -i '/gone\|broken/d' site/town/collection.json
	# chooses URI OPTION…: only that one
	chooses() {
		local uri=$1
		shift
		check 0 img-catalog --from stac "$@" "$url/catalog.json"
		[ "$(lines .img.uri)" = "\"$uri\"" ]
	}
	chooses "$url/town/a.tif" --bbox 7.41,46,7.43,47
	chooses https://a.example/b.tif --bbox 7.43,46,7.53,47
	chooses "$url/town/a.tif" --datetime ../2020
	chooses https://a.example/b.tif --datetime 2020-06-02/..
	chooses "$url/town/a.tif" --max-items 1
	check 0 img-catalog --from stac --collections city,village "$url/catalog.json"
	grep -q "nothing came out: 'other collection' took 2 of 2" err
	check 0 img-catalog --from stac --max-cloud 10 "$url/catalog.json"
	grep -q 'too cloudy 1' err
}

# An API in ./site that answers pages by files: /search and /search-2.json.
paged_site() {
	mkdir -p site
	cat >site/landing <<-'JSON'
		{"type": "Catalog", "id": "api", "stac_version": "1.0.0",
		"conformsTo": ["https://api.stacspec.org/v1.0.0/item-search"],
		"links": [{"rel": "search", "method": "POST", "href": "none"},
		{"rel": "search", "method": "GET", "href": "./search"}]}
	JSON
	jq -n '{type: "FeatureCollection", features: [inputs], links:
		[{rel: "next", href: "./search?page=2"}]}' \
		<(item a 2020-06-01T10:00:00Z 7.4) \
		<(item b 2020-06-02T10:00:00Z 7.4) >site/search
	jq -n '{type: "FeatureCollection", features: [inputs], links: []}' \
		<(item c 2020-06-03T10:00:00Z 7.4) >site/search-2.json
	echo '{"type": "Collection", "id": "town", "license": "CC0-1.0",
		"links": [{"rel": "items", "href": "./search"}]}' \
		>site/collection.json
}

@test "an API: search page by page" {
	paged_site
	start_nginx site
	all='["a.tif","b.tif","c.tif"]'
	check 1 img-catalog --from stac "$url/landing"
	grep -q "$url/landing: a search of all that an API has: say which with --collections or --bbox" err
	: >access
	check 0 img-catalog --from stac --collections town --bbox 7,46,8,47 \
		--datetime 2020-06/.. "$url/landing"
	[ "$(lines -s '[.[].img.uri | sub(".*/"; "")]')" = "$all" ]
	lines -se 'all(.img.licence == "CC0-1.0")'
	grep -q 'GET /search?collections=town&bbox=7,46,8,47&datetime=2020-06-01T00:00:00Z%2F..&limit=100 ' access
	# the collection once for all items: landing, two pages, collection
	[ "$(wc -l <access)" = 4 ]
	# a collection's items
	: >access
	check 0 img-catalog --from stac --max-items 2 "$url/collection.json"
	[ "$(lines -s length)" = 2 ]
	grep -q 'GET /search?limit=2 ' access
	[ "$(wc -l <access)" = 2 ]
	# the search's own address, with parameters and a token of its own
	: >access
	check 0 img-catalog --from stac --require-output --licence x \
		--attribution y "$url/search?query=1&token=geheim&limit=7"
	[ "$(lines -s length)" = 3 ]
	grep -q 'GET /search?query=1&token=geheim&limit=7 ' access
	if grep -q geheim out err; then return 1; fi
	check 3 img-catalog --from stac --licence x --attribution y \
		"http://me:geheim@127.0.0.1:$port/collection.json" \
		"http://me:geheim@127.0.0.1:$port"
	if grep -q geheim out err; then return 1; fi
}

@test "a page that cannot be read ends the run" {
	paged_site
	rm site/search-2.json
	jq '.links[0].href = "./gone?page=2"' site/search >new
	mv new site/search
	start_nginx site
	check 1 img-catalog --from stac "$url/search"
	grep -q "$url/gone?page=2: HTTP 404" err
	jq '.links[0].href = "./search?page=2"' site/search >new
	mv new site/search
	cp site/search site/search-2.json
	check 1 img-catalog --from stac "$url/search"
	grep -q "$url/search?page=2: page 2 leads back to one that was read" err
	[ "$(wc -l <site/search-2.json)" -gt 0 ]
}

@test "an API that wants POST, by pages that merge" {
	start_fault_server
	echo "{\"type\": \"Catalog\", \"id\": \"api\", \"links\": [{\"rel\":
		\"search\", \"method\": \"POST\", \"href\": \"$url/api/search\"}]}" \
		>landing.json
	check 0 img-catalog --from stac --collections c,d --datetime 2023-07-01 \
		--bbox 7.4,46.9,7.5,47 --max-items 4 landing.json
	[ "$(lines -s '[.[].img.uri | sub(".*/"; "")] | join(" ")')" = \
		'"0.tif 1.tif 2.tif 3.tif"' ]
	diff - queries <<-'LINES'
		{"bbox": [7.4, 46.9, 7.5, 47], "collections": ["c", "d"], "datetime": "2023-07-01T00:00:00Z/2023-07-01T23:59:59Z", "limit": 4}
		{"bbox": [7.4, 46.9, 7.5, 47], "collections": ["c", "d"], "datetime": "2023-07-01T00:00:00Z/2023-07-01T23:59:59Z", "limit": 4, "token": 3}
	LINES
	check 0 img-catalog --from stac --collections c landing.json
	[ "$(lines -s length)" = 5 ]
}

@test "servers that do wrong" {
	item a 2020-06-01T10:00:00Z 7.4 | jq '.links = []' >a.json
	start_fault_server
	check 3 img-catalog --from stac "$url/bomb/x" "$url/to/http://169.254.169.254/x" a.json
	grep -q "not valid JSON" err
	grep -q "169.254.169.254 is link-local" err
	[ "$(lines .img.uri)" = '"a.tif"' ]
	check 3 img-catalog --from stac "$url/status/503/2/a" a.json
	grep -q "no STAC document\|not valid JSON" err
	[ "$(grep -c /status requests)" = 3 ]
}

@test "an output does not take the place of a document or an asset" {
	static_site
	town=site/town
	rm $town/collection.json
	item a 2020-06-01T10:00:00Z 7.4 >$town/a.json
	echo '{"type": "Collection", "id": "town", "license": "CC0-1.0",
		"links": []}' >$town/collection.json
	echo '{"type": "Catalog", "id": "t", "links": [
		{"rel": "item", "href": "a.json"}]}' >$town/cat.json
	tif $town/a.tif 40 30 4 EPSG:32632 500000 5200000 2
	cp -r site kept
	for name in a.tif a.json collection.json; do
		for how in -o '-o new --reject'; do
			# shellcheck disable=SC2086
			check 1 img-catalog --from stac $town/cat.json \
				$how $town/$name
			grep -q "'$town/$name' is read, too, as" err
			[ ! -e new ]
			diff -r site kept
		done
	done
	check 0 img-catalog --from stac $town/cat.json -o new
}

@test "footprints across the antimeridian go on, and come back from a vector file" {
	# ring JUMPING, ONE THAT GOES ON, TWO PARTS: all the same image
	item a 2020-06-01 179.99 | jq -c '.bbox = [179.99, 46.94, -179.99, 46.96] |
		(.id = "jumps" | .geometry.coordinates = [[[179.99, 46.94],
		[-179.99, 46.94], [-179.99, 46.96], [179.99, 46.96],
		[179.99, 46.94]]]),
		(.id = "goes on" | .bbox[2] = 180.01 | .geometry.coordinates =
		[[[179.99, 46.94], [180.01, 46.94], [180.01, 46.96],
		[179.99, 46.96], [179.99, 46.94]]]),
		(.id = "two" | .geometry = {type: "MultiPolygon", coordinates:
		[[[[-180, 46.94], [-179.99, 46.94], [-179.99, 46.96],
		[-180, 46.96], [-180, 46.94]]], [[[179.99, 46.94],
		[180, 46.94], [180, 46.96], [179.99, 46.96],
		[179.99, 46.94]]]]})' |
		jq -s '{type: "FeatureCollection", features: .}' >am.json
	options=(--licence x --attribution y)
	check 0 img-catalog --from stac "${options[@]}" am.json
	lines -se 'length == 3 and
		(map(.bbox) | unique == [[179.99, 46.94, -179.99, 46.96]])'
	for format in gpkg fgb geojson; do
		check 0 img-catalog --from stac "${options[@]}" am.json \
			-f "$format" -o "am.$format"
		check 0 img-catalog --from vector "am.$format"
		cp out catalog.rec
		lines -se 'map(.bbox | map(. * 100 | round)) |
			unique == [[17999, 4694, -17999, 4696]]'
	done
	# and objects on both sides are joined
	printf '{"id":"%s","tags":{"a":"b"},"lon":%s,"lat":46.95}\n' \
		1 179.995 2 -179.995 3 179.98 4 -179.98 | rec-make -q -o objects
	check 0 geojoin --shift 0 --window 2px --images catalog.rec <objects
	lines -se 'map(.id) | unique == ["1", "2"]'
	# as RFC 7946 wants it, made by someone else
	ogr2ogr -f GeoJSON -lco RFC7946=YES rfc.geojson am.gpkg
	check 0 img-catalog --from vector rfc.geojson
	lines -se 'map(.bbox | map(. * 100 | round)) |
		unique == [[17999, 4694, -17999, 4696]]'
}

@test "--source chooses collection, assets and their stretch" {
	item a 2020-06-01 7.4 | jq '.collection = "landsat-c2-l2" | .assets =
		([["red", "green", "blue"][] | {key: ., value: {href:
		"https://a.example/\(.).tif", type: "image/tiff"}}] | from_entries)
		' >a.json
	jq '.collection = "other"' a.json >b.json
	check 0 img-catalog --from stac --source L8 a.json b.json
	lines -se 'length == 1 and .[0].img.stretch == [7273, 21818] and
		.[0].img.src == "L8" and (.[0].img.uri | length) == 3 and
		.[0].img.licence == "public domain"'
	grep -q 'other collection 1' err
	check 0 img-catalog --from stac --source L8 --collections other \
		--asset red --bands 1 --stretch 0,9 a.json b.json
	lines -se 'length == 1 and .[0].img.stretch == [0, 9] and
		.[0].img.uri == "https://a.example/red.tif"'
}

@test "a document may come from a pipe, but not by a link" {
	item a 2020-06-01 7.4 | jq '.links = []' >a.json
	check 0 img-catalog --from stac <(cat a.json)
	lines -e '.img.src == "town"'
	mkfifo pipe
	echo '{"type": "Catalog", "id": "c", "links": [{"rel": "item",
		"href": "pipe"}, {"rel": "item", "href": "/dev/zero"},
		{"rel": "item", "href": "a.json"}]}' >c.json
	check 3 timeout 20 img-catalog --from stac c.json
	grep -q "bad link: c.json: the link 'pipe' leads to a pipe" err
	lines -se 'length == 1'
}

# pages N: as many in ./pages, each leading to the next, empty but for the last.
pages() {
	mkdir -p pages
	for i in $(seq "$1"); do
		echo '{"type": "FeatureCollection", "features": [ ], "links":
			[{"rel": "next", "href": "'$((i + 1))'.json"}]}' \
			>"pages/$i.json"
	done
	item a 2020-06-01 7.4 | jq -s '{type: "FeatureCollection",
		features: ., links: []}' >"pages/$1.json"
}

@test "pages without end end" {
	pages 100
	check 0 img-catalog --from stac --licence x --attribution y pages/1.json
	lines -se 'length == 1'
	pages 101
	check 1 img-catalog --from stac --licence x --attribution y pages/1.json
	grep -q 'pages/100.json: 100 pages in a row bring no new item' err
	# the same items again and again
	same=$(item a 2020-06-01 7.4)
	for i in $(seq 150); do
		echo '{"type": "FeatureCollection", "features": ['"$same"'],
			"links": [{"rel": "next",
				"href": "'$((i + 1))'.json"}]}' >"pages/$i.json"
	done
	check 1 img-catalog --from stac --licence x --attribution y pages/1.json
	grep -q 'pages/101.json: 100 pages in a row bring no new item' err
}

@test "bands that the item does not list, dates and clouds that are none" {
	options=(--licence x --attribution y)
	item a 2020-06-01T10:00:00Z 7.4 >a.json
	check 3 img-catalog --from stac "${options[@]}" --bands 1,2,9 a.json
	grep -q "item 'a': no band 9, the item lists 4" err
	check 0 img-catalog --from stac "${options[@]}" --bands 1,2,4 a.json
	item b yesterday 7.4 >b.json
	check 3 img-catalog --from stac "${options[@]}" b.json
	grep -q "bad attributes: b.json: item 'b': its datetime is no time" err
	check 0 img-catalog --from stac "${options[@]}" --date 2019 b.json
	lines -e '.img.date == "2019"'
	item c 2020-06-01 7.4 >c.json
	check 0 img-catalog --from stac "${options[@]}" --datetime 2020 c.json
	lines -e '.img.date == "2020-06-01"'
	for cloud in '"12"' 500 -1; do
		item d 2020-06-01T10:00:00Z 7.4 d.tif \
			"{\"eo:cloud_cover\": $cloud}" >d.json
		check 3 img-catalog --from stac "${options[@]}" --max-cloud 9 \
			d.json
		grep -q "item 'd': its eo:cloud_cover is no percentage" err
	done
	item d 2020-06-01T10:00:00Z 7.4 d.tif '{"eo:cloud_cover": null}' >d.json
	check 0 img-catalog --from stac "${options[@]}" d.json
}

@test "messages name document, place and fault, but no secrets" {
	options=(--licence x --attribution y)
	item a 2020-06-01T10:00:00Z 7.4 |
		jq '.properties["proj:shape"] = [1e18, 1e18] |
		.assets.image.href = "https://a.example/a.tif"' >a.json
	check 3 img-catalog --from stac "${options[@]}" a.json
	grep -q "item 'a': no usable proj:shape, and the image is not on" err
	jq '.properties["proj:transform"] = []' a.json |
		jq '.properties["proj:shape"] = [3, 4]' >b.json
	check 3 img-catalog --from stac "${options[@]}" b.json
	grep -q "item 'a': no usable proj:transform, and" err
	echo '{"type": "Catalog", "id": "c", "links": [{"rel": "item",
		"href": "ftp://b.example/c?sig=SECRET"}, {"rel": "item"}]}' \
		>c.json
	check 3 img-catalog --from stac "${options[@]}" c.json
	grep -q "bad link: c.json: the link 'ftp://b.example/c' leads to" err
	grep -q "bad link: c.json: the link '' leads to" err
	if grep SECRET err; then return 1; fi
	jq -c . a.json | jq -s '{type: "FeatureCollection", features: [.[],
		{type: "Feature"}]}' >d.json
	check 3 img-catalog --from stac "${options[@]}" d.json
	grep -q 'no item: d.json: feature 2: it has no id' err
	# blanks and accents in links
	mkdir -p "site/ü b"
	item a 2020-06-01T10:00:00Z 7.4 'ä c.tif' >'site/ü b/a.json'
	echo '{"type": "Catalog", "id": "c", "links": [{"rel": "item",
		"href": "ü b/a.json"}]}' >site/c.json
	start_nginx site
	check 0 img-catalog --from stac "${options[@]}" "$url/c.json"
	[ "$(lines .img.uri)" = "\"$url/%C3%BC%20b/%C3%A4%20c.tif\"" ]
}
