# geojoin-place.bats - where images lie, how far windows reach, and windows
# without objects.

load lib
load raster
load join

# metre: degrees of longitude and latitude of a metre, near the images of
# join.bash
metre() {
	awk 'BEGIN { printf "%.12f %.12f\n", 1 / 71696, 1 / 111229 }'
}

@test "--offset puts the images of a source where they belong" {
	{ image near 1 2000 2000; image moved 1.1 2000 2000; } >images
	dot n1 1000 1000 >objects
	join 0 --shift 0 --per-object 2
	[ "$(jq -c '[.img.src, .win[0], .win[1]]' samples | paste -sd ' ')" = \
		'["near",888,888] ["moved",888,888]' ]
	# things lie 20 m further east than the image says, and 10 m further
	# south: in the image they are further west, and further up
	join 0 --shift 0 --per-object 2 --offset moved=20,-10
	read -r lon lat < <(metre)
	jq -s -e --argjson lon "$lon" --argjson lat "$lat" '
		.[0].win[:2] == [888, 888] and
		((.[1].win[0] - 888 + 20 * $lon * 100000) | fabs) < 1.01 and
		((.[1].win[1] - 888 + 10 * $lat * 100000) | fabs) < 1.01' samples
	# its box is where things lie, the image is named as it is
	jq -s -e '((.[1].box | (.[0] + .[2]) / 2) - 10.01 | fabs) < 0.00001 and
		((.[1].box | (.[1] + .[3]) / 2) - 49.99 | fabs) < 0.00001 and
		.[1].img.transform == [10, 0.00001, 0, 50, 0, -0.00001]' samples
	rec-view -q --headers h samples.rec >/dev/null
	tail -n 1 h | jq -e '.args | index("offset=moved=20,-10")' >/dev/null
}

@test "--offset: neighbours and the image's edge move along" {
	image A 1 1000 1000 >images
	{
		dot n1 500 500
		dot n2 505 500 '{"highway":"stop"}'
		dot n3 995 500 '{"highway":"stop"}'
	} >objects
	join 0 --shift 0 --window 20px
	[ "$(jq -r .id samples | paste -sd ' ')" = 'n1 n2' ]
	join 0 --shift 0 --window 20px --offset A=30,0
	[ "$(jq -r .id samples | paste -sd ' ')" = 'n1 n2 n3' ]
	[ "$(jq -c '[.id, .near[].id]' samples | head -n 1)" = '["n1","n2"]' ]
}

@test "--offset: what is none, and a source that no image has" {
	image A 1 1000 1000 | rec-make -q >catalog.rec
	dot n1 500 500 | rec-make -q >objects.rec
	for bad in A A=1 =1,2 A=1,x A=1e9,0 A=nan,0; do
		check 2 geojoin --images catalog.rec --offset "$bad" <objects.rec
		grep -q -- "--offset '$bad'" err
	done
	check 2 geojoin --images catalog.rec --offset A=1,2 --offset A=1,2 \
		<objects.rec
	grep -q "that source has one" err
	check 1 geojoin --images catalog.rec --offset B=1,2 <objects.rec
	grep "no image is of the source 'B'" err
	check 0 geojoin --images catalog.rec --offset A=10,0 --grid 500px \
		</dev/null
	rec-view -q out | jq -s -e '.[0].box[0] > 10.0001' >/dev/null
}

@test "--print-halo: how far windows go from their objects" {
	image A 0.5 3000 3000 >images
	dot n1 1500 1500 >objects
	rec-make -q images >catalog.rec
	rec-make -q objects >objects.rec
	check 0 geojoin --images catalog.rec --print-halo --shift 0 \
		--window 100px <objects.rec
	# half a window's diagonal, and a twentieth of its sides: 100 pixels of
	# 0.72 and 1.11 m
	want=$(awk 'BEGIN { printf "%d", sqrt(71.7 ^ 2 + 111.2 ^ 2) * 0.55 }')
	[ "$(cat out)" -ge "$want" ]
	[ "$(cat out)" -le $((want + 3)) ]
	check 0 geojoin --images catalog.rec --print-halo -o halo.txt \
		--window 100px <objects.rec
	[ "$(cat halo.txt)" -gt "$want" ]
	[ ! -s out ]
	check 2 geojoin --images catalog.rec --print-halo --grid 100px
}

