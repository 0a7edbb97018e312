"""osm-tags against osmium, on real extracts.

    export RECORDS REJECTS EXPORT
        RECORDS and REJECTS are those of osm-tags --all --geometry as JSON lines,
        EXPORT is what osmium export -u type_id writes as GeoJSONSeq by the same
        rules. Ids, tags, geometries, bounds and sizes must be equal; each
        difference must be of a class in CLASSES. Prints how many there were of
        each kind, then what is unexplained.
    tags RECORDS REJECTS
        what osmium tags-count FILE '*=*' would print, in no order
    counts RECORDS REJECTS
        nodes, ways and relations, and the first and last timestamp

Sizes are worked out here another way than by geodesics: areas on the cylinder
of the authalic sphere, lengths from the radii of curvature in the middle of
each segment (WGS 84).
"""

import base64
import collections
import json
import math
import struct
import sys

from osgeo import gdal, ogr

gdal.PushErrorHandler("CPLQuietErrorHandler")
ogr.DontUseExceptions()

A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)
E = math.sqrt(E2)

# what may stand on one side only, and why
CLASSES = {
    "line and area": "osmium's configuration cannot say that a closed way is "
                     "both: there it is an area only",
    "invalid": "osmium makes no area of rings that cross or touch themselves, "
               "osm-tags does of a single way's",
    "aside": "neither side has it: nodes or members are missing, or it has no "
             "extent",
}


def height(lat):
    """Height on the equal-area cylinder, metres."""
    s = math.sin(math.radians(lat))
    return A * (1 - E2) / 2 * (
        s / (1 - E2 * s * s) + math.atanh(E * s) / E)


def turn(x0, x1):
    """The way from one longitude to another, the shorter way round."""
    d = x1 - x0
    return d - 360 if d > 180 else d + 360 if d < -180 else d


def ring_area(points):
    base = height(points[0][1])  # small numbers lose nothing
    return abs(sum(
        math.radians(turn(x0, x1)) * (height(y0) + height(y1) - 2 * base) / 2
        for (x0, y0), (x1, y1) in zip(points, points[1:]))) * A


def line_length(points):
    total = 0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        middle = math.radians((y0 + y1) / 2)
        w = math.sqrt(1 - E2 * math.sin(middle) ** 2)
        total += math.hypot(
            math.radians(turn(x0, x1)) * math.cos(middle) * A / w,
            math.radians(y1 - y0) * A * (1 - E2) / w ** 3)
    return total


def holds(rings, px, py):
    inside = False
    for points in rings:
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


def from_wkb(b):
    """A list of polygons, each a list of rings; of one line, or one point."""
    at = 0

    def number(form):
        nonlocal at
        at += struct.calcsize(form)
        return struct.unpack_from(form, b, at - struct.calcsize(form))[0]

    def points(n):
        flat = [number("<d") for _ in range(2 * n)]
        return [(round(x, 7), round(y, 7))
                for x, y in zip(flat[::2], flat[1::2])]

    def one():
        assert number("<B") == 1
        kind = number("<I")
        if kind == 1:
            return [[points(1)]]
        if kind == 2:
            return [[points(number("<I"))]]
        if kind == 3:
            return [[points(number("<I")) for _ in range(number("<I"))]]
        assert kind == 6, kind
        return [p for _ in range(number("<I")) for p in one()]

    out = one()
    assert at == len(b)
    return out


def from_geojson(geometry):
    c, kind = geometry["coordinates"], geometry["type"]
    depth = {"Point": 0, "LineString": 1, "MultiPolygon": 3}[kind]
    polygons = c if depth == 3 else [[c if depth else [c]]]
    return [[[tuple(p) for p in ring] for ring in polygon]
            for polygon in polygons]


