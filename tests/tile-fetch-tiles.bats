# tile-fetch-tiles.bats - tile services, from folders and over HTTP

load lib
load raster
load server
load tiles

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	server_pid=
}

teardown() {
	stop_server
}

# chips MOSAIC WIN…: the chips in ./out, PNG, are these windows of it.
chips() {
	local mosaic=$1 n=0 win
	shift
	for win in "$@"; do
		n=$((n + 1))
		rec-view -q out | sed -n "${n}p" | jq -r .chip |
			base64 -d >chip.png
		gdal_translate -q -of ENVI -co INTERLEAVE=BIP chip.png have
		# shellcheck disable=SC2086 # four words
		gdal_translate -q -of ENVI -co INTERLEAVE=BIP -srcwin $win \
			"$mosaic" want
		cmp have want
	done
}

@test "windows over several tiles are stitched, whatever tiles are called" {
	mosaic m.tif
	cut PNG png t 5 10 12
	mkdir -p tms/5 quad wmts
	for x in 10 11 12 13 14; do
		mkdir -p tms/5/$x
		for y in 12 13 14 15 16; do
			ln t/5/$x/$y.png tms/5/$x/$((31 - y)).png
			q=
			for i in 4 3 2 1 0; do
				q=$q$(((x >> i & 1) + 2 * (y >> i & 1)))
			done
			ln t/5/$x/$y.png quad/$q.png
			ln t/5/$x/$y.png wmts/5-$y-$x.png
		done
	done
	for template in 't/{z}/{x}/{y}.png' 'tms/{z}/{x}/{-y}.png' \
		'quad/{q}.png' 'quad/{quadkey}.png' "file://$T/t/{z}/{x}/{y}.png" \
		'wmts/{TileMatrix}-{TileRow}-{TileCol}.png'; do
		windows "$(service "$template")" '[640,768,320,320]' \
			'[700,800,100,50]' '[650,780,20,20]' '[703,831,2,2]' >s
		check 0 tile-fetch --chip-format png <s
		chips m.tif '0 0 320 320' '60 32 100 50' '10 12 20 20' '63 63 2 2'
	done
	windows "$(service 't/{z}/{x}/{y}.png')" '[700,800,100,50]' >s
	check 3 tile-fetch --root nowhere --reject rejects <s
	rec-view -q rejects | jq -e '.reject.reason == "not there"'
}

@test "coarser chips come from a level that fits" {
	mosaic m.tif
	cut PNG png t 5 10 12
	# level 4 is of another colour, so that it shows where a chip is from
	for x in 5 6 7; do
		mkdir -p t/4/$x
		for y in 6 7 8; do
			gdal_create -q -of PNG -outsize 64 64 -bands 3 -burn 77 \
				t/4/$x/$y.png
		done
	done
	windows "$(service 't/{z}/{x}/{y}.png' 4-5)" '[656,784,128,64]' >s
	colour() {
		check 0 tile-fetch --chip-format png "$@" <s
		rec-view -q out | jq -r .chip | base64 -d >chip.png
		gdalinfo -mm chip.png | grep -c 'Min/Max=77.000,77.000' || true
	}
	[ "$(colour)" = 0 ]
	[ "$(colour --size 100)" = 0 ]
	[ "$(colour --size 64)" = 3 ]
	rec-view -q out | jq -e '.px == [64,32]'
	[ "$(colour --size 10)" = 3 ]
	# as the service says, on the ground
	gsd=$(rec-view -q s | jq '.img.gsd_m * 2.1')
	[ "$(colour --gsd "$gsd")" = 3 ]
}

@test "one tile is passed on as it is; other formats are made" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	img=$(service 't/{z}/{x}/{y}.jpg')
	whole "$img" 5 5 >s
	for how in decode framing; do
		check 0 tile-fetch --verify $how <s
		[ "$(same t 5)" = 25 ]
	done
	rec-view -q out | jq -se 'all(.px == [64,64] and .chip_fmt == "jpeg" and
		.valid == 1)'
	check 0 tile-fetch --chip-format png <s
	rec-view -q out | jq -se 'all(.chip_fmt == "png")'
	check 0 tile-fetch --bands 3,2,1 <s
	if same t 5; then return 1; fi
}

