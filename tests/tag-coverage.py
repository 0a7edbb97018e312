"""The share of tag occurrences that a row of the table names.

tag-coverage.py TABLE <JSON lines with "tags"; prints the number of tags, the
share with a row, the share that can be seen, then the commonest keys without
a row, on stderr.
"""

import collections
import json
import sys

rows = {}
with open(sys.argv[1], encoding="utf-8") as table:
    for line in table:
        if line.strip() and not line.startswith("#"):
            pattern, gsd_m, _ = line.rstrip("\n").split("\t")
            rows[pattern] = gsd_m


def row_of(key, value):
    patterns = [f"{key}={value}", f"{key}=*"]
    parts = key.split(":")
    patterns += [":".join(parts[:n]) + ":*" for n in range(len(parts) - 1, 0, -1)]
    return next((rows[p] for p in patterns if p in rows), None)


total = named = seen = 0
missing = collections.Counter()
for line in sys.stdin:
    for key, value in json.loads(line)["tags"].items():
        gsd_m = row_of(key, value)
        total += 1
        named += gsd_m is not None
        seen += gsd_m not in (None, "-")
        if gsd_m is None:
            missing[key] += 1
print(total, f"{named / total:.4f} {seen / total:.4f}")
print(missing.most_common(20), file=sys.stderr)
