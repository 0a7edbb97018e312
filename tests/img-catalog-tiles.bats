# img-catalog-tiles.bats - tile services as images

load lib

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# tiles STATUS TEMPLATE…: levels 0 to 19 of a town.
tiles() {
	local want=$1
	shift
	check "$want" img-catalog --from tiles --zoom 0-19 \
		--bounds 85.5,27.6,85.6,27.7 "$@"
}

xyz='https://tiles.example.org/sat/{z}/{x}/{y}.png'

@test "a template is an image of the whole grid" {
	tiles 0 --licence L "$xyz"
	lines -e '.img | .kind == "xyz" and .src == "tiles-example-org" and
		.uri == "'"$xyz"'" and .crs == "EPSG:3857" and
		.size == [134217728, 134217728] and .bands == [1, 2, 3] and
		.tile == {scheme: "xyz", min_z: 0, max_z: 19, px: 256} and
		.licence == "L"'
	lines -e '.bbox == [85.5, 27.6, 85.6, 27.7]'
	lines -e '.img.transform as $t | $t[0] == -$t[3] and $t[1] == -$t[5] and
		($t[1] * 134217728 / 2 + $t[0] | fabs < 1e-6) and
		($t[3] - 20037508.342789244 | fabs < 1e-6)'
	# a pixel of the equator's 0.2986 m, by the cosine of the latitude; at
	# most 0.3 % more north to south, on the ellipsoid
	lines -e '.img.gsd_m / (0.298582141739 * (27.65 | . / 57.29577951308232 |
		cos)) | . > 1 and . < 1.004'
	rec-view -q --headers headers out >/dev/null
	jq -ce '.inputs == [{"name": "tiles.example.org"}]' headers
	check 0 img-catalog --from tiles --zoom 30 --tile-size 8192 "$xyz"
	lines -e '.img.tile == {scheme: "xyz", min_z: 30, max_z: 30, px: 8192} and
		.img.size == [8796093022208, 8796093022208] and
		.bbox[0] == -180 and .bbox[2] == 180 and (.bbox[3] - 85.0511 |
		fabs < 1e-4)'
}

@test "kinds, by their placeholders" {
	tiles 0 'http://h/{z}/{x}/{-y}' 'http://h/{q}' 'http://h/a{quadkey}?g={x}' \
		'http://h/{TileMatrix}/{TileCol}/{TileRow}.jpg' \
		'http://h/wms?bbox={bbox}&width={width}&height={height}&srs={proj}' \
		'http://{switch:a,b}.h.org/{z}/{x}/{y}?k={TOKEN_2}' \
		'/data/town/{z}/{x}/{y}.jpg'
	lines -se 'map([.img.kind, .img.tile.scheme]) == [["xyz", "tms"],
		["xyz", "quadkey"], ["xyz", "quadkey"], ["wmts", "wmts"],
		["wms", "wms"], ["xyz", "xyz"], ["xyz", "xyz"]]'
	lines -se '.[5:] | map(.img.src) == ["h-org", "town"]'
	if grep secret err; then return 1; fi
	printf '%s\n' "$xyz" "$xyz" | tiles 0 -
	lines -se 'length == 2'
	grep -q twice err
}

@test "what is no template is set aside, the others go on" {
	tiles 3 --reject rejects 'https://a/{z}/{x}.png' 'https://b/{z}/{x}/{r}' \
		'https://c/{z}/{x}/{y' 'https://d/{bbox' "$xyz"
	lines -se 'length == 1'
	grep -q "no template of tiles: 'a': it has none of" err
	grep -q "'b': what is '{r}'?" err
	grep -q "'c': '{' without '}'" err
	[ "$(rec-view -q rejects | jq -r .img.uri | head -n 1)" = \
		'https://a/{z}/{x}.png' ]
	for both in '{z}/{x}/{y}/{q}' '{z}/{x}/{y}/{-y}' '{quadkey}?b={bbox}'; do
		tiles 3 "https://e/$both"
		grep -q "'e': it says in more than one way which tile it is" err
	done
	for foreign in javascript: ftp://a/ s3://b/; do
		tiles 3 "$foreign{z}/{x}/{y}"
		grep -q 'it is neither an http or https URL nor a path' err
	done
	tiles 0 'file:///a/{z}/{x}/{y}'
}

