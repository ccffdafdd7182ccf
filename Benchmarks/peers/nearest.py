"""Times searches for the most similar embeddings in figured and in its peers, taking turns.

    python nearest.py --figurebench PATH [--rows 1000000] [--faces FILE] [--rounds 15]
        [--approximate] [--keep FOLDER] [--result results/nearest.json]

The rows are made up like faces: people of very different numbers of photographs, a cosine of about
0.6 between two of one person, and, if --faces names a file of “figurebench embeddings”, with the
covariance of those faces, so that strangers are as alike as real ones. A tenth of the queries shows
nobody who is there.

In each round each program makes the same searches for the ten nearest, in a changing order; reported
are medians over the rounds, of the ratios peer / figured too. Three cases: one query at a time and
eight at once on one thread, and eight at once, as of eight clients, on all processors. Recall is
against faiss' exact search: of all ten, and of those that are true matches (a cosine of 0.4 or more).

With --approximate, hnswlib, usearch and faiss' inverted lists are measured as well, each at its
fastest setting that finds 0.99 of the true matches, or at its most thorough one, and what memory
each takes for its index. Building the graphs takes long; --keep keeps them in a folder for later runs.
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

    def search(self, first, count, at_once, threads):
        self.process.stdin.write(f"{first} {count} {at_once} {threads}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["rows"], answer["milliseconds"]


class Peer:
    """A program that searches in this process."""

    def __init__(self, queries, find):
        self.queries, self.find = queries, find

    def search(self, first, count, at_once, threads):
        found = []
        start = time.perf_counter()
        for i in range(first, first + count, at_once):
            found.append(self.find(self.queries[i : min(i + at_once, first + count)], threads))
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


def resident_megabytes(process="self"):
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) / 1024


def flat(base):
    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    return index


def search_faiss(index):
    """Searches with as many threads as are asked for."""

    def find(queries, threads):
        faiss.omp_set_num_threads(threads)
        return index.search(queries, NEAREST)[1]

    return find


def hnswlib_graph(base, path):
    import hnswlib

    graph = hnswlib.Index("ip", base.shape[1])
    if path and path.exists():
        graph.load_index(str(path), max_elements=len(base))
        return graph
    graph.init_index(len(base), ef_construction=100, M=16, random_seed=1)
    graph.add_items(base, num_threads=-1)
    if path:
        graph.save_index(str(path))
    return graph


def usearch_graph(base, path):
    from usearch.index import Index

    if path and path.exists():
        return Index.restore(str(path))
    graph = Index(
        ndim=base.shape[1], metric="ip", dtype="f16", connectivity=16, expansion_add=100
    )
    graph.add(np.arange(len(base)), base)
    if path:
        graph.save(str(path))
    return graph


def inverted_lists(base, path):
    if path and path.exists():
        return faiss.read_index(str(path))
    dimension = base.shape[1]
    faiss.omp_set_num_threads(os.cpu_count())
    lists = faiss.IndexIVFFlat(
        faiss.IndexFlatIP(dimension), dimension, 4096, faiss.METRIC_INNER_PRODUCT
    )
    # faiss asks for 39 rows for each list.
    lists.train(base[:: max(1, len(base) // 160_000)])
    lists.add(base)
    if path:
        faiss.write_index(lists, str(path))
    return lists


def approximate(base, queries, exact, similarities, folder):
    """Peers at their fastest setting with a recall of 0.99, or at their most thorough one."""
    chosen = {}

    def choose(name, make, settings, set_up, find):
        before = resident_megabytes()
        index = make(base, folder / name.split(",")[0] if folder else None)
        megabytes = round(resident_megabytes() - before)
        search = find(index)
        for setting in settings:
            set_up(index, setting)
            peer = Peer(queries, search)
            found, milliseconds = peer.search(0, len(exact), 1, 1)
            recall = recalls(found, exact, similarities)
            print(name, setting, recall, round(milliseconds / len(exact), 3), flush=True)
            if recall[1] >= 0.99:
                break
        chosen[f"{name} {setting}"] = (peer, recall, megabytes)

    thoroughness = (64, 128, 256, 512, 1024, 2048, 4096, 8192)
    choose(
        "hnswlib, ef",
        hnswlib_graph,
        thoroughness,
        lambda graph, value: graph.set_ef(value),
        lambda graph: lambda q, threads: graph.knn_query(q, NEAREST, num_threads=threads)[0],
    )
    choose(
        "usearch, expansion",
        usearch_graph,
        thoroughness,
        lambda graph, value: setattr(graph, "expansion_search", value),
        lambda graph: lambda q, threads: (
            np.atleast_2d(graph.search(q, NEAREST, threads=threads).keys).astype(np.int64)
        ),
    )
    choose(
        "faiss IVF4096, lists",
        inverted_lists,
        (32, 64, 128, 256, 512, 1024, 2048),
        lambda lists, value: setattr(lists, "nprobe", value),
        search_faiss,
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
    parser.add_argument("--keep", type=pathlib.Path)
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
    peers = {"faiss IndexFlatIP": Peer(queries, search_faiss(exact_index))}
    report = {"rows": options.rows, "ready": figured.ready, "recall": {}, "megabytes": {}}
    report["cases"] = []
    report["recall"]["figured"] = recalls(figured.search(0, 64, 8, 1)[0], exact, similarities)
    report["megabytes"]["figured, all"] = round(resident_megabytes(figured.process.pid))
    if options.approximate:
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        found = approximate(base, queries, exact, similarities, options.keep)
        for name, (peer, recall, megabytes) in found.items():
            peers[name] = peer
            report["recall"][name] = recall
            report["megabytes"][name] = megabytes
    programs = {"figured": figured, **peers}
    for at_once, threads in ((1, 1), (8, 1), (8, os.cpu_count())):
        times = {name: [] for name in programs}
        for number in range(options.rounds):
            first = 8 * (number % 32)
            for name in random.sample(list(programs), len(programs)):
                times[name].append(programs[name].search(first, 8, at_once, threads)[1] / 8)
        case = {"at once": at_once, "threads": threads, "milliseconds a search": {}, "ratio": {}}
        for name, values in times.items():
            case["milliseconds a search"][name] = round(float(np.median(values)), 3)
            if name != "figured":
                ratios = np.array(values) / np.array(times["figured"])
                case["ratio"][name] = round(float(np.median(ratios)), 2)
        report["cases"].append(case)
        print(json.dumps(case), flush=True)
    print(json.dumps(report["recall"]))
    print(json.dumps(report["megabytes"]))
    if options.result:
        options.result.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
