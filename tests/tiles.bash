# tiles.bash - tiles of 64 pixels, and windows in them: load tiles

# mosaic NAME: an image of 5 x 5 tiles, the same one for all tests.
mosaic() {
	local made=$BATS_FILE_TMPDIR/mosaic
	if [ ! -e "$made.tif" ]; then
		raw 320 320 3 >"$made.raw"
		cat >"$made.raw.hdr" <<-HDR
			ENVI
			samples = 320
			lines = 320
			bands = 3
			data type = 1
			interleave = bip
		HDR
		gdal_translate -q "$made.raw" "$made.tif"
	fi
	cp "$made.tif" "$1"
}

# cut FORMAT SUFFIX FOLDER Z X0 Y0: the mosaic as tiles FOLDER/Z/X/Y.SUFFIX from
# column X0 and row Y0 on. Of each format they are made once.
cut() {
	local made=$BATS_FILE_TMPDIR/tiles-$1 x y
	if [ ! -d "$made" ]; then
		mkdir "$made"
		for x in 0 1 2 3 4; do
			for y in 0 1 2 3 4; do
				gdal_translate -q -of "$1" \
					-srcwin $((x * 64)) $((y * 64)) 64 64 \
					"$BATS_FILE_TMPDIR/mosaic.tif" "$made/$x.$y"
			done
		done
	fi
	for x in 0 1 2 3 4; do
		mkdir -p "$3/$4/$(($5 + x))"
		for y in 0 1 2 3 4; do
			cp "$made/$x.$y" "$3/$4/$(($5 + x))/$(($6 + y)).$2"
		done
	done
}

# many FOLDER Z NX NY: tiles from 0, 0 on, which are links to those of ./25.
many() {
	local x y
	mkdir -p "$1/$2"
	for x in 0 1 2 3 4; do
		mkdir "column$x"
		for y in $(seq 0 $(($4 - 1))); do
			ln "25/5/$x/$((y % 5)).jpg" "column$x/$y.jpg"
		done
	done
	for x in $(seq 0 $(($3 - 1))); do
		cp -al "column$((x % 5))" "$1/$2/$x"
	done
	rm -r column?
}

# service TEMPLATE [ZOOM [OPTION…]]: its img as JSON.
service() {
	img-catalog -q --from tiles --zoom "${2:-5}" --tile-size 64 \
		"${@:3}" "$1" | rec-view -q | jq -c .img
}

# windows IMG WIN…: records, to stdout.
windows() {
	local img=$1 n=0
	shift
	for win in "$@"; do
		n=$((n + 1))
		echo "{\"id\":\"n$n\",\"img\":$img,\"win\":$win}"
	done | rec-make -q
}

# whole IMG NX NY: a window for each tile from 0, 0 on.
whole() {
	/usr/bin/python3 - "$@" <<'PY' | rec-make -q
import sys

img, nx, ny = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for x in range(nx):
    for y in range(ny):
        print('{"id":"n%d","img":%s,"win":[%d,%d,64,64],"t":"%d/%d"}' %
              (x * ny + y + 1, img, x * 64, y * 64, x, y))
PY
}

# same FOLDER Z: every chip of ./out is the tile that the record names; prints
# how many.
same() {
	rec-view -q out | jq -r '[.t, .chip] | @tsv' | /usr/bin/python3 -c '
import base64, sys
n = 0
for line in sys.stdin:
    t, chip = line.rstrip("\n").split("\t")
    with open("%s/%s/%s.jpg" % (sys.argv[1], sys.argv[2], t), "rb") as f:
        assert f.read() == base64.b64decode(chip), t
    n += 1
print(n)' "$1" "$2"
}
