"""OPL (osmium cat -f opl) on stdin to JSON lines {"id", "tags"}."""

import json
import re
import sys


def text(field):
    return re.sub(r"%([0-9a-f]+)%", lambda m: chr(int(m[1], 16)), field)


for line in sys.stdin:
    fields = line.rstrip("\n").split(" ")
    tags = next((f[1:] for f in fields[1:] if f.startswith("T")), "")
    if not tags:
        continue
    pairs = (tag.split("=", 1) for tag in tags.split(","))
    print(json.dumps({"id": fields[0],
                      "tags": {text(k): text(v) for k, v in pairs}}))
