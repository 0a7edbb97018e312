"""join-data.py - what tests/bench/join reads: objects, and images for them.

    join-data.py OBJECTS.rec > CATALOG.jsonl

Makes a catalogue for objects that osm-tags --geometry has made, as JSON lines
for rec-make: squares in each object's UTM zone, of the sets below, wherever one
of them has an object. No pixels: the join opens no image.
"""
import json
import sys

import msgpack
import numpy as np
import pyproj

# name, pixel in metres, side in pixels, date, of how many squares it has one
SETS = [
    ("wide", 1.0, 10000, "2014-06-10", 1),
    ("again", 0.9, 10000, "2021-07-02", 1),
    ("mid", 0.6, 10000, "2018-05-20", 2),
    ("fine", 0.3, 10000, "2016-08-15", 4),
    ("later", 0.33, 10000, "2022-04-30", 6),
]
STEP = 0.9  # squares of a set overlap, as sheets of real images do


def records(path):
    """The data records of a stream: what has a place or an image."""
    with open(path, "rb") as f:
        for record in msgpack.Unpacker(f, raw=False,
                                       max_buffer_size=1 << 30):
            if "lon" in record or "img" in record:
                yield record


def utm_zone(lon, lat):
    """EPSG codes of the UTM zones of positions."""
    zone = np.clip(np.floor((lon + 180) / 6), 0, 59).astype(int) + 1
    return np.where(lat >= 0, 32600, 32700) + zone


def squares(x, y, side, one_of):
    """West and north edges of the squares that hold one of the positions."""
    step = side * STEP
    at = np.unique(np.floor(np.column_stack([x, y]) / step).astype(int), axis=0)
    at = at[(at[:, 0] * 7 + at[:, 1] * 3) % one_of == 0]
    return np.column_stack([at[:, 0] * step, at[:, 1] * step + side])


def image(name, number, epsg, gsd, side_px, date, west, north, back):
    side = gsd * side_px
    along = np.linspace(0, side, 21)
    x = west + np.concatenate([along, along, 0 * along, 0 * along + side])
    y = north - np.concatenate([0 * along, 0 * along + side, along, along])
    lon, lat = back.transform(x, y)
    return {
        "img": {
            "src": name, "uri": f"{name}-{number}.tif", "kind": "raster",
            "gsd_m": gsd, "date": date, "crs": f"EPSG:{epsg}",
            "size": [side_px, side_px],
            "transform": [west, gsd, 0.0, north, 0.0, -gsd],
            "bands": [1, 2, 3],
        },
        "bbox": [min(lon), min(lat), max(lon), max(lat)],
    }


def main():
    at = np.array([(r["lon"], r["lat"]) for r in records(sys.argv[1])])
    zones = utm_zone(at[:, 0], at[:, 1])
    number = 0
    for epsg in np.unique(zones):
        here = at[zones == epsg]
        utm = pyproj.Transformer.from_crs(4326, int(epsg), always_xy=True)
        back = pyproj.Transformer.from_crs(int(epsg), 4326, always_xy=True)
        x, y = utm.transform(here[:, 0], here[:, 1])
        for name, gsd, px, date, one_of in SETS:
            for west, north in squares(x, y, gsd * px, one_of):
                number += 1
                print(json.dumps(image(name, number, epsg, gsd, px, date,
                                       west, north, back)))


if __name__ == "__main__":
    main()
