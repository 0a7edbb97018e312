#!/usr/bin/python3
"""A second reader and writer of record streams, written from
skyfilters-records(5) alone: the page and the tools are held to each other.

    check FILE...     what rec-view prints of each goes to FILE.lines, and
                      'STATUS FILE WHY' to standard output: 0 whole, 1 damaged,
                      3 whole with bad records
    records FILE      the bytes of the data records, one behind the other
    make              a stream of one segment of the lines on standard input
    show FILE         each value's bytes in hex, and what they say
    bad FILE          the first segment with {"a":1,"a":2} as its last record
"""
import struct
import sys

import msgpack

sys.dont_write_bytecode = True
from stream_line import BadRecord, Bin, Ext, Float, Map, Str
from stream_line import from_line, is_int, line, map_head, map_line

MAX_DEPTH = 64
MAX_RECORD = 256 << 20
U64 = (1 << 64) - 1


class Damaged(Exception):
    """The stream cannot be read on."""


# Checksums


def crc_table():
    for c in range(256):
        for _ in range(8):
            c = c >> 1 ^ (0x82F63B78 if c & 1 else 0)
        yield c


CRC_TABLE = tuple(crc_table())


def crc32c(data):
    c = 0xFFFFFFFF
    for byte in data:
        c = c >> 8 ^ CRC_TABLE[(c ^ byte) & 255]
    return c ^ 0xFFFFFFFF


P1, P2, P3, P4, P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


def rotl(x, n):
    return (x << n | x >> (64 - n)) & U64


def xxh_round(acc, lane):
    return rotl((acc + lane * P2) & U64, 31) * P1 & U64


def xxh64(data):
    """The hash with seed 0."""
    at = 0
    h = P5
    if len(data) >= 32:
        acc = [(P1 + P2) & U64, P2, 0, -P1 & U64]
        while at + 32 <= len(data):
            lanes = struct.unpack_from("<4Q", data, at)
            acc = [xxh_round(a, lane) for a, lane in zip(acc, lanes)]
            at += 32
        h = sum(rotl(a, n) for a, n in zip(acc, (1, 7, 12, 18))) & U64
        for a in acc:
            h = ((h ^ xxh_round(0, a)) * P1 + P4) & U64
    h = (h + len(data)) & U64
    while at + 8 <= len(data):
        (lane,) = struct.unpack_from("<Q", data, at)
        h = (rotl(h ^ xxh_round(0, lane), 27) * P1 + P4) & U64
        at += 8
    if at + 4 <= len(data):
        (lane,) = struct.unpack_from("<I", data, at)
        h = (rotl(h ^ lane * P1 & U64, 23) * P2 + P3) & U64
        at += 4
    for byte in data[at:]:
        h = rotl(h ^ byte * P5 & U64, 11) * P1 & U64
    h = (h ^ h >> 33) * P2 & U64
    h = (h ^ h >> 29) * P3 & U64
    return h ^ h >> 32


assert crc32c(b"123456789") == 0xE3069283
assert xxh64(b"") == 0xEF46DB3751D8E999
assert xxh64(b"Nobody inspects the spammish repetition") == 0xFBCEA83C8A378BF1


# msgpack


