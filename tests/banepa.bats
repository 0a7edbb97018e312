# banepa.bats - the main job on real input: 1,466 buildings of OpenStreetMap
# under an OpenAerialMap mosaic, as the README runs it.

load lib

setup_file() {
	[ -n "${SKYFILTERS_TESTDATA:-}" ] || return 0
	export D=$BATS_FILE_TMPDIR B=$SKYFILTERS_TESTDATA/pairs/banepa
	cd "$D" || return 1
	"$top_builddir/examples/model-random/make-model" -q -o model
	img-catalog -q --src banepa "$B/banepa_oam_z19.tif" >catalog.rec
	run_all first
}

# The README's pipeline into the folder $1, with the options $2… for each tool
# that takes threads.
run_all() {
	local to=$1
	shift
	mkdir "$to"
	osm-tags --geometry "$B/buildings.osm.pbf" 2>"$to/log" |
		ground-filter "$@" |
		geojoin --images catalog.rec --reject "$to/join.rec" "$@" |
		tile-fetch "$@" | caption "$@" |
		clip-embed -m model --image --text title "$@" |
		tee "$to/scored.rec" |
		ground-filter --top 50% --reject "$to/below.rec" "$@" |
		pair-pack -o "$to/shards"
}

count() {
	rec-view -q --count "$1"
}

@test "1,464 buildings are scored, two are too small, 732 are packed" {
	need_testdata
	cd "$D"
	grep -q '^osm-tags: 1466 records out' first/log
	[ "$(count first/scored.rec)" -eq 1464 ]
	[ "$(rec-view -q first/join.rec | jq -r .reject.reason | uniq -c |
		tr -s ' ')" = ' 2 too small' ]
	[ "$(rec-view -q first/below.rec | jq -r .reject.reason | uniq -c |
		tr -s ' ')" = ' 732 below top' ]
	[ "$(tar tf first/shards/shard-000000.tar | grep -c '\.jpg$')" -eq 732 ]
	rec-view -q first/scored.rec |
		jq -se 'all(.sim > -1 and .sim < 1 and .valid == 1)' >/dev/null
}

@test "the kept pairs score at least as high as those set aside" {
	need_testdata
	cd "$D"
	tar xOf first/shards/shard-000000.tar --wildcards '*.json' |
		jq -s 'map(.sim) | min' >least
	rec-view -q first/below.rec | jq -s 'map(.sim) | max' >most
	jq -ne --slurpfile a least --slurpfile b most '$a[0] >= $b[0]'
}

@test "every caption is the one that the tags of the file give" {
	need_testdata
	cd "$D"
	osmium cat -f opl "$B/buildings.osm.pbf" |
		/usr/bin/python3 "$top_srcdir/tests/opl-tags.py" |
		/usr/bin/python3 "$top_srcdir/tests/captions.py" 0.13236 |
		sed 's/^w/a/' | sort >want
	[ "$(wc -l <want)" -eq 1466 ]
	rec-view -q first/scored.rec | jq -r '[.id, .title] | @tsv' |
		sort >have
	[ "$(wc -l <have)" -eq 1464 ]
	# those two that are too small have none
	[ "$(comm -13 want have | wc -l)" -eq 0 ]
	# 489 buildings have these three values, one of them is too small
	for file in scored join; do
		rec-view -q "first/$file.rec" | jq -r '.tags | [.building,
			.["roof:material"], .["roof:shape"]] | join(" ")' |
			grep -cx 'yes tin flat'
	done >tin
	[ "$(paste -sd ' ' tin)" = '488 1' ]
}

@test "the same bytes twice, and at one and two threads" {
	need_testdata
	cd "$D"
	run_all one -@ 1
	run_all two -@ 2
	for file in scored.rec below.rec join.rec shards/shard-000000.tar \
		shards/provenance.json; do
		cmp "first/$file" "one/$file"
		cmp "first/$file" "two/$file"
	done
}

@test "zsclassify runs on the scored records" {
	need_testdata
	cd "$D"
	printf 'house\nswimming pool\nforest\n' >classes.txt
	check 0 zsclassify -m model --classes classes.txt <first/scored.rec
	mv out classified.rec
	[ "$(rec-view -q classified.rec | jq -s 'map(select(.pred | length == 3)) |
		length')" -eq 1464 ]
}
