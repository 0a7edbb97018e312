# Unit programs print TAP; .bats files test the tools.
TEST_EXTENSIONS = .bats
TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
BATS_LOG_DRIVER = $(TAP_DRIVER)
BATS_LOG_COMPILER = $(BATS)
AM_BATS_LOG_FLAGS = --tap
AM_TESTS_ENVIRONMENT = \
	TOOLS='$(bin_PROGRAMS)'; export TOOLS; \
	PATH='$(abs_builddir)/tools':"$$PATH"; export PATH; \
	SKYFILTERS_DATADIR='$(abs_srcdir)/data'; export SKYFILTERS_DATADIR; \
	top_srcdir='$(abs_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_builddir)'; export top_builddir;

check_PROGRAMS += $(UNIT_TESTS)
# the short ones last, beside the last of the long ones
TESTS += $(BATS_TESTS) $(UNIT_TESTS)
EXTRA_DIST += $(BATS_TESTS) tests/join.bash tests/lib.bash tests/raster.bash tests/server.bash \
	tests/tile-server.py tests/tiles.bash \
	tests/tools.bash
dist_noinst_DATA += tests/unit/expr-cases.h tests/unit/tap.h
dist_noinst_DATA += tests/unit/access-make.h tests/unit/cache-files.h
dist_noinst_DATA += tests/unit/img-make.h
dist_noinst_DATA += tests/unit/osm-read.h tests/unit/pbf-make.h
dist_noinst_DATA += tests/unit/raster-make.h
dist_noinst_DATA += tests/unit/select-object.h tests/unit/stac-walk.h

UNIT_TESTS = \
	tests/unit/access-test \
	tests/unit/alloc-test \
	tests/unit/allow-test \
	tests/unit/areas-test \
	tests/unit/base-test \
	tests/unit/block-test \
	tests/unit/blocks-test \
	tests/unit/bpe-test \
	tests/unit/cache-room-test \
	tests/unit/cache-test \
	tests/unit/caption-test \
	tests/unit/cells-test \
	tests/unit/cheb-test \
	tests/unit/clip-test \
	tests/unit/date-test \
	tests/unit/decode-test \
	tests/unit/doors-test \
	tests/unit/edit-test \
	tests/unit/encode-test \
	tests/unit/expr-object-test \
	tests/unit/expr-test \
	tests/unit/idset-test \
	tests/unit/image-test \
	tests/unit/img-field-test \
	tests/unit/img-test \
	tests/unit/jpeg-codec-test \
	tests/unit/json-test \
	tests/unit/levels-test \
	tests/unit/look-test \
	tests/unit/measure-test \
	tests/unit/nodes-test \
	tests/unit/north-test \
	tests/unit/npy-test \
	tests/unit/osm-test \
	tests/unit/pack-test \
	tests/unit/pass-test \
	tests/unit/polygon-test \
	tests/unit/put-test \
	tests/unit/raster-test \
	tests/unit/rec-test \
	tests/unit/region-test \
	tests/unit/resize-test \
	tests/unit/ring-test \
	tests/unit/rings-test \
	tests/unit/rows-test \
	tests/unit/rtree-test \
	tests/unit/safetensors-test \
	tests/unit/select-report-test \
	tests/unit/select-test \
	tests/unit/shape-test \
	tests/unit/size-test \
	tests/unit/sort-test \
	tests/unit/spill-test \
	tests/unit/split-test \
	tests/unit/spool-test \
	tests/unit/stac-test \
	tests/unit/stac-walk-test \
	tests/unit/stat-test \
	tests/unit/tags-test \
	tests/unit/template-test \
	tests/unit/unpack-test \
	tests/unit/url-test \
	tests/unit/view-test \
	tests/unit/web-test \
	tests/unit/window-test \
	tests/unit/wire-test \
	tests/unit/zeroshot-test
