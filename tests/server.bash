# server.bash - servers on a free port of 127.0.0.1: load server
#
# start_… sets $port and $url (http://127.0.0.1:PORT), and stop_server, to be
# called in teardown, ends by its id what was started.

# Waits for a file that a server writes when it is ready.
wait_for() {
	for _ in $(seq 200); do
		[ ! -s "$1" ] || return 0
		kill -0 "$server_pid" 2>/dev/null || break
		sleep 0.05
	done
	echo "no $1"
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

# The server of objects that checks signatures; its requests in ./requests.
start_s3_server() {
	: >requests
	/usr/bin/python3 "$top_srcdir/tests/s3-server.py" . \
		3>&- >server.log 2>&1 &
	server_pid=$!
	wait_for port || return 1
	port=$(cat port)
}

# nginx with the files of FOLDER; a query ?page=N of PATH is answered by the
# file PATH-N.json. What $nginx_locations says comes on top. Its log is ./access.
start_nginx() {
	local folder nginx
	folder=$(cd "$1" && pwd)
	nginx=$(PATH=$PATH:/usr/sbin command -v nginx) ||
		skip 'nginx is not installed (nginx-light)'
	mkdir -p nginx
	for _ in $(seq 20); do
		port=$((20000 + RANDOM % 20000))
		cat >nginx/conf <<-CONF
			daemon off;
			master_process off;
			pid $PWD/nginx/pid;
			error_log $PWD/nginx/error;
			events {}
			http {
				access_log $PWD/access;
				client_body_temp_path $PWD/nginx/body;
				proxy_temp_path $PWD/nginx/proxy;
				fastcgi_temp_path $PWD/nginx/fastcgi;
				scgi_temp_path $PWD/nginx/scgi;
				uwsgi_temp_path $PWD/nginx/uwsgi;
				default_type application/json;
				gzip on;
				gzip_types application/json;
				gzip_min_length 10;
				server {
					listen 127.0.0.1:$port;
					root $folder;
					location / {
						try_files \$uri-\$arg_page.json \$uri =404;
					}
					${nginx_locations:-}
				}
			}
		CONF
		"$nginx" -p "$PWD/nginx" -c "$PWD/nginx/conf" \
			-e "$PWD/nginx/error" 3>&- &
		server_pid=$!
		if wait_for nginx/pid; then
			export url=http://127.0.0.1:$port
			return 0
		fi
		stop_server # another's port
	done
	return 1
}

stop_server() {
	[ -z "${server_pid:-}" ] || {
		kill "$server_pid" 2>/dev/null || true
		wait "$server_pid" 2>/dev/null || true
	}
	server_pid=
}

# The tile server that does wrong, with the tiles of FOLDER; its requests in
# ./requests.
start_tile_server() {
	/usr/bin/python3 "$top_srcdir/tests/tile-server.py" . "$1" \
		3>&- >server.log 2>&1 &
	server_pid=$!
	wait_for port || return 1
	port=$(cat port)
	export url=http://127.0.0.1:$port
}

# Earth Engine as eeda.py plays it, for GDAL; its requests in ./asked.
start_eeda_server() {
	: >asked
	/usr/bin/python3 "$top_srcdir/tests/eeda.py" 3>&- >server.log 2>&1 &
	server_pid=$!
	wait_for port || return 1
	port=$(cat port)
	export EEDA_URL=http://127.0.0.1:$port/v1alpha/ EEDA_BEARER=open-sesame
}
