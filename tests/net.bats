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
