# rec-make.bats - records from tables, GeoJSON, images and WebDataset tars.
# (JSON lines: rec.bats)

load lib

# made STATUS WORD…: runs rec-make; its records as JSON lines to ./lines.
made() {
	check "$1" rec-make "${@:2}"
	mv out records
	if [ "$1" = 1 ]; then
		rec-view -q records >lines 2>view-err || true
	else
		rec-view -q records >lines
	fi
}

# lines_are: ./lines is what stdin says.
lines_are() {
	diff - lines
}

@test "a table: columns become fields, with the types of the record table" {
	cat >t.csv <<'EOT'
id,lon,lat,tags.building,"tags.""addr.full""",height,ver,halo,bbox,px,img.gsd_m,img.src,tag_gsd_m.building,near,title,geom
n1,85.5,-27,yes,"1, ""A"" Road",007,3,true,"[1,2.5,3,4]","[3,4]",0.5,banepa,10,"[{""n"":2}]",42,AQEAAAA=
n2,1e2,0.0,,,,,,,,,,,,,
EOT
	made 0 t.csv
	lines_are <<'EOT'
{"id":"n1","lon":85.5,"lat":-27.0,"tags":{"building":"yes","addr.full":"1, \"A\" Road"},"height":"007","ver":3,"halo":true,"bbox":[1.0,2.5,3.0,4.0],"px":[3,4],"img":{"gsd_m":0.5,"src":"banepa"},"tag_gsd_m":{"building":10.0},"near":[{"n":2}],"title":"42","geom":"AQEAAAA="}
{"id":"n2","lon":100.0,"lat":0.0}
EOT
}

@test "the same table as TSV, by name or by option, from a pipe" {
	printf 'id\ttags.name\ttags\nn1\ta\\tb\t\n' >t.tsv
	printf 'id\ttags.name\nn1\ta\\tb\n' >t.tsv
	made 0 t.tsv
	lines_are <<<'{"id":"n1","tags":{"name":"a\tb"}}'
	cp t.tsv t.TAB
	made 0 t.TAB
	lines_are <<<'{"id":"n1","tags":{"name":"a\tb"}}'
	made 0 --format tsv <t.tsv
	lines_are <<<'{"id":"n1","tags":{"name":"a\tb"}}'
	made 0 -f tsv - <t.tsv
	lines_are <<<'{"id":"n1","tags":{"name":"a\tb"}}'
}

@test "a column of maps, names with blanks, columns without a name" {
	printf '%s\n' ',Height (m),tags,x.y.z,x.w' \
		'0,3,"{""a"":1,""b"":null,""c"":[1,2],""d"":""e""}",1,' \
		'1,,,,' >t.csv
	made 0 t.csv
	lines_are <<'EOT'
{"Height (m)":3,"tags":{"a":"1","c":"[1,2]","d":"e"},"x":{"y":{"z":1}}}
{}
EOT
}

@test "--id names the column of the id" {
	printf 'id,osm,name\n7,w1,a\n8,,b\n' >t.csv
	made 3 --id osm t.csv
	lines_are <<<'{"id":"w1","name":"a"}'
	grep -q 't.csv: line 3: it has no id' err
	made 1 --id nowhere t.csv
	grep -q "t.csv: there is no column 'nowhere'" err
	made 0 t.csv
	[ "$(jq -r .id lines | tr '\n' ' ')" = '7 8 ' ]
}

@test "rows that cannot be read are set aside with file and line" {
	cat >t.csv <<-'EOT'
		id,lon,ver,halo,geom,px
		n1,1,1,true,,
		n2,1
		n3,1,1,true,,,7
		n4,x,1,true,,
		n5,1,-1,true,,
		n6,1,1,yes,,
		n7,1,1,true,?,
		n8,1,1,true,,3
		"n9
		",inf,1,true,,
		n10,0x10,1,true,,
		n11,1,1.5,true,,
		n12,1,1,true,,"[1,-2]"
		n13,1,1,true,,"""a"""
		n14,,,,,
	EOT
	printf 'n\377,1,1,true,,\n' >>t.csv
	made 3 --reject rejects t.csv
	[ "$(jq -r .id lines | tr '\n' ' ')" = 'n1 n14 ' ]
	for line in "3: 2 fields instead of 6" "4: 7 fields instead of 6" \
		"5: lon: 'x' is no number" "6: ver: '-1' is no whole number" \
		"7: halo: 'yes' is no 'true' or 'false'" \
		"8: geom: '?' is no base64" "9: px: it is no array" \
		"10: lon: 'inf' is no number" "12: lon: '0x10' is no number" \
		"13: ver: '1.5' is no whole number" \
		"14: px: '-2' is no whole number" \
		"15: px: '\"a\"' is no array or object" "17: field 1 is not UTF-8"; do
		grep -qF "t.csv: line $line" err
	done
	rec-view -q rejects | jq -r '.raw["$bin"]' | head -n 1 | base64 -d >raw
	[ "$(cat raw)" = 'n2,1' ]
	rec-view -q rejects | jq -r '.raw["$bin"]' | sed -n 8p | base64 -d >raw
	printf '"n9\n",inf,1,true,,' | cmp - raw
}

