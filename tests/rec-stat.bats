# rec-stat.bats - what streams hold, and whether they are whole.

load lib

# The small town, as far as titles: records with tags, img, near and chip.
setup_file() {
	export D=$BATS_FILE_TMPDIR
	cd "$D" || return 1
	"$top_builddir/examples/town/make-town" -q --size 512 -o town
	img-catalog -q --src town town/town.tif -o catalog.rec
	osm-tags -q --geometry town/town.osm -o objects.rec
	ground-filter -q <objects.rec -o ground.rec
	geojoin -q --images catalog.rec <ground.rec -o samples.rec
	tile-fetch -q <samples.rec | caption -q -o titles.rec
}

# The report on a FILE [MORE WORDS] as JSON in ./report.
stat_json() {
	check 0 rec-stat -q --format json "$@"
	[ ! -s err ]
	mv out report
}

# same FILTER1 FILTER2: FILTER1 of ./report gives what FILTER2 gives of the
# records of $in, read with -s; numbers within a rounding error.
same() {
	rec-view -q "$in" | jq -s "$2" >want
	jq "$1" report >got
	jq -n --slurpfile got got --slurpfile want want '
		def shape: [paths(scalars)];
		def close($a; $b): if ($a | type) == "number" and
			($b | type) == "number"
			then ($a - $b | fabs) <= 1e-12 * ([1, ($b | fabs)] | max)
			else $a == $b end;
		$got[0] as $g | $want[0] as $w | ($g | shape) == ($w | shape) and
		all($g | paths(scalars); . as $p |
			close($g | getpath($p); $w | getpath($p)))' >same
	[ "$(cat same)" = true ] || {
		echo "differ: $1"
		diff got want
		return 1
	}
}

# Each figure of the records of $in, made again by jq.
check_figures() {
	stat_json "$in" --rows 1000 --values title --values img.src --values lon
	same .records length
	same '[.fields[] | select(.field | contains(".") | not) | {field,
		records, share, n: .numbers.finite, min: .numbers.min,
		mean: .numbers.mean, max: .numbers.max, short: .length.min,
		long: .length.max}] | sort_by(.field)' \
		'length as $n | [.[] | to_entries[]] | group_by(.key) | map(
		map(.value | numbers) as $x |
		map(.value | arrays, objects | length) as $l |
		{field: .[0].key, records: length, share: (length / $n),
		n: (if $x == [] then null else $x | length end),
		min: ($x | min), mean: (if $x == [] then null
		else ($x | add) / ($x | length) end), max: ($x | max),
		short: ($l | min), long: ($l | max)})'
	same '[.fields[] | select(.field | startswith("img.")) |
		{field, records}] | sort_by(.field)' \
		'[.[].img // {} | keys[]] | group_by(.) |
		map({field: ("img." + .[0]), records: length})'
	same '[.fields[].field | select(contains(".") | not)]' \
		'reduce (.[] | keys_unsorted[]) as $k ([];
		if index($k) then . else . + [$k] end)'
	same '[.tags.keys.top[] | {key, count, values}] | sort_by(.key)' \
		'[.[].tags // {} | to_entries[]] | group_by(.key) |
		map({key: .[0].key, count: length,
		values: (map(.value) | unique | length)})'
	same '[.tags.pairs.top[] | {key, value, count}] |
		sort_by([.key, .value])' \
		'[.[].tags // {} | to_entries[]] | group_by([.key, .value]) |
		map({key: .[0].key, value: .[0].value, count: length})'
	same '[.values[0].table.top[] | {value, count}] | sort_by(.value)' \
		'map(.title | values) | group_by(.) |
		map({value: .[0], count: length})'
	same '[.values[1].table | .total, .distinct]' \
		'map(.img.src? | values) | [length, (unique | length)]'
	same '[.values[2].table.top[].count] | add' \
		'map(.lon | values) | length | if . == 0 then null else . end'
	for t in '.tags.keys' '.tags.pairs' '.values[].table'; do
		jq -es "all(.[] | $t; .exact and .distinct_std_error == 0 and
			all(.top[]; .count_error == 0) and
			.distinct == (.top | length) and
			(.top | map(.count) | . == (sort | reverse)))" report
	done
}

