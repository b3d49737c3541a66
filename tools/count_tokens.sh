#!/bin/bash
# Counts the tokens of pieces of real documents with a model's own tokenizer, for policykb calibrate tokens.
#
# tools/count_tokens.sh TOKENIZER_JSON TEXTS_DIR... > counted.jsonl
# TOKENIZER_JSON: a tokenizer.json, which may be packed with gzip. Takes pieces of 60, 200, 600 and 1,200 characters from the .md,
# .txt and .html files below the folders, the same ones every time. Fetches the package tokenizers with pip into build/count_tokens;
# needs python3 with venv and a network. No part of the build or of the tests.
set -euo pipefail

tokenizer=${1:?tokenizer.json}
shift
here=$(cd "$(dirname "$0")/.." && pwd)
work=$here/build/count_tokens
mkdir -p "$work"
[[ -x $work/venv/bin/python ]] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import tokenizers' 2>/dev/null || "$work/venv/bin/pip" install --quiet tokenizers >&2

"$work/venv/bin/python" - "$tokenizer" "$@" <<'PYTHON'
import gzip
import json
import pathlib
import random
import sys

import tokenizers

PIECES = 1000  # of each length
path = sys.argv[1]
raw = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
tokenizer = tokenizers.Tokenizer.from_str(raw.decode("utf-8"))
texts = []
for folder in sys.argv[2:]:
    for file in sorted(pathlib.Path(folder).rglob("*")):
        if file.suffix in (".md", ".txt", ".html") and file.is_file():
            texts.append(file.read_text(encoding="utf-8", errors="replace"))
draw = random.Random(1)
for length in (60, 200, 600, 1200):
    long_enough = [text for text in texts if len(text) >= length]
    for _ in range(PIECES if long_enough else 0):
        text = draw.choice(long_enough)
        start = draw.randrange(len(text) - length + 1)
        piece = text[start:start + length]
        count = len(tokenizer.encode(piece, add_special_tokens=False).ids)
        print(json.dumps({"text": piece, "tokens": count}, ensure_ascii=False))
PYTHON
