#!/usr/bin/python3
"""Streams that skyfilters-records(5) allows and forbids.

    make DIR          small ones, each named STATUS-WHAT: 0 whole, 1 damaged,
                      3 whole with bad records
    damage FILE DIR   the stream cut, and with bits flipped, at many places
"""
import os
import random
import struct
import sys

import msgpack

sys.dont_write_bytecode = True
from stream import crc32c, end, header, map_head, read, stream, xxh64

ONE = b"\x82\xa2id\xa2n1\xa3lon\xcb\x3f\xf8" + bytes(6)
HEAD = header("one")
WHOLE = stream(ONE)
WIDE = {  # keys in longer forms than they need
    b"skyfilters": b"\xda\x00\x0askyfilters",
    b"skyfilters_end": b"\xdb\x00\x00\x00\x0eskyfilters_end",
    b"id": b"\xd9\x02id",
    b"crc32c": b"\xd9\x06crc32c",
}


def whole(segment, count):
    return segment + end(segment, count)


def any_header(
    version=b"\x01",
    first=b"\xaaskyfilters",
    middle=b"\xa4tool\xa1x",
    last=b"\xa2id",
    head=None,
    value=None,
):
    """A header whose parts are these bytes, with the id that they have."""
    body = first + version + middle
    n = 3 if middle else 2
    name = b"%016x" % xxh64(map_head(n - 1) + body)
    return (head or map_head(n)) + body + last + (value or b"\xb0") + name


def any_end(
    segment,
    count=b"\x00",
    first=b"\xaeskyfilters_end",
    middle=b"",
    last=b"\xa6crc32c",
    head=None,
    mark=b"\xce",
):
    """The segment, and an end record whose parts are these bytes."""
    body = segment + (head or map_head(2 + (middle != b"")))
    body += first + count + middle + last
    return body + mark + struct.pack(">I", crc32c(body))


def nested(depth, inside=b"\x90"):
    """A record with an array in it, of this many levels in all."""
    return b"\x81\xa1a" + b"\x91" * (depth - 2) + inside


def random_values():
    """Records of numbers and strings of all kinds."""
    dice = random.Random(1)
    for n in range(40):
        values = []
        for _ in range(25):
            bits = dice.getrandbits(64)
            values += [
                b"\xcb" + struct.pack(">Q", bits),
                b"\xcb" + struct.pack(">Q", bits & 0x800FFFFFFFFFFFFF),
                b"\xca" + struct.pack(">I", bits & 0xFFFFFFFF),
                msgpack.packb(bits >> dice.randrange(64)),
                msgpack.packb(-(bits >> dice.randrange(1, 64))),
                msgpack.packb(float(bits % 10**16)),
                msgpack.packb(bits % 10**6 / 1000),
                msgpack.packb("".join(map(chr, range(n * 7)))),
                b"\xa4" + struct.pack(">I", bits >> 32),
            ]
        yield b"\x82\xa2id" + msgpack.packb("n%d" % n) + b"\xa1v" + (
            msgpack.Packer().pack_array_header(len(values)) + b"".join(values)
        )


def good():
    yield "one record", WHOLE
    yield "no record", stream()
    yield "two segments", WHOLE + stream()
    prev = header("two", prev=[HEAD[-16:].decode()])
    yield "two headers", whole(HEAD + prev + ONE, 1)
    yield "a header twice", whole(HEAD + HEAD + ONE, 1)
    yield "unknown keys", any_end(
        any_header(middle=b"\xa1x\x80"), middle=b"\xa1x\x90"
    )
    yield "a header of two keys", whole(any_header(middle=b""), 0)
    yield "no inputs in the end record", any_end(HEAD)
    for version in b"\xcc\x01", b"\xcf" + bytes(7) + b"\x01", b"\xd0\x01":
        name = "version as " + version[:1].hex()
        yield name, whole(any_header(version), 0)
    wide = any_header(
        first=WIDE[b"skyfilters"],
        last=WIDE[b"id"],
        head=b"\xdf\x00\x00\x00\x03",
        value=b"\xda\x00\x10",
    )
    yield "long forms", any_end(
        wide + b"\xde\x00\x01\xd9\x01a\xdd\x00\x00\x00\x00",
        b"\xcf" + bytes(7) + b"\x01",
        WIDE[b"skyfilters_end"],
        last=WIDE[b"crc32c"],
        head=b"\xde\x00\x02",
    )
    yield "an empty map", stream(b"\x80")
    yield "nested 64 deep", stream(nested(64), nested(64, b"\x80"))
    yield "values", stream(*random_values())
    exts = [b"\xd4\x05a", b"\xd8\x80" + bytes(16), b"\xd6\xff" + bytes(4)]
    exts += [b"\xc7\x03\x07abc", b"\xc7\x00\x01", b"\xc0", b"\xc4\x01\xff"]
    yield "ext and bin", stream(b"\x81\xa1v\x97" + b"".join(exts))
    yield "bin fields", stream(
        b"\x83\xa4geom\xc4\x02ab\xa4chip\xa1x\xa7img_emb\xc4\x00",
        b"\x82\xa7txt_emb\xc0\xa4geom\x81\xa4chip\xc4\x01a",
    )
    yield "keys like markers", stream(
        b"\x81\xa4$bin\x01", b"\x81\xa1a\x81\xa2$$\x80", b"\x81\xa1$\xa0"
    )


