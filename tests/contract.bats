# contract.bats - what holds for every tool. $TOOLS names them all, so that no
# new tool can be forgotten: each needs its line in tool_line() below.

load lib

TOOLS=${TOOLS//tools\//}

# Every stage of the pipeline on a small town, made once.
setup_file() {
	export D=$BATS_FILE_TMPDIR
	cd "$D" || return 1
	"$top_builddir/examples/town/make-town" -q --size 512 -o town
	"$top_builddir/examples/model-random/make-model" -q -o model
	export SKYFILTERS_DATADIR
	img-catalog -q --src town town/town.tif -o catalog.rec
	osm-tags -q --geometry town/town.osm -o objects.rec
	ground-filter -q <objects.rec -o ground.rec
	geojoin -q --images catalog.rec <ground.rec -o samples.rec
	tile-fetch -q <samples.rec -o chips.rec
	caption -q <chips.rec -o titles.rec
	clip-embed -q -m model --image --text title <titles.rec -o scored.rec
	rec-view -q scored.rec >scored.jsonl
	printf 'house\nwater\nroad\n' >classes.txt
}

# The words of a run of TOOL that works, in $D: sets `words` and `input`.
tool_line() {
	input=/dev/null
	case $1 in
	caption) words=(caption) input=chips.rec ;;
	clip-embed)
		words=(clip-embed -m model --image --text title)
		input=titles.rec
		;;
	geojoin) words=(geojoin --images catalog.rec) input=ground.rec ;;
	ground-filter) words=(ground-filter) input=objects.rec ;;
	img-catalog) words=(img-catalog town/town.tif) ;;
	osm-tags) words=(osm-tags --geometry town/town.osm) ;;
	pair-pack) words=(pair-pack -o "$T/shards") input=scored.rec ;;
	rec-make) words=(rec-make scored.jsonl) ;;
	rec-view) words=(rec-view) input=scored.rec ;;
	tile-fetch) words=(tile-fetch) input=samples.rec ;;
	zsclassify)
		words=(zsclassify -m model --classes classes.txt)
		input=scored.rec
		;;
	*)
		echo "contract.bats has no line for $1"
		return 1
		;;
	esac
	cd "$D" || return 1
}

# What kind of tool it is.
reads_records() {
	case $1 in img-catalog | osm-tags | rec-make) return 1 ;; esac
}
writes_records() {
	case $1 in pair-pack | rec-view) return 1 ;; esac
}
record_wise() {
	case $1 in caption | clip-embed | ground-filter | tile-fetch | zsclassify) ;;
	*) return 1 ;;
	esac
}

# check_tool STATUS TOOL INPUT [MORE WORDS]: output to $T/out, $T/err.
check_tool() {
	local want=$1 tool=$2 got=0 words input
	tool_line "$tool"
	input=$3
	shift 3
	rm -rf "$T/shards"
	"${words[@]}" "$@" <"$input" >"$T/out" 2>"$T/err" || got=$?
	[ "$got" -eq "$want" ] || {
		echo "$tool: exit status $got instead of $want"
		cat "$T/err"
		return 1
	}
}

# What each option name means, over all tools: its letter, what --help calls its
# value, and the kind of value. An option that is new needs its line here.
meanings() {
	cat <<-'EOF'
		area-rules - FILE file
		attribution - TEXT text
		bands - N,N,N text
		batch - N number
		chip-format - jpeg|png choice
		class-vectors - FILE file
		classes - FILE file
		connectors - FILE file
		count - - flag
		date - DATE text
		emb-dtype - f16|f32 choice
		geometry - - flag
		gsd-slack - S number
		head-keys - FILE file
		headers - FILE file
		help - - flag
		image - - flag
		image-vectors - FILE file
		images - CATALOG file
		json - - flag
		keep-geom - - flag
		keep-hidden - - flag
		keep-inside - SHARE number
		labels - FILE file
		licence - TEXT text
		max-faults - P% percent
		max-near - N number
		min-object - PX number
		min-sim - X number
		min-valid - SHARE number
		model m FOLDER dir
		nodata - V text
		open-files - N number
		output o FILE file
		overwrite - - flag
		prefix - TEXT text
		print-area-rules - - flag
		print-connectors - - flag
		print-head-keys - - flag
		print-table - - flag
		px - MIN,MAX text
		quality - N number
		quiet q - flag
		reject - FILE file
		report - none|text|json choice
		report-file - FILE file
		require-output - - flag
		root - DIR dir
		seed - N number
		shard-size - N number
		shift - P number
		src - NAME text
		strict - - flag
		table - FILE file
		template - TEXT list
		template-rows - A-B text
		templates - FILE file
		text - FIELD text
		threads @ N number
		top - P% percent
		top-k - N number
		verbose v - flag
		version - - flag
		window - SIZE text
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

@test "every tool has a line here and works" {
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

# but for pair-pack, whose output is a folder
@test "one option name has one meaning over all tools" {
	meanings >wanted
	LC_ALL=C sort -u -k 1,1 wanted | diff - wanted
	awk '$2 != "-" && seen[$2]++ { print "two names for -" $2; bad = 1 }
		END { exit bad }' wanted
	for tool in $TOOLS; do
		"$tool" --completion-table |
			awk -F '\t' '$2 != "-" { print $2, $1, $3, $4 }'
	done | grep -vx 'output o DIR dir' | LC_ALL=C sort -u >found
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

@test "a record that is framed well but wrong is set aside" {
	# the key "a" twice: no tool can know which is meant
	for tool in $TOOLS; do
		reads_records "$tool" || continue
		tool_line "$tool"
		bad_stream "$input" >"$T/bad"
		check_tool 3 "$tool" "$T/bad" --reject "$T/rejects"
		grep -q 'bad record' "$T/err"
		rec-view -q "$T/rejects" | jq -se 'map(select(.raw)) | length == 1 and
			.[0].reject.reason == "bad record"' >/dev/null
		check_tool 1 "$tool" "$T/bad" --strict
		check_tool 0 "$tool" "$T/bad" --max-faults 100%
	done
}

# The stream with one more record {"a":1,"a":2} in front of its end record.
bad_stream() {
	/usr/bin/python3 "$top_srcdir/tests/bad-stream.py" "$1"
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
	tool_line caption
	rec-view -q "$input" | head -n 3 | jq -c 'del(.tags)' | rec-make -q >"$T/in"
	check_tool 3 caption "$T/in"
	grep -q 'nothing came out' "$T/err"
	check_tool 1 caption "$T/in" --require-output
	grep -q -- --require-output "$T/err"
}
