# clip-embed.bats

load lib

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	"$top_builddir/examples/model-random/make-model" -o model
	"$top_builddir/examples/model-random/make-model" --seed 1 -o other
	nine_records | rec-make -q >in.rec
}

# Nine small images, no two alike, with texts of which four are different.
nine_records() {
	/usr/bin/python3 -c '
import base64, json, struct, zlib

def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data +
            struct.pack(">I", zlib.crc32(kind + data)))

for i in range(1, 10):
    w, h = 20 + 7 * i, 40
    rows = b"".join(
        b"\0" + bytes(v for x in range(w) for v in (
            x * i % 256, (x + y * w) // i % 256, (x * y + i) % 256))
        for y in range(h))
    png = (b"\x89PNG\r\n\x1a\n" +
           chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) +
           chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    print(json.dumps({"id": "n%d" % i,
                      "chip": base64.b64encode(png).decode(),
                      "chip_fmt": "png", "title": "text %d" % (i % 4)}))
'
}

# embed OPTION…: all nine records through the model, to ./out.
embed() {
	check 0 clip-embed -m "$BATS_FILE_TMPDIR/model" "$@" \
		<"$BATS_FILE_TMPDIR/in.rec"
}

# json JQ-OPTION… FILTER: the records in ./out.
json() {
	rec-view -q out | jq "$@"
}

@test "both towers: fields, their order and sizes" {
	embed --image --text title
	grep -q '9 records in, 9 out' err
	rec-view -q out | jq -ce '[keys_unsorted[-5:] == ["img_emb", "txt_emb",
		"emb_dtype", "emb_model", "sim"], .emb_dtype == "f16",
		(.img_emb | @base64d | length > 0),
		(.emb_model | test("^model@[0-9a-f]{16}$"))] | all' >res
	[ "$(grep -c true res)" -eq 9 ]
	[ "$(json -r .img_emb | head -n 1 | base64 -d | wc -c)" -eq 64 ]
	embed --image --text title --emb-dtype f32
	[ "$(json -r .img_emb | head -n 1 | base64 -d | wc -c)" -eq 128 ]
}

@test "sim is the cosine of the two vectors" {
	embed --image --text title --emb-dtype f32
	rec-view -q out | /usr/bin/python3 -c '
import base64, json, struct, sys
for line in sys.stdin:
    r = json.loads(line)
    a, b = (struct.unpack("<32f", base64.b64decode(r[k]))
            for k in ("img_emb", "txt_emb"))
    dot = sum(x * y for x, y in zip(a, b))
    assert abs(sum(x * x for x in a) - 1) < 1e-5
    assert abs(sum(x * x for x in b) - 1) < 1e-5
    assert abs(dot - r["sim"]) < 1e-6, (dot, r["sim"])
'
}

@test "f16 is f32 rounded, and sim is taken before" {
	embed --image --text title --emb-dtype f32
	mv out f32
	embed --image --text title
	rec-view -q f32 >a
	rec-view -q out >b
	paste -d '\n' a b | /usr/bin/python3 -c '
import base64, json, struct, sys
for line in sys.stdin:
    a, b = json.loads(line), json.loads(sys.stdin.readline())
    assert a["sim"] == b["sim"]
    for k in ("img_emb", "txt_emb"):
        x = struct.unpack("<32f", base64.b64decode(a[k]))
        y = struct.unpack("<32e", base64.b64decode(b[k]))
        assert struct.pack("<32e", *x) == struct.pack("<32e", *y)
'
}

@test "one tower at a time gives the same vectors" {
	embed --image --text title
	mv out both
	embed --image
	rec-view -q both | jq -c 'del(.txt_emb, .sim)' >want
	json -c . | diff want -
	# the second tower later: sim from the vector that stands there
	clip-embed -q -m "$BATS_FILE_TMPDIR/model" --text title <out >later
	rec-view -q later | jq -c '[.img_emb, .txt_emb, .emb_dtype]' >got
	rec-view -q both | jq -c '[.img_emb, .txt_emb, .emb_dtype]' | diff got -
	rec-view -q both | jq .sim >a
	rec-view -q later | jq .sim >b
	paste a b | awk '($1 - $2) ^ 2 > 1e-6 || $2 == 0 { exit 1 }'
}

