"""eeda.py - answers as Earth Engine's REST API does, for GDAL's EEDA and EEDAI.

Two pages of images of any collection, and any image's pixels: of 16 bits as
TIFF; of 8 bits, where "NAIP" is in its name, as PNG. Writes its port to the file
`port` when it listens, and each request to the file `asked`. The token is
"open-sesame". A collection that has "broken" in its name has no second page;
images go wrong whose last name is one of those in `pixels`.
"""
import http.server
import json
import os
import struct
import sys
import time
import zlib


def image(name, cloud, day):
    def grid(m):
        return {"crsCode": "EPSG:32632",
                "dimensions": {"width": 10000 // m, "height": 8000 // m},
                "affineTransform": {"scaleX": m, "scaleY": -m,
                                    "translateX": 500000, "translateY": 5600000}}
    naip = "NAIP" in name
    kind = {"precision": "INT", "range": {"max": 255 if naip else 65535}}
    return {"type": "IMAGE", "name": name, "id": name.split("assets/")[1],
            "updateTime": "2020-01-01T00:00:00Z", "startTime": day + "T10:20:30Z",
            "endTime": day + "T10:20:31Z", "sizeBytes": "1",
            "geometry": {"type": "Polygon", "coordinates": [[
                [9, 50], [10, 50], [10, 51], [9, 51], [9, 50]]]},
            "properties": {"CLOUD_COVER": cloud},
            "bands": [{"id": b, "dataType": kind, "grid": grid(5 if b == "B8" else 10)}
                      for b in ("RGBN" if naip else ("B1", "B2", "B3", "B4", "B8"))]}


def tiff(width, height, bands, values):
    data = struct.pack("<%dH" % len(values), *values)
    tags = ((256, width), (257, height), (258, 16), (259, 1), (262, 2 if bands == 3 else 1), (273, 8),
            (277, bands), (278, height), (279, len(data)))
    return (b"II*\0" + struct.pack("<I", 8 + len(data)) + data +
            struct.pack("<H", len(tags)) +
            b"".join(struct.pack("<HHII", t, 4, 1, v) for t, v in tags) + b"\0" * 4)


def png(width, height, bands, values):
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))
    line = width * bands
    raw = b"".join(b"\0" + bytes(values[i:i + line])
                   for i in range(0, len(values), line))
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if bands == 3 else 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b""))


class Handler(http.server.BaseHTTPRequestHandler):
    shaken = set()

    def asked(self, more=""):
        """The path behind the version; None: it has been answered."""
        with open("asked", "a") as f:
            f.write(self.path + " " + self.headers.get("Authorization", "") +
                    more + "\n")
        if self.headers.get("Authorization") != "Bearer open-sesame":
            return self.fail(401, "no such token")
        return self.path.split("?")[0].split("v1alpha/")[1]

    def answer(self, body, kind="application/json", status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def fail(self, status, text):
        self.answer(json.dumps({"error": {"code": status, "message": text}}).encode(),
                    status=status)

    def do_GET(self):
        path = self.asked()
        if path is None:
            return
        if path.endswith(":listImages"):
            base = path[:-len(":listImages")]
            if "pageToken" not in self.path:
                body = {"images": [image(base + "/one", 12.5, "2018-07-16")],
                        "nextPageToken": "p2"}
            elif "broken" in base:
                return self.send_error(501)
            else:
                body = {"images": [image(base + "/two", 90, "2019-07-16")]}
        elif "/none" in path:
            return self.send_error(404)
        else:
            body = image(path, 12.5, "2018-07-16")
        self.answer(json.dumps(body).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            return self.answer(b'{"access_token": "open-sesame", "expires_in": 3600}')
        path = self.asked(" " + body.decode())
        if path is not None:
            self.pixels(path.split(":")[0], json.loads(body))

    def pixels(self, path, want):
        """What is on the ground where the grid's pixels have their middle."""
        name, grid = path.split("/")[-1], want["grid"]
        at, size = grid["affineTransform"], grid["dimensions"]
        bands, width, height = want["bandIds"], size["width"], size["height"]
        key = (path, str(want))
        if name == "down" or (name == "middle" and at["translateY"] < 5600000) or (
                name == "shaky" and key not in self.shaken):
            self.shaken.add(key)
            return self.fail(503, "come again")
        if name == "silent":
            time.sleep(600)
        cols = [int((at["translateX"] + (x + .5) * at["scaleX"] - 500000) / 10)
                for x in range(width)]
        rows = [int((5600000 - at["translateY"] - (y + .5) * at["scaleY"]) / 10)
                for y in range(height)]
        has = [b["id"] for b in image(path, 0, "")["bands"]]
        bits = [has.index(b) * 60 for b in bands]
        values = [x * 3 + y * 5 + (x * y >> 5) + b & 255
                  for y in rows for x in cols for b in bits]
        if want["fileFormat"] == "PNG":
            out = png(width, height, len(bands), values)
        else:
            out = tiff(width, height, len(bands), [v * 16 for v in values])
        self.answer(out[:len(out) // 2] if name == "torn" else out,
                    "application/octet-stream")

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port.new", "w") as f:
    f.write(str(server.server_port))
os.rename("port.new", "port")
sys.stdout.close()
server.serve_forever()
