# rec-split.bats - a stream into files: whose records are where, and what stays
# when something fails.

load lib

stream() {
	/usr/bin/python3 "$top_srcdir/tests/stream.py" "$@"
}

# split STATUS OPTION…: ./in into ./s*, their names in ./names.
split() {
	local want=$1
	shift
	rm -f s?????.rec
	check "$want" rec-split -o s "$@" <in
	mv out names
}

# ids FILE…: one line each, the ids in their order.
ids() {
	local file
	for file; do
		rec-view -q "$file" | jq -sr 'map(.id) | join(" ")'
	done
}

# things N: N lines, id n1 …
things() {
	seq "$1" | sed 's/.*/{"id":"n&","x":{"$f32":0.5},"y":"\\u00e9"}/'
}

# whole FILE…: each is a stream of one segment, and all their records are those
# of ./in, byte for byte, in some order.
whole() {
	local file
	for file; do rec-stat -q --check --segments 1 "$file"; done
	cat "$@" >all.parts
	records_sorted in >want.records
	records_sorted all.parts | diff want.records -
	[ -s want.records ]
}

# The bytes of each data record as hex digits, sorted.
records_sorted() {
	/usr/bin/python3 -c '
import sys
sys.path.insert(0, sys.argv[1])
import stream
with open(sys.argv[2], "rb") as f:
    for r in sorted(r.bytes().hex() for r in stream.data_records(f.read())):
        print(r)' "$top_srcdir/tests" "$1"
}

