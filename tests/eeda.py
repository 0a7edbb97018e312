"""eeda.py - answers as Earth Engine's REST API does, for GDAL's EEDA and EEDAI.

Two pages of images of any collection; writes its port to the file `port` when
it listens, and each request to the file `asked`. A collection that has "broken"
in its name has no second page.
"""
import http.server
import json
import os
import sys


def image(name, cloud, day):
    grid = {"crsCode": "EPSG:32632", "dimensions": {"width": 1000, "height": 800},
            "affineTransform": {"scaleX": 10, "scaleY": -10,
                                "translateX": 500000, "translateY": 5600000}}
    pan = {"crsCode": "EPSG:32632", "dimensions": {"width": 2000, "height": 1600},
           "affineTransform": {"scaleX": 5, "scaleY": -5,
                               "translateX": 500000, "translateY": 5600000}}
    kind = {"precision": "INT", "range": {"max": 65535}}
    return {"type": "IMAGE", "name": name, "id": name.split("assets/")[1],
            "updateTime": "2020-01-01T00:00:00Z", "startTime": day + "T10:20:30Z",
            "endTime": day + "T10:20:31Z", "sizeBytes": "1",
            "geometry": {"type": "Polygon", "coordinates": [[
                [9, 50], [10, 50], [10, 51], [9, 51], [9, 50]]]},
            "properties": {"CLOUD_COVER": cloud},
            "bands": [{"id": b, "dataType": kind, "grid": pan if b == "B8" else grid}
                      for b in ("B1", "B2", "B3", "B4", "B8")]}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("asked", "a") as f:
            f.write(self.path + " " + self.headers.get("Authorization", "") + "\n")
        path = self.path.split("?")[0].split("v1alpha/")[1]
        if path.endswith(":listImages"):
            base = path[:-len(":listImages")]
            if "pageToken" not in self.path:
                body = {"images": [image(base + "/one", 12.5, "2018-07-16")],
                        "nextPageToken": "p2"}
            elif "broken" in base:
                return self.send_error(403)  # GDAL would wait for a 503 to pass
            else:
                body = {"images": [image(base + "/two", 90, "2019-07-16")]}
        elif "/none" in path:
            return self.send_error(404)
        else:
            body = image(path, 12.5, "2018-07-16")
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("port.new", "w") as f:
    f.write(str(server.server_port))
os.rename("port.new", "port")
sys.stdout.close()
server.serve_forever()