@test "tables without a good header, or broken, are errors" {
	while IFS='|' read -r text what; do
		# shellcheck disable=SC2059 # text is a format
		printf "$text" >t.csv
		made 1 t.csv
		grep -q "$what" err || {
			cat err
			return 1
		}
	done <<-'EOT'
		|t.csv: there is no header line
		\n\n|t.csv: there is no header line
		a,a\n1,2\n|column 'a': another column makes that field
		tags.a,tags\nx,{}\n|column 'tags': another column makes
		tags,tags.a\n{},x\n|column 'tags.a': another column makes
		lon.x\n1\n|column 'lon.x': the field 'lon' is no map
		near.0.n\n1\n|column 'near.0.n': the field 'near' is no map
		skyfilters\n1\n|column 'skyfilters': the name is reserved
		a.\n1\n|column 'a.': a field name is missing
		a b.c\n1\n|column 'a b.c': 'a b.c' is no name of a field
		a\377\n1\n|the name is not UTF-8
		a,b\n1,"2\n|t.csv: line 2: a quote is not closed
		a,b\n1,2"\n|t.csv: line 2: a quote stands inside a field
	EOT
	printf 'a,b\n1,2\n3,"4\n' >t.csv
	made 1 t.csv
	lines_are <<<'{"a":1,"b":2}'
	check 1 rec-make nowhere.csv
	grep -q "cannot open 'nowhere.csv'" err
}

# A FeatureCollection, pretty-printed, with all kinds of geometries.
collection() {
	cat <<'EOT'
{ "type": "FeatureCollection", "name": "x",
  "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
  "features": [
    { "type": "Feature", "id": 12,
      "properties": {"building": "yes", "levels": 3, "h": 2.50, "ok": true,
        "no": null, "o": {"a": [1, "]"]}, "title": "T", "ver": 3, "id": "p"},
      "geometry": {"type": "Polygon", "coordinates": [
        [[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]],
        [[0.004,0.004],[0.006,0.004],[0.006,0.006],[0.004,0.006],[0.004,0.004]]]}
    },
    {"type": "Feature", "properties": {"a": "z", "tags": {"a": "b", "c": 1}, "d": "e", "id": "q"},
      "geometry": {"coordinates": [[[[179,0],[180,0],[180,1],[179,1],[179,0]]],
        [[[-180,0],[-179.5,0],[-179.5,1],[-180,1]]]], "type": "MultiPolygon"}},
    {"type": "Feature", "properties": null, "geometry": {"type": "Point", "coordinates": [1, 2, 300.5]}},
    {"geometry": {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, "type": "Feature", "properties": {}},
    {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[10, 0], [11, 0]]}},
    {"type": "Feature", "properties": {}, "geometry": {"type": "MultiLineString", "coordinates": [[[10, 0], [11, 0]], [[20, 5], [20, 6]]]}},
    {"type": "Feature", "properties": {"x": "\"features\":["}, "geometry": null},
    {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": []}}
  ], "more": [1, {"features": []}] }
EOT
}

