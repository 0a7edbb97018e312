# rec-view.bats - the forms of rec-view, and how it cuts streams. Round trips
# through JSON are in rec.bats.

load lib

# Three records that differ in what they have, in ./s and ./lines.
make_records() {
	cat >lines <<-'EOT'
		{"id":"a1","key":"a1_x","tags":{"building":"yes","name":"A\tb\\c\nd","a,b":"say \"q\""},"lon":85.5,"lat":27.0,"n":3,"area_m2":1e-07,"ok":true,"geom":"AQEAAAAAAAAAAADwPwAAAAAAAABA"}
		{"id":"n2","tags":{"amenity":"school"},"lon":85.0,"lat":-27.0,"n":18446744073,"sim":{"$num":"nan"},"nil":null,"text":""}
		{"id":"w3","key":"w3_x","tags":{},"bbox":[1.0,2.0,3.0,4.5],"list":[1,0.5,{"a":null}]}
	EOT
	rec-make -q lines >s
}

ids() {
	rec-view -q "$@" | jq -r .id | tr '\n' ' '
}

@test "TSV: chosen columns, paths, escapes, shortest numbers" {
	make_records
	check 0 rec-view -f tsv --columns \
		'id,tags.name,tags."a,b",tags,n,lon,area_m2,sim,ok,nil,text,bbox.3,list,geom' s
	{
		printf '%s\t' id tags.name 'tags."a,b"' tags n lon area_m2 sim \
			ok nil text bbox.3 list
		echo geom
		printf '%s\t' a1 'A\tb\\c\nd' 'say "q"' \
			'{"building":"yes","name":"A\\tb\\\\c\\nd","a,b":"say \\"q\\""}' \
			3 85.5 1e-07 '' true '' '' '' ''
		echo AQEAAAAAAAAAAADwPwAAAAAAAABA
		printf '%s\t' n2 '' '' '{"amenity":"school"}' 18446744073 85 '' \
			nan '' '' '' '' ''
		echo
		printf '%s\t' w3 '' '' '{}' '' '' '' '' '' '' '' 4.5 \
			'[1,0.5,{"a":null}]'
		echo
	} | diff - out
}

@test "CSV is what RFC 4180 says, read by another implementation" {
	make_records
	check 0 rec-view -f csv --columns 'id,tags.name,tags."a,b",tags' s
	[ "$(grep -c $'\r$' out)" = 4 ]
	/usr/bin/python3 - <<-'EOT'
		import csv, json
		rows = list(csv.reader(open("out", newline=""), strict=True))
		records = [json.loads(l) for l in open("lines")]
		assert rows[0] == ["id", "tags.name", 'tags."a,b"', "tags"]
		for row, r in zip(rows[1:], records, strict=True):
		    assert row[0] == r["id"]
		    assert row[1] == r["tags"].get("name", "")
		    assert row[2] == r["tags"].get("a,b", "")
		    assert json.loads(row[3]) == r["tags"]
	EOT
	# a row of one empty cell is a row
	check 0 rec-view -f csv --columns key s
	printf 'key\r\na1_x\r\n""\r\nw3_x\r\n' | cmp - out
}

@test "tables without --columns have the plain fields of the first record" {
	make_records
	check 0 rec-view -f tsv s
	[ "$(head -n 1 out | tr '\t' ' ')" = 'id key lon lat n area_m2 ok' ]
	[ "$(wc -l <out)" = 4 ]
	printf '{"a.b":1,"c":[]}\n' | rec-make -q | rec-view -q -f tsv >out
	printf '"a.b"\n1\n' | diff - out
	rec-make -q </dev/null >none
	check 0 rec-view -f tsv none
	[ ! -s out ]
	check 0 rec-view -f csv --columns id,key none
	printf 'id,key\r\n' | cmp - out
}

@test "what a table says is read back by --join" {
	make_records
	for form in tsv csv; do
		rec-view -q -f $form \
			--columns 'id,tags.name,tags."a,b",lon,area_m2,n,geom' s >t.$form
		rec-view -q --keep id s -f rec |
			rec-view -q --join t.$form >out
		jq -c '{id, tags: (.tags | {name, "a,b"} | map_values(values)),
			lon, area_m2, n, geom} | map_values(values) |
			if .tags == {} then del(.tags) else . end' lines >want
		jq -c . out | diff want -
	done
}

