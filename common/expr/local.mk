# common/expr
LIB_EXPR = common/expr/libexpr.a
noinst_LIBRARIES += $(LIB_EXPR)
common_expr_libexpr_a_SOURCES = \
	common/expr/expr.h \
	common/expr/match.c \
	common/expr/needs.c \
	common/expr/parse.c \
	common/expr/priv.h \
	common/expr/test.c
