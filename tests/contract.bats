# contract.bats - what holds for every tool; tools.bash has a line for each.

load lib
load tools

# What each option name means, over all tools: its letter, what --help calls its
# value, and the kind of value. An option that is new needs its line here.
meanings() {
	cat <<-'EOF'
		all - - flag
		allow-address - ADDRESS list
		allow-gdal-http - - flag
		allow-source - PREFIX list
		area-rules - FILE file
		asset - KEY,KEY,KEY text
		at - DATE text
		attribution - TEXT text
		band-pattern - PATTERN text
		bands - N,N,N text
		batch - N number
		bbox - W,S,E,N text
		bbox-near - - flag
		block - quadkey:Z|deg:D text
		bounds - W,S,E,N text
		buffer - METRES number
		by - FIELD text
		cache - DIR dir
		cache-age - DAYS number
		cache-size - SIZE size
		caps - FILE file
		caps-out - FILE file
		cell - quadkey:Z|deg:D text
		check - - flag
		chip-format - jpeg|png|webp|tiff choice
		chips - DIR dir
		class-vectors - FILE file
		classes - FILE file
		clause-counts - - flag
		collections - NAME,NAME text
		columns - FIELDS text
		connectors - FILE file
		count - - flag
		date - DATE text
		datetime - FROM/TO text
		drop - FIELDS text
		drop-blank - - flag
		emb-dtype - f16|f32 choice
		exclude - FILE file
		exclude-radius - METRES number
		files-from - FILE file
		fit - grow|exact choice
		force - - flag
		format f WORD choice
		from - WORD choice
		geometry - - flag
		grid - SIZE text
		gsd - METRES number
		gsd-slack - S number
		halo - METRES number
		hash - FIELD text
		head - N number
		head-keys - FILE file
		header - HOST=LINE list
		headers - FILE file
		help - - flag
		id - NAME text
		ignored - FILE file
		image - - flag
		image-vectors - FILE file
		images - CATALOG file
		item-timeout - S number
		join - FILE file
		join-as - FIELD text
		join-ids - FILE file
		json - - flag
		keep - FIELDS text
		keep-broken - - flag
		keep-geom - - flag
		keep-hidden - - flag
		keep-inside - SHARE number
		label-from - none|folder choice
		labels - FILE file
		licence - TEXT text
		location - COLUMN text
		lookahead - N number
		max-age - DAYS text
		max-bright - X number
		max-cloud - P% percent
		max-faults - P% percent
		max-gsd - METRES number
		max-items - N number
		max-near - N number
		max-per-tag - N number
		max-pixels - N number
		max-record - SIZE size
		min-bright - X number
		min-object - PX number
		min-sim - X number
		min-valid - SHARE number
		model m FOLDER dir
		n - N number
		negatives - N number
		nodata - V text
		node-store - WHERE text
		north-up - - flag
		offline - - flag
		offset - SRC=EAST,NORTH list
		on - id|key text
		open-assets - - flag
		open-files - N number
		output o FILE file
		overlap - SHARE number
		overwrite - - flag
		parts - FILE file
		per-host - N number
		per-object - N number
		polygon - FILE file
		prefer - finest|newest|nearest-date|random choice
		prefix - TEXT text
		print-area-rules - - flag
		print-connectors - - flag
		print-halo - - flag
		print-head-keys - - flag
		print-ignored - - flag
		print-sources - - flag
		print-table - - flag
		px - MIN,MAX text
		quality - N number
		quiet q - flag
		rate - N number
		ratio - NAME=SHARE,... text
		records - N number
		reject - FILE file
		relations - - flag
		report - none|text|json choice
		report-file - FILE file
		require-output - - flag
		root - DIR dir
		rows - N number
		sample - P% percent
		seed - N number
		segments - N number
		shard-size - N number
		shift - P number
		sign - none|planetary-computer choice
		size - PX number
		sizes - FILE file
		skip-damaged - - flag
		source - ALIAS text
		sources - FILE file
		square - - flag
		src - NAME text
		stall-timeout - S number
		stretch - STRETCH text
		strict - - flag
		table - FILE file
		template - TEXT list
		template-rows - A-B text
		templates - FILE file
		text - FIELD text
		threads @ N number
		tile-size - PX number
		token - NAME@HOST list
		top - P% percent
		top-k - N number
		tries - N number
		valid-mask - - flag
		values - PATH list
		verbose v - flag
		verify - decode|framing choice
		version - - flag
		versions - - flag
		where - EXPR list
		where-file - FILE file
		window - SIZE text
		window-size - PX number
		zoom - A-B text
	EOF
}