@test "a column that no record has is named, with the nearest spelling" {
	make_records
	check 0 rec-view -f tsv --columns id,tags.bulding,key s
	grep -q "no record has 'tags.bulding' (did you mean 'tags.building'?)" err
	[ "$(grep -c 'key' err)" = 0 ]
}

# WKB in base64, by another implementation
wkb() {
	/usr/bin/python3 -c 'import sys, base64
from osgeo import ogr
ogr.UseExceptions()
g = ogr.CreateGeometryFromWkt(sys.argv[1])
print(base64.b64encode(bytes(g.ExportToWkb(ogr.wkbNDR))).decode())' "$1"
}

# geometry WKT: the geometry that rec-view writes for it.
geometry() {
	printf '{"id":"x","geom":"%s"}\n' "$(wkb "$1")" | rec-make -q |
		rec-view -q -f geojsonl | jq -c '.geometry'
}

@test "GeoJSON geometries of every kind, right-handed" {
	while IFS='|' read -r wkt type coordinates; do
		got=$(geometry "$wkt")
		[ "$got" = "{\"type\":\"$type\",\"coordinates\":$coordinates}" ] || {
			echo "$wkt: $got"
			return 1
		}
	done <<-'EOT'
		POINT (1.5 -2)|Point|[1.5,-2]
		POINT Z (1 2 3)|Point|[1,2]
		LINESTRING (1 2,3 4)|LineString|[[1,2],[3,4]]
		POLYGON ((0 0,4 0,4 4,0 0))|Polygon|[[[0,0],[4,0],[4,4],[0,0]]]
		POLYGON ((0 0,4 4,4 0,0 0))|Polygon|[[[0,0],[4,0],[4,4],[0,0]]]
		POLYGON ((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1),(5 5,6 6,6 5,5 5))|Polygon|[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[2,2],[2,1],[1,1]],[[5,5],[6,6],[6,5],[5,5]]]
		MULTIPOINT (1 2,3 4)|MultiPoint|[[1,2],[3,4]]
		MULTILINESTRING ((1 2,3 4),(5 6,7 8,9 9))|MultiLineString|[[[1,2],[3,4]],[[5,6],[7,8],[9,9]]]
		MULTIPOLYGON (((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5),(8 6,7 6,8 7,8 6)))|MultiPolygon|[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[9,5],[9,9],[5,5]],[[8,6],[7,6],[8,7],[8,6]]]]
		MULTIPOLYGON (((0 0,1 0,1 1,0 0)))|Polygon|[[[0,0],[1,0],[1,1],[0,0]]]
		LINESTRING (179 0,-179 0)|LineString|[[179,0],[-179,0]]
	EOT
}

@test "GeoJSON: where the geometry comes from, what the properties are" {
	cat >lines <<-'EOT'
		{"id":"a1","tags":{"a":"b"},"lon":5.0,"lat":6.0,"bbox":[1.0,2.0,3.0,4.0],"box":[0.0,0.0,9.0,9.0],"chip":"AAAA"}
		{"id":"a2","lon":5.0,"lat":6.0,"bbox":[1.0,2.0,3.0,4.0]}
		{"id":7,"lon":5.25,"lat":6.0,"bbox":[5.25,6.0,5.25,6.0]}
		{"key":"k","lon":5.0}
		{"id":"w5","box":[179.0,0.0,-178.5,1.0]}
		{"id":[1],"lon":{"$num":"nan"},"lat":1.0}
	EOT
	rec-make -q lines | rec-view -q -f geojson >out
	jq -e '.type == "FeatureCollection" and (.features | length == 6 and
		all(.type == "Feature"))' out >/dev/null
	jq -c '.features[].geometry | [.type, .coordinates]' out >got
	diff - got <<-'EOT'
		["Polygon",[[[0,0],[9,0],[9,9],[0,9],[0,0]]]]
		["Polygon",[[[1,2],[3,2],[3,4],[1,4],[1,2]]]]
		["Point",[5.25,6]]
		[null,null]
		["MultiPolygon",[[[[179,0],[180,0],[180,1],[179,1],[179,0]]],[[[-180,0],[-178.5,0],[-178.5,1],[-180,1],[-180,0]]]]]
		[null,null]
	EOT
	[ "$(jq -c '[.features[] | .id]' out)" = '["a1","a2",7,null,"w5",null]' ]
	[ "$(jq -c '.features[0].properties' out)" = "$(head -n 1 lines |
		jq -c 'del(.id, .chip)')" ]
	[ "$(jq -c '.features[5].properties.id' out)" = '[1]' ]
	# an empty collection is one, too
	rec-make -q </dev/null | rec-view -q -f geojson | jq -ce '.features == []'
}

