# pair-pack.bats - WebDataset shards

load lib

# make_pairs N: N records of a one-pixel chip, in ./in.rec
make_pairs() {
	for ((i = 1; i <= $1; i++)); do
		printf '{"key":"w%d_town","id":"w%d","tags":{"building":"yes"},"title":"house %d","chip":"/9j/4A==","chip_fmt":"jpeg","img_emb":"AAAA","emb_dtype":"f16","sim":0.%d}\n' \
			"$i" "$i" "$i" "$i"
	done >in.jsonl
	rec-make -q in.jsonl >in.rec
}

# Reads shards as WebDataset does: the members of one key stand together.
# One line per sample: the key, then each extension and its size.
group() {
	/usr/bin/python3 - "$@" <<-'EOF'
		import sys, tarfile
		seen = set()
		for path in sys.argv[1:]:
		    last = None
		    for m in tarfile.open(path):
		        key, _, ext = m.name.partition(".")
		        assert m.isreg() and m.mode == 0o644 and m.mtime == 0
		        assert m.uid == m.gid == 0 and not m.uname and not m.gname
		        if key != last:
		            assert key not in seen, key
		            seen.add(key)
		            if last:
		                print()
		            print(key, end="")
		            last = key
		        print(f" {ext}:{m.size}", end="")
		    print()
	EOF
}

@test "shards of samples: chip, text, metadata" {
	make_pairs 5
	check 0 pair-pack -o d --shard-size 2 <in.rec
	[ ! -s out ]
	grep -q '5 records in, 5 out' err
	grep -q "3 shards in 'd'" err
	ls d >names
	printf 'provenance.json\nshard-000000.tar\nshard-000001.tar\nshard-000002.tar\n' |
		diff - names
	group d/shard-*.tar | sed 's/json:[0-9]*$/json/' >got
	for i in 1 2 3 4 5; do
		echo "w${i}_town jpg:4 txt:7 json"
	done | diff - got
	[ "$(tar xOf d/shard-000001.tar w3_town.txt)" = "house 3" ]
	tar xOf d/shard-000001.tar w3_town.jpg | cmp - <(printf '\377\330\377\340')
	# every field but the binary ones, as rec-view prints them
	tar xOf d/shard-000001.tar w3_town.json >got
	sed -n 3p in.jsonl | jq -c 'del(.chip, .img_emb)' | diff - got
}

@test "the headers stay beside the shards" {
	make_pairs 2
	check 0 pair-pack -o d <in.rec
	jq -e 'map(.tool) == ["rec-make", "pair-pack"] and
		.[1].prev == [.[0].id] and
		.[1].args == ["shard-size=10000", "text=title"]' \
		d/provenance.json >/dev/null
}

@test "the same bytes twice" {
	make_pairs 7
	pair-pack -q -o a --shard-size 3 <in.rec
	sleep 1
	pair-pack -q -o b --shard-size 3 <in.rec
	diff -r a b
}

@test "records that make no sample are faults" {
	cat >in.jsonl <<-EOF
		{"key":"a","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"../etc","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":".a","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"a.b","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"a/b","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"a\nb","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"$(printf 'k%.0s' {1..101})","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"a","title":"t","chip":"AAAA","chip_fmt":"png"}
		{"key":"b","title":"t"}
		{"key":"c","title":"t","chip":"AAAA"}
		{"key":"d","title":"t","chip":"AAAA","chip_fmt":"gif"}
		{"key":"e","chip":"AAAA","chip_fmt":"png"}
		{"key":"f","title":7,"chip":"AAAA","chip_fmt":"png"}
		{"key":"e1","title":"","chip":"AAAA","chip_fmt":"png"}
		{"key":"e2","title":"t","chip":"","chip_fmt":"png"}
		{"key":"e3","title":{"\$str":"/w=="},"chip":"AAAA","chip_fmt":"png"}
		{"key":"g","title":"t","chip":"AAAA","chip_fmt":"png"}
	EOF
	rec-make -q in.jsonl >in.rec
	check 3 pair-pack -o d --reject rejects <in.rec
	group d/shard-000000.tar | cut -d' ' -f1 | tr '\n' ' ' >got
	[ "$(cat got)" = "a g " ]
	rec-view -q rejects | jq -r .reject.reason | tr '\n' ' ' >got
	[ "$(cat got)" = "bad key bad key bad key bad key bad key bad key bad key duplicate key no chip no chip no chip no text no text no text no chip bad text " ]
	check 1 pair-pack -o d2 --strict <in.rec
	[ -z "$(ls d2)" ]
}