# names_in help|page|completion TOOL: its options, "--name" or "-l, --name".
names_in() {
	case $1 in
	help)
		"$2" --help | sed -nE \
			's/^ +((-[a-zA-Z@], )?--[a-z0-9-]+)( .*)?$/\1/p'
		;;
	page)
		sed -nE 's/^\.It Fl (([a-zA-Z@]) , Fl )?-([a-z0-9-]+).*/\2 \3/p' \
			"$top_srcdir/man/$2.1" |
			sed -E 's/^ /--/; s/^(.) /-\1, --/'
		;;
	completion)
		"$2" --completion-table |
			awk -F '\t' '$2 != "-" {
				if ($1 != "-")
					printf "-%s, ", $1
				print "--" $2
			}'
		;;
	esac | sort
}

@test "every tool has a line in tools.bash and works" {
	for tool in $TOOLS; do
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		writes_records "$tool" || continue
		rec-view -q --count "$T/out" >"$T/count"
		[ "$(cat "$T/count")" -gt 0 ]
	done
}

@test "--help and --version" {
	for tool in $TOOLS; do
		check 0 "$tool" --help
		head -n 1 out | grep -q "^Usage: $tool "
		[ ! -s err ]
		check 0 "$tool" --version
		grep -qE "^$tool \(skyfilters\) [0-9]" out
		check 1 sh -c "$tool --help >/dev/full"
	done
}

@test "man page, --help and completion have the same options" {
	for tool in $TOOLS; do
		page=$top_srcdir/man/$tool.1
		[ -f "$page" ]
		names_in help "$tool" >in.help
		[ "$(wc -l <in.help)" -ge 4 ]
		for other in page completion; do
			names_in "$other" "$tool" >in.other
			diff in.other in.help || {
				echo "$tool: $other and --help differ"
				return 1
			}
		done
		if grep -e completion-table in.help "$page"; then return 1; fi
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS RECORDS \
			'EXIT STATUS' 'MEMORY USAGE' EXAMPLES 'SEE ALSO'; do
			grep -qx "\.Sh $section" "$page" || {
				echo "$tool: no section $section"
				return 1
			}
		done
	done
}

# but for -o of tools that write files; formats have words of their own
@test "one option name has one meaning over all tools" {
	meanings >wanted
	LC_ALL=C sort -u -k 1,1 wanted | diff - wanted
	awk '$2 != "-" && seen[$2]++ { print "two names for -" $2; bad = 1 }
		END { exit bad }' wanted
	for tool in $TOOLS; do
		"$tool" --completion-table |
			awk -F '\t' '$2 != "-" { print $2, $1, $3, $4 }'
	done | sed 's/^\(format f\|from -\) [a-z|]* /\1 WORD /' |
		grep -vx -e 'output o DIR dir' -e 'output o PREFIX text' |
		LC_ALL=C sort -u >found
	diff wanted found
}

