# docs.bats - what HACKING.md says of the tree is true.

load lib

@test "what HACKING.md shows of a file stands in it" {
	sed -n '/^```diff$/,/^```$/p' "$top_srcdir/HACKING.md" >diffs
	while IFS= read -r line; do
		case $line in
		'+++ '*) file=$top_srcdir/${line#+++ } ;;
		+*)
			grep -qxF -e "${line#+}" "$file" || {
				echo "$file has no line '${line#+}'"
				return 1
			}
			;;
		esac
	done <diffs
	[ "$(grep -c '^+[^+]' diffs)" -gt 20 ]
}

@test "the layers of HACKING.md are those that check-layers holds" {
	for folder in "$top_srcdir"/common/*/; do
		basename "$folder"
	done | sort >folders
	sed -n 's/^| \([a-z]*\) |[^|]*| *\([a-z ]*[a-z]\)\{0,1\} *|.*/\1: \2/p' \
		"$top_srcdir/HACKING.md" | grep -v '^layer:' | sort >table
	sed -n 's/^\tlayer("\([a-z]*\)", "\([a-z ]*\)".*/\1: \2/p' \
		"$top_srcdir/build-aux/check-layers" | sort >held
	cut -d : -f 1 table | diff - folders
	grep -vE '^(hub|mpi):' held | diff - table
}
