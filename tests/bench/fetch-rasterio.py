"""fetch-rasterio.py FILE SIZE PROCESSES < windows - rasterio and Pillow: what
people write. "column row" a line; a process reads every so-manieth run of 64."""
import io
import multiprocessing
import sys

import rasterio
from PIL import Image
from rasterio.windows import Window

path, size, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
windows = [tuple(map(int, line.split())) for line in sys.stdin]


def work(k):
    total = 0
    with rasterio.open(path) as src:
        for i in range(k * 64, len(windows), count * 64):
            for col, row in windows[i:i + 64]:
                px = src.read([1, 2, 3], window=Window(col, row, size, size))
                out = io.BytesIO()
                Image.fromarray(px.transpose(1, 2, 0)).save(
                    out, 'JPEG', quality=90)
                total += out.tell()
    return total


with multiprocessing.Pool(count) as pool:
    print(len(windows), 'chips,', sum(pool.map(work, range(count))), 'bytes')
