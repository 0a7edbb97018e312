"""Writes tiny PBF files whose parts do not fit together: NAME.osm.pbf each.

good is right; every other one breaks a rule that zlib's checksum cannot see.
"""

import sys

sys.dont_write_bytecode = True
from pbf_wire import blob, data, deltas, number, packed


def dense(tags, lat=1, extra=b""):
    nodes = deltas(1, [1, 2, 3]) + deltas(8, [lat * 10**8] * 3)
    nodes += deltas(9, [2 * 10**8] * 3) + packed(10, tags) + extra
    return data(2, data(2, nodes))


STRINGS = data(1, b"".join(data(1, s) for s in (b"", b"natural", b"tree")))
TAGS = [1, 2, 0, 0, 0]
CASES = {
    "good": dense(TAGS),
    "no-versions": dense(TAGS, extra=data(5, data(1, b""))),
    "two-keys": dense([1, 2, 1, 1, 0, 0, 0]),
    "tags-short": dense([1, 2, 0]),
    "tags-long": dense(TAGS + [1, 2, 0]),
    "versions-long": dense(TAGS, extra=data(5, packed(1, [1, 2, 3, 4]))),
    "ids-twice": dense(TAGS, extra=deltas(1, [4])),
    "id-no-list": data(2, data(2, number(1, 2))),
    "granularity": dense(TAGS) + number(17, 0),
    "off-globe": dense(TAGS, lat=10),
}

HEADER = blob(b"OSMHeader", data(4, b"OsmSchema-V0.6") + data(4, b"DenseNodes"))
for name, block in CASES.items():
    with open(name + ".osm.pbf", "wb") as f:
        f.write(HEADER + blob(b"OSMData", STRINGS + block))