@test "alpha is what is not valid" {
	mkdir -p t/5/0
	gdal_create -q -of GTiff -outsize 64 64 -bands 4 -burn 9 -burn 9 \
		-burn 9 -burn 255 a.tif
	gdal_create -q -of GTiff -outsize 64 64 -bands 4 -burn 9 -burn 9 \
		-burn 9 -burn 0 b.tif
	gdal_translate -q -of PNG -colorinterp_4 alpha a.tif t/5/0/0.png
	gdal_translate -q -of PNG -colorinterp_4 alpha b.tif t/5/0/1.png
	windows "$(service 't/{z}/{x}/{y}.png')" '[0,0,64,128]' '[0,0,64,64]' \
		'[0,64,64,64]' '[0,32,64,48]' >s
	check 0 tile-fetch <s
	rec-view -q out | jq -se 'map(.valid) == [0.5, 1, 0, 2/3]'
	check 0 tile-fetch --min-valid 0.6 --chip-format png <s
	rec-view -q out | jq -se 'map(.valid) == [1, 2/3]'
}

@test "windows of the same tile ask for it once, near and far" {
	mosaic m.tif
	cut JPEG jpg 25 5 0 0
	many t 8 30 30
	start_nginx t
	# pairs, after one alone, so that they lie across any power of two; then
	# a hundred of them again, backwards
	seq 0 899 | awk '{ print int($1 / 30), $1 % 30 }' >all
	{
		head -n 1 all
		sed p all
		head -n 100 all | tac
	} >order
	awk -v img="$(service "$url/{z}/{x}/{y}.jpg" 8)" '{
		printf "{\"t\":\"%d/%d\",\"img\":%s,\"win\":[%d,%d,64,64]}\n",
			$1, $2, img, $1 * 64, $2 * 64 }' order | rec-make -q >s
	for verify in decode framing; do
		: >access
		check 0 tile-fetch -@ 2 --verify $verify <s
		[ "$(same t 8)" = 1901 ]
		rec-view -q out | jq -r .t | cmp - <(tr ' ' / <order)
		# the end of a sweep may lie between two
		[ "$(wc -l <access)" -lt 905 ]
	done
}

@test "a body that no tile of its size needs is not taken" {
	mosaic m.tif
	cut PNG png t 5 0 0
	# a comment of 90,000 bytes before the pixels
	/usr/bin/python3 - t/5/0/0.png <<-'PY'
		import struct, sys, zlib
		with open(sys.argv[1], "rb") as f:
		    png = f.read()
		text = b"tEXt" + b"x\0" + b"y" * 90000
		with open(sys.argv[1], "wb") as f:
		    f.write(png[:33] + struct.pack(">I", len(text) - 4) + text +
		            struct.pack(">I", zlib.crc32(text)) + png[33:])
	PY
	start_nginx t
	for where in "$url" t; do
		windows "$(service "$where/{z}/{x}/{y}.png")" \
			'[0,0,64,64]' '[64,0,64,64]' >s
		check 3 tile-fetch --reject rejects <s
		rec-view -q rejects | jq -se 'map([.id, .reject.reason]) ==
			[["n1", "too large"]]'
		rec-view -q out | jq -se 'map(.id) == ["n2"]'
	done
}

@test "over HTTP: each tile is asked for once, in any order" {
	mosaic m.tif
	cut PNG png t 5 0 0
	start_nginx t
	windows "$(service "$url/{z}/{x}/{y}.png")" '[0,0,320,320]' \
		'[200,200,60,60]' '[10,10,40,40]' '[60,60,100,50]' \
		'[190,190,80,80]' '[5,5,300,200]' >s
	check 0 tile-fetch --chip-format png <s
	chips m.tif '0 0 320 320' '200 200 60 60' '10 10 40 40' '60 60 100 50' \
		'190 190 80 80' '5 5 300 200'
	[ "$(wc -l <access)" = 25 ]
	grep -q '"GET /5/0/0.png HTTP/1.1" 200' access
	grep -q '"skyfilters/' access
}

@test "the cache: nothing is asked for twice; --offline; a run that was killed" {
	mosaic m.tif
	cut JPEG jpg 25 5 0 0
	many t 8 20 20
	start_nginx t
	whole "$(service "$url/{z}/{x}/{y}.jpg" 8)" 20 20 >s
	check 3 tile-fetch --cache cache --offline --reject rejects <s
	rec-view -q rejects | jq -se 'length == 400 and
		all(.reject.reason == "not in the cache")'
	# killed in the middle
	tile-fetch -q --rate 150 --cache cache <s >/dev/null 2>&1 &
	pid=$!
	for _ in $(seq 200); do
		[ "$(wc -l <access)" -lt 60 ] || break
		sleep 0.02
	done
	kill -9 $pid
	wait $pid || true
	files=$(find cache -type f ! -name '.*' ! -name '*tmp*' | wc -l)
	[ "$files" -gt 20 ]
	[ "$files" -lt 400 ]
	asked=$(wc -l <access)
	check 0 tile-fetch --cache cache <s
	[ "$(same t 8)" = 400 ]
	# what was under way when it was killed may be asked for again
	[ $(($(wc -l <access) - asked)) -le $((400 - files)) ]
	asked=$(wc -l <access)
	check 0 tile-fetch --cache cache --offline <s
	[ "$(same t 8)" = 400 ]
	cp out first
	check 0 tile-fetch --cache cache -@ 1 --lookahead 7 <s
	cmp first out
	[ "$(wc -l <access)" = "$asked" ]
}

