# img-catalog-vector.bats - catalogues as vector files, and out of them

load lib
load raster

# lines FILTER: the catalogue in ./out as JSON through jq.
lines() {
	rec-view -q out | jq -c "$@"
}

# town NAME [OPTION…]: a small image in UTM.
town() {
	local name=$1
	shift
	tif "$name" 40 30 3 EPSG:32632 500000 5200000 2 "$@"
}

@test "a catalogue as a vector file, read again, is the same catalogue" {
	town in.tif -mo 'TIFFTAG_DATETIME=2018:07:16 10:20:30' -a_nodata 7
	tif date.tif 100 10 1 EPSG:3832 3339000 0 100
	tif local.tif 4 3 1 '+proj=tmerc +lat_0=47 +lon_0=9.1 +k=1 +ellps=GRS80' \
		100 200 2
	mkdir b
	tif b/x_1.tif 40 30 1 EPSG:32632 500000 5200000 2
	tif b/x_2.tif 40 30 1 EPSG:32632 500000 5200000 2
	tif b/x_3.tif 40 30 1 EPSG:32632 500000 5200000 2
	more=(--licence CC0 --attribution 'Ä "quoted", name' '--stretch=0,9')
	img-catalog -q "${more[@]}" in.tif date.tif local.tif -o a.rec
	img-catalog -q "${more[@]}" --date 2018 --band-pattern '_{band}.tif' \
		--bands 3,2,1 b -o b.rec
	rec-view -q a.rec | sort >want.a
	rec-view -q b.rec | sort >want.b
	[ "$(wc -l <want.a)" = 3 ]
	for format in fgb gpkg geojson; do
		check 0 img-catalog "${more[@]}" in.tif date.tif local.tif \
			-f "$format" -o "a.$format"
		[ ! -s out ]
		check 0 img-catalog "${more[@]}" --date 2018 --bands 3,2,1 \
			--band-pattern '_{band}.tif' b -f "$format" -o "b.$format"
		# no image is opened
		mv in.tif away.tif
		for n in a b; do
			check 0 img-catalog --from vector "$n.$format"
			rec-view -q out | sort | diff "want.$n" -
		done
		mv away.tif in.tif
		ogrinfo -q "a.$format" images |
			grep -q 'licence (String) = CC0'
		cp "a.$format" first
		check 0 img-catalog "${more[@]}" in.tif date.tif local.tif \
			-f "$format" -o "a.$format"
		cmp first "a.$format"
	done
	check 2 img-catalog -f fgb in.tif
	grep -q 'a vector file needs a name: -o FILE' err
	check 1 img-catalog -f fgb in.tif -o no/such/folder.fgb
}

@test "what is set aside is so with a vector file, too" {
	town in.tif
	check 3 img-catalog -f gpkg -o a.gpkg --reject rejects in.tif missing.tif
	[ "$(rec-view -q --count rejects)" = 1 ]
	[ "$(ogrinfo -q a.gpkg images | grep -c 'gsd_m (')" = 1 ]
	check 1 img-catalog -f gpkg -o b.gpkg --strict missing.tif
	[ ! -e b.gpkg ]
}

@test "an index of gdaltindex: paths beside it, or as they stand" {
	mkdir -p d/img
	town d/img/a.tif
	town b.tif
	(cd d && gdaltindex index.shp img/a.tif >/dev/null)
	gdaltindex d/here.gpkg b.tif "$PWD/d/img/a.tif" >/dev/null
	check 0 img-catalog --from vector d/index.shp d/here.gpkg
	lines -se --arg d "$PWD" 'map(.img.uri) ==
		["d/img/a.tif", "b.tif", $d + "/d/img/a.tif"]'
	# one beside it comes first
	town d/b.tif
	check 0 img-catalog --from vector d/here.gpkg
	lines -se '.[0].img.uri == "d/b.tif"'
	rm d/b.tif b.tif
	check 3 img-catalog --from vector d/here.gpkg
	grep -q "cannot open the image: cannot open 'b.tif'" err
	lines -se 'length == 1'
}

# index LINE…: index.csv with these lines.
index() {
	printf '%s\n' "$@" >index.csv
}

@test "columns: which names the image, and what they say of it" {
	town a.tif -mo 'TIFFTAG_DATETIME=2018:07:16 10:20:30'
	index uri,path,src,date,cloud_cover,license,Attribution \
		a.tif,x,my_town,2020-05,12.5,CC0,Someone \
		a.tif,x,,,,,
	check 0 img-catalog --from vector index.csv
	lines -se '.[0].img | [.src, .date, .cloud, .licence, .attribution] ==
		["my-town", "2020-05", 12.5, "CC0", "Someone"]'
	lines -se '.[1].img | [.src, .date, .cloud, .licence] ==
		["a", "2018-07-16T10:20:30", null, null]'
	# options win
	check 0 img-catalog --from vector --src T --date 2019 --licence L \
		index.csv
	lines -se 'all(.img | [.src, .date, .licence] == ["T", "2019", "L"])'
	# OGR's own type of dates
	index Name,tile,acquired 'x,a.tif,2020/05/06 10:11:12+00'
	printf '"String","String","DateTime"\n' >index.csvt
	check 0 img-catalog --from vector --location tile index.csv
	lines -e '.img.date == "2020-05-06T10:11:12Z"'
	rm index.csvt
	check 3 img-catalog --from vector index.csv
	grep -q "no column 'location' (--location) among Name, tile, acquired" err
	check 3 img-catalog --from vector --location Tiel index.csv
	grep -q "no column 'Tiel' (--location) among Name" err
	check 2 img-catalog --location tile a.tif
	grep -q -- '--location is for --from vector' err
}

