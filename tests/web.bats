# web.bats - common/net/web.h and remote.h, through tests/helper/web-get, against
# nginx and a server that does wrong.

load lib
load server

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	get=$top_builddir/tests/helper/web-get
	mkdir www www/raw www/hour www/nobody www/whole
	# 200,000 bytes of which each 8 say where they are
	seq -f %07.0f 25000 >www/raw/a.bin
	cp www/raw/a.bin www/whole/a.bin
	seq -f %02.0f 20 | while read -r i; do
		echo "tile $i" >"www/raw/$i.png"
	done
	echo hour >www/hour/a
	echo nobody >www/nobody/a
	unset SKYFILTERS_CONTACT SKYFILTERS_HTTP_BEARER \
		SKYFILTERS_HTTP_BEARER_HOST
}

teardown() {
	stop_server
}

start() {
	export nginx_locations='
		gzip off;
		location /hour/ { expires 1h; }
		location /nobody/ { add_header Cache-Control no-store; }
		location /whole/ { max_ranges 0; }
	'
	start_nginx www
}

# run STATUS OPTION…: web-get with the lines of stdin, @ standing for the URL.
run_lines() {
	local want=$1
	shift
	sed "s|@|$url|" >lines
	check "$want" "$get" "$@" <lines
}

# asked N [PATTERN]: so many requests were answered, of such lines of the log.
asked() {
	local n
	n=$(grep -c "${2:-.}" access || true)
	[ "$n" -eq "$1" ] || {
		echo "$n requests of ${2:-any} instead of $1"
		cat access
		return 1
	}
}

