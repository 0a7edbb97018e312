"""osm-geometry.py LINES EXPORT: records against osmium export's GeoJSON.

Every line and area whose geometry both have must have the same points; rings
may begin anywhere and turn either way. The record's point must lie in its
bounds, and the bounds must be those of the points.
"""

import base64
import json
import struct
import sys


def points_of(record):
    wkb = base64.b64decode(record["geom"])
    kind = wkb[1]
    at = 9 if kind == 3 else 5
    n = struct.unpack_from("<I", wkb, at)[0]
    flat = struct.unpack_from("<%dd" % (2 * n), wkb, at + 4)
    return [(round(x, 7), round(y, 7)) for x, y in zip(flat[::2], flat[1::2])]


def ring_set(points):
    return sorted(tuple(sorted(e)) for e in zip(points, points[1:]))


def main():
    lines, areas = {}, {}
    for text in open(sys.argv[2], encoding="utf-8"):
        feature = json.loads(text)
        where, ident = feature["geometry"], feature["id"]
        if where["type"] == "LineString":
            lines[ident] = [tuple(p) for p in where["coordinates"]]
        elif where["type"] == "MultiPolygon" and ident[0] == "a":
            number = int(ident[1:])
            if number % 2 == 0 and len(where["coordinates"]) == 1:
                areas["a%d" % (number // 2)] = [
                    tuple(p) for p in where["coordinates"][0][0]]
    seen = {"w": 0, "a": 0}
    for text in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(text)
        ident = record["id"]
        if ident[0] == "n":
            continue
        points = points_of(record)
        west, south, east, north = record["bbox"]
        xs, ys = zip(*points)
        assert [round(v, 7) for v in record["bbox"]] == [
            min(xs), min(ys), max(xs), max(ys)], ident
        assert west <= record["lon"] <= east, ident
        assert south <= record["lat"] <= north, ident
        want = (areas if ident[0] == "a" else lines).get(ident)
        if want is None:
            continue
        seen[ident[0]] += 1
        if ident[0] == "w":
            assert points == want, ident
        else:
            assert ring_set(points) == ring_set(want), ident
    print(seen)
    assert min(seen.values()) > 1000, seen


main()
