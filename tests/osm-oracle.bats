# osm-oracle.bats - osm-tags against osmium, on real files.

load lib

setup_file() {
	command -v osmium >/dev/null || skip "osmium is not installed"
}

# The tags by id that osmium prints of FILE.
osmium_tags() {
	osmium cat -f opl "$1" | /usr/bin/python3 "$top_srcdir/tests/opl-tags.py" |
		jq -cS . | sort
}

# The same of records: areas named as the ways they are, which may be two.
record_tags() {
	cat "$@" | jq -cS '{id: (.id | sub("^a"; "w")), tags}' | sort -u
}

# convert FILE: lines of the records to ./lines, of the rejects to ./aside
convert() {
	check 0 osm-tags -q --all --relations --geometry --reject rejects "$1"
	rec-view -q out >lines
	rec-view -q rejects >aside
}

@test "ids and tags are those of osmium cat" {
	need_testdata
	for file in "$SKYFILTERS_TESTDATA"/osm/*.osm.pbf \
		"$SKYFILTERS_TESTDATA"/osm/beatty.osm \
		"$SKYFILTERS_TESTDATA"/pairs/banepa/buildings.osm.pbf; do
		convert "$file"
		osmium_tags "$file" >want
		[ -s want ]
		record_tags lines aside | cmp - want
	done
	[ "$(wc -l <lines)" = 1466 ]
	[ ! -s aside ]
}

@test "XML and PBF of the same objects give the same records" {
	need_testdata
	osmium cat -o beatty.osm.pbf "$SKYFILTERS_TESTDATA/osm/beatty.osm"
	convert beatty.osm.pbf
	mv lines pbf
	convert "$SKYFILTERS_TESTDATA/osm/beatty.osm"
	cmp lines pbf
}

@test "geometries are those of osmium export" {
	need_testdata
	file=$SKYFILTERS_TESTDATA/osm/lauf.osm.pbf
	convert "$file"
	osmium export --no-progress -u type_id -f geojsonseq -x print_record_separator=false \
		-o export.jsonl "$file" 2>/dev/null
	/usr/bin/python3 "$top_srcdir/tests/osm-geometry.py" lines export.jsonl
}

@test "objects in any order give the same records" {
	need_testdata
	osmium cat -f opl "$SKYFILTERS_TESTDATA/osm/monaco-quackosm.osm.pbf" >./opl
	tac opl | osmium cat -F opl -o reversed.osm.pbf -
	convert reversed.osm.pbf
	sort lines >want
	sort aside >want-aside
	convert "$SKYFILTERS_TESTDATA/osm/monaco-quackosm.osm.pbf"
	sort lines | cmp - want
	sort aside | cmp - want-aside
}
