# geojoin-choice.bats - which images an object gets, and how large the windows.

load lib
load raster
load join

# dated SRC GSD_M DATE: an image that holds everything here
dated() {
	image "$1" "$2" 2000 2000 10 50 "{\"date\":\"$3\"}"
}

# The Unix seconds of a day.
day() {
	date -u -d "$1" +%s
}

# edited ID DAY: a house as it was edited then
edited() {
	house "$1" 500 500 120 120 "{\"ts\":$(day "$2")}"
}

# Each sample's object and image.
chosen() {
	jq -r '"\(.id) \(.img.src)"' samples | paste -sd ,
}

@test "among images nearly as fine the first that is not older than the object" {
	{
		dated fine 0.5 2015-06-01
		dated later 0.55 2019-06-01
		dated late 0.6 2017-06-01
		dated coarse 0.61 2016-02-01
		image undated 0.5 2000 2000
	} >images
	{
		edited a1 2016-01-01
		edited a2 2018-01-01
		edited a3 2020-01-01
		edited a4 2015-06-01
		house a5 500 500 120 120
	} >objects
	join 0
	[ "$(chosen)" = 'a1 late,a2 later,a3 later,a4 fine,a5 fine' ]
	join 0 --prefer newest
	[ "$(chosen)" = 'a1 later,a2 later,a3 later,a4 later,a5 later' ]
	join 0 --prefer nearest-date
	[ "$(chosen)" = 'a1 coarse,a2 late,a3 later,a4 fine,a5 fine' ]
}

@test "a date without a day or a time is its first one" {
	{
		dated year 0.5 2017
		dated month 0.5 2017-03
		dated minute 0.5 2017-03-01T12:30:00Z
	} >images
	{
		edited a1 2016-12-31
		edited a2 2017-01-02
		edited a3 2017-03-01
		house a4 500 500 120 120 "{\"ts\":$(day '2017-03-01 12:30:00')}"
	} >objects
	join 0
	[ "$(chosen)" = 'a1 year,a2 month,a3 month,a4 minute' ]
}

@test "--per-object: several images of an object, each with a key of its own" {
	{
		dated one 0.5 2015
		dated one 0.5 2015-07
		dated two 1 2020
		image small 0.1 50 50
	} >images
	{
		house a1 500 500 120 120
		house a2 1990 500 120 120
		house a3 600 600 120 120
		dot n1 500 500
	} >objects
	join 0 --per-object 2
	[ "$(jq -r .key samples | paste -sd ,)" = \
		a1_one_15,a1_one_15_2,a3_one_15,a3_one_15_2,n1_one_15,n1_one_15_2 ]
	[ "$(cat rejects)" = 'a2 window leaves image' ]
	join 0 --per-object 9
	[ "$(jq -r .key samples | paste -sd ,)" = \
		a1_one_15,a1_one_15_2,a1_two_20,a3_one_15,a3_one_15_2,a3_two_20,n1_one_15,n1_one_15_2,n1_two_20 ]
	# each is shifted in its own way
	[ "$(jq -c 'select(.id == "a1").win' samples | sort -u | wc -l)" -gt 1 ]
	join 0 --per-object 9 --shift 0
	[ "$(jq -c 'select(.id == "a1") | [.near[].id]' samples | sort -u)" = \
		'["a3","n1"]' ]
}

@test "--prefer random: all GSDs, the same choice whatever else there is" {
	local n
	{
		image one 0.5 2000 2000
		image two 1 2000 2000
		image three 2 2000 2000
	} >images
	for n in $(seq 200); do
		echo dot "n$n" $((500 + n)) 500
	done | make_objects >objects
	join 0 --prefer random
	chosen | tr , '\n' | sort >all
	cut -d ' ' -f 2 all | sort | uniq -c |
		awk '$1 >= 40 { n++ } END { exit n != 3 }'
	# without one image the others keep their objects
	sed -i /three/d images
	join 0 --prefer random
	chosen | tr , '\n' | sort >fewer
	grep -v three all | diff - <(comm -12 all fewer)
	# and another seed gives another choice
	join 0 --prefer random --seed 1
	chosen | tr , '\n' | sort >other
	[ "$(cat fewer)" != "$(cat other)" ]
}