@test "mistakes in the command line exit with 2" {
	for tool in $TOOLS; do
		check 2 "$tool" --no-such-option
		grep -q "unknown option '--no-such-option'" err
		grep -q "Try '$tool --help'" err
		check 2 "$tool" -Z
		[ ! -s out ]
	done
	for tool in $TOOLS; do
		operands=$("$tool" --completion-table |
			awk -F '\t' '$2 == "-" { print $3 }')
		case $operands in
		'')
			check 2 "$tool" operand
			grep -q "extra operand 'operand'" err
			;;
		[A-Z]*)
			check 2 "$tool"
			grep -qF "missing operand: $operands" err
			;;
		esac
		# an option that must be there
		case $tool in
		clip-embed) text='-m FOLDER' ;;
		geojoin) text='--images' ;;
		pair-pack) text='--output DIR' ;;
		rec-split) text='one of --n' ;;
		zsclassify) text='--model' ;;
		*) continue ;;
		esac
		check 2 "$tool"
		grep -q -- "$text" err
	done
	check 2 rec-view a b
	check 2 ground-filter --top
	check 2 ground-filter --top 101%
	check 2 tile-fetch --threads 0
	check 2 tile-fetch --strict=yes
	check 2 tile-fetch --chip-format gif
}

@test "a full disk is an error" {
	for tool in $TOOLS; do
		tool_line "$tool"
		[ "$tool" != pair-pack ] || continue
		got=0
		"${words[@]}" <"$input" >/dev/full 2>"$T/err" || got=$?
		[ "$got" -eq 1 ] || {
			echo "$tool: exit status $got"
			return 1
		}
		grep -q 'No space left' "$T/err"
	done
}

# keeps_file OPTION WORD...: the tool leaves $T/mine alone, and says so
keeps_file() {
	local option=$1
	shift
	cp -p "$T/mine" "$T/copy"
	run_words "$T/mine" "$@" "$option" "$T/mine"
	echo "$* $option: exit status $got, $(cat "$T/err")"
	[ "$got" -eq 1 ]
	grep -q "mine' is named as another file" "$T/err"
	cmp "$T/mine" "$T/copy"
}

@test "no output takes the place of what is read" {
	for tool in $TOOLS; do
		[ "$tool" != pair-pack ] || continue
		tool_line "$tool"
		for option in -o --reject; do
			[ "$option" != -o ] || ! writes_files "$tool" || continue
			"$tool" --completion-table | grep -qP "\t${option#--}\t|^${option#-}\t" ||
				continue
			if reads_records "$tool"; then
				cp "$input" "$T/mine"
				keeps_file "$option" "${words[@]}"
			else
				cp "${words[-1]}" "$T/mine"
				ln -sf mine "$T/link"
				for file in mine link; do
					keeps_file "$option" "${words[0]}" "$T/$file"
				done
			fi
		done
	done
	# a table, too
	cp "$top_srcdir/data/area-rules.tsv" "$T/mine"
	keeps_file -o osm-tags town/town.osm --area-rules "$T/mine"
}

@test "a closed standard output is an error" {
	for tool in $TOOLS; do
		tool_line "$tool"
		[ "$tool" != pair-pack ] || continue
		got=0
		"${words[@]}" <"$input" >&- 2>"$T/err" || got=$?
		[ "$got" -eq 1 ] || {
			echo "$tool: exit status $got"
			return 1
		}
	done
}

@test "a reader that leaves early ends a tool quietly" {
	for tool in $TOOLS; do
		tool_line "$tool"
		[ "$tool" != pair-pack ] || continue
		# bats ignores no signal; head leaves after one byte
		{
			got=0
			"${words[@]}" -q <"$input" 2>"$T/err" || got=$?
			echo "$got" >"$T/status"
		} | head -c 1 >/dev/null
		read -r got <"$T/status"
		case $got in 0 | 141) ;; *)
			echo "$tool: exit status $got"
			return 1
			;;
		esac
		[ ! -s "$T/err" ]
	done
}

@test "empty input, garbage and text are no record stream" {
	printf 'hello\n' >"$T/text"
	head -c 4096 /dev/zero | tr '\0' '\301' >"$T/garbage"
	for tool in $TOOLS; do
		reads_records "$tool" || continue
		for file in /dev/null "$T/text" "$T/garbage"; do
			check_tool 1 "$tool" "$file"
			grep -q 'at byte 0' "$T/err"
		done
	done
}