@test "parts with the halo that --print-halo tells of: the whole" {
	image A 0.5 20000 20000 >images
	for i in $(seq 0 299); do
		echo house "a$i" $((1000 + i * 37 % 3000)) \
			$((1000 + i * 91 % 3000)) \
			$((40 + i % 7 * 20)) $((30 + i % 5 * 15))
		echo line "w$i" \
			"$((1000 + i * 53 % 3000)),$((1000 + i * 29 % 3000))" \
			"$((1000 + i * 71 % 3000)),$((1000 + i * 43 % 3000))"
	done | make_objects >objects
	join 0
	cp samples whole
	halo=$(geojoin -q --images catalog.rec --print-halo <objects.rec)
	rec-split -q --cell deg:0.01 --halo "$halo" -o part. <objects.rec >parts
	[ "$(wc -l <parts)" -gt 3 ]
	while read -r part; do
		geojoin -q --images catalog.rec <"$part"
	done <parts | rec-view -q >joined
	cmp <(sort whole) <(sort joined)
}

@test "--negatives: windows near the samples that show no object" {
	image A 0.5 4000 4000 10 50 '{"date":"2020-01-01"}' >images
	for i in $(seq 0 39); do
		# shellcheck disable=SC2017 # whole numbers
		echo house "a$i" $((1000 + i % 8 * 250)) \
			$((1000 + i / 8 * 250)) 120 120
	done | make_objects >objects
	join 0
	cp samples without
	join 0 --negatives 25
	cmp without <(head -n 40 samples)
	tail -n +41 samples >negatives
	[ "$(wc -l <negatives)" -eq 25 ]
	[ "$(jq -r .key negatives | sort -u | wc -l)" -eq 25 ]
	jq -s -e 'all(.[]; (.id | test("^x[0-9a-f]{16}$")) and
		.key == .id + "_A_20" and .near == [] and (has("tags") | not) and
		.px == .win[2:] and .win[0] >= 0 and .win[0] + .win[2] <= 4000)' \
		negatives >/dev/null
	# none meets a house
	jq -e '.win as [$c, $r, $w, $h] | [range(40) |
		[1000 + . % 8 * 250, 1000 + (. / 8 | floor) * 250] |
		select(.[0] < $c + $w and $c < .[0] + 120 and
			.[1] < $r + $h and $r < .[1] + 120)] == []' negatives |
		grep -c true | grep -qx 25
	# as many threads, as any order: the same windows
	cp negatives first
	rec-view -q objects.rec | tac | rec-make -q >reversed.rec
	geojoin -q --images catalog.rec --negatives 25 <reversed.rec |
		rec-view -q | tail -n 25 | cmp - first
}

@test "--negatives: true geometry, and tags that show" {
	image A 0.5 3000 3000 10 50 '{"gsd_m":1}' >images
	{
		house a1 1450 1450 100 100 '{"tag_gsd_m":{"building":2}}'
		# goes round the house, and all of the image is in its bbox
		object a2 '{"landuse":"forest"}' "$(wkb 3 0,0 3000,0 3000,3000 \
			0,3000 0,2900 2900,2900 2900,100 0,100 0,0)"
		# does not show
		object a3 '{"boundary":"park"}' "$(wkb 3 0,0 3000,0 3000,3000 \
			0,3000 0,0)" '{"tag_gsd_m":{"boundary":0.1}}'
	} >objects
	join 0 --negatives 1 --px 100,1000
	jq -c 'select(.id | test("^x"))' samples >negatives
	[ "$(wc -l <negatives)" -eq 1 ]
	jq -e '.win as [$c, $r, $w, $h] |
		($c + $w <= 1450 or $c >= 1550 or $r + $h <= 1450 or $r >= 1550)
		and $r >= 100 and $r + $h <= 2900 and $c + $w <= 2900' negatives
	# its way from the house is within what --print-halo tells of
	near=$(geojoin -q --images catalog.rec --print-halo <objects.rec)
	far=$(geojoin -q --images catalog.rec --print-halo --negatives 1 \
		<objects.rec)
	[ "$far" -gt $((5 * near)) ]
}

