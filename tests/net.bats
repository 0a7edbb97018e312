# net.bats - common/net against a server that does wrong (fault-server.py),
# through tests/helper/fetch.

load lib
load server

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	fetch=$top_builddir/tests/helper/fetch
	unset SKYFILTERS_CONTACT SKYFILTERS_HTTP_BEARER \
		SKYFILTERS_HTTP_BEARER_HOST
	start_fault_server
}

teardown() {
	stop_server
}

# asked N: so many requests have come.
asked() {
	[ "$(wc -l <requests)" -eq "$1" ]
}

@test "a body, and who asks for it" {
	check 0 "$fetch" "$url/echo/a%20b?x=1"
	jq -e '.method == "GET" and .path == "/echo/a%20b?x=1" and
		(.headers["user-agent"] | test("^skyfilters/[0-9.]+$")) and
		(.headers | has("authorization") | not)' out
	check 0 env SKYFILTERS_CONTACT=me@example.com "$fetch" "$url/echo/"
	jq -e '.headers["user-agent"] | endswith(" (+me@example.com)")' out
	check 1 env SKYFILTERS_CONTACT=$'me\r\nHost: x' "$fetch" "$url/echo/"
	grep -q 'SKYFILTERS_CONTACT holds a control character' err
}

@test "JSON is posted" {
	check 0 "$fetch" "$url/echo/" '{"a":1}'
	jq -e '.method == "POST" and .body == "{\"a\":1}" and
		.headers["content-type"] == "application/json"' out
}

@test "what may pass is tried again" {
	for path in status/500/3/a status/503/2/b status/429/1/c status/408/1/d \
		reset/2/e short/2/f; do
		check 0 "$fetch" "$url/$path"
		[ "$(cat out)" = 'done' ]
	done
	asked $((4 + 3 + 2 + 2 + 3 + 3))
	check 1 "$fetch" "$url/status/503/9/g"
	grep -q "^fetch: $url/status/503/9/g: tried 4 times, at last: HTTP 503: .*not today" err
	check 1 "$fetch" "$url/short/9/h"
	[ ! -s out ]
}

@test "what will not pass is asked once" {
	check 1 "$fetch" "$url/status/404/1/a"
	check 1 "$fetch" "$url/status/403/1/b"
	grep -q 'HTTP 403: {"description":"not today"}' err
	asked 2
	check 1 "$fetch" "http://127.0.0.1:1/x"
	grep -q 'tried 4 times' err
	check 1 "$fetch" "ftp://127.0.0.1/x"
	check 1 "$fetch" "file:///etc/passwd"
	[ ! -s out ]
}

@test "Retry-After is kept to, unless that takes too long" {
	check 0 "$fetch" "$url/wait/1/1/a"
	check 0 "$fetch" "$url/date/1/b"
	asked 4
	check 1 "$fetch" "$url/wait/3600/1/c"
	grep -q 'the next try, in 3600 s, would be beyond the 5 s' err
	asked 5
}

@test "who sends nothing, or never ends, is left" {
	check 1 "$fetch" "$url/silent/a"
	grep -q 'tried [2-4] times' err
	check 1 "$fetch" "$url/drip/b"
	[ ! -s out ]
}

@test "bodies have a limit, unpacked" {
	check 1 "$fetch" "$url/large/a"
	grep -q 'larger than 1000000 bytes' err
	check 1 "$fetch" "$url/bomb/b"
	grep -q 'larger than 1000000 bytes' err
	asked 2
	[ ! -s out ]
}

@test "redirects: as many as that, to http and https, and said" {
	check 0 "$fetch" "$url/to/$url/to/$url/echo/a"
	grep -q "^fetch: from $url/echo/a$" err
	check 0 "$fetch" "$url/to/$url/echo/b" '{}'
	jq -e '.method == "GET"' out
	check 0 "$fetch" "$url/keep/$url/echo/c" '{"a":1}'
	jq -e '.method == "POST" and .body == "{\"a\":1}"' out
	check 1 "$fetch" "$url/loop/d"
	grep -q 'more than 3 redirects' err
	check 1 "$fetch" "$url/to/file:///etc/passwd"
	check 1 "$fetch" "$url/to/ftp://127.0.0.1/x"
	[ ! -s out ]
}