@test "GeoJSON text sequences, with and without separators" {
	make_records
	rec-view -q -f geojson s | jq -c '.features[]' >want
	rec-view -q -f geojsonl s | jq -c . | diff want -
	rec-view -q -f geojsonseq s >seq
	[ "$(tr -dc '\036' <seq | wc -c)" = 3 ]
	[ "$(head -c 2 seq | od -An -tx1)" = ' 1e 7b' ]
	tr -d '\036' <seq | cmp - <(rec-view -q -f geojsonl s)
	jq --seq -c . seq | tr -d '\036' | diff want -
}

@test "a geometry that is none is set aside, the rest is whole" {
	cat >lines <<-'EOT'
		{"id":"a1","geom":"AQEAAAA="}
		{"id":"n2","lon":1.0,"lat":2.0}
		{"id":"n3","lon":"1","lat":2.0}
	EOT
	rec-make -q lines >s
	check 3 rec-view -f geojson --reject r s
	jq -ce '.features | length == 1 and .[0].id == "n2"' out
	rec-view -q r | jq -se 'map(.reject.reason) ==
		["bad geometry", "bad geometry"]'
}

@test "a collection that breaks off is no JSON" {
	make_records
	head -c -1 s >cut.rec
	check 1 rec-view -f geojson cut.rec
	if jq . out >/dev/null 2>&1; then return 1; fi
	check 1 rec-view -f geojson -o file cut.rec
	[ ! -e file ]
}

@test "-f count counts what is left" {
	make_records
	[ "$(rec-view -q -f count s)" = 3 ]
	[ "$(rec-view -q --count --where tags.building s)" = 1 ]
	[ "$(rec-view -q --count --head 2 s)" = 2 ]
	[ "$(rec-view -q --count --sample 0 s)" = 0 ]
}

@test "-f rec without cuts is the stream again, under one more header" {
	make_records
	check 0 rec-view -f rec s
	mv out t
	rec-view -q t | cmp lines -
	rec-view -q -f none --headers h t
	[ "$(jq -r .tool h | tr '\n' ' ')" = 'rec-make rec-view ' ]
	[ "$(tail -n 1 h | jq -r '.prev[0]')" = "$(head -n 1 h | jq -r .id)" ]
	[ "$(tail -n 1 h | jq -c .args)" = '["format=rec","seed=0"]' ]
}

@test "-f rec writes a segment for each that it reads" {
	make_records
	printf '{"id":"b1"}\n' | rec-make -q - >other
	rec-make -q </dev/null >none
	for f in s other none; do rec-view -q -f rec --drop n $f; done >want
	cat s other none >all
	check 0 rec-view -f rec --drop n all
	cmp want out
}

@test "-f rec: damage travels on, and a full disk is an error" {
	make_records
	for at in 1 50 200 $(($(stat -c %s s) - 1)); do
		head -c "$at" s >cut.rec
		check 1 rec-view -f rec cut.rec
		check 1 rec-view --count out
	done
	check 1 sh -c 'rec-view -q -f rec s >/dev/full'
	check 1 rec-view -f rec -o file cut.rec
	[ ! -e file ]
}

@test "--head: the first, whole and in order; the others are accounted for" {
	make_records
	check 0 rec-view --head 2 --reject r s
	head -n 2 lines | cmp - out
	grep -q '3 records in, 2 out, 1 set aside (behind head 1)' err
	[ "$(rec-view -q r | jq -r .reject.reason)" = 'behind head' ]
	cat s s >two
	[ "$(ids --head 4 two)" = 'a1 n2 w3 a1 ' ]
	# damage behind the head is not overlooked
	head -c -1 s >cut.rec
	check 1 rec-view --head 1 -f rec cut.rec
	check 1 rec-view --count out
}

