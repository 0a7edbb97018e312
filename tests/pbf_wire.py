"""The bytes of a PBF file: protobuf's fields, and blobs.

Sources: protobuf's encoding page; fileformat.proto and osmformat.proto of
OSM-binary; LZ4's block format.
"""

import bz2
import lzma
import struct
import subprocess
import zlib


def varint(n):
    n &= 2**64 - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def zigzag(n):
    return n << 1 ^ n >> 63


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def packed(field, values):
    return data(field, b"".join(map(varint, values)))


def deltas(field, values):
    values = list(values)
    return packed(field, [zigzag(a - b) for a, b in zip(values, [0] + values)])


def lz4_sequence(literals, offset=0, match=0):
    def more(n):
        return b"\xff" * (n // 255) + bytes([n % 255])
    a, b = len(literals), max(match - 4, 0)
    out = bytes([min(a, 15) << 4 | min(b, 15)])
    out += (more(a - 15) if a >= 15 else b"") + literals
    if match:
        out += struct.pack("<H", offset) + (more(b - 15) if b >= 15 else b"")
    return out


def lz4(content):
    """A block (no frame), its matches found by their first four bytes."""
    seen, out, at, literal = {}, b"", 0, 0
    while at < len(content) - 12:  # no match begins in the last 12 bytes
        key = content[at:at + 4]
        back, seen[key] = seen.get(key, -1), at
        if back < 0 or at - back > 65535:
            at += 1
            continue
        end = at + 4
        while end < len(content) - 5 and \
                content[end] == content[back + end - at]:
            end += 1
        out += lz4_sequence(content[literal:at], at - back, end - at)
        at = literal = end
    return out + lz4_sequence(content[literal:])


def zstd(content):
    return subprocess.run(["zstd", "-qc"], input=content, check=True,
                          stdout=subprocess.PIPE).stdout


# the field of a blob's bytes, and how they are made
PACKINGS = {
    "raw": (1, bytes),
    "zlib": (3, zlib.compress),
    "lzma": (4, lambda b: lzma.compress(b, lzma.FORMAT_ALONE)),
    "bzip2": (5, bz2.compress),
    "lz4": (6, lz4),
    "zstd": (7, zstd),
}


def blob(kind, content, packing="zlib", raw_size=None, spoil=bytes):
    """A blob with its header; spoil() is done to the packed bytes."""
    field, pack = PACKINGS[packing]
    size = len(content) if raw_size is None else raw_size
    body = (b"" if field == 1 and raw_size is None else number(2, size)) + \
        data(field, spoil(pack(content)))
    head = data(1, kind) + number(3, len(body))
    return struct.pack(">I", len(head)) + head + body