@test "a vector of another model or width does not stay beside a new one" {
	embed --image
	mv out in
	check 3 clip-embed -m "$BATS_FILE_TMPDIR/other" --text title \
		--reject rejects <in
	rec-view -q rejects | jq -se 'length == 9 and
		all(.reject.reason == "mixed embeddings")'
	check 3 clip-embed -m "$BATS_FILE_TMPDIR/model" --text title \
		--emb-dtype f32 <in
	# both anew is fine
	check 0 clip-embed -m "$BATS_FILE_TMPDIR/other" --image --text title <in
}

@test "a sim that has lost its vectors goes" {
	embed --image --text title
	rec-view -q out | jq -c 'del(.img_emb)' | rec-make -q >in
	check 0 clip-embed -m "$BATS_FILE_TMPDIR/model" --text id <in
	json -se 'all(has("sim") | not)'
}

@test "the same bytes at any number of threads" {
	embed --image --text title --batch 2 -@ 1
	mv out one
	for n in 2 3 8; do
		embed --image --text title --batch 2 -@ "$n"
		cmp one out
	done
}

@test "a text's vector does not depend on its neighbours" {
	embed --text title --emb-dtype f32 --batch 9
	json -r .txt_emb >together
	embed --text title --emb-dtype f32 --batch 1
	json -r .txt_emb | diff together -
	# texts 1, 5 and 9 are the same
	[ "$(sort -u together | wc -l)" -eq 4 ]
}

@test "records without chip or text, and chips that are none, are faults" {
	{
		echo '{"id":"a","title":"x"}'
		echo '{"id":"b","title":"x","chip":"AAAA"}'
		echo '{"id":"c","title":"x","chip":7}'
		rec-view -q "$BATS_FILE_TMPDIR/in.rec" | head -n 1 >good
		jq -c '.id = "d" | del(.title)' good
		jq -c '.id = "e" | .title = ""' good
		jq -c '.id = "f" | .title = 5' good
		jq -c '.id = "g" | .chip = (.chip[:400])' good
		jq -c '.id = "h" | .title = {"$str": "/w=="}' good
		cat good
	} | rec-make -q >in
	check 3 clip-embed -m "$BATS_FILE_TMPDIR/model" --image --text title \
		--reject rejects <in
	json -c .id | diff - <(echo '"n1"')
	rec-view -q rejects | jq -c '[.id, .reject.reason]' | diff - <(
		cat <<-'END'
			["a","no chip"]
			["b","bad chip"]
			["c","bad chip"]
			["d","no text"]
			["e","no text"]
			["f","bad text"]
			["g","bad chip"]
			["h","bad text"]
		END
	)
}

@test "what the command line must say" {
	check 2 clip-embed --image
	grep -q -- '-m FOLDER' err
	check 2 clip-embed -m model
	grep -q -- '--image' err
	check 2 clip-embed -m model --image --emb-dtype f64
	check 2 clip-embed -m model --image --batch 0
}

@test "a model is named in the header, and -v names the kernels" {
	embed --text title -v
	grep -q "OpenBLAS's kernels for " err
	rec-view -q --headers headers out >/dev/null
	tail -n 1 headers | jq -e '.tool == "clip-embed" and
		(.args | index("model=model") != null) and
		(.inputs[0].name | test("^model@[0-9a-f]{16}$"))'
}

@test "the environment does not choose the kernels" {
	embed --image -v
	sed -n 's/.*kernels for //p' err >plain
	OPENBLAS_CORETYPE=Prescott OPENBLAS_L2_SIZE=512 embed --image -v
	sed -n 's/.*kernels for //p' err | diff plain -
}

