# osm-tags.bats - tagged objects of OSM files, field by field; damage; tables.

load lib

# A village: nodes, a line, areas, what is not complete, in ./town.osm
town() {
	cat >town.osm <<-'EOF'
		<?xml version="1.0" encoding="UTF-8"?>
		<osm version="0.6" generator="hand">
		 <bounds minlat="10" minlon="20" maxlat="11" maxlon="21"/>
		 <node id="-1" lat="10" lon="20"><tag k="natural" v="tree"/></node>
		 <node id="2" lat="10.001" lon="20" version="3" timestamp="2020-09-13T12:26:40Z"/>
		 <node id="3" lat="10.001" lon="20.001" version="1"><tag k="name" v="A &amp; B &lt;ü&gt;"/><tag k="amenity" v="bench"/></node>
		 <node id="4" lat="10" lon="20.001"/>
		 <node id="5" lat="1" lon="179.9"/>
		 <node id="6" lat="1" lon="-179.9"/>
		 <way id="10" version="2" timestamp="1970-01-01T00:00:01Z"><nd ref="-1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
		 <way id="-11"><nd ref="-1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="-1"/><tag k="building" v="yes"/></way>
		 <way id="12"><nd ref="5"/><nd ref="6"/><tag k="route" v="ferry"/></way>
		 <way id="13"><nd ref="-1"/><nd ref="77"/><nd ref="78"/><tag k="highway" v="path"/></way>
		 <way id="14"><nd ref="-1"/><nd ref="2"/></way>
		 <relation id="15"><member type="way" ref="-11" role="outer"/><tag k="type" v="multipolygon"/></relation>
		</osm>
	EOF
}

# The ids of the records in a file, ./out unless another is named.
kept() {
	rec-view -q "${1:-out}" | jq -r .id | paste -sd ' '
}

# unfinished IDS: ./out holds these records and no end record
unfinished() {
	[ "$(rec-view -q out 2>view-err | jq -r .id | paste -sd ' ')" = "$1" ]
	grep -q 'the stream is truncated' view-err
}

# closed TAG…: what a square with these tags becomes, a or w or both
closed() {
	local tag
	{
		cat <<-'EOF'
			<osm version="0.6"><node id="1" lat="0" lon="0"/>
			<node id="2" lat="0" lon="1"/><node id="3" lat="1" lon="1"/>
			<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>
		EOF
		for tag; do
			printf '<tag k="%s" v="%s"/>' "${tag%%=*}" "${tag#*=}"
		done
		echo '</way></osm>'
	} | osm-tags -q --all "${rules[@]}" | rec-view -q | jq -r '.id[:1]' |
		paste -sd ''
}

@test "each field of each kind of object" {
	town
	check 0 osm-tags --reject rejects town.osm
	rec-view -q out >lines
	[ "$(sed -n 1p lines)" = '{"id":"n-1","tags":{"natural":"tree"},"lon":20.0,"lat":10.0,"bbox":[20.0,10.0,20.0,10.0]}' ]
	[ "$(sed -n 2p lines)" = '{"id":"n3","tags":{"name":"A & B <ü>","amenity":"bench"},"lon":20.001,"lat":10.001,"bbox":[20.001,10.001,20.001,10.001],"ver":1}' ]
	[ "$(sed -n 3p lines | jq -c '[.id, .tags, .bbox, .ver, .ts, keys]')" = \
		'["w10",{"highway":"residential"},[20,10,20.001,10.001],2,1,["bbox","id","lat","len_m","lon","tags","ts","ver"]]' ]
	# 0.001 degrees of meridian and of parallel at 10 degrees north
	sed -n 3p lines | jq -e '(.len_m - 110.61 - 109.64 | fabs) < 0.02
		and .lon == 20 and .lat == 10.001'
	sed -n 4p lines | jq -e '.id == "a-11" and (has("ver") or has("ts") |
		not) and (.area_m2 - 110.61 * 109.64 | fabs) < 5 and
		(.lon - 20.0005 | fabs) < 1e-9 and (.lat - 10.0005 | fabs) < 1e-9
		and (has("len_m") or has("geom") | not)'
	sed -n 5p lines | jq -e '.id == "w12" and .bbox[0] == 179.9 and
		(.bbox[2] + 179.9 | fabs) < 1e-9 and (.lon | fabs) > 179.99 and
		.len_m < 23000'
	[ "$(wc -l <lines)" = 5 ]
	[ "$(rec-view -q rejects | jq -c)" = '{"id":"w13","tags":{"highway":"path"},"reject":{"tool":"osm-tags","reason":"missing nodes","detail":"2 of 3, the first is node 77"}}' ]
}

