#!/usr/bin/env python3
"""Writes embeddings.tsv: what transformers' CLIP makes of random models.

make-embeddings.py MAKE_MODEL TESTDATA > embeddings.tsv

MAKE_MODEL is examples/model-random/make-model; it makes the models that
models.tsv lists, from seeds. Needs torch, transformers, open_clip_torch.
Columns: model, "text" or "image", the input, the numbers of its unit vector.
Texts are line numbers of tests/fixtures/captions.txt; images are made-up
mosaics, WIDTHxHEIGHT, and for the model "scenes" real ones of TESTDATA.
Tokens are open_clip's, pixels open_clip's preprocessing, towers transformers'.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import open_clip
import torch
from PIL import Image
from transformers import CLIPModel

HERE = os.path.dirname(os.path.abspath(__file__))
MOSAICS = [(64, 64), (100, 80), (31, 200), (500, 333), (224, 300), (24, 24)]


def mosaic(width, height):
    """Squares of 8 pixels in colours from their positions."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3),
                          indexing="ij")
    v = ((x // 8 + y // 8 * 131 + c * 7) * 31 + width).astype(np.uint32)
    v = v * np.uint32(0x85EBCA6B)
    v ^= v >> np.uint32(13)
    v *= np.uint32(0xC2B2AE35)
    v ^= v >> np.uint32(16)
    return Image.fromarray((v & np.uint32(255)).astype(np.uint8))


def byte_tokenizer(folder, context):
    with open(os.path.join(folder, "vocab.json"), encoding="utf-8") as f:
        vocab = json.load(f)
    t = open_clip.SimpleTokenizer(context_length=context)
    t.encoder = dict(vocab)
    t.encoder["<start_of_text>"] = vocab["<|startoftext|>"]
    t.encoder["<end_of_text>"] = vocab["<|endoftext|>"]
    t.sot_token_id = vocab["<|startoftext|>"]
    t.eot_token_id = vocab["<|endoftext|>"]
    t.bpe_ranks = {}
    # without merges: each byte a symbol
    t.bpe = lambda s: s if s in t.cache else " ".join(
        list(s[:-1]) + [s[-1] + "</w>"])
    return t


def features(out):
    return out if torch.is_tensor(out) else out.pooler_output


def write(model, kind, name, out):
    v = torch.nn.functional.normalize(features(out)[0].double(), dim=0)
    print(model, kind, name, " ".join("%.7g" % x for x in v.tolist()),
          sep="\t")


@torch.no_grad()
def run(name, folder, testdata):
    model = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
    size = model.config.vision_config.image_size
    tokens = byte_tokenizer(folder,
                            model.config.text_config.max_position_embeddings)
    transform = open_clip.image_transform(size, is_train=False)
    with open(os.path.join(HERE, "../fixtures/captions.txt"),
              encoding="utf-8", newline="\n") as f:
        captions = f.read().split("\n")[:-1]
    for i, text in enumerate(captions):
        if name == "scenes" or i % 6 == 0:
            write(name, "text", i + 1,
                  model.get_text_features(input_ids=tokens([text])))
    images = [(f"{w}x{h}", mosaic(w, h)) for w, h in MOSAICS]
    if name == "scenes":
        folder = "scenes/whu-rs19/images"
        names = sorted(os.listdir(os.path.join(testdata, folder)))
        for n in names[3::8][:20] + names[:1]:
            path = os.path.join(folder, n)
            images.append((path, Image.open(os.path.join(testdata, path))))
    for n, image in images:
        write(name, "image", n, model.get_image_features(
            pixel_values=transform(image)[None]))


make_model, testdata = sys.argv[1:]
torch.set_num_threads(1)
with open(os.path.join(HERE, "models.tsv"), encoding="utf-8") as table:
    for line in table:
        name, options = line.rstrip("\n").split("\t")
        with tempfile.TemporaryDirectory() as tmp:
            folder = os.path.join(tmp, name)
            subprocess.check_call([make_model, *options.split(), "-o",
                                   folder])
            run(name, folder, testdata)