@test "--text takes another field" {
	printf '{"key":"a","title_multi":"a, b","chip":"AAAA","chip_fmt":"png"}\n' |
		rec-make -q >in.rec
	check 0 pair-pack -o d --text title_multi <in.rec
	[ "$(tar xOf d/shard-000000.tar a.txt)" = "a, b" ]
	tar tf d/shard-000000.tar | grep -qx a.png
}

@test "after a fault in the stream only full shards are there" {
	make_pairs 5
	head -c "$(($(stat -c %s in.rec) - 40))" in.rec >cut.rec
	check 1 pair-pack -o d --shard-size 2 <cut.rec
	ls d >names
	[ "$(tr '\n' ' ' <names)" = "shard-000000.tar shard-000001.tar " ]
	group d/shard-*.tar >/dev/null
	# what is in no full shard is not out
	grep -q '4 records in, 4 out' err
	check 1 pair-pack -o d3 --shard-size 3 <cut.rec
	grep -q '4 records in, 3 out' err
	grep -q "1 shards in 'd3', of 3 pairs" err
	grep -q '1 pairs are lost' err
	check 1 pair-pack -o d4 --require-output <cut.rec
	grep -q '4 records in, 0 out' err
	# a wrong checksum is found at the end: the last shard is not renamed
	cp in.rec bad.rec
	printf '\001' | dd of=bad.rec bs=1 seek=$(($(stat -c %s in.rec) - 1)) conv=notrunc status=none
	if cmp -s in.rec bad.rec; then return 1; fi
	check 1 pair-pack -o d2 --shard-size 2 <bad.rec
	[ "$(echo d2/*)" = "d2/shard-000000.tar d2/shard-000001.tar" ]
}

@test "an earlier run is not mixed with this one" {
	make_pairs 5
	pair-pack -q -o d --shard-size 1 <in.rec
	check 1 pair-pack -o d <in.rec
	grep -q 'is there already' err
	[ "$(echo d/shard-*)" = "$(echo d/shard-00000{0,1,2,3,4}.tar)" ]
	check 0 pair-pack -o d --overwrite <in.rec
	[ "$(echo d/*)" = "d/provenance.json d/shard-000000.tar" ]
}

@test "an empty stream gives no shard, and says so" {
	rec-make -q </dev/null >in.rec
	check 0 pair-pack -o d <in.rec
	[ "$(ls d)" = provenance.json ]
	check 1 pair-pack -o d2 --require-output <in.rec
	check 2 pair-pack <in.rec
	check 1 pair-pack -o no/such/folder <in.rec
}

@test "a signal leaves no part of a shard" {
	make_pairs 3
	mkfifo pipe
	exec 8<>pipe # who may write to it is here: the input does not end
	pair-pack -q -o d --shard-size 2 <pipe 8>&- &
	pid=$!
	cat in.rec >&8
	for _ in {1..600}; do
		[ -e d/shard-000000.tar ] && break
		kill -0 "$pid"
		sleep 0.1
	done
	kill -TERM "$pid"
	got=0
	wait "$pid" || got=$?
	exec 8>&-
	[ "$got" -eq 143 ]
	[ "$(ls d)" = shard-000000.tar ]
}

@test "a shard over the limit of file sizes: an error that says why, no rest" {
	make_pairs 200
	check 1 bash -c 'ulimit -f 100 && pair-pack -o d <in.rec'
	grep -q "cannot write 'd/shard-000000.tar': File too large" err
	[ -z "$(ls -A d)" ]
}

@test "--overwrite removes no other file" {
	make_pairs 1
	mkdir d
	touch d/shard-notes.tar d/shard-000000.tar
	check 0 pair-pack -o d --overwrite <in.rec
	[ -e d/shard-notes.tar ]
	[ -s d/shard-000000.tar ]
}
