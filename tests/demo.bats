# demo.bats - the whole pipeline, through the demo script

load lib

demo() {
	"$top_srcdir/examples/demo" "$@"
}

count() {
	rec-view -q --count "$1"
}

@test "the demo packs the better half of the made-up town's pairs" {
	check 0 demo
	scored=$(count demo-out/scored.rec)
	[ "$scored" -ge 300 ]
	packed=$(cat demo-out/shards/shard-*.tar | tar t -i | grep -c '\.txt$')
	[ "$packed" -eq $(((scored + 1) / 2)) ]
	[ "$(count demo-out/rejects/top.rec)" -eq $((scored - packed)) ]
	[ "$(count demo-out/classified.rec)" -eq "$scored" ]
	[ "$(wc -l <demo-out/cells/names)" -gt 1 ]
	[ "$(cat demo-out/splits/*.rec demo-out/rejects/splits.rec |
		rec-view -q --count)" -eq "$scored" ]
	[ "$(rec-view -q demo-out/splits/00000.rec | jq -r .split |
		sort -u)" = train ]
	for tool in img-catalog osm-tags ground-filter rec-split geojoin \
		tile-fetch caption clip-embed pair-pack zsclassify; do
		grep -qE "^  $tool: .*[0-9]+ (records )?out" out
	done
	grep '^  demo-out/pairs/.*\.jpg$' out >chips
	[ "$(wc -l <chips)" -eq 3 ]
	while read -r chip; do
		[ -s "$chip" ]
	done <chips
	grep -q 'Every stream is whole' out
	grep -q '^  tag keys: ' out
	[ "$(jq '.features | length' demo-out/scored.geojson)" -eq "$scored" ]
	grep -q 'weights are random' out
	# a second run does not mix with the first
	check 1 demo
	grep -q "'demo-out' is there already" err
}

@test "a stage that fails is shown" {
	echo 'no osm file' >bad.osm
	"$top_builddir/examples/town/make-town" -q --size 512 -o town
	check 1 demo town/town.tif bad.osm
	grep -q '^  osm-tags: ' out
	[ ! -e demo-out/shards/shard-000000.tar ]
	check 2 demo one-word
}

@test "the real pair of Banepa: 1,466 buildings, 1,464 pairs, 732 packed" {
	need_testdata
	dir=$SKYFILTERS_TESTDATA/pairs/banepa
	check 0 demo "$dir/banepa_oam_z19.tif" "$dir/buildings.osm.pbf"
	grep -q '^  osm-tags: 1466 records out' out
	[ "$(count demo-out/scored.rec)" -eq 1464 ]
	[ "$(count demo-out/rejects/geojoin.rec)" -eq 2 ]
	[ "$(count demo-out/rejects/top.rec)" -eq 732 ]
	[ "$(tar tf demo-out/shards/shard-000000.tar | grep -c '\.jpg$')" -eq 732 ]
	rec-view -q demo-out/rejects/geojoin.rec |
		jq -e '.reject.reason == "too small"' >/dev/null
}
