# geojoin.bats - the image, the window and the surroundings of an object.

load lib
load raster
load join

@test "an area's window is its bbox, rounded outward" {
	image one 0.5 2000 1000 >images
	# its lower right part is cut off: the bbox still is 130.5 x 120.25
	object a1 '{"building":"yes"}' \
		"$(wkb 3 500.25,300.5 630.75,300.5 500.25,420.75 500.25,300.5)" \
		'{"ver":7}' >objects
	join 0 --shift 0
	[ "$(jq -c keys_unsorted samples)" = \
		'["id","tags","ver","key","img","win","box","px","near"]' ]
	is .key '"a1_one"'
	is .win '[500,300,131,121]'
	is .px '[131,121]'
	is .near '[]'
	is '.box | map(. * 100000 | round)' '[1000500,4999579,1000631,4999700]'
	is .img "$(jq -c .img images)"
	[ ! -s rejects ]
	join 0 --shift 0 --keep-geom
	is .geom "$(jq -c .geom objects)"
}

@test "short sides grow about the centre; small and large areas are set aside" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 700 30 150
		house a2 500 700 23 23
		house a3 500 700 24 10
		house a4 500 700 1000 200
		house a5 500 700 200 1001
		house a6 30 700 50 50
		house a7 5000 700 50 50
	} >objects
	join 0 --shift 0
	[ "$(jq -c '[.id, .win]' samples)" = '["a1",[465,700,100,150]]
["a3",[462,655,100,100]]
["a4",[500,700,1000,200]]
["a6",[5,675,100,100]]' ]
	[ "$(cat rejects)" = 'a2 too small
a5 too large
a7 no image' ]
	grep -q '7 records in, 4 out, 3 set aside' err
	join 0 --shift 0 --px 10,150 --min-object 25
	[ "$(jq -c '[.id, .win]' samples)" = '["a1",[500,700,30,150]]
["a6",[30,700,50,50]]' ]
	[ "$(cat rejects)" = 'a2 too small
a3 too small
a4 too large
a5 too large
a7 no image' ]
}

@test "a window that leaves the image rules it out" {
	image one 0.5 1000 1000 >images
	{
		house a1 20 500 40 40
		house a2 30 500 40 40
		house a3 930 930 40 40
		house a4 931 900 40 40
		dot n1 111 500
		dot n2 112 500
		dot n3 888 888
		dot n4 889 888
	} >objects
	join 0 --shift 0
	[ "$(jq -c '[.id, .win]' samples)" = '["a2",[0,470,100,100]]
["a3",[900,900,100,100]]
["n2",[0,388,224,224]]
["n3",[776,776,224,224]]' ]
	[ "$(sort rejects)" = 'a1 window leaves image
a4 window leaves image
n1 window leaves image
n4 window leaves image' ]
}

@test "the finest image that holds the window; the catalogue's order decides ties" {
	{
		image coarse 1 4000 4000 9.99 50.01
		image fine 0.5 1000 1000
		image fine-too 0.5 1000 1000
	} >images
	{
		house a1 500 500 120 120
		house a2 950 500 120 120
		dot n1 500 500
	} >objects
	join 0 --shift 0
	[ "$(jq -r .key samples)" = 'a1_fine
a2_coarse
n1_fine' ]
	is .img.uri '"fine.tif"'
}

@test "an image must show a tag; tags that it does not show leave" {
	{
		image aerial 0.2002 1000 1000
		image satellite 10.004 3000 3000
	} >images
	gsd='{"tag_gsd_m":{"natural":10.0,"leaf_type":0.2,"genus":0.1}}'
	tags='{"natural":"wood","leaf_type":"broadleaved","genus":"acer"}'
	{
		dot n1 500 500 "$tags" "$gsd"
		dot n2 2000 2000 "$tags" "$gsd"
		dot n3 2000 2000 '{"genus":"acer"}' '{"tag_gsd_m":{"genus":0.1}}'
		dot n4 500 500 '{"a":"b","c":"d"}'
		dot n5 2000 2000 '{}' '{"tag_gsd_m":{}}'
		dot n6 2000 2000 '{"a":"b"}' '{"tag_gsd_m":{}}'
	} >objects
	join 0 --shift 0
	[ "$(jq -c '[.id, .img.src, .tags, .tag_gsd_m]' samples)" = \
		'["n1","aerial",{"natural":"wood","leaf_type":"broadleaved"},{"natural":10,"leaf_type":0.2}]
["n2","satellite",{"natural":"wood"},{"natural":10}]
["n4","aerial",{"a":"b","c":"d"},null]
["n5","satellite",{},{}]' ]
	[ "$(cat rejects)" = 'n3 no visible tag
n6 no visible tag' ]
	# without slack 0.2 m is not seen at 0.2002, and 10 m is open upward
	join 0 --shift 0 --gsd-slack 0
	is '[.tags, .tag_gsd_m]' '[{"natural":"wood"},{"natural":10}]'
	[ "$(jq -r .id samples | tr '\n' ' ')" = 'n1 n2 n4 n5 ' ]
}

@test "objects without tags become samples, and nobody's neighbours" {
	image one 0.5 1000 1000 >images
	{
		jq -nc '{id: "n1", lon: 10.005, lat: 49.995}'
		jq -nc '{id: "n2", tags: {}, lon: 10.005, lat: 49.995}'
		dot n3 500 500
	} >objects
	join 0 --shift 0
	[ "$(jq -c '[.id, .tags, (.near | map(.id))]' samples)" = \
		'["n1",null,["n3"]]
["n2",{},["n3"]]
["n3",{"natural":"tree"},[]]' ]
}

@test "--window in pixels and in metres" {
	image one 0.5 2000 1000 >images
	{
		dot n1 500.5 500
		jq -nc '{id: "n2", tags: {a: "b"}, lon: 10.005, lat: 49.995}'
		jq -nc '{id: "w3", tags: {a: "b"}, lon: 10.00700, lat: 49.99501,
			bbox: [10.006, 49.994, 10.008, 49.996]}'
	} >objects
	join 0 --shift 0 --window 101px
	[ "$(jq -c .win samples)" = '[450,450,101,101]
[450,450,101,101]
[650,449,101,101]' ]
	join 0 --shift 0 --window 60.1m
	is .win '[441,440,120,120]'
	is .px '[120,120]'
	for size in 224 px m 0px 0m -3px 1.5px 1e9px 65501px infm; do
		check 2 geojoin --images catalog.rec --window "$size" <objects.rec
		grep -q -- --window err
	done
	for px in 100 0,5 7,6 1,70000 a,b 1,2,3; do
		check 2 geojoin --images catalog.rec --px "$px" <objects.rec
	done
	check 2 geojoin <objects.rec
	grep -q -- --images err
}

@test "a line's window is centred on one of its nodes, chosen by the key" {
	image one 0.5 4000 4000 >images
	for i in $(seq 200); do
		echo line "w$i" 500,500 1500,800 2500,2500 500,500
	done | make_objects >objects
	join 0 --shift 0 --window 101px
	[ "$(jq -c .win samples | sort -u)" = '[1450,750,101,101]
[2450,2450,101,101]
[450,450,101,101]' ]
	# each about 67 times: within 4 standard deviations
	jq -c .win samples | sort | uniq -c | awk '$1 < 40 || $1 > 94 { exit 1 }'
	mv samples first
	join 0 --shift 0 --window 101px --seed 1
	[ "$(jq -c .win samples)" != "$(jq -c .win first)" ]
}

@test "four windows in five are shifted, and keep their object" {
	image one 0.5 20000 20000 >images
	for i in $(seq 300); do
		echo house "a$i" 1000 1000 150 60
		echo dot "n$i" 5000.5 5000.5
	done | make_objects >objects
	join 0
	jq -se '
		def share($a; $len; $lo; $hi):
			([$a + $len, $hi] | min) - ([$a, $lo] | max) |
			[., 0] | max / ($hi - $lo);
		[.[] | select(.id[:1] == "a") | .win |
			{moved: (. != [1000, 980, 150, 100]),
			share: (share(.[0]; .[2]; 1000; 1150) *
				share(.[1]; .[3]; 1000; 1060))}] as $areas |
		[.[] | select(.id[:1] == "n") | .win |
			{moved: (. != [4889, 4889, 224, 224]),
			inside: (.[0] <= 5000 and 5000 < .[0] + 224 and
				.[1] <= 5000 and 5000 < .[1] + 224)}] as $nodes |
		($areas | length) == 300 and ($nodes | length) == 300 and
		($areas | all(.share >= 0.749999)) and
		($areas | map(.share) | min < 0.77) and
		($nodes | all(.inside)) and
		# 240 of 300, within 4 standard deviations
		($areas | map(select(.moved)) | length | . > 212 and . < 268) and
		($nodes | map(select(.moved)) | length | . > 212 and . < 268)
		' samples >/dev/null
	join 0 --shift 1 --keep-inside 1
	jq -se 'map(select(.id[:1] == "a").win) | all(.[0] == 1000 and
			.[1] >= 960 and .[1] <= 1000)' samples >/dev/null
	[ "$(jq -c 'select(.id[:1] == "a") | .win[1]' samples | sort -u |
		wc -l)" -gt 35 ]
}

@test "a shift stays in the image" {
	image one 0.5 120 130 >images
	for i in $(seq 100); do echo house "a$i" 20 20 90 95; done |
		make_objects >objects
	join 0 --shift 1
	jq -se 'length == 100 and all(.[].win; .[0] >= 0 and .[1] >= 0 and
		.[0] + .[2] <= 120 and .[1] + .[3] <= 130)' samples >/dev/null
	[ "$(jq -c .win samples | sort -u | wc -l)" -gt 20 ]
}

@test "keys: source, year, numbers for the second of a name" {
	{
		image one 0.5 1000 1000 10 50 '{"date":"2019-07-01"}'
		image two 0.5 1000 1000 10.5 50
	} >images
	{
		house a1 500 500 120 120
		house a1 500 500 120 120
		house a1 500 500 2 2
		house way/1 500 500 120 120
		house a1 500 500 120 120
		house a-7 50500 500 120 120
	} >objects
	join 0
	[ "$(jq -r .key samples | sort)" = "$(printf '%s\n' a1_one_19 \
		a1_one_19_2 way-1_one_19 a1_one_19_3 a-7_two | sort)" ]
	# the number is part of what chooses
	[ "$(jq -c 'select(.id == "a1") | .win' samples | sort -u | wc -l)" = 3 ]
	# no object is its own neighbour, whatever the number of its records
	[ "$(jq -c 'select(.id == "a1") | .near | map(.id)' samples |
		sort -u)" = '["way/1"]' ]
	house "a$(printf '%0120d' 1)" 500 500 120 120 >>objects
	join 3
	[ "$(tail -n 1 rejects | cut -d ' ' -f 2-)" = 'key too long' ]
}

@test "neighbours by true geometry, with their share" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 200 100
		# a triangle over the window's upper left corner: 40 * 40 / 2
		object a2 '{"landuse":"grass"}' \
			"$(wkb 3 500,500 540,500 500,540 500,500)"
		# its bbox is over the window, the triangle is not
		object a3 '{"landuse":"forest"}' \
			"$(wkb 3 400,600 400,460 520,460 400,600)"
		# 100 x 50 pixels inside, less a hole of 10 x 10
		object a4 '{"natural":"water"}' "$(wkb 3 600,550 900,550 900,900 \
			600,900 600,550 / 650,560 650,570 660,570 660,560 650,560)"
		# comes in, leaves, comes back: 200 + 30 + 10 + 10 pixels inside
		object w5 '{"highway":"path"}' "$(wkb 2 400,520 800,520 800,590 \
			670,590 670,610 650,610 650,590)" '{"len_m":12.5}'
		dot n6 690 590
		dot n7 701 500 '{"highway":"crossing"}'
		dot n8 600 400 '{"highway":"stop"}'
	} >objects
	join 0 --shift 0
	[ "$(jq -c '.near[] | [.id, .n, (.share * 1e6 | round)]' <<<"$(head -n 1 \
		samples)")" = '["w5",1,1118034]
["a4",1,245000]
["a2",1,40000]
["n6",1,0]' ]
	is '.near[0] | keys_unsorted' '["id","tags","share","n","pos","len_m"]'
	is '.near[0].len_m' 12.5
	is '.near[3].pos | map(map(. * 1000 | round))' '[[950,900]]'
	# the triangle'"'"'s centre is a third along
	is '.near[2].pos | map(map(. * 1000000 | round))' '[[66667,133333]]'
	join 0 --shift 0 --max-near 2
	is '.near | map(.id)' '["w5","a4"]'
	join 0 --shift 0 --max-near 0
	is .near '[]'
}

@test "neighbours with the same tags are one, with number and positions" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 200 100
		house a2 500 500 20 10
		house a3 520 500 20 20
		object a4 '{"b":"2","a":"1"}' "$(wkb 3 600,500 620,500 620,520 \
			600,500)"
		object a5 '{"a":"1","b":"2"}' "$(wkb 3 640,500 658,500 658,518 \
			640,500)"
		dot n6 600 590
		dot n7 600 565
		for i in $(seq 20); do
			echo dot "n1$i" 510 590 '{"x":"y"}'
		done | make_objects
		dot n8 610 550 '{"y":"z"}'
		dot n9 588 550 '{"z":"z"}'
	} >objects
	join 0 --shift 0
	[ "$(head -n 1 samples | jq -c '.near[] | [.id, .n, (.pos | length),
		(.share * 1e6 | round)]')" = '["a3",2,2,30000]
["a4",2,2,18100]
["n8",1,1,0]
["n9",1,1,0]
["n7",2,2,0]
["n11",20,16,0]' ]
	is '.near[1].tags' '{"b":"2","a":"1"}'
	is '.near[0].pos | map(map(. * 1000 | round))' '[[150,100],[50,50]]'
}

@test "tags of neighbours that do not show leave; emptied neighbours go" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 200 100 '{"tag_gsd_m":{"building":1.0}}'
		dot n2 600 550 '{"natural":"tree","genus":"acer"}' \
			'{"tag_gsd_m":{"natural":0.6,"genus":0.1}}'
		dot n3 600 550 '{"genus":"acer"}' '{"tag_gsd_m":{"genus":0.1}}'
		dot n4 600 540 '{"natural":"tree"}' \
			'{"tag_gsd_m":{"natural":0.6}}'
	} >objects
	join 0 --shift 0
	is '.near | map([.id, .n, .tags, .tag_gsd_m])' \
		'[["n2",2,{"natural":"tree"},{"natural":0.6}]]'
	grep -q '^n3 no visible tag$' rejects
}

@test "halo objects are neighbours only" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 200 100
		dot n2 600 550 '{"natural":"tree"}' '{"halo":true}'
		dot n3 600 550 '{"a":"b"}' '{"halo":false}'
	} >objects
	join 0 --shift 0
	[ "$(jq -r .id samples | tr '\n' ' ')" = 'a1 n3 ' ]
	[ ! -s rejects ]
	is '.near | map(.id)' '["n2","n3"]'
	is .halo null
}

@test "without geometry: nodes by position, others when their bbox is inside" {
	image one 0.5 2000 2000 >images
	{
		jq -nc '{id: "a1", tags: {building: "yes"}, lon: 10.006,
			lat: 49.9945, bbox: [10.005, 49.994, 10.007, 49.995]}'
		jq -nc '{id: "n2", tags: {natural: "tree"}, lon: 10.006,
			lat: 49.9945}'
		jq -nc '{id: "a3", tags: {landuse: "grass"}, lon: 10.0061,
			lat: 49.9946, area_m2: 100.0,
			bbox: [10.006, 49.9945, 10.0062, 49.9947]}'
		jq -nc '{id: "a4", tags: {landuse: "forest"}, lon: 10.0061,
			lat: 49.9946, area_m2: 100.0,
			bbox: [10.006, 49.9945, 10.0072, 49.9947]}'
		jq -nc '{id: "w5", tags: {highway: "path"}, lon: 10.0061,
			lat: 49.9946, len_m: 25.0,
			bbox: [10.006, 49.9945, 10.0062, 49.9947]}'
	} >objects
	join 0 --shift 0 --window 20px
	is '.win' '[500,500,200,100]'
	# 100 m² are 400 pixels of 0.5 m, 25 m are 50
	is '.near | map([.id, (.share * 1e6 | round)])' \
		'[["w5",223607],["a3",20000],["n2",0]]'
	is '.near[1].pos | map(map(. * 1000 | round))' '[[550,400]]'
}

