"""join-peer.py - geojoin's work by geopandas and shapely 2, in whole arrays.

    join-peer.py OBJECTS CATALOG [SAMPLES]

Reads both into arrays, then joins them: prints the wall and CPU seconds of that
and the peak kB of the whole. With SAMPLES, of geojoin --shift 0, it says
instead how far both agree. Two threads: GEOS and PROJ run outside Python's lock.
"""
import datetime
import importlib
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import geopandas
import numpy as np
import pyproj
import shapely

records = importlib.import_module("join-data").records

POINT, LINE, AREA = range(3)
KINDS = ("points", "lines", "areas")
KIND_OF = np.array([POINT, LINE, LINE, AREA, POINT, LINE, AREA, AREA])
WINDOW, PX_MIN, PX_MAX, MIN_OBJECT, MAX_NEAR = 224, 100, 1000, 24, 8
SAME_GSD, EDGE = 1.2, 1e-6


class Objects:
    """Geometries, and what else the join asks of the records, by number."""

    def __init__(self, path):
        tagsets = {}
        ids, wkb, ts, tagset = [], [], [], []
        for r in records(path):
            tags = frozenset(r["tags"].items())
            ids.append(r["id"])
            wkb.append(r["geom"])
            ts.append(r.get("ts", 0))
            tagset.append(tagsets.setdefault(tags, len(tagsets)))
        self.ids = ids
        self.ts = np.array(ts)
        self.tagset = np.array(tagset)
        self.geom = shapely.from_wkb(wkb)
        self.kind = KIND_OF[shapely.get_type_id(self.geom)]
        broken = ~shapely.is_valid(self.geom)
        self.geom[broken] = shapely.make_valid(self.geom[broken])


class Images:
    """The catalogue, finest first, then in its order."""

    def __init__(self, path):
        rows = sorted(records(path), key=lambda r: r["img"]["gsd_m"])
        fields = [r["img"] for r in rows]
        self.uris = [f["uri"] for f in fields]
        self.bbox = np.array([r["bbox"] for r in rows])
        self.gsd = np.array([f["gsd_m"] for f in fields])
        self.crs = np.array([f["crs"] for f in fields])
        self.size = np.array([f["size"] for f in fields])
        at = np.array([f["transform"] for f in fields])
        self.west, self.north, self.pixel = at[:, 0], at[:, 3], at[:, 1]
        self.when = np.array([
            datetime.datetime.fromisoformat(f["date"] + "T00:00:00+00:00")
            .timestamp() for f in fields])


