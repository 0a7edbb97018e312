# net-s3.bats - s3:// against a server that checks signatures (s3-server.py),
# through tests/helper/fetch.

load lib
load server

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	fetch=$top_builddir/tests/helper/fetch
	for name in $(compgen -e | grep ^AWS_); do unset "$name"; done
	start_s3_server
	export AWS_S3_ENDPOINT=http://127.0.0.1:$port HOME=$T
	export AWS_ACCESS_KEY_ID=AKIDEXAMPLE
	export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
}

teardown() {
	stop_server
}

# got KEY: ./out is the object of the bucket 'data'.
got() {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do printf %s "$1"; done | cmp - out
}

@test "keys of all kinds" {
	for key in a.tif 'a b+c/d&e=f.tif' 'ü/ñ 漢.tif' 'a%20b.tif' 'a?b#c.tif' \
		"it's(1)*!~_-.,;:@\$.tif" 'a//b' 'a/../b' 'a/./b'; do
		check 0 "$fetch" "s3://data/$key"
		got "data/$key"
	done
}

@test "a part of an object" {
	echo "s3://data/a%20b.tif 5 20" >urls
	check 0 "$fetch" - <urls
	grep -q '^fine 206 1 20 [0-9a-f]* 140 ' out
}

@test "a session's token" {
	export AWS_ACCESS_KEY_ID=ASIAEXAMPLE AWS_SECRET_ACCESS_KEY=another+secret/
	check 1 "$fetch" s3://data/a
	grep -q '^fetch: s3://data/a: HTTP 403 (InvalidToken)' err
	check 0 env AWS_SESSION_TOKEN=a/session+token== "$fetch" s3://data/a
	got data/a
}

@test "keys from the file of credentials" {
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	check 1 "$fetch" s3://data/a
	grep -q 'set AWS_ACCESS_KEY_ID and' err
	mkdir .aws
	cat >.aws/credentials <<-'CREDENTIALS'
		# mine
		[default]
		aws_access_key_id = AKIDEXAMPLE
		aws_secret_access_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY

		[ session ]
		aws_access_key_id = ASIAEXAMPLE
		aws_secret_access_key = another+secret/
		aws_session_token = a/session+token==
	CREDENTIALS
	check 0 "$fetch" s3://data/a
	check 0 env AWS_PROFILE=session "$fetch" s3://data/a
	mv .aws/credentials elsewhere
	check 0 env AWS_SHARED_CREDENTIALS_FILE=elsewhere AWS_PROFILE=session \
		"$fetch" s3://data/a
	check 1 env AWS_SHARED_CREDENTIALS_FILE=elsewhere AWS_PROFILE=none \
		"$fetch" s3://data/a
	grep -q "of the profile 'none'" err
}

@test "who asks may have to pay" {
	check 1 "$fetch" s3://pays/a
	grep -q '^fetch: s3://pays/a: HTTP 403 (AccessDenied): .*AWS_REQUEST_PAYER=requester' err
	check 0 env AWS_REQUEST_PAYER=requester "$fetch" s3://pays/a
	got pays/a
}

@test "a bucket's region is learnt" {
	check 0 "$fetch" s3://elsewhere/a
	got elsewhere/a
	[ "$(wc -l <requests)" -eq 2 ]
	for i in $(seq 50); do echo "s3://elsewhere/$i"; done >urls
	: >requests
	check 0 "$fetch" -q -p 4 - <urls
	[ "$(cat out)" = 'fine 50' ]
	[ "$(wc -l <requests)" -le 58 ]
	: >requests
	check 0 env AWS_REGION=us-west-2 "$fetch" s3://elsewhere/a
	[ "$(wc -l <requests)" -eq 1 ]
	check 1 env AWS_REGION=eu-1 "$fetch" s3://data/a
}

@test "what is public needs no key" {
	unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
	export AWS_NO_SIGN_REQUEST=YES
	check 0 "$fetch" s3://open/a
	got open/a
	check 1 "$fetch" s3://data/a
	grep -q 'HTTP 403 (AccessDenied): AWS_NO_SIGN_REQUEST is set' err
}

@test "a bucket as a host's name, and not" {
	export AWS_S3_ENDPOINT=localhost:$port AWS_HTTPS=NO
	check 0 "$fetch" s3://data/a
	got data/a
	check 0 env AWS_VIRTUAL_HOSTING=FALSE "$fetch" s3://data/b
	check 0 "$fetch" s3://da.ta/c
	[ "$(cat requests)" = "data.localhost:$port /a
localhost:$port /data/b
localhost:$port /da.ta/c" ]
}

@test "what is no place of an object" {
	for url in s3:// s3://data s3://data/ s3://a@b/c 's3://a b/c' s3://.ab/c; do
		check 1 "$fetch" "$url"
		grep -q 'names no bucket and key' err
	done
	check 1 env AWS_S3_ENDPOINT=ftp://x "$fetch" s3://data/a
	grep -q AWS_S3_ENDPOINT err
	check 1 env AWS_ACCESS_KEY_ID=$'a\nb' "$fetch" s3://data/a
	[ ! -s requests ]
}

@test "messages keep secrets" {
	check 1 env AWS_SECRET_ACCESS_KEY=geheim "$fetch" s3://data/a
	grep -q 'SignatureDoesNotMatch' err
	if grep -q 'geheim\|Signature=' err; then return 1; fi
}