@test "an image across the antimeridian" {
	# UTM zone 60, whose eastern side is 180 degrees
	image one 1 2000 2000 0 0 '{"crs":"EPSG:32660",
		"transform":[833000, 1, 0, 1000, 0, -1]}' |
		jq -c '.bbox = [179.991, -0.01, -179.991, 0.01]' >images
	{
		jq -nc '{id: "n1", tags: {a: "b"}, lon: -179.999, lat: 0.0}'
		jq -nc '{id: "n2", tags: {c: "d"}, lon: 179.9995, lat: 0.0}'
		jq -nc '{id: "a3", tags: {e: "f"}, lon: 180.0, lat: 0.0,
			area_m2: 1000.0,
			bbox: [179.9998, -0.0002, -179.9998, 0.0002]}'
	} >objects
	join 0 --shift 0 --window 400px
	[ "$(jq -r .id samples | tr '\n' ' ')" = 'n1 n2 a3 ' ]
	is '.near | map(.id)' '["a3","n2"]'
	# 111 m east of 180 degrees, which is at 833978.56 m; 200 more each side
	is '.win[0] | . >= 887 and . <= 891' true
	is '.box | (.[0] > 179) and (.[2] < -179) and
		(.[2] - .[0] + 360 | . > 0.0035 and . < 0.0037)' true
}