@test "in turn: N streams, whole and in order, named on standard output" {
	things 10 | rec-make -q >in
	split 0 --n 3
	printf 's%05d.rec\n' 0 1 2 | diff - names
	[ "$(ids s*.rec)" = 'n1 n4 n7 n10
n2 n5 n8
n3 n6 n9' ]
	whole s*.rec
	grep -q '^rec-split: 10 records in, 10 out' err
	grep -q '^rec-split: 3 files$' err
	split 0 --n 1
	[ "$(ids s*.rec)" = 'n1 n2 n3 n4 n5 n6 n7 n8 n9 n10' ]
	# more files than records: empty streams
	split 0 --n 12
	[ "$(wc -l <names)" -eq 12 ]
	whole s*.rec
	[ "$(rec-view -q --count s00011.rec)" -eq 0 ]
}

@test "records in other encodings than the shortest stay as they are" {
	/usr/bin/python3 "$top_srcdir/tests/stream-cases.py" make cases
	n=0
	for file in cases/0-*; do
		cp "$file" in
		split 0 --n 1
		stream records in >want
		stream records s00000.rec | cmp want -
		n=$((n + 1))
	done
	[ "$n" -gt 5 ]
}

@test "headers: those of all segments, then its own; one segment out" {
	things 5 >lines
	rec-make -q lines >a
	rec-make -q <lines >b
	cat a b a >in
	split 0 --n 2 --seed 7
	for file in s00000.rec s00001.rec; do
		rec-stat -q --check --segments 1 "$file"
		rec-view -q --headers headers "$file" >/dev/null
		[ "$(jq -sc 'map(.tool)' headers)" = \
			'["rec-make","rec-make","rec-split"]' ]
		jq -se '.[2].args == ["n=2", "seed=7"] and
			.[2].prev == [.[0].id, .[1].id]' headers >/dev/null
	done
	whole s*.rec
	# parts of one run have one history
	rec-view -q --headers other s00000.rec >/dev/null
	cmp headers other
}

@test "by hash: the same file for the same key, whatever is beside it" {
	things 300 | rec-make -q >all
	cp all in
	split 0 --n 4 --hash id
	whole s*.rec
	for i in 0 1 2 3; do
		ids "s0000$i.rec" | tr ' ' '\n' | sort >"want$i"
		[ "$(wc -l <"want$i")" -gt 40 ]
	done
	things 300 | sort -R --random-source=all | tail -n 150 | rec-make -q >in
	split 0 --n 4 --hash id
	for i in 0 1 2 3; do
		ids "s0000$i.rec" | tr ' ' '\n' | sort | comm -23 - "want$i" >odd
		[ ! -s odd ]
	done
	cp all in
	split 0 --n 4 --hash id --seed 1
	ids s00000.rec | tr ' ' '\n' | sort | cmp -s - want0 && return 1
	# of seed, purpose and text alone: XXH64 of "0\0part\0n1"
	things 1 | rec-make -q >in
	split 0 --n 1000 --hash id --parts table
	hash=$(printf '0\0part\0n1' | xxh64)
	n=$(/usr/bin/python3 -c \
		"print(int((int('$hash', 16) >> 11) * 2.0**-53 * 1000))")
	[ "$(awk '$2 == 1 { print $4 }' table)" = "$n" ]
}

# XXH64 of standard input, by tests/stream.py.
xxh64() {
	/usr/bin/python3 -c '
import sys
sys.path.insert(0, sys.argv[1])
import stream
print("%016x" % stream.xxh64(sys.stdin.buffer.read()))' "$top_srcdir/tests"
}

@test "by value: a file each, in the order of their coming; a table tells" {
	cat >lines <<-'EOF'
		{"id":"n1","tags":{"a":"x"}}
		{"id":"n2","tags":{"a":"tab\tand \\"}}
		{"id":"n3","tags":{"a":"x"}}
		{"id":"n4","tags":{"b":"x"}}
		{"id":"n5","tags":{"a":1}}
		{"id":"n6","tags":{"a":""}}
	EOF
	rec-make -q lines >in
	split 3 --by tags.a --parts table --reject rejects
	[ "$(ids s*.rec)" = 'n1 n3
n2
n6' ]
	printf 'file\trecords\thalo\tvalue\n%s\t2\t0\tx\n%s\t1\t0\t%s\n%s\t1\t0\t\n' \
		s00000.rec s00001.rec "tab\\tand \\\\" s00002.rec | diff - table
	[ "$(rec-view -q rejects | jq -c '[.id, .reject.reason]')" = \
		'["n4","no field"]
["n5","bad field"]' ]
	grep -q "record 5 n5.*'tags.a' is int instead of str" err
	split 1 --by tags.a --strict
	[ ! -e s00000.rec ]
	# no record has it: nothing comes out, and that is said
	split 3 --by label
	[ ! -s names ]
	grep -q "nothing came out: 'no field' took 6 of 6 records" err
}

@test "hundreds of files need no hundreds of descriptors" {
	things 500 | rec-make -q >in
	(
		ulimit -n 16
		rec-split -q -o s --by id <in >names
	)
	[ "$(wc -l <names)" -eq 500 ]
	[ "$(ids s00499.rec)" = n500 ]
	printf '%s\n' s*.rec | diff - names
	xargs cat <names >all
	stream records in >want
	stream records all | cmp - want
}

@test "the same bytes twice" {
	things 100 | jq -c '.lon = (.id[1:] | tonumber) / 10 | .lat = 5' |
		rec-make -q >in
	for how in '--n 3' '--n 3 --hash id' '--by id' \
		'--cell quadkey:9 --halo 5000' \
		'--ratio a=1,b=1 --block deg:1'; do
		# shellcheck disable=SC2086 # several words
		split 0 $how
		mkdir first
		mv s*.rec first
		# shellcheck disable=SC2086
		split 0 $how
		for file in s*.rec; do cmp "$file" "first/$file"; done
		rm -r first
	done
}

@test "mistakes in the command line" {
	things 3 | rec-make -q >in
	split 2 --n 0
	split 2 --n 1000001
	split 2
	grep -q 'one of --n, --by, --cell and --ratio' err
	split 2 --n 3 --by id
	grep -q 'exclude each other' err
	split 2 --hash id
	grep -q -- '--hash needs --n' err
	split 2 --n 3 --halo 5
	split 2 --by id --block deg:1
	split 2 --cell deg:1 --buffer 1
	split 2 --n 3 --exclude-radius 5
	split 2 --by 'a b'
	split 2 --cell deg:7
	grep -q "180 is no multiple of '7' degrees" err
	split 2 --cell s2:4
	for ratio in '' a a=0 a=-1 a=1,a=1 'a=1,' =1 a=x a=inf 'a b=1' a/b=1; do
		split 2 --ratio "$ratio"
	done
	split 2 --n 3 --parts -
	check 2 rec-split --n 3 <in
	grep -q -- '--output PREFIX is needed' err
	check 2 rec-split --n 3 -o - <in
	[ -z "$(find . -name 's?????.rec')" ]
}

@test "what fails leaves no half files" {
	things 2000 | rec-make -q >good
	size=$(stat -c %s good)
	for at in 0 1 $((size / 2)) $((size - 1)); do
		head -c "$at" good >in
		split 1 --n 3 --reject rejects
		[ -z "$(find . -name 's?*')" ]
		[ ! -s names ]
		grep -q truncated err
		check 1 rec-view rejects
	done
	cp good in
	# before anything is read
	head -c 10 in | check 1 rec-split -o no/such/folder/s --n 3
	grep -q "cannot write to the folder 'no/such/folder/'" err
	# a folder where the second file should be
	mkdir s00001.rec
	check 1 rec-split -o s --n 3 <in
	grep -q "s00001.rec" err
	[ "$(cat out)" = s00000.rec ]
	rec-stat -q --check s00000.rec
	[ -z "$(find . -name 's0000[^01]*' -o -name 's*.rec.*')" ]
	rmdir s00001.rec
	# what was read stays
	cp good s00001.rec
	check 1 rec-split -o s --n 3 <s00001.rec
	grep -q "'s00001.rec' is what was read" err
	cmp good s00001.rec
	ids good | tr ' ' '\n' | head -n 3 >s00002.rec
	check 1 rec-split -o s --n 3 --exclude s00002.rec <in
	grep -q "'s00002.rec' is what was read" err
}

@test "a record that does not fit is an error" {
	printf '{"id":"n1","lon":1.0,"lat":1.0,"x":"%0980d"}\n' 0 |
		rec-make -q >in
	split 0 --n 1 --max-record 1K
	split 1 --ratio train=1 --max-record 1K
	grep -q 'larger than the limit of 1024 (--max-record)' err
	[ ! -e s00000.rec ]
}

@test "a record-wise tool over parts, then cat: the result of the whole" {
	seq 500 | sed 's/.*/{"id":"n&","tags":{"building":"yes","natural":"tree"},"sim":0.&}/' |
		rec-make -q >in
	ground-filter -q --min-sim 0.3 <in | rec-view -q | sort >want
	[ "$(wc -l <want)" -gt 100 ]
	for how in '--n 7' '--n 7 --hash id' '--by id'; do
		# shellcheck disable=SC2086
		split 0 $how
		# shellcheck disable=SC2016 # the inner shell's
		xargs -P 2 -I{} sh -c \
			'ground-filter -q --min-sim 0.3 -o "$1.done" <"$1"' \
			sh {} <names
		sed 's/$/.done/' names | xargs cat >done.rec
		rec-stat -q --check --segments "$(wc -l <names)" done.rec
		rec-view -q done.rec | sort | diff - want
		rm -f s*.done
	done
}

# point ID LON LAT [MORE FIELDS], box ID W S E N [MORE FIELDS]
point() {
	jq -nc --argjson more "${4:-{\}}" \
		"{id: \"$1\", lon: ($2 + 0.0), lat: ($3 + 0.0)} + \$more"
}

box() {
	jq -nc --argjson more "${6:-{\}}" \
		"{id: \"$1\", bbox: [$2, $3, $4, $5]} + \$more"
}

# cells: what is in ./table and the files, "CELL: IDS / IDS OF COPIES".
cells() {
	tail -n +2 table | while IFS=$'\t' read -r file n copies value; do
		rec-view -q "$file" >lines
		[ "$(wc -l <lines)" -eq $((n + copies)) ] || echo "$file: not $n"
		[ "$(jq -c 'select(.halo)' lines | wc -l)" -eq "$copies" ] ||
			echo "$file: not $copies copies"
		# the copies stand behind
		jq -rs --arg cell "$value" '
			"\($cell): " + (map(select(.halo | not).id) | join(" "))
			+ " / " + (map(select(.halo).id) | join(" "))' lines |
			sed 's/ *$//'
	done
}

@test "cells: where the point is, else the middle of the box" {
	{
		point n1 10.5 49.5
		point n2 11.5 49.5
		box a3 10.1 49.1 10.9 49.2
		box a4 10.7 49.1 11.9 49.2
		box a5 10.1 49.1 11.9 49.2 '{"lon":10.2,"lat":49.15}'
		point n6 10 50
	} | rec-make -q >in
	split 0 --cell deg:1 --parts table
	[ "$(cells)" = '190/40: n1 a3 a5 n6 /
191/40: n2 a4 /' ]
	whole s*.rec
	split 0 --cell quadkey:1 --parts table
	[ "$(cells)" = '1: n1 n2 a3 a4 a5 n6 /' ]
}

@test "--halo copies what comes near to a cell that has objects" {
	# a degree of longitude is 71.7 km at 50 north, one of latitude 111 km
	{
		point n1 10.99 49.5
		point n2 11.01 49.5 '{"x":1}'
		point n3 10.5 49.01
		point n4 10.98 49.99
		point n5 11.5 50.5
		box a6 10.8 49.4 10.985 49.6
		box a7 10.985 49.1 11.4 49.2
	} | rec-make -q >in
	split 0 --cell deg:1 --halo 1000 --parts table
	[ "$(cells)" = '190/40: n1 n3 n4 a6 / n2 a7
191/40: n2 a7 / n1
191/39: n5 /' ]
	# the copy is the record with one field more
	rec-view -q s00000.rec | jq -se 'map(select(.id == "n2")) ==
		[{id: "n2", lon: 11.01, lat: 49.5, x: 1, halo: true}]' >/dev/null
	grep -q '3 files, with 3 copies for margins' err
	grep -q '7 records in, 7 out' err
	# farther: a6 too, and over the corner
	split 0 --cell deg:1 --halo 2000 --parts table
	[ "$(cells)" = '190/40: n1 n3 n4 a6 / n2 a7
191/40: n2 a7 / n1 n4 a6
191/39: n5 / n4' ]
	# the last cell has no object of its own: no file
	split 0 --cell deg:0.5 --halo 10 --parts table
	[ "$(cells)" = '381/81: n1 n3 a6 / a7
382/81: n2 a7 /
381/80: n4 / n1 a6
383/79: n5 /' ]
	# 0: what reaches into another cell
	split 0 --cell deg:1 --halo 0 --parts table
	[ "$(cells)" = '190/40: n1 n3 n4 a6 / a7
191/40: n2 a7 /
191/39: n5 /' ]
	# what is a neighbour only stays one
	cp s00000.rec in
	split 0 --cell deg:1 --parts table
	[ "$(rec-view -q s00001.rec | jq -c '[.id, .halo]')" = '["a7",true]' ]
}

@test "cells across the antimeridian and at the poles" {
	{
		point n1 179.99 0.5
		point n2 -179.99 0.5
		point n3 180 0.4
		box a4 179.5 0.1 -179.6 0.2
		point n5 10 89.999
		point n6 -100 89.9
		box a7 100 -90 101 -89.9
		point n8 50 -90
		point n9 0.5 0.5
	} | rec-make -q >in
	split 0 --cell deg:1 --halo 5000 --parts table
	[ "$(cells)" = '359/89: n1 a4 / n2 n3
0/89: n2 n3 / n1 a4
190/0: n5 /
80/0: n6 / n5
280/179: a7 / n8
230/179: n8 / a7
180/89: n9 /' ]
	whole_without_copies
	# rows of Web Mercator reach to the poles
	split 0 --cell quadkey:3 --halo 5000 --parts table
	[ "$(cells)" = '133: n1 a4 / n2 n3
022: n2 n3 / n1 a4
100: n5 /
001: n6 / n5
332: a7 / n8
323: n8 / a7
122: n9 /' ]
	whole_without_copies
}

# Without the copies, the files hold what came in.
whole_without_copies() {
	for file in s*.rec; do
		rec-stat -q --check --segments 1 "$file"
		rec-view -q "$file" | jq -c 'select(.halo | not)'
	done | sort >got
	rec-view -q in | sort | diff - got
}

@test "an object as large as the world goes to every cell" {
	{
		for lon in -170 -50 0 60 179; do point "n$lon" $lon 10; done
		box a1 -180 -90 180 90 '{"lon":0.0,"lat":10.0}'
	} | rec-make -q >in
	split 0 --cell quadkey:24 --halo 1 --parts table
	[ "$(wc -l <names)" -eq 5 ]
	[ "$(cells | grep -c '/ a1$')" -eq 4 ]
}

@test "records without a place are faults" {
	{
		echo '{"id":"n1"}'
		point n2 10 91
		echo '{"id":"n3","lon":1.0}'
		echo '{"id":"n4","bbox":[1.0,2.0,3.0]}'
		echo '{"id":"n5","bbox":[1.0,3.0,2.0,2.0]}'
		echo '{"id":"n6","geom":"AAAA"}'
		point n7 10 50
		# a line from 1, 2 to 3, 4
		echo '{"id":"w8","geom":"AQIAAAACAAAAAAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhAAAAAAAAAEEA="}'
	} | rec-make -q >in
	for how in '--cell deg:1' '--ratio a=1'; do
		# shellcheck disable=SC2086
		split 3 $how --reject rejects
		[ "$(rec-view -q rejects | jq -r '"\(.id) \(.reject.reason)"')" = \
			'n1 no place
n2 broken place
n3 broken place
n4 broken place
n5 broken place
n6 broken place' ]
	done
	[ "$(ids s00000.rec)" = 'n7 w8' ]
	split 0 --cell deg:1 --max-faults 80%
	[ "$(ids s*.rec)" = 'n7
w8' ]
}

# square I [MORE FIELDS]: one of many windows about 10 E 50 N, from its number.
squares() {
	/usr/bin/python3 -c '
import json, random, sys
random.seed(int(sys.argv[1]))
for i in range(int(sys.argv[2])):
    w, s = 10 + random.random() * 2, 50 + random.random() * 2
    print(json.dumps({"id": "a%d" % i, "lon": w, "lat": s,
        "box": [w, s, w + 0.003, s + 0.002]}))' "$@"
}

@test "--ratio: no two splits share a pixel, nor come nearer than the buffer" {
	squares 1 4000 | rec-make -q >in
	split 0 --ratio train=0.6,val=0.2,test=0.2 --block deg:0.1 \
		--buffer 200 --reject rejects --parts table
	[ "$(cut -f 4 table | tail -n +2)" = 'train
val
test' ]
	for i in 0 1 2; do rec-view -q "s0000$i.rec"; done >got
	rec-view -q rejects | jq -se 'length > 100 and
		all(.reject.reason == "near another split" and
			(has("split") | not))' >/dev/null
	[ $(($(wc -l <got) + $(rec-view -q --count rejects))) -eq 4000 ]
	/usr/bin/python3 - <<-'EOF'
		import json, math
		rows = [json.loads(line) for line in open("got")]
		share = {}
		for r in rows:
		    share[r["split"]] = share.get(r["split"], 0) + 1
		assert set(share) == {"train", "val", "test"}, share
		assert 0.4 < share["train"] / len(rows) < 0.8, share
		# of two windows within 1000 m, the south-western corners are in
		# cells of 0.02 degrees side by side: no other pairs need a look
		cells = {}
		for r in rows:
		    at = int(r["box"][0] * 50), int(r["box"][1] * 50)
		    cells.setdefault(at, []).append(r)
		near = 1e9
		for (x, y), here in cells.items():
		    there = [b for i in (x - 1, x, x + 1)
		        for j in (y - 1, y, y + 1)
		        for b in cells.get((i, j), ())]
		    for a, b in ((a, b) for a in here for b in there):
		        if a["split"] == b["split"]:
		            continue
		        a0, a1, a2, a3 = a["box"]
		        b0, b1, b2, b3 = b["box"]
		        dx = max(0, b0 - a2, a0 - b2) * 111320 * math.cos(
		            math.radians(max(a3, b3)))
		        dy = max(0, b1 - a3, a1 - b3) * 110574
		        near = min(near, math.hypot(dx, dy))
		assert 200 < near < 1000, near
	EOF
	# the field is set in place, or behind the others
	echo '{"split":"?","lon":1.0,"lat":2.0}' | rec-make -q >in
	split 0 --ratio one=3
	[ "$(rec-view -q s00000.rec)" = '{"split":"one","lon":1.0,"lat":2.0}' ]
}

@test "--ratio: however the stream was shared out before" {
	squares 2 600 | rec-make -q >all
	cp all in
	how='--ratio train=0.5,val=0.25,test=0.25 --block deg:0.2 --seed 5'
	# shellcheck disable=SC2086
	split 0 $how
	for i in 0 1 2; do rec-view -q "s0000$i.rec"; done | sort >want
	check 0 rec-split -q -o piece --n 5 --hash id <all
	for piece in piece*.rec; do
		check 0 rec-split -q -o "$piece-" --ratio \
			train=0.5,val=0.25,test=0.25 --block deg:0.2 --seed 5 \
			<"$piece"
	done
	for file in piece*.rec-*.rec; do rec-view -q "$file"; done | sort |
		diff - want
	# the defaults stand in the header; another seed is another split
	split 0 --ratio train=1,test=1
	rec-view -q --headers headers s00000.rec >/dev/null
	tail -n 1 headers | jq -e '.args == ["ratio=train=1,test=1",
		"block=quadkey:12", "buffer=100", "seed=0"]' >/dev/null
	ids s00000.rec >zero
	split 0 --ratio train=1,test=1 --seed 1
	ids s00000.rec | cmp -s - zero && return 1
	true
}

@test "--ratio: a block's split is the hash of its name" {
	for i in $(seq 0 19); do
		echo '{"id":"n'"$i"'","lon":'"$i"'.5,"lat":0.5}'
	done | rec-make -q >in
	split 0 --ratio a=3,b=1 --block deg:1 --buffer 0
	for i in 0 1; do
		rec-view -q "s0000$i.rec" | jq -r '"\(.id) \(.split)"'
	done | sort >got
	/usr/bin/python3 - "$top_srcdir/tests" <<-'EOF' | sort | diff - got
		import sys
		sys.path.insert(0, sys.argv[1])
		import stream
		for i in range(20):
		    h = stream.xxh64(b"0\0split\0%d/89" % (180 + i))
		    print(f"n{i}", "a" if (h >> 11) * 2.0**-53 < 0.75 else "b")
	EOF
	[ "$(cut -d ' ' -f 2 got | sort -u | wc -l)" -eq 2 ]
}

@test "--ratio: what is as large as all blocks is near another split" {
	box a1 -180 -90 180 90 | rec-make -q >in
	split 0 --ratio a=1,b=1 --block quadkey:20
	[ "$(rec-view -q s00000.rec | wc -l)" -eq 0 ]
	grep -q "'near another split' took 1 of 1" err
	split 0 --ratio a=1 --block quadkey:20
	[ "$(ids s00000.rec)" = a1 ]
}

@test "--exclude: ids and keys, positions, and records" {
	{
		point n1 10 50
		point n2 10.01 50 '{"key":"n2_x"}'
		point n3 10.02 50
		box a4 10.03 50 10.04 50.01
		box a5 10.03 50 10.04 50.01 '{"box":[10.0,50.0,10.001,50.001]}'
		echo '{"id":"x6"}'
		point n7 179.9999 0
	} | rec-make -q >in
	printf '# a benchmark\r\n\nn1\r\nn2_x\nx\n' >list
	split 0 --n 1 --exclude list --reject rejects
	[ "$(ids s00000.rec rejects)" = 'n3 a4 a5 x6 n7
n1 n2' ]
	rec-view -q rejects | jq -se 'map(.reject) == [
		{tool: "rec-split", reason: "benchmark", detail: "id '"'n1'"'"},
		{tool: "rec-split", reason: "benchmark", detail: "key '"'n2_x'"'"}
		]' >/dev/null
	grep -q "3 ids and 0 places of 'list' are excluded" err
	# 0.0195 degrees are 1.4 km; a4 is 0.0005 or 36 m from the second
	printf '10.0005\t50.0005\n10.0405\t50.005\n-179.9999\t0\n' >list
	split 0 --n 1 --exclude list
	[ "$(ids s00000.rec)" = 'n2 n3 x6' ]
	split 0 --n 1 --exclude list --exclude-radius 30
	[ "$(ids s00000.rec)" = 'n1 n2 n3 a4 x6' ]
	split 0 --n 1 --exclude list --exclude-radius 0
	[ "$(ids s00000.rec)" = 'n1 n2 n3 a4 x6 n7' ]
	split 0 --n 1 --exclude list --exclude-radius 2000
	[ "$(ids s00000.rec)" = 'x6' ]
	# over a corner: 71.7 m east and 111.2 m north are 132.4 m
	printf '10.001\t49.999\n' >list
	split 0 --n 1 --exclude list --exclude-radius 131
	[ "$(ids s00000.rec)" = 'n1 n2 n3 a4 x6 n7' ]
	split 0 --n 1 --exclude list --exclude-radius 133
	[ "$(ids s00000.rec)" = 'n2 n3 a4 x6 n7' ]
	# from a pipe
	check 0 rec-split -q -o p --n 1 --exclude <(echo n3) <in
	[ "$(ids p00000.rec)" = 'n1 n2 a4 a5 x6 n7' ]
	# records: id and window, whatever the way to split
	{
		echo '{"id":"n3"}'
		box zz 5 5 6 6 '{"box":[10.0,50.0,10.002,50.0001]}'
	} | rec-make -q >bench.rec
	for how in '--n 1' '--cell deg:90' '--ratio a=1'; do
		# shellcheck disable=SC2086
		split 0 $how --exclude bench.rec --exclude-radius 0 \
			--max-faults 100%
		ids s00000.rec | grep -qE '^n2 a4( x6)?( n7)?$'
	done
	# their provenance is the result's
	rec-view -q --headers headers s00000.rec >/dev/null
	[ "$(jq -sc 'map(.tool)' headers)" = \
		'["rec-make","rec-split"]' ]
	jq -se '.[-1].inputs[0] | .name == "bench.rec" and .bytes > 0 and
		(.sha256 | length) == 64' headers >/dev/null
}

@test "--exclude: positions with any gap, and ids that nobody has" {
	{
		point n1 10 50
		point n2 11 50
		point n3 12 50
		point 13,50 0 0
	} | rec-make -q >in
	printf '10\t50\n11,50\n12 50\nn9\nn8\n' >list
	split 0 --n 1 --exclude list
	[ "$(rec-view -q s00000.rec | jq -r .id)" = 13,50 ]
	grep -q "2 of the 2 ids to exclude were in no record" err
	printf '13,50\n' >list
	split 0 --n 1 --exclude list
	grep -q "0 ids and 1 places of 'list'" err
}

@test "--parts may not be one of the parts" {
	for i in $(seq 9); do point "n$i" "$i" 50; done | rec-make -q >in
	split 1 --n 3 --parts ./s00001.rec
	grep -q "is written to already" err
	[ ! -e s00001.rec ]
}

@test "--exclude: what cannot be read is an error, never nothing" {
	point n1 10 50 | rec-make -q >in
	split 1 --n 1 --exclude missing
	grep -q "cannot open 'missing'" err
	: >list
	split 1 --n 1 --exclude list
	grep -q "'list' names nothing to exclude" err
	for line in '10\t95' '10\tx' '\t' '1\t2\t3' '10,95' '10 50 1' '10,'; do
		printf 'n1\n%b\n' "$line" >list
		split 1 --n 1 --exclude list
		grep -q 'list: line 2: neither an id' err
	done
	echo '{"x":1}' | rec-make -q >list
	split 1 --n 1 --exclude list
	grep -q 'neither an id nor a place' err
	point n1 10 50 | rec-make -q | head -c -3 >list
	split 1 --n 1 --exclude list
	grep -q truncated err
	[ ! -e s00000.rec ]
	# a place that cannot be read might be a benchmark's
	echo '{"id":"n1","lon":"10","lat":50.0}' | rec-make -q >in
	printf '10\t50\n' >list
	split 3 --n 1 --exclude list
	grep -q 'broken place' err
}

# scene WEST: ./catalog.rec of two images with pixels of 0.00001 degrees, from
# WEST and 50 north on, and ./in, objects of all kinds on and beside them.
scene() {
	jq -nc --argjson west "$1" '
		("one", "two") as $src | ($west + (if $src == "one" then 0
			else 0.025 end)) as $w |
		{img: {src: $src, uri: "\($src).tif", kind: "raster",
			gsd_m: 0.7, crs: "EPSG:4326", size: [3000, 4000],
			transform: [$w, 0.00001, 0, 50, 0, -0.00001],
			bands: [1, 2, 3]},
		bbox: [$w, 49.96, (if $w + 0.03 > 180 then $w - 359.97
			else $w + 0.03 end), 50]}' | rec-make -q >catalog.rec
	/usr/bin/python3 - "$1" <<-'EOF2' | rec-make -q >in
		import base64, json, random, struct, sys
		random.seed(3)
		west = float(sys.argv[1])
		wrap = lambda x: x - 360 if x > 180 else x
		def wkb(kind, xy):
		    head = struct.pack("<BI", 1, kind)
		    head += struct.pack("<I", 1) if kind == 3 else b""
		    head += struct.pack("<I", len(xy)) if kind > 1 else b""
		    return base64.b64encode(head + b"".join(
		        struct.pack("<dd", wrap(x), y) for x, y in xy)).decode()
		for i in range(500):
		    x, y = west + random.random() * 0.06, 50 - random.random() * 0.045
		    w, h = random.random() * 0.003, random.random() * 0.003
		    kind = random.choice("nwa")
		    tags = {random.choice(["building", "natural", "landuse"]):
		        random.choice("abcdefgh")}
		    if kind == "n":
		        xy, w, h = [(x, y)], 0, 0
		        geom = wkb(1, xy)
		    elif kind == "w":
		        geom = wkb(2, [(x, y), (x + w, y + h / 2), (x + w, y + h)])
		    else:
		        geom = wkb(3, [(x, y), (x + w, y), (x + w, y + h),
		            (x, y + h), (x, y)])
		    r = {"id": kind + str(i), "tags": tags}
		    r["lon"], r["lat"] = wrap(x + w / 3), y + h / 3
		    if kind != "n":
		        r["bbox"] = [wrap(x), y, wrap(x + w), y + h]
		    r["geom"] = geom
		    print(json.dumps(r))
	EOF2
}

# join_names: geojoin of each file in ./names: ./done.rec, and what is set aside
# in FILE.not
join_names() {
	xargs -P 2 -I{} sh -c 'geojoin -q --max-near 20 --images catalog.rec \
		-o "$1.done" --reject "$1.not" <"$1"' sh {} <names
	sed 's/$/.done/' names | xargs cat >done.rec
}

@test "geojoin cell by cell with a halo, then cat: the samples of the whole" {
	while read -r west cells; do
		scene "$west"
		geojoin --images catalog.rec --max-near 20 <in >whole.rec \
			--reject rejects
		rec-view -q whole.rec | sort >want
		[ "$(wc -l <want)" -gt 200 ]
		jq -se 'map(.near | length) | add > 500' want >/dev/null
		split 0 --cell "$cells" --halo 600
		[ "$(wc -l <names)" -gt 8 ]
		join_names
		rec-stat -q --check --segments "$(wc -l <names)" done.rec
		rec-view -q done.rec | sort | diff - want
		# what is set aside is so once, too
		sed 's/$/.not/' names | xargs cat | rec-view -q | sort >not
		rec-view -q rejects | sort | diff - not
	done <<-'EOF'
		10 deg:0.02
		179.97 quadkey:14
	EOF
	# and without a halo something is missing
	split 0 --cell deg:0.03
	join_names
	rec-view -q done.rec | sort | cmp -s - want && return 1
	true
}

@test "the page's examples" {
	scene 10.52 # two cells of zoom 10
	geojoin -q --images catalog.rec <in >samples.rec
	cp in chips.rec
	cp in ground.rec
	cp samples.rec scored.rec
	printf '10.54\t49.98\n' >benchmark.tsv
	# what stands for GNU parallel and for Slurm
	mkdir bin
	cat >bin/parallel <<-'EOF2'
		#!/bin/sh
		while read -r line; do
			sh -c "$(printf '%s' "$1" | sed "s/{}/$line/g")" || exit 1
		done
	EOF2
	cat >bin/sbatch <<-'EOF2'
		#!/bin/sh
		for n in $(seq 1 "${1#--array=1-}"); do
			SLURM_ARRAY_TASK_ID=$n sh -c "$3" || exit 1
		done
	EOF2
	chmod +x bin/*
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$top_srcdir/man/rec-split.1" |
		sed 's/\\e$/\\/' | awk '
			/^\.Bd/ { file = "example" ++n; next }
			/^\.Ed/ { file = "" }
			file { print >file }'
	for n in 1 2 3 4 5; do
		PATH=$PWD/bin:$PATH check 0 bash -e -o pipefail "example$n"
		case $n in
		1) [ "$(rec-view -q --count titles.rec)" -eq 500 ] ;;
		2)
			mkdir joined
			mv cell*.joined joined
			;;
		3)
			[ "$(find joined -type f | wc -l)" -gt 1 ]
			for file in cell*.joined; do cmp "$file" "joined/$file"; done
			cat joined/* | rec-view -q --count >count
			[ "$(cat count)" -eq "$(rec-view -q --count samples.rec)" ]
			;;
		4) grep -q benchmark err ;;
		5) [ "$(cut -f 4 src.tsv | tail -n +2 | sort)" = 'one
two' ] ;;
		esac
	done
	[ ! -e example6 ]
}

@test "no record at all" {
	rec-make -q </dev/null >in
	split 0 --n 2
	[ "$(cat s*.rec | rec-view -q --count)" -eq 0 ]
	for how in '--by id' '--cell deg:1 --halo 5'; do
		# shellcheck disable=SC2086
		split 0 $how --parts table
		[ ! -s names ]
		[ "$(wc -l <table)" -eq 1 ]
	done
	split 0 --ratio a=1,b=1
	[ "$(wc -l <names)" -eq 2 ]
	split 1 --n 2 --require-output
}