class Zone:
    """All objects near the images of one coordinate system."""

    def __init__(self, objects, images, crs, obj, img, seed):
        """obj, img: candidates, as numbers of objects and images."""
        self.objects, self.images, self.crs = objects, images, crs
        self.number, self.local = np.unique(obj, return_inverse=True)
        self.img = img
        self.random = np.random.default_rng(seed)

    def transform(self):
        to = pyproj.Transformer.from_crs(4326, self.crs, always_xy=True)
        self.kind = self.objects.kind[self.number]
        self.geom = shapely.transform(self.objects.geom[self.number],
                                      to.transform, interleaved=False)
        self.bounds = shapely.bounds(self.geom)

    def to_pixels(self, img, x, y):
        at = self.images
        return ((x - at.west[img]) / at.pixel[img],
                (at.north[img] - y) / at.pixel[img])

    def candidates(self):
        """Windows of the candidates that have one: self.fits of them."""
        at, local, img = self.images, self.local, self.img
        kind = self.kind[local]
        b = self.bounds[local]
        x0, y0 = self.to_pixels(img, b[:, 0], b[:, 3])
        x1, y1 = self.to_pixels(img, b[:, 2], b[:, 1])
        longer = np.maximum(x1 - x0, y1 - y0)
        col, w = area_side(x0, x1)
        row, h = area_side(y0, y1)
        x, y = self.to_pixels(img, *self.nodes())
        area = kind == AREA
        col = np.where(area, col, node_side(x))
        row = np.where(area, row, node_side(y))
        w, h = np.where(area, w, WINDOW), np.where(area, h, WINDOW)
        fits = ~area | ((longer >= MIN_OBJECT - EDGE) &
                        (np.maximum(w, h) <= PX_MAX))
        fits &= (col >= 0) & (row >= 0)
        fits &= (col + w <= at.size[img, 0]) & (row + h <= at.size[img, 1])
        self.win = np.column_stack([col, row, w, h])[fits]
        self.local, self.img = local[fits], img[fits]

    def nodes(self):
        """A position of each candidate: of a line one of its nodes."""
        counts = shapely.get_num_coordinates(self.geom)
        first = np.cumsum(counts) - counts
        xy = shapely.get_coordinates(self.geom)
        n = counts[self.local]
        ring = (self.kind == LINE) & shapely.is_closed(self.geom)
        n = n - ring[self.local]
        at = (self.random.random(len(n)) * n).astype(int)
        at += first[self.local]
        return xy[at, 0], xy[at, 1]

    def samples(self, chosen):
        """What of the chosen candidates lies where, in the image's system."""
        self.local, self.img = self.local[chosen], self.img[chosen]
        self.win = self.win[chosen]
        at, img, win = self.images, self.img, self.win
        x = at.west[img] + win[:, 0] * at.pixel[img]
        y = at.north[img] - win[:, 1] * at.pixel[img]
        self.rect = np.column_stack([
            x, y - win[:, 3] * at.pixel[img],
            x + win[:, 2] * at.pixel[img], y])
        self.boxes = shapely.box(*self.rect.T)

    def neighbours(self):
        """[pairs]: sample, local object, size and middle of what is inside."""
        s, o = shapely.STRtree(self.geom).query(self.boxes)
        other = o != self.local[s]
        s, o = s[other], o[other]
        order = np.argsort(s, kind="stable")
        s, o = s[order], o[order]
        r, b = self.rect[s], self.bounds[o]
        whole = ((b[:, 0] >= r[:, 0]) & (b[:, 1] >= r[:, 1]) &
                 (b[:, 2] <= r[:, 2]) & (b[:, 3] <= r[:, 3]))
        kind = self.kind[o]
        size = sizes(self.geom, self.kind)[o]
        middle = shapely.get_coordinates(shapely.centroid(self.geom))[o]
        part = np.flatnonzero(~whole)
        inside = self.clip(s[part], o[part])
        size[part] = sizes(inside, kind[part])
        keep = (kind == POINT) & whole | (size > 0)
        part = np.flatnonzero(keep[part])
        at = np.flatnonzero(~whole)[part]
        middle[at] = shapely.get_coordinates(shapely.centroid(inside[part]))
        s, o, size, kind = s[keep], o[keep], size[keep], kind[keep]
        w, h = (self.rect[s, 2:] - self.rect[s, :2]).T
        share = np.where(kind == AREA, size / (w * h), size / np.hypot(w, h))
        return s, o, share, middle[keep]

    def clip(self, s, o):
        """[pairs, s ascending]: the geometry of o in the window of s."""
        shapely.prepare(self.geom)
        inside = np.full(len(s), shapely.Point(), object)
        hit = np.flatnonzero(shapely.intersects(self.geom[o], self.boxes[s]))
        s, o = s[hit], o[hit]
        all_of_it = shapely.contains_properly(self.geom[o], self.boxes[s])
        inside[hit[all_of_it]] = self.boxes[s[all_of_it]]
        hit, s, o = hit[~all_of_it], s[~all_of_it], o[~all_of_it]
        cut = np.empty(len(s), object)
        ends = np.searchsorted(s, np.arange(len(self.boxes) + 1)).tolist()
        for rect, a, b in zip(self.rect.tolist(), ends, ends[1:]):
            if a < b:  # clip_by_rect: six times as fast as intersection
                cut[a:b] = shapely.clip_by_rect(self.geom[o[a:b]], *rect)
        inside[hit] = cut
        return inside

    def near(self):
        """Those of the same tags as one, the first MAX_NEAR of each sample."""
        s, o, share, middle = self.neighbours()
        b = self.bounds[self.local]
        centre = np.where((self.kind[self.local] == AREA)[:, None],
                          (b[:, :2] + b[:, 2:]) / 2,
                          (self.rect[:, :2] + self.rect[:, 2:]) / 2)
        distance = np.hypot(*(middle - centre[s]).T)
        tagset = self.objects.tagset[self.number[o]]
        order = np.lexsort((distance, -share, tagset, s))
        s, tagset = s[order], tagset[order]
        new = np.ones(len(s), bool)
        new[1:] = (s[1:] != s[:-1]) | (tagset[1:] != tagset[:-1])
        first = np.flatnonzero(new)
        total = np.add.reduceat(share[order], first) if len(first) else share
        n = np.diff(np.append(first, len(s)))
        best = np.lexsort((distance[order][first], -total, s[first]))
        first, total, n = first[best], total[best], n[best]
        s = s[first]
        keep = np.arange(len(s)) - np.searchsorted(s, s) < MAX_NEAR
        self.near_sample, self.near_n = s[keep], n[keep]
        self.near_object = self.number[o[order][first[keep]]]
        self.near_share = total[keep]
        self.near_at = middle[order]  # of all, by group