class Input:
    """Bytes, read value by value: msgpack says where each ends."""

    def __init__(self, data):
        self.data = data
        self.unpacker = msgpack.Unpacker(max_buffer_size=0)
        self.unpacker.feed(data)
        self.seen = None  # called with begin, end, depth, value

    def tell(self):
        return self.unpacker.tell()

    def begins(self):
        """What the next value is: "map", "array", "" for others."""
        c = self.data[self.tell()] if self.tell() < len(self.data) else 0xC1
        if c >> 4 == 0x8 or c in (0xDE, 0xDF):
            return "map"
        return "array" if c >> 4 == 0x9 or c in (0xDC, 0xDD) else ""

    def head(self, depth):
        """The number of elements or pairs of the next array or map."""
        at, kind = self.tell(), self.begins()
        if depth > MAX_DEPTH:
            raise Damaged("nested too deep")
        try:
            if kind == "map":
                n = self.unpacker.read_map_header()
            else:
                n = self.unpacker.read_array_header()
        except (msgpack.OutOfData, ValueError) as e:
            raise Damaged("no whole value: %r" % e) from e
        if self.seen:
            self.seen(at, self.tell(), depth, "%s of %d" % (kind, n))
        return n

    def value(self, depth):
        """The next value, inside `depth` - 1 arrays and maps."""
        at, kind = self.tell(), self.begins()
        if kind == "map":
            n = self.head(depth)
            return Map(
                (self.value(depth + 1), self.value(depth + 1))
                for _ in range(n)
            )
        if kind == "array":
            n = self.head(depth)
            return [self.value(depth + 1) for _ in range(n)]
        try:
            self.unpacker.skip()
        except (msgpack.OutOfData, ValueError) as e:
            raise Damaged("no whole value: %r" % e) from e
        v = scalar(self.data[at : self.tell()])
        if self.seen:
            self.seen(at, self.tell(), depth, v)
        return v


def scalar(raw):
    """The value of all of these bytes, no array or map."""
    c = raw[0]
    if c >> 5 == 5 or 0xD9 <= c <= 0xDB:
        return Str(msgpack.unpackb(raw, raw=True))
    if 0xC4 <= c <= 0xC6:
        return Bin(msgpack.unpackb(raw, raw=True))
    if c in (0xCA, 0xCB):
        return Float(raw[1:])
    if 0xC7 <= c <= 0xC9:
        v = Ext(raw[1 + (1 << c - 0xC7) :])
        if not v:  # msgpack's own sum, type and 2^32-1 bytes, wraps to 0
            raise Damaged("an ext that is too long")
        return v
    if 0xD4 <= c <= 0xD8:
        return Ext(raw[1:])
    return msgpack.unpackb(raw)


# Streams


class Record:
    """One map of a stream, and where its parts stand."""

    def __init__(self, source):
        self.data = source.data
        self.begin = source.tell()
        if source.begins() != "map":
            raise Damaged("a value that is no map stands at %d" % self.begin)
        n = source.head(1)
        self.pairs = Map()
        self.behind_head = self.last_key = self.last_value = source.tell()
        for _ in range(n):
            self.last_key = source.tell()
            key = source.value(2)
            self.last_value = source.tell()
            self.pairs.append((key, source.value(2)))
        self.end = source.tell()
        if self.end - self.begin > MAX_RECORD:
            raise Damaged("a record over the limit")
        self.first = self.pairs[0][0] if self.pairs else None
        if not isinstance(self.first, Str):
            self.first = None

    def bytes(self):
        return self.data[self.begin : self.end]


def check_header(r):
    if not is_int(r.pairs[0][1]) or r.pairs[0][1] != 1:
        raise Damaged("no header of version 1")
    key, value = r.pairs[-1]
    hashed = map_head(len(r.pairs) - 1) + r.data[r.behind_head : r.last_key]
    if not isinstance(key, Str) or key != b"id" or not isinstance(value, Str):
        raise Damaged("the header's last key is not id")
    if value != b"%016x" % xxh64(hashed):
        raise Damaged("the header's id is %016x" % xxh64(hashed))


def check_end(r, segment, count):
    key, value = r.pairs[-1]
    if not is_int(r.pairs[0][1]) or r.pairs[0][1] != count:
        raise Damaged("there are %d data records" % count)
    if not isinstance(key, Str) or key != b"crc32c":
        raise Damaged("the end record's last key is not crc32c")
    if r.end - r.last_value != 5 or r.data[r.last_value] != 0xCE:
        raise Damaged("the checksum does not stand in five bytes")
    if value != crc32c(r.data[segment : r.last_value]):
        raise Damaged("the checksum is wrong")


