# tools.bash - what the tests over all tools need to know of each: load tools.
# $TOOLS names them all, so that no new tool can be forgotten.

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
	rec-split)
		words=(rec-split --cell quadkey:17 --halo 20 -o "$T/part")
		input=objects.rec
		;;
	rec-stat) words=(rec-stat) input=scored.rec ;;
	rec-view) words=(rec-view) input=scored.rec ;;
	tile-fetch) words=(tile-fetch) input=samples.rec ;;
	zsclassify)
		words=(zsclassify -m model --classes classes.txt)
		input=scored.rec
		;;
	*)
		echo "tools.bash has no line for $1"
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
	case $1 in pair-pack | rec-split | rec-stat | rec-view) return 1 ;; esac
}
# -o names no file: a folder, or what the files' names begin with
writes_files() {
	case $1 in pair-pack | rec-split) ;; *) return 1 ;; esac
}
sets_aside() {
	"$1" --completion-table | grep -qP '^-\treject\t'
}
record_wise() {
	case $1 in caption | clip-embed | ground-filter | tile-fetch | zsclassify) ;;
	*) return 1 ;;
	esac
}

# The files that its run in $D reads with read(2), as tests/helper/fault.c has
# them: 0 is standard input.
tool_reads() {
	case $1 in
	caption) echo '0 */connectors.tsv */head-keys.txt' ;;
	clip-embed) echo '0 */config.json */vocab.json */merges.txt' ;;
	geojoin) echo '0 */catalog.rec' ;;
	ground-filter) echo '0 */tag-gsd.tsv' ;;
	img-catalog) ;; # GDAL reads the images
	osm-tags) echo '*/town.osm */area-rules.tsv' ;;
	pair-pack | rec-split | rec-stat | rec-view | tile-fetch) echo 0 ;;
	rec-make) echo '*/scored.jsonl' ;;
	zsclassify) echo '0 */classes.txt */vocab.json' ;;
	*)
		echo "tools.bash does not know what $1 reads" >&2
		return 1
		;;
	esac
}

# run_words INPUT WORD...: output to $T/out, $T/err; sets `got`. What a test has
# in its array `under` goes in front.
run_words() {
	local input=$1
	shift
	rm -rf "$T/shards"
	got=0
	"${under[@]}" "$@" <"$input" >"$T/out" 2>"$T/err" || got=$?
}

# run_tool TOOL INPUT [MORE WORDS]: the same for the run of tool_line().
run_tool() {
	local tool=$1 words input
	tool_line "$tool"
	input=$2
	shift 2
	run_words "$input" "${words[@]}" "$@"
}

# The stream with one more record {"a":1,"a":2} in front of its end record.
bad_stream() {
	/usr/bin/python3 "$top_srcdir/tests/stream.py" bad "$1"
}

# For a run of TOOL with one fault among what is good: sets `input`, and `more`,
# the words that tool_line() lacks. A stream with a fault stays in $D for other
# tests; other files go to $T.
fault_line() {
	local words
	tool_line "$1"
	more=()
	case $1 in
	img-catalog) more=(classes.txt) ;;
	osm-tags)
		echo '<osm><node id="1" lat="91" lon="0"><tag k="a" v="b"/></node></osm>' \
			>"$T/bad.osm"
		more=("$T/bad.osm")
		;;
	rec-make)
		echo '{"a":1,"a":2}' >"$T/bad.jsonl"
		# shellcheck disable=SC2034 # the caller's
		more=("$T/bad.jsonl")
		;;
	*)
		[ -f "$input.bad" ] || {
			bad_stream "$input" >"$T/bad"
			mv "$T/bad" "$input.bad"
		}
		input=$input.bad
		;;
	esac
}

# check_tool STATUS TOOL INPUT [MORE WORDS]: the same; fails unless the exit
# status is that.
check_tool() {
	local want=$1 got
	shift
	run_tool "$@"
	[ "$got" -eq "$want" ] || {
		echo "$1: exit status $got instead of $want"
		cat "$T/err"
		return 1
	}
}
