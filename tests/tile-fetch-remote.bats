# tile-fetch-remote.bats - rasters on servers, and what records may not do

load lib
load raster
load server

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	server_pid=
	mkdir www
}

teardown() {
	stop_server
}

# samples CATALOGUE WINDOW…: a record for each image and window, to stdout.
samples() {
	local catalogue=$1
	shift
	for win in "$@"; do
		rec-view -q "$catalogue" |
			jq -c --argjson win "$win" '{id: "n1", img, win: $win}'
	done | rec-make -q
}

# moved FROM TO: the records of stdin with other names of images.
moved() {
	rec-view -q | jq -c --arg from "$1" --arg to "$2" \
		'.img.uri |= if type == "array" then map(sub($from; $to))
		else sub($from; $to) end' | rec-make -q
}

# chips_of: the chips of ./out, a line each.
chips_of() {
	rec-view -q out | jq -r .chip
}

# cog NAME [OPTION…]: 600 x 400 pixels in blocks of 128, with overviews.
cog() {
	tif plain.tif 600 400 3 EPSG:32632 500000 5200000 1
	gdal_translate -q -of COG -co BLOCKSIZE=128 "${@:2}" plain.tif "$1"
}

@test "over HTTP and from the disk: the same chips, of any compression" {
	cog www/jpeg.tif -co COMPRESS=JPEG
	cog www/webp.tif -co COMPRESS=WEBP -co QUALITY=75
	cog www/deflate.tif -co COMPRESS=DEFLATE -co PREDICTOR=2
	# a mask among the blocks
	gdal_translate -q -b 1 -b 2 -b 3 -b 1 plain.tif four.tif
	for how in DEFLATE JPEG; do
		gdal_translate -q -of COG -co BLOCKSIZE=128 -co COMPRESS=$how \
			-b 1 -b 2 -b 3 -mask 4 four.tif www/mask-$how.tif
	done
	tif www/strips.tif 600 400 3 EPSG:32632 500000 5200000 1
	gdal_translate -q -co INTERLEAVE=BAND plain.tif www/planes.tif
	gdal_translate -q -ot UInt16 -scale 0 255 0 4000 plain.tif www/deep.tif
	tif www/png.png 600 400 3 EPSG:32632 500000 5200000 1 -of PNG \
		-co WORLDFILE=YES
	img-catalog -q www/jpeg.tif www/webp.tif www/deflate.tif \
		www/strips.tif www/planes.tif www/mask-DEFLATE.tif \
		www/mask-JPEG.tif >catalog
	img-catalog -q --stretch 0,4000 www/deep.tif >>catalog
	samples catalog '[0,0,600,400]' '[100,100,100,100]' '[120,120,20,20]' \
		'[599,399,1,1]' '[300,200,224,180]' >s
	start_nginx www
	moved '^www' "$url" <s >s2
	for option in '' '--size 40' '--gsd 3.7 --chip-format png'; do
		# shellcheck disable=SC2086 # words
		check 0 tile-fetch $option <s
		chips_of >want
		# shellcheck disable=SC2086
		check 0 tile-fetch $option --cache cache <s2
		chips_of | cmp - want
		# shellcheck disable=SC2086
		check 0 tile-fetch $option --cache cache --offline <s2
		chips_of | cmp - want
	done
}

@test "of a COG what the windows need is asked for, once" {
	cog www/a.tif -co COMPRESS=JPEG
	img-catalog -q www/a.tif >catalog
	samples catalog '[130,130,100,100]' '[10,10,50,50]' '[140,140,60,60]' \
		'[20,20,60,60]' >s
	size=$(stat -c %s www/a.tif)
	start_nginx www
	moved '^www' "$url" <s >s2
	check 0 tile-fetch --cache cache <s2
	chips_of >first
	# its beginning, which holds what GDAL wants to know, and two blocks
	[ "$(wc -l <access)" -le 4 ]
	[ "$(awk '{ n += $10 } END { print n }' access)" -lt "$size" ]
	n=$(wc -l <access)
	check 0 tile-fetch --cache cache --offline <s2
	chips_of | cmp - first
	check 0 tile-fetch --cache cache <s2
	[ "$(wc -l <access)" = "$n" ]
	# windows side by side come together
	rm access
	stop_server
	start_nginx www
	samples catalog '[0,0,600,100]' | moved '^www' "$url" >s2
	check 0 tile-fetch <s2
	[ "$(wc -l <access)" -le 2 ]
}

