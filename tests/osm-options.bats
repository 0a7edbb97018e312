# osm-options.bats - what each option of osm-tags does, on tiny files.

load lib

# Every kind of object, whole and not, in ./in.osm
objects() {
	cat >in.osm <<-'EOF'
		<osm version="0.6">
		<node id="1" lat="10" lon="20"><tag k="power" v="tower"/></node>
		<node id="2" lat="10.001" lon="20.001"><tag k="created_by" v="JOSM"/></node>
		<node id="3" lat="10.002" lon="20.001"/>
		<node id="4" lat="10.001" lon="20"/>
		<node id="5" lat="-5" lon="179.9"><tag k="amenity" v="bench"/></node>
		<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="path"/></way>
		<way id="2"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/><tag k="building:levels" v="3"/></way>
		<way id="3"><nd ref="1"/><nd ref="77"/><nd ref="3"/><tag k="highway" v="track"/></way>
		<way id="4"><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="note" v="x"/></way>
		<relation id="1"><member type="way" ref="1" role=""/><tag k="type" v="route"/><tag k="route" v="hiking"/></relation>
		<relation id="2"><member type="node" ref="1" role=""/><member type="node" ref="5" role=""/><tag k="type" v="site"/></relation>
		<relation id="3"><member type="way" ref="2" role="outer"/><tag k="type" v="multipolygon"/><tag k="landuse" v="grass"/></relation>
		<relation id="4"><member type="way" ref="2" role="outer"/><member type="way" ref="99" role="inner"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
		<relation id="5"><member type="way" ref="2" role="outer"/><tag k="type" v="multipolygon"/></relation>
		</osm>
	EOF
}

# pbf NAME: the file that the text on standard input describes
pbf() {
	/usr/bin/python3 "$top_srcdir/tests/osm-pbf.py" >"$1"
}

# ids [OPTION]…: of the records that these options give of ./in.osm
ids() {
	osm-tags -q "$@" in.osm | rec-view -q | jq -r .id | paste -sd ' '
}

# Of ./out
kept() {
	rec-view -q out | jq -r .id | paste -sd ' '
}

@test "without options: tags that say something, areas of relations" {
	objects
	check 0 osm-tags --reject rejects in.osm
	[ "$(kept)" = 'n1 n5 w1 a2 r3' ]
	[ "$(rec-view -q rejects | jq -r '[.id, .reject.reason, .reject.detail] | @csv' |
		tr -d '"')" = 'w3,missing nodes,1 of 3, the first is node 77
r4,missing members,1 of 2, the first is way 99' ]
}

@test "--all, --ignored and --print-ignored" {
	objects
	[ "$(ids --all)" = 'n1 n2 n5 w1 a2 w4 r3' ]
	printf 'power=tower\tignore\nhighway=*\tignore\n' >mine.tsv
	[ "$(ids --ignored mine.tsv)" = 'n2 n5 a2 w4 r3' ]
	[ "$(ids --all --ignored mine.tsv)" = "$(ids --all)" ]
	check 0 osm-tags --print-ignored
	cmp out "$top_srcdir/data/ignored-tags.tsv"
	check 0 osm-tags --print-ignored --ignored mine.tsv
	cmp out mine.tsv
	printf 'power=tower\tforget\n' >mine.tsv
	check 1 osm-tags --ignored mine.tsv in.osm
	grep -q "mine.tsv: line 1: 'forget'" err
	check 1 osm-tags --ignored nowhere.tsv in.osm
	grep -q nowhere.tsv err
}

@test "--print-area-rules -f osmium is a configuration of osmium export" {
	check 0 osm-tags --print-area-rules -f osmium
	jq -e '(.area_tags | length > 50) and has("linear_tags")' out >/dev/null
	check 0 osm-tags --print-area-rules -f table
	cmp out "$top_srcdir/data/area-rules.tsv"
	printf 'building=*\tarena\n' >bad.tsv
	check 1 osm-tags --print-area-rules -f osmium --area-rules bad.tsv
	grep -q 'bad.tsv: line 1' err
	check 2 osm-tags --print-area-rules -f xml
	command -v osmium || skip 'osmium is not installed'
	objects
	osm-tags --print-area-rules -f osmium -o config.json
	osmium export -c config.json -f geojsonseq in.osm >/dev/null
}