# windows IMAGE: those of ./objects in it, one pixel for each node.
windows() {
	img-catalog -q "$1" >catalog.rec
	rec-make -q objects >objects.rec
	check 0 geojoin -q --images catalog.rec --window 1px --px 1,1000 \
		--shift 0 --reject rejects.rec <objects.rec
	rec-view -q out | jq -c '.win[:2]' | paste -sd ' '
}

# node LON LAT
node() {
	echo '{"id":"n1","tags":{"a":"b"},"lon":'"$1"',"lat":'"$2"'}'
}

@test "images in degrees that lie a whole turn away, or pass 180" {
	tif greenwich.tif 200 200 1 EPSG:4326 359.999 0.001 0.00001
	{
		node -0.000495 0.000005
		node 0.000505 -0.000205
	} >objects
	[ "$(windows greenwich.tif)" = '[50,99] [150,120]' ]
	rec-view -q out | sed -n 1p | jq -e '(.box[0] + 0.0005 | fabs < 1e-9) and
		(.box[2] + 0.00049 | fabs < 1e-9)'
	tif west.tif 1800 900 1 EPSG:4326 180 45 0.1
	{
		node -179.95 44.95
		node -100.05 10.05
		node -0.05 -44.95
	} >objects
	[ "$(windows west.tif)" = '[0,0] [799,349] [1799,899]' ]
	for west in 179.999 -180.001; do
		tif date.tif 200 200 1 EPSG:4326 "$west" 0.001 0.00001
		{
			node 179.999505 0.000005
			node -179.999495 0.000005
		} >objects
		[ "$(windows date.tif)" = '[50,99] [150,99]' ]
	done
	# a system of grads, 400 to the circle, from the meridian of Paris
	tif grads.tif 200 200 1 EPSG:4807 399.9 50 0.001
	node 2.33722917 44.955 >objects
	[ "$(windows grads.tif)" = '[100,49]' ]
}

