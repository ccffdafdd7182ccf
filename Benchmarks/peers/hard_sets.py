"""Makes hard sets of faces out of Labeled Faces in the Wild, for clusterings.py.

    python hard_sets.py --lfw FOLDER --figurebench .build/release/figurebench --output FOLDER

`--lfw` names the development part (photos/PERSON/FILE.jpg). Each set is a file as `figurebench
clustering` reads it:

- plain: the photographs as they are.
- alike: two families of eight people each, everybody with eight photographs or more; the embedding
  of each face is moved towards the family's mean by so much that two members' means have a cosine
  of 0.35 instead of 0 or so.
- blurred: 30 % of the photographs blurred, with a deviation of 3 to 6 % of their width.
- strangers: people with two photographs or more, and every fifth face somebody who comes once.
- tail: people with 1, 2, 3, … photographs each, from the most frequent on, so that half of the
  faces are of few and most people come once or twice.
- dated: the photographs as they are, each of a random day of twenty years.
- years: the same, and everybody with 8 to 60 photographs turns into another direction, 6 degrees a
  year, as people do who grow up.
- hard: blurred, with strangers, and with the two families.
- made-up: 100,000 faces of people who do not exist, with the means, differences and frequencies of
  LFW's people, before a last thousand of LFW itself.

All is decided by one seed.
"""

import argparse
import pathlib
import struct
import subprocess
import tempfile

import cv2
import numpy as np

FAMILY, MEMBERS, COSINE = 2, 8, 0.35
YEARS, TURN = 20, 6


def fields(dimension):
    return np.dtype(
        [("media", "<i8"), ("label", "<i8"), ("norm", "<f4"), ("founds", "<i4"),
         ("captured", "<i8"), ("embedding", "<f4", (dimension,))]
    )


def read(path):
    content = pathlib.Path(path).read_bytes()
    count, dimension = struct.unpack("<ii", content[:8])
    return np.frombuffer(content, fields(dimension), count, 8).copy()


def write(path, faces):
    with open(path, "wb") as file:
        file.write(struct.pack("<ii", len(faces), faces["embedding"].shape[1]))
        faces.tofile(file)


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def embeddings(options, photographs, output):
    command = [options.figurebench, "embeddings", "--models", options.models, photographs, output]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return read(output)


def blurred(options, generator, output):
    """The same photographs, 30 % of them blurred."""
    root = options.lfw / "photos"
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(root.rglob("*.jpg")):
            copy = pathlib.Path(folder) / path.relative_to(root)
            copy.parent.mkdir(exist_ok=True)
            if generator.random() < 0.3:
                image = cv2.imread(str(path))
                sigma = generator.uniform(0.03, 0.06) * image.shape[1] / 2.25
                cv2.imwrite(str(copy), cv2.GaussianBlur(image, (0, 0), sigma))
            else:
                copy.symlink_to(path)
        return embeddings(options, folder, output)


def counts(faces):
    labels, count = np.unique(faces["label"][faces["label"] >= 0], return_counts=True)
    return labels, count


def center(faces):
    """The mean of the people's means, which all faces have in common."""
    labels, _ = counts(faces)
    means = [faces["embedding"][faces["label"] == label].mean(0) for label in labels]
    return np.mean(means, axis=0)


def alike(faces, generator):
    """Moves the faces of two families towards their families' means."""
    faces = faces.copy()
    common = center(faces)
    labels, count = counts(faces)
    chosen = generator.permutation(labels[count >= 8])[: FAMILY * MEMBERS]
    for members in np.split(chosen, FAMILY):
        of = {member: np.where(faces["label"] == member)[0] for member in members}
        means = {m: (faces["embedding"][rows] - common).mean(0) for m, rows in of.items()}
        target = np.mean(list(means.values()), axis=0)
        low, high = 0.0, 1.0
        for _ in range(40):
            share = (low + high) / 2
            moved = unit(np.stack([(1 - share) * m + share * target for m in means.values()]))
            products = moved @ moved.T
            mean = products[np.triu_indices(MEMBERS, 1)].mean()
            low, high = (share, high) if mean < COSINE else (low, share)
        # What the shift takes from a person's own direction it gives to the family's.
        for member, rows in of.items():
            own = means[member]
            length = np.linalg.norm(own)
            shift = length * unit((1 - share) * own + share * target) - own
            faces["embedding"][rows] = unit(faces["embedding"][rows] + shift)
    return faces