@test "--relations: lines and points of other relations" {
	objects
	check 0 osm-tags -q --all --relations --geometry in.osm
	[ "$(kept)" = 'n1 n2 n5 w1 a2 w4 r1 r2 r3 r5' ]
	rec-view -q out >lines
	way=$(jq 'select(.id == "w1") | .len_m' lines)
	jq -se --argjson way "$way" 'map({(.id): .}) | add |
		.r1.len_m == $way and (.r2 | has("len_m") or has("area_m2") | not)
		and .r3.area_m2 == .a2.area_m2 and .r5.area_m2 == .a2.area_m2 and
		.r1.bbox == .w1.bbox and .r2.bbox == [20, -5, 179.9, 10]' lines
}

@test "--keep-broken: the bounds of what is there, without a size" {
	objects
	check 0 osm-tags -q --keep-broken --geometry --reject rejects in.osm
	[ "$(kept)" = 'n1 n5 w1 a2 w3 r3 r4' ]
	rec-view -q out | jq -se 'map({(.id): .}) | add |
		.w3.bbox == [20, 10, 20.001, 10.002] and .r4.bbox == .a2.bbox and
		([.w3, .r4] | map(has("len_m") or has("area_m2") or
			has("geom")) | any | not) and
		.w3.tags == {"highway": "track"}'
	[ -z "$(rec-view -q rejects)" ]
	# where nothing is there, there are no bounds
	echo '<osm><way id="1"><nd ref="2"/><nd ref="3"/><tag k="a" v="b"/></way></osm>' >in.osm
	check 0 osm-tags --keep-broken --reject rejects in.osm
	[ "$(rec-view -q rejects | jq -r .reject.reason)" = 'missing nodes' ]
	[ -z "$(kept)" ]
}

@test "--bbox: by the point, also across the antimeridian" {
	objects
	[ "$(ids --bbox 19,9,21,11)" = 'n1 w1 a2 r3' ]
	[ "$(ids --bbox 20,10,20.0001,10.0001)" = n1 ]
	[ "$(ids --bbox 19,9,20,10)" = '' ]
	[ "$(ids --bbox 170,-10,-170,0)" = n5 ]
	[ "$(ids --bbox=-170,-10,170,20)" = 'n1 w1 a2 r3' ]
	for box in 1,2,3 1,2,x,4 1,9,2,8 1,2,3,4,5 1,2,3,91; do
		check 2 osm-tags --bbox "$box" in.osm
		grep -q -- "--bbox: " err
	done
}

@test "--polygon: GeoJSON or .poly, and what is neither" {
	objects
	echo '{"type":"Polygon","coordinates":[[[19,9],[21,9],[21,11],[19,11],[19,9]]]}' >p.geojson
	[ "$(ids --polygon p.geojson)" = 'n1 w1 a2 r3' ]
	printf 'mine\n1\n 179 -6\n 180 -6\n 180 -4\n 179 -4\nEND\nEND\n' >p.poly
	[ "$(ids --polygon p.poly)" = n5 ]
	# with a box, the point must lie in both
	[ "$(ids --polygon p.geojson --bbox 19,9,20.0001,11)" = n1 ]
	check 0 osm-tags -q --polygon p.poly in.osm
	rec-view -q --headers heads out >lines
	jq -se '.[0].inputs | map(.name) | index("p.poly")' heads
	echo '{"type":"Point","coordinates":[1,2]}' >bad.geojson
	check 1 osm-tags --polygon bad.geojson in.osm
	grep -q bad.geojson err
	check 1 osm-tags --polygon nowhere.poly in.osm
	grep -q nowhere.poly err
}

