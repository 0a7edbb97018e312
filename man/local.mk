# man pages: one per tool, and the record format.
dist_man_MANS += man/clip-embed.1
dist_man_MANS += man/caption.1 man/ground-filter.1
dist_man_MANS += man/geojoin.1
dist_man_MANS += man/osm-tags.1
dist_man_MANS += man/rec-make.1 man/rec-split.1 man/rec-stat.1
dist_man_MANS += man/rec-view.1
dist_man_MANS += man/skyfilters-expressions.5 man/skyfilters-records.5
dist_man_MANS += man/img-catalog.1
dist_man_MANS += man/tile-fetch.1
dist_man_MANS += man/pair-pack.1 man/zsclassify.1
