# caption.bats - titles from tags. The published examples, to the letter, stand
# in tests/unit/caption-test.c; here they go through records.

load lib

records() {
	printf '%s\n' "$@" | rec-make -q
}

# title FILE, multi FILE: the field of each record
title() {
	rec-view -q "$1" | jq -r .title
}
multi() {
	rec-view -q "$1" | jq -r .title_multi
}

@test "the published captions" {
	records '{"id":"1","tags":{"landuse":"quarry","resource":"bauxite"}}' \
		'{"id":"2","tags":{"amenity":"fountain"},"near":[{"id":"n1","tags":{"natural":"tree"}},{"id":"w2","tags":{"highway":"footway"}}]}' \
		'{"id":"3","tags":{"power":"plant","plant:source":"solar","plant:method":"thermal","plant:output:electricity":"19.9 MW"}}' \
		'{"id":"4","tags":{"power":"pole"},"near":[{"id":"w3","tags":{"power":"minor_line","cables":"3","voltage":"16000"}}]}' \
		'{"id":"5","tags":{"man_made":"pier"},"near":[{"tags":{"waterway":"river"}}]}' \
		'{"id":"6","tags":{"roof:shape":"gabled"}}' >in
	check 0 caption --prefix '' <in
	diff <(title out) - <<-END
	landuse of quarry, resource of bauxite
	amenity of fountain
	power plant, plant source of solar, plant method of thermal, plant output electricity of 19.9 MW
	power pole
	man made pier
	roof shape of gabled
	END
	diff <(multi out) - <<-END
	landuse of quarry with resource of bauxite
	amenity of fountain, surrounded by natural tree; road of footway
	power plant with plant source of solar, plant method of thermal and plant output electricity of 19.9 MW
	power pole, surrounded by power minor line with cables of 3 and voltage of 16000
	man made pier, surrounded by waterway of river
	roof shape of gabled
	END
}