@test "cylindrical images that pass the edge of their map" {
	# 0.001 degrees are 111.32 m, the edge lies at 20037508.34 m
	for srs in EPSG:3857 EPSG:3395 EPSG:4087; do
		tif east.tif 1000 100 1 $srs 20037000 100 2
		tif west.tif 1000 100 1 $srs -20039000 100 2
		{
			node 179.999 0.0005
			node -179.999 0.0005
		} >objects
		[ "$(windows east.tif)" = '[198,22] [309,22]' ]
		[ "$(windows west.tif)" = '[690,22] [801,22]' ]
		jq -nc '{id: "a1", tags: {a: "b"}, lon: 180, lat: 0.0005,
			bbox: [179.9994, 0.0004, -179.9994, 0.0006]}' >objects
		[ "$(windows east.tif)" = '[220,16]' ]
		rec-view -q out | jq -e '.win[2] == 68'
		# an image that ends at the antimeridian
		tif end.tif 254 100 1 $srs 20037000 100 2
		[ "$(windows end.tif)" = '' ]
		[ "$(reasons rejects.rec)" = 'a1 window leaves image' ]
	done
}

@test "projected images: the window is the bbox in the image's pixels" {
	# gdaltransform knows nothing of us
	image utm 0.6 3000 3000 0 0 '{"crs":"EPSG:32633",
		"transform":[500000.25, 0.6, 0, 5538000.5, 0, -0.6]}' |
		jq -c '.bbox = [14.9, 49.95, 15.1, 50.05]' >images
	jq -nc --arg g "$(wkb 3 501000,1000 501080,1010 501070,1060 501000,1000)" \
		'{id: "a1", tags: {building: "yes"}, geom: $g}' >objects
	join 0 --shift 0 --px 1,1000
	printf '15.01 49.99\n15.0108 49.9899\n15.0107 49.9894\n' |
		gdaltransform -s_srs EPSG:4326 -t_srs EPSG:32633 -output_xy |
		awk '{ x = ($1 - 500000.25) / 0.6; y = (5538000.5 - $2) / 0.6
			if (NR == 1 || x < x0) x0 = x; if (NR == 1 || x > x1) x1 = x
			if (NR == 1 || y < y0) y0 = y; if (NR == 1 || y > y1) y1 = y }
		END { c = int(x0); r = int(y0)
			printf "[%d,%d,%d,%d]\n", c, r, int(x1) + 1 - c,
				int(y1) + 1 - r }' >want
	is .win "$(cat want)"
}

