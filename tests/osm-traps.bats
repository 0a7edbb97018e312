# osm-traps.bats - PBF files as they should not be, or seldom are. Each is a text
# that osm-pbf.py makes a file of: ./t.osm.pbf.

load lib

# pbf [OPTION…] <TEXT: the file, and osm-tags on it, which must do well.
pbf() {
	make_pbf
	check 0 osm-tags "$@" t.osm.pbf
}

make_pbf() {
	/usr/bin/python3 "$top_srcdir/tests/osm-pbf.py" >t.osm.pbf
}

kept() {
	rec-view -q out | jq -r .id | paste -sd ' '
}

# fields FILTER: of each record, a line
fields() {
	rec-view -q out | jq -c "$1"
}

# A square of nodes, some tagged, and what stands on it; $1 is put in front of
# each kind of object.
square() {
	cat <<-EOF
		$1
		n1 v1 t2020-01-01T00:00:00Z Tnatural=tree x20 y10
		n2 x20.001 y10
		n3 Tamenity=bench,name=A%2c%B x20.001 y10.001
		n4 x20 y10.001
		$1
		w1 v2 t2020-01-02T00:00:00Z Tbuilding=yes Nn1,n2,n3,n4,n1
		w2 Thighway=path Nn1,n3
		w3 Nn3,n4,n1
		$1
		r1 v3 t2020-01-03T00:00:00Z Ttype=multipolygon,landuse=grass Mw3@outer,w2@outer
	EOF
}

@test "what the writer of these files writes, osmium reads" {
	command -v osmium || skip 'osmium is not installed'
	square blob >base
	grep -v blob base >want
	for blob in zlib raw lz4 'zlib plain' 'raw granularity=1000' \
		'lz4 plain lat-offset=10000000 lon-offset=-500 dates=1'; do
		sed "s/^blob/blob $blob/" base | make_pbf
		osmium cat -f opl t.osm.pbf | sed -E 's/ (v0|dV|c0|t|i0|u|T)\b//g' |
			diff want - || {
			echo "not as written: $blob"
			return 1
		}
	done
}

@test "every packing, dense nodes and plain ones, any granularity" {
	square 'blob raw' | pbf --all
	rec-view -q out >want
	[ "$(kept)" = 'n1 n3 a1 w2 r1' ]
	for blob in zlib bzip2 lz4 zstd 'zlib plain' 'lz4 plain' 'zstd granularity=1000' \
		'raw plain lat-offset=10000000 lon-offset=-500 dates=1' \
		'zlib granularity=1 lon-offset=1000000000'; do
		square "blob $blob" | pbf --all
		rec-view -q out | diff want - || {
			echo "not as raw blobs: $blob"
			return 1
		}
	done
}

@test "LZMA, which nobody writes, is named with a way out" {
	square 'blob lzma' | make_pbf
	check 1 osm-tags t.osm.pbf
	grep -Eq 'blob 2, at byte [0-9]+: .*LZMA.*osmium cat' err
}

@test "blobs of several kinds, in any order, whatever the header says" {
	square blob | pbf --all
	rec-view -q out | sort >want
	for header in 'header' 'header sorted'; do
		# all in one blob; and the kinds backwards
		square '' | sed "1s/^/$header/" | pbf --all
		rec-view -q out | sort | diff want -
		{
			echo "$header"
			square '#' | tac
		} | pbf --all
		rec-view -q out | sort | diff want -
		# a blob of ways and nodes, and one of relations and nodes
		{
			echo "$header"
			square '#' | sed -n '/^w/p; /^n[12]/p'
			echo blob
			square '#' | sed -n '/^r/p; /^n[34]/p'
		} | pbf --all
		rec-view -q out | sort | diff want -
	done
}

@test "a group of several kinds, which the format forbids, is damage" {
	{
		echo 'blob one-group'
		square '#' | sed -n '/^w/p; /^n/p'
	} | make_pbf
	check 1 osm-tags t.osm.pbf
	grep -q 'blob 2, at byte [0-9]*: .*group' err
}

@test "records come in the file's order" {
	pbf <<-'EOF'
		header sorted
		w7 Nn3,n9 Thighway=path
		n9 x20 y10 Ta=1
		blob
		n3 x20.5 y10 Ta=1
		w2 Nn3,n9 Thighway=path
		n4 x20.5 y10 Ta=1
	EOF
	[ "$(kept)" = 'w7 n9 n3 w2 n4' ]
}