@test "--sample goes by the seeded hash of key or id, however it is split" {
	seq 1 2000 | sed 's/.*/{"id":"n&"}/' >lines
	rec-make -q lines >s
	ids --sample 10% s >got
	n=$(wc -w <got)
	[ "$n" -gt 150 ] && [ "$n" -lt 250 ]
	head -n 700 lines | rec-make -q | rec-view -q --sample 10% >parts
	tail -n +701 lines | rec-make -q | rec-view -q --sample 10% >>parts
	jq -r .id parts | tr '\n' ' ' | cmp got -
	ids --sample 10% --seed 1 s >other
	if cmp -s got other; then return 1; fi
	# a smaller sample is a part of a larger one
	ids --sample 5% s | tr ' ' '\n' >five
	[ -z "$(tr ' ' '\n' <got | sort | comm -13 - <(sort five))" ]
	[ "$(ids --sample 100% s | wc -w)" = 2000 ]
	printf '{"key":"n1","id":"zzz"}\n{"id":"n1"}\n' | rec-make -q >two
	for p in 10 50 90; do
		n=$(ids --sample $p two | wc -w)
		[ "$n" = 0 ] || [ "$n" = 2 ]
	done
	printf '{"lon":1.0}\n' | rec-make -q >bare
	check 3 rec-view --sample 50% bare
	grep -q "neither 'key' nor 'id'" err
}

@test "--where chooses, and explains when nothing is true" {
	make_records
	[ "$(ids --where 'tags.building=yes OR n>1000' s)" = 'a1 n2 ' ]
	[ "$(ids --where 'NOT lon' s)" = 'w3 ' ]
	check 0 rec-view --where 'tags.building=yes' -f rec --reject r s
	[ "$(rec-view -q r | jq -r .reject.reason | sort -u)" = where ]
	check 0 rec-view --where 'tags.bilding=yes' s
	[ ! -s out ]
	grep -q "nothing came out: 'where' took 3 of 3 records; no record has 'tags.bilding' (did you mean 'tags.building'?)" err
	check 0 rec-view --where 'amenity=school' s
	grep -q "no record has 'amenity' (did you mean 'tags.amenity'?)" err
	check 0 rec-view --where 'tags.building=no' s
	[ "$(grep -c 'did you mean' err)" = 0 ]
	check 1 rec-view --where 'tags.bilding=yes' --require-output s
	check 2 rec-view --where 'tags.building=' s
	grep -qF -- "--where: 'tags.building=': column 15: " err
}

@test "of several --where one is to be true" {
	make_records
	[ "$(ids --where 'tags.building=yes' --where 'n>1000' s)" = 'a1 n2 ' ]
	# each for itself: no AND reaches over two of them
	[ "$(ids --where 'NOT lon' --where 'tags.building=yes AND n>1e9' s)" = 'w3 ' ]
	[ "$(ids --where 'lon' --where 'NOT lon' s)" = 'a1 n2 w3 ' ]
	check 0 rec-view --where 'tags.bilding' --where 'x' -f rec --reject r s
	grep -q "no record has 'tags.bilding'.*'x'" err
	[ "$(rec-view -q r | jq -r .reject.detail | sort -u)" = \
		'not true: tags.bilding OR x' ]
	rec-view -q --headers heads out
	[ "$(tail -n 1 heads | jq -c .args)" = \
		'["format=rec","where=tags.bilding","where=x","seed=0"]' ]
	check 2 rec-view --where 'lon' --where 'lat>' s
	grep -qF -- "--where: 'lat>': column 5: " err
}

@test "--where asks for tags of objects by their type" {
	rec-make -q >s <<-'EOT'
		{"id":"n1","tags":{"building":"yes","addr:street":"A"},"lon":1.0}
		{"id":"w2","tags":{"building":"yes"},"len_m":3.0}
		{"id":"a3","tags":{"building":"house","a.b":"1"},"area_m2":30.0}
		{"id":"r4","tags":{"building":"yes"},"area_m2":40.0}
		{"id":"r5","tags":{"building":"yes","route":"bus"}}
		{"id":"x6","tags":{"building":"yes"},"area_m2":50.0}
		{"tags":{"building":"yes"}}
		{"id":"n","tags":{"building":"yes"}}
		{"id":"w9","tags":7}
		{"id":"n-8","tags":{"building":3,"name":"b"}}
		{"id":"a9","building":"yes"}
	EOT
	try() {
		[ "$(ids --where "$1" s)" = "$2" ] || {
			echo "$1: $(ids --where "$1" s)"
			return 1
		}
	}
	try 'n/building' 'n1 '
	try 'w/building' 'w2 a3 '
	try 'r/building' 'r4 r5 '
	try 'a/building' 'a3 r4 '
	try 'nwr/building' 'n1 w2 a3 r4 r5 '
	try '/building' 'n1 w2 a3 r4 r5 x6 null n '
	try 'nwr/building=yes AND NOT a/building' 'n1 w2 r5 '
	try 'w/building!=yes' 'a3 '
	try 'nwr/addr:*' 'n1 '
	try 'nwr/name,route' 'r5 n-8 '
	try 'wa/a.b=1' 'a3 '
	try 'wa/a.b=1 AND area_m2<40' 'a3 '
	check 0 rec-view --where 'nwr/bilding,nwr*' s
	grep -q "no record has 'tags.bilding' (did you mean 'tags.building'?)$" err
	check 2 rec-view --where 'nwr/=yes' s
	grep -q -- "--where: 'nwr/=yes': column 5: a key is missing behind 'nwr/'" err
}

