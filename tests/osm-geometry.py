"""osm-geometry.py LINES EXPORT: records against osmium export's GeoJSON.

Every line and area whose geometry both have must have the same points; rings
may begin anywhere and turn either way. Relations that are no areas are passed
over. The record's point must lie in its
bounds, and the bounds must be those of the points.
"""

import base64
import json
import struct
import sys


def edges(rings):
    """Of all rings, whichever way they turn."""
    return sorted(tuple(sorted(edge)) for ring in rings
                  for edge in zip(ring, ring[1:]))


def lists_of(wkb):
    """All lists of points, of a line string or (multi)polygon."""
    def points(at):
        n = struct.unpack_from("<I", wkb, at)[0]
        flat = struct.unpack_from("<%dd" % (2 * n), wkb, at + 4)
        return at + 4 + 16 * n, [(round(x, 7), round(y, 7))
                                 for x, y in zip(flat[::2], flat[1::2])]

    if wkb[1] == 2:
        return [points(5)[1]]
    at, lists = 9 if wkb[1] == 6 else 0, []
    for _ in range(struct.unpack_from("<I", wkb, 5)[0] if at else 1):
        n, at = struct.unpack_from("<I", wkb, at + 5)[0], at + 9
        for _ in range(n):
            at, ring = points(at)
            lists.append(ring)
    return lists


def main():
    exported = {}
    for text in open(sys.argv[2], encoding="utf-8"):
        feature = json.loads(text)
        where, ident = feature["geometry"], feature["id"]
        if where["type"] == "LineString":
            exported[ident] = [[tuple(p) for p in where["coordinates"]]]
        elif where["type"] == "MultiPolygon" and ident[0] == "a":
            number = int(ident[1:])
            exported["ar"[number % 2] + str(number // 2)] = [
                [tuple(p) for p in ring]
                for rings in where["coordinates"] for ring in rings]
    seen = {"w": 0, "a": 0, "r": 0}
    for text in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(text)
        ident = record["id"]
        if ident[0] == "n" or (ident[0] == "r" and "area_m2" not in record):
            continue
        lists = lists_of(base64.b64decode(record["geom"]))
        west, south, east, north = record["bbox"]
        xs, ys = zip(*(p for points in lists for p in points))
        assert [round(v, 7) for v in record["bbox"]] == [
            min(xs), min(ys), max(xs), max(ys)], ident
        assert west <= record["lon"] <= east, ident
        assert south <= record["lat"] <= north, ident
        want = exported.get(ident)
        if want is None:
            continue
        seen[ident[0]] += 1
        if ident[0] == "w":
            assert lists == want, ident
        else:
            assert edges(lists) == edges(want), ident
    print(seen)
    assert min(seen["w"], seen["a"]) > 1000 and seen["r"] > 10, seen


main()
