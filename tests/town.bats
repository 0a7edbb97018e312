# town.bats - the made-up town: the same bytes, and a map that fits the image

load lib

# The town of no options, made once.
setup_file() {
	export D=$BATS_FILE_TMPDIR
	make_town -o "$D/d"
}

make_town() {
	"$top_builddir/examples/town/make-town" -q "$@"
}

@test "the same seed gives the same bytes, another one others" {
	make_town --size 512 -o a
	sleep 1
	make_town --size 512 -o b
	diff -r a b
	make_town --size 512 --seed 1 -o c
	for file in town.osm town.tif; do
		if cmp -s a/$file c/$file; then return 1; fi
	done
}

@test "a north-up image of 0.3 m and at least 150 buildings with roofs" {
	ln -s "$D/d" d
	gdalinfo -json d/town.tif >info
	jq -e '.size == [2048, 2048] and (.bands | length == 3) and
		.geoTransform[2] == 0 and .geoTransform[4] == 0 and
		.geoTransform[1] == -.geoTransform[5] and
		(.geoTransform[1] * 0.70711 - 0.3 | fabs) < 0.001' info >/dev/null
	grep -q 'EPSG.*3857' info
	for key in building roof:shape roof:material; do
		[ "$(grep -c "k=\"$key\"" d/town.osm)" -ge 150 ]
	done
	for tag in 'natural" v="tree' 'power" v="pole' 'leisure" v="pitch' \
		'leisure" v="swimming_pool' 'leisure" v="park' \
		'amenity" v="parking' 'natural" v="water' 'surface" v="gravel' \
		'highway" v="residential' 'sport" v="tennis'; do
		grep -q "k=\"$tag\"" d/town.osm
	done
	osmium fileinfo -e d/town.osm >osm
	grep -q 'Objects ordered.*yes' osm
	osmium check-refs --no-progress d/town.osm
}

# The picture shows what the map says: a pixel in the middle of each pool is
# blue-green, of each tiled roof red.
@test "the map fits the image" {
	ln -s "$D/d" d
	/usr/bin/python3 - d/town.osm >points <<-'EOF'
		import sys, xml.etree.ElementTree as ET
		at, root = {}, ET.parse(sys.argv[1]).getroot()
		for n in root.iter("node"):
		    at[n.get("id")] = float(n.get("lon")), float(n.get("lat"))
		for w in root.iter("way"):
		    tags = {t.get("k"): t.get("v") for t in w.iter("tag")}
		    pts = [at[n.get("ref")] for n in w.iter("nd")][:-1]
		    kind = tags.get("leisure"), tags.get("roof:material")
		    if kind[0] == "swimming_pool" or kind[1] == "roof_tiles":
		        x = sum(p[0] for p in pts) / len(pts)
		        y = sum(p[1] for p in pts) / len(pts)
		        print(f"{x:.8f} {y:.8f} {kind[0] or kind[1]}")
	EOF
	{
		echo '<Reports>'
		cut -d ' ' -f 1,2 points |
			gdallocationinfo -wgs84 -xml d/town.tif
		echo '</Reports>'
	} >values
	/usr/bin/python3 - points values <<-'EOF'
		import sys, xml.etree.ElementTree as ET
		pools = roofs = 0
		points = open(sys.argv[1]).readlines()
		reports = ET.parse(sys.argv[2]).getroot()
		assert len(points) == len(reports), (len(points), len(reports))
		for line, report in zip(points, reports):
		    kind = line.split()[2]
		    v = [int(n.text) for n in report.iter("Value")]
		    if len(v) != 3:
		        continue
		    if kind == "swimming_pool":
		        pools += 1
		        assert v[2] > v[0] + 40, (line, v)
		    else:
		        roofs += 1
		        assert v[0] > v[2] + 15, (line, v)
		assert pools > 5 and roofs > 40, (pools, roofs)
	EOF
}