@test "secrets are warned of, and said nowhere else" {
	for t in 'https://me:hunter2@h.org/{z}/{x}/{y}' \
		'https://h.org/{z}/{x}/{y}?a=b&access_token=hunter2' \
		'https://h.org/{z}/{x}/{y}?API_KEY=hunter2&v=1' \
		'https://h.org/v1/0123456789abcdefhunter2ef/{z}/{x}/{y}'; do
		tiles 0 "$t"
		grep -q "'h.org' holds what looks like a secret.*{TOKEN}" err
		if grep hunter2 err; then return 1; fi
		rec-view -q --headers headers out >/dev/null
		if grep hunter2 headers; then return 1; fi
		tiles 3 "$t{what}"
		if grep hunter2 err; then return 1; fi
	done
	tiles 0 'https://h.org/{z}/{x}/{y}?key={TOKEN}&sig=&monkeys=1'
	grep -c secret err >n || true
	[ "$(cat n)" = 1 ] # "monkeys" has a key in it: one warning too many
	tiles 0 'https://h.org/{z}/{x}/{y}?key={TOKEN}'
	if grep secret err; then return 1; fi
}

@test "bounds: over the antimeridian, beyond the map's edge" {
	check 0 img-catalog --from tiles --zoom 3-9 --bounds 179,-90,-179,-10 "$xyz"
	lines -e '.bbox | .[0] == 179 and .[2] == -179 and
		(.[1] + 85.0511 | fabs < 1e-4)'
	rec-view -q -f geojson out | jq -e '.features[0].geometry |
		.coordinates[0] | map(.[0]) | [min, max] == [179, 181]'
	for bad in 1,2,3 1,2,3,4,5 a,2,3,4 0,10,1,5 0,5,0,6 181,0,182,1 \
		0,86,1,88 ''; do
		check 2 img-catalog --from tiles --zoom 3 "--bounds=$bad" "$xyz"
	done
	for bad in 5-3 31 a 1- -1 1-2-3 ''; do
		check 2 img-catalog --from tiles "--zoom=$bad" "$xyz"
	done
	check 2 img-catalog --from tiles "$xyz"
	grep -q -- '--from tiles needs --zoom' err
	check 2 img-catalog --zoom 3 "$xyz"
	check 2 img-catalog --from tiles --zoom 3 --tile-size 0 "$xyz"
	check 2 img-catalog --from tiles --zoom 3 --tile-size 8193 "$xyz"
}

@test "a service as a vector file, and back" {
	tiles 0 "$xyz"
	rec-view -q out >want
	for format in fgb gpkg geojson; do
		tiles 0 -f "$format" -o "a.$format" "$xyz"
		check 0 img-catalog --from vector "a.$format"
		rec-view -q out | diff want -
	done
}

@test "geojoin chooses windows in a service" {
	tiles 0 -o catalog.rec "$xyz"
	echo '{"id":"n1","tags":{"a":"b"},"lon":85.55,"lat":27.65}' |
		rec-make -q | check 0 geojoin --shift 0 --window 100px \
		--images catalog.rec
	# where the slippy map has it: column and row of the pixel at level 19
	lines -e '.win[0] + 50 - (85.55 + 180) / 360 * 134217728 | fabs < 2'
	lines -e '(27.65 / 57.29577951308232) as $l |
		(1 - (($l | tan) + 1 / ($l | cos) | log) / 3.14159265358979) / 2 *
		134217728 - .win[1] - 50 | fabs < 2'
}

@test "real data: windows in the tiles of Banepa are those in its mosaic" {
	need_testdata
	d=$SKYFILTERS_TESTDATA/pairs/banepa
	img-catalog -q --src B "$d/banepa_oam_z19.tif" -o tif.rec
	box=$(rec-view -q tif.rec | jq -r '.bbox | map(tostring) | join(",")')
	img-catalog -q --src B --from tiles --zoom 19 --tile-size 512 \
		--bounds "$box" -o tiles.rec "$d/tiles/{z}/{x}/{y}.jpg"
	for n in tif tiles; do
		osm-tags -q --geometry "$d/buildings.osm.pbf" |
			geojoin -q --images "$n.rec" >"$n.samples"
		[ "$(rec-view -q --count "$n.samples")" -gt 1400 ]
	done
	rec-view -q tif.rec | jq .img.gsd_m >a
	rec-view -q tiles.rec | jq .img.gsd_m >b
	paste a b | awk '{ exit ($1 / $2 - 1) ^ 2 > 1e-6 }'
	# the same size and, but for one offset, the same place
	# (each catalogue's samples come in an order of its own)
	paste <(rec-view -q tif.samples | jq -c '[.id, .win]' | sort) \
		<(rec-view -q tiles.samples | jq -c '[.id, .win]' | sort) |
		jq -sce '. as $all | [range(0; length; 2)] |
		map([$all[.], $all[. + 1]]) |
		(map(select(.[0][0] != .[1][0] or .[0][1][2:] != .[1][1][2:])) |
		length) == 0 and
		(map([.[1][1][0] - .[0][1][0], .[1][1][1] - .[0][1][1]]) | unique |
		length) == 1'
}