@test "clouds: more than --max-cloud go by rule" {
	for name in a b c; do
		town "$name.tif"
	done
	index path,cloud a.tif,5 b.tif,90 c.tif,
	check 0 img-catalog --from vector --max-cloud 20% --reject rejects index.csv
	lines -se 'map(.img.uri) == ["a.tif", "c.tif"]'
	grep -q '1 images do not say how cloudy they are and were kept' err
	rec-view -q rejects | jq -e '.reject | .reason == "too cloudy" and
		.detail == "90 % under clouds"'
	check 0 img-catalog --from vector --max-cloud 90 index.csv
	lines -se 'length == 3'
}

@test "features that say what cannot be are set aside, the others go on" {
	town a.tif
	index path,date,cloud a.tif,yesterday, a.tif,2018,101 a.tif,2018,x \
		,2018,1 a.tif,2018,1
	check 3 img-catalog --from vector index.csv
	lines -se 'length == 1 and .[0].img.cloud == 1'
	grep -q "bad attributes: 'yesterday' is no date" err
	grep -q "bad attributes: '101' is no percentage of clouds" err
	grep -q "no location: 'index.csv': a feature has no 'path'" err
	echo text >none.shp
	check 3 img-catalog --from vector none.shp missing.gpkg index.csv
	grep -q "cannot open the index: cannot open 'none.shp'" err
	grep -q "cannot open 'missing.gpkg'" err
	# what was written, and changed by hand
	img-catalog -q -f geojson -o c.geojson a.tif
	for change in '.properties.img.gsd_m = 0' '.properties.img.x = .' \
		'.properties.img = "{"' \
		'.geometry = null' '.geometry = {type: "Point", coordinates: [1, 2]}'; do
		jq ".features[] |= ($change)" c.geojson >d.geojson
		case $change in
		*img.x*) check 0 img-catalog --from vector d.geojson ;;
		*)
			check 3 img-catalog --from vector d.geojson
			grep -q 'bad attributes' err || {
				cat err
				return 1
			}
			;;
		esac
	done
	jq '.features[].properties.date = "2011"' c.geojson >d.geojson
	check 0 img-catalog --from vector d.geojson
	lines -e '.img.date == "2011"'
}

@test "real data: an index of two NAIP scenes by gdaltindex" {
	need_testdata
	d=$SKYFILTERS_TESTDATA/imagery
	gdaltindex -t_srs EPSG:4326 index.gpkg "$d"/m_4709963*.tif >/dev/null
	check 0 img-catalog --from vector index.gpkg
	cp out want
	check 0 img-catalog "$d"/m_4709963*.tif
	rec-view -q want >a
	rec-view -q out | diff a -
}

@test "an output does not take the place of an image that a vector file names" {
	mkdir im
	town im/a.tif
	town im/b.tif
	printf 'n,location\n1,im/a.tif\n2,im/b.tif\n' >ix.csv
	cp im/b.tif kept
	check 1 img-catalog --from vector ix.csv -o im/b.tif
	grep -q "'im/b.tif' is read, too, as 'im/b.tif'" err
	check 1 img-catalog --from vector ix.csv -o new --reject im/b.tif
	[ ! -e new ]
	# nor what belongs to the vector file, nor an image that is not opened
	gdaltindex t.shp im/a.tif im/b.tif
	cp t.dbf kept.dbf
	check 1 img-catalog --from vector t.shp -o t.dbf
	cmp t.dbf kept.dbf
	img-catalog -q -f gpkg -o a.gpkg im
	check 1 img-catalog --from vector a.gpkg -o im/b.tif
	cmp im/b.tif kept
}

@test "columns that were changed win over img, options over columns" {
	town a.tif
	img-catalog -q -f geojson -o a.json a.tif
	jq '.features[].properties |= (.uri = "/new/a.tif" | .gsd_m = 0.7 |
		.src = "S" | .date = "2019" | .cloud = 3)' a.json >b.json
	check 0 img-catalog --from vector b.json
	lines -e '.img | [.uri, .gsd_m, .src, .date, .cloud] ==
		["/new/a.tif", 0.7, "S", "2019", 3]'
	# of several files the first
	jq '.features[].properties |= (.uri = "/new/a.tif" | .img |=
		(.uri = ["a.tif", "b.tif", "c.tif"] |
		.bands = [1, 1, 1]))' a.json >c.json
	check 0 img-catalog --from vector c.json
	lines -e '.img.uri == ["/new/a.tif", "b.tif", "c.tif"]'
	jq '.features[].properties.gsd_m = -1' a.json >d.json
	check 3 img-catalog --from vector d.json
	grep -q "bad attributes: '-1.*' is no pixel size" err
	for y in 91 1e300; do
		jq ".features[].geometry.coordinates[0][0][1] = $y" a.json \
			>off.json
		check 3 img-catalog --from vector off.json
		grep -q 'bad attributes: its geometry is not on the globe' err
	done
	# what an option replaces need not be good
	jq '.features[].properties.date = "yesterday"' a.json >e.json
	check 3 img-catalog --from vector e.json
	check 0 img-catalog --from vector --date 1999 e.json
	lines -e '.img.date == "1999"'
}
