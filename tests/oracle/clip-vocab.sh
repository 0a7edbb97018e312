#!/bin/sh
# clip-vocab.sh MERGES.txt.gz FOLDER
# Writes CLIP's vocab.json and merges.txt into FOLDER from open_clip's
# bpe_simple_vocab_16e6.txt.gz: its lines 2 to 48,895 are the merges; the ids
# are those of the bytes, the bytes at a word's end, the merges in their order,
# and the two special tokens.
set -eu
LC_ALL=C
export LC_ALL
gzip -dc "$1" | sed -n '2,48895p' >"$2/merges.body"
{
	echo '#version: 0.2'
	cat "$2/merges.body"
} >"$2/merges.txt"
awk '
function put(s,    i, c, text) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		text = text (c == "\\" || c == "\"" ? "\\" c : c)
	}
	printf "%s\"%s\": %d", n ? ", " : "{", text, n
	n++
}
function utf8(c) {
	if (c < 128)
		return sprintf("%c", c)
	return sprintf("%c%c", 192 + int(c / 64), 128 + c % 64)
}
BEGIN {
	for (b = 0; b < 256; b++)
		if ((b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174)
			symbol[k++] = utf8(b)
	for (b = 0; k < 256; b++)
		symbol[k++] = utf8(256 + b)
	for (i = 0; i < 256; i++)
		put(symbol[i])
	for (i = 0; i < 256; i++)
		put(symbol[i] "</w>")
}
{ put($1 $2) }
END {
	put("<|startoftext|>")
	put("<|endoftext|>")
	print "}"
}' "$2/merges.body" >"$2/vocab.json"
rm "$2/merges.body"