@test "broken objects are faults; the others come out" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 200 100
		object a2 '{"a":"b"}' AQMAAAABAAAA
		dot n3 600 550 '{"a":1}'
		dot n4 600 550 '{"a":"b"}' '{"tag_gsd_m":{"a":"x"}}'
		echo '{"tags":{"a":"b"},"lon":10.005,"lat":49.995}'
		echo '{"id":"n6","tags":{"a":"b"}}'
		echo '{"id":"n7","tags":{"a":"b"},"lon":10.005,"lat":95.0}'
		echo '{"id":"n8","tags":{"a":"b"},"lon":10.005}'
		echo '{"id":"a9","tags":{"a":"b"},"bbox":[10.0,50.0,10.1,49.0]}'
		echo '{"id":"n10","tags":{"a":"b"},"lon":10.006,"lat":49.9945,"halo":1}'
		echo '{"id":"n11","tags":{"a":"b"},"lon":10.006,"lat":49.9945}'
		echo '{"id":"n12","lon":10.006,"lat":"49.9945"}'
		echo '{"id":"n13","tags":{"a":"b"},"lon":{"$num":"nan"},"lat":49.9945}'
	} >objects
	join 3 --shift 0
	[ "$(jq -c '[.id, (.near | map(.id))]' samples)" = '["a1",["n11"]]
["n11",["a1"]]' ]
	[ "$(cat rejects)" = 'a2 broken geometry
n3 broken tags
n4 broken tags
- no id
n6 broken position
n7 broken position
n8 broken position
a9 broken position
n10 broken field
n12 broken position
n13 broken position' ]
	grep -q 'record 2 a2, at byte [0-9]*: broken geometry' err
	join 0 --max-faults 100%
}

@test "a damaged catalogue or input: no data record, exit 1" {
	image one 0.5 2000 2000 >images
	for i in $(seq 20); do echo house "a$i" 500 500 200 100; done |
		make_objects >objects
	join 0
	cp catalog.rec good.rec
	size=$(stat -c %s good.rec)
	for at in 0 1 $((size / 2)) $((size - 1)); do
		head -c "$at" good.rec >catalog.rec
		check 1 geojoin --images catalog.rec <objects.rec
		[ ! -s out ]
		grep -q 'catalog.rec' err
	done
	check 1 geojoin --images nowhere.rec <objects.rec
	[ ! -s out ]
	head -c $(($(stat -c %s objects.rec) - 10)) objects.rec >cut.rec
	check 1 geojoin --images good.rec <cut.rec
	[ ! -s out ]
}

@test "a catalogue that is none, or says what cannot be" {
	house a1 500 500 200 100 | rec-make -q >objects.rec
	image one 0.5 2000 2000 >good
	while read -r change; do
		jq -c "$change" good | rec-make -q >catalog.rec
		check 1 geojoin --images catalog.rec <objects.rec
		[ ! -s out ]
		grep -q 'catalog.rec' err || {
			cat err
			return 1
		}
	done <<'LINES'
del(.img)
del(.bbox)
.bbox = [10, 50, 11, 49]
.bbox[0] = "x"
.img.kind = "xyz"
.img.gsd_m = 0
.img.size = [0, 5]
.img.transform = [0, 0, 0, 0, 0, 0]
.img.crs = "EPSG:999999"
.img.crs = "EPSG:4326x"
.img.crs = "/etc/passwd"
.img.crs = "http://localhost/x"
LINES
}

@test "an empty result says why" {
	image one 0.5 2000 2000 >images
	echo '{"id":"n1","tags":{"a":"b"},"lon":49.99,"lat":10.01}' >objects
	join 0
	grep -q 'are the axes swapped' err
	echo '{"id":"n1","tags":{"a":"b"},"lon":8.5,"lat":47.5}' >objects
	join 0
	grep -q 'do not meet' err
	house a1 500 500 20 10 >objects
	join 0
	grep -q "'too small' took 1 of 1 records; .*--min-object" err
	: >images
	join 0
	grep -q 'the catalogue holds no image' err
	join 1 --require-output || [ $? -eq 1 ]
}

@test "the header tells of catalogue, options and seed" {
	image one 0.5 2000 2000 >images
	house a1 500 500 200 100 >objects
	join 0 --seed 5 --px 50,900
	rec-view -q --headers headers samples.rec >/dev/null
	[ "$(jq -r .tool headers | tr '\n' ' ')" = 'rec-make rec-make geojoin ' ]
	tail -n 1 headers | jq -e --arg sum "$(sha256sum <catalog.rec |
		cut -d ' ' -f 1)" --argjson size "$(stat -c %s catalog.rec)" '
		.inputs == [{name: "catalog.rec", sha256: $sum, bytes: $size}] and
		(.prev | length) == 2 and .args == ["images=catalog.rec",
			"overlap=0", "window=224px", "px=50,900", "fit=grow",
			"window-size=0", "min-object=24", "shift=0.8",
			"keep-inside=0.75", "max-gsd=0", "prefer=finest",
			"per-object=1", "max-per-tag=0", "gsd-slack=0.1",
			"max-near=8", "negatives=0", "seed=5"]' >/dev/null
}