def read(data, seen=None):
    """Each record of a stream, its control records as well."""
    source = Input(data)
    source.seen = seen
    place, segment, count = "start", 0, 0
    while source.tell() < len(data):
        r = Record(source)
        if r.first == b"skyfilters":
            if place == "data":
                raise Damaged("a header inside a segment")
            if place != "headers":
                segment, count = r.begin, 0
            check_header(r)
            place = "headers"
        elif place in ("start", "end"):
            raise Damaged("a record without a header, at %d" % r.begin)
        elif r.first == b"skyfilters_end":
            check_end(r, segment, count)
            place = "end"
        else:
            count += 1
            place = "data"
        yield r
    if place != "end":
        raise Damaged("there is no end record")


def data_records(data):
    for r in read(data):
        if r.first not in (b"skyfilters", b"skyfilters_end"):
            yield r


def check_record(r):
    keys = [key for key, _ in r.pairs]
    if not all(isinstance(key, Str) for key in keys):
        raise BadRecord("a key that is no str")
    if len(set(keys)) < len(keys):
        raise BadRecord("a key that stands twice")
    if b"skyfilters" in keys or b"skyfilters_end" in keys:
        raise BadRecord("a reserved key")


def packed(pairs):
    return b"".join(msgpack.packb(x) for pair in pairs.items() for x in pair)


def header(tool, prev=()):
    pairs = {"skyfilters": 1, "tool": tool, "version": "1", "args": []}
    pairs.update(inputs=[], licence=[], prev=list(prev))
    body = packed(pairs)
    name = "%016x" % xxh64(map_head(len(pairs)) + body)
    return map_head(len(pairs) + 1) + body + packed({"id": name})


def end(segment, count):
    """The end record behind these bytes, the segment so far."""
    record = map_head(3) + packed({"skyfilters_end": count, "inputs": []})
    record += msgpack.packb("crc32c")
    return record + struct.pack(">BI", 0xCE, crc32c(segment + record))


def stream(*records):
    body = header("test") + b"".join(records)
    return body + end(body, len(records))


# The command line


def check(path):
    """Writes the lines; gives the status and why."""
    status, why = 0, ""
    with open(path, "rb") as f:
        data = f.read()
    with open(path + ".lines", "w", encoding="utf-8", newline="") as out:
        try:
            for r in data_records(data):
                try:
                    check_record(r)
                    out.write(map_line(r.pairs, True) + "\n")
                except BadRecord as e:
                    status, why = 3, str(e)
        except Damaged as e:
            status, why = 1, str(e)
    return status, why


def show(data):
    """Writes the stream's bytes value by value."""
    kinds = {"skyfilters": "a header", "skyfilters_end": "the end record"}
    values = []
    for r in read(data, lambda *v: values.append(v)):
        what = kinds.get((r.first or b"").decode(), "a data record")
        for begin, behind, depth, v in values:
            text = v if isinstance(v, str) else line(v)
            if depth == 1:
                text += ": " + what
            indent = "  " * (depth - 1)
            print("%-34s  %s%s" % (data[begin:behind].hex(), indent, text))
        values.clear()


def bad(data):
    """The first segment with one more record, whose key stands twice."""
    for r in read(data):
        if r.first == b"skyfilters_end":
            body = data[: r.begin] + b"\x82\xa1a\x01\xa1a\x02"
            return body + end(body, r.pairs[0][1] + 1)
    raise Damaged("no segment")


def main(command, *args):
    out = sys.stdout.buffer
    if command == "check":
        for path in args:
            status, why = check(path)
            print(status, path, why)
    elif command == "make":
        out.write(stream(*map(from_line, sys.stdin.buffer)))
    else:
        with open(args[0], "rb") as f:
            data = f.read()
        if command == "records":
            out.write(b"".join(r.bytes() for r in data_records(data)))
        elif command == "show":
            show(data)
        elif command == "bad":
            out.write(bad(data))


if __name__ == "__main__":
    main(*sys.argv[1:])