@test "a file per band; other names for the same; VRTs" {
	for b in 1 2 3; do
		tif www/b$b.tif 60 40 1 EPSG:32632 500000 5200000 1 \
			-scale 0 255 0 $((b * 80))
	done
	cat >list.json <<-EOF2
		{"id":"n1","win":[5,6,30,20]}
	EOF2
	img-catalog -q www/b1.tif | rec-view -q | jq -c '{id: "n1", img,
		win: [5,6,30,20]} | .img.uri = ["www/b3.tif","www/b2.tif",
		"www/b1.tif"] | .img.bands = [1,1,1]' | rec-make -q >s
	check 0 tile-fetch --chip-format png <s
	chips_of >want
	rec-view -q out | jq -r .chip | base64 -d >chip.png
	gdal_translate -q -of ENVI -co INTERLEAVE=BIP -srcwin 5 6 30 20 \
		www/b3.tif want.b3
	gdal_translate -q -of ENVI -b 1 chip.png have.b3
	cmp have.b3 want.b3
	rec-view -q s | jq -c '.img.uri |= reverse' | rec-make -q >s2
	check 0 tile-fetch --chip-format png --bands 3,2,1 <s2
	chips_of | cmp - want
	start_nginx www
	moved '^www' "$url" <s >s2
	check 0 tile-fetch --chip-format png <s2
	chips_of | cmp - want
	moved '^www' "/vsicurl/$url" <s >s2
	check 0 tile-fetch --chip-format png <s2
	chips_of | cmp - want
	gdalbuildvrt -q -separate l.vrt www/b1.tif www/b2.tif www/b3.tif
	sed "s|<SourceFilename.*>www/|<SourceFilename relativeToVRT=\"0\">/vsicurl/$url/|" \
		l.vrt >r.vrt
	grep -q vsicurl r.vrt
	for vrt in l.vrt r.vrt; do
		img-catalog -q --bands 1 www/b1.tif | rec-view -q | jq -c \
			--arg vrt $vrt '{id: "n1", img, win: [5,6,30,20]} |
			.img.uri = $vrt | .img.bands = [3,2,1]' | rec-make -q >s
		check 0 tile-fetch --chip-format png <s
		chips_of | cmp - want
	done
}

@test "what a server does wrong is said, and holds up nothing" {
	cog www/a.tif -co COMPRESS=JPEG
	cp www/a.tif www/cut.tif
	truncate -s 3000 www/cut.tif
	echo '<html>' >www/page.tif
	img-catalog -q www/a.tif >catalog
	start_nginx www
	for name in a none cut page; do
		samples catalog '[10,10,50,50]' | rec-view -q |
			jq -c --arg u "$url/$name.tif" '.img.uri = $u'
	done | rec-make -q >s
	check 3 tile-fetch --tries 2 --reject rejects <s
	[ "$(chips_of | wc -l)" = 1 ]
	rec-view -q rejects | jq -c .reject.reason >reasons
	diff reasons - <<-'WANT'
		"not there"
		"cut short"
		"cannot open the image"
	WANT
	grep -q 'none.tif: .*HTTP 404' err
	# one that gives no parts
	stop_server
	start_fault_server
	samples catalog '[10,10,50,50]' | moved '^www/a.tif' \
		"$url/silent/a.tif" >s
	check 3 tile-fetch --item-timeout 1 --reject rejects <s
	rec-view -q rejects | jq -e '.reject.reason == "timed out"'
}

@test "records are data: what they name is an image, or is not opened" {
	cog www/a.tif -co COMPRESS=JPEG
	img-catalog -q www/a.tif >catalog
	start_nginx www
	gdalbuildvrt -q "$T/www/v.vrt" www/a.tif
	zip -q a.zip www/a.tif || true
	cp www/a.tif secret.tif
	sed 's|<SourceFilename.*</SourceFilename>|<SourceFilename relativeToVRT="0">/etc/passwd</SourceFilename>|' \
		www/v.vrt >www/passwd.vrt
	sed "s|<SourceFilename.*</SourceFilename>|<SourceFilename relativeToVRT=\"0\">$T/secret.tif</SourceFilename>|" \
		www/v.vrt >www/local.vrt
	for uri in /etc/passwd /vsistdin/ /vsizip/a.zip/www/a.tif \
		/vsisubfile/0,www/a.tif '<VRTDataset/>' \
		'GTIFF_DIR:1:www/a.tif' 'vrt://www/a.tif' "$url/v.vrt" \
		"$url/local.vrt" www/passwd.vrt "/vsicurl?url=$url/a.tif" \
		'EEDAI:x' 'http://169.254.169.254/a.tif' \
		'http://metadata.google.internal/a.tif' 'file:///etc/passwd' \
		'ftp://127.0.0.1/a.tif'; do
		samples catalog '[10,10,50,50]' | rec-view -q |
			jq -c --arg u "$uri" '.img.uri = $u'
	done | rec-make -q >s
	check 3 tile-fetch --tries 1 --reject rejects <s
	rec-view -q out | jq -r .img.uri >opened
	[ ! -s opened ] || {
		cat opened
		return 1
	}
	# the same without the attack
	samples catalog '[10,10,50,50]' | rec-view -q |
		jq -c --arg u "$url/a.tif" '.img.uri = $u' | rec-make -q >s
	check 0 tile-fetch <s
	check 3 tile-fetch --allow-source "$url/other/" <s
	grep -q -- '--allow-source' err
	check 0 tile-fetch --allow-source "$url/" <s
}