@test "the published prefix" {
	records '{"id":"1","tags":{"man_made":"bridge"}}' \
		'{"id":"2","tags":{"building":"yes","office":"energy_supplier"}}' >in
	check 0 caption <in
	[ "$(title out)" = "a satellite image of man made bridge
a satellite image of building, office of energy supplier" ]
	[ "$(multi out)" = "a satellite image of man made bridge
a satellite image of building with office of energy supplier" ]
	check 0 caption --prefix 'an aerial photo: ' <in
	[ "$(title out | head -n 1)" = "an aerial photo: man made bridge" ]
}

@test "titles that are there are replaced in place" {
	records '{"id":"1","title":"old","tags":{"natural":"tree"},"title_multi":"old","x":1}' >in
	check 0 caption --prefix '' <in
	[ "$(rec-view -q out)" = '{"id":"1","title":"natural tree","tags":{"natural":"tree"},"title_multi":"natural tree","x":1}' ]
}

@test "the head tag comes first, the others in the order of the record" {
	records '{"id":"1","tags":{"surface":"asphalt","lanes":"2","highway":"primary","bridge":"yes"}}' >in
	check 0 caption --prefix '' <in
	[ "$(title out)" = "road of primary, surface of asphalt, lanes of 2, bridge" ]
	[ "$(multi out)" = "road of primary with surface of asphalt, lanes of 2 and bridge" ]
	printf 'lanes\n' >heads
	check 0 caption --prefix '' --head-keys heads <in
	[ "$(title out)" = "lanes of 2, surface of asphalt, road of primary, bridge" ]
}

@test "surrounding objects: said once, silent ones left out" {
	records '{"id":"1","tags":{"natural":"tree"},"near":[{"tags":{"natural":"tree"}},{"tags":{"building":"yes","bridge":"no"}},{"tags":{"building":"yes"}},{"tags":{"oneway":"no"}},{"tags":{}}]}' \
		'{"id":"2","tags":{"natural":"tree"},"near":[{"tags":{"oneway":"no"}}]}' \
		'{"id":"3","tags":{"natural":"tree"},"near":[]}' >in
	check 0 caption --prefix '' <in
	[ "$(multi out)" = "natural tree, surrounded by natural tree; building
natural tree
natural tree" ]
}

@test "a title is one line whatever the tags hold" {
	records '{"id":"1","tags":{"natural":"tree\nvery\told\u0085\u2028tree\u0000"}}' >in
	check 0 caption --prefix '' <in
	[ "$(title out)" = "natural tree very old tree" ]
}

@test "a prefix that is not UTF-8 makes no titles" {
	records '{"id":"1","tags":{"natural":"tree"}}' >in
	check 2 caption --prefix $'\xff' <in
	grep -q -- '--prefix is not UTF-8' err
}

@test "records without words" {
	records '{"id":"a","tags":{"bridge":"no","sport":";"}}' '{"id":"b","tags":{}}' \
		'{"id":"c"}' '{"id":"d","tags":[]}' '{"id":"e","tags":{"a":1}}' \
		'{"id":"f","tags":{"natural":{"$str":"/w=="}}}' \
		'{"id":"g","tags":{"natural":"tree"},"near":{}}' \
		'{"id":"h","tags":{"natural":"tree"},"near":[{"id":"n1"}]}' \
		'{"id":"i","tags":{"natural":"tree"},"near":[7]}' \
		'{"id":"j","tags":{"natural":"tree"}}' >in
	check 3 caption --reject rejects <in
	[ "$(rec-view -q out | jq -r .id)" = j ]
	[ "$(rec-view -q rejects | jq -r '[.id, .reject.reason] | @tsv')" = \
		"$(printf '%s\t%s\n' a 'nothing to say' b 'nothing to say' \
			c 'no tags' d 'bad tags' e 'bad tags' f 'bad tags' \
			g 'bad near' h 'bad near' i 'bad near')" ]
	rec-view -q rejects | jq -se 'any(.[]; has("title")) | not' >/dev/null
}

@test "tables that are not text are refused, with file and line" {
	records '{"id":"1","tags":{"natural":"tree"}}' >in
	printf '# head\nnatural=tree\t\xff\tof\n' >words.tsv
	check 1 caption --connectors words.tsv <in
	grep -q 'words.tsv: line 2: not UTF-8' err
	for row in 'natur\xe9=tree\t*\tof' 'natural=*\t*\to\xc3'; do
		# shellcheck disable=SC2059 # the escapes are meant
		printf "$row\n" >words.tsv
		check 1 caption --connectors words.tsv <in
		grep -q 'words.tsv: line 1: not UTF-8' err
	done
	printf 'natural=tree\t*\ta\033b\n' >words.tsv
	check 1 caption --connectors words.tsv <in
	grep -q 'words.tsv: line 1: a control character' err
	printf 'building\nnatur\xe9\n' >heads
	check 1 caption --head-keys heads <in
	grep -q 'heads: line 2: not UTF-8' err
}

@test "a byte order mark is no part of a table's first row" {
	records '{"id":"1","tags":{"lanes":"2","highway":"primary"}}' >in
	printf '\xef\xbb\xbflanes=*\ttracks\t-\n' >words.tsv
	printf '\xef\xbb\xbfhighway\n' >heads
	check 0 caption --prefix '' --connectors words.tsv --head-keys heads <in
	[ "$(title out)" = "highway of primary, tracks 2" ]
}

@test "the tables can be printed and replaced, and the header names them" {
	check 0 caption --print-connectors
	cmp out "$top_srcdir/data/connectors.tsv"
	check 0 caption --print-head-keys -o heads
	cmp heads "$top_srcdir/data/head-keys.txt"
	records '{"id":"1","tags":{"natural":"tree","height":"7","a:b":"c"}}' >in
	printf 'natural=tree\t*\tbeing a\nheight=*\thigh\t-\na:*\tthe *\tis\n' >words.tsv
	check 0 caption --prefix '' --connectors words.tsv <in
	[ "$(title out)" = "natural being a tree, high 7, the * is c" ]
	rec-view -q --headers headers out >/dev/null
	tail -n 1 headers | jq -e '.args == ["prefix=", "connectors=words.tsv"] and
		(.inputs | map(.name)) == ["words.tsv", "head-keys.txt"]' >/dev/null
	printf 'natural=tree\tx\n' >words.tsv
	check 1 caption --connectors words.tsv <in
	grep -q 'words.tsv: line 1: 2 fields instead of 3' err
}