@test "--geometry adds WKB before ver and ts, and nothing else changes" {
	town
	check 0 osm-tags -q town.osm
	rec-view -q out >without
	check 0 osm-tags -q --geometry town.osm
	rec-view -q out >with
	jq -c 'del(.geom)' with | cmp - <(jq -c . without)
	[ "$(sed -n 3p with | jq -c 'keys_unsorted')" = \
		'["id","tags","lon","lat","bbox","len_m","geom","ver","ts"]' ]
	# little-endian point 20 10
	[ "$(sed -n 1p with | jq -r .geom | base64 -d | od -An -v -tx1 |
		tr -d ' \n')" = 010100000000000000000034400000000000002440 ]
}

@test "PBF says the same as XML: dense and plain nodes, raw, zlib and LZ4 blobs" {
	command -v osmium || skip 'osmium is not installed'
	town
	check 0 osm-tags -q --geometry town.osm
	mv out want
	for how in true,pbf_compression=zlib false,pbf_compression=zlib \
		true,pbf_compression=none false,pbf_compression=none \
		true,pbf_compression=lz4; do
		osmium cat town.osm --overwrite -o t.osm.pbf \
			-f "pbf,pbf_dense_nodes=$how"
		check 0 osm-tags -q --geometry t.osm.pbf
		cmp <(rec-view -q want) <(rec-view -q out)
	done
	osmium cat town.osm -o t2.osm.pbf -f pbf,add_metadata=false
	check 0 osm-tags -q --geometry t2.osm.pbf
	cmp <(rec-view -q want | jq -c 'del(.ver, .ts)') <(rec-view -q out | jq -c .)
}

@test "what is an area" {
	rules=()
	[ "$(closed building=yes)" = a ]
	[ "$(closed building=no)" = w ]
	[ "$(closed area=yes)" = a ]
	[ "$(closed area=no building=yes)" = w ]
	[ "$(closed building=yes area=no)" = w ]
	[ "$(closed highway=pedestrian)" = w ]
	[ "$(closed highway=pedestrian area=yes)" = a ]
	[ "$(closed highway=services)" = a ]
	[ "$(closed natural=water)" = a ]
	[ "$(closed natural=coastline)" = w ]
	[ "$(closed natural=coastline place=island)" = wa ]
	[ "$(closed waterway=dam)" = a ]
	[ "$(closed waterway=river)" = w ]
	[ "$(closed barrier=fence)" = w ]
	[ "$(closed barrier=fence leisure=pitch)" = wa ]
	[ "$(closed junction=roundabout)" = w ]
	[ "$(closed unheard=of)" = w ]
}

@test "a table of rules of one's own, and what is wrong with one" {
	check 0 osm-tags --print-area-rules
	cmp out "$top_srcdir/data/area-rules.tsv"
	check 0 osm-tags --print-area-rules -o rules.tsv
	cmp rules.tsv "$top_srcdir/data/area-rules.tsv"
	printf '# mine\n\nbuilding=*\tline\nhighway=*\tboth\nx:*\tonly-line\n' >rules.tsv
	rules=(--area-rules rules.tsv)
	[ "$(closed building=yes)" = w ]
	[ "$(closed highway=path)" = wa ]
	[ "$(closed highway=path x:y=z)" = w ]
	town
	for bad in 'building=*\tarena' 'building\tarea' 'building=*' \
		'a=b\tarea\na=b\tline'; do
		# shellcheck disable=SC2059 # escapes
		printf "a=*\tarea\n\n$bad\n" >rules.tsv
		check 1 osm-tags --area-rules rules.tsv town.osm
		grep -Eq 'rules.tsv: line [34]' err
	done
	check 1 osm-tags --area-rules nowhere.tsv town.osm
	grep -q nowhere.tsv err
}

