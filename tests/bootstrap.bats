# bootstrap.bats - bootstrap in a tree and on a system of stand-ins, which note
# in ./log what they are called for.

load lib

setup() {
	export T=$BATS_TEST_TMPDIR
	cd "$T" || return 1
	mkdir bin tree tree/common tree/tools tree/man tree/data tree/examples \
		tree/tests tree/m4
	cp "$top_srcdir/bootstrap" tree/
	touch tree/configure.ac tree/Makefile.am
	stand_in tree/configure 'mkdir -p . && touch config.status &&
		printf "all check demo distclean:\n\t@echo make \$@ >>%s\n" \
			"$T/log" >Makefile'
	stand_in bin/apt-get
	stand_in bin/sudo 'exec "$@"'
	stand_in bin/id 'echo 0'
	stand_in bin/autoreconf 'touch configure'
	# what is installed: all but what ./lacking names
	touch lacking
	for p in $(sed -n "/packages='/,/'/p" tree/bootstrap | tr -d "'" |
		sed 's/.*packages=//'); do
		echo "ii  $p "
	done >installed
	stand_in bin/dpkg-query "grep -vxFf '$T/lacking' '$T/installed'"
	stand_in bin/apt-cache 'exit 1'
	PATH=$T/bin:$PATH
	unset BUILDDIR CONFIGURE_FLAGS
}

# stand_in FILE [COMMANDS]: a program that notes its call, then does them.
stand_in() {
	cat >"$1" <<-END
		#!/bin/sh
		case \${0##*/} in apt-get | sudo | configure | autoreconf)
			echo "\${0##*/} \$*" >>'$T/log' ;;
		esac
		${2-:}
	END
	chmod +x "$1"
}

lacks() {
	printf 'ii  %s \n' "$@" >lacking
}

# calls LINE…: the calls since the last time.
calls() {
	touch log
	[ $# -eq 0 ] || printf '%s\n' "$@" >want
	[ $# -ne 0 ] || : >want
	diff want log
	rm log
}

bootstrap() {
	tree/bootstrap "$@"
}

@test "a wrong word is refused before anything is done" {
	lacks bats
	for words in wrong 'check demo' 'check check' '--check' 'checks'; do
		# shellcheck disable=SC2086 # words
		check 2 bootstrap $words
		grep -q 'unknown word' err
		[ ! -s out ]
	done
	check 2 bootstrap ''
	check 0 bootstrap --help
	grep -q 'bootstrap check' out
	calls
	[ ! -e tree/build ]
}

@test "it says what it will do, does it, and does nothing twice" {
	check 0 bootstrap
	grep -qx 'bootstrap: will configure in build: --enable-werror' out
	if grep -q -e 'will install' -e autoreconf out; then return 1; fi
	calls 'configure -q --enable-werror' 'make all'
	for word in '' check demo; do
		# shellcheck disable=SC2086 # none when empty
		check 0 bootstrap $word
		if grep -e 'will install' -e 'will configure' out; then
			return 1
		fi
		grep -qx "bootstrap: will build in build${word:+, then make $word}" \
			out
		calls 'make all' ${word:+"make $word"}
	done
	sleep 1
	touch tree/tools/local.mk
	check 0 bootstrap
	grep -qx 'bootstrap: will make configure (autoreconf)' out
	calls 'autoreconf -fi' 'make all'
}

@test "what is missing is installed, as root or through sudo" {
	lacks bats libpng-dev
	stand_in bin/apt-get 'cat "$T/out" >"$T/said"; exit 7'
	check 7 bootstrap
	grep -qx 'bootstrap: will install with apt-get: libpng-dev bats ' out
	grep -q 'will build' said # the whole plan stood before the first step
	rm log
	stand_in bin/apt-get
	check 0 bootstrap
	calls 'apt-get update -q' \
		'apt-get install -q -y --no-install-recommends libpng-dev bats' \
		'configure -q --enable-werror' 'make all'
	stand_in bin/id 'echo 1000'
	check 0 bootstrap
	grep -qx 'bootstrap: will install with sudo apt-get: libpng-dev bats ' out
	grep -qx 'sudo apt-get update -q' log
	grep -qx 'sudo env DEBIAN_FRONTEND=noninteractive apt-get install .* bats' \
		log
}

@test "a package counts as there when another provides it" {
	lacks libjpeg-dev libmsgpack-dev
	echo 'ii  libjpeg62-turbo-dev libjpeg-dev (= 1.0), other' >>installed
	echo 'ii  libmsgpack-c-dev ' >>installed
	check 0 bootstrap
	if grep 'will install' out; then return 1; fi
	# half removed is not installed
	echo 'rc  bats ' >>installed
	lacks bats
	rm log
	stand_in bin/apt-cache
	check 0 bootstrap
	grep -q 'will install.*: bats' out
	lacks libmsgpack-dev 'libmsgpack-c-dev'
	check 0 bootstrap
	grep -q 'install .* libmsgpack-c-dev$' log
}

@test "without root and sudo it says so, and stops" {
	lacks bats
	mkdir few
	for p in sh sed tr grep dirname printf cat find; do
		ln -s "$(command -v "$p")" few/
	done
	stand_in bin/id 'echo 1000'
	rm bin/sudo
	PATH=$T/bin:$T/few check 1 bootstrap
	grep -q 'no sudo' err
	calls
}

@test "another system gets the list of packages" {
	mkdir few
	for p in sh sed dirname; do
		ln -s "$(command -v "$p")" few/
	done
	PATH=$T/few check 1 bootstrap
	for p in libgdal-dev bats zsh; do
		grep -qx "  $p" out
	done
	calls
}

@test "BUILDDIR and CONFIGURE_FLAGS: other flags, another configuration" {
	export BUILDDIR=other CONFIGURE_FLAGS='--enable-sanitizers CC=x'
	check 0 bootstrap
	[ -e tree/other/config.status ]
	calls 'configure -q --enable-werror --enable-sanitizers CC=x' 'make all'
	check 0 bootstrap
	calls 'make all'
	CONFIGURE_FLAGS=--enable-coverage check 0 bootstrap
	grep -q 'it was configured with: --enable-werror --enable-sanitizers' out
	calls 'make distclean' 'configure -q --enable-werror --enable-coverage' \
		'make all'
	CONFIGURE_FLAGS='' check 0 bootstrap
	calls 'make distclean' 'configure -q --enable-werror' 'make all'
	BUILDDIR=$T/away CONFIGURE_FLAGS='' check 0 bootstrap
	[ -e away/config.status ]
}

@test "what was configured by hand stays so, unless flags are given" {
	mkdir tree/build
	(cd tree/build && ../configure by hand)
	stand_in tree/build/config.status 'echo by hand'
	rm log
	check 0 bootstrap
	grep -qx 'bootstrap: keeps the configuration of build: by hand' out
	calls 'make all'
	CONFIGURE_FLAGS=--enable-coverage check 0 bootstrap
	grep -q 'it was configured with: by hand' out
	calls 'make distclean' 'configure -q --enable-werror --enable-coverage' \
		'make all'
}
