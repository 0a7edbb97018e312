"""Writes a PBF file that a text describes: stdin to stdout.

Lines are objects as in OPL, or begin a blob; '#' begins a comment.

    header [sorted] [history] [locations] [WORD=VALUE]…
        the file's first blob; without this line, one that says nothing.
        sorted, history and locations claim Sort.Type_then_ID,
        HistoricalInformation and LocationsOnWays, whatever is true.
        required=NAME, optional=NAME: other features; program=TEXT;
        bbox=W,S,E,N in degrees; replication=SECONDS
    blob [PACKING] [plain] [one-group] [WORD=VALUE]…
        what follows is in this blob. PACKING is zlib (as before the first
        such line), raw, lz4, zstd, lzma or bzip2. Nodes are dense, unless
        plain. Objects of one kind in a row are a group; with one-group all
        are, which the format forbids.
        granularity=NANODEGREES, lat-offset=, lon-offset=, dates=MILLISECONDS;
        type=NAME, of the blob
    Damage, of header and blob alike: flip=AT, every bit of a byte of the
        packed bytes (from their end when negative); cut=N, so many bytes
        are missing at the end of the file, of which this is the last blob;
        raw-size=N, a size that is not that of the content

    n1 v2 dV c7 t2020-01-01T00:00:00Z i5 uname Tkey=value,k=v x20.5 y10
    w1 Nn1,n2,n3 Tk=v          or, with places, Nn1x20.5y10,n2x20y11
    r1 Mn1@role,w1@outer,r7@ Tk=v

Of an object only the id must be there. dD is a deleted version. Other
characters than these are %HEX%, as in OPL.
"""

import calendar
import itertools
import re
import sys
import time
from decimal import Decimal

sys.dont_write_bytecode = True
from pbf_wire import blob, data, deltas, number, packed, zigzag

CLAIMS = {"sorted": (5, "Sort.Type_then_ID"), "locations": (5, "LocationsOnWays"),
          "history": (4, "HistoricalInformation")}


def text(field):
    return re.sub(r"%([0-9a-f]+)%", lambda m: chr(int(m[1], 16)), field)


def nano(degrees):
    n = Decimal(degrees or 0) * 10**9
    assert n == int(n), degrees
    return int(n)


def parts(field):
    return field.split(",") if field else []


class Object:
    def __init__(self, line):
        fields = line.split(" ")
        self.kind, self.id = fields[0][0], int(fields[0][1:])
        f = {word[0]: word[1:] for word in fields[1:] if word}
        assert not set(f) - set("vdctiuTxyNM"), line
        self.tags = [[text(part) for part in tag.split("=")]
                     for tag in parts(f.get("T"))]
        self.has_info = bool(set(f) & set("vdctiu"))
        self.version, self.changeset, self.uid = (
            int(f.get(c) or 0) for c in "vci")
        self.user, self.visible = text(f.get("u", "")), f.get("d") != "D"
        self.time = calendar.timegm(time.strptime(
            f["t"], "%Y-%m-%dT%H:%M:%SZ")) if f.get("t") else 0
        self.at = nano(f.get("x")), nano(f.get("y"))
        self.refs = [re.fullmatch(r"n(-?\d+)(?:x([^y]+)y(.+))?", ref).groups()
                     for ref in parts(f.get("N"))]
        self.members = [re.fullmatch(r"([nwr])(-?\d+)@(.*)", m).groups()
                        for m in parts(f.get("M"))]


