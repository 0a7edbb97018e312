# osm-history.bats - history files: the state at a time, and every version.

load lib

# pbf NAME: the text on stdin as a PBF file
pbf() {
	python3 "$top_srcdir/tests/osm-pbf.py" >"$1"
}

history() {
	/usr/bin/python3 "$top_srcdir/tests/osm-history.py" "$@"
}

# A way of two nodes: one moves, is deleted and comes back where it was; the
# other has a tag for a while. The way gets a tag, and is deleted at last.
street() {
	pbf street.osh.pbf <<-'EOF'
		header sorted history
		n1 v1 dV t1970-01-01T00:00:10Z x1 y1
		n1 v2 dV t1970-01-01T00:00:30Z x2 y1
		n1 v3 dD t1970-01-01T00:00:50Z
		n1 v4 dV t1970-01-01T00:01:00Z x2 y1
		n2 v1 dV t1970-01-01T00:00:10Z x1 y2
		n2 v2 dV t1970-01-01T00:00:25Z Tbarrier=gate x1 y2
		n2 v3 dV t1970-01-01T00:00:35Z x1 y2
		w1 v1 dV t1970-01-01T00:00:20Z Thighway=path Nn1,n2
		w1 v2 dV t1970-01-01T00:00:40Z Thighway=path,name=A Nn1,n2
		w1 v3 dD t1970-01-01T00:01:10Z
	EOF
}

