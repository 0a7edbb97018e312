# One list of tools: name, what it links.

bin_PROGRAMS += tools/caption
tools_caption_SOURCES = tools/caption.c
tools_caption_LDADD = $(LIBS_TEXT) $(LIBS_CORE)

bin_PROGRAMS += tools/clip-embed
tools_clip_embed_SOURCES = tools/clip-embed.c
tools_clip_embed_LDADD = $(LIBS_ML) $(LIBS_CORE)

bin_PROGRAMS += tools/geojoin
tools_geojoin_SOURCES = tools/geojoin.c
tools_geojoin_LDADD = $(LIBS_JOIN) $(LIBS_CORE)

bin_PROGRAMS += tools/ground-filter
tools_ground_filter_SOURCES = tools/ground-filter.c
tools_ground_filter_LDADD = $(LIB_TAGS) $(LIBS_CORE)

bin_PROGRAMS += tools/img-catalog
tools_img_catalog_SOURCES = tools/img-catalog.c
tools_img_catalog_LDADD = $(LIBS_CATALOG) $(LIBS_CORE)

bin_PROGRAMS += tools/rec-make
tools_rec_make_SOURCES = tools/rec-make.c
tools_rec_make_LDADD = $(LIBS_FORM) $(LIBS_CORE)

bin_PROGRAMS += tools/rec-split
tools_rec_split_SOURCES = tools/rec-split.c
tools_rec_split_LDADD = $(LIBS_SPLIT) $(LIBS_CORE)

bin_PROGRAMS += tools/rec-stat
tools_rec_stat_SOURCES = tools/rec-stat.c
tools_rec_stat_LDADD = $(LIBS_STAT) $(LIBS_CORE)

bin_PROGRAMS += tools/rec-view
tools_rec_view_SOURCES = tools/rec-view.c
tools_rec_view_LDADD = $(LIBS_FORM) $(LIB_EXPR) $(LIB_GEO) $(LIB_CODEC) \
	$(LIB_PACK) $(LIBS_CORE) -lm

bin_PROGRAMS += tools/osm-tags
tools_osm_tags_SOURCES = tools/osm-tags.c
tools_osm_tags_LDADD = $(LIBS_EXTRACT) $(LIBS_CORE)

bin_PROGRAMS += tools/tile-fetch
tools_tile_fetch_SOURCES = tools/tile-fetch.c
tools_tile_fetch_LDADD = $(LIBS_FETCH) $(LIBS_CORE)

bin_PROGRAMS += tools/zsclassify
tools_zsclassify_SOURCES = tools/zsclassify.c
tools_zsclassify_LDADD = $(LIBS_ML) $(LIBS_CORE)

bin_PROGRAMS += tools/pair-pack
tools_pair_pack_SOURCES = tools/pair-pack.c
tools_pair_pack_LDADD = $(LIBS_PACK) $(LIBS_CORE)
