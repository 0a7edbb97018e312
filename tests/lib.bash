# lib.bash - loaded by every .bats file: load lib
# A fresh folder per test: $T, removed by bats.

setup() {
	T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
}

# Skips the test unless the folder of real data is there.
need_testdata() {
	if [ -z "${SKYFILTERS_TESTDATA:-}" ] || [ ! -d "$SKYFILTERS_TESTDATA" ]; then
		skip "SKYFILTERS_TESTDATA is not set to the folder of real data"
	fi
}

# check STATUS COMMAND…: runs it; stdout to ./out, stderr to ./err (files, for
# output may be binary); fails unless it exits with STATUS.
check() {
	local want=$1 got=0
	shift
	"$@" >out 2>err || got=$?
	if [ "$got" -ne "$want" ]; then
		echo "exit status $got instead of $want: $*"
		cat err
		return 1
	fi
}