@test "a collection: properties, ids, geometries of all kinds" {
	collection >c.geojson
	made 0 c.geojson
	[ "$(wc -l <lines)" = 8 ]
	jq -c 'del(.geom, .area_m2, .len_m, .lon, .lat)' lines >got
	diff - got <<'EOT'
{"id":"12","tags":{"building":"yes","levels":"3","h":"2.5","ok":"true","o":"{\"a\":[1,\"]\"]}","id":"p"},"bbox":[0,0,0.01,0.01],"title":"T","ver":3}
{"id":"q","tags":{"a":"b","c":"1","d":"e"},"bbox":[179,0,-179.5,1]}
{"bbox":[1,2,1,2]}
{"bbox":[1,2,3,4]}
{"bbox":[10,0,11,0]}
{"bbox":[10,0,20,6]}
{"tags":{"x":"\"features\":["}}
{}
EOT
	jq -r '[.id, .lon, .lat] | @tsv' lines | sed -n '2,6p' >got
	printf '%s\t%s\t%s\n' q 179.5 0.5 '' 1 2 '' 1 2 '' 10.5 0 '' 10.5 0 |
		diff - got
	# the sizes of a cell at the equator, which is near enough a rectangle
	jq -se '.[0].area_m2 / (1113.1949 * 1105.7428 * 0.96) - 1 | fabs < 1e-4' lines
	jq -se '.[4].len_m - 111319.4908 | fabs < 1e-3' lines
	jq -se '.[5].len_m > .[4].len_m + 110000' lines
	# the point of the first is not in its hole
	jq -se '.[0] | .lon > 0.006 or .lon < 0.004 or .lat > 0.006 or .lat < 0.004' lines
}

@test "geometries are those that GDAL writes as WKB" {
	command -v ogr2ogr
	collection >c.geojson
	made 0 c.geojson
	/usr/bin/python3 - <<-'EOT'
		import base64, json, struct
		from osgeo import ogr
		lines = [json.loads(l) for l in open("lines")]
		features = json.load(open("c.geojson"))["features"]
		n = 0
		for line, feature in zip(lines, features):
		    if "geom" not in line:
		        continue
		    text = json.dumps(feature["geometry"])
		    want = ogr.CreateGeometryFromJson(text)
		    want.FlattenTo2D()
		    want.CloseRings()
		    got = base64.b64decode(line["geom"])
		    assert got == bytes(want.ExportToWkb(ogr.wkbNDR)), text
		    n += 1
		assert n == 6, n
	EOT
}

@test "a single feature, a geometry, documents one behind the other" {
	printf '{"type":"Feature","id":"a","properties":{"k":"v"},"geometry":{"type":"Point","coordinates":[1,2]}}' >a.geojson
	made 0 a.geojson
	lines_are <<<'{"id":"a","tags":{"k":"v"},"lon":1.0,"lat":2.0,"bbox":[1.0,2.0,1.0,2.0],"geom":"AQEAAAAAAAAAAADwPwAAAAAAAABA"}'
	{
		printf '\357\273\277'
		cat a.geojson
		collection
		printf '\036{"type":"Point","coordinates":[3,4]}\n'
		cat a.geojson
	} >b.geojson
	made 0 b.geojson
	[ "$(wc -l <lines)" = 11 ]
	[ "$(jq -r .lon lines | sed -n 10p)" = 3 ]
	printf '{"type":"FeatureCollection","features":[]}' >none.geojson
	made 0 none.geojson
	[ ! -s lines ]
}

@test "sequences: a feature a line, or behind record separators" {
	for i in 1 2 3; do
		printf '{"type":"Feature","id":%d,"properties":{},"geometry":null}\n' $i
	done >s.geojsonl
	made 0 s.geojsonl
	printf '{"id":"%d"}\n' 1 2 3 >want
	diff want lines
	cp s.geojsonl s.geojsons
	made 0 s.geojsons
	diff want lines
	# as RFC 8142 has it, pretty-printed, with a blank text and one unended
	jq . s.geojsonl | sed 's/^{/\x1e&/' >s.geojsonseq
	printf '\036 \n\036{"type":"Feature"\n\036{"type":"Feature","id":4,"properties":{},"geometry":null}' >>s.geojsonseq
	made 3 s.geojsonseq
	printf '{"id":"%d"}\n' 1 2 3 4 | diff - lines
	grep -q "s.geojsonseq: the feature at line $(wc -l <s.geojsonseq | tr -d ' '): not valid JSON" err
	# one bad line does not take the others with it
	sed '2s/^{/{{[/' s.geojsonl >bad.geojsonl
	made 3 bad.geojsonl
	printf '{"id":"%d"}\n' 1 3 | diff - lines
	grep -q 'bad.geojsonl: the feature at line 2: not valid JSON' err
	printf '{"type":"FeatureCollection","features":[]}\n' >c.geojsonl
	made 3 c.geojsonl
	grep -q -- '--format geojson' err
}

