# Tables that users can print and replace.
dist_pkgdata_DATA += data/connectors.tsv
dist_pkgdata_DATA += data/head-keys.txt
dist_pkgdata_DATA += data/tag-gsd.tsv
dist_pkgdata_DATA += data/sources.tsv
dist_pkgdata_DATA += data/area-rules.tsv
EXTRA_DIST += data/area-rules.py
dist_pkgdata_DATA += data/ignored-tags.tsv
