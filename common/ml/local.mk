# common/ml
LIB_ML = common/ml/libml.a
noinst_LIBRARIES += $(LIB_ML)
common_ml_libml_a_SOURCES = \
	common/ml/zeroshot.c \
	common/ml/zeroshot.h \
	common/ml/zeroshot_in.c \
	common/ml/zeroshot_report.c
LIBS_ML = $(LIB_ML) $(LIBS_TEXT) $(LIBS_CODEC) -lm