@test "--id takes a property for the id" {
	printf '{"type":"Feature","id":1,"properties":{"osm_id":%s,"id":2,"a":"b"},"geometry":null}\n' \
		77 '"w1"' 1.5 null '{}' >s.geojsonl
	made 3 --id osm_id s.geojsonl
	lines_are <<'EOT'
{"id":"77","tags":{"id":"2","a":"b"}}
{"id":"w1","tags":{"id":"2","a":"b"}}
{"id":"1.5","tags":{"id":"2","a":"b"}}
EOT
	grep -q "line 4: it has no property 'osm_id'" err
	grep -q 'line 5: id: it is an object' err
	made 0 s.geojsonl
	[ "$(jq -r .id lines | sort -u)" = 1 ]
}

@test "properties win over what the geometry says" {
	printf '%s\n' '{"type":"Feature","properties":{"lon":5,"area_m2":"7","bbox":[1,2,3,4],"geom":"AQ==","tags":null},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}' >s.geojsonl
	made 0 s.geojsonl
	jq -c 'del(.lat)' lines >got
	diff - got <<<'{"lon":5,"area_m2":7,"bbox":[1,2,3,4],"geom":"AQ=="}'
}

@test "features that are none are set aside" {
	while IFS='|' read -r geometry what; do
		printf '{"type":"Feature","properties":{},"geometry":%s}\n' "$geometry" >s.geojsonl
		made 3 s.geojsonl
		[ ! -s lines ]
		grep -qF "$what" err || {
			echo "$geometry"
			cat err
			return 1
		}
	done <<-'EOT'
		{"type":"Point","coordinates":[1]}|a latitude expected
		{"type":"Point","coordinates":["1",2]}|a number expected at '"1",2]'
		{"type":"Point","coordinates":[01,2]}|a latitude expected
		{"type":"Point","coordinates":[1.,2]}|a number expected
		{"type":"Point","coordinates":[+1,2]}|a number expected
		{"type":"Point","coordinates":[1e999,2]}|is not on the globe
		{"type":"Point","coordinates":[2,91]}|is not on the globe
		{"type":"Point","coordinates":[-180.5,2]}|is not on the globe
		{"type":"Point","coordinates":[1,2]]}|not valid JSON
		{"type":"Point","coordinates":[[1,2]]}|a number expected
		{"type":"Point","coordinates":7}|the geometry has no coordinates
		{"type":"Point"}|the geometry has no coordinates
		{"coordinates":[1,2]}|the geometry has no type
		{"type":"Circle","coordinates":[1,2]}|'Circle' is not one of
		{"type":"GeometryCollection","geometries":[]}|a GeometryCollection is not of one kind
		{"type":"LineString","coordinates":[[1,2]]}|too few points
		{"type":"LineString","coordinates":[[1,2],[1,2]]}|no length
		{"type":"LineString","coordinates":[[1,2],[3,4]}|not valid JSON
		{"type":"LineString","coordinates":[1,2]}|'[' expected
		{"type":"LineString","coordinates":[[1,2][3,4]]}|',' or ']' expected
		{"type":"MultiLineString","coordinates":[[]]}|an element before expected
		{"type":"Polygon","coordinates":[[[0,0],[1,0]]]}|too few points
		{"type":"Polygon","coordinates":[[[0,0],[1,0],[2,0],[0,0]]]}|encloses nothing
		{"type":"Polygon","coordinates":[[[0,70],[120,71],[-120,70],[0,70]]]}|encloses a pole
		{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}|duplicate
	EOT
	printf '%s\n' '{"type":"Feature","properties":[],"geometry":null}' \
		'{"type":"Feature","properties":{"lat":"N 12"},"geometry":null}' \
		'{"type":"Feature","properties":{"tags":"a=b"},"geometry":null}' \
		'{"type":"Feature","properties":{"px":{}},"geometry":null}' \
		'[]' '7' '{"a":1}' >s.geojsonl
	made 3 s.geojsonl --reject rejects
	[ ! -s lines ]
	for line in '1: its properties are no object' \
		"2: property 'lat': 'N 12' is no number" \
		"3: property 'tags' is no object" \
		"4: property 'px': it is no array of numbers" \
		'5: no GeoJSON object' '6: no GeoJSON object' \
		'7: no GeoJSON object: it has no type'; do
		grep -qF "s.geojsonl: the feature at line $line" err
	done
	rec-view -q rejects | jq -r '.raw["$bin"]' | tail -n 1 | base64 -d >raw
	[ "$(cat raw)" = '{"a":1}' ]
}