tests_unit_allow_test_SOURCES = tests/unit/allow-test.c
tests_unit_allow_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_access_test_SOURCES = tests/unit/access-test.c
tests_unit_access_test_CPPFLAGS = $(AM_CPPFLAGS) $(GDAL_CFLAGS)
tests_unit_access_test_LDADD = $(LIBS_RASTER) $(LIBS_NET) $(LIBS_BASE)
tests_unit_areas_test_SOURCES = tests/unit/areas-test.c
tests_unit_areas_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_alloc_test_SOURCES = tests/unit/alloc-test.c
tests_unit_alloc_test_LDADD = $(LIBS_BASE)
tests_unit_base_test_SOURCES = tests/unit/base-test.c
tests_unit_base_test_LDADD = $(LIBS_BASE)
tests_unit_block_test_SOURCES = tests/unit/block-test.c
tests_unit_block_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_blocks_test_SOURCES = tests/unit/blocks-test.c
tests_unit_blocks_test_LDADD = $(LIBS_RASTER) $(LIBS_BASE)
tests_unit_bpe_test_SOURCES = tests/unit/bpe-test.c
tests_unit_bpe_test_LDADD = $(LIBS_TEXT) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_cache_room_test_SOURCES = tests/unit/cache-room-test.c
tests_unit_cache_room_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_cache_test_SOURCES = tests/unit/cache-test.c
tests_unit_cache_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_caption_test_SOURCES = tests/unit/caption-test.c
tests_unit_caption_test_LDADD = $(LIBS_TEXT) $(LIBS_BASE)
tests_unit_cells_test_SOURCES = tests/unit/cells-test.c
tests_unit_cells_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_cheb_test_SOURCES = tests/unit/cheb-test.c
tests_unit_cheb_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_clip_test_SOURCES = tests/unit/clip-test.c
tests_unit_clip_test_LDADD = $(LIBS_ML) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_date_test_SOURCES = tests/unit/date-test.c
tests_unit_date_test_LDADD = $(LIBS_BASE)
tests_unit_decode_test_SOURCES = tests/unit/decode-test.c
tests_unit_decode_test_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_unit_doors_test_SOURCES = tests/unit/doors-test.c
tests_unit_doors_test_CPPFLAGS = $(AM_CPPFLAGS) $(GDAL_CFLAGS)
tests_unit_doors_test_LDADD = $(LIBS_RASTER) $(LIBS_NET) $(LIBS_BASE)
tests_unit_edit_test_SOURCES = tests/unit/edit-test.c
tests_unit_edit_test_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_encode_test_SOURCES = tests/unit/encode-test.c
tests_unit_encode_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_expr_object_test_SOURCES = tests/unit/expr-object-test.c
tests_unit_expr_object_test_LDADD = $(LIB_EXPR) $(LIBS_BASE)
tests_unit_expr_test_SOURCES = tests/unit/expr-test.c
tests_unit_expr_test_LDADD = $(LIB_EXPR) $(LIBS_BASE)
tests_unit_idset_test_SOURCES = tests/unit/idset-test.c
tests_unit_idset_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_image_test_SOURCES = tests/unit/image-test.c
tests_unit_image_test_LDADD = $(LIBS_JOIN) $(LIBS_GEO) $(LIBS_REC) \
	$(LIBS_BASE)
