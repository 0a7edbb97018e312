# geojoin-grid.bats - windows over whole images, without objects.

load lib
load raster
load join

# grid OPTION…: the windows of ./images, as lines, to ./samples
grid() {
	rec-make -q images >catalog.rec
	check 0 geojoin --images catalog.rec "$@" </dev/null
	mv out samples.rec
	rec-stat -q --check samples.rec
	rec-view -q samples.rec >samples
}

wins() {
	jq -c .win samples | paste -sd ' '
}

@test "windows side by side; the last ones end at the image's edge" {
	image one 0.5 1000 700 10 50 '{"date":"2018-07-16"}' >images
	grid --grid 300px
	[ "$(wins)" = "$(for row in 0 300 400; do
		for col in 0 300 600 700; do
			echo "[$col,$row,300,300]"
		done
	done | paste -sd ' ')" ]
	is 'keys' '["box","id","img","key","lat","lon","near","px","win"]'
	is '[.img.src, .px, .near]' '["one",[300,300],[]]'
	is '[.lon, .lat | . * 100000 | round]' '[1000150,4999850]'
	is '[.box[] * 100000 | round]' '[1000000,4999700,1000300,5000000]'
	[ "$(jq -r .key samples | grep -cE '^x[0-9a-f]{16}_one_18$')" = 12 ]
	[ "$(jq -r .id samples | sort -u | wc -l)" = 12 ]
	# in metres, half over each other
	grid --grid 200m --overlap 0.5
	[ "$(jq -c .win samples | head -n 5 | paste -sd ' ')" = \
		'[0,0,400,400] [200,0,400,400] [400,0,400,400] [600,0,400,400] [0,200,400,400]' ]
}

@test "every image, the finest first; small ones are one window" {
	{
		image coarse 2 400 400
		image fine 0.5 100 300
	} >images
	grid --grid 200px
	[ "$(jq -c '[.img.src, .win]' samples | paste -sd ' ')" = \
		'["fine",[0,0,100,200]] ["fine",[0,100,100,200]] ["coarse",[0,0,200,200]] ["coarse",[200,0,200,200]] ["coarse",[0,200,200,200]] ["coarse",[200,200,200,200]]' ]
	# the same windows have the same ids, whatever else is there
	jq -r .key samples | grep fine >keys
	sed -i 1d images
	grid --grid 200px
	jq -r .key samples | diff keys -
}

@test "an image across the antimeridian" {
	image one 0.5 300 100 179.999 10 >images
	jq -c '.bbox[2] -= 360' images >turned && mv turned images
	grid --grid 100px
	# 180 east is 180 west
	[ "$(jq -c '[.lon, .box[0], .box[2] | . * 10000 | round |
		if . == -1800000 then 1800000 else . end]' samples |
		paste -sd ' ')" = '[1799995,1799990,1800000] [-1799995,1800000,-1799990] [-1799985,-1799990,-1799980]' ]
}

@test "windows that cannot be" {
	image one 0.5 300 100 >images
	rec-make -q images >catalog.rec
	check 1 geojoin --images catalog.rec --grid 0.1m </dev/null
	grep "one.tif': 0.1 m are no window" err
	check 1 geojoin --images catalog.rec --grid 100000m </dev/null
	check 2 geojoin --images catalog.rec --grid 0px </dev/null
	check 2 geojoin --images catalog.rec --grid 10 </dev/null
	check 2 geojoin --images catalog.rec --grid 10px --overlap 1 </dev/null
}

@test "a real image, whole: windows that have pixels" {
	need_testdata
	img-catalog -q >catalog.rec \
		"$SKYFILTERS_TESTDATA/imagery/RGB-PanSharpen_AOI_2_Vegas_img0.tif"
	geojoin -q --images catalog.rec --grid 100px --overlap 0.25 | tee grid.rec |
		tile-fetch -q >chips.rec
	rec-view -q chips.rec | jq -e '.px == [100, 100] and .valid > 0.9' \
		>/dev/null
	[ "$(rec-view -q --count chips.rec)" = "$(rec-view -q --count grid.rec)" ]
}

@test "a tile service has no end to be cut up to" {
	img-catalog -q --from tiles --zoom 0-19 'http://x/{z}/{x}/{y}.png' \
		>catalog.rec
	check 1 geojoin --images catalog.rec --grid 224px </dev/null
	grep "'x' is a tile service: its grid would cover all the world" err
}