@test "figures of a made-up stream are those of jq" {
	cat >lines <<'EOF'
{"id":"n1","lon":1.5,"tags":{"building":"yes","name":"A=B"},"title":"one","x":[1,2]}
{"id":"n2","lon":-7,"tags":{"building":"no"},"title":"two","img":{"src":"s","gsd_m":0.5}}
{"id":"n3","tags":{},"title":"one","x":[],"nothing":null,"flag":true}
{"title":"one","lon":3,"img":{"src":"t","uri":["a","b"],"kind":"raster"},"x":{"a":1}}
EOF
	in=s
	rec-make -q lines >s
	check_figures
	jq -c '.fields[] | [.field, .bytes, .types]' report |
		grep -E '^."(id|lon|title|nothing|x|x.a)"' >got
	cat >want <<'EOF'
["id",9,{"str":3}]
["lon",11,{"int":2,"f64":1}]
["title",16,{"str":4}]
["x",8,{"array":2,"map":1}]
["x.a",1,{"int":1}]
["nothing",1,{"nil":1}]
EOF
	diff want got
	# the keys of tags are data, no fields
	jq -e 'all(.fields[].field; startswith("tags.") | not)' report
}

@test "figures of the town are those of jq" {
	for name in objects samples titles; do
		in=$D/$name.rec
		check_figures
	done
}

@test "bytes and the sizes of records, over segments and streams" {
	stat_json "$D/titles.rec"
	/usr/bin/python3 - "$D/titles.rec" >want <<'EOF'
import json, sys, msgpack
data = open(sys.argv[1], "rb").read()
unpacker = msgpack.Unpacker(raw=True, max_buffer_size=len(data))
unpacker.feed(data)
sizes, heads, at = [], 0, 0
for record in unpacker:
    first = next(iter(record))
    if first == b"skyfilters":
        heads += 1
    elif first != b"skyfilters_end":
        sizes.append(unpacker.tell() - at)
    at = unpacker.tell()
print(json.dumps([1, 1, heads, len(sizes), 0, len(data), min(sizes),
                  max(sizes), sum(sizes) / len(sizes)]))
EOF
	jq -e --slurpfile want want '[.streams, .segments, .headers, .records,
		.faulty, .bytes, .record_bytes.min, .record_bytes.max,
		.record_bytes.mean] == $want[0]' report
	mv report one
	cat "$D/titles.rec" "$D/titles.rec" >two
	# shellcheck disable=SC2094 # it is only read
	stat_json two - "$D/titles.rec" <"$D/titles.rec"
	jq -e --slurpfile one one '$one[0] as $o | .streams == 3 and
		.segments == 4 and .bytes == 4 * $o.bytes and
		.headers == 4 * $o.headers and .records == 4 * $o.records and
		.record_bytes == $o.record_bytes and
		.fields[0].bytes == 4 * $o.fields[0].bytes' report
	# each header once, however many segments have it
	jq -e --slurpfile one one '(.provenance | length) ==
		($one[0].provenance | length) and
		all(.provenance[]; .segments == 4)' report
}

@test "a stream without records" {
	rec-make -q </dev/null >none
	stat_json none
	jq -e '.records == 0 and .record_bytes == null and .fields == [] and
		.tags.keys.top == [] and .segments == 1' report
	check 0 rec-stat none
	check 1 rec-stat --require-output none
	grep -q -- --require-output err
	check 1 rec-stat --check --require-output none
}

@test "provenance: every header once, what was made from what, inputs" {
	stat_json "$D/titles.rec"
	rec-view -q --headers heads --count "$D/titles.rec" >/dev/null
	jq -c '.provenance[].header' report | diff <(jq -c . heads) -
	stat_json "$D/objects.rec"
	jq -e '.provenance[0].end_inputs[0] | .name == "town.osm" and
		(.sha256 | length) == 64' report
	# geojoin reads two streams: both stand inside it
	check 0 rec-stat -q "$D/titles.rec"
	grep -E '^ *[a-z-]+ [0-9.]+ [0-9a-f]{16}, in 1 segment$' out |
		sed 's/ [0-9].*//' >tree
	printf '%s\n' caption '  tile-fetch' '    geojoin' \
		'      ground-filter' '        osm-tags' '      img-catalog' |
		diff - tree
	check 0 rec-stat -q "$D/samples.rec"
	grep -q '^ *read to the end: catalog.rec ([0-9]* bytes)$' out
	grep -q '^ *args: .*window=224px' out
	grep -q '^ *licence: ODbL-1.0$' out
	# what two tools read stands in full once
	cat "$D/titles.rec" "$D/samples.rec" "$D/ground.rec" >three
	check 0 rec-stat -q three
	[ "$(grep -c '^ *geojoin' out)" = 1 ]
	grep -q '^ *ground-filter .*, in 3 segments$' out
	# a stream that lacks the headers of what it was made from
	rec-view -q --headers heads --count "$D/ground.rec" >/dev/null
	tail -n 1 heads >last
	rec-make -q --headers last </dev/null >s
	check 0 rec-stat -q s
	grep -q '^    id [0-9a-f]*, whose header is not here$' out
}

