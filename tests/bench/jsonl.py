#!/usr/bin/env python3
"""jsonl.py out|in: records to JSON lines and back with msgpack and json.

The peer of rec-view --json and rec-make --json in tests/bench/records.
"""
import json
import sys

import msgpack

if sys.argv[1] == "out":
    for record in msgpack.Unpacker(sys.stdin.buffer, raw=False,
                                   max_buffer_size=1 << 30):
        sys.stdout.write(json.dumps(record, ensure_ascii=False,
                                    separators=(",", ":")) + "\n")
else:
    packer = msgpack.Packer()
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(packer.pack(json.loads(line)))