@test "a document that is broken is an error; what came before is delivered" {
	collection >c.geojson
	size=$(stat -c %s c.geojson)
	for at in 1 30 150 300 700 1200 $((size - 40)) $((size - 2)); do
		head -c "$at" c.geojson >cut.geojson
		made 1 cut.geojson
		grep -q 'cut.geojson: line [0-9]*: the file ends early' err
		[ "$(wc -l <lines)" -le 8 ]
	done
	[ "$(wc -l <lines)" = 8 ]
	while IFS='|' read -r text what; do
		printf '%s' "$text" >t.geojson
		made 1 t.geojson
		grep -qF "$what" err || {
			echo "$text"
			cat err
			return 1
		}
	done <<-'EOT'
		hello|no GeoJSON object stands here
		[]|no GeoJSON object stands here
		{"features":[{} {}]}|',' or ']' is missing behind a feature
		{"features":[,{}]}|a value is missing
		{"features":[{},]}|a value is missing
		{"features":[],"features":[]}|'features' stands twice
		{"type":"Feature","features":[]}|'features' in a 'Feature'
		{"features":[]oops}|the name of a member is missing
		{"a" "b"}|':' is missing
		{"a":}|a value is missing
		{"a":{]},"features":[]}|no GeoJSON object stands here
		{"crs":{"properties":{"name":"EPSG:3857"}},"features":[]}|the coordinates are in 'EPSG:3857': write them in WGS 84
		{"features":[],"crs":{"properties":{"name":"EPSG:3857"}}}|the coordinates are in 'EPSG:3857'
	EOT
}

# The headers of images: png W H, webp W H KIND, tiff W H BYTEORDER, jpeg W H.
image() {
	/usr/bin/python3 - "$@" <<-'EOT'
		import struct, sys
		kind, w, h = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
		if kind == "png":
		    b = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIB", w, h, 8)
		elif kind == "jpeg":
		    b = (b"\xff\xd8\xff\xe0\0\4ab\xff\xff\xfe\0\3c\xff\xc4\0\2\xff\xc2\0\x11\x08"
		        + struct.pack(">HH", h, w) + b"\3")
		elif kind == "tiff":
		    o = sys.argv[4]
		    b = (b"II*\0" if o == "<" else b"MM\0*") + struct.pack(o + "I", 8)
		    b += struct.pack(o + "HHHIHxxHHII", 2, 256, 3, 1, w, 257, 4, 1, h)
		else:
		    form = sys.argv[4]
		    if form == "X":
		        body = b"VP8X\x0a\0\0\0\0\0\0\0" + struct.pack("<I", w - 1)[:3] + struct.pack("<I", h - 1)[:3]
		    elif form == "L":
		        body = b"VP8L\5\0\0\0/" + struct.pack("<I", (w - 1) | (h - 1) << 14)
		    else:
		        body = b"VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", w, h)
		    b = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
		sys.stdout.buffer.write(b)
	EOT
}

@test "a folder of images, in order of name, formats by their bytes" {
	mkdir -p d/beach d/forest/old d/.hidden
	image png 30 20 >d/beach/b_2.png
	image jpeg 300 200 >d/beach/B.1.jpg
	image tiff 7 70000 '<' >d/forest/x.tif
	image tiff 8 9 '>' >d/forest/old/é.TIFF
	image webp 5 6 X >d/forest/old/wx.webp
	image webp 5 6 L >d/forest/old/wl.webp
	image webp 5 6 ' ' >d/forest/old/w.webp
	image png 1 2 >d/zzz.jpg # a PNG for all that
	image png 1 2 >d/.hidden/a.png
	echo text >d/README.txt
	made 0 d
	jq -c '[.key, .chip_fmt, .px]' lines >got
	diff - got <<'EOT'
["beach-B-1","jpeg",[300,200]]
["beach-b-2","png",[30,20]]
["forest-old-w","webp",[5,6]]
["forest-old-wl","webp",[5,6]]
["forest-old-wx","webp",[5,6]]
["forest-old---","tiff",[8,9]]
["forest-x","tiff",[7,70000]]
["zzz","png",[1,2]]
EOT
	grep -q '1 files were passed over' err
	jq -r .chip lines | head -n 1 | base64 -d | cmp - d/beach/B.1.jpg
	# the same with a slash, and from another place
	cp records first
	cd d
	made 0 ./ --label-from folder
	jq -c '[.key, .label]' lines | sed -n '1p;3p;8p' >got
	diff - got <<'EOT'
["beach-B-1","beach"]
["forest-old-w","old"]
["zzz","d"]
EOT
	jq -c 'del(.label)' lines >a
	rec-view -q ../first | diff a -
}