@test "--allow-source also holds where a redirect leads" {
	cog www/a.tif -co COMPRESS=JPEG
	img-catalog -q www/a.tif >catalog
	start_nginx www
	good=$url
	nginx_pid=$server_pid
	start_fault_server
	samples catalog '[10,10,50,50]' | rec-view -q |
		jq -c --arg u "$url/to/$good/a.tif" '.img.uri = $u' |
		rec-make -q >s
	check 0 tile-fetch <s
	check 3 tile-fetch --allow-source "$url/" <s
	grep -q -- '--allow-source' err
	check 0 tile-fetch --allow-source "$url/" --allow-source "$good/" <s
	kill "$nginx_pid"
	wait "$nginx_pid" || true
}

@test "what is to be asked for each time is kept, and asked whether it changed" {
	cog www/a.tif -co COMPRESS=JPEG
	gdal_translate -q -of JPEG -srcwin 0 0 64 64 plain.tif www/0.jpg
	rm -f www/*.xml
	# shellcheck disable=SC2034 # start_nginx's
	nginx_locations='location ~ jpg { add_header Cache-Control no-cache; }
		location ~ tif { add_header Cache-Control no-store; }'
	start_nginx www
	img-catalog -q --from tiles --zoom 1 --tile-size 64 \
		"$url/{x}.jpg?{z}{y}" | rec-view -q |
		jq -c '{id: "n1", img, win: [0,0,64,64]}' | rec-make -q >s
	for _ in 1 2; do
		check 0 tile-fetch --cache cache <s
	done
	[ "$(awk '{ print $9 }' access | tr '\n' ' ')" = '200 304 ' ]
	check 0 tile-fetch --cache cache --offline <s
	img-catalog -q www/a.tif >catalog
	samples catalog '[10,10,50,50]' | moved '^www' "$url" >s
	check 0 tile-fetch --cache cache2 <s
	[ -z "$(find cache2 -type f)" ]
}

@test "an output does not take the place of an image that is read" {
	tif a.tif 60 40 3 EPSG:32632 500000 5200000 1
	cp a.tif copy.tif
	img-catalog -q a.tif >catalog
	samples catalog '[10,10,20,20]' >s
	check 1 tile-fetch -o a.tif <s
	check 1 tile-fetch --reject ./a.tif <s
	cmp a.tif copy.tif
}

@test "north up: a turned image is turned back" {
	tif plain.tif 400 400 3 EPSG:32632 500000 5200000 1
	# turned by 30 degrees about its corner
	/usr/bin/python3 -c '
import math
a = math.radians(30)
print(500000, math.cos(a), math.sin(a), 5200000, math.sin(a), -math.cos(a))' >gt
	gdal_translate -q -of VRT plain.tif turned.vrt
	sed -i "s|<GeoTransform>.*</GeoTransform>|<GeoTransform>$(tr ' ' ',' <gt)</GeoTransform>|" \
		turned.vrt
	gdal_translate -q turned.vrt turned.tif
	img-catalog -q turned.tif >catalog
	samples catalog '[100,100,200,200]' >s
	check 0 tile-fetch --north-up --chip-format tiff <s
	rec-view -q out | jq -r .chip | base64 -d >chip.tif
	gdalinfo chip.tif >info
	grep -q 'Azimuthal_Equidistant\|Azimuthal Equidistant' info
	gdalinfo -json chip.tif | jq -e '.geoTransform |
		.[2] == 0 and .[4] == 0 and .[1] > 0.99 and .[1] < 1.01'
	# what gdalwarp makes of it
	gdal_translate -q -of VRT chip.tif grid.vrt
	gdalsrsinfo -o proj4 chip.tif | grep proj >srs
	gdalinfo -json chip.tif | jq -r '.cornerCoordinates |
		.lowerLeft + .upperRight | map(tostring) | join(" ")' >te
	# shellcheck disable=SC2046 # four words
	gdalwarp -q -r cubic -wo XSCALE=1 -wo YSCALE=1 -t_srs "$(cat srs)" -te $(cat te) -ts 200 200 \
		turned.tif want.tif
	for f in chip want; do
		gdal_translate -q -of ENVI -co INTERLEAVE=BIP $f.tif $f.raw
	done
	/usr/bin/python3 - <<'PY'
a, b = (open(n, "rb").read() for n in ("chip.raw", "want.raw"))
assert len(a) == len(b) == 200 * 200 * 3, (len(a), len(b))
mean = sum(abs(x - y) for x, y in zip(a, b)) / len(a)
assert mean < 2, mean
PY
	rec-view -q out | jq -e '.px == [200,200] and .valid == 1'
	# a COG of JPEG blocks, which otherwise go from JPEG to JPEG
	gdal_translate -q -of COG -co COMPRESS=JPEG plain.tif www/a.tif
	img-catalog -q www/a.tif >catalog
	samples catalog '[100,100,200,200]' >s
	start_nginx www
	moved '^www' "$url" <s >s2
	for of in s s2; do
		check 0 tile-fetch --north-up <$of
		rec-view -q out | jq -e '.valid == 1 and .chip_fmt == "jpeg"'
	done
}
