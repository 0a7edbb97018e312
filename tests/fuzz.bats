# fuzz.bats - the fuzz targets on what the tools make of a small town.

load lib

@test "fuzz targets take what the tools put out" {
	"$top_srcdir/tests/fuzz/seeds" "$top_builddir" seeds
	for folder in seeds/*; do
		check 0 "$top_builddir/tests/fuzz/${folder#*/}" "$folder"
		grep -q '^ok 2' out
	done
}

@test "a target says which case of a file is none" {
	printf '# one\nAAEC\n# two\n\\q\n' >cases.txt
	check 1 "$top_builddir/tests/fuzz/num" cases.txt
	grep -q '^ok 1 - line 2: one' out
	grep -q '^not ok 2 - line 4: two' out
	check 1 "$top_builddir/tests/fuzz/num" nowhere
	grep -q "^not ok 1 - cannot open 'nowhere'" out
}