@test "windows lie in the image's footprint, shifted ones and empty ones, too" {
	# the left half of the image and a bit in the right one have pixels
	geom=$(wkb 3 0,0 1000,0 1000,2000 0,2000 0,0)
	image A 0.5 2000 2000 | jq -c --arg geom "$geom" '.geom = $geom' \
		>images
	for i in $(seq 0 9); do
		echo house "a$i" 890 $((100 + i * 180)) 108 108
		echo house "b$i" 950 $((100 + i * 180)) 100 100
		echo house "c$i" 1500 $((100 + i * 180)) 100 100
	done | make_objects >objects
	join 0 --negatives 5
	[ "$(jq -r 'select(.tags) | .id' samples | cut -c 1 | uniq -c |
		xargs)" = '10 a' ]
	jq -se 'all(.[]; .win[0] + .win[2] <= 1001)' samples
	[ "$(cut -d ' ' -f 2- rejects | sort | uniq -c | xargs)" = \
		'20 window leaves image' ]
	rec-view -q rejects.rec | jq -r .reject.detail |
		grep -q "in the footprint of an image of 2000 x 2000"
	check 0 geojoin --images catalog.rec --grid 300px
	[ "$(rec-view -q out | jq -c '.win[0]' | sort -nu | xargs)" = \
		'0 300 600 900' ]
	# an image that was moved has its footprint with it
	join 0 --shift 0 --offset A=0.36,0
	[ "$(jq -r .id samples | cut -c 1 | uniq -c | xargs)" = '10 a' ]
	join 0 --shift 0 --offset A=-20,0
	[ "$(jq -r .id samples | wc -l)" = 0 ]
}

# wkb_deg X,Y…: base64 of a polygon, in degrees
wkb_deg() {
	perl -e 'print pack("CVVV", 1, 3, 1, scalar @ARGV),
		map { pack("d<2", split /,/) } @ARGV' -- "$@" | base64 -w0
}

# joined GEOM IMAGE…: of three dots in the middle of each image, how many
# become samples there; GEOM is every image's footprint.
joined() {
	local geom=$1
	shift
	cat "$@" | jq -c --arg geom "$geom" '.geom = $geom |
		if .bbox[2] > 180 then .bbox[2] -= 360 else . end' >images
	jq -c '.img.src as $src | .img.transform as [$w, $x, $y, $n] |
		(0.0099, 0.01, 0.0101) as $i |
		{id: "\($src)-\($i)", tags: {natural: "tree"},
		lon: ($w + $i | if . > 180 then . - 360 else . end),
		lat: ($n - $i)}' images >objects
	join 0 --window 100px
	jq -nr --slurpfile images images '[inputs.img.src] as $got |
		[$images[].img.src as $src | $got | map(select(. == $src)) |
		length] | join(" ")' samples
}

@test "footprints of half the globe and more, and elsewhere" {
	world=$(wkb_deg -180,-90 180,-90 180,90 -180,90 -180,-90)
	half=$(wkb_deg -180,0 180,0 180,90 -180,90 -180,0)
	east=$(wkb_deg 0,-90 360,-90 360,90 0,90 0,-90)
	across=$(wkb_deg 179,-20 181,-20 181,20 179,20 179,-20)
	opposite=$(wkb_deg -171,40 -169,40 -169,60 -171,60 -171,40)
	image A 0.5 2000 2000 10 50 >a
	image B 0.5 2000 2000 -100 50 >b
	image C 0.5 2000 2000 179.99 5 >c
	image D 0.5 2000 2000 -180 5 >d
	image E 0.5 2000 2000 0 5 >e
	image F 0.5 2000 2000 10 -50 >f
	[ "$(joined "$world" a b c d e)" = '3 3 3 3 3' ]
	[ "$(joined "$half" a b c d e f)" = '3 3 3 3 3 0' ]
	[ "$(joined "$east" a b c d e)" = '3 3 3 3 3' ]
	[ "$(joined "$opposite" a b c d e)" = '0 0 0 0 0' ]
	[ "$(joined "$across" c d e)" = '3 3 0' ]
}

@test "a footprint that is none" {
	image A 0.5 2000 2000 >one
	dot n1 500 500 >objects
	rec-make -q objects >objects.rec
	for geom in "$(wkb 2 0,0 10,10)" AQ== \
		"$(wkb_deg 10,49 11,49 11,95 10,95 10,49)" \
		"$(wkb_deg 1000,49 1001,49 1001,50 1000,49)"; do
		jq -c --arg geom "$geom" '.geom = $geom' one >images
		rec-make -q images >catalog.rec
		check 1 geojoin --images catalog.rec <objects.rec
		grep -q "catalog.rec: .*record 1.*'geom'" err
	done
}

@test "--negatives: fewer than are wanted, with a warning" {
	image A 0.5 300 300 >images
	house a1 100 100 100 100 >objects
	join 0 --negatives 7
	grep "only 0 of 7 windows without objects" err
	[ "$(wc -l <samples)" -eq 1 ]
}
