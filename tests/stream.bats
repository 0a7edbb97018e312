# stream.bats - the tools and tests/stream.py, which was written from
# skyfilters-records(5) alone, take and give the same streams.

load lib
load tools

stream() {
	/usr/bin/python3 "$top_srcdir/tests/stream.py" "$@"
}

cases() {
	/usr/bin/python3 "$top_srcdir/tests/stream-cases.py" "$@"
}

# agree STATUS FILE...: rec-view and stream.py take as much of each FILE, with
# that status and the same lines, which are left in FILE.lines.
agree() {
	local want=$1 status file why got
	shift
	stream check "$@" >"$T/verdicts"
	[ "$(wc -l <"$T/verdicts")" -eq $# ]
	while read -r status file why; do
		got=0
		rec-view -q "$file" >"$T/view" 2>"$T/err" || got=$?
		[ "$status" -eq "$want" ] && [ "$got" -eq "$want" ] &&
			cmp "$T/view" "$file.lines" && continue
		echo "$file: stream.py: $status $why; rec-view: $got"
		cat "$T/err"
		return 1
	done <"$T/verdicts"
}

# comes_back FILE: its lines, which agree() left, give the same records, whether
# stream.py or rec-make reads them.
comes_back() {
	stream records "$1" >"$T/want"
	stream make <"$1.lines" >"$T/again"
	agree 0 "$T/again"
	stream records "$T/again" | cmp - "$T/want"
	rec-make -q "$1.lines" >"$T/again"
	stream records "$T/again" | cmp - "$T/want"
}

@test "the bytes in the page are those that rec-make writes" {
	echo '{"id":"n1","lon":1.5}' | rec-make -q >one
	sed -n '/^\.Bd -literal$/,/^\.Ed$/p' \
		"$top_srcdir/man/skyfilters-records.5" | grep -v '^\.' >page
	stream show one >shown
	diff page shown
	# and without stream.py
	cut -d ' ' -f 1 page | /usr/bin/python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' | cmp - one
}

@test "what the page allows and what it forbids" {
	cases make cases
	for status in 0 1 3; do
		agree "$status" cases/"$status"-*
	done
	# in shortest encodings, and so again from the lines
	for file in cases/0-{one-record,no-record,values,bin-fields,keys*}; do
		case $file in *.lines) continue ;; esac
		comes_back "$file"
	done
}

@test "lines that no tool writes mean the same to rec-make" {
	cat >lines <<-'EOF'
		 { "a" : 1 , "b":[ ],"\u0063":"\ud83d\ude00\/\b\f\r" }
		{"d":1E2,"e":-0.0,"f":-0,"g":1e-400,"h":12345678901234567890.0}
		{"i":{"$num":"5"},"j":{"$f32":2},"k":{"\u0024bin":"AAEC"}}
		{"l":{"$$$x":1},"m":{"$bin":"AA==","x":1},"n":{"$":0,"":{}}}
		{"geom":{"$str":"eA=="},"chip":{"$bin":"AAEC"},"img_emb":null}
		{"$$num":"7"}
		{"o":{"$num":"nan:fff8000000000001"},"p":{"$f32":"-inf"}}
	EOF
	stream make <lines >ours
	rec-make -q lines >theirs
	stream records ours >want
	stream records theirs | cmp - want
	agree 0 theirs
	comes_back theirs
}

@test "the streams of every tool, alone and one behind the other" {
	for tool in $TOOLS; do
		writes_records "$tool" || continue
		tool_line "$tool"
		check_tool 0 "$tool" "$input"
		agree 0 "$T/out"
		[ -s "$T/out.lines" ]
		comes_back "$T/out"
		cat "$T/out" "$T/out" >"$T/two"
		cat "$T/out.lines" "$T/out.lines" >"$T/lines"
		agree 0 "$T/two"
		cmp "$T/lines" "$T/two.lines"
	done
}

@test "what every tool sets aside, and what it leaves when it fails" {
	for tool in $TOOLS; do
		sets_aside "$tool" || continue
		fault_line "$tool"
		check_tool 3 "$tool" "$input" "${more[@]}" --reject "$T/rejects"
		agree 0 "$T/rejects"
		grep -q "\"reject\":{\"tool\":\"$tool\"," "$T/rejects.lines"
		check_tool 1 "$tool" "$input" "${more[@]}" --strict \
			--reject "$T/rejects"
		agree 1 "$T/rejects"
		[ -s "$T/rejects.lines" ]
		writes_records "$tool" || continue
		agree 1 "$T/out"
	done
}

@test "damaged streams" {
	cases damage "$D/samples.rec" samples
	agree 1 samples/*
	stream make <"$D/scored.jsonl" >whole
	cases damage whole own
	agree 1 own/*
}

@test "every field is in the page, with its type" {
	# "NAME TYPE", the members of img as "img.NAME" would be
	sed -n '/^\.Sh FIELDS$/,/^\.Sh LINE MODE$/p' \
		"$top_srcdir/man/skyfilters-records.5" |
		awk '/^\.It Va / { gsub(/,/, ""); n = split($0, names); next }
			n { type = $1; gsub(/[.,:;]/, "", type)
				for (i = 3; i <= n; i++)
					print names[i], type == "uint" ? "int" : type
				n = 0 }' >page
	tool_line zsclassify
	check_tool 0 zsclassify "$input"
	fault_line caption
	check_tool 3 caption "$input" --reject "$T/rejects"
	rec-stat -q --format json "$D"/*.rec "$T/out" "$T/rejects" >"$T/stat"
	cd "$T"
	jq -r '.fields[] | select(.field | test("^(img\\.|[^.]*$)")) |
		(.field | ltrimstr("img.")) + " " + (.types | keys | join(","))' \
		stat >found
	[ "$(wc -l <found)" -gt 30 ]
	grep -vxF -f page found && return 1
	# and what tables may hold beside
	sed -n 's/^\t{"\([a-z_0-9]*\)", FIELD_.*/\1/p' \
		"$top_srcdir/common/form/field.c" >known
	[ "$(wc -l <known)" -gt 20 ]
	cut -d ' ' -f 1 page | grep -vxF -f - known && return 1
	true
}

@test "the README's looks at streams" {
	cd "$D"
	sed -n '/^## Looking at streams$/,/^## The/s/^    \$ //p' \
		"$top_srcdir/README.md" >"$T/looks"
	[ "$(wc -l <"$T/looks")" -ge 4 ]
	while IFS= read -r look; do
		got=0
		bash -o pipefail -c "$look" >"$T/out" 2>"$T/err" || got=$?
		case $got in
		0 | 141) ;; # head leaves early
		*)
			echo "$look: exit status $got"
			cat "$T/err"
			return 1
			;;
		esac
		case $look in
		*--check*) [ ! -s "$T/out" ] ;;
		*.geojson) jq -e '.features | length > 0' "${look##* }" ;;
		*) [ -s "$T/out" ] ;;
		esac
	done <"$T/looks"
}
