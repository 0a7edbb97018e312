# server.bash - servers on a free port of 127.0.0.1: load server
#
# start_… sets $port and $url (http://127.0.0.1:PORT), and stop_server, to be
# called in teardown, ends by its id what was started.

# Waits for a file that a server writes when it is ready.
wait_for() {
	for _ in $(seq 200); do
		[ ! -s "$1" ] || return 0
		sleep 0.05
	done
	echo "no $1 after 10 s"
	return 1
}

# The server that does wrong; its requests in ./requests.
start_fault_server() {
	: >requests
	/usr/bin/python3 "$top_srcdir/tests/fault-server.py" . \
		3>&- >server.log 2>&1 &
	server_pid=$!
	wait_for port || return 1
	port=$(cat port)
	export url=http://127.0.0.1:$port
}

stop_server() {
	[ -z "${server_pid:-}" ] || {
		kill "$server_pid" 2>/dev/null || true
		wait "$server_pid" 2>/dev/null || true
	}
	server_pid=
}
