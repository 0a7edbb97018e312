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
		s00000.rec s00001.rec 'tab\tand \\' s00002.rec | diff - table
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

@test "thousands of files need no thousands of descriptors" {
	things 3000 | rec-make -q >in
	(
		ulimit -n 16
		rec-split -q -o s --by id <in >names
	)
	[ "$(wc -l <names)" -eq 3000 ]
	[ "$(ids s02999.rec)" = n3000 ]
	ls s*.rec | diff - names
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
	for ratio in '' a a=0 a=-1 a=1,a=1 a=1, =1 a=x a=inf 'a b=1' a/b=1; do
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
	check 1 rec-split -o no/such/folder/s --n 3 <in
	grep -q "cannot create 'no/such/folder/s00000.rec'" err
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