@test "--where and --where-file: one of several must be true" {
	objects
	[ "$(ids --where w/highway)" = w1 ]
	[ "$(ids --where 'nwr/highway=path' --where amenity=bench)" = 'n5 w1' ]
	[ "$(ids --where 'building:levels>=3')" = a2 ]
	[ "$(ids --where 'building:levels>3')" = '' ]
	[ "$(ids --where 'w/highway AND len_m<200')" = '' ]
	[ "$(ids --where 'w/highway AND len_m>200')" = w1 ]
	[ "$(ids --where 'a/*')" = 'a2 r3' ]
	# what only tags in the table of ignored ones say can be asked for
	[ "$(ids --where created_by=JOSM)" = n2 ]
	[ "$(ids --where w/note)" = w4 ]
	printf '# mine\n\namenity=bench # and benches\nhighway=path\n' >list
	[ "$(ids --where-file list)" = 'n5 w1' ]
	[ "$(ids --where-file list --where power)" = 'n1 n5 w1' ]
	printf 'amenity\n\nhighway=\n' >list
	check 1 osm-tags --where-file list in.osm
	grep -q 'list: line 3: ' err
	check 1 osm-tags --where-file nowhere in.osm
	check 2 osm-tags --where 'x=' in.osm
	grep -qF -- "--where 'x=': column 3: " err
	check 2 osm-tags --all --where x in.osm
	# the same as of the records
	for where in 'w/highway' 'nwr/building:levels=3' 'a/* AND area_m2>1' \
		'NOT nwr/power AND n/*'; do
		[ "$(ids --where "$where")" = "$(osm-tags -q --all in.osm |
			rec-view -q --where "$where" | jq -r .id | paste -sd ' ')" ]
	done
}

@test "a key that occurs nowhere is named, with the nearest spelling" {
	objects
	check 0 osm-tags --where nwr/bilding --where amenity in.osm
	[ "$(kept)" = n5 ]
	grep -qF "no object has the key 'bilding' (did you mean 'building'?)" err
	check 0 osm-tags --where nwr/bilding in.osm
	grep -q "nothing came out: no object has the key 'bilding'" err
	# over all files: it is in one of them
	echo '<osm><node id="1" lat="1" lon="1"><tag k="bilding" v="y"/></node></osm>' >more.osm
	check 0 osm-tags --where nwr/bilding --where amenity in.osm more.osm
	[ "$(kept)" = 'n5 n1' ]
	[ "$(grep -c 'did you mean' err)" = 0 ]
}

@test "--clause-counts: what each test kept and removed" {
	objects
	for n in 1 2 8; do
		check 0 osm-tags -q -@ "$n" --clause-counts \
			--where 'w/highway AND len_m>200' --where amenity in.osm
		[ "$(kept)" = 'n5 w1' ]
		cp err table.$n
	done
	cmp table.1 table.2
	cmp table.1 table.8
	head -n 1 table.1 | grep -qP '^kept\tremoved\ttest$'
	grep -qP '^1\t\d+\tamenity$' table.1
	grep -qP '^2\t\d+\tw/highway$' table.1
	grep -qP '^1\t\d+\tlen_m>200$' table.1
	# the records are the same
	[ "$(kept)" = "$(ids --where 'w/highway AND len_m>200' --where amenity)" ]
}

@test "--node-store: the same bytes, and nothing left behind" {
	objects
	check 0 osm-tags -q --geometry --relations in.osm
	mv out want
	for store in mem mmap:store mmap:"$T/store"; do
		check 0 osm-tags -q --geometry --relations --node-store "$store" in.osm
		cmp out want
		[ ! -e store ]
	done
	check 0 osm-tags -q --geometry --relations --force in.osm
	cmp out <(osm-tags -q --geometry --relations in.osm)
	# two files, one after the other
	check 0 osm-tags -q --node-store mmap:store in.osm in.osm
	echo mine >store
	check 1 osm-tags --node-store mmap:store in.osm
	grep -q "'store': File exists" err
	[ "$(cat store)" = mine ]
	check 1 osm-tags --node-store mmap:nowhere/store in.osm
	for store in disk mmap mmap: '' memory; do
		check 2 osm-tags "--node-store=$store" in.osm
	done
}

# Ten blobs of a node each, of which the sixth is damaged, in ./bad.osm.pbf
damaged() {
	{
		for i in 1 2 3 4 5; do
			echo "blob
				n$i x$i y1 Ta=b" | tr -d '\t'
		done
		echo 'blob flip=-3
n6 x6 y1 Ta=b'
		for i in 7 8 9 10; do
			echo "blob
				n$i x$i y1 Ta=b" | tr -d '\t'
		done
	} | pbf bad.osm.pbf
}

