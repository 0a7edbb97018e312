# faults.bats - what every tool does when a call of the system fails, does less
# than it could, or a signal arrives. tests/helper/fault.c makes it happen.

load lib
load tools

# with RULES TOOL INPUT [MORE WORDS]: run_tool with faults; the faults that
# happened are in $T/fired.
with() {
	# whoever runs the tests may ignore signals: a background job does
	# shellcheck disable=SC2034 # run_words() sees it
	local under=(env "--default-signal=INT,TERM"
		"LD_PRELOAD=$top_builddir/tests/helper/fault.so"
		"ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-}"
		"FAULT=$1" "FAULT_LOG=$T/fired")
	shift
	rm -f "$T/fired"
	run_tool "$@"
}

# expect STATUS [TEXT]...: of the run before, which met its fault; each text is
# in its messages.
expect() {
	local want=$1 text
	shift
	[ -s "$T/fired" ] || {
		echo "$tool: the fault did not happen"
		return 1
	}
	[ "$got" -eq "$want" ] || {
		echo "$tool: exit status $got instead of $want, after:"
		tail -n 3 "$T/fired"
		cat "$T/err"
		return 1
	}
	for text; do
		grep -qF -- "$text" "$T/err" || {
			echo "$tool: no '$text' in:"
			cat "$T/err"
			return 1
		}
	done
}

# What a failed run has put out is part of what it would have, and not whole.
expect_part() {
	local size
	size=$(stat -c %s "$T/out")
	cmp -n "$size" "$T/out" "$1"
	if writes_records "$tool"; then
		check 1 rec-view "$T/out"
	fi
}

# No file but what was there: the old one under its name, nothing beside it.
expect_old() {
	[ "$(cat "$1")" = old ]
	[ "$(find "${1%/*}" -maxdepth 1 -name "${1##*/}*" | wc -l)" -eq 1 ]
}

# The name in a message of what tool_reads() calls so.
name_of() {
	case $1 in 0) echo 'standard input' ;; *) echo "${1##*/}" ;; esac
}

@test "a read that fails ends the run, and is named" {
	for tool in $TOOLS; do
		tool_line "$tool"
		set -f # patterns, not files
		for file in $(tool_reads "$tool"); do
			for n in 1 2; do
				with "read $file $n EIO" "$tool" "$input"
				expect 1 "$(name_of "$file")" 'Input/output error'
				writes_records "$tool" || continue
				check 1 rec-view "$T/out"
			done
		done
		set +f
	done
}

@test "a file that cannot be opened is named" {
	for tool in $TOOLS; do
		tool_line "$tool"
		set -f
		for file in $(tool_reads "$tool"); do
			[ "$file" != 0 ] || continue
			with "open ${file##*/} 1 EACCES;open $file 1 EACCES" \
				"$tool" "$input"
			expect 1 "${file##*/}" 'Permission denied'
		done
		set +f
	done
}

@test "sources name standard input when reading it fails" {
	echo town/town.tif >"$T/list"
	for tool in img-catalog osm-tags rec-make; do
		case $tool in
		img-catalog) words=(img-catalog -) input=$T/list ;;
		osm-tags) words=(osm-tags) input=$D/town/town.osm ;;
		rec-make) words=(rec-make) input=$D/scored.jsonl ;;
		esac
		cd "$D"
		for n in 1 2; do
			got=0
			LD_PRELOAD=$top_builddir/tests/helper/fault.so \
				ASAN_OPTIONS=verify_asan_link_order=0 \
				FAULT="read 0 $n EIO" FAULT_LOG=$T/fired \
				"${words[@]}" <"$input" >"$T/out" 2>"$T/err" ||
				got=$?
			expect 1 'standard input' 'Input/output error'
			check 1 rec-view "$T/out"
			rm "$T/fired"
		done
	done
}

# 4 reads of 3000 bytes, then a fault: as if the input were 12000 bytes long.
@test "what stood before the fault is delivered" {
	local at='5 EIO;read 0 1+ 3000'
	for tool in $TOOLS; do
		record_wise "$tool" || [ "$tool" = rec-view ] || continue
		tool_line "$tool"
		head -c 12000 "$input" >"$T/cut"
		check_tool 1 "$tool" "$T/cut"
		mv "$T/out" "$T/want"
		with "read 0 $at" "$tool" "$input"
		expect 1 'Input/output error'
		cmp "$T/want" "$T/out"
	done
	tool=rec-make
	with 'read *.jsonl 5 EIO;read *.jsonl 1+ 30000' rec-make /dev/null
	expect 1 'scored.jsonl: line' 'Input/output error'
	head -c 120000 "$D/scored.jsonl" | head -n -1 >"$T/want"
	check 1 rec-view -q "$T/out"
	cmp "$T/want" out
	[ -s "$T/want" ]
}