# A stream cut at 16 places is an error, and leaves no whole stream behind.
@test "truncated input is an error everywhere" {
	for tool in $TOOLS; do
		reads_records "$tool" || continue
		tool_line "$tool"
		size=$(stat -c %s "$input")
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
			case $i in
			1) at=1 ;;
			15) at=$((size - 20)) ;;
			16) at=$((size - 1)) ;;
			*) at=$((size * (i - 1) / 16)) ;;
			esac
			head -c "$at" "$input" >"$T/cut"
			check_tool 1 "$tool" "$T/cut"
			grep -q truncated "$T/err"
			writes_records "$tool" || continue
			check 1 rec-view --count "$T/out"
		done
	done
}

@test "a failure behind a whole segment travels downstream" {
	for tool in $TOOLS; do
		reads_records "$tool" && writes_records "$tool" || continue
		tool_line "$tool"
		{
			cat "$input"
			head -c 10 "$input"
		} >"$T/cut"
		{
			cat "$input"
			printf '\200'
		} >"$T/more"
		for file in "$T/cut" "$T/more"; do
			check_tool 1 "$tool" "$file"
			check 1 rec-view "$T/out"
		done
	done
}

@test "a flipped bit is an error everywhere" {
	for tool in $TOOLS; do
		reads_records "$tool" || continue
		tool_line "$tool"
		size=$(stat -c %s "$input")
		for i in 1 2 3 4 5 6 7 8; do
			at=$((size * i / 8 - 3))
			byte=$(od -An -tu1 -j "$at" -N 1 "$input")
			{
				head -c "$at" "$input"
				# shellcheck disable=SC2059 # an octal escape
				printf "\\$(printf %03o $((byte ^ 1)))"
				tail -c +$((at + 2)) "$input"
			} >"$T/flipped"
			cmp -s "$input" "$T/flipped" && return 1
			check_tool 1 "$tool" "$T/flipped"
		done
	done
}

@test "every byte that rec-view does not get is missed" {
	printf '{"id":"n1","lon":1.5}\n{"id":"n2"}\n' | rec-make -q >s
	for ((n = 0; n < $(stat -c %s s); n++)); do
		head -c "$n" s | check 1 rec-view -q
	done
}

@test "the same bytes twice, and at any number of threads" {
	for tool in $TOOLS; do
		writes_records "$tool" || continue
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		mv "$T/out" "$T/first"
		check_tool 0 "$tool" "$input"
		cmp "$T/first" "$T/out"
		"$tool" --help | grep -q -- --threads || continue
		for n in 1 2 4; do
			check_tool 0 "$tool" "$input" -@ "$n"
			cmp "$T/first" "$T/out"
		done
	done
}

@test "record-wise tools: cat of two outputs is the output of the cat" {
	for tool in $TOOLS; do
		record_wise "$tool" || continue
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		cat "$T/out" "$T/out" >"$T/want"
		cat "$input" "$input" >"$T/two"
		check_tool 0 "$tool" "$T/two"
		cmp "$T/want" "$T/out"
	done
}

@test "what a tool does not know passes through byte for byte" {
	for tool in $TOOLS; do
		reads_records "$tool" && writes_records "$tool" || continue
		tool_line "$tool"
		rec-view -q "$input" | head -n 5 |
			jq -c '. + {"x_float": {"$f32": 0.5},
				"x_big": {"$num": "18446744073709551615"},
				"x_bin": {"$bin": "AAEC"}}' |
			rec-make -q >"$T/in"
		check_tool 0 "$tool" "$T/in"
		rec-view -q "$T/out" | jq -ce '[.x_float["$f32"], .x_big["$num"],
			.x_bin["$bin"]] == [0.5, "18446744073709551615", "AAEC"]' \
			>/dev/null
	done
}

@test "-o FILE appears when it is complete, and not after a failure" {
	for tool in $TOOLS; do
		writes_records "$tool" || continue
		tool_line "$tool"
		check_tool 0 "$tool" "$input" -o "$T/file"
		[ ! -s "$T/out" ]
		rec-view -q --count "$T/file" >/dev/null
		rm "$T/file"
		reads_records "$tool" || continue
		head -c 100 "$input" >"$T/cut"
		check_tool 1 "$tool" "$T/cut" -o "$T/file"
		[ ! -e "$T/file" ]
		[ -z "$(find "$T" -name 'file.*')" ]
	done
}

