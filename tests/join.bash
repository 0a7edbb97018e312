# join.bash - objects and images for geojoin, made by hand.
#
# Most images have one pixel per 0.00001 degrees, the first one's corner at 10
# degrees east and 50 north, so that windows can be worked out by hand:
# column = (lon - 10) * 100000, row = (50 - lat) * 100000.

# image SRC GSD_M WIDTH HEIGHT [WEST NORTH [MORE IMG FIELDS]]
image() {
	jq -nc --arg src "$1" --argjson gsd "$2" --argjson w "$3" \
		--argjson h "$4" --argjson west "${5:-10}" \
		--argjson north "${6:-50}" --argjson more "${7:-{\}}" '
		{img: ({src: $src, uri: "\($src).tif", kind: "raster",
			gsd_m: $gsd, crs: "EPSG:4326", size: [$w, $h],
			transform: [$west, 0.00001, 0, $north, 0, -0.00001],
			bands: [1, 2, 3]} + $more),
		bbox: [$west, $north - $h / 100000, $west + $w / 100000,
			$north]}'
}

# wkb TYPE X,Y…: base64 of a point (1), line (2) or polygon (3); coordinates
# in pixels of the image above. A word of '/' starts another ring.
wkb() {
	perl -e '
		my $type = shift;
		my @rings = ([]);
		for (@ARGV) {
			if ($_ eq "/") { push @rings, []; next }
			my ($x, $y) = split /,/;
			push @{$rings[-1]}, pack("d<2", 10 + $x / 100000,
				50 - $y / 100000);
		}
		print pack("CV", 1, $type);
		print pack("V", scalar @rings) if $type == 3;
		for (@rings) {
			print pack("V", scalar @$_) if $type > 1;
			print @$_;
		}' "$@" | base64 -w0
}

# object ID TAGS WKB [MORE FIELDS]
object() {
	jq -nc --arg id "$1" --argjson tags "$2" --arg geom "$3" \
		--argjson more "${4:-{\}}" \
		'{id: $id, tags: $tags, geom: $geom} + $more'
}

# house ID X Y W H [MORE FIELDS]: a rectangle, in pixels
house() {
	object "$1" '{"building":"yes"}' "$(wkb 3 "$2,$3" \
		"$(($2 + $4)),$3" "$(($2 + $4)),$(($3 + $5))" \
		"$2,$(($3 + $5))" "$2,$3")" "${6:-{\}}"
}

# dot ID X Y [TAGS [MORE FIELDS]]: a node, in pixels
dot() {
	object "$1" "${4:-{\"natural\":\"tree\"\}}" "$(wkb 1 "$2,$3")" \
		"${5:-{\}}"
}

# join STATUS OPTION…: objects and images from ./objects and ./images, as
# lines; samples to ./samples, what was set aside to ./rejects, as lines.
# Samples come by image and place: here they are put in the objects' order.
join() {
	local want=$1
	shift
	rec-make -q images >catalog.rec
	rec-make -q objects >objects.rec
	check "$want" geojoin --images catalog.rec --reject rejects.rec "$@" \
		<objects.rec
	mv out samples.rec
	rec-view -q samples.rec | jq -c --slurpfile objects objects '
		.id as $id | [($objects | map(.id) | index($id) // 1000000), .]' |
		sort -s -n -t, -k1.2,1 | sed 's/^\[[^,]*,//; s/]$//' >samples
	reasons rejects.rec >rejects
}

# The id and reason of each record of a reject file.
reasons() {
	rec-view -q "$1" | jq -r '"\(.id // "-") \(.reject.reason)"'
}

# is FILTER VALUE: of the first sample.
is() {
	local got
	got=$(head -n 1 samples | jq -c "$1")
	[ "$got" = "$2" ] || {
		echo "$1 is $got instead of $2"
		return 1
	}
}
