# osm-extracts.bats - osm-tags against osmium on every real extract: ids, tags,
# geometries, bounds, sizes and counts; what may differ is in osm-extracts.py.

load lib

setup_file() {
	command -v osmium >/dev/null || skip "osmium is not installed"
}

compare() {
	/usr/bin/python3 "$top_srcdir/tests/osm-extracts.py" "$@"
}

extracts() {
	local file
	for file in "$SKYFILTERS_TESTDATA"/osm/*.osm* \
		"$SKYFILTERS_TESTDATA"/pairs/banepa/buildings.osm.pbf; do
		[[ $file == *.osh.* ]] || echo "$file"
	done
}

# all FILE [OPTION…]: lines of all records to ./lines, of the rejects to ./aside
all() {
	check 0 osm-tags -q --all --geometry --reject rejects "$@"
	rec-view -q out >lines
	rec-view -q rejects >aside
}

# osmium_export FILE: by the same rules, to ./export; it wants objects in order
osmium_export() {
	osm-tags --print-area-rules --format osmium >rules.json
	osmium sort --no-progress -O -o sorted.osm.pbf "$1"
	osmium export --no-progress -c rules.json -u type_id -f geojsonseq \
		-x print_record_separator=false -O -o export sorted.osm.pbf \
		2>/dev/null
}

@test "what comes out is what osmium export makes by the same rules" {
	need_testdata
	for file in $(extracts); do
		all "$file"
		osmium_export "$file"
		compare export lines aside export >differences || {
			echo "$file:"
			cat differences
			return 1
		}
		head -n 1 differences >>all
	done
	[ "$(wc -l <all)" -ge 12 ]
	# none of them passed for want of objects
	jq -se 'def sum(k): map(.[k] // 0) | add;
		sum("n") > 40000 and sum("w") > 40000 and sum("a") > 60000 and
		sum("r") > 700 and sum("invalid") < 100' all
}

@test "with --relations every tag is counted as osmium tags-count does" {
	need_testdata
	for file in $(extracts); do
		all "$file" --relations
		osmium tags-count "$file" '*=*' | sort >want
		compare tags lines aside | sort >got
		[ -s want ]
		diff want got || {
			echo "$file"
			return 1
		}
	done
}

@test "objects and their first and last timestamps are those of fileinfo -e" {
	need_testdata
	for file in $(extracts); do
		case $file in */banepa/*) continue ;; esac # fileinfo -e fails
		all "$file" --relations
		osmium tags-filter -R --no-progress -O -o tagged.osm.pbf "$file" \
			'nwr/*'
		osmium fileinfo --no-progress -ej tagged.osm.pbf | jq -r '.data |
			[.count.nodes, .count.ways, .count.relations,
			(.timestamp.first, .timestamp.last |
				if . == "" or . == null then 0 else fromdate end |
				if . < 2 then 0 else . end)] | # for: none has one
			join(" ")' >want
		compare counts lines aside | diff want - || {
			echo "$file"
			return 1
		}
	done
}

@test "XML and PBF of the same objects give the same records, in any order" {
	need_testdata
	all "$SKYFILTERS_TESTDATA/osm/beatty.osm"
	mv lines want
	osmium cat -o beatty.osm.pbf "$SKYFILTERS_TESTDATA/osm/beatty.osm"
	all beatty.osm.pbf
	cmp want lines
	file=$SKYFILTERS_TESTDATA/osm/monaco-quackosm.osm.pbf
	all "$file"
	sort lines >want
	osmium cat -f opl "$file" | tac | osmium cat -F opl -o reversed.osm.pbf -
	all reversed.osm.pbf
	sort lines | cmp want -
}

@test "LZ4, Zstandard, plain nodes, places in ways: the same records" {
	need_testdata
	base=$SKYFILTERS_TESTDATA/osm/monaco-planetiler
	all "$base.osm.pbf"
	cp lines want
	all "$base.lz4.osm.pbf"
	cmp want lines
	osmium cat -f opl "$base.osm.pbf" >./objects
	for blob in zstd lz4 'zlib plain'; do
		awk -v blob="blob $blob" 'NR % 8000 == 1 { print blob }
			{ print }' objects |
			/usr/bin/python3 "$top_srcdir/tests/osm-pbf.py" >t.osm.pbf
		all t.osm.pbf
		cmp want lines
	done
	osmium add-locations-to-ways --no-progress -o t2.osm.pbf \
		"$base.osm.pbf"
	all t2.osm.pbf
	cmp want lines
}

@test "a history file's state of a day is that of osmium time-filter" {
	need_testdata
	file=$SKYFILTERS_TESTDATA/osm/faroe-islands.osh.pbf
	for day in 2010-01-01T00:00:00Z 2016-06-01T12:00:00Z; do
		osmium time-filter --no-progress -O -o day.osm.pbf "$file" $day
		all day.osm.pbf
		cp lines want
		[ "$(wc -l <want)" -gt 1000 ]
		all --at $day "$file"
		cmp want lines
	done
}
