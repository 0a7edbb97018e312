# SF_WARNINGS: the warnings every file is held to, in SF_CFLAGS.
AC_DEFUN([SF_WARNINGS], [
SF_CFLAGS="-std=gnu11 -fvisibility=hidden -Wall -Wextra -Wshadow -Wvla"
SF_CFLAGS="$SF_CFLAGS -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith"
SF_CFLAGS="$SF_CFLAGS -Wwrite-strings -Wundef -Wformat=2"
])

# SF_FLAG(VARIABLE, FLAG): adds the flag to VARIABLE if the compiler knows it.
AC_DEFUN([SF_FLAG], [
AC_MSG_CHECKING([whether $CC takes $2])
sf_cflags=$CFLAGS
CFLAGS="$CFLAGS $2 -Werror"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM],
	[AC_MSG_RESULT([yes])
	 $1="$$1 $2"],
	[AC_MSG_RESULT([no])])
CFLAGS=$sf_cflags
AC_SUBST([$1])
])

# SF_SANITIZE(SANITIZERS): every object and program is built with them; what
# they find ends the program. Loops with checks in them make no vectors, and
# clang would say so of each `omp simd`.
AC_DEFUN([SF_SANITIZE], [
SF_CFLAGS="$SF_CFLAGS -fsanitize=$1 -fno-sanitize-recover=all"
SF_CFLAGS="$SF_CFLAGS -fno-omit-frame-pointer -Wno-pass-failed"
SF_LDFLAGS="$SF_LDFLAGS -fsanitize=address,undefined"
])

# SF_FUZZERS: all objects tell the fuzzer which way they took; a program of
# tests/fuzz links with SF_FUZZ_LDFLAGS, which bring main().
AC_DEFUN([SF_FUZZERS], [
SF_FUZZ_LDFLAGS="-fsanitize=fuzzer,address,undefined"
AC_PREPROC_IFELSE([AC_LANG_SOURCE([[#ifndef __clang__
#error this is not clang
#endif]])], [],
	[AC_MSG_ERROR([--enable-fuzzers needs clang, and the compiler is '$CC'; on Debian or Ubuntu:
	apt-get install clang
	./configure CC=clang --enable-fuzzers])])
AC_MSG_CHECKING([whether $CC links a fuzzer])
sf_ldflags=$LDFLAGS
LDFLAGS="$LDFLAGS $SF_FUZZ_LDFLAGS"
AC_LINK_IFELSE([AC_LANG_SOURCE([[
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long n);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long n)
{
	return n && *data ? 0 : -1;
}]])], [AC_MSG_RESULT([yes])],
	[AC_MSG_RESULT([no])
	AC_MSG_ERROR([clang has no library for -fsanitize=fuzzer; on Debian or Ubuntu:
	apt-get install libclang-rt-${sf_clang:=`$CC -dumpversion | sed 's/[[.]].*//'`}-dev (or libclang-common-$sf_clang-dev)])])
LDFLAGS=$sf_ldflags
SF_SANITIZE([fuzzer-no-link,address,undefined])
])

# SF_LIB(VARIABLE, PKG-CONFIG MODULE, DEBIAN PACKAGE): a library that must be
# there; what is missing is collected and reported at once by SF_MISSING.
AC_DEFUN([SF_LIB], [
PKG_CHECK_MODULES([$1], [$2], [],
	[sf_missing="$sf_missing $3"])
])

# SF_LIB_ALONE(VARIABLE, HEADER, LIBRARY, FUNCTION, DEBIAN PACKAGE): the same
# for one that pkg-config does not know.
AC_DEFUN([SF_LIB_ALONE], [
AC_CHECK_HEADER([$2],
	[AC_CHECK_LIB([$3], [$4], [$1_LIBS=-l$3],
		[sf_missing="$sf_missing $5"])],
	[sf_missing="$sf_missing $5"])
AC_SUBST([$1_CFLAGS])
AC_SUBST([$1_LIBS])
])

# SF_MISSING: stops with the Debian packages that would help.
AC_DEFUN([SF_MISSING], [
AS_IF([test -n "$sf_missing" || test -z "$PKG_CONFIG"],
	[AS_IF([test -z "$PKG_CONFIG"],
		[sf_why="pkg-config is missing or too old, so that no library can be found"
		 sf_missing=" pkg-config$sf_missing"],
		[sf_why="libraries are missing or too old"])
	 AS_IF([test "x$BATS" = xno], [sf_missing="$sf_missing bats"])
	 AC_MSG_ERROR([$sf_why; on Debian or Ubuntu:
	apt-get install$sf_missing
(libmsgpack-dev is called libmsgpack-c-dev in newer releases);
./bootstrap does this and the rest. Elsewhere, PKG_CONFIG_PATH names the folders
of .pc files that pkg-config does not find by itself.])])
AS_IF([test "x$BATS" = xno],
	[AC_MSG_WARN([bats is missing: it builds, but 'make check' will fail; on Debian or Ubuntu:
	apt-get install bats])
	BATS=bats sf_tests="no bats: 'make check' will fail"],
	[sf_tests=$BATS])
])