@test "the table is what the iD editor's schema says" {
	need_testdata
	python3 "$top_srcdir/data/area-rules.py" \
		"$SKYFILTERS_TESTDATA/tags/id-tagging-schema/dist/presets.json" |
		diff - "$top_srcdir/data/area-rules.tsv"
}

@test "several files, each for itself; a pipe is a file" {
	town
	check 0 osm-tags -q town.osm
	[ "$(kept)" = 'n-1 n3 w10 a-11 w12' ]
	mv out one
	check 0 osm-tags -q - <town.osm
	cmp <(rec-view -q one) <(rec-view -q out)
	# shellcheck disable=SC2002 # a pipe, not a file
	cat town.osm | check 0 osm-tags -q
	cmp <(rec-view -q one) <(rec-view -q out)
	mkfifo pipe
	cat town.osm >pipe &
	check 0 osm-tags -q pipe
	cmp <(rec-view -q one) <(rec-view -q out)
	printf '<osm><way id="1"><nd ref="2"/><nd ref="3"/><tag k="a" v="b"/></way></osm>' >more.osm
	check 0 osm-tags --reject rejects town.osm more.osm town.osm
	[ "$(kept)" = 'n-1 n3 w10 a-11 w12 n-1 n3 w10 a-11 w12' ]
	[ "$(kept rejects)" = 'w13 w1 w13' ]
	check 1 env TMPDIR=/nowhere osm-tags <town.osm
	grep -q /nowhere err
}

@test "header and end record: licence, names, sizes, SHA-256" {
	town
	sed 's/-11/11/' town.osm >other.osm
	check 0 osm-tags -q town.osm other.osm
	rec-view -q --headers heads out >/dev/null
	jq -es '.[0].licence == ["ODbL-1.0"]' heads
	for file in town.osm other.osm; do
		grep -q "{\"name\":\"$file\",\"bytes\":$(stat -c %s $file)," heads
		tail -c 500 out | grep -aq "$file"
		tail -c 500 out | grep -aq "$(sha256sum $file | cut -d ' ' -f 1)"
	done
}

# 9,000 nodes in ./many.osm.pbf; osmium puts 8,000 in a blob
many() {
	{
		echo '<osm version="0.6">'
		seq 9000 | sed 's|.*|<node id="&" lat="1" lon="2"><tag k="a" v="&"/></node>|'
		echo '</osm>'
	} >many.osm
	osmium cat many.osm -o many.osm.pbf
	size=$(stat -c %s many.osm.pbf)
	want=$(seq 8000 | sed 's/^/n/' | paste -sd ' ')
}

@test "a PBF that ends early: what came before, the place, no end record" {
	command -v osmium || skip 'osmium is not installed'
	many
	head -c $((size - 3)) many.osm.pbf >cut.osm.pbf
	check 1 osm-tags cut.osm.pbf
	grep -Eq 'cut.osm.pbf: blob 3, at byte [0-9]+: .*truncated' err
	unfinished "$want"
	# shellcheck disable=SC2002 # a pipe, not a file
	cat cut.osm.pbf | check 1 osm-tags
	grep -q 'standard input: blob 3, at byte' err
	# the second of two files
	town
	check 1 osm-tags town.osm cut.osm.pbf
	unfinished "n-1 n3 w10 a-11 w12 $want"
}

@test "a PBF with a byte that changed" {
	command -v osmium || skip 'osmium is not installed'
	many
	for back in 60 500 2000; do
		cp many.osm.pbf bad.osm.pbf
		byte=$(tail -c $back bad.osm.pbf | od -An -N1 -tu1)
		# shellcheck disable=SC2059 # an octal escape
		printf "\\$(printf %o $((byte ^ 255)))" | dd of=bad.osm.pbf bs=1 \
			seek=$((size - back)) conv=notrunc status=none
		check 1 osm-tags bad.osm.pbf
		grep -Eq 'bad.osm.pbf: blob 3, at byte [0-9]+: .*zlib' err
		unfinished "$want"
	done
}