def own_id(ident):
    """Of osmium's a246 and a247: a123, of a way, and r123, of a relation."""
    if ident[0] != "a":
        return ident
    n = int(ident[1:])
    sign = -1 if n < 0 else 1
    return "%s%d" % ("ar"[n % 2], sign * (abs(n) // 2))


def read_export(path):
    out = {}
    for text in open(path, encoding="utf-8"):
        feature = json.loads(text)
        ident = own_id(feature["id"])
        assert ident not in out, ident
        tags = {k: v for k, v in feature["properties"].items()
                if k not in ("@id", "@type")}
        out[ident] = tags, from_geojson(feature["geometry"])
    return out


def read_lines(path):
    return [json.loads(text) for text in open(path, encoding="utf-8")]


def edges(shape):
    """What a ring is whatever its start and turn, without stops in it."""
    return collections.Counter(
        tuple(sorted(e)) for polygon in shape for ring in polygon
        for e in zip(ring, ring[1:]) if e[0] != e[1])


def is_valid(shape):
    area = ogr.Geometry(ogr.wkbMultiPolygon)
    for polygon in shape:
        part = ogr.Geometry(ogr.wkbPolygon)
        for points in polygon:
            ring = ogr.Geometry(ogr.wkbLinearRing)
            for x, y in points:
                ring.AddPoint_2D(x, y)
            part.AddGeometry(ring)
        area.AddGeometry(part)
    return area.IsValid()


def check_place(record, shape):
    """What is wrong with a record's bounds, point or size, for its shape."""
    at, kind = (record["lon"], record["lat"]), record["id"][0]
    points = [p for polygon in shape for ring in polygon for p in ring]
    xs, ys = zip(*points)
    bounds = min(xs), min(ys), max(xs), max(ys)
    if max(xs) - min(xs) < 180 and max(
            abs(a - b) for a, b in zip(record["bbox"], bounds)) > 1e-7:
        return "bbox"
    if kind == "n":
        near = max(abs(a - b) for a, b in zip(at, points[0])) < 1e-9
        want = got = 0
    elif kind == "w":
        near = any(on_segment(*p, *q, *at)
                   for p, q in zip(points, points[1:]))
        want, got = line_length(points), record["len_m"]
    else:
        near = any(holds(polygon, *at) for polygon in shape)
        want = sum(ring_area(polygon[0]) - sum(map(ring_area, polygon[1:]))
                   for polygon in shape)
        got = record["area_m2"]
    if not near:
        return "point"
    return "size" if abs(got - want) > 1e-3 * want + 1e-3 else None


def explain(ident, shape, theirs):
    """The class of what only osm-tags has, or None."""
    if ident[0] == "w" and "a" + ident[1:] in theirs:
        return "line and area"
    if ident[0] == "a" and not is_valid(shape):
        return "invalid"
    return None


def export(records, aside, path):
    theirs = read_export(path)
    ours = {r["id"]: r for r in records}
    assert len(ours) == len(records), "an id stands twice"
    shapes = {i: from_wkb(base64.b64decode(r["geom"]))
              for i, r in ours.items()}
    seen, bad = collections.Counter(), collections.defaultdict(list)
    for ident, record in ours.items():
        why = check_place(record, shapes[ident])
        if why:
            bad[why].append(ident)
    for ident in ours.keys() & theirs.keys():
        tags, shape = theirs[ident]
        got = dict(ours[ident]["tags"])
        if ident[0] == "r":
            got.pop("type", None)
        if got != tags:
            bad["tags"].append(ident)
        if edges(shape) != edges(shapes[ident]):
            bad["geometry"].append(ident)
        seen[ident[0]] += 1
    for ident in ours.keys() - theirs.keys():
        why = explain(ident, shapes[ident], theirs)
        if why:
            seen[why] += 1
        else:
            bad["only ours"].append(ident)
    aside = {r["id"]: r["reject"]["reason"] for r in aside}
    for ident in theirs.keys() - ours.keys():
        bad["only theirs: " + aside.get(ident, "nothing")].append(ident)
    seen["aside"] = len(aside.keys() - theirs.keys())
    print(json.dumps(seen))
    for what, ids in bad.items():
        print("%s: %d: %s" % (what, len(ids), " ".join(sorted(ids)[:10])))
    return bool(bad)


def objects(records):
    """By id in the file: a way that is an area, too, once."""
    return {i.replace("a", "w"): r for r in records for i in [r["id"]]}


def tags(records):
    counts = collections.Counter(
        tag for r in objects(records).values() for tag in r["tags"].items())
    for tag, n in counts.items():
        print('%d\t"%s"\t"%s"' % (n, *(s.replace('"', '""') for s in tag)))


def counts(records):
    kinds = collections.Counter(i[0] for i in objects(records))
    times = [r["ts"] for r in records if "ts" in r] or [0]
    print(kinds["n"], kinds["w"], kinds["r"], min(times), max(times))


def main():
    records, aside = map(read_lines, sys.argv[2:4])
    if sys.argv[1] == "export":
        return export(records, aside, sys.argv[4])
    return {"tags": tags, "counts": counts}[sys.argv[1]](records + aside)


sys.exit(main())