class Block:
    def __init__(self, options):
        self.options, self.objects, self.strings = options, [], {"": 0}
        self.step = int(options.get("granularity", 100))
        self.offset = [int(options.get(w, 0))
                       for w in ("lon-offset", "lat-offset")]
        self.dates = int(options.get("dates", 1000))

    def string(self, s):
        return self.strings.setdefault(s, len(self.strings))

    def place(self, axis, value):
        steps, rest = divmod(value - self.offset[axis], self.step)
        assert not rest, f"no multiple of the granularity: {value}"
        return steps

    def date(self, o):
        return o.time * 1000 // self.dates

    def info(self, o):
        if not o.has_info:
            return b""
        out = number(1, o.version) + number(2, self.date(o))
        out += number(3, o.changeset) + number(4, o.uid)
        out += number(5, self.string(o.user))
        if "history" in self.options:
            out += number(6, o.visible)
        return data(4, out)

    def common(self, o):
        keys, values = ([self.string(tag[i]) for tag in o.tags] for i in (0, 1))
        tags = packed(2, keys) + packed(3, values) if keys else b""
        return tags + self.info(o)

    def node(self, o):
        return data(1, number(1, zigzag(o.id)) + self.common(o) +
                    number(8, zigzag(self.place(1, o.at[1]))) +
                    number(9, zigzag(self.place(0, o.at[0]))))

    def way(self, o):
        out = number(1, o.id) + self.common(o)
        out += deltas(8, (int(ref) for ref, _, _ in o.refs))
        if any(x for _, x, _ in o.refs):
            out += deltas(9, (self.place(1, nano(y)) for _, _, y in o.refs))
            out += deltas(10, (self.place(0, nano(x)) for _, x, _ in o.refs))
        return data(3, out)

    def relation(self, o):
        out = number(1, o.id) + self.common(o)
        out += packed(8, (self.string(text(role)) for _, _, role in o.members))
        out += deltas(9, (int(ref) for _, ref, _ in o.members))
        out += packed(10, ("nwr".index(kind) for kind, _, _ in o.members))
        return data(4, out)

    def dense(self, nodes):
        out = deltas(1, (o.id for o in nodes))
        if any(o.has_info for o in nodes):
            info = packed(1, (o.version for o in nodes))
            info += deltas(2, map(self.date, nodes))
            info += deltas(3, (o.changeset for o in nodes))
            info += deltas(4, (o.uid for o in nodes))
            info += deltas(5, (self.string(o.user) for o in nodes))
            if "history" in self.options:
                info += packed(6, (o.visible for o in nodes))
            out += data(5, info)
        out += deltas(8, (self.place(1, o.at[1]) for o in nodes))
        out += deltas(9, (self.place(0, o.at[0]) for o in nodes))
        if any(o.tags for o in nodes):
            out += packed(10, itertools.chain.from_iterable(
                [self.string(s) for tag in o.tags for s in tag] + [0]
                for o in nodes))
        return data(2, out)

    def group(self, kind, objects):
        if kind == "n" and "plain" not in self.options:
            return self.dense(objects)
        one = {"n": self.node, "w": self.way, "r": self.relation}[kind]
        return b"".join(map(one, objects))

    def bytes(self):
        groups = [self.group(kind, list(objects)) for kind, objects in
                  itertools.groupby(self.objects, lambda o: o.kind)]
        if "one-group" in self.options:
            groups = [b"".join(groups)]
        content = b"".join(data(2, group) for group in groups)
        table = b"".join(data(1, s.encode()) for s in self.strings)
        fields = ((17, self.step, 100), (18, self.dates, 1000),
                  (19, self.offset[1], 0), (20, self.offset[0], 0))
        return data(1, table) + content + b"".join(
            number(field, value) for field, value, usual in fields
            if value != usual)


def header(options):
    out = b""
    if "bbox" in options:
        w, s, e, n = map(nano, options["bbox"].split(","))
        out = data(1, b"".join(number(i, zigzag(v)) for i, v in
                               ((1, w), (2, e), (3, n), (4, s))))
    features = [(4, "OsmSchema-V0.6"), (4, "DenseNodes")]
    features += [CLAIMS[word] for word in options if word in CLAIMS]
    features += [(field, options[word]) for field, word in
                 ((4, "required"), (5, "optional")) if word in options]
    for field, name in sorted(features, key=lambda f: f[0]):
        out += data(field, name.encode())
    out += data(16, options.get("program", "osm-pbf.py").encode())
    if "replication" in options:
        out += number(32, int(options["replication"]))
    return out


def packing(options):
    words = [w for w in options if w in
             ("raw", "zlib", "lzma", "bzip2", "lz4", "zstd")]
    assert len(words) < 2, words
    return words[0] if words else "zlib"


def write(kind, content, options):
    def spoil(packed_bytes):
        out = bytearray(packed_bytes)
        if "flip" in options:
            out[int(options["flip"])] ^= 255
        return bytes(out)

    size = int(options["raw-size"]) if "raw-size" in options else None
    out = blob(options.get("type", kind).encode(), content, packing(options),
               size, spoil)
    sys.stdout.buffer.write(out[:len(out) - int(options.get("cut", 0))])


def main():
    head, blocks, claims = {}, [], {}
    for line in sys.stdin:
        line = line.rstrip("\n")
        words = line.split(" ")
        if not line or line[0] == "#":
            continue
        options = dict(w.partition("=")[::2] for w in words[1:])
        if words[0] == "header":
            assert not blocks
            head = options
            claims = {w: "" for w in head if w == "history"}
        elif words[0] == "blob":
            blocks.append(Block(claims | options))
        else:
            if not blocks:
                blocks.append(Block(claims))
            blocks[-1].objects.append(Object(line))
    write("OSMHeader", header(head), head)
    for block in blocks:
        write("OSMData", block.bytes(), block.options)


main()