@test "link-local addresses and metadata services are never asked" {
	for host in 169.254.169.254 0xa9fea9fe '[fe80::1]' 100.100.100.200 \
		'[fd00:ec2::254]' '[::ffff:169.254.1.1]' '[64:ff9b::a9fe:101]'; do
		check 1 "$fetch" "http://$host/latest/"
		grep -q 'never asked' err
		check 1 "$fetch" "$url/to/http://$host/latest/"
		grep -q "^fetch: $url/to/.*, which leads to http://.*never asked" err
	done
	asked 7
	check 1 env http_proxy="$url" "$fetch" http://169.254.169.254/
	grep -q 'never asked' err
	asked 7
}

@test "a token goes to its host alone" {
	export SKYFILTERS_HTTP_BEARER=geheim SKYFILTERS_HTTP_BEARER_HOST
	check 1 "$fetch" "$url/echo/a"
	grep -q 'set SKYFILTERS_HTTP_BEARER_HOST' err
	SKYFILTERS_HTTP_BEARER_HOST=127.0.0.1:$port
	check 0 "$fetch" "$url/echo/a"
	jq -e '.headers.authorization == "Bearer geheim"' out
	check 0 "$fetch" "$url/to/http://localhost:$port/echo/b"
	jq -e '.headers | has("authorization") | not' out
	SKYFILTERS_HTTP_BEARER_HOST=example.com
	check 0 "$fetch" "$url/echo/a"
	jq -e '.headers | has("authorization") | not' out
	# not in the clear: a proxy would see it, too
	check 0 env http_proxy="$url" "$fetch" http://example.com/echo/c
	jq -e '.path == "http://example.com/echo/c" and
		(.headers | has("authorization") | not)' out
}

@test "messages keep secrets" {
	check 1 "$fetch" "http://me:geheim@127.0.0.1:$port/none?a=1&token=geheim&X-Amz-Signature=geheim&sig=geheim#geheim"
	grep -q "http://127.0.0.1:$port/none?a=1&token=\*\*\*&X-Amz-Signature=\*\*\*&sig=\*\*\*: HTTP 404" err
	if grep -q geheim err; then return 1; fi
}

# all [OPTION…]: asks for what standard input names, at once; ./out as fetch
# has it.
all() {
	check 0 "$fetch" "$@" -
}