@test "--skip-damaged: all other blobs, exit status 3, the place" {
	damaged
	check 1 osm-tags bad.osm.pbf
	grep -Eq 'bad.osm.pbf: blob 7, at byte [0-9]+: ' err
	[ "$(rec-view -q out 2>/dev/null | jq -r .id | paste -sd ' ')" = 'n1 n2 n3 n4 n5' ]
	for n in 1 2 8; do
		check 3 osm-tags -@ "$n" --skip-damaged --reject rejects bad.osm.pbf
		grep -Eq 'blob 7, at byte [0-9]+: ' err
		[ "$(kept)" = 'n1 n2 n3 n4 n5 n7 n8 n9 n10' ]
		rec-view -q rejects | jq -se 'length == 1 and
			.[0].reject.reason == "damaged blob"'
		mv out out.$n
	done
	cmp out.1 out.2
	cmp out.1 out.8
	check 1 osm-tags --skip-damaged --strict bad.osm.pbf
	check 0 osm-tags --skip-damaged --max-faults 50% bad.osm.pbf
	# the end record names all bytes
	check 3 osm-tags -q --skip-damaged bad.osm.pbf
	tail -c 500 out | grep -aq "$(sha256sum bad.osm.pbf | cut -d ' ' -f 1)"
	# a blob that the file's end cuts is a damaged one, too
	head -c -1 bad.osm.pbf >cut.osm.pbf
	check 3 osm-tags --skip-damaged cut.osm.pbf
	grep -q 'blob 11, at byte [0-9]*: the file is truncated' err
	[ "$(kept)" = 'n1 n2 n3 n4 n5 n7 n8 n9' ]
	# bytes that are no blob, behind blob 5
	at=$(LC_ALL=C grep -abo OSMData bad.osm.pbf | sed -n '5s/:.*//p')
	{
		head -c $((at - 6)) bad.osm.pbf
		echo 'no blob at all'
		tail -c +$((at - 5)) bad.osm.pbf
	} >gap.osm.pbf
	check 1 osm-tags gap.osm.pbf
	check 3 osm-tags --skip-damaged gap.osm.pbf
	[ "$(grep -c 'damaged blob: gap' err)" -eq 2 ]
	[ "$(kept)" = 'n1 n2 n3 n4 n5 n7 n8 n9 n10' ]
	check 3 osm-tags -q --skip-damaged gap.osm.pbf
	tail -c 500 out | grep -aq "$(sha256sum gap.osm.pbf | cut -d ' ' -f 1)"
}

@test "--skip-damaged: nodes of a damaged blob miss" {
	pbf bad.osm.pbf <<-'EOF'
		blob
		n1 x1 y1
		blob flip=-3
		n2 x2 y2
		blob
		n3 x3 y3
		blob
		w1 Nn1,n2 Ta=b
		w2 Nn1,n3 Ta=b
		r1 Mw1@,w2@ Ttype=multipolygon,a=b
	EOF
	check 3 osm-tags --skip-damaged --reject rejects bad.osm.pbf
	[ "$(kept)" = w2 ]
	[ "$(rec-view -q rejects | jq -r .reject.reason | sort | paste -sd ,)" = \
		'damaged blob,missing members,missing nodes' ]
}

@test "the same bytes on 1, 2 and 8 threads" {
	{
		for i in $(seq 40); do
			echo blob
			seq $((i * 100)) $((i * 100 + 99)) |
				awk '{ tag = $1 % 5 ? "" : " Ta=b"
					print "n" $1, "x" $1 / 1000, "y" $1 % 7 tag }'
		done
		for i in $(seq 20); do
			echo blob
			seq $((i * 50)) $((i * 50 + 49)) |
				awk '{ print "w" $1, "Nn" $1 * 3 + 100 ",n" $1 * 2 + 101 \
					",n" $1 + 105, "Thighway=path" }'
		done
		echo blob
		echo 'r1 Mw60@,w70@,w80@ Ttype=route'
	} | pbf many.osm.pbf
	for n in 1 2 8; do
		check 0 osm-tags -q -@ "$n" --geometry --relations --reject r.$n \
			many.osm.pbf
		mv out out.$n
	done
	[ "$(rec-view -q out.1 | wc -l)" -gt 1700 ]
	cmp out.1 out.2
	cmp out.1 out.8
	cmp r.1 r.8
	check 0 osm-tags -q --geometry --relations --reject r.s <many.osm.pbf
	cmp <(rec-view -q out.1) <(rec-view -q out)
}

