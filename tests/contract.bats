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
	rec-stat) words=(rec-stat) input=scored.rec ;;
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
	case $1 in pair-pack | rec-stat | rec-view) return 1 ;; esac
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

options_in_help() {
	"$1" --help | grep -oE -- '^ +(-[a-zA-Z@], )?--[a-z0-9-]+' |
		grep -oE -- '--[a-z0-9-]+' | sort
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

@test "the man page has the options of --help, and no other" {
	for tool in $TOOLS; do
		page=$top_srcdir/man/$tool.1
		[ -f "$page" ]
		sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/--\1/p' "$page" | sort >page
		options_in_help "$tool" >help
		diff page help || {
			echo "$tool: page and --help differ"
			return 1
		}
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
@test "one option name has one kind of value over all tools" {
	for tool in $TOOLS; do
		"$tool" --help | sed -nE \
			's/^ +(-[a-zA-Z@], )?(--[a-z0-9-]+)( ([^ ]+))?( .*)?$/\2 \4/p' |
			awk -v t="$tool" '{ print $1, NF > 1 && $2 ~ /^[A-Z,%a-z|:.]*$/ &&
				($2 ~ /^[A-Z]/ || $2 ~ /\|/) ? $2 : "-" }'
	done | grep -vx -- '--output DIR' | sort -u | awk '$1 == last { print "two kinds of value:", $1; bad = 1 }
		{ last = $1 } END { exit bad }'
}

@test "mistakes in the command line exit with 2" {
	for tool in $TOOLS; do
		check 2 "$tool" --no-such-option
		grep -q "unknown option '--no-such-option'" err
		grep -q "Try '$tool --help'" err
		check 2 "$tool" -Z
		[ ! -s out ]
	done
	check 2 caption operand
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
		"$tool" --help | grep -q -- --reject || continue
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