@test "--where with types finds what osmium tags-filter finds" {
	need_testdata
	command -v osmium >/dev/null || skip "osmium is not installed"
	file=$SKYFILTERS_TESTDATA/osm/liechtenstein-valhalla-docker.osm.pbf
	osm-tags -q -o all.rec "$file"
	# areas named as the ways they are, as osmium has them
	found() { rec-view -q "$@" all.rec | jq -r .id | sed 's/^a/w/' | sort; }
	found >have
	while read -r expression; do
		osmium tags-filter -R -f opl --no-progress -o - "$file" \
			"$expression" | cut -d' ' -f1 | sort | comm -12 - have >want
		[ -s want ]
		found --where "$expression" | diff want - || {
			echo "$expression"
			return 1
		}
	done <<-'EOT'
		n/amenity
		nw/building=yes,house
		w/highway!=residential,service
		w/name,name:de=*strasse*
		w/addr:*
		nw/*name*=A*
		n/*
		w/highway=*ay
		/building
		nw/ref,name=*1
	EOT
}

@test "--keep and --drop, inside maps too" {
	make_records
	[ "$(rec-view -q --keep id,tags.amenity s | tr '\n' ' ')" = \
		'{"id":"a1"} {"id":"n2","tags":{"amenity":"school"}} {"id":"w3"} ' ]
	rec-view -q --drop 'geom,tags.name,tags."a,b",nope' s >out
	jq -c 'del(.geom, .tags.name, .tags."a,b")' lines |
		diff <(jq -c . out) -
	[ "$(rec-view -q --keep tags --drop tags.name,tags.building s | head -n 1)" = \
		'{"tags":{"a,b":"say \"q\""}}' ]
	check 0 rec-view --keep id,kye s
	grep -q "no record has 'kye' (did you mean 'key'?)" err
}

@test "the cuts go one after the other" {
	make_records
	printf 'id,group\na1,x\nn2,y\nw3,y\n' >g.csv
	check 0 rec-view --join g.csv --where group=y --head 1 --keep id -f tsv s
	printf 'id\nn2\n' | cmp - out
	grep -q '(where 1, behind head 1)' err
	[ "$(rec-view -q -f none --headers h s)" = '' ]
	rec-view -q -f rec --join g.csv --where group=y --head 1 --keep id s >t
	rec-view -q -f none --headers h t
	[ "$(tail -n 1 h | jq -c .args)" = \
		'["format=rec","join=g.csv","on=id","where=group=y","head=1","keep=id","seed=0"]' ]
	[ "$(tail -n 1 h | jq -r '.inputs[0] | .name, .bytes, .sha256')" = \
		"$(echo g.csv; stat -c %s g.csv; sha256sum g.csv | cut -d' ' -f1)" ]
}

@test "--join: a table's cells get their fields' types" {
	make_records
	cat >j.tsv <<-EOT
		id	lon	n	label	tags.levels	sim	x.y	ref	text
		w3	1	007	12	3	1	-5	1.50	a\\tb
		n2					0.25	1e3	123456789012345678901	
		zz	1	1	1	1	1	1	1	1
	EOT
	check 0 rec-view --join j.tsv s
	head -n 1 lines | cmp - <(head -n 1 out)
	[ "$(sed -n 2p out)" = '{"id":"n2","tags":{"amenity":"school"},"lon":85.0,"lat":-27.0,"n":18446744073,"sim":0.25,"nil":null,"text":"","x":{"y":1000.0},"ref":"123456789012345678901"}' ]
	[ "$(sed -n 3p out)" = '{"id":"w3","key":"w3_x","tags":{"levels":"3"},"bbox":[1.0,2.0,3.0,4.5],"list":[1,0.5,{"a":null}],"lon":1.0,"n":"007","label":"12","sim":1.0,"x":{"y":-5},"ref":1.5,"text":"a\tb"}' ]
	grep -q "joined 2 records with 'j.tsv', 1 are not in it; 1 of its 3 rows were not used" err
}

@test "--join: a column's name may have any signs" {
	make_records
	printf 'id,Height (m),"x.""a b"""\nw3,2.5,1\n' >j.csv
	rec-view -q --join j.csv --where id=w3 --keep '"Height (m)",x' s >out
	[ "$(cat out)" = '{"Height (m)":2.5,"x":{"a b":1}}' ]
}

@test "--join: mistakes in a table are named by line" {
	make_records
	try() {
		printf %b "$1" >j.csv
		check 1 rec-view --join j.csv s
		grep -q "$2" err || {
			cat err
			return 1
		}
		[ ! -s out ]
	}
	try 'id,a\na1,1\nn2,2\na1,3\n' "j.csv: line 4: id 'a1' stands in line 2 and in line 4"
	try 'id,a\na1\n' 'j.csv: line 2: 1 cells, not 2'
	try 'id,a\n,1\n' "j.csv: line 2: 'id' is empty"
	try 'key,a\nx,1\n' "j.csv: line 1: no column is called 'id'"
	try 'id,a,a\nx,1,1\n' "j.csv: line 1: column 'a' is there twice"
	try 'id,a..b\nx,1\n' 'j.csv: line 1: column 2: '
	try 'id,\nx,1\n' 'j.csv: line 1: column 2: '
	try 'id,lon\na1,east\n' "j.csv: line 2: column 2: 'east' is no number"
	try 'id,geom\na1,!\n' 'j.csv: line 2: column 2: .!. is no base64'
	try '' 'j.csv: the first line'
	check 1 rec-view --join nowhere.csv s
	grep -q "cannot open 'nowhere.csv'" err
	printf 'id,n\nfoo,1\n' >j.csv
	check 0 rec-view --join j.csv s
	grep -q "no record has id 'foo' or any other of 'j.csv'" err
}

@test "--join: the fields of a record stream, by key" {
	make_records
	printf '{"key":"w3_x","tags":{"new":"1"},"pred":[{"class":"a","score":0.5}],"id":"b9"}\n' |
		rec-make -q >other
	check 0 rec-view --join other --on key -f rec s
	mv out t
	[ "$(rec-view -q t | tail -n 1)" = '{"id":"b9","key":"w3_x","tags":{"new":"1"},"bbox":[1.0,2.0,3.0,4.5],"list":[1,0.5,{"a":null}],"pred":[{"class":"a","score":0.5}]}' ]
	rec-view -q t | head -n 2 | cmp - <(head -n 2 lines)
	# where the joined fields come from stays known
	rec-view -q -f none --headers h t
	[ "$(jq -r .tool h | tr '\n' ' ')" = 'rec-make rec-make rec-view ' ]
	[ "$(tail -n 1 h | jq '.prev | length')" = 2 ]
	cat other other >two
	check 1 rec-view --join two --on key s
	grep -q "key 'w3_x' stands in record 1 and in record 2" err
	check 1 rec-view --join lines s
	head -c -1 other >cut.rec
	check 1 rec-view --join cut.rec --on key s
	grep -q truncated err
}

@test "--join: rows of an .npy file as vectors and numbers" {
	make_records
	npy() {
		/usr/bin/python3 "$top_srcdir/tests/npy.py" "$@"
	}
	npy '<f4' 3,2 0 1 2 3 4 5 >img_emb.npy
	npy '<f2' 3,2 0 1 2 3 4 5 >half.npy
	npy '>f8' 3,2 0 1 2 3 4 5 >big.npy
	npy '<f8' 3 0.25 1 2 >sim.npy
	npy '<i8' 3 5 -1 2 >n.npy
	npy '<f4' 3,1,1 0 0 0 >cube.npy
	printf 'w3\na1\nzz' >ids
	join() {
		rec-view -q --join "$1" --join-ids ids --keep "id,$2" "${@:3}" s |
			tr '\n' ' '
	}
	f32_23=$(printf '\0\0\0\100\0\0\100\100' | base64)
	[ "$(join img_emb.npy img_emb,emb_dtype)" = \
		"{\"id\":\"a1\",\"img_emb\":\"$f32_23\",\"emb_dtype\":\"f32\"} {\"id\":\"n2\"} {\"id\":\"w3\",\"img_emb\":\"AAAAAAAAgD8=\",\"emb_dtype\":\"f32\"} " ]
	[ "$(join half.npy v.h --join-as v.h | jq -c '.v.h["$bin"]' | head -n 1)" = '"AEAAQg=="' ]
	[ "$(join big.npy big | jq -r '.big["$bin"]' | head -n 1)" = "$f32_23" ]
	[ "$(join sim.npy sim)" = '{"id":"a1","sim":1.0} {"id":"n2","sim":{"$num":"nan"}} {"id":"w3","sim":0.25} ' ]
	[ "$(join n.npy n)" = '{"id":"a1","n":-1} {"id":"n2","n":18446744073} {"id":"w3","n":5} ' ]
	check 1 rec-view --join cube.npy --join-ids ids s
	grep -q 'has 3 dimensions' err
	printf 'w3\na1\n' >few
	check 1 rec-view --join n.npy --join-ids few s
	grep -q "'n.npy' has 3 rows, 'few' fewer lines" err
	printf 'w3\na1\nw3\n' >twice
	check 1 rec-view --join n.npy --join-ids twice s
	grep -q "twice: id 'w3' stands in line 1 and in line 3" err
	# the other embedding of a record goes by the same emb_dtype
	printf '{"id":"w3","txt_emb":"AAAA","emb_dtype":"f16"}\n' | rec-make -q >e
	check 3 rec-view --join img_emb.npy --join-ids ids e
	grep -q "other embedding is not f32" err
}

@test "chips become image files, named by their keys" {
	for n in 1 2 3; do
		printf '{"key":"w%d_x","chip":"%s","chip_fmt":"%s"}\n' $n \
			"$(printf 'image%d' $n | base64)" \
			"$(echo jpeg png tiff | cut -d' ' -f$n)"
	done >lines
	rec-make -q lines >s
	check 0 rec-view --chips d/ s
	[ ! -s out ]
	[ "$(cd d && echo *)" = 'w1_x.jpg w2_x.png w3_x.tif' ]
	[ "$(cat d/w2_x.png)" = image2 ]
	check 1 rec-view --chips d s
	grep -q "'d/w1_x.jpg' is there already" err
	echo old >d/w1_x.jpg
	check 0 rec-view --chips d --overwrite -f tsv --columns key s
	printf 'key\nw1_x\nw2_x\nw3_x\n' | cmp - out
	[ "$(cat d/w1_x.jpg)" = image1 ]
	check 0 rec-view --chips e -f rec --head 1 s
	[ "$(ls e)" = w1_x.jpg ]
	rec-view -q out | cmp - <(head -n 1 lines)
}

@test "chips: no key, a wrong key, no chip, a key twice are faults" {
	cat >lines <<-'EOT'
		{"key":"../x","chip":"AAAA","chip_fmt":"png"}
		{"chip":"AAAA","chip_fmt":"png"}
		{"key":"a","chip_fmt":"png"}
		{"key":"b","chip":"AAAA","chip_fmt":"gif"}
		{"key":"c","chip":"AAAA","chip_fmt":"png"}
		{"key":"c","chip":"AAAA","chip_fmt":"jpeg"}
	EOT
	rec-make -q lines >s
	check 3 rec-view --chips d --reject r -f json s
	[ "$(jq -r .key out)" = c ]
	[ "$(echo d/*)" = d/c.png ]
	[ ! -e x.png ]
	[ "$(rec-view -q r | jq -r .reject.reason | tr '\n' ';')" = \
		'bad key;bad key;no chip;no chip;duplicate key;' ]
	# what is no folder
	check 1 rec-view --chips s s
}

@test "options that do not go together" {
	make_records
	check 2 rec-view --json --count s
	check 2 rec-view --json -f tsv s
	check 2 rec-view --count -f rec s
	check 2 rec-view -f xml s
	check 2 rec-view --columns id s
	check 2 rec-view -f tsv --columns 'id,,x' s
	check 2 rec-view --keep 'a b' s
	check 2 rec-view --overwrite s
	check 2 rec-view --on key s
	check 2 rec-view --join j.csv --on name s
	check 2 rec-view --join j.csv --join-ids ids s
	check 2 rec-view --join j.npy s
	check 2 rec-view --sample 101% s
	check 2 rec-view --head -1 s
	check 2 rec-view --chips d -o file s
	check 0 rec-view --json -f json s
	cmp lines out
}

@test "a reject stream can be cut and keeps its reasons" {
	make_records
	check 0 rec-view --head 1 --reject r s
	check 0 rec-view -f rec --where 'reject.reason="behind head" AND id=w3' r
	rec-view -q out | jq -se 'length == 1 and .[0].reject.tool == "rec-view"'
}

@test "a reader that leaves early ends every form quietly" {
	# more of each form than a pipe of 1 MiB holds
	seq 1 150000 | sed 's/.*/{"id":"n&","lon":1.0,"lat":2.0}/' | rec-make -q >s
	for form in json tsv csv geojson geojsonseq geojsonl rec; do
		{
			got=0
			rec-view -q -f $form s 2>err || got=$?
			echo $got >status
		} | head -c 1 >/dev/null
		[ "$(cat status)" = 141 ]
		[ ! -s err ]
		got=0
		rec-view -q -f $form s >/dev/full 2>err || got=$?
		[ "$got" = 1 ]
		grep -q 'No space left' err
	done
}

