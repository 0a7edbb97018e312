# geojoin-caps.bats - at most so many samples of a tag.

load lib
load raster
load join

# Sixty nodes: trees, of which some are palms; benches; one fountain.
setup_objects() {
	local i
	image one 0.5 2000 2000 >images
	for i in $(seq 30); do
		echo dot "n$i" $((300 + 20 * i)) 400
		echo dot "n$((i + 30))" $((300 + 20 * i)) 800 \
			'{"amenity":"bench"}'
	done | make_objects >objects
	{
		dot n61 500 600 '{"natural":"tree","genus":"palm"}'
		dot n62 600 600 '{"natural":"tree","amenity":"fountain"}'
		dot n63 700 600 '{}'
	} >>objects
}

ids() {
	jq -r .id samples | sort
}

@test "of each tag so many, and what has another tag" {
	setup_objects
	join 0 --max-per-tag 5
	# palm, fountain and what has no tag stay; with them 5 or 6 trees
	[ "$(ids | grep -cE '^n6[123]$')" = 3 ]
	[ "$(jq -c 'select(.tags.amenity == "bench")' samples | wc -l)" = 5 ]
	trees=$(jq -c 'select(.tags.natural)' samples | wc -l)
	[ "$trees" -ge 5 ]
	[ "$trees" -le 7 ]
	[ "$(wc -l <rejects)" = $((63 - $(wc -l <samples))) ]
	[ "$(cut -d ' ' -f 2- rejects | sort -u)" = 'over the cap' ]
	# the lowest hashes, whatever the order
	ids >some
	shuf --random-source=objects objects >other && mv other objects
	join 0 --max-per-tag 5
	ids | diff some -
	# a larger number keeps these, too
	join 0 --max-per-tag 9
	[ "$(ids | comm -13 - some)" = '' ]
	join 0 --max-per-tag 32
	[ "$(wc -l <samples)" = 63 ]
	# another seed, others
	join 0 --max-per-tag 5 --seed 1
	[ "$(ids)" != "$(cat some)" ]
}

@test "caps of the parts, put together, are those of the whole" {
	local part
	setup_objects
	join 0 --max-per-tag 4
	ids >whole
	cp objects all
	for part in 0 1 2; do
		awk -v part=$part 'NR % 3 == part' all >objects
		join 0 --max-per-tag 4 --caps-out caps$part
	done
	cat caps0 caps1 caps2 >caps
	for part in 0 1 2; do
		awk -v part=$part 'NR % 3 == part' all >objects
		join 0 --max-per-tag 4 --caps caps
		ids >>parts
	done
	sort parts | diff whole -
	# caps of more samples do for fewer
	cp all objects
	join 0 --max-per-tag 3
	ids >fewer
	join 0 --max-per-tag 3 --caps caps
	ids | diff fewer -
	# the header names them
	rec-view -q --headers headers samples.rec >/dev/null
	tail -n 1 headers | jq -e --arg sum "$(sha256sum <caps |
		cut -d ' ' -f 1)" 'any(.inputs[]; .name == "caps" and
			.sha256 == $sum)' >/dev/null
}

@test "caps that are none, or of another run" {
	setup_objects
	join 0 --max-per-tag 4 --caps-out caps
	refuses 'not of seed 1' --caps caps --max-per-tag 4 --seed 1
	refuses 'of 4 samples a tag only' --caps caps --max-per-tag 5
	sed 's/^\(.\{15\}\)./\1x/; 1s/.*/caps\t4\tseed 0/' caps >bad
	refuses "'bad'\|bad: line 2" --caps bad --max-per-tag 4
	sed 1d caps >bad
	refuses 'bad: line 1' --caps bad --max-per-tag 4
	: >bad
	refuses 'bad: there are no caps' --caps bad --max-per-tag 4
	refuses 'nowhere' --caps nowhere --max-per-tag 4
	check 2 geojoin --images catalog.rec --caps caps <objects.rec
	check 2 geojoin --images catalog.rec --caps-out new <objects.rec
	check 2 geojoin --images catalog.rec --max-per-tag 4 --caps-out - \
		<objects.rec
	# not over what is read
	check 1 geojoin --images catalog.rec --max-per-tag 4 \
		--caps-out catalog.rec <objects.rec
	out=objects.rec
	check 1 geojoin --images catalog.rec --max-per-tag 4 \
		--caps-out "$out" <objects.rec
	rec-stat -q --check catalog.rec objects.rec
}

refuses() {
	local what=$1
	shift
	check 1 geojoin --images catalog.rec "$@" <objects.rec
	grep -q "$what" err || {
		cat err
		return 1
	}
}
