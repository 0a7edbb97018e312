# SF_WARNINGS: the warnings every file is held to, in SF_CFLAGS.
AC_DEFUN([SF_WARNINGS], [
SF_CFLAGS="-std=gnu11 -fvisibility=hidden -Wall -Wextra -Wshadow -Wvla"
SF_CFLAGS="$SF_CFLAGS -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith"
SF_CFLAGS="$SF_CFLAGS -Wwrite-strings -Wundef -Wformat=2"
])

# SF_LIB(VARIABLE, PKG-CONFIG MODULE, DEBIAN PACKAGE): a library that must be
# there; what is missing is collected and reported at once by SF_MISSING.
AC_DEFUN([SF_LIB], [
PKG_CHECK_MODULES([$1], [$2], [],
	[sf_missing="$sf_missing $3"])
])

# SF_MISSING: stops with the Debian packages that would help.
AC_DEFUN([SF_MISSING], [
AS_IF([test -n "$sf_missing"],
	[AC_MSG_ERROR([libraries are missing; on Debian or Ubuntu:
	apt-get install$sf_missing])])
])

# SF_CC_FLAG(VARIABLE, FLAG): the flag, where the compiler knows it.
AC_DEFUN([SF_CC_FLAG], [
sf_cflags=$CFLAGS
CFLAGS="$CFLAGS $2 -Werror"
AC_MSG_CHECKING([whether $CC takes $2])
AC_COMPILE_IFELSE([AC_LANG_PROGRAM], [$1="$2"], [$1=])
AS_IF([test -n "$$1"], [AC_MSG_RESULT([yes])], [AC_MSG_RESULT([no])])
CFLAGS=$sf_cflags
AC_SUBST([$1])
])
