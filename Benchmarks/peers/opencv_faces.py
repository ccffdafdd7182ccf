#!/usr/bin/env python3
"""Records what OpenCV's YuNet and SFace find in a folder of photographs, as one JSON file.

The result is the reference of `figurebench detection` and `figurebench verification`, and with
--embeddings of the golden tests of FaceAnalysis.

    pip install opencv-python-headless
    opencv_faces.py --detector face_detection_yunet_2023mar.onnx \
        --recognizer face_recognition_sface_2021dec.onnx \
        --photos FOLDER --output faces.json [--pairs pairs.csv] [--embeddings]

Photographs are read as OpenCV reads them (EXIF orientation applied), detection runs at their own
size, score threshold 0.7, non-maximum suppression at 0.3. With --pairs, the script also prints the
tenfold verification accuracy of OpenCV's own chain: of each photograph the face nearest the
centre, the best threshold of nine tenths of the pairs applied to the tenth left out.
"""

import argparse
import csv
import json
import pathlib
import sys

import cv2
import numpy

SCORE_THRESHOLD = 0.7
SUPPRESSION_THRESHOLD = 0.3
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def nearest_to_center(faces, width, height):
    """The face whose box has its centre nearest that of the picture."""
    centers = faces[:, :2] + faces[:, 2:4] / 2
    return int(numpy.argmin(((centers - (width / 2, height / 2)) ** 2).sum(axis=1)))


def tenfold_accuracy(similarities, same, folds=10):
    """Mean over folds of the accuracy at the threshold that is best for the other folds."""
    # The nth pair of each kind belongs to fold n mod 10, so that every fold has half of each.
    fold = numpy.empty(len(same), int)
    for kind in (0, 1):
        members = numpy.flatnonzero(same == kind)
        fold[members] = numpy.arange(len(members)) % folds
    accuracies = []
    for left_out in range(folds):
        train, test = fold != left_out, fold == left_out
        candidates = numpy.sort(similarities[train])
        genuine = numpy.sort(similarities[train & (same == 1)])
        impostor = numpy.sort(similarities[train & (same == 0)])
        right = (len(genuine) - numpy.searchsorted(genuine, candidates)) + numpy.searchsorted(
            impostor, candidates)
        threshold = candidates[numpy.argmax(right)]
        accuracies.append(((similarities[test] >= threshold) == (same[test] == 1)).mean())
    return float(numpy.mean(accuracies))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--detector", required=True)
    parser.add_argument("--recognizer", required=True)
    parser.add_argument("--photos", required=True, type=pathlib.Path)
    parser.add_argument("--output", required=True)
    parser.add_argument("--pairs", help="CSV with the columns left, right, same")
    parser.add_argument("--embeddings", action="store_true", help="record unit-length embeddings")
    options = parser.parse_args()

    cv2.setNumThreads(1)
    detector = cv2.FaceDetectorYN.create(
        options.detector, "", (320, 320), SCORE_THRESHOLD, SUPPRESSION_THRESHOLD, 5000)
    recognizer = cv2.FaceRecognizerSF.create(options.recognizer, "")

    photos, central = {}, {}
    for path in sorted(p for p in options.photos.rglob("*") if p.suffix.lower() in SUFFIXES):
        name = path.relative_to(options.photos).as_posix()
        image = cv2.imread(str(path))
        if image is None:
            sys.exit(f"{path}: OpenCV cannot read it")
        height, width = image.shape[:2]
        detector.setInputSize((width, height))
        faces = detector.detect(image)[1]
        faces = numpy.empty((0, 15), numpy.float32) if faces is None else faces
        wanted = range(len(faces)) if options.embeddings else (
            [nearest_to_center(faces, width, height)] if options.pairs and len(faces) else [])
        embeddings = {}
        for index in wanted:
            raw = recognizer.feature(recognizer.alignCrop(image, faces[index]))[0]
            embeddings[index] = raw
        if options.pairs and len(faces):
            raw = embeddings[nearest_to_center(faces, width, height)]
            central[name] = raw / numpy.linalg.norm(raw)
        photos[name] = {
            "width": width,
            "height": height,
            "faces": [
                {
                    "box": [round(float(value), 2) for value in face[:4]],
                    "landmarks": [round(float(value), 2) for value in face[4:14]],
                    "score": round(float(face[14]), 4),
                } | ({
                    "norm": round(float(numpy.linalg.norm(embeddings[index])), 4),
                    "embedding": [
                        round(float(value), 5)
                        for value in embeddings[index] / numpy.linalg.norm(embeddings[index])],
                } if options.embeddings else {})
                for index, face in enumerate(faces)
            ],
        }
    result = {"tool": f"OpenCV {cv2.__version__}", "scoreThreshold": SCORE_THRESHOLD,
              "photos": photos}
    if options.pairs:
        with open(options.pairs, newline="") as file:
            pairs = list(csv.DictReader(file))
        zero = numpy.zeros(128)
        similarities = numpy.array(
            [central.get(p["left"], zero) @ central.get(p["right"], zero) for p in pairs])
        same = numpy.array([int(p["same"]) for p in pairs])
        result["tenfoldAccuracy"] = tenfold_accuracy(similarities, same)
        print(f"tenfold accuracy {result['tenfoldAccuracy']:.4f}, "
              f"{len(photos) - len(central)} photographs without a face")
    with open(options.output, "w") as file:
        json.dump(result, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
