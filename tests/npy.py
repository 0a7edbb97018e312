#!/usr/bin/env python3
"""npy.py TYPE SHAPE NUMBER...: an array as a .npy file, without NumPy."""
import struct
import sys

kinds = {"f2": "e", "f4": "f", "f8": "d", "i8": "q", "u1": "B", "b1": "?"}
descr, shape = sys.argv[1], [int(n) for n in sys.argv[2].split(",")]
header = "{'descr': '%s', 'fortran_order': False, 'shape': %r, }" % (
    descr, tuple(shape))
header += " " * (-(10 + len(header) + 1) % 64) + "\n"
number = float if descr[1] == "f" else int
numbers = [number(n) for n in sys.argv[3:]]
sys.stdout.buffer.write(
    b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() +
    struct.pack("%s%d%s" % (descr[0].replace("|", "<"), len(numbers),
                            kinds[descr[1:]]), *numbers))