# sha PATH SIZE [OFFSET LENGTH]: the begin of the hash of those bytes.
sha() {
	/usr/bin/python3 - "$@" <<-'PY'
		import hashlib, sys
		path, size = sys.argv[1], int(sys.argv[2])
		body = (hashlib.sha256(path.encode()).hexdigest().encode() *
		        (size // 64 + 1))[:size]
		if len(sys.argv) > 3:
		    first = int(sys.argv[3])
		    body = body[first:first + int(sys.argv[4])]
		print(hashlib.sha256(body).hexdigest()[:16])
	PY
}

@test "parts of a body" {
	all <<-URLS
		$url/range/1000/a 100 50
		$url/range/1000/a 990 50
		$url/range/1000/a 0 1000
		$url/range/1000/a 1000 1
		$url/all/1000/b 100 50
		$url/all/1000/b 990 50
		$url/all/1000/b 2000 50
		$url/wrong/1/1000/c 100 50
		$url/wrong/9/1000/d 100 50
		$url/packed/1/1000/e 0 10
		$url/all/3000000/f 100 50
		$url/range/0/g 0 10
	URLS
	[ "$(sed -n 1p out)" = "fine 206 1 50 $(sha /range/1000/a 1000 100 50) 1000 \"v1\" image/tiff -" ]
	[ "$(sed -n 2p out)" = "fine 206 1 10 $(sha /range/1000/a 1000 990 10) 1000 \"v1\" image/tiff -" ]
	[ "$(sed -n 3p out)" = "fine 206 1 1000 $(sha /range/1000/a 1000) 1000 \"v1\" image/tiff -" ]
	sed -n 4p out | grep -q '^short 416 1 0 [0-9a-f]* 1000 .* it has 1000 bytes and none from 1000 on: HTTP 416'
	[ "$(sed -n 5p out)" = "fine 200 1 50 $(sha /all/1000/b 1000 100 50) 1000 - - -" ]
	[ "$(sed -n 6p out)" = "fine 200 1 10 $(sha /all/1000/b 1000 990 10) 1000 - - -" ]
	sed -n 7p out | grep -q '^short 200 1 0 [0-9a-f]* 1000 '
	[ "$(sed -n 8p out)" = "fine 206 2 50 $(sha /wrong/1/1000/c 1000 100 50) 1000 \"v1\" image/tiff -" ]
	sed -n 9p out | grep -q '^bad 206 4 .*another part came than bytes 100 to 149'
	[ "$(sed -n 10p out)" = "fine 206 2 10 $(sha /packed/1/1000/e 1000 0 10) 1000 \"v1\" image/tiff -" ]
	[ "$(sed -n 11p out)" = "fine 200 1 50 $(sha /all/3000000/f 3000000 100 50) 3000000 - - -" ]
	sed -n 12p out | grep -q '^short 416 1 0 [0-9a-f]* 0 '
}

@test "a part of one version, a whole of another" {
	echo "$url/range/1000/a 0 10" | all -e '"v1"'
	grep -q '^fine 206' out
	echo "$url/range/1000/a 0 10" | all -e '"v2"'
	grep -q '^changed 412 1 ' out
	echo "$url/range/1000/a" | all -e '"v1"'
	grep -q '^same 304 1 ' out
	echo "$url/range/1000/a" | all -e '"v2"'
	grep -q '^fine 200 1 1000 ' out
}

@test "how long it may be kept, and no weak ETag" {
	all <<-URLS
		$url/kept/max-age=9/a
		$url/kept/public,max-age=7,x/b
		$url/kept/no-cache,max-age=9/c
		$url/tile/4/d
	URLS
	[ "$(cut -d ' ' -f 7,9 out | tr '\n' ,)" = '- 9,- 7,- 0,- -,' ]
}

@test "each fault has its name" {
	all -t 2 <<-URLS
		$url/status/404/9/a
		$url/status/403/9/b
		$url/status/503/9/c
		$url/reset/9/d
		$url/middle/9/9/e
		$url/short/9/f
		$url/chunks/9/9/g
		$url/page/9/9/h
		$url/large/i
		$url/loop/j
		$url/silent/k
		$url/drip/l
		http://127.0.0.1:1/m
		http://169.254.169.254/n
		ftp://127.0.0.1/o
		http:///p
		$url/to/http://
		http://no-such-host.invalid/s
	URLS
	[ "$(cut -d ' ' -f 1-3 out | tr '\n' ,)" = 'none 404 1,status 403 1,status 503 2,unreachable 0 2,unreachable 200 2,short 200 2,short 200 2,bad 200 2,too-large 200 1,refused 302 1,timed-out 0 2,timed-out 200 1,unreachable 0 2,refused 0 0,refused 0 0,refused 0 0,refused 302 1,unreachable 0 2,' ]
	if grep -q '^fine' out; then return 1; fi
}

@test "a host that wants to be left alone for too long is" {
	for i in $(seq 60); do echo "$url/wait/1000/1/$i"; done >urls
	all -p 1 <urls
	[ "$(cut -d ' ' -f 1-2 out | sort | uniq -c | sed 's/ *//')" = '60 status 429' ]
	[ "$(grep -c 'wants to be left alone for' out)" -eq 59 ]
	asked 1
}

@test "a burst of 429 holds up its host, and nobody is lost" {
	for i in $(seq 40); do echo "$url/burst/6/$i"; done >urls
	all -p 4 -w 60 <urls
	[ "$(cut -d ' ' -f 1-2 out | sort | uniq -c | sed 's/ *//')" = '40 fine 200' ]
	[ "$(cut -d ' ' -f 3 out | sort -n | tail -1)" -ge 2 ]
}

@test "nobody waits for long for a host that is not there" {
	for i in $(seq 300); do echo "http://127.0.0.1:1/$i"; done >urls
	all <urls
	[ "$(grep -cE '^(unreachable|timed-out) ' out)" -eq 300 ]
	[ "$(grep -c '^unreachable 0 4 ' out)" -ge 32 ]
	# once it has been away for as long as a request may take
	grep -q '^unreachable 0 0 ' out
}

@test "as many requests at once as may be to one host" {
	for i in $(seq 60); do echo "$url/gate/3/$i"; done >urls
	all -q -p 3 <urls
	[ "$(cat out)" = 'fine 60' ]
	check 0 "$fetch" "$url/top"
	[ "$(cat out)" -eq 3 ]
}

@test "as many requests a second as may be to one host" {
	for i in $(seq 21); do echo "$url/tile/9/$i"; done >urls
	all -q -r 40 -w 60 <urls
	[ "$(cat out)" = 'fine 21' ]
	check 0 "$fetch" "$url/when"
	awk '{ exit !($1 > 0.25) }' out
}

@test "5,000 requests with faults, and each has its answer" {
	for i in $(seq 500); do
		echo "$url/tile/2000/$i"
		echo "$url/tile/50/$i"
		echo "$url/reset/1/$i"
		echo "$url/middle/1/700/$i"
		echo "$url/short/1/$i"
		echo "$url/chunks/1/700/$i"
		echo "$url/page/1/700/$i"
		echo "$url/status/503/1/$i"
		echo "$url/range/900/$i 17 100"
		echo "$url/status/404/1/$i"
	done >urls
	all -p 32 -w 300 <urls
	/usr/bin/python3 - urls out <<-'PY'
		import collections, hashlib, sys
		wrong = 0
		seen = collections.Counter()
		for request, answer in zip(open(sys.argv[1]), open(sys.argv[2])):
		    path = '/' + request.split()[0].split('/', 3)[3]
		    what, *words = path[1:].split('/')
		    answer = answer.split()
		    if what in ('reset', 'short') or words[0] == '503':
		        body = b'done'
		    elif words[0] == '404':
		        body = b''
		    else:
		        size = int(words[-2])
		        body = (hashlib.sha256(path.encode()).hexdigest().encode()
		                * (size // 64 + 1))[:size]
		    if what == 'range':
		        body = body[17:117]
		    once = what in ('tile', 'range') or words[0] == '404'
		    want = ['none' if words[0] == '404' else 'fine',
		            '1' if once else '2', str(len(body)),
		            hashlib.sha256(body).hexdigest()[:16]]
		    got = [answer[0], answer[2], answer[3], answer[4]]
		    if what == 'reset':  # libcurl itself asks again where
		        got[1] = '2'     # a kept connection was dead
		    if got != want:
		        wrong += 1
		        if wrong < 9:
		            print(request, answer, want)
		    seen[what] += 1
		assert sum(seen.values()) == 5000 and not wrong, (seen, wrong)
	PY
}

@test "the client ends with requests under way, and all have their answer" {
	{
		for i in $(seq 20); do echo "$url/silent/$i"; done
		echo "$url/status/503/9/x"
		for i in $(seq 200); do echo "$url/drip/$i"; done
		for i in $(seq 200); do echo "http://localhost:$port/drip/$i"; done
		echo "http://[::1]:1/y"
		echo "http://127.0.0.1:$(cat port2)/tile/9/z"
	} >urls
	all -x <urls
	[ "$(wc -l <out)" -eq 423 ]
	[ "$(grep -c '^ended .*the program ends' out)" -ge 400 ]
}

@test "headers go to the hosts they are for" {
	port2=$(cat port2)
	key() { jq -r '.headers["x-key"] // "none"' out; }
	check 0 "$fetch" -H "127.0.0.1:$port" -h 'X-Key: geheim' "$url/echo/a"
	[ "$(key)" = geheim ]
	check 0 "$fetch" -H "127.0.0.1:$port" -h 'X-Key: geheim' \
		"$url/to/http://127.0.0.1:$port2/echo/b"
	[ "$(key)" = none ]
	check 0 "$fetch" -H "127.0.0.1:$port" -h 'X-Key: geheim' \
		"http://127.0.0.1:$port2/to/$url/echo/c"
	[ "$(key)" = geheim ]
	check 1 "$fetch" -H x -h $'X-Key: a\r\nB: c' "$url/echo/d"
	check 1 "$fetch" -H x -h 'geheim' "$url/echo/d"
	if grep -q geheim err; then return 1; fi
	# others see them only where they may
	export http_proxy=$url
	check 0 "$fetch" -c -H .example.org -h 'X-Key: geheim' \
		http://a.example.org/echo/e
	[ "$(key)" = geheim ]
	for host in example.org notexample.org example.org.example.com; do
		check 0 "$fetch" -c -H .example.org -h 'X-Key: geheim' \
			"http://$host/echo/f"
		[ "$(key)" = none ]
	done
	check 0 "$fetch" -H .example.org -h 'X-Key: geheim' \
		http://a.example.org/echo/g
	[ "$(key)" = none ]
}

@test "this machine is not asked through a proxy" {
	check 0 env http_proxy=http://127.0.0.1:1 "$fetch" "$url/echo/a"
	check 0 env http_proxy=http://127.0.0.1:1 no_proxy=example.com \
		"$fetch" "$url/echo/a"
}

@test "addresses that are allowed are asked" {
	export http_proxy=$url
	check 0 "$fetch" -a 169.254.169.254 http://169.254.169.254/echo/a
	check 0 "$fetch" -a 169.254.169.254 http://0xa9fea9fe/echo/a
	check 0 "$fetch" -a '[FE80::1]' 'http://[fe80::1]/echo/a'
	check 0 "$fetch" -a metadata.google.internal \
		http://metadata.google.internal/echo/a
	check 1 "$fetch" -a 169.254.169.253 http://169.254.169.254/echo/a
	grep -q 'never asked' err
	check 1 "$fetch" -a 169.254.169.254 \
		http://metadata.google.internal/echo/a
}

@test "a token is asked for once, and renewed" {
	export PC_SDK_SAS_URL=$url/sas
	blob=https://a.blob.core.windows.net/c/x.tif
	check 0 "$fetch" -s 8 "$blob"
	[ "$(sort -u out)" = "$blob?st=x&n=1&key=None" ]
	[ "$(wc -l <out)" -eq 8 ]
	asked 1
	grep -q '^GET /sas/a/c$' requests
	check 0 env PC_SDK_SUBSCRIPTION_KEY=geheim "$fetch" -s 1 "$blob?a=b#c"
	[ "$(cat out)" = "$blob?a=b&st=x&n=2&key=geheim" ]
	check 0 env PC_SDK_SUBSCRIPTION_KEY=geheim PC_SDK_SAS_URL="$url/to/$url/sas/" \
		"$fetch" -s 1 "$blob"
	grep -q 'key=None$' out
	asked 4
	# what ends within the minute is taken once
	check 0 "$fetch" -s 1 https://brief.blob.core.windows.net/c/x.tif
	grep -q '?st=x' out
	check 0 "$fetch" -s 1 https://none.blob.core.windows.net/c/x.tif
	grep -q "^no token for 'none/c': $url/sas/none/c: HTTP 403" out
}
