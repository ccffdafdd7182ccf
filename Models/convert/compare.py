"""Compares the embeddings of figured's runtime with those of the original network.

    python compare.py --onnx FOLDER --photos FOLDER --figurebench PATH [--count 1000] [--level avx2] [--precision int16]

Aligned crops are cut out of the photographs with OpenCV; onnxruntime runs the original file and
figurebench the converted one on the same bytes. Fails below a cosine similarity of 0.9999.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import numpy as np

from convert import LOWEST_COSINE_SIMILARITY, SFACE, YUNET, checked
from measure import OriginalNetwork, aligned_faces, cosine_similarity


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", type=pathlib.Path, required=True)
    parser.add_argument("--photos", type=pathlib.Path, required=True)
    parser.add_argument("--figurebench", type=pathlib.Path, required=True)
    parser.add_argument("--models", type=pathlib.Path, default=here.parent)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--level")
    parser.add_argument("--precision")
    options = parser.parse_args()
    yunet, sface = checked(options.onnx, YUNET), checked(options.onnx, SFACE)
    faces = aligned_faces(options.photos, yunet, sface, limit=options.count)
    expected = np.concatenate(OriginalNetwork(sface).embeddings(faces))
    with tempfile.NamedTemporaryFile() as crops:
        crops.write(np.stack(faces).tobytes())
        crops.flush()
        command = [str(options.figurebench), "networks", "--network", "sface"]
        command += ["--models", str(options.models), "--outputs-of", crops.name]
        command += ["--level", options.level] if options.level else []
        command += ["--precision", options.precision] if options.precision else []
        output = subprocess.run(command, check=True, capture_output=True).stdout
    found = np.frombuffer(output, np.float32).reshape(len(faces), -1)
    similarities = [cosine_similarity(a, b) for a, b in zip(expected, found)]
    report = {
        "faces": len(faces),
        "lowestCosineSimilarity": min(similarities),
        "medianCosineSimilarity": float(np.median(similarities)),
        "largestDifference": float(np.abs(expected - found).max()),
        "largestValue": float(np.abs(expected).max()),
    }
    print(json.dumps(report, indent=2))
    if min(similarities) < LOWEST_COSINE_SIMILARITY:
        raise SystemExit("the embeddings differ too much")


if __name__ == "__main__":
    main()