# bad MESSAGE XML: refused with it, with the line
bad() {
	printf '%b' "$2" >bad.osm
	check 1 osm-tags bad.osm
	grep -Eq 'bad.osm: line [0-9]+' err
	grep -Eq "bad.osm: .*$1" err || { cat err; return 1; }
	unfinished ''
}

@test "XML that is wrong is named with its line" {
	bad 'line 2.*mismatched tag' '<osm>\n<node id="1" lat="1" lon="1"></osm>'
	bad 'no element' '<osm>\n\n'
	bad "root element is 'gpx'" '<gpx/>'
	bad "root element is 'osmChange'" '<osmChange/>'
	bad 'line 3.*whole number' '<osm>\n\n<node id="x" lat="1" lon="1"/></osm>'
	bad 'whole number' '<osm><way/></osm>'
	bad 'whole number' '<osm><way id="99999999999999999999"/></osm>'
	for lat in 1x 0x1 nan ++1 +-1 1,5 '' 1e; do
		bad "no number: lon '1', lat '${lat//+/[+]}'" \
			"<osm><node id='1' lat='$lat' lon='1'/></osm>"
	done
	bad 'without an id' '<osm><way id="1"><nd/></way></osm>'
	bad 'no key' '<osm><way id="1"><tag v="x"/></way></osm>'
	for version in x 1.0 -1 ''; do
		bad "object 1 is '$version', not a whole number" \
			"<osm><way id='1' version='$version'/></osm>"
	done
	for time in 2020-13-01T00:00:00Z 2020-02-30T00:00:00Z \
		0000-01-01T00:00:00Z 2020-02-20T00:00:00 2020-02-20 \
		2020-02-20T00:00:00.Z 2020-02-20T00:00:00.5 \
		2020-02-20T00:00:00.5xZ 2020-02-20T24:00:00Z; do
		bad "object 1 is '$time', not as 2020" \
			"<osm><way id='1' timestamp='$time'/></osm>"
	done
	bad 'inside another' '<osm><way id="1"><node id="1" lat="1" lon="1"/></way></osm>'
	# what stands before is out
	printf '<osm><node id="1" lat="1" lon="1"><tag k="a" v="b"/></node>\n<way id="x"/></osm>' >bad.osm
	check 1 osm-tags bad.osm
	unfinished n1
}