@test "values of all types, as they are in JSON, safe in text" {
	printf '{"v":%s}\n' '"a\u001b[31mb\u007f\n"' 1 1.0 true null \
		'[1,"x"]' '{"$bin":"AAE="}' '{"$num":"nan"}' \
		'{"$str":"/w=="}' '"é"' | rec-make -q >s
	stat_json s --values v --values '"no such"'
	jq -e '.values[1] | .field == "\"no such\"" and .table.total == 0' report
	rec-view -q s | jq -c .v >want
	jq -c '.values[0].table.top[].value' report | diff want -
	grep -q '"value":1,.*"value":1.0,' report
	check 0 rec-stat -q s --values v
	grep -q 'a?\[31mb??$' out
	grep -q ' é$' out
	mv out text
	check 1 grep -P '[\x00-\x08\x0b-\x1f\x7f]' text
	printf '{"a b":{"c.d":1},"tags":{"k\\u0007":"v"}}\n' | rec-make -q >s
	stat_json s --values '"a b"."c.d"'
	jq -e '[.fields[].field] == ["\"a b\"", "\"a b\".\"c.d\"", "tags"]' report
	jq -e '.values[0].table.top[0].value == 1' report
	jq -e '.tags.keys.top[0].key == "k\u0007"' report
	check 0 rec-stat -q s
	grep -q 'k?=v' out
}

@test "of a long value the beginning is shown, whole characters of it" {
	jq -nc '[range(200) | "é"] | add | (., . + "x") |
		{v: ., tags: {k: .}}' | rec-make -q >s
	stat_json s --values v
	jq -e '.values[0].table | .distinct == 2 and all(.top[]; .cut and
		(.value | length) > 100 and (.value | gsub("é"; "")) == "")' report
	jq -e '.tags.pairs.top[0] | .cut and .key == "k" and
		(.value | length) > 100' report
	check 0 rec-stat -q s --values v
	grep -q 'é\.\.\.$' out
}

# make_many: 185000 records; name is one of 5 that come 1000 times each, of
# 3000 that come about 40 times, or one of 60000 that come once; n comes once.
make_many() {
	awk 'BEGIN {
		for (i = 0; i < 185000; i++) {
			k = i % 37
			name = "once " i
			if (k == 0)
				name = "often " int(i / 37) % 5
			else if (k < 25)
				name = "some " i * 7919 % 3000
			printf "{\"tags\":{\"name\":\"%s\",\"n\":\"%d\"}}\n", name, i
		}
	}' >lines
	rec-make -q lines >s
	jq -r .tags.name lines | sort | uniq -c |
		sed -E 's/^ *([0-9]+) (.*)/\2\t\1/' >truth
}

@test "past what is exact, every figure has its error, and it holds" {
	make_many
	stat_json s --rows 1000 --values tags.name
	jq -r '.tags.pairs.top[] | select(.key == "name") |
		[.value, .count, .count_error] | @tsv' report >got
	awk -F '\t' 'NR == FNR { truth[$1] = $2; next }
		$2 < truth[$1] || $2 - $3 > truth[$1] {
			print "wrong:", $0; bad = 1
		}
		END { exit bad || FNR < 5 }' truth got
	[ "$(head -n 5 got | grep -c '^often ')" = 5 ]
	names=$(wc -l <truth)
	jq -e --argjson d $((names + 185000)) '.tags.pairs |
		(.exact | not) and .total == 370000 and
		.distinct_std_error > 0 and
		(.distinct - $d | fabs) <= 3 * .distinct_std_error * $d' report
	jq -e --argjson names "$names" '.tags.keys | .exact and
		.distinct == 2 and all(.top[]; .count == 185000 and
		.values_std_error > 0 and
		((.values - (if .key == "n" then 185000 else $names end)) | fabs)
		<= 3 * .values_std_error * 185000)' report
	# the table beside it that is small enough stays exact
	jq -e --argjson d "$names" '.values[0].table | .exact and
		.distinct == $d and .distinct_std_error == 0' report
	check 0 rec-stat -q s
	grep -qE '^tags: about [0-9]+ \(standard error 0.8%\) distinct' out
	grep -q 'too high by at most' out
}