@test "any number of threads, any split of the input: the same samples" {
	image one 0.5 20000 20000 >images
	for i in $(seq 0 699); do
		# shellcheck disable=SC2017 # whole numbers
		echo house "a$i" $((1000 + i % 30 * 90)) \
			$((1000 + i / 30 * 80)) \
			$((40 + i % 7 * 20)) $((30 + i % 5 * 15))
	done | make_objects >objects
	join 0 -@ 1
	mv samples.rec one.rec
	join 0 -@ 3
	cmp one.rec samples.rec
	mv samples whole
	# each half with the other as halo
	mv objects all
	for half in 0 1; do
		jq -c --argjson half $half \
			'if (.id[1:] | tonumber) % 2 == $half then .
			else . + {halo: true} end' all >objects
		join 0
		mv samples "half$half"
	done
	cmp <(sort half0 half1) <(sort whole)
}

# The true windows of Banepa's buildings, by the formulas of EPSG:3857 and the
# grid that gdalinfo prints.
true_windows() {
	jq -c '
		def column: (. * 3.141592653589793 / 180 * 6378137 -
			9519391.065607566386461) / 0.149291070869367;
		def row: (3203475.855431735515594 - 6378137 *
			((0.7853981633974483 + . * 3.141592653589793 / 360) |
				(sin / cos) | log)) / 0.149291070869367;
		def side: (map(floor) | min) as $at |
			((map(ceil) | max) - $at) as $len |
			if $len >= 100 then [$at, $len]
			else [((min + max) / 2 - 49.5 | floor), 100] end;
		.features[] | [.geometry.coordinates[][]] as $p |
		($p | map(.[0] | column)) as $x | ($p | map(.[1] | row)) as $y |
		{key: "a\(.properties.osm_id)", value: {
			win: [($x | side)[0], ($y | side)[0],
				($x | side)[1], ($y | side)[1]],
			rect: [($x | min), ($y | min), ($x | max), ($y | max)]}}' \
		"$SKYFILTERS_TESTDATA/pairs/banepa/buildings.geojson" |
		jq -sc from_entries
}

