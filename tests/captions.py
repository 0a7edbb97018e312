"""Captions by the published grammar, in a second hand: JSON lines {"id",
"tags"} on stdin, and the image's GSD in metres, give "id TAB title" lines.
Reads the tables of data/ ($SKYFILTERS_DATADIR)."""

import json
import os
import sys

DATA = os.environ["SKYFILTERS_DATADIR"]
GSD = float(sys.argv[1])


def table(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as rows:
        rows = (row.rstrip("\n") for row in rows)
        return {row.split("\t")[0]: row.split("\t")[1:]
                for row in rows if row and row[0] != "#"}


def look_up(rows, key, value):
    prefixes = [key[:i] + ":*" for i in range(len(key)) if key[i] == ":"]
    for pattern in [f"{key}={value}", f"{key}=*"] + prefixes[::-1]:
        if pattern in rows:
            return rows[pattern]
    return None


def words(text):
    return text.replace("_", " ").replace(":", " ")


def say(key, value):
    row = look_up(connectors, key, value) or ["*", "of"]
    name = words(key) if row[0] == "*" else row[0]
    if value.lower() == "yes":
        return name
    value = words(" and ".join(part.strip() for part in value.split(";")))
    return f"{name} {value}" if row[1] == "-" else f"{name} {row[1]} {value}"


seen, connectors, heads = (table("tag-gsd.tsv"), table("connectors.tsv"),
                           list(table("head-keys.txt")))
for line in sys.stdin:
    record = json.loads(line)
    tags = {k: v for k, v in record["tags"].items()
            if (look_up(seen, k, v) or ["-"])[0] != "-"
            and float(look_up(seen, k, v)[0]) * 1.1 >= GSD
            and v.lower() != "no"}
    head = next((key for key in heads if key in tags), None)
    order = ([head] if head else []) + [key for key in tags if key != head]
    title = ", ".join(say(key, tags[key]) for key in order)
    print(record["id"] + "\ta satellite image of " + title)
