#!/usr/bin/python3
"""Print a record stream of one segment with one more record, {"a":1,"a":2},
in front of its end record, count and checksum put right. Written from
skyfilters-records(5) alone: a second reader and writer of the format."""
import sys

import msgpack

POLY = 0x82F63B78
TABLE = []
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (POLY if c & 1 else 0)
    TABLE.append(c)


def crc32c(data):
    c = 0xFFFFFFFF
    for byte in data:
        c = c >> 8 ^ TABLE[(c ^ byte) & 255]
    return c ^ 0xFFFFFFFF


data = open(sys.argv[1], "rb").read()
unpacker = msgpack.Unpacker(raw=True, strict_map_key=False)
unpacker.feed(data)
start = 0
for record in unpacker:
    if next(iter(record)) == b"skyfilters_end":
        break
    start = unpacker.tell()
assert record[b"crc32c"] == crc32c(data[: unpacker.tell() - 5])
body = data[:start] + b"\x82\xa1a\x01\xa1a\x02"
end = {b"skyfilters_end": record[b"skyfilters_end"] + 1, b"inputs": []}
packer = msgpack.Packer(use_bin_type=False)
tail = packer.pack_map_header(3)
for key, value in end.items():
    tail += packer.pack(key) + packer.pack(value)
tail += packer.pack(b"crc32c")
body += tail
sys.stdout.buffer.write(body + b"\xce" + crc32c(body).to_bytes(4, "big"))
