"""osm-places.py LINES: do points lie on their objects, are sizes right?

Records with `geom` as JSON lines; relations that are no areas are passed over.
A point must lie inside its polygons (even-odd over all rings), or on a segment
of its line. Sizes are worked out another way than
with geodesics: areas on the authalic sphere's cylinder, lengths from the radii
of curvature in the middle of each segment (WGS 84). A straight edge of the
cylinder bows away from the geodesic, which is allowed for.
"""

import base64
import json
import math
import struct
import sys

A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)
E = math.sqrt(E2)


def height(lat):
    """Height on the equal-area cylinder, metres."""
    s = math.sin(math.radians(lat))
    return A * (1 - E2) / 2 * (
        s / (1 - E2 * s * s) + math.atanh(E * s) / E)


def area(points):
    total = 0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        total += math.radians(x1 - x0) * (height(y0) + height(y1)) / 2
    return abs(total) * A


def bow(points):
    """An upper bound of what lies between such edges and geodesics, m2."""
    return sum(length([p, q]) ** 3 * abs(math.tan(math.radians(p[1])))
               for p, q in zip(points, points[1:])) / (10 * A)


def length(points):
    total = 0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        middle = math.radians((y0 + y1) / 2)
        w = math.sqrt(1 - E2 * math.sin(middle) ** 2)
        total += math.hypot(
            math.radians(x1 - x0) * math.cos(middle) * A / w,
            math.radians(y1 - y0) * A * (1 - E2) / w ** 3)
    return total


def holds(points, px, py):
    inside = False
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if (y0 > py) != (y1 > py):
            inside ^= px < (x1 - x0) * (py - y0) / (y1 - y0) + x0
    return inside


def on_segment(x0, y0, x1, y1, px, py):
    d = math.hypot(x1 - x0, y1 - y0)
    if not d:
        return False
    along = ((px - x0) * (x1 - x0) + (py - y0) * (y1 - y0)) / d
    off = ((px - x0) * (y1 - y0) - (py - y0) * (x1 - x0)) / d
    return abs(off) < 1e-10 and -1e-10 <= along <= d + 1e-10


def rings_of(wkb):
    """The rings of a polygon or of several, outer ones first in each."""
    at, polygons = 9 if wkb[1] == 6 else 0, []
    for _ in range(struct.unpack_from("<I", wkb, 5)[0] if at else 1):
        n, at, rings = struct.unpack_from("<I", wkb, at + 5)[0], at + 9, []
        for _ in range(n):
            size = struct.unpack_from("<I", wkb, at)[0]
            flat = struct.unpack_from("<%dd" % (2 * size), wkb, at + 4)
            rings.append(list(zip(flat[::2], flat[1::2])))
            at += 4 + 16 * size
        polygons.append(rings)
    assert at == len(wkb)
    return polygons


def check_area(record, wkb, at):
    polygons = rings_of(wkb)
    rings = [ring for rings in polygons for ring in rings]
    assert sum(holds(ring, *at) for ring in rings) % 2 == 1, record
    want = sum(area(rings[0]) - sum(map(area, rings[1:]))
               for rings in polygons)
    slack = 1e-5 * want + sum(map(bow, rings)) + 1e-3
    assert abs(record["area_m2"] - want) <= slack, (want, record)


def check_line(record, wkb, at):
    flat = struct.unpack("<%dd" % ((len(wkb) - 9) // 8), wkb[9:])
    points = list(zip(flat[::2], flat[1::2]))
    assert any(on_segment(*p, *q, *at)
               for p, q in zip(points, points[1:])), record
    want = length(points)
    assert abs(record["len_m"] - want) <= 1e-6 * want + 1e-3, (want, record)


def main():
    seen = {"n": 0, "w": 0, "a": 0, "r": 0}
    for text in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(text)
        kind, at = record["id"][0], (record["lon"], record["lat"])
        wkb = base64.b64decode(record["geom"])
        seen[kind] += 1
        if kind == "n":
            assert struct.unpack("<BIdd", wkb) == (1, 1, *at), text
        elif "area_m2" in record:
            check_area(record, wkb, at)
        elif kind == "w":
            check_line(record, wkb, at)
    print(seen)
    assert seen["a"] > 1000, seen


main()