@test "single images, and a list of them" {
	mkdir -p a/b
	image png 1 2 >a/b/c.png
	image png 3 4 >d.png
	made 0 ./d.png a/b/c.png --label-from folder
	jq -c '[.key, .px, .label]' lines >got
	printf '%s\n' "[\"d\",[3,4],\"$(basename "$PWD")\"]" '["a-b-c",[1,2],"b"]' | diff - got
	printf 'd.png\r\n\n%s/a/b/c.png\n' "$PWD" >list
	made 0 --files-from list
	jq -r .key lines >got
	[ "$(head -n 1 got)" = d ]
	sed -n 2p got | grep -q -- '-a-b-c$'
	echo d.png | made 0 --files-from -
	[ "$(jq -r .key lines)" = d ]
	echo nowhere.png >>list
	made 1 --files-from list
	grep -q "list: line 4: cannot open 'nowhere.png'" err
	check 2 rec-make --files-from list --format csv
	check 1 rec-make --format images - <d.png
	grep -q -- '--files-from -' err
}

@test "images that are none, and keys that are taken, are set aside" {
	mkdir d
	image png 1 2 >d/a.png
	image png 1 2 >d/a_.png
	image png 1 2 >d/a-.png
	echo 'no image' >d/b.jpg
	: >d/c.png
	image png 1 2 | head -c 18 >d/e.png
	printf '\377\330\377\331' >d/f.jpg
	image png 0 2 >d/g.png
	image png 1 2 >"d/$(printf 'k%.0s' {1..100}).png"
	image png 1 2 >"d/$(printf 'l%.0s' {1..101}).png"
	made 3 --reject rejects d
	jq -r .key lines >got
	printf '%s\n' a- a "$(printf 'k%.0s' {1..100})" | diff - got
	rec-view -q rejects | jq -r '.reject | .reason + ": " + .detail' >got
	sed 's/l\{101\}/l…/' <<'EOT' | diff - <(sed 's/l\{101\}/l…/' got)
bad key: d/a_.png: another image has the key 'a-'
bad image: d/b.jpg: neither JPEG, PNG, WebP nor TIFF
bad image: d/c.png: neither JPEG, PNG, WebP nor TIFF
bad image: d/e.png: the header of the png is damaged
bad image: d/f.jpg: the header of the jpeg is damaged
bad image: d/g.png: the header of the png is damaged
bad key: d/l….png: its key would have 101 bytes, not 1 to 100
EOT
	ln -s . d/loop
	made 3 d
	grep -q "'d/loop' is a link to a folder" err
	[ "$(wc -l <lines)" = 3 ]
	mkfifo d/pipe.png
	made 3 d/pipe.png
	grep -q 'd/pipe.png: it is no regular file' err
}

@test "--labels adds the fields of a table" {
	mkdir -p d/x
	image png 1 2 >d/x/a.png
	image png 1 2 >d/x/b_1.png
	image png 1 2 >d/c.png
	image png 1 2 >d/e.png
	printf '%s\n' 'file,label,title,tags.landuse,lon' 'x/a.png,beach,A beach,,1' \
		'b_1.png,"for, est",,forest,' 'c,c,C,,' 'nowhere.png,n,,,' >l.csv
	made 0 d --labels l.csv --label-from folder
	jq -c 'del(.chip, .chip_fmt, .px)' lines >got
	diff - got <<'EOT'
{"key":"c","label":"c","title":"C"}
{"key":"e"}
{"key":"x-a","label":"beach","title":"A beach","lon":1}
{"key":"x-b-1","label":"for, est","tags":{"landuse":"forest"}}
EOT
	grep -q "1 images have no row in 'l.csv'" err
	grep -q "1 rows of 'l.csv' are of no image" err
	printf 'f\ttitle\nc.png\tx\n' >l.tsv
	made 0 d --labels l.tsv --label-from folder
	jq -c '[.label, .title]' lines | head -n 1 | diff - <(echo '["d","x"]')
	for text in 'f\nc.png\n' '' 'f,chip\nc.png,x\n' 'f,lon\nc.png,x\n' \
		'f,a\nc.png\n' 'f,a\nc.png,1\nc.png,2\n'; do
		# shellcheck disable=SC2059 # text is a format
		printf "$text" >l.csv
		made 1 d --labels l.csv
		grep -q 'l.csv: ' err
		[ ! -s lines ]
	done
	grep -q "line 3: 'c.png' stands here again" err
}