tests_unit_img_field_test_SOURCES = tests/unit/img-field-test.c
tests_unit_img_field_test_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_img_test_SOURCES = tests/unit/img-test.c
tests_unit_img_test_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_unit_jpeg_codec_test_SOURCES = tests/unit/jpeg-codec-test.c
tests_unit_jpeg_codec_test_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_unit_json_test_SOURCES = tests/unit/json-test.c
tests_unit_json_test_LDADD = $(LIBS_JSON) $(LIBS_BASE)
tests_unit_levels_test_SOURCES = tests/unit/levels-test.c
tests_unit_levels_test_LDADD = $(LIBS_RASTER) $(LIBS_BASE)
tests_unit_look_test_SOURCES = tests/unit/look-test.c
tests_unit_look_test_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_unit_measure_test_SOURCES = tests/unit/measure-test.c
tests_unit_measure_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_nodes_test_SOURCES = tests/unit/nodes-test.c
tests_unit_nodes_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_osm_test_SOURCES = tests/unit/osm-test.c
tests_unit_osm_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_polygon_test_SOURCES = tests/unit/polygon-test.c
tests_unit_polygon_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_put_test_SOURCES = tests/unit/put-test.c
tests_unit_put_test_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_raster_test_SOURCES = tests/unit/raster-test.c
tests_unit_raster_test_LDADD = $(LIBS_RASTER) $(LIBS_BASE)
tests_unit_rec_test_SOURCES = tests/unit/rec-test.c
tests_unit_rec_test_LDADD = $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_region_test_SOURCES = tests/unit/region-test.c
tests_unit_region_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_resize_test_SOURCES = tests/unit/resize-test.c
tests_unit_resize_test_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_unit_ring_test_SOURCES = tests/unit/ring-test.c
tests_unit_ring_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_rings_test_SOURCES = tests/unit/rings-test.c
tests_unit_rings_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_rows_test_SOURCES = tests/unit/rows-test.c
tests_unit_rows_test_LDADD = $(LIBS_FORM) $(LIBS_CORE)
tests_unit_rtree_test_SOURCES = tests/unit/rtree-test.c
tests_unit_rtree_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_safetensors_test_SOURCES = tests/unit/safetensors-test.c
tests_unit_safetensors_test_LDADD = $(LIBS_ML) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_select_report_test_SOURCES = tests/unit/select-report-test.c
tests_unit_select_report_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_select_test_SOURCES = tests/unit/select-test.c
tests_unit_select_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_shape_test_SOURCES = tests/unit/shape-test.c
tests_unit_shape_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_size_test_SOURCES = tests/unit/size-test.c
tests_unit_size_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_sort_test_SOURCES = tests/unit/sort-test.c
tests_unit_sort_test_LDADD = $(LIBS_BASE)
tests_unit_spill_test_SOURCES = tests/unit/spill-test.c
tests_unit_spill_test_LDADD = $(LIBS_BASE)
tests_unit_template_test_SOURCES = tests/unit/template-test.c
tests_unit_template_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_view_test_SOURCES = tests/unit/view-test.c
tests_unit_view_test_LDADD = $(LIBS_FETCH) $(LIBS_CORE)
tests_unit_spool_test_SOURCES = tests/unit/spool-test.c
tests_unit_spool_test_LDADD = $(LIBS_BASE)
tests_unit_split_test_SOURCES = tests/unit/split-test.c
tests_unit_split_test_LDADD = $(LIBS_SPLIT) $(LIBS_REC) $(LIBS_JSON) \
	$(LIBS_BASE)
tests_unit_stac_test_SOURCES = tests/unit/stac-test.c
tests_unit_stac_test_LDADD = $(LIBS_STAC) $(LIBS_BASE)
tests_unit_stac_walk_test_SOURCES = tests/unit/stac-walk-test.c
tests_unit_stac_walk_test_LDADD = $(LIBS_STAC) $(LIBS_BASE)
tests_unit_stat_test_SOURCES = tests/unit/stat-test.c
tests_unit_stat_test_LDADD = $(LIBS_STAT) $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_tags_test_SOURCES = tests/unit/tags-test.c
tests_unit_tags_test_LDADD = $(LIB_TAGS) $(LIBS_BASE)
tests_unit_unpack_test_SOURCES = tests/unit/unpack-test.c
tests_unit_unpack_test_LDADD = $(LIBS_CODEC) $(LIBS_BASE)
tests_unit_url_test_SOURCES = tests/unit/url-test.c
tests_unit_url_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_web_test_SOURCES = tests/unit/web-test.c
tests_unit_web_test_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_unit_window_test_SOURCES = tests/unit/window-test.c
tests_unit_window_test_LDADD = $(LIBS_GEO) $(LIBS_BASE)
tests_unit_north_test_SOURCES = tests/unit/north-test.c
tests_unit_north_test_LDADD = $(LIBS_RASTER) $(LIBS_NET) $(LIBS_BASE)
tests_unit_npy_test_SOURCES = tests/unit/npy-test.c
tests_unit_npy_test_LDADD = $(LIB_CODEC) $(LIBS_BASE)
tests_unit_pack_test_SOURCES = tests/unit/pack-test.c
tests_unit_pack_test_LDADD = $(LIBS_PACK) $(LIBS_REC) $(LIBS_JSON) $(LIBS_BASE)
tests_unit_pass_test_SOURCES = tests/unit/pass-test.c
tests_unit_pass_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)
tests_unit_zeroshot_test_SOURCES = tests/unit/zeroshot-test.c
tests_unit_zeroshot_test_LDADD = $(LIBS_ML) $(LIBS_JSON) $(LIBS_BASE)

