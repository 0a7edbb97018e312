# rec.bats - rec-view and rec-make.

load lib

@test "rec-view --json and rec-make --json are inverses over every field" {
	cat >lines <<'EOF'
{"id":"a-12","key":"a-12_x_20","tags":{"building":"yes","name":"Café"},"tag_gsd_m":{"building":1.0},"lon":85.5,"lat":-27.25,"bbox":[179.5,-1.0,-179.5,1.0],"area_m2":0.1,"len_m":1e-07,"geom":"AQEAAAA=","ver":3,"ts":1600000000,"halo":true}
{"img":{"src":"x","uri":["a.tif","b.tif"],"kind":"raster","gsd_m":0.6,"size":[100,200],"nodata":{"$num":"nan"}},"win":[0,1,224,224],"box":[1.0,2.0,3.0,4.0],"px":[224,224],"near":[{"id":"n1","tags":{},"share":0.0,"n":2,"pos":[[0.5,0.5],[0.25,1.0]]}],"chip":"/9j/4AAQ","chip_fmt":"jpeg","valid":1.0}
{"title":"a \"quoted\"\n\ttext","captions":[{"text":"t","weight":0.5,"oriented":false}],"img_emb":"AAA8","txt_emb":"","emb_dtype":"f16","emb_model":"m@0123456789abcdef","sim":{"$num":"-inf"},"label":"house","pred":[{"class":"house","score":0.9}],"reject_not":null}
{"$$bin":"a key that looks like a marker"}
EOF
	check 0 rec-make lines
	mv out records
	check 0 rec-view records
	cmp lines out
	rec-make -q out >again
	cmp <(rec-view -q again) lines
}

@test "the bytes are those of another msgpack implementation" {
	printf '{"a":1,"b":[-200,70000,0.5],"c":"x","e":{}}\n' | rec-make -q >out
	/usr/bin/python3 - <<'EOF'
import msgpack
want = msgpack.packb({"a": 1, "b": [-200, 70000, 0.5], "c": "x", "e": {}})
assert want in open("out", "rb").read()
EOF
}

@test "--count counts, over segments" {
	printf '{"id":"n1"}\n\n{"id":"n2"}\n' | rec-make -q >s
	cat s s >two
	check 0 rec-view --count two
	[ "$(cat out)" = 4 ]
	check 0 rec-view --count <s
	[ "$(cat out)" = 2 ]
	rec-make -q </dev/null >none
	check 0 rec-view --count none
	[ "$(cat out)" = 0 ]
}

@test "headers pass on the provenance" {
	printf '{"id":"n1"}\n' | rec-make -q >s
	check 0 rec-view --headers h1 s
	[ "$(jq -r .tool h1)" = rec-make ]
	check 0 rec-make --headers h1 out
	mv out s2
	check 0 rec-view --headers h2 s2
	[ "$(wc -l <h2)" = 2 ]
	[ "$(head -n 1 h2)" = "$(cat h1)" ]
	[ "$(tail -n 1 h2 | jq -r '.prev[0]')" = "$(jq -r .id h1)" ]
	sed -i 's/rec-make/rec-fake/' h1
	check 1 rec-make --headers h1 out
	grep -q 'h1: line 1: the header is damaged' err
}

@test "bad lines are named, set aside, and do not stop the rest" {
	printf '{"id":"n1"}\n{oops\n[1]\n{"skyfilters":1}\n{"id":"n2"}\n' >lines
	check 3 rec-make --reject rejects lines
	mv out good
	grep -q 'lines: line 2: not valid JSON' err
	grep -q 'lines: line 3: the line is no JSON object' err
	grep -q "lines: line 4: key 'skyfilters' is reserved" err
	[ "$(rec-view -q good | jq -r .id | tr '\n' ' ')" = 'n1 n2 ' ]
	[ "$(rec-view -q --count rejects)" = 3 ]
	check 1 rec-make --strict lines
	check 0 rec-make --max-faults 60 lines
	check 3 rec-make --max-faults 59.9% lines
}

@test "what came before the damage is delivered" {
	seq 1 1000 | sed 's/.*/{"id":"n&","text":"some text to fill the record"}/' |
		rec-make -q >s
	head -c 20000 s >./cut
	check 1 rec-view cut
	[ "$(wc -l <out)" -gt 300 ]
	head -n 1 out | grep -q '"n1"'
	records=$(wc -l <out)
	grep -q "cut: after record $records, at byte [0-9]*: the stream is truncated" err
}