@test "--versions: a record for each state, with when it was so" {
	street
	check 0 osm-tags -q --geometry --versions --reject rejects street.osh.pbf
	[ "$(rec-view -q out | jq -c '[.id, .ver, .bbox[0], .bbox[2], .ts, .valid_from, .valid_to]')" = \
		'["n2",2,1,1,25,25,35]
["w1",1,1,1,20,20,30]
["w1",1,1,2,20,30,40]
["w1",2,1,2,40,40,50]
["w1",2,1,2,40,60,70]' ]
	[ "$(rec-view -q out | sed -n 2p | jq -c keys_unsorted)" = \
		'["id","tags","lon","lat","bbox","len_m","geom","ver","ts","valid_from","valid_to"]' ]
	[ "$(rec-view -q rejects | jq -c)" = '{"id":"w1","tags":{"highway":"path","name":"A"},"ver":2,"ts":40,"valid_from":50,"valid_to":60,"reject":{"tool":"osm-tags","reason":"missing nodes","detail":"1 of 2, the first is node 1"}}' ]
}

@test "--at: the last version of each object, if it is not deleted" {
	street
	while read -r at want; do
		check 0 osm-tags -q --at "1970-01-01T00:$at"Z street.osh.pbf
		[ "$(rec-view -q out | jq -c '[.id, .ver, .bbox[2]]' |
			paste -sd ' ')" = "$want" ]
	done <<-'EOF'
		00:19
		00:20 ["w1",1,1]
		00:24 ["w1",1,1]
		00:25 ["n2",2,1] ["w1",1,1]
		00:34 ["n2",2,1] ["w1",1,2]
		00:35 ["w1",1,2]
		00:49 ["w1",2,2]
		00:50
		01:00 ["w1",2,2]
		01:09 ["w1",2,2]
		01:10
	EOF
	check 0 osm-tags -q --at 1970-01-02 street.osh.pbf
	[ "$(rec-view --count out)" = 0 ]
	rec-view -q --headers heads out
	jq -es '.[0].args == ["at=1970-01-02"]' heads
}

@test "what still is so has no valid_to; tables know both times as numbers" {
	pbf tree.osh.pbf <<-'EOF'
		header history
		n1 v1 dV t2020-01-01T00:00:00Z Tnatural=tree x1 y1
		n1 v2 dV t2021-01-01T00:00:00Z Tnatural=shrub x1 y1
	EOF
	check 0 osm-tags -q --versions tree.osh.pbf
	[ "$(rec-view -q out | jq -c '[.ver, .valid_from, .valid_to]')" = \
		'[1,1577836800,1609459200]
[2,1609459200,null]' ]
	rec-view -q out | jq -c 'del(.tags, .bbox)' >want
	rec-view -q --format csv -o table.csv out
	check 0 rec-make -q table.csv
	rec-view -q out | jq -c . | cmp - want
}

@test "versions of one object in many blobs, dense and plain, in other units" {
	street
	check 0 osm-tags -q --versions street.osh.pbf
	rec-view -q out >want
	cp street.osh.pbf one.osh.pbf
	for words in '' plain 'plain dates=5000' 'dates=2500 raw'; do
		pbf() {
			sed "2,\$s/^/blob $words\n/" |
				python3 "$top_srcdir/tests/osm-pbf.py" >"$1"
		}
		street
		if cmp -s street.osh.pbf one.osh.pbf; then return 1; fi
		for threads in 1 3; do
			check 0 osm-tags -q --versions --threads $threads \
				street.osh.pbf
			rec-view -q out | cmp - want
		done
		check 0 osm-tags -q --at 1970-01-01T00:00:34Z street.osh.pbf
		[ "$(rec-view -q out | jq -r .id | paste -sd ' ')" = 'n2 w1' ]
	done
}

@test "when timestamps go back, the later version counts from then on" {
	pbf back.osh.pbf <<-'EOF'
		header history
		n1 v1 dV t1970-01-01T00:00:10Z Ta=1 x1 y1
		n1 v2 dV t1970-01-01T00:00:50Z Ta=2 x1 y1
		blob
		n1 v3 dV t1970-01-01T00:00:50Z Ta=3 x1 y1
		blob
		n1 v4 dV t1970-01-01T00:00:30Z Ta=4 x1 y1
		n1 v5 dV t1970-01-01T00:01:00Z Ta=5 x1 y1
	EOF
	check 0 osm-tags -q --versions back.osh.pbf
	[ "$(rec-view -q out | jq -c '[.ver, .valid_from, .valid_to]' |
		paste -sd ' ')" = '[1,10,30] [4,30,60] [5,60,null]' ]
	check 0 osm-tags -q --at 1970-01-01T00:00:55Z back.osh.pbf
	[ "$(rec-view -q out | jq .ver)" = 4 ]
}

@test "a relation follows its ways and their nodes" {
	pbf area.osh.pbf <<-'EOF'
		header history
		n1 v1 dV t1970-01-01T00:00:10Z x0 y0
		n2 v1 dV t1970-01-01T00:00:10Z x1 y0
		n3 v1 dV t1970-01-01T00:00:10Z x1 y1
		n3 v2 dV t1970-01-01T00:00:40Z x1 y2
		n4 v1 dV t1970-01-01T00:00:10Z x0 y1
		n5 v1 dV t1970-01-01T00:00:10Z Tplace=town x3 y3
		n5 v2 dV t1970-01-01T00:01:20Z Tplace=town x4 y3
		w1 v1 dV t1970-01-01T00:00:10Z Nn1,n2,n3
		w1 v2 dV t1970-01-01T00:00:30Z Ta=b Nn1,n2,n3
		w2 v1 dV t1970-01-01T00:00:10Z Nn3,n1
		w2 v2 dV t1970-01-01T00:00:50Z Nn3,n4,n1
		w2 v3 dD t1970-01-01T00:01:00Z
		r1 v1 dV t1970-01-01T00:00:20Z Ttype=multipolygon,landuse=grass Mw1@,w2@
		r1 v2 dV t1970-01-01T00:01:10Z Ttype=site,name=x Mn5@
	EOF
	check 0 osm-tags -q --versions --relations --where r/type \
		--reject rejects area.osh.pbf
	[ "$(rec-view -q out | jq -c '[.id, .ver, .bbox[3], .valid_from, .valid_to]')" = \
		'["r1",1,1,20,40]
["r1",1,2,40,50]
["r1",1,2,50,60]
["r1",2,3,70,80]
["r1",2,3,80,null]' ]
	[ "$(rec-view -q rejects |
		jq -c '[.id, .ver, .valid_from, .valid_to, .reject.detail]')" = \
		'["r1",1,60,70,"1 of 2, the first is way 2"]' ]
}

@test "a way that is a line and an area: each has its own times" {
	pbf both.osh.pbf <<-'EOF'
		header history
		n1 v1 dV t1970-01-01T00:00:10Z x0 y0
		n2 v1 dV t1970-01-01T00:00:10Z x1 y0
		n3 v1 dV t1970-01-01T00:00:10Z x1 y1
		n4 v1 dV t1970-01-01T00:00:10Z x0 y1
		n4 v2 dV t1970-01-01T00:00:20Z x0 y2
		w1 v1 dV t1970-01-01T00:00:10Z Tbarrier=fence,leisure=pitch Nn1,n2,n3,n4,n1
	EOF
	check 0 osm-tags -q --versions --where 'area_m2>13000000000' \
		--where 'len_m<500000' both.osh.pbf
	[ "$(rec-view -q out |
		jq -c '[.id, .bbox[3], .valid_from, .valid_to]')" = \
		'["w1",1,10,20]
["a1",2,20,null]' ]
	check 0 osm-tags -q --versions both.osh.pbf
	[ "$(rec-view -q out | jq -c '[.id, .valid_from, .valid_to]' |
		paste -sd ' ')" = \
		'["w1",10,20] ["a1",10,20] ["w1",20,null] ["a1",20,null]' ]
}

@test "at every moment --versions says what --at says, of any history" {
	# 4: one blob; 5, 6 and 7: many
	for seed in 5 6 7 4; do
		history make $seed | pbf h.osh.pbf
		history check h.osh.pbf 0 --all --relations --geometry
	done
	history check h.osh.pbf 0 --keep-broken --where 'w/highway' \
		--where 'area_m2>0' --bbox 0,0,2,2
}

@test "--at is osmium time-filter" {
	command -v osmium || skip 'osmium is not installed'
	for seed in 2 4 6; do
		history make $seed | pbf h.osh.pbf
		for minute in 10 25 40 59; do
			osmium time-filter --no-progress -O -o h.osm.pbf \
				h.osh.pbf "1970-01-01T05:$minute:00Z"
			check 0 osm-tags -q --all --relations h.osm.pbf
			rec-view -q out >want
			check 0 osm-tags -q --all --relations \
				--at "1970-01-01T05:$minute:00Z" h.osh.pbf
			rec-view -q out | cmp - want
		done
		[ -s want ]
	done
}

@test "the Faroe Islands: --at is osmium time-filter, --versions is --at" {
	need_testdata
	file=$SKYFILTERS_TESTDATA/osm/faroe-islands.osh.pbf
	for date in 2007-07-01 2009-05-04 2012-12-31 2015-02-03 2020-01-01; do
		osmium time-filter --no-progress -O -o f.osm.pbf "$file" \
			${date}T00:00:00Z
		check 0 osm-tags -q --all --relations --geometry \
			--reject rejects f.osm.pbf
		rec-view -q out >want
		rec-view -q rejects >>want
		check 0 osm-tags -q --all --relations --geometry \
			--reject rejects --at $date "$file"
		{ rec-view -q out; rec-view -q rejects; } | cmp - want
	done
	history check "$file" 10 --all --relations
}

@test "a history file wants to be asked how, and others do not" {
	street
	check 1 osm-tags street.osh.pbf
	grep -q 'street.osh.pbf: it is a history file: give --at DATE or --versions, or use .osmium time-filter' err
	pbf plain.osm.pbf <<<'n1 Ta=b x1 y1'
	for words in '--at 2020-01-01' --versions; do
		# shellcheck disable=SC2086 # words
		check 1 osm-tags $words plain.osm.pbf
		grep -q 'plain.osm.pbf: it is no history file' err
	done
	for date in 2020 2020-02-30 2020-02-20T24:00:00Z 2020-02-20T10:00:00 x; do
		check 2 osm-tags --at "$date" street.osh.pbf
		grep -q -- "--at takes .*, not '$date'" err
	done
	check 2 osm-tags --at 2020-01-01 --versions street.osh.pbf
	grep -q -- '--versions and --at exclude each other' err
	check 2 osm-tags --node-store mem --versions street.osh.pbf
	grep -q -- '--versions and --node-store exclude each other' err
}

@test "a history file that is not sorted says what to do" {
	for lines in 'n2 v1|n1 v1' 'n1 v2|n1 v1' 'n1 v1|n1 v1' 'w1 v1|n1 v1' \
		'n1 v1|n-1 v1' 'n-2 v1|n-1 v1'; do
		for blob in '' blob; do
			printf 'header history\n%s\n%s\n%s\n' "${lines%|*}" \
				"$blob" "${lines#*|}" | pbf wrong.osh.pbf
			check 1 osm-tags --versions wrong.osh.pbf
			grep -Eq 'wrong.osh.pbf: blob [23], at byte .*version 1 of object -?[12] .*osmium sort' err
		done
	done
	# as osmium sorts
	printf '%s\n' 'header history' 'n-1 v1 Ta=b' 'n-1 v2 Ta=b' 'n-2 Ta=b' \
		'n1 Ta=b' 'w-7 Ta=b' | pbf right.osh.pbf
	check 0 osm-tags -q --at 1970-01-01 right.osh.pbf
	[ "$(rec-view -q out | jq -r .id | paste -sd ' ')" = 'n-1 n-2 n1' ]
}

@test "a damaged blob of a history file: before it, and around it" {
	pbf bad.osh.pbf <<-'EOF'
		header history
		n1 v1 dV t1970-01-01T00:00:10Z Ta=b x1 y1
		blob flip=-9
		n1 v2 dV t1970-01-01T00:00:20Z Ta=b x1 y1
		blob
		n1 v3 dV t1970-01-01T00:00:30Z Ta=b x1 y1
	EOF
	check 1 osm-tags --versions bad.osh.pbf
	grep -q 'bad.osh.pbf: blob 3, at byte' err
	check 3 osm-tags --versions --skip-damaged bad.osh.pbf
	[ "$(rec-view -q out | jq -c '[.ver, .valid_from, .valid_to]' |
		paste -sd ' ')" = '[1,10,30] [3,30,null]' ]
}
