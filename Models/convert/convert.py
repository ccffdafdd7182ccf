"""Converts the OpenCV zoo's YuNet and SFace from ONNX to the project's graph and weight files.

    python convert.py --onnx FOLDER --photos Examples/library [--output ..] [--golden ../../Tests/InferenceTests/Golden]

FOLDER holds the two ONNX files; their SHA-256 sums are checked before anything is read. Weights
are stored in half precision where the embeddings of faces found in `--photos` keep a cosine
similarity of at least 0.9999 to the original's. The ranges of SFace's activations, which the
integer kernels need, are those of the same faces. The golden tensors come from onnxruntime running
the original files.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import onnx

import golden
import graph
import ranges
from files import describe, weight_tensors, write_manifest, write_network
from measure import OriginalNetwork, aligned_faces, cosine_similarity

LOWEST_COSINE_SIMILARITY = 0.9999

YUNET = {
    "file": "face_detection_yunet_2023mar.onnx",
    "sha256": "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
    "origin": "https://github.com/opencv/opencv_zoo/tree/main/models/face_detection_yunet",
    "licence": "MIT",
}
SFACE = {
    "file": "face_recognition_sface_2021dec.onnx",
    "sha256": "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
    "origin": "https://github.com/opencv/opencv_zoo/tree/main/models/face_recognition_sface",
    "licence": "Apache-2.0",
}


def checked(folder, source):
    path = folder / source["file"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != source["sha256"]:
        raise SystemExit(f"{path}: SHA-256 is {digest}, expected {source['sha256']}")
    return path


def simplified(path, input_name):
    layers = graph.without_rearrangements(graph.read_layers(onnx.load(path)))
    layers = graph.fold_batch_normalizations(layers)
    mean, scale, layers = graph.take_input_normalization(layers, input_name)
    graph.give_readable_names(layers)
    return mean, scale, layers


def convert_yunet(path, output):
    mean, scale, layers = simplified(path, "input")
    graph.merge_parallel_heads(
        layers,
        {f"heads_{s}": [f"cls_{s}", f"obj_{s}", f"bbox_{s}", f"kps_{s}"] for s in (8, 16, 32)},
    )
    network_input = {
        "name": "input",
        "channels": ["blue", "green", "red"],
        "mean": [mean] * 3,
        "scale": [scale] * 3,
        "size": {"multipleOf": 32},
    }
    description = describe("yunet", YUNET, network_input, layers)
    # 0.3 MB in all: nothing to gain from half precision.
    write_network(output, "yunet", description, weight_tensors(layers, lambda *_: False))
    return layers


GROUPS = {
    "depthwise convolutions": lambda l, r: r == "weight" and l.attributes.get("groups", 1) > 1,
    "other convolutions": lambda l, r: (
        r == "weight" and l.operation == "convolution" and l.attributes["groups"] == 1
    ),
    "fully connected": lambda l, r: r == "weight" and l.operation == "fullyConnected",
}


def convert_sface(path, output, faces):
    mean, scale, layers = simplified(path, "data")
    network_input = {
        "name": "data",
        "channels": ["red", "green", "blue"],
        "mean": [mean] * 3,
        "scale": [scale] * 3,
        "size": {"width": 112, "height": 112},
    }
    original = OriginalNetwork(path)
    reference = original.embeddings(faces)
    chosen, report = [], {}
    for name, belongs in GROUPS.items():
        lowest = similarity_when_rounded(original, faces, reference, layers, [belongs])
        report[name] = {"lowestCosineSimilarity": lowest, "half": lowest >= LOWEST_COSINE_SIMILARITY}
        if lowest >= LOWEST_COSINE_SIMILARITY:
            chosen.append(belongs)
    together = similarity_when_rounded(original, faces, reference, layers, chosen)
    if together < LOWEST_COSINE_SIMILARITY:
        raise SystemExit(f"half precision together: {together}")
    report["all together"] = {"lowestCosineSimilarity": together, "faces": len(faces)}
    half = lambda layer, role: any(belongs(layer, role) for belongs in chosen)
    description = describe("sface", SFACE, network_input, layers)
    write_network(output, "sface", description, weight_tensors(layers, half))
    return layers, report


def similarity_when_rounded(original, faces, reference, layers, groups):
    """The lowest cosine similarity to the original's embeddings with `groups` in half precision."""
    rounded = {}
    for layer in layers:
        for role, value in layer.tensors.items():
            half = any(belongs(layer, role) for belongs in groups)
            rounded[layer.name, role] = value.astype(np.float16 if half else np.float32)
    found = original.folded(layers, rounded).embeddings(faces)
    return float(min(cosine_similarity(a, b) for a, b in zip(reference, found)))


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", type=pathlib.Path, required=True)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, default=here.parent)
    parser.add_argument(
        "--golden", type=pathlib.Path, default=here.parents[1] / "Tests/InferenceTests/Golden"
    )
    options = parser.parse_args()
    yunet, sface = checked(options.onnx, YUNET), checked(options.onnx, SFACE)
    faces = aligned_faces(options.photos, yunet, sface)
    yunet_layers = convert_yunet(yunet, options.output)
    sface_layers, report = convert_sface(sface, options.output, faces)
    ranges.record_ranges(sface, sface_layers, faces, options.output / "sface.ranges.safetensors")
    write_manifest(options.output)
    options.golden.mkdir(parents=True, exist_ok=True)
    golden.record_sface(sface, sface_layers, faces[:3], options.golden / "sface.safetensors")
    golden.record_yunet(yunet, yunet_layers, options.photos, options.golden / "yunet.safetensors")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
