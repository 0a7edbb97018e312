# common/cli
LIB_CLI = common/cli/libcli.a
noinst_LIBRARIES += $(LIB_CLI)
common_cli_libcli_a_SOURCES = \
	common/cli/cli.c \
	common/cli/cli.h \
	common/cli/help.c \
	common/cli/parse.c \
	common/cli/priv.h