# broken TEXT COMMAND…: a copy of the model that the command has changed is
# refused with the text.
broken() {
	local text=$1
	shift
	rm -rf copy
	cp -r "$BATS_FILE_TMPDIR/model" copy
	(cd copy && "$@")
	check 1 clip-embed -m copy --image <"$BATS_FILE_TMPDIR/in.rec"
	grep -qF -- "$text" err || {
		cat err
		return 1
	}
}

edit() {
	jq -c "$1" "$2" >new && mv new "$2"
}

@test "damaged models are refused with what is wrong" {
	broken "copy/config.json" rm config.json
	broken "copy/model.safetensors" rm model.safetensors
	broken "copy/vocab.json" rm vocab.json
	broken "copy/merges.txt" rm merges.txt
	broken "line 2" sh -c 'echo "a b" >>merges.txt'
	broken "tensor 'vision_model.encoder.layers.3.layer_norm1.weight' is missing" \
		edit '.vision_config.num_hidden_layers = 4' config.json
	broken "16 of the 32 tensors 'text_model.encoder.layers.…'" \
		edit '.text_config.num_hidden_layers = 1' config.json
	broken "32 of the 48 tensors 'vision_model.encoder.layers.…'" \
		edit '.vision_config.num_hidden_layers = 2' config.json
	broken "shape is [64] instead of [80]" \
		edit '.vision_config.hidden_size = 80' config.json
	broken "shape is [514, 48] instead of [600, 48]" \
		edit '.text_config.vocab_size = 600' config.json
	broken "eos_token_id 7" edit '.text_config.eos_token_id = 7' config.json
	broken "image size 64" edit '.size = 224' preprocessor_config.json
	broken "header" truncate -s 1000 model.safetensors
	broken "behind the last tensor" sh -c 'echo >>model.safetensors'
	broken "zero or not finite" sh -c '
		size=$(stat -c %s model.safetensors)
		head -c 20000 /dev/zero | tr "\0" "\377" |
			dd of=model.safetensors bs=1 seek=$((size - 600000)) \
				conv=notrunc status=none'
}

# limited KB COMMAND…: runs it in so much address space; 99: not even a program
# that does nothing runs in it, as with sanitizers.
limited() (
	ulimit -v "$1" || exit 99
	shift
	caption --version >/dev/null 2>&1 || exit 99
	exec "$@"
)

@test "too little memory is an error, not a silence" {
	export OPENBLAS_NUM_THREADS=2
	for kb in 120000 200000 400000; do
		status=0
		limited "$kb" timeout -s KILL 60 clip-embed -@ 2 -o out \
			-m "$BATS_FILE_TMPDIR/model" --text title \
			<"$BATS_FILE_TMPDIR/in.rec" 2>err || status=$?
		[ "$status" -ne 99 ] || continue
		[ "$status" -eq 1 ]
		grep -q 'clip-embed: out of memory: each of 2 threads' err
		[ ! -e out ]
	done
}

@test "no thread to be had is an error" {
	ulimit -S -s 4000000 || return 0
	status=0
	limited 3000000 caption <"$BATS_FILE_TMPDIR/in.rec" >out 2>err ||
		status=$?
	[ "$status" -ne 99 ] || return 0
	[ "$status" -eq 1 ]
	grep -q 'cannot start a thread' err
}

@test "every cut in a model's first 2,000 bytes is an error" {
	cp -r "$BATS_FILE_TMPDIR/model" copy
	for ((n = 0; n < 2000; n += 97)); do
		head -c "$n" "$BATS_FILE_TMPDIR/model/model.safetensors" \
			>copy/model.safetensors
		check 1 clip-embed -m copy --image <"$BATS_FILE_TMPDIR/in.rec"
	done
}

@test "a preprocessor_config.json that is not there means CLIP's values" {
	embed --image
	json -c .img_emb >want
	cp -r "$BATS_FILE_TMPDIR/model" .
	rm model/preprocessor_config.json
	check 0 clip-embed -m model/ --image <"$BATS_FILE_TMPDIR/in.rec"
	json -c .img_emb | diff want -
	json -se 'all(.emb_model | startswith("model@"))'
}