@test "the buildings of Banepa: every window, against the projection's formulas" {
	need_testdata
	banepa=$SKYFILTERS_TESTDATA/pairs/banepa
	img-catalog -q --src banepa "$banepa/banepa_oam_z19.tif" >catalog.rec
	osm-tags -q --geometry "$banepa/buildings.osm.pbf" >objects.rec
	true_windows >true
	check 0 geojoin --images catalog.rec --shift 0 --reject rejects.rec \
		<objects.rec
	grep -q '1466 records in, 1464 out, 2 set aside (too small 2)' err
	[ "$(reasons rejects.rec | cut -d ' ' -f 2- | sort | uniq -c)" = \
		'      2 too small' ]
	rec-view -q out | jq -se --slurpfile true true \
		'length == 1464 and all(.win == $true[0][.id].win)' >/dev/null
	# shifted: three quarters of the bbox stay, one window in five stays
	geojoin -q --images catalog.rec <objects.rec | rec-view -q |
		jq -se --slurpfile true true '
		def share($a; $len; $lo; $hi):
			([$a + $len, $hi] | min) - ([$a, $lo] | max) |
			[., 0] | max / ($hi - $lo);
		all($true[0][.id].rect as $r | .win |
			share(.[0]; .[2]; $r[0]; $r[2]) *
			share(.[1]; .[3]; $r[1]; $r[3]) >= 0.749999) and
		(map(select(.win == $true[0][.id].win)) | length |
			. > 232 and . < 354) and
		all(.[].win; .[0] >= 0 and .[0] + .[2] <= 11264 and
			.[1] >= 0 and .[1] + .[3] <= 8704)' >/dev/null
}

