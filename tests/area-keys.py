"""area-keys.py RULES PRESETS: data/area-rules.tsv against iD's tagging schema.

An area key is the first key of a preset that can be an area; a value of it is
excepted when a preset that can be a line has it. Deprecated presets do not
count. The values that iD's code takes back, and keys that make lines there
whatever the presets say, are listed here.
"""

import json
import sys

LINES = {"barrier", "highway", "footway", "railway", "junction", "type"}
TAKEN_BACK = {("public_transport", "platform"), ("waterway", "dam"),
              ("amenity", "bicycle_parking")}


def main():
    rules = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        if line.strip() and line[0] != "#":
            pattern, kind = line.rstrip("\n").split("\t")
            assert pattern not in rules, pattern
            rules[pattern] = kind
    presets = [p for p in json.load(open(sys.argv[2])).values()
               if p.get("tags") and not p.get("replacement")]
    keys = {next(iter(p["tags"])) for p in presets if "area" in p["geometry"]}
    keys -= LINES | {"area", "addr:*"}
    assert len(keys) > 40, keys
    for key in sorted(keys):
        assert rules.get(key + "=*") == "area", key
    for preset in presets:
        if "line" not in preset["geometry"]:
            continue
        for key, value in preset.get("addTags", preset["tags"]).items():
            if key in keys and value != "*" and (key, value) not in TAKEN_BACK:
                assert rules.get(f"{key}={value}") == "line", (key, value)
    for key, value in TAKEN_BACK:
        assert rules.get(f"{key}={value}", "area") == "area", (key, value)


main()
