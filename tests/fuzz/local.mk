# Fuzz targets: with --enable-fuzzers for libFuzzer (tests/fuzz/run), else
# programs that replay their corpus.
FUZZ_TARGETS = \
	tests/fuzz/cli \
	tests/fuzz/expr \
	tests/fuzz/image \
	tests/fuzz/model \
	tests/fuzz/npy \
	tests/fuzz/num \
	tests/fuzz/osm \
	tests/fuzz/rec-line \
	tests/fuzz/rec-stream \
	tests/fuzz/rings \
	tests/fuzz/stac \
	tests/fuzz/text \
	tests/fuzz/unpack \
	tests/fuzz/vrt
check_PROGRAMS += $(FUZZ_TARGETS)
if FUZZERS
FUZZ_MAIN =
LDFLAGS_FUZZ = $(AM_LDFLAGS) $(SF_FUZZ_LDFLAGS)
else
FUZZ_MAIN = tests/fuzz/replay.c
LDFLAGS_FUZZ = $(AM_LDFLAGS)
TESTS += $(FUZZ_TARGETS) tests/fuzz.bats
endif

tests_fuzz_cli_SOURCES = tests/fuzz/cli.c $(FUZZ_MAIN)
tests_fuzz_cli_LDADD = $(LIB_CLI) $(LIBS_BASE)
tests_fuzz_cli_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_expr_SOURCES = tests/fuzz/expr.c $(FUZZ_MAIN)
tests_fuzz_expr_LDADD = $(LIB_EXPR) $(LIBS_BASE)
tests_fuzz_expr_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_image_SOURCES = tests/fuzz/image.c $(FUZZ_MAIN)
tests_fuzz_image_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_fuzz_image_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_model_SOURCES = tests/fuzz/model.c $(FUZZ_MAIN)
tests_fuzz_model_LDADD = $(LIBS_ML) $(LIBS_JSON) $(LIBS_BASE)
tests_fuzz_model_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_npy_SOURCES = tests/fuzz/npy.c $(FUZZ_MAIN)
tests_fuzz_npy_LDADD = $(LIB_CODEC) $(LIBS_BASE)
tests_fuzz_npy_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_num_SOURCES = tests/fuzz/num.c $(FUZZ_MAIN)
tests_fuzz_num_LDADD = $(LIBS_BASE) -lm
tests_fuzz_num_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_osm_SOURCES = tests/fuzz/osm.c $(FUZZ_MAIN)
tests_fuzz_osm_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_fuzz_osm_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_rec_line_SOURCES = tests/fuzz/rec-line.c $(FUZZ_MAIN)
tests_fuzz_rec_line_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_fuzz_rec_line_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_rec_stream_SOURCES = tests/fuzz/rec-stream.c $(FUZZ_MAIN)
tests_fuzz_rec_stream_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_fuzz_rec_stream_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_rings_SOURCES = tests/fuzz/rings.c $(FUZZ_MAIN)
tests_fuzz_rings_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_fuzz_rings_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_stac_SOURCES = tests/fuzz/stac.c $(FUZZ_MAIN)
tests_fuzz_stac_LDADD = $(LIBS_STAC) $(LIBS_BASE)
tests_fuzz_stac_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_text_SOURCES = tests/fuzz/text.c $(FUZZ_MAIN)
tests_fuzz_text_LDADD = $(LIBS_TEXT) $(LIBS_OSM) $(LIBS_JSON) $(LIBS_BASE)
tests_fuzz_text_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_unpack_SOURCES = tests/fuzz/unpack.c $(FUZZ_MAIN)
tests_fuzz_unpack_LDADD = $(LIBS_CODEC) $(LIBS_BASE)
tests_fuzz_unpack_LDFLAGS = $(LDFLAGS_FUZZ)
tests_fuzz_vrt_SOURCES = tests/fuzz/vrt.c $(FUZZ_MAIN)
tests_fuzz_vrt_LDADD = $(LIBS_RASTER) $(LIBS_BASE)
tests_fuzz_vrt_LDFLAGS = $(LDFLAGS_FUZZ)

dist_noinst_DATA += tests/fuzz/fuzz.h
dist_noinst_SCRIPTS += tests/fuzz/run tests/fuzz/seeds
EXTRA_DIST += tests/fuzz.bats \
	tests/fuzz/replay.c \
	tests/fuzz/corpus/cli.txt \
	tests/fuzz/corpus/expr.txt \
	tests/fuzz/corpus/image.txt \
	tests/fuzz/corpus/model.txt \
	tests/fuzz/corpus/npy.txt \
	tests/fuzz/corpus/num.txt \
	tests/fuzz/corpus/osm.txt \
	tests/fuzz/corpus/rec-line.txt \
	tests/fuzz/corpus/rec-stream.txt \
	tests/fuzz/corpus/rings.txt \
	tests/fuzz/corpus/stac.txt \
	tests/fuzz/corpus/text.txt \
	tests/fuzz/corpus/unpack.txt \
	tests/fuzz/corpus/vrt.txt
