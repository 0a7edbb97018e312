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

# make_objects: each line of standard input as an object, all by one process,
# for loops of hundreds. Coordinates are in pixels of the image above; no word
# has a blank.
#     house ID X Y W H [MORE FIELDS]       a rectangle
#     dot ID X Y [TAGS [MORE FIELDS]]      a node
#     line ID X,Y…                         a path
#     wkb TYPE X,Y…                        only the base64 of its geometry
make_objects() {
	perl -MMIME::Base64 -lne '
		sub wkb {
			my ($type, @rings) = (shift, []);
			for (@_) {
				if ($_ eq "/") { push @rings, []; next }
				my ($x, $y) = split /,/;
				push @{$rings[-1]}, pack("d<2",
					10 + $x / 100000, 50 - $y / 100000);
			}
			my $out = pack("CV", 1, $type);
			$out .= pack("V", scalar @rings) if $type == 3;
			for (@rings) {
				$out .= pack("V", scalar @$_) if $type > 1;
				$out .= join "", @$_;
			}
			return encode_base64($out, "");
		}
		sub object {
			my ($id, $tags, $geom, $more) = @_;
			$more = substr($more // "{}", 1);
			$more = ",$more" if $more ne "}";
			return qq({"id":"$id","tags":$tags,"geom":"$geom"$more);
		}
		my ($kind, $id, @words) = split;
		if ($kind eq "house") {
			my ($x, $y, $w, $h, $more) = @words;
			my ($e, $s) = ($x + $w, $y + $h);
			print object($id, q({"building":"yes"}), wkb(3, "$x,$y",
				"$e,$y", "$e,$s", "$x,$s", "$x,$y"), $more);
		} elsif ($kind eq "dot") {
			my ($x, $y, $tags, $more) = @words;
			print object($id, $tags // q({"natural":"tree"}),
				wkb(1, "$x,$y"), $more);
		} elsif ($kind eq "line") {
			print object($id, q({"highway":"path"}),
				wkb(2, @words));
		} elsif ($kind eq "wkb") {
			print wkb($id, @words);
		} else {
			die "make_objects: no \"$kind\"\n";
		}'
}

# wkb TYPE X,Y…: base64 of a point (1), line (2) or polygon (3); a word of '/'
# starts another ring.
wkb() {
	make_objects <<<"wkb $*"
}

# object ID TAGS WKB [MORE FIELDS]
object() {
	local more=${4:-\{\}}
	more=${more#\{}
	[ "$more" = '}' ] || more=,$more
	printf '{"id":"%s","tags":%s,"geom":"%s"%s\n' "$1" "$2" "$3" "$more"
}

# house and dot as in make_objects
house() {
	make_objects <<<"house $*"
}

dot() {
	make_objects <<<"dot $*"
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
	rec-view -q samples.rec | jq -nc --slurpfile objects objects '
		(reduce ($objects | to_entries | reverse[]) as $o ({};
			.[$o.value.id // ""] = $o.key)) as $place |
		[inputs] | sort_by($place[.id] // 1000000)[]' >samples
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