def node_side(at):
    return np.floor(at - WINDOW / 2 + 0.5 + EDGE).astype(int)


def area_side(lo, hi):
    """Where the window of an area begins, and how long it is."""
    at = np.floor(lo + EDGE)
    n = np.maximum(np.ceil(hi - EDGE) - at, 1)
    grown = np.floor((lo + hi) / 2 - PX_MIN / 2 + 0.5 + EDGE)
    return (np.where(n < PX_MIN, grown, at).astype(int),
            np.maximum(n, PX_MIN).astype(int))


def sizes(geom, kind):
    return np.where(kind == AREA, shapely.area(geom),
                    np.where(kind == LINE, shapely.length(geom), 0))


def choose(objects, images, obj, img):
    """The candidates taken: of the finest 1.2 the first that is not older."""
    finest = np.full(len(objects.ts), np.inf)
    np.minimum.at(finest, obj, images.gsd[img])
    same = np.flatnonzero(images.gsd[img] <= finest[obj] * SAME_GSD)
    o, i = obj[same], img[same]
    days = images.when[i] - objects.ts[o]
    late = np.where(objects.ts[o] == 0, 0,
                    np.where(days < 0, 1e12 - days, days))
    order = np.lexsort((i, late, o))
    o = o[order]
    first = np.ones(len(o), bool)
    first[1:] = o[1:] != o[:-1]
    chosen = np.zeros(len(obj), bool)
    chosen[same[order[first]]] = True
    return chosen


def join(objects, images):
    """The zones, with all samples and their neighbours."""
    footprints = geopandas.GeoSeries(shapely.box(*images.bbox.T))
    obj, img = footprints.sindex.query(objects.geom)
    names, system = np.unique(images.crs, return_inverse=True)
    zones = []
    for i, crs in enumerate(names):
        of = system[img] == i
        zones.append(Zone(objects, images, str(crs), obj[of], img[of], i))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Zone.transform, zones))
        list(pool.map(Zone.candidates, zones))
        chosen = choose(objects, images,
                        np.concatenate([z.number[z.local] for z in zones]),
                        np.concatenate([z.img for z in zones]))
        ends = np.cumsum([len(z.local) for z in zones])[:-1]
        list(pool.map(Zone.samples, zones, np.split(chosen, ends)))
        list(pool.map(Zone.near, zones))
    return zones


def compare(objects, images, zones, path):
    """Prints what both found, by kind of object, and where they differ."""
    number = {name: i for i, name in enumerate(objects.ids)}
    theirs = {}
    for z in zones:
        start = np.searchsorted(z.near_sample, np.arange(len(z.local) + 1))
        for i, o in enumerate(z.number[z.local]):
            theirs[o] = (z, i, slice(start[i], start[i + 1]))
    # [kind, ours or the peer's]: samples, neighbours, objects in these
    sums = np.zeros((3, 2, 3), int)
    for o, (z, i, near) in theirs.items():
        sums[objects.kind[o], 1] += (1, near.stop - near.start,
                                     z.near_n[near].sum())
    same, alike, off = np.zeros(3, int), np.zeros(3, int), 0.0
    for r in records(path):
        o = number[r["id"]]
        kind, near = objects.kind[o], r["near"]
        sums[kind, 0] += 1, len(near), sum(one["n"] for one in near)
        z, i, at = theirs.get(o, (None, 0, None))
        if not z or images.uris[z.img[i]] != r["img"]["uri"] or \
                list(z.win[i]) != r["win"]:
            continue
        same[kind] += 1
        if [one["n"] for one in near] != list(z.near_n[at]):
            continue
        alike[kind] += 1
        shares = np.array([one["share"] for one in near])
        if len(near):
            off = max(off, np.abs(shares - z.near_share[at]).max())
    for kind, name in enumerate(KINDS):
        print(f"{name}, geojoin and peer:", *(
            f"{what} {a} {b}," for what, a, b in zip(
                ("samples", "neighbours", "objects in these"),
                *sums[kind])),
            f"same windows {same[kind]}, of these same neighbours"
            f" {alike[kind]}")
    print(f"largest difference of a share: {off:.2g}")


def main():
    objects, images = Objects(sys.argv[1]), Images(sys.argv[2])
    wall, cpu = time.perf_counter(), time.process_time()
    zones = join(objects, images)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if len(sys.argv) > 3:
        compare(objects, images, zones, sys.argv[3])
    else:
        print(f"{wall:.2f} {cpu:.2f}",
              resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
