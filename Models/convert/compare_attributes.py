"""Compares what figured's runtime says of faces with what the original networks say.

    python compare_attributes.py --wheels FOLDER --photos FOLDER --yunet FILE --figurebench PATH [--count 1000] [--only NAME]

Chips are cut out of the photographs with OpenCV; onnxruntime or TensorFlow runs the original file
and figurebench the converted one on the same bytes. Fails where a number differs by more than 1e-3;
the mesh's coordinates, in pixels of a chip of 256, are compared in parts of its side.
"""

import json
import pathlib
import subprocess
import tempfile

import numpy as np

import originals
from attributes import SOURCES, original, parser_of_sources
from originals import CHIPS, chips

LARGEST_DIFFERENCE = 1e-3


def outputs(options, name, faces):
    """Every number that figurebench makes of each face, in the order of the graph's outputs."""
    with tempfile.NamedTemporaryFile() as crops:
        crops.write(np.stack(faces).tobytes())
        crops.flush()
        command = [str(options.figurebench), "networks", "--network", name]
        command += ["--models", str(options.models), "--outputs-of", crops.name]
        output = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(output, np.float32).reshape(len(faces), -1)


def expected(name, path, face, order):
    results = originals.run(name, path, face)
    return np.concatenate([results[key].reshape(-1) for key in order])


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = parser_of_sources(__doc__)
    parser.add_argument("--figurebench", type=pathlib.Path, required=True)
    parser.add_argument("--models", type=pathlib.Path, default=here.parent)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    report = {}
    for name in options.only or SOURCES:
        faces = chips(options.photos, options.yunet, CHIPS[name], limit=options.count)
        graph = json.loads((options.models / f"{name}.json").read_text())
        order = [output["name"] for output in graph["outputs"]]
        found = outputs(options, name, faces)
        with originals.file_of(original(options.wheels, SOURCES[name]), name) as path:
            wanted = np.stack([expected(name, path, face, order) for face in faces])
        difference = np.abs(found - wanted)
        if name == "mesh":
            difference[:, :-1] /= CHIPS[name][1]
        report[name] = {"faces": len(faces), "largestDifference": float(difference.max())}
    print(json.dumps(report, indent=2))
    if any(entry["largestDifference"] > LARGEST_DIFFERENCE for entry in report.values()):
        raise SystemExit("the answers differ too much")


if __name__ == "__main__":
    main()