@test "another reader of GeoJSON sees every object of a town where it is" {
	"$top_builddir/examples/town/make-town" -q --size 512 -o town
	osm-tags -q --geometry town/town.osm -o town.rec
	n=$(rec-view -q --count town.rec)
	[ "$n" -gt 20 ]
	rec-view -q -f geojson town.rec >t.geojson
	rec-view -q -f geojsonseq town.rec >t.geojsons
	rec-view -q -f geojsonl town.rec >t.geojsonl
	for file in t.geojson t.geojsons t.geojsonl; do
		/usr/bin/python3 - $file <(rec-view -q town.rec) <<-'EOT'
			import base64, json, sys
			from osgeo import ogr
			ogr.UseExceptions()
			def points(g):
			    n = g.GetGeometryCount()
			    return {p for i in range(n)
			            for p in points(g.GetGeometryRef(i))} if n else \
			        {g.GetPoint_2D(i) for i in range(g.GetPointCount())}
			source = ogr.Open(sys.argv[1])
			layer = source.GetLayer(0)
			records = [json.loads(l) for l in open(sys.argv[2])]
			assert layer.GetFeatureCount() == len(records)
			for feature, r in zip(layer, records):
			    want = ogr.CreateGeometryFromWkb(base64.b64decode(r["geom"]))
			    got = feature.GetGeometryRef()
			    assert got.GetGeometryType() == want.GetGeometryType()
			    assert points(got) == points(want), r["id"]
			    assert feature.GetField("id") == r["id"]
			    assert json.loads(feature.GetField("tags")) == r["tags"]
			    if want.GetGeometryType() == ogr.wkbPolygon:
			        ring = got.GetGeometryRef(0).GetPoints()
			        x, y = ring[0][:2]
			        assert sum((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)
			                   for a, b in zip(ring, ring[1:])) > 0
			        assert abs(got.Area() / want.Area() - 1) < 1e-9
		EOT
	done
}

