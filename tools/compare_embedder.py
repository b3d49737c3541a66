#!/usr/bin/env python3
"""Vectors, rankings and speed of policykb's transformer embedder beside onnxruntime's.

Called by compare_embedder.sh. Builds an ONNX graph of the model from its safetensors (attention and
layer norm as onnxruntime's own fused operators, which is what its optimizer makes of exported models),
runs it in f32 and, quantised dynamically, in int8, and compares with `policykb-indexer embed`.
"""

import argparse
import json
import pathlib
import re
import statistics
import struct
import subprocess
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

ROUNDS = 3


def read_safetensors(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    types = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        raw = data[8 + size + begin : 8 + size + end]
        tensors[name] = np.frombuffer(raw, types[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def build_graph(weights, config, path):
    """ids, mask -> states of the last layer."""
    constants, nodes = [], []

    def constant(name, value):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(op, inputs, output, domain="", **attributes):
        nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output

    def linear(x, name, output):
        weight = constant(name + ".weight", weights[name + ".weight"].astype(np.float32).T)
        product = node("MatMul", [x, weight], output + ".product")
        return node("Add", [product, constant(name + ".bias", weights[name + ".bias"])], output)

    def norm(x, name, output):
        return node(
            "LayerNormalization",
            [x, constant(name + ".weight", weights[name + ".weight"]), constant(name + ".bias", weights[name + ".bias"])],
            output,
            axis=-1,
            epsilon=config["layer_norm_eps"],
        )

    words = node("Gather", [constant("words", weights["embeddings.word_embeddings.weight"]), "ids"], "w")
    length = node("Slice", [node("Shape", ["ids"], "shape"), constant("one", np.array([1])), constant("two", np.array([2]))], "length")
    positions = node(
        "Slice",
        [constant("positions", weights["embeddings.position_embeddings.weight"]), constant("zero", np.array([0])), length],
        "p",
    )
    summed = node("Add", [node("Add", [words, positions], "wp"), constant("type", weights["embeddings.token_type_embeddings.weight"][0])], "e")
    x = norm(summed, "embeddings.LayerNorm", "x0")
    for i in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{i}."
        parts = [name + "attention.self." + part for part in ("query", "key", "value")]
        weight = constant(name + "qkv", np.concatenate([weights[p + ".weight"].T for p in parts], axis=1))
        bias = constant(name + "qkv.bias", np.concatenate([weights[p + ".bias"] for p in parts]))
        context = node("Attention", [x, weight, bias, "mask"], name + "c", "com.microsoft", num_heads=config["num_attention_heads"])
        attended = linear(context, name + "attention.output.dense", name + "a")
        x = norm(node("Add", [x, attended], name + "ar"), name + "attention.output.LayerNorm", name + "an")
        wide = linear(x, name + "intermediate.dense", name + "i")
        wide = node("Gelu", [wide], name + "g", "com.microsoft")
        narrow = linear(wide, name + "output.dense", name + "o")
        x = norm(node("Add", [x, narrow], name + "or"), name + "output.LayerNorm", name + "on")
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info(n, t, ["batch", "length"]) for n, t in (("ids", TensorProto.INT64), ("mask", TensorProto.INT32))],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["batch", "length", config["hidden_size"]])],
        constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))


class OnnxEmbedder:
    """Mean pooling over sentences sorted by length, so that little is padded."""

    def __init__(self, path, tokenizer):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.tokenizer = tokenizer

    def embed(self, texts, batch):
        tokens = [self.tokenizer.encode(text).ids for text in texts]
        order = sorted(range(len(texts)), key=lambda i: -len(tokens[i]))
        vectors = [None] * len(texts)
        for first in range(0, len(order), batch):
            group = order[first : first + batch]
            length = max(len(tokens[i]) for i in group)
            ids = np.zeros((len(group), length), np.int64)
            mask = np.zeros((len(group), length), np.int32)
            for row, i in enumerate(group):
                ids[row, : len(tokens[i])] = tokens[i]
                mask[row, : len(tokens[i])] = 1
            (states,) = self.session.run(None, {"ids": ids, "mask": mask})
            sums = (states * mask[:, :, None]).sum(axis=1)
            for row, i in enumerate(group):
                vectors[i] = sums[row] / np.linalg.norm(sums[row])
        return np.array(vectors)

    def seconds(self, texts):
        """Median of rounds at the batch size that suits it best."""
        best = float("inf")
        for batch in (1, 4, 16):
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                self.embed(texts, batch)
                times.append(time.perf_counter() - begun)
            best = min(best, statistics.median(times))
        return best