@test "--max-age: an image too long before or after the object is none" {
	{
		dated old 0.5 2010-01-01
		dated new 0.6 2020-01-01
		image undated 0.7 2000 2000
	} >images
	{
		edited a1 2010-01-31
		edited a2 2019-12-02
		edited a3 2015-01-01
		house a4 500 500 120 120
	} >objects
	join 0 --max-age 30
	[ "$(chosen)" = 'a1 old,a2 new' ]
	[ "$(cat rejects)" = 'a3 no image near date
a4 no image near date' ]
	rec-view -q rejects.rec | jq -r .reject.detail | grep 'days from an image'
	join 0 --max-age 29.9
	[ "$(chosen)" = '' ]
	grep 'image near date' err
}

@test "versions: only those that were so at the image's date, near ones, too" {
	local before now
	before="{\"valid_from\":$(day 2010-01-01),\"valid_to\":$(day 2015-01-01)}"
	now="{\"valid_from\":$(day 2015-01-01)}"
	{
		house a1 500 500 120 120 "$before"
		house a1 500 500 200 120 "$now"
		dot n1 520 520 '{"natural":"tree"}' "$before"
		dot n1 530 530 '{"natural":"shrub"}' "$now"
	} >objects
	dated old 0.5 2014-12-31 >images
	join 0 --shift 0
	[ "$(jq -c '[.id, .px[0], .near[0].tags.natural // .near[0].tags.building]' \
		samples)" = '["a1",120,"tree"]
["n1",224,"yes"]' ]
	[ "$(cat rejects)" = 'a1 no image near date
n1 no image near date' ]
	dated new 0.5 2015-01-01 >images
	join 0 --shift 0
	is '[.px[0], .near[0].tags.natural]' '[200,"shrub"]'
	# an image without a date shows what is
	image undated 0.5 2000 2000 >images
	join 0 --shift 0
	is '[.px[0], .near[0].tags.natural]' '[200,"shrub"]'
	# a time that is none
	house a1 500 500 120 120 '{"valid_from":"2010"}' >objects
	join 3
	[ "$(cat rejects)" = 'a1 broken field' ]
}

@test "--fit exact: short sides rule an area out" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 100 300
		house a2 500 500 99 300
	} >objects
	join 0 --shift 0 --fit exact
	is .win '[500,500,100,300]'
	[ "$(cat rejects)" = 'a2 too small' ]
	join 0 --shift 0
	[ "$(jq -c .px samples)" = '[100,300]
[100,300]' ]
}

@test "--square and --window-size" {
	image one 0.5 2000 2000 >images
	{
		house a1 500 500 100 300
		house a2 700 500 20 120
		dot n1 900 900
		house a3 500 900 400 100
	} >objects
	join 0 --shift 0 --square
	[ "$(jq -c .win samples)" = '[400,500,300,300]
[650,500,120,120]
[788,788,224,224]
[500,750,400,400]' ]
	join 0 --shift 0 --window-size 320
	[ "$(jq -c .win samples)" = '[390,490,320,320]
[550,400,320,320]
[740,740,320,320]' ]
	[ "$(cat rejects)" = 'a3 too large' ]
	# a shift keeps its share of the object inside
	join 0 --shift 1 --window-size 320
	jq -e '.win as [$c, $r] | .id != "a1" or
		([[$c + 320, 600] | min, -([$c, 500] | max)] | add) *
		([[$r + 320, 800] | min, -([$r, 500] | max)] | add) >= 0.75 * 30000' \
		samples >/dev/null
}

@test "--max-gsd: for objects without tag_gsd_m" {
	{
		image fine 0.5 600 600
		image coarse 1.1 2000 2000
	} >images
	{
		dot n1 300 300
		dot n2 1000 1000
		dot n3 1000 1050 '{"natural":"wood"}' \
			'{"tag_gsd_m":{"natural":10}}'
	} >objects
	join 0 --shift 0 --max-gsd 0.6
	[ "$(chosen)" = 'n1 fine,n3 coarse' ]
	[ "$(cat rejects)" = 'n2 too coarse' ]
	# and what is too coarse alone is no neighbour
	[ "$(jq -c 'select(.id == "n3").near' samples)" = '[]' ]
	join 0 --shift 0 --max-gsd 1
	[ "$(chosen)" = 'n1 fine,n2 coarse,n3 coarse' ]
}

@test "--bbox-near: a bbox that is partly inside" {
	image one 0.5 2000 2000 >images
	{
		dot n1 1000 1000
		# columns 1092 to 1132 of a window that ends at 1112
		jq -nc '{id: "a1", tags: {building: "yes"}, area_m2: 100,
			bbox: [10.01092, 49.98980, 10.01132, 49.99020]}'
	} >objects
	join 0 --shift 0
	is .near '[]'
	join 0 --shift 0 --bbox-near
	# half of 100 m2 of 112 m x 112 m
	is '.near[0] | [.id, (.share * 1000000 | round)]' '["a1",3986]'
}

@test "--bbox-near: in a turned image the bbox, not its bounds there" {
	# turned by 45 degrees: columns go to the south-east
	image A 0.5 4000 4000 10 50 '{"transform":
		[10, 0.00001, 0.00001, 50, -0.00001, 0.00001]}' |
		jq -c '.bbox = [10, 49.96, 10.08, 50.04]' >images
	jq -nc '
		# 10.04 50 is column and row 2000: the window is a square on
		# its corner, which reaches to 10.041 in the east
		{id: "n1", lon: 10.04, lat: 50, tags: {natural: "tree"}},
		{id: "a1", bbox: [10.0409, 49.998, 10.043, 50.002],
			lon: 10.042, lat: 50, area_m2: 4e4,
			tags: {landuse: "grass"}},
		{id: "a2", bbox: [10.0411, 49.998, 10.043, 50.002],
			lon: 10.042, lat: 50, area_m2: 4e4,
			tags: {landuse: "sand"}}' >objects
	join 0 --shift 0 --bbox-near --window 100px --max-gsd 1
	[ "$(jq -c 'select(.id == "n1") | .near | map(.id)' samples)" = '["a1"]' ]
}

@test "options that mean nothing are refused" {
	image one 0.5 2000 2000 >images
	dot n1 500 500 >objects
	join 0
	for option in '--prefer coarsest' '--max-age soon' '--max-age -1' \
		'--fit loosely' '--per-object 0' '--window-size 65501'; do
		check 2 geojoin --images catalog.rec "${option% *}" \
			"${option#* }" <objects.rec
		grep -q -e "${option% *}" err
	done
}

@test "--sizes: windows and coarsest GSDs by tag" {
	printf '%s\n' $'natural=tree\t40px\t0.5' $'natural=*\t30m\t-' \
		$'building=*\t-\t2' >sizes.tsv
	{ image A 1 1000 1000; image B 2 1000 1000; } >images
	{
		dot n1 500 500
		dot n2 500 500 '{"natural":"rock"}'
		dot n3 500 500 '{"amenity":"bench"}'
		dot n4 500 500 '{"natural":"rock","building":"yes"}'
		dot n5 500 500 '{"natural":"tree"}' \
			'{"tag_gsd_m":{"natural":10}}'
	} >objects
	join 0 --shift 0 --sizes sizes.tsv --window 100px --max-gsd 1
	[ "$(jq -r '"\(.id) \(.img.src) \(.px[0])"' samples)" = 'n2 A 30
n3 A 100
n4 A 30
n5 A 40' ]
	[ "$(cat rejects)" = 'n1 too coarse' ]
	rec-view -q --headers h.json samples.rec >/dev/null
	[ "$(jq -r '.inputs[]? | select(.name == "sizes.tsv") | .bytes' \
		h.json)" = "$(stat -c %s sizes.tsv)" ]
}

@test "--sizes: a broken table is an error with its line" {
	image A 1 1000 1000 | rec-make -q >catalog.rec
	dot n1 500 500 | rec-make -q >objects.rec
	printf '# c\nnatural=*\t30\t-\n' >sizes.tsv
	check 1 geojoin --images catalog.rec --sizes sizes.tsv <objects.rec
	grep "sizes.tsv.*line 2: '30' is neither pixels" err
	printf 'natural=*\t30m\t-1\n' >sizes.tsv
	check 1 geojoin --images catalog.rec --sizes sizes.tsv <objects.rec
	grep "line 1: '-1' is no pixel size" err
	printf 'natural\t30m\t1\n' >sizes.tsv
	check 1 geojoin --images catalog.rec --sizes sizes.tsv <objects.rec
	grep "line 1: .*natural" err
}

@test "a line's window keeps the share of it that it held" {
	image A 1 2000 2000 >images
	# a line of 40 pixels, whose node is drawn among its two ends
	for i in {1..30}; do
		echo line "w$i" 980,1000 1020,1000
	done | make_objects >objects
	join 0 --window 100px --shift 1 --max-near 0
	[ "$(jq '.win as [$c, $r, $w, $h] |
		(([$c + $w, 1020] | min) - ([$c, 980] | max)) / 40 >= 0.749' \
		samples | sort -u)" = true ]
	# and not always all of it
	jq '.win as [$c, $r, $w, $h] | $c > 980 or $c + $w < 1020' samples |
		grep true
}

@test "more samples of one key than one: numbered, in the input's order" {
	image A 1 1000 1000 >images
	{
		dot n1 500 500
		dot n1_A 300 300
		for i in {3..7}; do dot n1 "${i}00" 500; done
	} >objects
	join 0 --shift 0
	[ "$(jq -r .key samples | sort)" = "$(printf '%s\n' n1-A_A n1_A n1_A_2 \
		n1_A_3 n1_A_4 n1_A_5 n1_A_6 | sort)" ]
	[ "$(jq -r 'select(.win[0] + .win[2] / 2 > 650) | .key' \
		samples)" = n1_A_6 ]
}

@test "samples come by image, the finest first, and place; rejects by object" {
	{
		image coarse 1 9000 9000 10 50
		image fine 0.5 9000 9000 11 50
	} >images
	{
		for at in '8000 8000' '100 8000' '8050 8050' '150 150' \
			'150 8050'; do
			# shellcheck disable=SC2086 # two numbers
			dot "n${at/ /-}" $at
			dot "m${at/ /-}" $((${at% *} + 100000)) "${at#* }"
			dot "x${at/ /-}" $((${at% *} + 500000)) "${at#* }"
		done
	} >objects
	rec-make -q images >catalog.rec
	rec-make -q objects >objects.rec
	check 0 geojoin --images catalog.rec --window 20px --shift 0 \
		--reject rejects.rec <objects.rec
	[ "$(rec-view -q out | jq -r .id | paste -sd ' ')" = "m150-150 \
m100-8000 m150-8050 m8000-8000 m8050-8050 n150-150 n100-8000 n150-8050 \
n8000-8000 n8050-8050" ]
	[ "$(rec-view -q rejects.rec | jq -r .id | paste -sd ' ')" = "\
x8000-8000 x100-8000 x8050-8050 x150-150 x150-8050" ]
}

@test "a tile service has the GSD of the place" {
	img-catalog -q --from tiles 'http://tiles.example/{z}/{x}/{y}.png' \
		--zoom 0-17 --src T >catalog.rec
	# 1.19 m at the equator, 0.60 m at 60 degrees
	for lat in 0 60; do
		jq -nc --argjson lat "$lat" '{id: "n\($lat)", lon: 10.5,
			lat: ($lat + 0.0), tags: {natural: "tree", x: "y"},
			tag_gsd_m: {natural: 0.6, x: 10}},
			{id: "m\($lat)", lon: 10.5001, lat: ($lat + 0.0),
			tags: {natural: "tree", x: "y"},
			tag_gsd_m: {natural: 0.6, x: 10}}'
	done | rec-make -q >objects.rec
	check 0 geojoin --images catalog.rec --shift 0 --window 60m <objects.rec
	[ "$(rec-view -q out | jq -c 'select(.id | test("^n")) | [.id, .px[0],
		(.tags | keys), (.near | map(.tags | keys) | add)]' | sort |
		paste -sd ' ')" = \
		'["n0",50,["x"],["x"]] ["n60",100,["natural","x"],["natural","x"]]' ]
}
