"""Compares figured's clusters with those of other methods on the same embeddings.

    python clusterings.py --figurebench .build/release/figurebench --orders 3 FILE…

A FILE is what hard_sets.py writes. figured takes the faces one by one in random orders, with the
settings that it always has; every other method takes them all at once, with the model's mean
subtracted or not. Of all its settings it gets the one with the best BCubed F on the first FILE, as
somebody would who has labels for one library and then uses the method on others; and beside it the
best on each set itself, which nobody can know. Faces that a method leaves alone count as alone.
Prints one table and, with --result, writes it as JSON.
"""

import argparse
import json
import pathlib
import subprocess

import numpy as np
from hard_sets import center, read, unit
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform
from sklearn.cluster import DBSCAN, HDBSCAN


def scores(clusters, labels):
    """BCubed F and pairwise F over the labelled faces."""
    known = labels >= 0
    _, clusters = np.unique(clusters[known], return_inverse=True)
    _, labels = np.unique(labels[known], return_inverse=True)
    cells = csr_matrix((np.ones(len(labels)), (clusters, labels))).tocoo()
    cells.sum_duplicates()
    count = cells.data
    of_cluster, of_label = np.bincount(clusters)[cells.row], np.bincount(labels)[cells.col]
    precision = (count**2 / of_cluster).sum() / len(labels)
    recall = (count**2 / of_label).sum() / len(labels)

    def pairs(counts):
        return (counts * (counts - 1) / 2).sum()

    together = pairs(np.bincount(clusters)) + pairs(np.bincount(labels))
    pairwise = 2 * pairs(count) / together if together else 1.0
    return 2 * precision * recall / (precision + recall), pairwise


def alone(clusters):
    """Gives each face without a cluster one of its own."""
    clusters = clusters.copy()
    rows = np.where(clusters < 0)[0]
    clusters[rows] = clusters.max() + 1 + np.arange(len(rows))
    return clusters


def dbscan(vectors, similarity):
    distances = np.maximum(0, 1 - similarity)
    for threshold in np.arange(0.36, 0.68, 0.02):
        for least in (1, 2, 3):
            method = DBSCAN(eps=1 - threshold, min_samples=least, metric="precomputed")
            found = method.fit_predict(distances)
            yield f"cosine {threshold:.2f}, {least} neighbours", alone(found)


def hdbscan(vectors, similarity):
    for least in (1, 2):
        # scikit-learn 1.9's cluster_selection_epsilon fails with the numpy of requirements.txt.
        for selection in ("eom", "leaf"):
            method = HDBSCAN(
                min_cluster_size=2, min_samples=least, cluster_selection_method=selection, copy=True
            )
            yield f"{least} neighbours, {selection}", alone(method.fit_predict(vectors))


def chinese_whispers(vectors, similarity):
    generator = np.random.default_rng(1)
    for threshold in np.arange(0.40, 0.64, 0.02):
        near = [np.where(row > threshold)[0] for row in similarity]
        clusters = np.arange(len(near))
        for _ in range(20):
            before = clusters.copy()
            for node in generator.permutation(len(near)):
                others = near[node][near[node] != node]
                if len(others):
                    names, place = np.unique(clusters[others], return_inverse=True)
                    weights = np.bincount(place, weights=similarity[node, others])
                    clusters[node] = names[weights.argmax()]
            if (before == clusters).all():
                break
        yield f"cosine {threshold:.2f}", clusters


def average_linkage(vectors, similarity):
    distances = np.maximum(0, 1 - similarity)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    for threshold in np.arange(0.20, 0.60, 0.01):
        yield f"cosine {threshold:.2f}", fcluster(tree, 1 - threshold, "distance")


PEERS = {
    "DBSCAN": dbscan,
    "HDBSCAN": hdbscan,
    "Chinese whispers": chinese_whispers,
    "average linkage": average_linkage,
}


def peers(faces):
    """Of each method, its scores with each setting."""
    labels = faces["label"]
    # The mean of LFW's people, as figured subtracts it too.
    spaces = {"": faces["embedding"], "centered, ": unit(faces["embedding"] - center(faces))}
    for name, method in PEERS.items():
        found = {}
        for space, vectors in spaces.items():
            similarity = vectors @ vectors.T
            for setting, clusters in method(vectors, similarity):
                found[space + setting] = scores(clusters, labels)
        yield name, found


def figured(options, path):
    command = [options.figurebench, "clustering", "--orders", str(options.orders), str(path)]
    run = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    worst = min(run["orders"], key=lambda order: order["score"]["f"])
    return {
        "f": worst["score"]["f"],
        "pairwiseF": worst["score"]["pairwiseF"],
        "spread": run["spread"],
        "agreement": min(order["agreement"] for order in run["orders"]),
        "full": run["full"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--figurebench", default=".build/release/figurebench")
    parser.add_argument("--orders", type=int, default=3, help="of which the worst counts")
    parser.add_argument("--result", type=pathlib.Path)
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    report, chosen = {}, {}
    for path in options.files:
        faces = read(path)
        methods = {"figured": figured(options, path)}
        print(f"{path.stem:10} {'figured':17} {methods['figured']['f']:.4f}", flush=True)
        for name, found in peers(faces):
            best = max(found, key=found.get)
            setting = chosen.setdefault(name, best)
            methods[name] = {
                "f": found[setting][0], "pairwiseF": found[setting][1], "setting": setting,
                "bestF": found[best][0], "bestSetting": best,
            }
            print(
                f"{path.stem:10} {name:17} {found[setting][0]:.4f} with {setting};"
                f" {found[best][0]:.4f} with {best}",
                flush=True,
            )
        report[path.stem] = {"faces": len(faces), "methods": methods}
    if options.result:
        options.result.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
