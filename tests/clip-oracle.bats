# clip-oracle.bats - tokens and embeddings against open_clip and transformers.
# The oracles are made by the scripts in tests/oracle.

load lib

# SkyScript's titles, one a line, from the file's second column.
titles() {
	awk 'NR > 1 {
		s = $0
		sub(/^[^,]*,/, "", s)
		if (substr(s, 1, 1) == "\"") {
			s = substr(s, 2)
			gsub(/""/, "\001", s)
			sub(/".*/, "", s)
			gsub(/\001/, "\"", s)
		} else {
			sub(/,.*/, "", s)
		}
		print s
	}' "$SKYFILTERS_TESTDATA/tags/skyscript-titles.csv"
}

make_vocab() {
	mkdir vocab
	"$top_srcdir/tests/oracle/clip-vocab.sh" \
		"$SKYFILTERS_TESTDATA/clip/bpe_simple_vocab_16e6.txt.gz" vocab
}

@test "the tokens of 50 captions are open_clip's" {
	need_testdata
	make_vocab
	"$top_builddir/tests/helper/bpe-ids" vocab \
		<"$top_srcdir/tests/fixtures/captions.txt" >ids
	diff ids "$top_srcdir/tests/oracle/captions.ids"
}

@test "the tokens of all SkyScript titles are open_clip's" {
	need_testdata
	make_vocab
	titles >titles.txt
	[ "$(wc -l <titles.txt)" -eq 25220 ]
	"$top_builddir/tests/helper/bpe-ids" vocab 1000 <titles.txt >hashes
	diff hashes "$top_srcdir/tests/oracle/titles.xxh64"
}

@test "texts are cleaned as open_clip cleans them" {
	oracle=$top_srcdir/tests/oracle/clean.jsonl
	jq -c '.[0]' "$oracle" | "$top_builddir/tests/helper/clean-text" |
		jq -c . >got
	[ -s got ]
	jq -c '.[1]' "$oracle" | diff got -
}

# cosines MODEL: its embeddings against the oracle's; the line in ./out.
cosines() {
	local name=$1 options
	options=$(sed -n "s/^$name	//p" "$top_srcdir/tests/oracle/models.tsv")
	# shellcheck disable=SC2086 # options are words
	"$top_builddir/examples/model-random/make-model" $options -o "$name"
	check 0 "$top_builddir/tests/helper/clip-cosine" "$name" "$name" \
		"$top_srcdir/tests/oracle/embeddings.tsv" \
		"$top_srcdir/tests/fixtures/captions.txt"
	cat out
}

@test "embeddings of random models are those of transformers" {
	for name in mini gelu-f16 odd rest; do
		cosines "$name"
		grep -q '^9 texts, 6 images' out
	done
}

@test "embeddings of real scenes and 50 captions" {
	need_testdata
	cosines scenes
	grep -q '^50 texts, 26 images' out
}