# Programs that the .bats files call
check_PROGRAMS += tests/helper/bpe-ids tests/helper/clean-text \
	tests/helper/cli-echo tests/helper/clip-cosine tests/helper/fetch \
	tests/helper/jpeg-block \
	tests/helper/web-get
tests_helper_bpe_ids_SOURCES = tests/helper/bpe-ids.c
tests_helper_bpe_ids_LDADD = $(LIBS_TEXT) $(LIBS_JSON) $(LIBS_BASE)
tests_helper_cli_echo_SOURCES = tests/helper/cli-echo.c
tests_helper_cli_echo_LDADD = $(LIB_CLI) $(LIBS_BASE)
tests_helper_clean_text_SOURCES = tests/helper/clean-text.c
tests_helper_clean_text_LDADD = $(LIBS_TEXT) $(LIBS_JSON) $(LIBS_BASE)
tests_helper_clip_cosine_SOURCES = tests/helper/clip-cosine.c
tests_helper_clip_cosine_LDADD = $(LIBS_ML) $(LIBS_JSON) $(LIBS_BASE)
tests_helper_fetch_SOURCES = tests/helper/fetch.c
tests_helper_fetch_LDADD = $(LIBS_NET) $(LIBS_BASE)
tests_helper_jpeg_block_SOURCES = tests/helper/jpeg-block.c
tests_helper_jpeg_block_LDADD = $(LIBS_IMG) $(LIBS_BASE)
tests_helper_web_get_SOURCES = tests/helper/web-get.c
tests_helper_web_get_LDADD = $(LIBS_NET) $(LIBS_BASE)
# What the .bats files preload into the tools: never with sanitizers of its own
check_PROGRAMS += tests/helper/fault.so
tests_helper_fault_so_SOURCES = tests/helper/fault.c
tests_helper_fault_so_CFLAGS = $(AM_CFLAGS) -fPIC -fvisibility=default \
	-fno-sanitize=all
tests_helper_fault_so_LDFLAGS = -shared
tests_unit_wire_test_SOURCES = tests/unit/wire-test.c
tests_unit_wire_test_LDADD = $(LIBS_OSM) $(LIBS_BASE)