@test "a missing file, and a folder, are named" {
	check 1 rec-view nowhere
	grep -q "cannot open 'nowhere'" err
	check 1 rec-make nowhere
	grep -q "cannot open 'nowhere'" err
	check 1 rec-view .
}

@test "a record that is longer as a line than a record may be comes back" {
	{
		printf '{"id":"n1","chip":"'
		head -c 202000002 /dev/zero | base64 -w 0
		printf '"}\n'
	} >line
	[ "$(wc -c <line)" -gt 268435456 ]
	check 0 rec-make line
	mv out s
	rec-view -q s | cmp - line
}

@test "a record over the limit is set aside, what follows is not lost" {
	{
		printf '{"id":"n1","x":"'
		head -c 268435456 /dev/zero | tr '\0' a
		printf '"}\n{"id":"n2"}\n'
	} >lines
	check 3 rec-make --reject rejects lines
	mv out s
	grep -q 'line 1: the record has 268435.* bytes, more than the limit' err
	[ "$(rec-view -q s | jq -r .id)" = n2 ]
	[ "$(rec-view -q --count rejects)" = 1 ]
}

@test "a line of NUL bytes is not blank" {
	printf '\0\0\n' >lines
	check 3 rec-make lines
}

@test "a reader that goes away, and a full disk" {
	seq 1 20000 | sed 's/.*/{"id":"n&","text":"some text to fill the record"}/' |
		rec-make -q >s
	mkdir d
	rec-view -q --reject d/rejects s | head -n 1 >/dev/null
	[ -z "$(ls -A d)" ]
	got=0
	rec-view -q s >/dev/full 2>err || got=$?
	[ "$got" = 1 ]
	grep -q 'standard output: cannot write: No space left on device' err
}

@test "a pipe is written to, not replaced, and so is an open descriptor" {
	printf '{"id":"n1"}\n' >lines
	rec-make -q lines >good
	mkfifo pipe
	cat pipe >piped &
	check 0 rec-make -q -o pipe lines
	wait $!
	[ -p pipe ]
	cmp piped good
	check 0 rec-view --count --headers /proc/self/fd/2 good
	grep -q '^{"skyfilters":1,' err
	grep -q '1 records in' err
	check 1 rec-make -o . lines
	grep -q "cannot create '.': Is a directory" err
	[ "$(find . -name '*.??????' | wc -l)" = 0 ]
}

@test "output and rejects cannot be one file" {
	printf '{"id":"n1"}\n[1]\n' >lines
	check 1 rec-make -o both --reject ./both lines
	grep -q "'both' is written to already" err
	[ "$(echo both*)" = 'both*' ]
}

@test "a fault behind a whole segment is seen by those that read on" {
	printf '{"id":"n1","tags":{"building":"yes"}}\n' | rec-make -q >s
	cp s two
	head -c 10 s >>two
	check 1 caption <two
	mv out titles
	check 1 rec-view --count titles
	[ "$(cat out)" = '' ]
	check 1 caption --reject /dev/full <s
	check 1 rec-view --count out
	check 1 caption --reject /dev/full -o titled <s
	[ ! -e titled ]
}

@test "a message is one line, whatever the names in it hold" {
	check 1 rec-view $'a\nb\033[31mc'
	[ "$(head -n 1 err)" = "rec-view: cannot open 'a?b?[31mc': No such file or directory" ]
}

@test "a limit or a closed pipe leaves no unfinished file" {
	seq 1 3000 | sed 's/.*/{"id":"n&"}/' >lines
	(
		ulimit -f 1
		check 1 rec-make -o big lines
	)
	grep -q 'big: cannot write: File too large' err
	# the warning meets a pipe that nobody reads
	echo '[1]' >>lines
	mkfifo pipe
	# shellcheck disable=SC2094 # to write to it oneself
	exec 8<>pipe 9>pipe
	exec 8<&-
	local got=0
	rec-make -o big lines 2>&9 || got=$?
	exec 9>&-
	[ "$got" = 141 ] # SIGPIPE
	[ "$(find . -name 'big.*' | wc -l)" = 0 ]
}

@test "no advice on an empty result after a failure" {
	printf '{"id":"n1","tags":{"building":"yes"}}\n' | rec-make -q >s
	head -c -1 s >./cut
	check 1 ground-filter --top 50% <./cut
	[ "$(grep -c 'nothing came out' err)" = 0 ]
}
