# osm-shapes.bats - osm-tags on objects and blocks that are not as they should
# be: what has no shape, no place, or lists that do not fit together.

load lib

# osm LINE…: an OSM file of these elements and a few nodes, in ./in.osm
osm() {
	cat >in.osm <<EOF
<osm version="0.6">
<node id="1" lat="10" lon="20"/><node id="2" lat="10.0001" lon="20.0001"/>
<node id="3" lat="10.0003" lon="20.0003"/><node id="4" lat="10.0003" lon="20"/>
<node id="5" lat="10" lon="20"/><node id="6" lat="10" lon="200"/>
$(printf '%s\n' "$@")
</osm>
EOF
}

# way ID KEY=VALUE REF…
way() {
	local id=$1 tag=$2 ref
	shift 2
	printf '<way id="%s">' "$id"
	for ref; do printf '<nd ref="%s"/>' "$ref"; done
	printf '<tag k="%s" v="%s"/></way>\n' "${tag%%=*}" "${tag#*=}"
}

kept() {
	rec-view -q out | jq -r .id | paste -sd ' '
}

reasons() {
	rec-view -q rejects | jq -r '[.id, .reject.reason] | @csv' | tr -d '"'
}

@test "ways that enclose nothing, have no length or too few nodes" {
	osm "$(way 1 building=yes 1 2 3 1)" "$(way 2 building=yes 1 2 1)" \
		"$(way 3 building=yes 1 1 1 1)" "$(way 4 highway=path 1 5)" \
		"$(way 5 highway=path 1 1)" "$(way 6 highway=path 1)" \
		"$(way 7 highway=path 1 2 1)" "$(way 8 building=yes 1 2 4 1)"
	check 0 osm-tags --reject rejects in.osm
	[ "$(kept)" = 'w7 a8' ]
	[ "$(reasons | cut -d , -f 1 | paste -sd ' ')" = 'a1 a2 a3 w4 w5 w6' ]
	reasons | grep -qx 'a1,encloses nothing'
	reasons | grep -qx 'w4,no length'
}

@test "a road that emergency vehicles may use is no area" {
	osm "$(way 1 highway=service 1 2 4 1 |
		sed 's|</way>|<tag k="emergency" v="yes"/></way>|')" \
		"$(way 2 emergency=landing_site 1 2 4 1)" \
		"$(way 3 indoor=yes 1 2 4 1)" "$(way 4 indoor=room 1 2 4 1)"
	check 0 osm-tags in.osm
	[ "$(kept)" = 'w1 a2 w3 a4' ]
}

@test "a key that stands twice is a tag once" {
	osm "$(way 1 highway=path 1 2 |
		sed 's|</way>|<tag k="highway" v="road"/></way>|')"
	check 0 osm-tags in.osm
	rec-view -q out | grep -q '"tags":{"highway":"path"}'
	# also where there are many
	osm "$(way 1 highway=path 1 2 | sed "s|</way>|$(
		for i in $(seq 40) 7; do
			printf '<tag k="k%s" v="x"/>' "$i"
		done)</way>|")"
	check 0 osm-tags in.osm
	[ "$(rec-view -q out | grep -o '"k7":' | wc -l)" = 1 ]
	[ "$(rec-view -q out | jq '.tags | length')" = 41 ]
}

@test "a node off the globe is a fault, and a way through it misses it" {
	osm '<node id="7" lat="10" lon="200"><tag k="natural" v="tree"/></node>' \
		'<node id="8" lat="10" lon="20"><tag k="natural" v="tree"/></node>' \
		"$(way 1 highway=path 1 6)" "$(way 2 highway=path 1 2)"
	check 3 osm-tags --reject rejects in.osm
	[ "$(kept)" = 'n8 w2' ]
	[ "$(reasons | paste -sd ' ')" = 'n7,bad position w1,missing nodes' ]
}

@test "the header names each file with its size" {
	osm "$(way 1 highway=path 1 2)"
	check 0 osm-tags in.osm
	rec-view -q --headers heads out >/dev/null
	jq -e --argjson size "$(stat -c %s in.osm)" '.inputs[-1] ==
		{name: "in.osm", bytes: $size,
			attribution: "© OpenStreetMap contributors"}' heads
}

@test "lists of a block that do not fit together are damage" {
	/usr/bin/python3 "$top_srcdir/tests/pbf-lists.py"
	for good in good no-versions two-keys versions-long; do
		check 0 osm-tags "$good.osm.pbf"
		[ "$(kept)" = n1 ]
	done
	for bad in tags-short tags-long ids-twice id-no-list \
		granularity; do
		check 1 osm-tags "$bad.osm.pbf"
		grep -q "$bad.osm.pbf: blob 2, at byte 57: " err
		check 1 rec-view --count out
	done
	check 3 osm-tags off-globe.osm.pbf
	grep -q 'n1.*bad position' err
}