@test "numbers with an exponent or a plus sign, parts of a second" {
	cat >n.osm <<-'EOF'
		<osm>
		<node id="1" lat="1e1" lon="+1"><tag k="a" v="b"/></node>
		<node id="2" lat="-12.5E-1" lon="+.5e+2" version="3" timestamp="2020-09-13T12:26:40.987Z"><tag k="a" v="b"/></node>
		</osm>
	EOF
	check 0 osm-tags -q n.osm
	[ "$(rec-view -q out | jq -c '[.lon, .lat, .ver, .ts]')" = '[1,10,null,null]
[50,-1.25,3,1600000000]' ]
}

@test "entities are refused, however harmless" {
	bad "line 2.*entity 'a'" '<?xml version="1.0"?>\n<!DOCTYPE osm [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<osm><node id="1" lat="1" lon="1"><tag k="a" v="&b;"/></node></osm>'
	bad "entity 'f'" '<!DOCTYPE osm [<!ENTITY f SYSTEM "file:///etc/passwd">]><osm/>'
}

@test "deleted objects are passed over; blanks and a BOM may lead" {
	printf '\xef\xbb\xbf<osm><node id="1" visible="false"><tag k="a" v="b"/></node><node id="2" lat="1" lon="1" action="delete"><tag k="a" v="b"/></node><node id="3" lat="1" lon="1"><tag k="a" v="b"/></node></osm>' >d.osm
	check 0 osm-tags -q d.osm
	[ "$(kept)" = n3 ]
	printf '\n\n\n\n\n\n\n\n\n <osm/>' >e.osm
	check 0 osm-tags -q e.osm
	check 1 osm-tags --require-output e.osm
}

@test "what is no OSM file: empty, something else, a folder" {
	town
	: >empty
	check 1 osm-tags empty
	grep -q 'empty: the file is empty' err
	echo 'not OSM' >text
	check 1 osm-tags text
	grep -q 'neither PBF nor OSM XML' err
	check 1 osm-tags .
	check 1 osm-tags nowhere.osm.pbf
	grep -q 'nowhere.osm.pbf' err
}

@test "XML from gzip and bzip2, whole and damaged" {
	town
	check 0 osm-tags -q --geometry town.osm
	mv out want
	head -c 200 town.osm | gzip >two.gz
	tail -c +201 town.osm | gzip >>two.gz
	gzip <town.osm >one.gz
	bzip2 <town.osm >one.bz2
	for file in one.gz two.gz one.bz2; do
		check 0 osm-tags -q --geometry <"$file"
		cmp <(rec-view -q want) <(rec-view -q out)
		check 0 osm-tags -q --geometry "$file"
		cmp <(rec-view -q want) <(rec-view -q out)
		size=$(stat -c %s "$file")
		rec-view -q --headers heads out >lines
		grep -qF "\"bytes\":$size" heads
		head -c -1 "$file" >./cut
		check 1 osm-tags cut
		grep -q "cut: .*data ends early, at byte $((size - 1))" err
		{ cat "$file"; echo more; } >longer
		check 1 osm-tags longer
		grep -q "longer: .*behind the .* data, at byte $size" err
	done
}

@test "a failing output is not the input's fault" {
	[ -w /dev/full ] || skip 'no /dev/full'
	{
		echo '<osm>'
		seq 200000 | sed 's|.*|<node id="&" lat="1" lon="2"><tag k="a" v="b"/></node>|'
		echo '</osm>'
	} >big.osm
	osm-tags big.osm >/dev/full 2>err && false
	grep -q 'No space left' err
	if grep 'big.osm: ' err; then return 1; fi
}

@test "a key of a million colons takes no longer than another" {
	{
		printf '<osm><node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="1"/><node id="3" lat="1" lon="1"/><way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="'
		head -c 1000000 /dev/zero | tr '\0' :
		printf '" v="x"/></way></osm>'
	} >colons.osm
	check 0 timeout 60 osm-tags -q colons.osm
	[ "$(rec-view --count out)" = 1 ]
}

@test "Overpass data that broke off is not complete; other remarks are fine" {
	printf '<osm><node id="1" lat="1" lon="1"><tag k="a" v="b"/></node>\n<remark> runtime error: Query timed out in &quot;query&quot; at line 1 </remark>\n</osm>' >r.osm
	check 1 osm-tags r.osm
	grep -q 'r.osm: line 2: .*not complete.*Query timed out in "query" at' err
	unfinished n1
	sed -i 's/error/remark/' r.osm
	check 0 osm-tags -q r.osm
	[ "$(kept)" = n1 ]
	sed -i "s/ runtime.* at/runtime error: $(printf '%01000d' 7)/" r.osm
	check 1 osm-tags r.osm
	grep -q 'runtime error: 0*' err
}

@test "a tag or a comment of megabytes is damage, and soon" {
	head='<osm><node id="1" lat="1" lon="1"><tag k="a" v="b"/></node>\n\n'
	while IFS=: read -r begin end; do
		{
			printf "$head%s" "$begin"
			head -c 3000000 /dev/zero | tr '\0' x
			echo "$end</osm>"
		} >long.osm
		check 1 osm-tags long.osm
		grep -q 'line 3, at byte 61: .* more than 1048576 bytes' err
		unfinished n1
	done <<-'EOF'
		<!--:-->
		<x a=':'/>
	EOF
}

@test "Liechtenstein as PBF and as XML from bzip2" {
	need_testdata
	base=$SKYFILTERS_TESTDATA/osm/liechtenstein-2013-osm2pgsql.osm
	check 0 osm-tags -q --geometry "$base.pbf"
	rec-view -q out | sort >pbf
	check 0 osm-tags -q --geometry "$base.bz2"
	rec-view -q out | sort >xml
	[ "$(wc -l <pbf)" -gt 1000 ]
	cmp pbf xml
}