def faulty():
    for name, record in {
        "a key twice": b"\x82\xa1a\x01\xa1a\x02",
        "a key twice, once longer": b"\x82\xa1a\x01\xd9\x01a\x02",
        "a reserved key": b"\x82\xa1a\x01\xaaskyfilters\x01",
        "the other reserved key": b"\x82\xa1a\x01\xaeskyfilters_end\x00",
        "a key that is an integer": b"\x81\x01\x01",
        "a key that is nil": b"\x82\xa1a\x01\xc0\x01",
        "a key that is a map": b"\x81\x81\xa1a\x01\x01",
        "a bin like a header": b"\x81\xc4\x0askyfilters\x01",
        "no JSON, a key inside twice": b"\x81\xa1a\x82\xa1b\x01\xa1b\x02",
        "no JSON, an integer inside": b"\x81\xa1a\x91\x81\x01\x02",
        "no JSON, a key not UTF-8": b"\x81\xa1\xff\x01",
        "no JSON, a key with a NUL": b"\x81\xa1\x00\x01",
    }.items():
        yield name, stream(ONE, record, ONE)


def bad_headers():
    data = b"\x81\xa1a\x01"
    yield "no header", whole(data, 1)
    yield "an end record first", any_end(b"")
    for version in (
        msgpack.packb(v) for v in (0, 2, -1, 1.0, "1", None, True)
    ):
        yield "version " + version.hex(), whole(any_header(version), 0)
    upper = HEAD[:-16] + HEAD[-16:].upper()
    for name, h in {
        "a wrong id": HEAD[:-1] + (b"0" if HEAD[-1:] != b"0" else b"1"),
        "an id in upper case": upper,
        "an id that is no str": any_header(value=b"\xc4\x10"),
        "an id of a long head": any_header(b"\x01", head=b"\xde\x00\x03")[:-16]
        + b"%016x" % xxh64(b"\xde\x00\x02\xaaskyfilters\x01\xa4tool\xa1x"),
        "no id": b"\x81\xaaskyfilters\x01",
        "an id by another name": any_header(last=b"\xa3idx"),
        "an id before the last key": any_header(
            middle=HEAD[-20:], last=b"\xa4tool"
        ),
    }.items():
        yield name, whole(h + ONE, 1)


def bad_ends():
    segment = HEAD + ONE
    for name, ended in {
        "too few counted": whole(segment, 0),
        "too many counted": whole(segment, 2),
        "a negative count": whole(segment, -1),
        "a count that is no integer": whole(segment, 1.0),
        "a wrong checksum": WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]),
        "a checksum as d2": any_end(segment, b"\x01", mark=b"\xd2"),
        "a checksum of 64 bits": any_end(
            segment, b"\x01", mark=b"\xcf" + bytes(4)
        ),
        "a checksum like one": any_end(
            segment, b"\x01", mark=b"\xcf\x00\x00\x00\xce"
        ),
        "another last key": any_end(segment, b"\x01", last=b"\xa5crc32"),
        "no checksum": segment + b"\x81\xaeskyfilters_end\x01",
        "a checksum of the data only": segment
        + end(segment, 1)[:-4]
        + struct.pack(">I", crc32c(segment)),
    }.items():
        yield name, ended


def bad_order():
    segment = HEAD + ONE
    tail = end(segment, 1)
    yield "nothing", b""
    yield "text", b'{"id":"n1"}\n'
    yield "a header behind data", whole(segment + HEAD, 1)
    yield "a whole stream inside", whole(segment + WHOLE, 2)
    yield "data behind the end", WHOLE + ONE
    yield "an end behind the end", WHOLE + tail
    yield "no end", segment
    yield "no end of the second", WHOLE + segment
    yield "only a header", HEAD
    yield "headers behind the end", WHOLE + HEAD
    for value in b"\xc0", b"\x01", b"\x91\x01", b"\xa1a", b"\xc1", b"\xc4\x00":
        yield value.hex() + " in front", value + WHOLE
        yield value.hex() + " inside", whole(segment + value + ONE, 3)
        yield value.hex() + " behind", WHOLE + value
    yield "c1 in a record", stream(b"\x81\xa1a\xc1")
    for name, record in {
        "arrays": nested(65),
        "a map": nested(65, b"\x80"),
        "more arrays": nested(1000),
    }.items():
        yield "nested too deep, " + name, stream(record)
    for head in "c6", "c9", "db", "dd", "df":
        claim = b"\x81\xa1a" + bytes.fromhex(head) + b"\xff\xff\xff\xff"
        yield "a claim of 4 GiB as " + head, segment + claim + ONE + tail


def make(folder):
    os.makedirs(folder)
    kinds = ((0, good), (3, faulty), (1, bad_headers), (1, bad_ends))
    for status, kind in kinds + ((1, bad_order),):
        for what, data in kind():
            name = "%d-%s" % (status, what.replace(" ", "-"))
            with open(os.path.join(folder, name), "xb") as f:
                f.write(data)


def damage(path, folder):
    """Cut and flipped where records begin and end, and anywhere."""
    os.makedirs(folder)
    with open(path, "rb") as f:
        data = f.read()
    dice = random.Random(1)
    places = {dice.randrange(len(data)) for _ in range(60)}
    for r in list(read(data))[-3:]:
        places |= {r.begin, r.begin + 1, r.last_key, r.last_value, r.end - 1}
    for at in places:
        flipped = bytearray(data)
        flipped[at] ^= 1 << dice.randrange(8)
        for name, damaged in ("cut", data[:at]), ("flipped", flipped):
            with open(os.path.join(folder, "%s-%d" % (name, at)), "wb") as f:
                f.write(damaged)


{"make": make, "damage": damage}[sys.argv[1]](*sys.argv[2:])