# twice NAME: the place of ./NAME's way w1's end is that of node 7's last copy
twice() {
	for n in 1 2 8 8 8 8 8 8; do
		check 0 osm-tags -q -@ "$n" "$1"
		rec-view -q out | jq -se '.[0] | .id == "w1" and
			.bbox == [1, 2, 3, 4]' >/dev/null
	done
}

@test "of nodes with one id the last counts, in one blob and in several" {
	pbf one.osm.pbf <<-'EOF'
		n1 x1 y2
		n7 x50 y50
		n7 x3 y4
		blob
		w1 Nn1,n7 Ta=b
	EOF
	twice one.osm.pbf
	# a blob that takes long, whose ids descend, then a short one
	{
		echo blob
		seq 6000 -1 8 | sed 's/.*/n& x60 y60/'
		printf '%s\n' 'n7 x50 y50' 'blob' 'n7 x3 y4' 'n9000 x1 y2' 'blob' \
			'w1 Nn9000,n7 Ta=b' 'w2 Nn4000,n9000 Ta=b'
	} | pbf several.osm.pbf
	twice several.osm.pbf
	# ascending, but for the one that comes again
	{
		echo blob
		seq 2 6000 | sed 's/.*/n& x60 y60/'
		printf '%s\n' 'blob' 'n7 x3 y4' 'n9000 x1 y2' 'blob' \
			'w1 Nn9000,n7 Ta=b'
	} | pbf again.osm.pbf
	twice again.osm.pbf
	# ways before nodes
	printf '%s\n' 'blob' 'w1 Nn1,n7 Ta=b' 'blob' 'n1 x1 y2' 'n7 x50 y50' \
		'blob' 'n7 x3 y4' | pbf before.osm.pbf
	twice before.osm.pbf
}

@test "of ways with one id the last makes the relation" {
	for order in 'n1 x0 y0|n2 x1 y0|n3 x1 y1|n4 x0 y1' \
		'n4 x0 y1|n3 x1 y1|n2 x1 y0|n1 x0 y0'; do
		{
			tr '|' '\n' <<<"$order"
			printf '%s\n' 'blob' 'w1 Nn1,n2,n3,n1' 'blob' \
				'w1 Nn1,n2,n3,n4,n1' 'blob' \
				'r1 Mw1@outer Ttype=multipolygon,a=b'
		} | pbf w.osm.pbf
		for n in 1 8; do
			check 0 osm-tags -q -@ "$n" w.osm.pbf
			[ "$(rec-view -q out | jq '.area_m2 > 1.2e10')" = true ]
		done
	done
}

@test "positions in the ways themselves" {
	pbf low.osm.pbf <<-'EOF'
		header locations
		n5 x9 y9 Ta=b
		blob
		w1 Nn1x1y2,n2x3y4 Ta=b
		w2 Nn5x7y7,n1x8y8 Ta=b
		blob
		r1 Mw1@,w2@,n5@ Ttype=route
	EOF
	check 0 osm-tags -q --relations low.osm.pbf
	[ "$(rec-view -q out | jq -c '[.id, .bbox]')" = '["n5",[9,9,9,9]]
["w1",[1,2,3,4]]
["w2",[7,7,8,8]]
["r1",[1,2,8,8]]' ]
	# in any order, also relations of nodes
	pbf low.osm.pbf <<-'EOF'
		header locations
		r1 Mn5@,n6@ Ttype=site
		r2 Mw1@ Ttype=route
		blob
		w1 Nn1x1y2,n2x3y4 Ta=b
		blob
		n5 x9 y9 Ta=b
		n6 x10 y10 Ta=b
	EOF
	check 0 osm-tags -q --relations low.osm.pbf
	[ "$(rec-view -q out | jq -c '[.id, .bbox]')" = '["r1",[9,9,10,10]]
["r2",[1,2,3,4]]
["w1",[1,2,3,4]]
["n5",[9,9,9,9]]
["n6",[10,10,10,10]]' ]
}