@test "an image that cannot be read is a fault of its records" {
	for tool in img-catalog tile-fetch; do
		tool_line "$tool"
		with 'fread */town.tif 1+ EIO' "$tool" "$input"
		expect 3 'the image' 'nothing came out'
	done
}

@test "standard output: a write or the close that fails" {
	for tool in $TOOLS; do
		[ "$tool" != pair-pack ] || continue
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		mv "$T/out" "$T/good"
		for n in 1 2 4; do
			with "write 1 $n ENOSPC" "$tool" "$input"
			[ "$n" -eq 1 ] || [ -e "$T/fired" ] || break
			expect 1 'standard output' 'No space left on device'
			expect_part "$T/good"
		done
		with 'write 1 2 EIO;write 1 1 100' "$tool" "$input"
		expect 1 'standard output' 'Input/output error'
		expect_part "$T/good"
		with 'close 1 1 EIO' "$tool" "$input"
		expect 1 'standard output' 'Input/output error'
	done
}

@test "-o FILE: after any fault the old file stands, and nothing beside it" {
	local f=$BATS_TEST_TMPDIR/file
	for tool in $TOOLS; do
		! writes_files "$tool" || continue
		tool_line "$tool"
		for rule in "open $f.XXXXXX 1 EACCES" "write $f.?????? 1 ENOSPC" \
			"write $f.?????? 2 EIO;write $f.?????? 1 100" \
			"close $f.?????? 1 EIO" "rename $f 1 EACCES"; do
			echo old >"$f"
			with "$rule" "$tool" "$input" -o "$f"
			expect 1 "$f"
			expect_old "$f"
		done
	done
}

@test "pair-pack: a shard or a provenance that fails does not appear" {
	tool=pair-pack
	tool_line pair-pack
	for file in shard-000000.tar provenance.json; do
		for rule in 'open *F.XXXXXX 1 EACCES' 'write *F.?????? 1 ENOSPC' \
			'close *F.?????? 1 EIO' 'rename *F 1 EACCES'; do
			with "${rule/F/$file}" pair-pack "$input"
			expect 1 "$file"
			[ -z "$(find "$T/shards" -name "$file*")" ]
			[ ! -e "$T/shards/provenance.json" ]
		done
	done
	[ "$(ls "$T/shards")" = shard-000000.tar ]
}

@test "rec-split: a file that fails does not appear, those before it stay" {
	tool=rec-split
	tool_line rec-split
	for rule in 'open *F.XXXXXX 1 EACCES' 'write *F.?????? 1 ENOSPC' \
		'close *F.?????? 1 EIO' 'rename *F 1 EACCES'; do
		rm -f "$T"/part*
		with "${rule/F/part00001.rec}" rec-split "$input" \
			--parts "$T/part.tsv"
		expect 1 part00001.rec
		[ "$(cd "$T" && echo part*)" = part00000.rec ]
		[ "$(cat "$T/out")" = "$T/part00000.rec" ]
		rec-stat -q --check "$T/part00000.rec"
		rm -f "$T"/part*
		with "${rule/F/part.tsv}" rec-split "$input" \
			--parts "$T/part.tsv"
		expect 1 part.tsv
		case $rule in
		# the table is opened first: then nothing is written at all
		open*) [ "$(cd "$T" && echo part*)" = 'part*' ] ;;
		*) [ "$(cd "$T" && echo part*)" = \
			'part00000.rec part00001.rec part00002.rec part00003.rec' ] ;;
		esac
	done
	for signal in SIGINT SIGTERM; do
		rm -f "$T"/part*
		with "open *part00001.rec.XXXXXX 1 $signal" rec-split "$input"
		case $signal in *INT) expect 130 ;; *) expect 143 ;; esac
		[ "$(cd "$T" && echo part*)" = part00000.rec ]
	done
}

@test "--reject FILE: a fault in it is one of the run" {
	local f=$BATS_TEST_TMPDIR/rejects
	for tool in $TOOLS; do
		reads_records "$tool" && sets_aside "$tool" || continue
		fault_line "$tool"
		for rule in "open $f.XXXXXX 1 EACCES" "write $f.?????? 1 ENOSPC" \
			"close $f.?????? 1 EIO" "rename $f 1 EACCES"; do
			echo old >"$f"
			with "$rule" "$tool" "$input" --reject "$f"
			expect 1 "$f"
			expect_old "$f"
			writes_records "$tool" || continue
			check 1 rec-view "$T/out"
		done
		# the output's fault: the rejects are kept, but are not whole
		[ "$tool" != pair-pack ] || continue
		with 'write 1 1 ENOSPC' "$tool" "$input" --reject "$f"
		expect 1 'standard output'
		check 1 rec-view --count "$f"
		grep -q 'no end record' err
		rm "$f"
	done
}

