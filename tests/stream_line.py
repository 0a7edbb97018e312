"""Values of records, packed and as JSON: line mode, as skyfilters-records(5)
has it. Part of stream.py."""
import base64
import json
import math
import re
import struct
import sys

import msgpack

BIN_FIELDS = ("geom", "chip", "img_emb", "txt_emb")


class BadRecord(Exception):
    """Framed well, but wrong, or nothing that JSON can hold."""


# Values as they are on the wire, where Python would forget a difference.
class Str(bytes):
    pass


class Bin(bytes):
    pass


class Ext(bytes):  # the type's byte, then the data
    pass


class Float(bytes):  # 4 or 8 bytes, big-endian

    def number(self):
        return struct.unpack(">f" if len(self) == 4 else ">d", self)[0]


class Map(list):  # of pairs
    pass


def map_head(n):
    return msgpack.Packer().pack_map_header(n)


def pack(v):
    """A value in its shortest encoding."""
    if isinstance(v, Str):
        text = v.decode("utf-8", "surrogateescape")
        return msgpack.packb(text, unicode_errors="surrogateescape")
    if isinstance(v, Bin):
        return msgpack.packb(bytes(v))
    if isinstance(v, Float):
        return (b"\xca" if len(v) == 4 else b"\xcb") + v
    if isinstance(v, Ext):
        packer = msgpack.Packer(autoreset=False)
        packer.pack_ext_type(struct.unpack("b", v[:1])[0], bytes(v[1:]))
        return packer.bytes()
    if isinstance(v, Map):
        pairs = (pack(k) + pack(e) for k, e in v)
        return map_head(len(v)) + b"".join(pairs)
    if isinstance(v, list):
        head = msgpack.Packer().pack_array_header(len(v))
        return head + b"".join(map(pack, v))
    return msgpack.packb(v)


def is_int(v):
    return isinstance(v, int) and not isinstance(v, bool)


def f64_text(x):
    """The first of printf's %.15g, %.16g, %.17g that reads back."""
    small = abs(x) < sys.float_info.min
    for digits in range(1 if small else 15, 18):
        text = "%.*g" % (digits, x)
        if float(text) == x:
            break
    return text if "." in text or "e" in text else text + ".0"


def float_line(v):
    x = v.number()
    if math.isfinite(x):
        text = f64_text(x)
    elif math.isinf(x):
        text = '"inf"' if x > 0 else '"-inf"'
    elif v in (bytes.fromhex("7ff8000000000000"), bytes.fromhex("7fc00000")):
        text = '"nan"'
    else:
        text = '"nan:%s"' % v.hex()
    if len(v) == 4:
        return '{"$f32":%s}' % text
    return text if math.isfinite(x) else '{"$num":%s}' % text


def escaped(match):
    c = match.group()
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    return short.get(c, "\\u%04x" % ord(c))


def text_line(text):
    return '"%s"' % re.sub(r'["\\\x00-\x1f]', escaped, text)


def base64_line(v):
    return '"%s"' % base64.b64encode(v).decode()


def map_line(v, top):
    members, keys = [], set()
    for key, e in v:
        if not isinstance(key, Str) or b"\0" in key:
            raise BadRecord("a key that JSON cannot hold")
        try:
            name = key.decode()
        except UnicodeDecodeError as why:
            raise BadRecord("a key that is not UTF-8") from why
        if name in keys:
            raise BadRecord("a key that stands twice")
        keys.add(name)
        if top and name in BIN_FIELDS and isinstance(e, Bin):
            text = base64_line(e)
        elif top and name in BIN_FIELDS and isinstance(e, Str):
            text = '{"$str":%s}' % base64_line(e)
        else:
            text = line(e)
        if len(v) == 1 and name.startswith("$"):
            name = "$" + name
        members.append(text_line(name) + ":" + text)
    return "{" + ",".join(members) + "}"


def line(v):
    if isinstance(v, Map):
        return map_line(v, False)
    if isinstance(v, list):
        return "[" + ",".join(map(line, v)) + "]"
    if isinstance(v, Bin):
        return '{"$bin":%s}' % base64_line(v)
    if isinstance(v, Ext):
        kind = struct.unpack("b", v[:1])[0]
        return '{"$ext":[%d,%s]}' % (kind, base64_line(v[1:]))
    if isinstance(v, Float):
        return float_line(v)
    if isinstance(v, Str):
        try:
            return text_line(v.decode())
        except UnicodeDecodeError:
            return '{"$str":%s}' % base64_line(v)
    if is_int(v):
        return str(v) if v < 1 << 63 else '{"$num":"%d"}' % v
    return {None: "null", True: "true", False: "false"}[v]


def from_text(text, code):
    """A float that is not finite."""
    if text.startswith("nan:"):
        return Float(bytes.fromhex(text[4:]))
    return Float(struct.pack(code, float(text)))


def from_mark(mark, v):
    if mark == "$bin":
        return Bin(base64.b64decode(v, validate=True))
    if mark == "$str":
        return Str(base64.b64decode(v, validate=True))
    if mark == "$ext":
        kind, text = v
        data = base64.b64decode(text, validate=True)
        return Ext(struct.pack("b", kind) + data)
    if mark == "$f32" and isinstance(v, str):
        return from_text(v, ">f")
    if mark == "$f32":
        x = v.number() if isinstance(v, Float) else v
        return Float(struct.pack(">f", x))
    if mark == "$num":
        return int(v) if v.isdigit() else from_text(v, ">d")
    raise ValueError("unknown marker " + mark)


def from_json(v, top=False):
    if isinstance(v, Map) and len(v) == 1 and v[0][0].startswith("$"):
        name, e = v[0]
        if not name.startswith("$$"):
            return from_mark(name, e)
        return Map([(Str(name[1:].encode()), from_json(e))])
    if isinstance(v, Map):
        pairs = Map()
        for name, e in v:
            if top and name in BIN_FIELDS and isinstance(e, str):
                e = Bin(base64.b64decode(e, validate=True))
            pairs.append((Str(name.encode()), from_json(e)))
        return pairs
    if isinstance(v, list):
        return [from_json(e) for e in v]
    return Str(v.encode()) if isinstance(v, str) else v


def from_line(text):
    v = json.loads(
        text,
        object_pairs_hook=Map,
        parse_float=lambda s: Float(struct.pack(">d", float(s))),
    )
    return pack(from_json(v, top=True))
