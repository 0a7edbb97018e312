# common/ml
LIB_ML = common/ml/libml.a
noinst_LIBRARIES += $(LIB_ML)
common_ml_libml_a_SOURCES = \
	common/ml/blas.c \
	common/ml/blas.h \
	common/ml/clip.c \
	common/ml/clip.h \
	common/ml/config.c \
	common/ml/config.h \
	common/ml/encoder.c \
	common/ml/encoder.h \
	common/ml/model.h \
	common/ml/nn.c \
	common/ml/nn.h \
	common/ml/safetensors.c \
	common/ml/safetensors.h \
	common/ml/text.c \
	common/ml/text_cache.c \
	common/ml/text_cache.h \
	common/ml/vision.c \
	common/ml/weights.c \
	common/ml/zeroshot.c \
	common/ml/zeroshot.h \
	common/ml/zeroshot_in.c \
	common/ml/zeroshot_report.c
common_ml_libml_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENBLAS_CFLAGS)
# `omp simd` in nn.c lets sums be taken in lanes; no OpenMP at run time. Nobody
# looks at errno and floating-point traps, which would forbid vectors.
common_ml_libml_a_CFLAGS = $(AM_CFLAGS) -fopenmp-simd -fno-math-errno \
	-fno-trapping-math
LIBS_ML = $(LIB_ML) $(LIBS_TEXT) $(LIBS_IMG) $(LIB_CODEC) $(OPENBLAS_LIBS) -lm