@test "a temporary file that fails ends the run" {
	cd "$T"
	seq 1 3000 | sed 's/.*/{"id":"n&","sim":0.&, "x":"'"$(
		printf '%0400d' 0)"'"}/' >lines
	rec-make -q lines >many
	sed 's/}/,/' lines >bad
	tool=ground-filter
	for rule in 'open */skyfilters.XXXXXX 1 EACCES' \
		'write */skyfilters.* 1 ENOSPC' 'read */skyfilters.* 1 EIO'; do
		with "$rule" ground-filter "$T/many" --top 50%
		expect 1 'temporary file'
		tool=rec-make with "$rule" rec-make /dev/null \
			--reject "$T/rejects" "$T/bad"
		expect 1 'temporary file'
		[ ! -e "$T/rejects" ] || check 1 rec-view "$T/rejects"
	done
	sed 's/"sim":/"lon":1,"lat":/' "$T/lines" | rec-make -q >"$T/places"
	tool=rec-split
	for rule in 'open */skyfilters.XXXXXX 1 EACCES' \
		'write */skyfilters.* 1 ENOSPC' 'read */skyfilters.* 1 EIO'; do
		with "$rule" rec-split "$T/places" --halo 1e6
		expect 1 'temporary file'
		[ -z "$(find "$T" -name 'part*')" ]
	done
	cd "$D"
	tool=osm-tags
	for rule in 'open */skyfilters.XXXXXX 1 EACCES' \
		'write */skyfilters.* 1 ENOSPC' 'read */skyfilters.* 1 EIO'; do
		with "$rule" osm-tags town/town.osm -
		expect 1
		grep -qE 'temporary file|standard input' "$T/err"
	done
}

@test "files that are written beside the output" {
	local f=$BATS_TEST_TMPDIR/beside
	for tool in rec-view zsclassify; do
		tool_line "$tool"
		case $tool in
		rec-view) option=--headers ;;
		zsclassify) option=--report-file ;;
		esac
		for rule in "write $f.?????? 1 ENOSPC" "close $f.?????? 1 EIO" \
			"rename $f 1 EACCES"; do
			echo old >"$f"
			with "$rule" "$tool" "$input" "$option" "$f"
			expect 1 "$f"
			expect_old "$f"
			writes_records "$tool" || continue
			check 1 rec-view "$T/out"
		done
	done
}

@test "tables that are printed" {
	for words in 'ground-filter --print-table' 'caption --print-connectors' \
		'caption --print-head-keys' 'osm-tags --print-area-rules'; do
		tool=${words%% *}
		for rule in 'write 1 1 ENOSPC' 'close 1 1 EIO'; do
			with "$rule" "$tool" /dev/null "${words#* }"
			expect 1 'standard output'
		done
	done
}

@test "short reads, short writes and EINTR change no byte" {
	local rules='read * /3 EINTR;read * 1+ 61;write * /3 EINTR;write * 1+ 61'
	for tool in $TOOLS; do
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		mv "$T/out" "$T/good"
		[ ! -d "$T/shards" ] || mv "$T/shards" "$T/good-shards"
		with "$rules" "$tool" "$input"
		expect 0
		cmp "$T/good" "$T/out"
		[ ! -d "$T/shards" ] || diff -r "$T/shards" "$T/good-shards"
	done
}

@test "what would block is an error, never lost" {
	for tool in $TOOLS; do
		[ "$tool" != pair-pack ] || continue
		tool_line "$tool"
		with 'write 1 1 EAGAIN' "$tool" "$input"
		expect 1 'standard output'
		reads_records "$tool" || continue
		with 'read 0 1 EAGAIN' "$tool" "$input"
		expect 1 'standard input'
	done
}

@test "a signal ends a tool, and leaves no unfinished file" {
	local f=$BATS_TEST_TMPDIR/file
	for tool in $TOOLS; do
		! writes_files "$tool" || continue
		tool_line "$tool"
		for rule in "open $f.XXXXXX 1 SIGTERM" "write $f.?????? 1 SIGINT" \
			"close $f.?????? 1 SIGTERM"; do
			echo old >"$f"
			with "$rule" "$tool" "$input" -o "$f"
			case $rule in
			*INT) expect 130 ;;
			*) expect 143 ;;
			esac
			expect_old "$f"
		done
		reads_records "$tool" && sets_aside "$tool" || continue
		with 'read 0 1 SIGTERM' "$tool" "$input" -o "$f" \
			--reject "$T/rejects"
		expect 143
		expect_old "$f"
		[ -z "$(find "$T" -name 'rejects*')" ]
	done
	tool=pair-pack
	tool_line pair-pack
	for rule in 'open *.tar.XXXXXX 1 SIGTERM' 'write *.tar.?????? 1 SIGTERM' \
		'open *.json.XXXXXX 1 SIGTERM'; do
		with "$rule" pair-pack "$input"
		expect 143
		[ -z "$(find "$T/shards" -name '*.??????')" ]
	done
}