@test "tokens come from the environment, go to their host, and stay secret" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	start_nginx t
	whole "$(service "$url/{z}/{x}/{y}.jpg?k={MY_KEY}")" 2 2 >s
	check 3 tile-fetch --reject rejects <s
	grep -q 'who may have {MY_KEY}? Say so with --token MY_KEY@HOST' err
	rec-view -q rejects | jq -se 'all(.reject.reason == "not allowed")'
	check 2 tile-fetch --token "MY_KEY@127.0.0.1:$port" <s
	grep -q "the environment has no 'MY_KEY'" err
	export MY_KEY=geheim/1
	check 3 tile-fetch --token "MY_KEY@127.0.0.1" <s
	[ ! -s access ] || return 1
	check 0 tile-fetch -v --token "MY_KEY@127.0.0.1:$port" --cache cache <s
	grep -q 'k=geheim%2F1' access
	if grep -r geheim out err cache; then return 1; fi
	# nor where something fails
	rm -r t/5/1 cache
	check 3 tile-fetch -v --token "MY_KEY@127.0.0.1:$port" \
		--reject rejects <s
	grep -q 'not there' err
	if grep geheim out err rejects; then return 1; fi
	check 0 tile-fetch -q --header "127.0.0.1:$port=X-Key: {MY_KEY}" \
		--max-faults 100 --token "MY_KEY@127.0.0.1:$port" <s
	for bad in '=X: y' 'a.example=X' 'a.example' 'a@b=X: y' 'a/b=X: y'; do
		check 2 tile-fetch --header "$bad" <s
	done
	for bad in KEY KEY@ @host 'KEY@a/b'; do
		check 2 tile-fetch --token "$bad" <s
	done
}

@test "what is no file is no tile: nothing waits, nothing is taken from stdin" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	mkfifo fifo
	: >empty
	{
		for path in fifo /dev/stdin /dev/zero /proc/kmsg empty t; do
			whole "$(service "$path?{z}{x}{y}")" 1 1 | rec-view -q |
				jq -c --arg p "$path" '.img.uri = $p'
		done
		whole "$(service 't/{z}/{x}/{y}.jpg')" 5 5 | rec-view -q
	} | rec-make -q >s
	# as a pipe, which must not be read by others
	# shellcheck disable=SC2002
	cat s | check 3 timeout 60 tile-fetch --reject rejects
	[ "$(same t 5)" = 25 ]
	rec-view -q rejects | jq -se 'length == 6 and
		all(.reject.reason == "not there")'
}

@test "a grid that is not the map's is none" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	img=$(service 't/{z}/{x}/{y}.jpg')
	for wrong in '.size = [64,64]' '.crs = "EPSG:4326"' '.tile.max_z = 6' \
		'.tile.px = 128' 'del(.tile)'; do
		windows "$(jq -c "$wrong" <<<"$img")" '[0,0,64,64]' >s
		check 3 tile-fetch --reject rejects <s
		rec-view -q rejects | jq -e '.reject.reason == "bad image"'
	done
	# more tiles than anybody would ask for
	windows "$(jq -c '.tile.px = 1 | .size = [32,32]' <<<"$img")" \
		'[0,0,32,32]' >s
	check 3 tile-fetch <s
	windows "$(jq -c '.tile.px = 1 | .tile.max_z = 15 |
		.size = [32768,32768]' <<<"$img")" '[0,0,1000,1000]' >s
	check 3 timeout 20 tile-fetch --reject rejects <s
	rec-view -q rejects | jq -e '.reject.reason == "window too large"'
	check 2 tile-fetch --min-bright 0.9 --max-bright 0.1 <s
	check 2 tile-fetch --offline <s
}

@test "what is done comes out while the input waits" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	whole "$(service 't/{z}/{x}/{y}.jpg')" 5 5 >s
	size=$(stat -c %s s)
	mkfifo in
	tile-fetch -q <in >out &
	pid=$!
	exec 5>in
	head -c $((size - 300)) s >&5
	for _ in $(seq 200); do
		[ ! -s out ] || break
		sleep 0.05
	done
	[ -s out ]
	tail -c 300 s >&5
	exec 5>&-
	wait $pid
	[ "$(same t 5)" = 25 ]
}

