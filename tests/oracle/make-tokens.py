#!/usr/bin/env python3
"""Writes what open_clip's tokenizer makes of texts.

make-tokens.py captions FILE > captions.ids   token ids, one text a line
make-tokens.py titles FILE > titles.xxh64     FILE: SkyScript's titles (CSV);
    XXH64 per 1,000 titles of their ids as text, as bpe-ids prints them

Needs open_clip_torch and xxhash.
"""
import csv
import sys

import open_clip
import xxhash

tokenizer = open_clip.SimpleTokenizer()


def ids(text):
    row = tokenizer([text])[0].tolist()
    end = max(i for i, t in enumerate(row) if t == tokenizer.eot_token_id)
    return " ".join(map(str, row[:end + 1])) + "\n"


kind, path = sys.argv[1:]
with open(path, encoding="utf-8", newline="\n") as f:
    if kind == "captions":
        for line in f.read().split("\n")[:-1]:
            sys.stdout.write(ids(line))
    else:
        titles = [row["title"] for row in csv.DictReader(f)]
        for i in range(0, len(titles), 1000):
            text = "".join(ids(t) for t in titles[i:i + 1000])
            print(xxhash.xxh64_hexdigest(text.encode()))