@test "--join: what begins a control record is no name of a field" {
	printf '{"id":"n1"}\n' | rec-make -q >s
	for name in skyfilters skyfilters_end.x '"""skyfilters"""'; do
		printf 'id,%s\nn1,1\n' "$name" >j.csv
		check 1 rec-view -f rec --join j.csv s
		grep -q 'column 2: the name is reserved' err
	done
	/usr/bin/python3 "$top_srcdir/tests/npy.py" '<f4' 1 1 >a.npy
	echo n1 >ids
	check 1 rec-view --join a.npy --join-ids ids --join-as skyfilters_end s
	grep -q 'the name is reserved' err
}

@test "a table without columns says so, and loses nothing in silence" {
	printf '{"tags":{"a":"1"}}\n{"id":"a"}\n' | rec-make -q >s
	check 3 rec-view -f tsv s
	[ "$(cat out)" = $'id\na' ]
	grep -q 'no columns: no field of it makes a column: give --columns' err
	check 1 rec-view -f csv --keep tags --require-output s
}

@test "--join: the largest integers stay integers" {
	printf '{"id":"n1","u":{"$num":"18446744073709551615"}}\n' | rec-make -q >s
	rec-view -q -f tsv s >u.tsv
	rec-view -q --join u.tsv s | cmp - <(rec-view -q s)
}
