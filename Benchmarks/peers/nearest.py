"""Times searches for the most similar embeddings in figured and in its peers, taking turns.

    python nearest.py --figurebench PATH [--rows 1000000] [--faces FILE] [--rounds 15]
        [--approximate] [--result results/nearest.json]

The rows are made up like faces: people of very different numbers of photographs, a cosine of about
0.6 between two of one person, and, if --faces names a file of “figurebench embeddings”, with the
covariance of those faces, so that strangers are as alike as real ones. A tenth of the queries shows
nobody who is there.

Every program uses one thread. In each round each one makes the same searches for the ten nearest, in
a changing order; reported are medians over the rounds, of the ratios peer / figured too. Recall is
against faiss' exact search: of all ten, and of those that are true matches (a cosine of 0.4 or more).

With --approximate, hnswlib, usearch and faiss' inverted lists are measured as well, each at its
fastest setting that finds 0.99 of the true matches, or at its most thorough one.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import faiss
import numpy as np

NEAREST = 10
TRUE_MATCH = 0.4


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def people_like(faces, dimension):
    """Draws vectors with the covariance of real faces, or evenly without any."""
    if faces is None:
        return lambda random, count: random.standard_normal((count, dimension), dtype=np.float32)
    raw = faces.read_bytes()
    count, dimension = np.frombuffer(raw[:8], "<i4")
    kind = np.dtype([("facts", "V24"), ("values", "<f4", int(dimension))])
    values = np.frombuffer(raw[8:], kind, int(count))["values"]
    factor = np.linalg.cholesky(np.cov(values.T) + 1e-6 * np.eye(dimension)).astype(np.float32)
    mean = values.mean(axis=0)
    return lambda random, count: (
        random.standard_normal((count, dimension), dtype=np.float32) @ factor.T + mean
    )


def make_up(rows, queries, draw):
    """Rows and queries of unit length, single precision."""
    random = np.random.default_rng(1)
    sizes = np.maximum(1, random.lognormal(1.5, 1.3, rows)).astype(np.int64)
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), rows) + 1]
    centres = unit(draw(random, len(sizes)))
    owner = np.repeat(np.arange(len(sizes)), sizes)[:rows]
    random.shuffle(owner)

    def faces(of):
        # Two faces of one person have a cosine of 1 / (1 + 0.82²), which is 0.6.
        return unit(of + 0.82 * unit(draw(random, len(of)))).astype(np.float32)

    base = np.concatenate([faces(centres[owner[i : i + 100_000]]) for i in range(0, rows, 100_000)])
    known = faces(centres[random.integers(0, len(sizes), queries)])
    strangers = unit(draw(random, queries)).astype(np.float32)
    return base, np.where(random.random((queries, 1)) < 0.1, strangers, known)


class Figured:
    def __init__(self, path, rows, queries, dimension):
        self.process = subprocess.Popen(
            [path, "nearest", rows, queries, "--dimension", str(dimension)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = json.loads(self.process.stdout.readline())

    def search(self, first, count, at_once):
        self.process.stdin.write(f"{first} {count} {at_once}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["rows"], answer["milliseconds"]


class Peer:
    """A program that searches in this process."""

    def __init__(self, queries, find):
        self.queries, self.find = queries, find

    def search(self, first, count, at_once):
        found = []
        start = time.perf_counter()
        for i in range(first, first + count, at_once):
            found.append(self.find(self.queries[i : min(i + at_once, first + count)]))
        milliseconds = (time.perf_counter() - start) * 1000
        return np.concatenate(found).tolist(), milliseconds


def recalls(found, exact, similarities):
    """Of the ten nearest, and of the true matches among them."""
    every = np.mean([len(set(f) & set(e)) / len(e) for f, e in zip(found, exact)])
    met = wanted = 0
    for f, e, s in zip(found, exact, similarities):
        matches = {row for row, similarity in zip(e, s) if similarity >= TRUE_MATCH}
        met, wanted = met + len(matches & set(f)), wanted + len(matches)
    return round(float(every), 4), round(met / max(1, wanted), 4)


def flat(base):
    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    return index


def approximate(base, queries, exact, similarities):
    """Peers at their fastest setting with a recall of 0.99, or at their most thorough one."""
    import hnswlib
    from usearch.index import Index

    rows, dimension = base.shape
    chosen = {}

    def choose(name, settings, set_up, find):
        for setting in settings:
            set_up(setting)
            peer = Peer(queries, find)
            found, _ = peer.search(0, len(exact), 1)
            recall = recalls(found, exact, similarities)
            if recall[1] >= 0.99:
                break
        chosen[f"{name}, {setting}"] = (peer, recall)

    graph = hnswlib.Index("ip", dimension)
    graph.init_index(rows, ef_construction=100, M=16, random_seed=1)
    graph.add_items(base, num_threads=-1)
    choose(
        "hnswlib, ef",
        (64, 256, 1024, 4096),
        graph.set_ef,
        lambda q: graph.knn_query(q, NEAREST, num_threads=1)[0],
    )
    half = Index(ndim=dimension, metric="ip", dtype="f16", connectivity=16, expansion_add=100)
    half.add(np.arange(rows), base)

    def expansion(value):
        half.expansion_search = value

    choose(
        "usearch, expansion",
        (64, 256, 1024, 4096),
        expansion,
        lambda q: np.atleast_2d(half.search(q, NEAREST, threads=1).keys).astype(np.int64),
    )
    coarse = faiss.IndexFlatIP(dimension)
    lists = faiss.IndexIVFFlat(coarse, dimension, 4096, faiss.METRIC_INNER_PRODUCT)
    lists.train(base[:: max(1, rows // 100_000)])
    lists.add(base)

    def probe(value):
        lists.nprobe = value

    choose(
        "faiss IVF4096, lists",
        (32, 128, 512, 2048),
        probe,
        lambda q: lists.search(q, NEAREST)[1],
    )
    return chosen


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--figurebench", required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--faces", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--approximate", action="store_true")
    parser.add_argument("--result", type=pathlib.Path)
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    draw = people_like(options.faces, 128)
    base, queries = make_up(options.rows, 512, draw)
    dimension = base.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/rows", f"{folder}/queries"]
        base.tofile(paths[0])
        queries.tofile(paths[1])
        figured = Figured(options.figurebench, *paths, dimension)
    exact_index = flat(base)
    similarities, exact = exact_index.search(queries[:64], NEAREST)
    peers = {"faiss IndexFlatIP": Peer(queries, lambda q: exact_index.search(q, NEAREST)[1])}
    report = {"rows": options.rows, "ready": figured.ready, "recall": {}, "cases": []}
    report["recall"]["figured"] = recalls(figured.search(0, 64, 8)[0], exact, similarities)
    if options.approximate:
        for name, (peer, recall) in approximate(base, queries, exact, similarities).items():
            peers[name] = peer
            report["recall"][name] = recall
    programs = {"figured": figured, **peers}
    for at_once in (1, 8):
        times = {name: [] for name in programs}
        for number in range(options.rounds):
            first = 8 * (number % 32)
            for name in random.sample(list(programs), len(programs)):
                times[name].append(programs[name].search(first, 8, at_once)[1] / 8)
        case = {"at once": at_once, "milliseconds a search": {}, "ratio": {}}
        for name, values in times.items():
            case["milliseconds a search"][name] = round(float(np.median(values)), 3)
            if name != "figured":
                ratios = np.array(values) / np.array(times["figured"])
                case["ratio"][name] = round(float(np.median(ratios)), 2)
        report["cases"].append(case)
        print(json.dumps(case), flush=True)
    print(json.dumps(report["recall"]))
    if options.result:
        options.result.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
