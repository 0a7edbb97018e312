"""area-rules.py PRESETS: prints data/area-rules.tsv.

PRESETS is dist/presets.json of iD's tagging schema (id-tagging-schema, ISC
licence). As iD's areaKeys, an area key is the first key of a preset that can be
an area; a value of it is excepted when a preset that can be a line has it, and
is a line also beside an area where none that can be an area has it. Of the keys
that iD never makes area keys, all that can be a line is one. Deprecated presets
do not count. What iD's code has in addition, and what the presets do not tell,
is listed here.
"""

import json
import sys

HEAD = """\
# What closed ways are: pattern TAB kind
#
# pattern	key=value, key=*, prefix:*; the more specific wins, in that order
# kind	area	a closed way with this tag is an area
#	line	is a line, even where another tag makes it an area, too
#	both	is a line and an area
#	neither	the tag tells nothing: an exception to a wider pattern
#	only-area	is an area and no line, whatever other tags it has
#	only-line	is a line and no area, whatever other tags it has
#
# A way that no tag tells about is a line. Made from the presets of the iD editor
# (id-tagging-schema, ISC licence) by area-rules.py, which says how.
"""

LINE_KEYS = ["barrier", "highway", "railway"]
NOT_AREA_KEYS = {*LINE_KEYS, "footway", "junction", "type", "area", "addr:*"}

# What the presets make lines, and iD's code takes back.
TAKEN_BACK = {("public_transport", "platform"), ("waterway", "dam"),
              ("amenity", "bicycle_parking")}

# Values of line keys that are areas in iD's code.
AREAS = """
highway=elevator highway=rest_area highway=services junction=yes
railway=platform railway=roundhouse railway=signal_box railway=station
railway=traverser railway=turntable railway=wash
""".split()

# Who may use a road; no things of their own.
NEITHER = """
emergency=designated emergency=destination emergency=official
emergency=private emergency=yes
""".split()

# Lines that the presets do not have.
LINES = """
golf=cartway natural=earth_bank natural=gully piste:type=connection
waterway=flowline waterway=pressurised
""".split()


def load(path):
    presets = json.load(open(path, encoding="utf-8")).values()
    return [p for p in presets if p.get("tags") and not p.get("replacement")]


def make_rules(presets):
    keys = {next(iter(p["tags"])) for p in presets if "area" in p["geometry"]}
    keys -= NOT_AREA_KEYS
    rules = {f"{key}=no": "neither" for key in keys}
    rules |= {f"{key}=*": "area" for key in keys}
    rules |= dict.fromkeys(NEITHER, "neither")
    can_be_area = {tag for p in presets if "area" in p["geometry"]
                   for tag in p["tags"].items()}
    for preset in presets:
        if "line" not in preset["geometry"]:
            continue
        for tag in preset.get("addTags", preset["tags"]).items():
            if tag[0] in keys and tag[1] != "*" and tag not in TAKEN_BACK:
                rules["=".join(tag)] = "neither"
    for preset in presets:
        tag = next(iter(preset["tags"].items()))
        line = "line" in preset["geometry"] and "*" not in tag
        if line and (tag[0] in LINE_KEYS or
                     tag[0] in keys and tag not in can_be_area):
            rules["=".join(tag)] = "line"
    return rules | dict.fromkeys(LINES, "line") | dict.fromkeys(AREAS, "area")


def order(pattern):
    key, value = pattern.split("=")
    return key, {"*": 0, "no": 2}.get(value, 1), value


def main():
    rules = make_rules(load(sys.argv[1]))
    print(HEAD)
    print("area=no\tonly-line\narea=yes\tonly-area\n")
    for pattern in sorted(rules, key=order):
        print(f"{pattern}\t{rules[pattern]}")


main()