@test "ids far apart, below zero, and very large" {
	pbf <<-'EOF'
		header sorted
		n-1099511627776 x20 y10 Ta=1
		n-1 x20.5 y10
		n0 x20.5 y10.5
		n1099511627776 x21 y10 Ta=1
		n4611686018427387904 x20 y11
		w-1 Nn-1099511627776,n1099511627776 Thighway=path
		w1 Nn-1,n0 Thighway=path
		w4611686018427387904 Nn0,n4611686018427387904 Thighway=path
	EOF
	[ "$(fields '[.id, .bbox]')" = '["n-1099511627776",[20,10,20,10]]
["n1099511627776",[21,10,21,10]]
["w-1",[20,10,21,10]]
["w1",[20.5,10,20.5,10.5]]
["w4611686018427387904",[20,10.5,20.5,11]]' ]
}

@test "an object that stands twice comes out twice" {
	pbf <<-'EOF'
		n1 v1 x20 y10 Ta=1
		n1 v1 x20 y10 Ta=1
		n2 x22 y10
		blob
		n2 x22 y10
		w1 v1 Nn1,n2 Thighway=path
		w1 v1 Nn1,n2 Thighway=path
	EOF
	[ "$(kept)" = 'n1 n1 w1 w1' ]
	[ "$(fields .bbox | sort -u)" = '[20,10,20,10]
[20,10,22,10]' ]
}

# Whatever the order, all nodes are taken or only those that are needed.
@test "nodes in no order have their places for ways and relations" {
	local order select
	for order in cat tac 'sort -k 2' 'sort -R --random-source=base'; do
		seq -f 'n%.0f' 1 997 30000 | awk '{ print $1, "x" NR, "y10" }' \
			>base
		{
			echo header sorted
			$order base | sed '0~7s/^/blob\n/'
			echo blob
			awk '{ print $1 }' base | paste -sd , |
				sed 's/.*/w1 Thighway=path N&/'
			echo blob
			echo r1 Ttype=site Mn1@,n10968@,n29911@
		} | make_pbf
		for select in --all --where=nwr/type,highway \
			--node-store=mmap:nodes; do
			check 0 osm-tags --relations "$select" t.osm.pbf
			[ "$(fields '[.id, .bbox]')" = '["w1",[1,10,31,10]]
["r1",[1,10,31,10]]' ] || {
				echo "wrong: $order, $select"
				return 1
			}
		done
	done
}

@test "ways that bring their nodes' places need no nodes" {
	pbf <<-'EOF'
		header locations
		w1 Nn2x20y10,n3x20.001y10,n4x20.001y10.001,n2x20y10 Tbuilding=yes
		w2 Nn5x-20y-10,n3x20.001y10 Thighway=path
	EOF
	[ "$(fields '[.id, .bbox]')" = '["a1",[20,10,20.001,10.001]]
["w2",[-20,-10,20.001,10]]' ]
}

@test "deleted objects are passed over, in files that are no history, too" {
	for blob in 'blob history' 'blob history plain'; do
		pbf <<-EOF
			$blob
			n1 v2 dD t2020-02-01T00:00:00Z Ta=1
			n2 v1 dV t2020-01-01T00:00:00Z x20 y10 Ta=1
			w3 v2 dD t2020-02-01T00:00:00Z Nn2 Thighway=path
		EOF
		[ "$(kept)" = n2 ]
		if grep 'set aside' err; then return 1; fi
	done
}

@test "--at gives a history file's state of a day" {
	make_pbf <<-'EOF'
		header sorted history
		n1 v1 dV t2020-01-01T00:00:00Z x20 y10 Ta=1
		n1 v2 dV t2020-02-01T00:00:00Z x21 y10 Ta=2
		n1 v3 dD t2020-03-01T00:00:00Z
		n2 v1 dV t2020-01-15T00:00:00Z x20 y11
		w1 v1 dV t2020-01-20T00:00:00Z Nn1,n2 Thighway=path
	EOF
	while read -r day want; do
		check 0 osm-tags --at "$day" t.osm.pbf
		[ "$(fields '[.id, .ver, .bbox[2]]' | paste -sd ' ')" = "$want" ]
	done <<-'EOF'
		2019-12-31
		2020-01-10 ["n1",1,20]
		2020-01-25 ["n1",1,20] ["w1",1,20]
		2020-02-01T00:00:00Z ["n1",2,21] ["w1",1,21]
		2020-02-10 ["n1",2,21] ["w1",1,21]
	EOF
}

@test "blobs of a kind that nobody writes, features that are not" {
	make_pbf <<-'EOF'
		header optional=Has_Metadata program=x replication=1600000000
		blob type=OSMFoo
		n1 x20 y10 Ta=1
		blob
		n2 x20 y10 Ta=1
	EOF
	# one wrong bit of a type must not lose a block unnoticed
	check 1 osm-tags t.osm.pbf
	grep -q "'OSMFoo'" err
	check 3 osm-tags --skip-damaged t.osm.pbf
	[ "$(rec-view -q out | jq -r .id)" = n2 ]
	make_pbf <<-'EOF'
		header required=Teleport
		n1 x20 y10 Ta=1
	EOF
	check 1 osm-tags t.osm.pbf
	grep -q "blob 1, at byte 0: .*'Teleport'" err
}

@test "damage: what is before it comes out, with --skip-damaged the rest, too" {
	for damage in flip=20 flip=-3 raw-size=5 raw-size=5000 \
		raw-size=40000000 raw-size=-1 'lz4 flip=3' 'zstd flip=2' \
		'lz4 raw-size=7' 'zstd raw-size=7'; do
		make_pbf <<-EOF
			n1 x20 y10 Ta=1
			blob $damage
			n2 x20 y10 Ta=1
			w2 Nn1,n3 Thighway=path
			blob
			n3 x20 y11 Ta=1
			w3 Nn1,n3 Thighway=path
		EOF
		check 1 osm-tags t.osm.pbf
		grep -q 't.osm.pbf: blob 3, at byte 132: ' err
		[ "$(rec-view -q out 2>/dev/null | jq -r .id)" = n1 ]
		check 1 rec-view out
		check 3 osm-tags --skip-damaged t.osm.pbf
		grep -q 't.osm.pbf: blob 3, at byte 132: ' err
		[ "$(kept)" = 'n1 n3 w3' ]
	done
	# where a blob ends is lost with the next one's header
	make_pbf <<-'EOF'
		n1 x20 y10 Ta=1
		blob cut=2
		n2 x20 y10 Ta=1
		blob
		n3 x20 y10 Ta=1
	EOF
	check 1 osm-tags t.osm.pbf
	[ "$(rec-view -q out 2>/dev/null | jq -r .id)" = n1 ]
}