# Three segments of 4, 5 and 6 records: s1, s2, s3, and all of them: all.
make_segments() {
	for n in 4 5 6; do
		seq 1 "$n" | sed "s/.*/{\"id\":\"n&\",\"text\":\"segment $n\"}/" |
			rec-make -q >s$((n - 3))
	done
	cat s1 s2 s3 >all
}

@test "--check: whole streams are whole, and -q says nothing" {
	make_segments
	check 0 rec-stat --check -q all s1 "$D/titles.rec"
	[ ! -s out ] && [ ! -s err ]
	check 0 rec-stat --check -q <all
	[ ! -s out ] && [ ! -s err ]
	check 0 rec-stat --check -v all s1
	[ ! -s out ]
	size=$(stat -c %s all)
	grep -q "^rec-stat: all: whole: 3 segments, 15 records, $size bytes$" err
	grep -q '^rec-stat: s1: whole: 1 segments, 4 records' err
	check 2 rec-stat --check --values id all
	check 2 rec-stat --check -o file all
}

@test "--check: each damaged stream is named, the others are read" {
	make_segments
	head -c $(($(stat -c %s all) - 1)) all >short
	tail -c +2 all >shifted
	sed 's/segment 5/segment 6/' all >changed
	{
		cat s1
		printf '\201\241a\001'
		cat s2
	} >behind
	check 1 rec-stat --check -q all short none shifted changed s1 behind
	[ ! -s out ]
	cat >want <<'EOF'
^rec-stat: short: after record 15, at byte [0-9]*: the stream is truncated
^rec-stat: cannot open 'none'
^rec-stat: shifted: after record 0, at byte 0: 
^rec-stat: changed: after record 9, at byte [0-9]*: the data is damaged
^rec-stat: behind: after record 4, at byte [0-9]*: a record stands behind the
EOF
	[ "$(wc -l <err)" = 5 ]
	for i in 1 2 3 4 5; do
		sed -n "${i}p" err | grep -q "$(sed -n "${i}p" want)"
	done
	# the same without --check: and there is no report
	check 1 rec-stat -q all short s1
	[ ! -s out ] && [ "$(wc -l <err)" = 1 ]
}

@test "--check: every single byte counts" {
	printf '{"id":"n1","lon":1.5}\n' | rec-make -q >s
	for ((n = 0; n < $(stat -c %s s); n++)); do
		byte=$(od -An -tu1 -j "$n" -N 1 s)
		{
			head -c "$n" s
			# shellcheck disable=SC2059 # an octal escape
			printf "\\$(printf %03o $((byte ^ 4)))"
			tail -c +$((n + 2)) s
		} >flipped
		check 1 rec-stat --check -q flipped
	done
}

@test "--segments and --records: what cat has lost" {
	make_segments
	cat s1 s3 >lost
	check 0 rec-stat --check -q lost
	check 0 rec-stat --check -q --segments 3 --records 15 all
	check 1 rec-stat --check -q --segments 3 lost
	grep -q 'lost: there are 2 segments, not 3' err
	check 1 rec-stat --check -q --records 15 lost
	grep -q 'lost: there are 10 records, not 15' err
	check 0 rec-stat --check -q --segments 1 s1 s2 s3
	check 1 rec-stat --check -q --segments 1 s1 all s3
	[ "$(cat err)" = 'rec-stat: all: there are 3 segments, not 1' ]
	check 1 rec-stat -q --records 0 all
	[ ! -s out ]
	check 0 rec-stat -q --segments 3 all
}

@test "records that are framed well but wrong are named and counted" {
	# shellcheck disable=SC2094 # it writes to 'bad' alone
	/usr/bin/python3 "$top_srcdir/tests/stream.py" bad "$D/titles.rec" >bad
	records=$(rec-view -q --count "$D/titles.rec")
	stat_json "$D/titles.rec"
	mv report good
	check 3 rec-stat --format json bad
	mv out report
	grep -q "bad: record $((records + 1)), at byte [0-9]*: bad record: key 'a' stands twice" err
	jq -e --slurpfile good good --argjson n "$records" '.faulty == 1 and
		.records == $n + 1 and .record_bytes.min == 7 and
		.fields == $good[0].fields and .tags == $good[0].tags' report
	check 0 rec-stat --check -q bad
}

@test "mistakes" {
	check 2 rec-stat --values ''
	check 2 rec-stat --values 'a..b'
	grep -q -- --values err
	check 2 rec-stat --rows 0
	check 2 rec-stat --format xml
	check 1 rec-stat -q -o no/such/file "$D/titles.rec"
	check 0 rec-stat -q -o file "$D/titles.rec"
	[ ! -s out ] && grep -q '^records ' file
}