# Four records with chips, as pair-pack takes them: every kind of field.
pairs() {
	for i in 1 2 3 4; do
		printf '{"key":"w%d_town","id":"w%d","tags":{"building":"yes"},"lon":1.5,"px":[3,4],"title":"house\\n","ts":%d,"big":{"$num":"18446744073709551615"},"nan":{"$num":"nan"},"f":{"$f32":0.5},"m":{"$$bin":1},"chip":"/9j/4A==","chip_fmt":"jpeg","label":"l","sim":0.%d}\n' $i $i $i $i
	done | rec-make -q >pairs.rec
}

@test "WebDataset: what pair-pack has packed comes back" {
	pairs
	pair-pack -q -o d --shard-size 3 <pairs.rec
	made 0 d/shard-000000.tar d/shard-000001.tar
	jq -Sc . lines >got
	rec-view -q pairs.rec | jq -Sc . | diff - got
	# joined as a stream
	cat d/*.tar | made 0 -f webdataset
	diff lines <(rec-make -q d/*.tar | rec-view -q)
	[ "$(wc -l <lines)" = 4 ]
	# packed again: the same shards, but for the order of the fields
	rec-view -q records >first
	pair-pack -q -o again --shard-size 3 <records
	made 0 again/*.tar
	diff first lines
	for z in gzip 'xz -q' 'zstd -q' bzip2; do
		$z -c d/shard-000000.tar | check 0 rec-make -q -f webdataset
		rec-view -q out | diff - <(head -n 3 first)
	done
}

# tar NAME [MEMBER BYTES]…: a tar file; BYTES is a Python literal.
tarfile() {
	/usr/bin/python3 - "$@" <<-'EOT'
		import ast, io, sys, tarfile
		with tarfile.open(sys.argv[1], "w") as t:
		    for name, data in zip(sys.argv[2::2], sys.argv[3::2]):
		        data = ast.literal_eval("b'" + data + "'")
		        m = tarfile.TarInfo(name)
		        m.size = len(data)
		        if name.endswith("/"):
		            m.type = tarfile.DIRTYPE
		        t.addfile(m, io.BytesIO(data))
	EOT
}

@test "WebDataset: samples of other makers" {
	local jpeg='\xff\xd8\xff\xe0'
	tarfile t.tar dir/ '' dir/é1.jpg "$jpeg" dir/é1.txt 'caf\xc3\xa9\n' \
		dir/a-b_c.cls '7\n' dir/a-b_c.seg.png x __k.JPG "$jpeg" \
		__k.npy 12 noext x .hid.jpg "$jpeg" \
		000.json '{"caption":"a","width":5,"key":"000","title":"T"}' \
		000.txt other 000.png '\x89PNG\r\n\x1a\n' only.npy 12 \
		e.txt '' "$(printf 'd%.0s' {1..150})/x.txt" t
	made 3 t.tar
	lines_are <<'EOT'
{"key":"dir---1","title":"café","chip_fmt":"jpeg","chip":"/9j/4A=="}
{"key":"dir-a-b_c","label":"7"}
{"key":"__k","chip_fmt":"jpeg","chip":"/9j/4A=="}
{"caption":"a","width":5,"key":"000","title":"T","chip_fmt":"png","chip":"iVBORw0KGgo="}
{"key":"e"}
EOT
	grep -q "1 members '.seg.png' were passed over" err
	grep -q "2 members '.npy' were passed over" err
	grep -qE "t.tar: 'd+/x': a key has 1 to 100 bytes" err
}

@test "WebDataset: bad samples are set aside" {
	local jpeg='\xff\xd8\xff\xe0'
	tarfile t.tar a.jpg "$jpeg" a.png '\x89PNG\r\n\x1a\n' b.jpg no c.json '[1]' \
		d.json '{' e.txt '\xff' f.json '{"skyfilters":1}' \
		g.json '{"a":{"$oops":1}}' h.txt ok
	made 3 --reject rejects t.tar
	lines_are <<<'{"key":"h","title":"ok"}'
	rec-view -q rejects | jq -r '.reject | .reason + ": " + .detail' >got
	sed 's/valid JSON:.*/valid JSON/' got | diff <(cat <<'EOT'
bad sample: t.tar: 'a': 'png' is a second image
bad sample: t.tar: 'b': image: neither JPEG, PNG, WebP nor TIFF
bad sample: t.tar: 'c': json: the line is no JSON object
bad sample: t.tar: 'd': json: not valid JSON
bad sample: t.tar: 'e': the text for 'title' is not UTF-8
bad sample: t.tar: 'f': json: key 'skyfilters' is reserved
bad sample: t.tar: 'g': json: unknown marker '$oops'
EOT
) -
}