@test "the buildings of Banepa: neighbours, against GEOS" {
	need_testdata
	banepa=$SKYFILTERS_TESTDATA/pairs/banepa
	img-catalog -q --src banepa "$banepa/banepa_oam_z19.tif" >catalog.rec
	osm-tags -q --geometry "$banepa/buildings.osm.pbf" >objects.rec
	geojoin -q --images catalog.rec --max-near 1000 <objects.rec |
		rec-view -q >samples
	ogr2ogr -f GPKG -t_srs EPSG:3857 buildings.gpkg \
		"$banepa/buildings.geojson" -nln b -select osm_id
	# every fifteenth sample: its window, and what we say is in it
	jq -nr 'def x: 9519391.065607566386461 + . * 0.149291070869367;
		def y: 3203475.855431735515594 - . * 0.149291070869367;
		["id", "x0", "y0", "x1", "y1", "n", "share"],
		([inputs] | to_entries[] | select(.key % 15 == 0).value |
			[(.id[1:] | tonumber), (.win[0] | x),
			(.win[1] + .win[3] | y), (.win[0] + .win[2] | x),
			(.win[1] | y), ([.near[].n] | add // 0),
			([.near[].share] | add // 0)]) | @csv' samples >w.csv
	ogr2ogr -update -oo AUTODETECT_TYPE=YES buildings.gpkg w.csv -nln w
	ogr2ogr -f CSV /vsistdout/ buildings.gpkg -dialect SQLITE -sql "
		SELECT id, n AS got, share AS got_share,
			COUNT(NULLIF(a, 0)) AS n, COALESCE(SUM(a), 0) /
				((x1 - x0) * (y1 - y0)) AS share
		FROM (SELECT w.*, ST_Area(ST_Intersection(b.geom,
			BuildMbr(x0, y0, x1, y1, 3857))) AS a
			FROM w, b WHERE b.osm_id <> w.id)
		GROUP BY id" | awk -F, '{
			gsub(/"/, "")
			d = $5 - $3
			if (NR > 1 && ($2 != $4 || d > 1e-6 || d < -1e-6))
				print "a" $1 ": GEOS finds others"
			all += $4
		} END { if (NR != 99 || all < 98) print NR, all }' >odd
	cat odd
	[ ! -s odd ]
}
