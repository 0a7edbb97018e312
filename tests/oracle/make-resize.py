#!/usr/bin/env python3
"""Writes resize.tsv: hashes of images that Pillow and torchvision resized.

make-resize.py [TESTDATA] > resize.tsv

Needs pillow, torchvision, numpy, xxhash. Columns: the input (WIDTHxHEIGHT of a
made-up image, or a scene of TESTDATA), what was done ("resize" to a size,
"crop": shorter side to a size, then the middle square, as open_clip's
preprocessing does, or, with four numbers, the part that was resized), the size,
and XXH64 of the RGB bytes.
"""
import os
import sys

import numpy as np
import torchvision.transforms as T
import xxhash
from PIL import Image

SIZES = [(24, 24), (24, 1000), (1000, 24), (31, 57), (100, 100), (224, 224),
         (223, 225), (225, 224), (256, 193), (333, 999), (600, 600),
         (777, 512), (1000, 999)]
TARGETS = [(224, 224), (24, 37), (1000, 61), (300, 1000)]
CROPS = [30, 224, 336]
# left, upper, right, lower: fractions, edges, whole pixels, slivers
BOXES = {
    (31, 57): [(0, 0, 31, 57), (0.5, 0.25, 30.75, 56.9), (3, 5, 4, 6),
               (30.5, 56.5, 31, 57), (0, 0, 0.125, 57)],
    (225, 224): [(0, 0, 224, 224), (1, 0, 225, 224), (0.3, 0.7, 224.3, 223.9),
                 (100.1, 50.2, 101.3, 200.4), (17, 33, 118, 132)],
    (600, 600): [(12.3456789, 0, 599.87654321, 600), (0, 599, 600, 600),
                 (1 / 3, 2 / 3, 500 / 3, 1000 / 3)],
    (24, 1000): [(0, 1.5, 24, 998.5), (5.5, 500, 6.5, 1000)],
}


def made_up(width, height):
    """Bytes from their positions; the unit test makes the same."""
    i = np.arange(width * height * 3, dtype=np.uint32)
    x = (i + np.uint32(width)) * np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return Image.fromarray(
        (x & np.uint32(255)).astype(np.uint8).reshape(height, width, 3))


def line(name, what, size, image):
    print(name, what, size, xxhash.xxh64_hexdigest(image.tobytes()), sep="\t")


def crop(image, size):
    return T.CenterCrop(size)(T.Resize(
        size, interpolation=T.InterpolationMode.BICUBIC)(image))


for width, height in SIZES:
    image = made_up(width, height)
    for w, h in TARGETS + [(width, 50), (50, height)]:
        line(f"{width}x{height}", "resize", f"{w}x{h}",
             image.resize((w, h), Image.Resampling.BICUBIC))
    for size in CROPS:
        line(f"{width}x{height}", "crop", size, crop(image, size))

for (width, height), boxes in BOXES.items():
    image = made_up(width, height)
    for box in boxes:
        for w, h in TARGETS + [(width, height), (1, 1)]:
            line(f"{width}x{height}", " ".join(map(repr, box)), f"{w}x{h}",
                 image.resize((w, h), Image.Resampling.BICUBIC, box))

if len(sys.argv) > 1:
    folder = "scenes/whu-rs19/images"
    for name in sorted(os.listdir(os.path.join(sys.argv[1], folder)))[::8]:
        path = os.path.join(folder, name)
        image = Image.open(os.path.join(sys.argv[1], path)).convert("RGB")
        line(path, "resize", "100x1000",
             image.resize((100, 1000), Image.Resampling.BICUBIC))
        line(path, "crop", 224, crop(image, 224))