def strangers(faces, generator):
    """People who come twice or more, with every fifth labelled face a stranger."""
    labels, count = counts(faces)
    often = np.isin(faces["label"], labels[count >= 2])
    once = generator.permutation(labels[count == 1])[: often.sum() // 4]
    return faces[often | np.isin(faces["label"], once)]


def tail(faces, generator):
    """The n-th most frequent person with 1/n of the photographs of the first."""
    labels, count = counts(faces)
    order = labels[np.argsort(-count, kind="stable")]
    kept = []
    for rank, label in enumerate(order):
        rows = generator.permutation(np.where(faces["label"] == label)[0])
        kept.extend(rows[: max(1, round(count.max() / (rank + 1)))])
    return faces[np.sort(kept)]


def dated(faces, generator):
    """Photographs of random days of twenty years."""
    faces = faces.copy()
    _, photograph = np.unique(faces["media"], return_inverse=True)
    days = generator.integers(0, YEARS * 365, photograph.max() + 1)
    faces["captured"] = days[photograph] * 86_400
    return faces


def years(faces, generator):
    """People who turn into another direction, each their own, as the years go by."""
    faces = faces.copy()
    common = center(faces)
    labels, count = counts(faces)
    for label in labels[(count >= 8) & (count <= 60)]:
        rows = faces["label"] == label
        own = faces["embedding"][rows] - common
        first = unit(own.mean(0))
        second = generator.standard_normal(len(common))
        second = unit(second - second @ first * first)
        angle = np.deg2rad(TURN) * faces["captured"][rows] / (365 * 86_400)
        x, y = own @ first, own @ second
        forward = (x * np.cos(angle) - y * np.sin(angle) - x)[:, None] * first
        sideward = (x * np.sin(angle) + y * np.cos(angle) - y)[:, None] * second
        faces["embedding"][rows] = unit(common + own + forward + sideward)
    return faces


def square_root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32)


def made_up(faces, generator, total):
    """Faces of people who do not exist, then a thousand real ones."""
    labelled = faces[faces["label"] >= 0]
    common = center(faces)
    labels, count = counts(faces)
    several = labels[count >= 4]
    rest = unit(labelled["embedding"] - common)
    means = {label: rest[labelled["label"] == label].mean(0) for label in labels}
    within = np.concatenate(
        [rest[labelled["label"] == label] - means[label] for label in several]
    )
    spread = square_root(np.cov(within.T) * 4 / 3)
    between = square_root(np.cov(np.stack([means[label] for label in several]).T))
    sizes = []
    while sum(sizes) < total:
        sizes.append(int(generator.choice(count)))
    people = np.repeat(np.arange(len(sizes)), sizes)[:total]
    dimension = len(common)
    person = generator.standard_normal((len(sizes), dimension)).astype(np.float32) @ between.T
    noise = generator.standard_normal((total, dimension)).astype(np.float32) @ spread.T
    made = np.zeros(total, faces.dtype)
    # On the line from the common part, where the length is one again.
    direction = unit(person[people] + noise)
    along = direction @ common
    reach = -along + np.sqrt(along**2 + 1 - common @ common)
    made["embedding"] = common + reach[:, None] * direction
    made["label"] = people + labels.max() + 1
    made["media"] = np.arange(total) + faces["media"].max() + 1
    made["norm"], made["founds"] = np.median(labelled["norm"]), 1
    made["captured"] = np.iinfo(np.int64).min
    real = generator.permutation(len(labelled))[:1000]
    return np.concatenate([made[generator.permutation(total)], labelled[real]])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lfw", type=pathlib.Path, required=True)
    parser.add_argument("--figurebench", default=".build/release/figurebench")
    parser.add_argument("--models", default="Models")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--faces", type=int, default=100_000, help="made-up faces")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(1)
    plain = embeddings(options, options.lfw / "photos", options.output / "plain.faces")
    soft = blurred(options, generator, options.output / "blurred.faces")
    sets = {
        "alike": alike(plain, generator),
        "strangers": strangers(plain, generator),
        "tail": tail(plain, generator),
        "hard": strangers(alike(soft, generator), generator),
        "made-up": made_up(plain, generator, options.faces),
        "dated": (of_days := dated(plain, generator)),
        "years": years(of_days, generator),
    }
    for name, faces in sets.items():
        write(options.output / f"{name}.faces", faces)


if __name__ == "__main__":
    main()
