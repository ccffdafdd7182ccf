"""Finds the directions in which blur moves embeddings, for `ClusteringPolicy.blurDirections`.

    python blur_directions.py --lfw FOLDER --figurebench .build/release/figurebench

Of some people in the development part of Labeled Faces in the Wild one photograph each is put out of
focus, smeared and shrunk by several amounts. By how much an embedding changes in the mean over the
people is one vector for each amount; the directions are the first singular vectors of these. Prints
them as Swift, and how much of the changes they hold.
"""

import argparse
import pathlib
import tempfile

import cv2
import numpy as np
from hard_sets import embeddings

# Pixels of photographs of 250 × 250: standard deviations, lengths, and heights of the face.
OUT_OF_FOCUS, SMEARED, SHRUNK = (2, 4, 6), (9, 15), (30, 20)
FACE_HEIGHT = 100


def out_of_focus(image, deviation):
    return cv2.GaussianBlur(image, (0, 0), deviation)


def smeared(image, length, angle):
    line = np.zeros((length, length), np.float32)
    line[length // 2] = 1
    middle = (length // 2, length // 2)
    line = cv2.warpAffine(line, cv2.getRotationMatrix2D(middle, angle, 1), (length, length))
    return cv2.filter2D(image, -1, line / line.sum())


def shrunk(image, height):
    share = height / FACE_HEIGHT
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, image.shape[1::-1], interpolation=cv2.INTER_CUBIC)


def harms(generator):
    """What is done to photographs, by name; all people's get the same."""
    yield "plain", lambda image: image
    for deviation in OUT_OF_FOCUS:
        yield f"out of focus {deviation}", lambda image, d=deviation: out_of_focus(image, d)
    for length in SMEARED:
        yield f"smeared {length}", lambda image, n=length: smeared(
            image, n, generator.uniform(0, 180)
        )
    for height in SHRUNK:
        yield f"shrunk {height}", lambda image, h=height: shrunk(image, h)


def faces_of(options, people, harm):
    """The embedding of each person's harmed photograph, by the person's place in the list."""
    with tempfile.TemporaryDirectory() as folder:
        for person in people:
            photograph = sorted(person.glob("*.jpg"))[0]
            place = pathlib.Path(folder) / person.name
            place.mkdir()
            harmed = harm(cv2.imread(str(photograph)))
            cv2.imwrite(str(place / photograph.name), harmed, [cv2.IMWRITE_JPEG_QUALITY, 95])
        with tempfile.NamedTemporaryFile() as output:
            faces = embeddings(options, folder, output.name)
    return {face["label"]: face["embedding"] for face in faces if face["label"] >= 0}


def swift(directions):
    lines = []
    for direction in directions:
        numbers = [f"{value:.5f}" for value in direction]
        rows = [", ".join(numbers[start : start + 10]) for start in range(0, len(numbers), 10)]
        lines += ["    ["] + [f"      {row}," for row in rows] + ["    ],"]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lfw", type=pathlib.Path, required=True)
    parser.add_argument("--figurebench", default=".build/release/figurebench")
    parser.add_argument("--models", default="Models")
    parser.add_argument("--people", type=int, default=900)
    parser.add_argument("--directions", type=int, default=2)
    options = parser.parse_args()
    generator = np.random.default_rng(1)
    everybody = sorted(path for path in (options.lfw / "photos").iterdir() if path.is_dir())
    chosen = generator.choice(len(everybody), min(options.people, len(everybody)), replace=False)
    people = [everybody[index] for index in sorted(chosen)]
    faces = {name: faces_of(options, people, harm) for name, harm in harms(generator)}
    plain = faces.pop("plain")
    changes = []
    for name, harmed in faces.items():
        both = [label for label in harmed if label in plain]
        changes.append(np.mean([harmed[label] - plain[label] for label in both], axis=0))
        print(f"// {name}: {len(both)} faces move by {np.linalg.norm(changes[-1]):.3f} in the mean")
    _, lengths, vectors = np.linalg.svd(np.stack(changes), full_matrices=False)
    shares = np.cumsum(lengths**2) / np.sum(lengths**2)
    print("// shares of the squared changes:", " ".join(f"{share:.3f}" for share in shares))
    print(swift(vectors[: options.directions]))


if __name__ == "__main__":
    main()