# part OFFSET LENGTH…: what is said of those bytes of a.bin.
part() {
	while [ $# -gt 0 ]; do
		tail -c +$(($1 + 1)) www/raw/a.bin | head -c "$2"
		shift 2
	done | sha256sum | cut -c-64
}

# says N TEXT: line N of the output.
says() {
	[ "$(sed -n "$1p" out)" = "$1 $2" ] || {
		echo "line $1 is not '$2'"
		cat out
		return 1
	}
}

@test "a body is asked for once, and the next run has it" {
	start
	printf 'get @/raw/01.png\nwait\nget @/raw/01.png\n' |
		run_lines 0 -c cache
	grep -q '^1 net 8 ' out
	grep -q '^2 cache 8 ' out
	printf 'get @/raw/01.png\n' | run_lines 0 -c cache
	grep -q '^1 cache 8 ' out
	asked 1
	printf 'get @/raw/01.png\n' | run_lines 0
	grep -q '^1 net 8 ' out
	asked 2
}

@test "what is too old is asked for whether it has changed" {
	start
	printf 'get @/raw/01.png\nget @/raw/02.png\n' | run_lines 0 -c cache
	sleep 2.1
	echo 'other' >www/raw/02.png
	printf 'get @/raw/01.png\nget @/raw/02.png\n' |
		run_lines 0 -c cache -a 1
	grep -q '^1 cache 8 ' out
	grep -q '^2 net 6 ' out
	asked 1 '01.png HTTP/1.1" 304'
	asked 2 '02.png HTTP/1.1" 200'
	# and both are young again
	printf 'get @/raw/01.png\nget @/raw/02.png\n' |
		run_lines 0 -c cache -a 1
	grep -q '^1 cache 8 ' out
	grep -q '^2 cache 6 ' out
	asked 4
	sleep 2.1
	stop_server
	printf 'get @/raw/01.png\n' | run_lines 0 -c cache -a 1 -o
	grep -q '^1 cache 8 ' out
}

@test "offline there is only the cache" {
	start
	printf 'get @/raw/01.png\nread @/raw/a.bin 100000 10\n' |
		run_lines 0 -c cache
	stop_server
	printf 'get @/raw/01.png\nget @/raw/02.png\nread @/raw/a.bin 100000 10\n' |
		run_lines 1 -c cache -o
	grep -q '^1 cache 8 ' out
	says 2 "fault 2 $url/raw/02.png: not in the cache (--offline)"
	says 3 "read 10 $(part 100000 10)"
	echo | run_lines 1 -o
	grep -q 'name one' err
}

@test "what a server wants kept by nobody is not, and what it gives an hour is" {
	start
	for i in 1 2; do
		printf 'get @/nobody/a\nget @/hour/a\n' | run_lines 0 -c cache
	done
	asked 2 nobody
	asked 1 hour
}

@test "only what begins as the user said is asked for" {
	start
	printf '%s\n' 'get @/raw/01.png' 'get @/hour/../raw/01.png' \
		'get @/hour/a' 'get @/raw/../hour/a' 'get @/raw/%2e%2e/hour/a' \
		'get http://127.0.0.1@localhost/raw/01.png' \
		'get file:///etc/passwd' 'read @/hour/a 0 1' |
		run_lines 1 -p "http://127.0.0.1:$port/raw/" -p 'https://x.example'
	grep -q '^1 net 8 ' out
	grep -q '^2 net 8 ' out
	for i in 3 4 5 6; do
		grep -q "^$i fault 10 .*begins with nothing that may be opened" out
	done
	grep -q '^7 fault 10 .*no http, https, s3 or gs URL' out
	grep -q '^8 error .*begins with nothing' out
	asked 2
}

@test "ranges: right, each asked for once, and the next run has them" {
	start
	cat >plan <<-'LINES'
		read @/raw/a.bin 0 100
		read @/raw/a.bin 32760 100
		read @/raw/a.bin 100001 5000
		read @/raw/a.bin 199990 100
		read @/raw/a.bin 200000 100
		read @/raw/a.bin 900000 100
		want @/raw/a.bin 60000 14000
		want @/raw/a.bin 150000 1000 170000 500
		want @/raw/a.bin 110000 100 110100 100 120000 0 140000 7
		want @/raw/a.bin 199990 11
		want @/raw/a.bin 0 0
	LINES
	sed -i 's/$/\nwait/' plan
	run_lines 1 -c cache <plan
	says 1 "read 100 $(part 0 100)"
	says 2 "read 100 $(part 32760 100)"
	says 3 "read 5000 $(part 100001 5000)"
	says 4 "read 10 $(part 199990 10)"
	says 5 "read 0 $(part 0 0)"
	says 6 "read 0 $(part 0 0)"
	says 7 "net 14000 $(part 60000 14000)"
	grep -q "^8 [a-z]* 1500 $(part 150000 1000 170000 500)" out
	grep -q "^9 [a-z]* 207 $(part 110000 200 140000 7)" out
	says 10 "fault 5 $url/raw/a.bin: a range goes beyond its end"
	grep -q '^11 net 0 ' out
	asked "$(wc -l <access)" '" 206 '
	cut -d' ' -f1,3- out >out.1
	: >access
	run_lines 1 -c cache <plan
	cut -d' ' -f1,3- out | cmp - out.1
	asked 0
}

@test "a hundred threads that want the same ask for it once" {
	start
	for i in $(seq 50); do
		echo 'read @/raw/a.bin 100000 100'
		echo 'want @/raw/a.bin 150000 3000'
	done | run_lines 0
	asked 2 '" 206 32768 '
	asked 1 '" 206 3000 '
	asked 3
	[ "$(cut -d' ' -f3- out | sort -u | wc -l)" -eq 2 ]
}

@test "reads come in pages, the same ones in any order" {
	start
	for i in $(seq 0 199); do
		echo "read @/raw/a.bin $((i * 1000)) 1000"
		echo wait
	done | run_lines 0
	for i in 0 33 199; do
		says $((i + 1)) "read 1000 $(part $((i * 1000)) 1000)"
	done
	# the last is cut off by the end
	asked 6 '" 206 32768 '
	asked 1 '" 206 3392 '
	asked 7
}

@test "done functions may want more" {
	start
	for i in 1 2 3; do
		run_lines 0 -c cache <<-'LINES'
			chain @/raw/a.bin 40000 1000 100
			chain @/raw/a.bin 40500 1000 100
			chain @/raw/a.bin 41000 1000 100
		LINES
		grep -q "^1 [a-z]* 100000 $(part 40000 100000)" out
		grep -q "^2 [a-z]* 100000 $(part 40500 100000)" out
		grep -q "^3 [a-z]* 100000 $(part 41000 100000)" out
	done
}

@test "memory has a limit: what is read again is asked for again" {
	start
	for i in 0 1 0 1; do
		echo "want @/raw/a.bin $((50000 + i * 60000)) 60000"
		echo wait
	done >plan
	run_lines 0 -m 100000 <plan
	asked 4 '" 206 60000 '
	run_lines 0 -m 1000000 <plan
	asked 6 '" 206 60000 '
}

@test "a file that changes while it is read is not mixed up" {
	start
	printf 'read @/raw/a.bin 0 10\nwait\n' | run_lines 0 -c cache
	tr 0 x <www/raw/a.bin >new
	touch -d @1700000000 new # the ETag is made of it
	mv new www/raw/a.bin
	printf '%s\n' 'read @/raw/a.bin 100000 10' wait \
		'want @/raw/a.bin 100000 10' wait 'read @/raw/a.bin 0 10' |
		run_lines 1 -c cache
	says 1 "error $url/raw/a.bin: it has changed while it was read"
	says 2 "net 10 $(part 100000 10)"
	says 3 "read 10 $(part 0 10)"
	printf 'read @/raw/a.bin 0 10\n' | run_lines 0 -c cache
	says 1 "read 10 $(part 0 10)"
}

@test "a server that gives no parts is asked for the whole" {
	start
	printf '%s\n' 'read @/whole/a.bin 100 100' wait \
		'want @/whole/a.bin 60000 14000 90000 10' wait \
		'read @/whole/a.bin 199990 100' >plan
	run_lines 0 -c cache <plan
	says 1 "read 100 $(part 100 100)"
	says 3 "read 10 $(part 199990 10)"
	asked 2
	run_lines 0 -c cache <plan
	says 3 "read 10 $(part 199990 10)"
	asked 2
	truncate -s 65M www/whole/b.bin
	printf 'read @/whole/b.bin 100 100\n' | run_lines 1
	says 1 "error $url/whole/b.bin: the server gives it only as a whole, which is more than 64 MiB"
}

@test "a file that is not there is an error each time, asked for once" {
	start
	for i in $(seq 20); do
		echo 'read @/raw/none.bin 0 10'
	done | run_lines 1 -c cache
	[ "$(grep -c '^[0-9]* error http.*/raw/none.bin: HTTP 404' out)" -eq 20 ]
	asked 1
}

@test "secrets do not get into the cache" {
	start
	printf 'get @/raw/01.png?token=geheim\nget @/raw/01.png?token=anders\n' |
		run_lines 0 -c cache
	printf 'get @/raw/01.png?token=geheim\n' | run_lines 0 -c cache
	grep -q '^1 cache' out
	asked 2
	grep -rq 'token=\*\*\*' cache
	if grep -rq -e geheim -e anders cache; then return 1; fi
}

@test "killed and begun again, it repeats nothing that was finished" {
	local kept
	start_fault_server
	mkfifo pipe
	"$get" -c cache <pipe >out 2>err 3>&- &
	pid=$!
	exec 4>pipe
	for i in $(seq 40); do echo "get $url/echo/$i"; done >&4
	echo "get $url/drip/1" >&4
	for _ in $(seq 100); do
		kept=$(find cache -type f -path '*/??/*' | wc -l)
		[ "$kept" -lt 40 ] || break
		sleep 0.05
	done
	kill -9 "$pid"
	exec 4>&-
	wait "$pid" || true
	[ "$kept" -eq 40 ]
	: >requests
	for i in $(seq 60); do echo "get @/echo/$i"; done |
		run_lines 0 -c cache
	[ "$(grep -c ' cache ' out)" -eq 40 ]
	[ "$(wc -l <requests)" -eq 20 ]
}

@test "many processes fill one folder" {
	start
	seq -f 'get @/raw/%02.0f.png' 20 >plan
	sed "s|@|$url|" plan >lines
	for i in 1 2 3 4; do
		"$get" -c cache <lines >"out$i" 2>"err$i" 3>&- &
		pids[i]=$!
	done
	for i in 1 2 3 4; do
		wait "${pids[i]}"
		cut -d' ' -f1,3- "out$i" >"said$i"
		cmp said1 "said$i"
	done
	[ "$(find cache -type f | wc -l)" -eq 20 ]
	run_lines 0 -c cache <plan
	[ "$(grep -c ' cache ' out)" -eq 20 ]
}

@test "a damaged body is fetched again" {
	start
	printf 'get @/raw/01.png\n' | run_lines 0 -c cache
	f=$(find cache -type f)
	printf x | dd of="$f" bs=1 seek=$(($(stat -c %s "$f") - 1)) \
		conv=notrunc 2>/dev/null
	printf 'get @/raw/01.png\n' | run_lines 0 -c cache
	grep -q '^1 net 8 ' out
	asked 2
}

@test "a cache that cannot be written stops nothing" {
	start
	mkdir cache
	printf 'get @/raw/01.png\nget @/raw/02.png\n' >plan
	check 1 "$get" -c /dev/null/cache </dev/null
	(
		ulimit -f 0
		trap '' XFSZ
		sed "s|@|$url|" plan | "$get" -c cache 2>&1 | cat >"/dev/null"
	) || true
	[ "$(find cache -type f | wc -l)" -eq 0 ]
}