@test "a fault is set aside, stops with --strict, and may be few" {
	for tool in $TOOLS; do
		sets_aside "$tool" || continue
		fault_line "$tool"
		check_tool 3 "$tool" "$input" "${more[@]}" --reject "$T/rejects"
		[ "$(grep -c "^$tool: record " "$T/err")" -eq 1 ]
		rec-view -q "$T/rejects" | jq -se 'length > 0 and
			all(.reject | .tool == "'"$tool"'" and
			(.reason | length > 0))' >/dev/null
		check_tool 1 "$tool" "$input" "${more[@]}" --strict
		grep -q -- '--strict stops here' "$T/err"
		check_tool 0 "$tool" "$input" "${more[@]}" --max-faults 100%
		check_tool 3 "$tool" "$input" "${more[@]}" --max-faults 0.1%
		check_tool 2 "$tool" "$input" "${more[@]}" --max-faults 101%
	done
}

@test "a record that is framed well but wrong is kept as it is" {
	# the key "a" twice: no tool can know which is meant
	for tool in $TOOLS; do
		reads_records "$tool" && sets_aside "$tool" || continue
		fault_line "$tool"
		check_tool 3 "$tool" "$input" --reject "$T/rejects"
		grep -q 'bad record' "$T/err"
		rec-view -q "$T/rejects" | jq -se 'map(select(.raw)) |
			length == 1 and .[0].reject.reason == "bad record" and
			.[0].raw == {"$bin": "gqFhAaFhAg=="}' >/dev/null
	done
}

@test "a record over --max-record is an error, with its place" {
	local long
	long=$(printf '%02000d' 0)
	for tool in $TOOLS; do
		reads_records "$tool" || continue
		tool_line "$tool"
		rec-view -q "$input" | head -n 1 | jq -c ". + {x: \"$long\"}" |
			rec-make -q >"$T/long"
		check_tool 1 "$tool" "$T/long" --max-record 1K
		grep -q 'after record 0, at byte .*: a record of at least .* (--max-record)' \
			"$T/err"
		check_tool 2 "$tool" "$T/long" --max-record 1000
	done
}

@test "reject files are streams of their own" {
	tool_line caption
	rec-view -q "$input" | head -n 3 | jq -c 'del(.tags)' | rec-make -q >"$T/in"
	check_tool 3 caption "$T/in" --reject "$T/rejects"
	rec-view -q "$T/rejects" | jq -se 'length == 3 and
		all(.reject.tool == "caption")' >/dev/null
	# records read again lose the mark
	check 3 caption --reject "$T/again" <"$T/rejects"
	rec-view -q "$T/again" | jq -se 'length == 3' >/dev/null
}

@test "an empty result explains itself, and --require-output makes it an error" {
	printf '{"id":"n1"}\n{"id":"n2"}\n' | rec-make -q >"$T/nothing"
	rec-make -q </dev/null >"$T/none"
	bad_stream "$T/none" >"$T/bad"
	echo '<osm><node id="1" lat="0" lon="0"/></osm>' >"$T/untagged.osm"
	for tool in $TOOLS; do
		sets_aside "$tool" || continue # what only reports has its own
		tool_line "$tool"
		input=$T/nothing
		case $tool in
		img-catalog) words=(img-catalog classes.txt) ;;
		osm-tags) words=(osm-tags "$T/untagged.osm") ;;
		rec-make) words=(rec-make classes.txt) ;;
		rec-view) input=$T/bad ;;
		esac
		run_words "$input" "${words[@]}"
		case $got in 0 | 3) ;; *)
			echo "$tool: exit status $got"
			return 1
			;;
		esac
		grep -q "^$tool: nothing came out: " "$T/err"
		run_words "$input" "${words[@]}" --require-output
		[ "$got" -eq 1 ]
		grep -q -- 'no record came out (--require-output)' "$T/err"
		writes_records "$tool" || continue
		check 1 rec-view "$T/out"
	done
}