@test "--allow-source: nothing else is opened" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	start_nginx t
	mkdir good
	cp -r t good/t
	whole "$(service "$url/{z}/{x}/{y}.jpg")" 1 1 >s
	check 3 tile-fetch --allow-source https://a.example/ <s
	grep -q 'not allowed' err
	[ ! -s access ]
	check 0 tile-fetch --allow-source https://a.example/ \
		--allow-source "$url/" <s
	whole "$(service 't/{z}/{x}/{y}.jpg')" 1 1 >s
	check 3 tile-fetch --allow-source good/ <s
	grep -q 'not allowed' err
	whole "$(service 'good/t/{z}/{x}/{y}.jpg')" 1 1 >s
	check 0 tile-fetch --allow-source good/ <s
	whole "$(service 'good/../t/{z}/{x}/{y}.jpg')" 1 1 >s
	check 3 tile-fetch --allow-source good/ <s
}

@test "5,000 tiles of which a tenth is faulty: each is right or says why" {
	mosaic m.tif
	cut JPEG jpg 25 5 0 0
	many t 8 100 50
	gdal_translate -q -of JPEG -outsize 32 32 m.tif t/small.jpg
	start_tile_server t
	whole "$(service "$url/{z}/{x}/{y}.jpg" 8)" 100 50 >s
	check 3 tile-fetch -@ 2 --tries 4 --reject rejects <s
	[ "$(same t 8)" = $((5000 - 9 * 50)) ]
	rec-view -q rejects | jq -r .reject.reason | sort | uniq -c |
		awk '{ n = $1; $1 = ""; print n $0 }' >reasons
	cat >want <<-EOF2
		50 cut short
		100 damaged image
		100 no image
		50 not allowed
		50 not there
		50 refused by the server
		50 wrong size
	EOF2
	diff want reasons
	# the rejects can be fed back
	cp rejects s2
	check 3 tile-fetch -@ 2 --tries 1 --reject rejects2 <s2
	[ "$(rec-view -q rejects2 | wc -l)" = 450 ]
	# where pixels are not looked at, noise in a whole frame is passed on
	check 3 tile-fetch -@ 2 --tries 4 --verify framing <s
	[ "$(rec-view -q out | wc -l)" = $((5000 - 8 * 50)) ]
}

@test "a server that keeps silent holds up nobody else, and not for ever" {
	mosaic m.tif
	cut JPEG jpg t 5 0 0
	start_fault_server
	fault_pid=$server_pid
	silent=$url
	start_nginx t
	{
		whole "$(service "$silent/silent/{z}/{x}/{y}.jpg")" 2 2 |
			rec-view -q
		whole "$(service "$url/{z}/{x}/{y}.jpg")" 5 5 | rec-view -q
		whole "$(service "$silent/drip/{z}/{x}/{y}.jpg")" 2 2 |
			rec-view -q
	} | rec-make -q >s
	check 3 tile-fetch --item-timeout 2 --reject rejects <s
	[ "$(same t 5)" = 25 ]
	rec-view -q rejects | jq -se 'length == 8 and
		all(.reject.reason == "timed out")'
	kill "$fault_pid"
	wait "$fault_pid" || true
}

@test "a WMS is asked for the window, at the chip's size" {
	mosaic m.tif
	mkdir w
	gdal_translate -q -of JPEG -outsize 100 50 m.tif w/map.jpg
	start_nginx w
	windows "$(service "$url/map.jpg?bbox={bbox}&w={width}&h={height}&s={proj}")" \
		'[640,768,100,50]' >s
	check 0 tile-fetch <s
	rec-view -q out | jq -r .chip | base64 -d | cmp - w/map.jpg
	awk '{ print $7 }' access >asked
	# half the map is 1024 pixels
	/usr/bin/python3 -c '
import math, sys, urllib.parse
q = dict(urllib.parse.parse_qsl(sys.stdin.read().strip().split("?")[1]))
half = math.pi * 6378137
box = [float(v) for v in q["bbox"].split(",")]
px = half / 1024
want = [640 * px - half, half - 818 * px, 740 * px - half, half - 768 * px]
assert all(abs(a - b) < 0.01 for a, b in zip(box, want)), (box, want)
assert (q["w"], q["h"], q["s"]) == ("100", "50", "EPSG:3857"), q' <asked
	# what asks for a tile that there is none of
	windows "$(jq -c --arg u "$url/map.jpg?{q}{-y}{z}{x}" '.uri = $u' \
		<<<"$(service "$url/map.jpg?b={bbox}")")" '[640,768,100,50]' >s2
	check 0 timeout 20 tile-fetch <s2
	check 3 tile-fetch --size 50 <s
	grep -q 'wrong size: .*100 x 50 pixels instead of 50 x 25' err
}