BATS_TESTS = \
	tests/banepa.bats \
	tests/bootstrap.bats \
	tests/caption.bats \
	tests/cli.bats \
	tests/clip-embed.bats \
	tests/clip-oracle.bats \
	tests/contract.bats \
	tests/completion.bats \
	tests/demo.bats \
	tests/docs.bats \
	tests/faults.bats \
	tests/geojoin.bats \
	tests/geojoin-caps.bats \
	tests/geojoin-choice.bats \
	tests/geojoin-grid.bats \
	tests/geojoin-place.bats \
	tests/ground-filter.bats \
	tests/img-catalog.bats \
	tests/img-catalog-eeda.bats \
	tests/img-catalog-files.bats \
	tests/img-catalog-tiles.bats \
	tests/img-catalog-vector.bats \
	tests/jpeg-block.bats \
	tests/osm-extracts.bats \
	tests/osm-history.bats \
	tests/osm-options.bats \
	tests/osm-shapes.bats \
	tests/osm-tags.bats \
	tests/osm-traps.bats \
	tests/net.bats \
	tests/net-s3.bats \
	tests/pair-pack.bats \
	tests/rec-make.bats \
	tests/rec-view.bats \
	tests/rec.bats \
	tests/rec-split.bats \
	tests/rec-stat.bats \
	tests/stac.bats \
	tests/stream.bats \
	tests/tile-fetch.bats \
	tests/tile-fetch-eeda.bats \
	tests/tile-fetch-remote.bats \
	tests/tile-fetch-tiles.bats \
	tests/town.bats \
	tests/web.bats \
	tests/zsclassify.bats
EXTRA_DIST += tests/fixtures/captions.txt
EXTRA_DIST += tests/oracle/captions.ids tests/oracle/clip-vocab.sh
EXTRA_DIST += tests/oracle/clean.jsonl tests/oracle/make-clean.py
EXTRA_DIST += tests/oracle/embeddings.tsv tests/oracle/make-embeddings.py
EXTRA_DIST += tests/oracle/make-resize.py tests/oracle/make-tokens.py
EXTRA_DIST += tests/oracle/models.tsv tests/oracle/resize.tsv
EXTRA_DIST += tests/oracle/titles.xxh64
EXTRA_DIST += tests/captions.py tests/eeda.py tests/fault-server.py \
	tests/npy.py tests/opl-tags.py tests/osm-extracts.py \
	tests/osm-history.py tests/osm-pbf.py tests/pbf-lists.py \
	tests/pbf_wire.py tests/s3-server.py \
	tests/stream-cases.py \
	tests/stream.py tests/stream_line.py tests/tag-coverage.py
dist_noinst_SCRIPTS += tests/bench/fetch tests/bench/join tests/bench/osm \
	tests/bench/overlap \
	tests/bench/records tests/bench/rtree tests/zsh-complete
EXTRA_DIST += tests/bench/fetch-rasterio.py tests/bench/inflate.cpp \
	tests/bench/join-data.py \
	tests/bench/join-peer.py tests/bench/jsonl.py \
	tests/bench/osm-peer.cpp tests/bench/replicate.cpp \
	tests/bench/rtree-bench.h tests/bench/rtree-boost.cpp \
	tests/bench/rtree-boxes.c tests/bench/rtree-geos.c \
	tests/bench/rtree-ours.c
EXTRA_PROGRAMS = tests/bench/chips-gdal tests/bench/jpeg-rate tests/bench/repack
tests_bench_chips_gdal_SOURCES = tests/bench/chips-gdal.c
tests_bench_chips_gdal_CPPFLAGS = $(AM_CPPFLAGS) $(GDAL_CFLAGS) $(JPEG_CFLAGS)
tests_bench_chips_gdal_LDADD = $(LIBS_BASE) $(GDAL_LIBS) $(JPEG_LIBS)
tests_bench_jpeg_rate_SOURCES = tests/bench/jpeg-rate.c
tests_bench_jpeg_rate_CPPFLAGS = $(AM_CPPFLAGS) $(JPEG_CFLAGS)
tests_bench_jpeg_rate_LDADD = $(LIBS_BASE) $(JPEG_LIBS)
tests_bench_repack_SOURCES = tests/bench/repack.c
tests_bench_repack_CPPFLAGS = $(AM_CPPFLAGS) $(MSGPACK_CFLAGS)
tests_bench_repack_LDADD = $(LIBS_BASE) $(MSGPACK_LIBS)
CLEANFILES += tests/bench/chips-gdal$(EXEEXT) \
	tests/bench/jpeg-rate$(EXEEXT) tests/bench/repack$(EXEEXT)