@test "WebDataset: a damaged tar is an error; samples before it are delivered" {
	pairs
	pair-pack -q -o d <pairs.rec
	tar=d/shard-000000.tar
	# a sample is 6 blocks of 512 bytes
	while read -r at samples; do
		head -c "$at" "$tar" >cut.tar
		made 1 cut.tar
		grep -q 'rec-make: cut.tar: ' err
		[ "$(wc -l <lines)" = "$samples" ] || {
			echo "at $at: $(wc -l <lines)"
			return 1
		}
	done <<-EOT
		0 0
		1 0
		511 0
		512 0
		600 0
		1024 0
		3072 0
		3583 0
		4096 1
		5632 1
		6144 1
		12287 3
		12288 3
		12500 3
	EOT
	head -c 5000 $tar >cut.tar
	made 1 cut.tar
	grep -q "cut.tar: member 'w2_town.txt': Truncated" err
	[ "$(wc -l <lines)" = 1 ]
	echo text >t.tar
	made 1 t.tar
	grep -q 't.tar: Unrecognized archive format' err
	made 1 nowhere.tar
	grep -q "cannot open 'nowhere.tar'" err
}

@test "formats by name, side by side; options that contradict are refused" {
	printf 'id\nc\n' >t.csv
	printf '{"id":"j"}\n' >t.jsonl
	printf '{"type":"Feature","id":"g","properties":{},"geometry":null}\n' >t.geojson
	made 0 t.csv t.jsonl t.geojson
	[ "$(jq -r .id lines | tr '\n' ' ')" = 'c j g ' ]
	rec-view -q --headers heads records >/dev/null
	jq -ce '.inputs | map(.name) == ["t.csv", "t.jsonl", "t.geojson"]' heads
	made 0 --json t.jsonl
	made 3 --json t.csv
	check 2 rec-make --json --format csv t.csv
	check 2 rec-make --format xml
}

@test "memory is bounded by the largest record, not by the file" {
	/usr/bin/python3 - <<-'EOT'
		f = '{"type":"Feature","id":%d,"properties":{"a":"b"},"geometry":{"type":"Point","coordinates":[1,2]}}'
		with open("c.geojson", "w") as c:
		    c.write('{"type":"FeatureCollection","features":[\n')
		    c.write(",\n".join(f % i for i in range(400000)))
		    c.write("]}")
		with open("c.csv", "w") as c:
		    c.write("id,tags.name\n")
		    c.writelines("n%d,%s\n" % (i, "x" * 80) for i in range(400000))
	EOT
	[ "$(stat -c %s c.geojson)" -gt 36000000 ]
	head -n 100 c.csv >small.csv
	/usr/bin/python3 - <<-'EOT'
		import os, subprocess
		# memory that the address sanitizer keeps is none of the tool's
		os.environ["ASAN_OPTIONS"] = "quarantine_size_mb=1:" + os.environ.get("ASAN_OPTIONS", "")
		def kib(name):
		    pid = os.posix_spawnp("rec-make", ["rec-make", "-q", "-o", "/dev/null", name], os.environ)
		    _, status, usage = os.wait4(pid, 0)
		    assert status == 0
		    return usage.ru_maxrss
		least = kib("small.csv")
		for name in "c.csv", "c.geojson":
		    assert kib(name) < least + 8192, (name, kib(name), least)
	EOT
}

@test "WebDataset: a member that is a link is a fault, never lost" {
	mkdir d
	printf one >d/a.txt
	ln d/a.txt d/b.txt
	ln -s a.txt d/c.txt
	tar cf links.tar --sort=name d
	made 3 --reject rejects links.tar
	lines_are <<<'{"key":"d-a","title":"one"}'
	[ "$(rec-view -q --count rejects)" = 2 ]
	grep -q "links.tar: 'd/b': '.txt' is a link to another member" err
	tar cf whole.tar --sort=name --hard-dereference -h d
	made 0 whole.tar
	[ "$(jq -r .title lines | sort -u)" = one ]
	[ "$(wc -l <lines)" = 3 ]
}

@test "an edge of half the globe is no way round the other side" {
	echo '{"type":"LineString","coordinates":[[0,10],[180,20]]}' >g.geojson
	made 0 g.geojson
	jq -ce '[.lon, .bbox] == [90, [0,10,180,20]]' lines
}