def read_texts(folder):
    """Sentences, passages of about 128 tokens, and titles of the files as queries."""
    sentences, passages, titles = [], [], []
    for path in sorted(pathlib.Path(folder).rglob("*.md")):
        text = path.read_text(encoding="utf-8", errors="replace")
        text = re.sub(r"^---\n.*?\n---\n", "", text, flags=re.S)
        text = re.sub(r"<[^>]*>|\{[^}]*\}|[#*_`|\[\]]|\([^)]*\)", " ", text)
        heading = re.search(r"[A-Z][^\n]{20,90}\?", text)
        words = " ".join(text.split())
        sentences += [s for s in re.split(r"(?<=[.?!]) ", words) if 30 <= len(s) <= 300][:3]
        for first in range(0, len(words) - 600, 600):
            passages.append(words[first : first + 700])
        if heading:
            titles.append(" ".join(heading.group(0).split()))
    unique = [list(dict.fromkeys(texts)) for texts in (sentences, passages, titles)]
    return unique[0][:200], unique[1][:300], unique[2][:100]


class Policykb:
    def __init__(self, arguments):
        self.arguments = arguments

    def embed(self, texts, precision, rounds=1):
        lines = self.arguments.work / "lines.txt"
        lines.write_text("\n".join(texts) + "\n", encoding="utf-8")
        command = [self.arguments.indexer, "embed", "--embedder", "transformer", "--model", self.arguments.model]
        command += ["--precision", precision, "--workers", "1", "--max-tokens", "128", "--rounds", str(rounds)]
        command += ["--lines", lines]
        done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True)
        vectors = np.array([[float(x) for x in line.split()] for line in done.stdout.splitlines()])
        return vectors, float(re.search(r"([\d.]+) s", done.stderr).group(1))


def top_ten(queries, passages):
    return np.argsort(-(queries @ passages.T), axis=1, kind="stable")[:, :10]


def main():
    parser = argparse.ArgumentParser()
    for name in ("model", "texts", "indexer", "work"):
        parser.add_argument("--" + name, type=pathlib.Path, required=True)
    parser.add_argument("--parts", nargs="+", default=["vectors", "speed"])
    arguments = parser.parse_args()
    config = json.loads((arguments.model / "config.json").read_text())
    f32_path = arguments.work / "f32.onnx"
    int8_path = arguments.work / "int8.onnx"
    if not int8_path.exists():
        build_graph(read_safetensors(arguments.model / "model.safetensors"), config, f32_path)
        quantize_dynamic(
            str(f32_path),
            str(int8_path),
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    tokenizer = Tokenizer.from_file(str(arguments.model / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    reference = OnnxEmbedder(f32_path, tokenizer)
    quantized = OnnxEmbedder(int8_path, tokenizer)
    ours = Policykb(arguments)

    sentences, passages, titles = read_texts(arguments.texts)
    print(f"onnxruntime {ort.__version__}, one thread each; {len(sentences)} sentences, {len(passages)} passages, {len(titles)} queries")
    if "vectors" in arguments.parts:
        compare_vectors(reference, quantized, ours, sentences, passages, titles)
    if "speed" in arguments.parts:
        compare_speed(reference, quantized, ours, sentences, passages)


def compare_vectors(reference, quantized, ours, sentences, passages, titles):
    expected = reference.embed(sentences, 1)
    expected_passages = reference.embed(passages, 4)
    expected_top = top_ten(reference.embed(titles, 1), expected_passages)

    def compare(name, vectors, top):
        cosines = (vectors * expected).sum(axis=1)
        same_order = np.mean([list(a) == list(b) for a, b in zip(top, expected_top)])
        same_ten = np.mean([set(a) == set(b) for a, b in zip(top, expected_top)])
        first = np.mean(top[:, 0] == expected_top[:, 0])
        kept = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(top, expected_top)])
        print(
            f"{name:18} cosine lowest {cosines.min():.7f} mean {cosines.mean():.7f}; top ten: same in the same order {same_order:.3f}, "
            f"same {same_ten:.3f}, first same {first:.3f}, kept {kept:.4f}"
        )

    for precision in ("f32", "bf16", "int8"):
        top = top_ten(ours.embed(titles, precision)[0], ours.embed(passages, precision)[0])
        compare("policykb " + precision, ours.embed(sentences, precision)[0], top)
    compare("onnxruntime int8", quantized.embed(sentences, 1), top_ten(quantized.embed(titles, 1), quantized.embed(passages, 4)))


def compare_speed(reference, quantized, ours, sentences, passages):
    for name, texts in (("sentences", sentences[:100]), ("passages of 128 tokens", passages[:40])):
        seconds = {"onnxruntime f32": reference.seconds(texts), "onnxruntime int8": quantized.seconds(texts)}
        for precision in ("f32", "bf16", "int8"):
            seconds["policykb " + precision] = ours.embed(texts, precision, ROUNDS)[1]
        print(f"{name}, a second: " + ", ".join(f"{key} {len(texts) / value:.1f}" for key, value in seconds.items()))
        for precision in ("f32", "bf16", "int8"):
            mine = seconds["policykb " + precision]
            print(
                f"  policykb {precision}: {seconds['onnxruntime f32'] / mine:.2f} times onnxruntime f32, "
                f"{seconds['onnxruntime int8'] / mine:.2f} times onnxruntime int8"
            )


if __name__ == "__main__":
    main()
