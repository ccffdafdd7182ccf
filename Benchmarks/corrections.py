#!/usr/bin/env python3
"""How fast a user's answers mend a library.

Imports Labeled Faces in the Wild, of which FIGURED_LFW names the development part (photos/PERSON/
FILE.jpg), under random names, and then plays a user who knows everybody: answers the first
suggestion that concerns labelled people, and in turns, unless --corrections is 0, looks for the
worst error and mends it. After each step BCubed is computed over the labelled face of each
photograph (that nearest the centre); a face that waits counts as alone. At the end the library is
clustered anew and the daemon started again: nothing that was answered may have changed.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time


class Daemon:
    """A figured on a folder of its own, driven over its socket."""

    def __init__(self, program, models, folder):
        self.program, self.models, self.folder = program, models, pathlib.Path(folder)
        self.count = 0
        self.start()

    def start(self):
        configuration = self.folder / "figured.conf"
        configuration.write_text("")
        address = str(self.folder / "socket")
        self.process = subprocess.Popen(
            [self.program, "--config", configuration, "--state", self.folder / "state",
             "--socket", address, "--models", self.models], stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(address)
                break
            except OSError:
                time.sleep(0.1)
        self.stream = connection.makefile("rw", encoding="utf-8")
        self.stream.readline()  # The greeting.

    def stop(self):
        self.stream.close()
        self.process.terminate()
        self.process.wait()

    def call(self, method, **parameters):
        self.count += 1
        request = {"jsonrpc": "2.0", "id": self.count, "method": method, "params": parameters}
        self.stream.write(json.dumps(request) + "\n")
        self.stream.flush()
        while True:
            answer = json.loads(self.stream.readline())
            if answer.get("id") == self.count:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def figures(self):
        """Every stored face."""
        token, figures = None, []
        while True:
            page = self.call("ListFigures", MaxResults=500, **({"NextToken": token} if token else {}))
            figures += page["Figures"]
            token = page.get("NextToken")
            if not token:
                return figures


def imported(daemon, source, folder, seed):
    """Imports every photograph under a random name; the people by these names."""
    people, numbers = {}, random.Random(seed)
    target = pathlib.Path(folder) / "photos"
    target.mkdir()
    for photograph in sorted(source.glob("*/*.jpg")):
        name = f"{numbers.getrandbits(64):016x}.jpg"
        shutil.copyfile(photograph, target / name)
        people[name] = photograph.parent.name
    daemon.call("ImportMedia", Paths=[str(target)], Wait=True)
    (pathlib.Path(folder) / "people.json").write_text(json.dumps(people))
    return people


def labelled(figures, people):
    """The person of each photograph's face nearest the centre, by figure."""
    best = {}
    for figure in figures:
        box = figure["Boundary"]
        distance = ((box["Left"] + box["Width"] / 2 - 125) ** 2
                    + (box["Top"] + box["Height"] / 2 - 125) ** 2)
        name = figure["InputURL"].rsplit("/", 1)[-1]
        if name not in best or distance < best[name][0]:
            best[name] = (distance, figure["FigureId"])
    return {figure: people[name] for name, (_, figure) in best.items()}


def b_cubed(cluster_of, person_of):
    """Precision, recall and F over the labelled figures."""
    both, clusters, persons = (collections.Counter() for _ in range(3))
    for figure, person in person_of.items():
        cluster = cluster_of.get(figure) or figure
        both[cluster, person] += 1
        clusters[cluster] += 1
        persons[person] += 1
    total = len(person_of)
    precision = sum(n * n / clusters[c] for (c, _), n in both.items()) / total
    recall = sum(n * n / persons[p] for (_, p), n in both.items()) / total
    return precision, recall, 2 * precision * recall / (precision + recall)


class User:
    """Answers as the labels say; knows nothing of people in the background."""

    def __init__(self, person_of):
        self.person_of = person_of

    def majority(self, figures):
        counts = collections.Counter(self.person_of[f] for f in figures if f in self.person_of)
        return counts.most_common(1)[0][0] if counts else None

    def answer(self, suggestion, members):
        """Same or Different; None for who is not known."""
        figures = suggestion["FigureIds"]
        sides = [members[c] for c in suggestion["ObjectIds"]]
        if suggestion["Kind"] == "Split":
            sides = [figures, [f for f in sides[0] if f not in set(figures)]]
        elif suggestion["Kind"] == "Place":
            sides.append(figures)
        people = [self.majority(side) for side in sides]
        if None in people:
            return None
        return "Same" if people[0] == people[1] else "Different"


def worst_error(cluster_of, person_of):
    """The largest group of one person's faces that are not where most of them are.

    A method that mends it, its parameters, and one face of each side; None if there is no error.
    """
    faces = collections.defaultdict(lambda: collections.defaultdict(list))
    people = collections.defaultdict(collections.Counter)
    for figure, person in person_of.items():
        faces[person][cluster_of.get(figure)].append(figure)
        people[cluster_of.get(figure)][person] += 1
    errors = []
    for person, places in faces.items():
        owned = [c for c in places if c and people[c].most_common(1)[0][0] == person]
        home = max(owned, key=lambda c: (len(places[c]), c), default=None)
        for place, figures in places.items():
            # Alone in no cluster is where a person's only face may be.
            if place != home and (home or place):
                errors.append((len(figures), sorted(figures), place, home, place in owned))
    if not errors:
        return None
    _, figures, place, home, is_whole = max(errors, key=lambda e: (e[0], e[1]))
    if is_whole:
        return "MergeFigureClusters", {"From": place, "To": home}, figures
    return "MoveFigures", {"Figures": figures, **({"To": home} if home else {})}, figures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--figured", default=root / ".build/release/figured")
    parser.add_argument("--models", default=root / "Models")
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--corrections", type=int, default=50, help="how many are mended errors")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kinds", default="Join,Split,Place", help="of suggestions")
    parser.add_argument("--keep", help="a folder for the import, used again if it is there")
    parser.add_argument("--output", help="a file for one line of JSON for each answer")
    arguments = parser.parse_args()
    if "FIGURED_LFW" not in os.environ:
        sys.exit("Skipped: FIGURED_LFW does not name the development part of LFW.")
    source = pathlib.Path(os.environ["FIGURED_LFW"]) / "photos"

    with tempfile.TemporaryDirectory(prefix="figured-") as folder:
        kept = pathlib.Path(arguments.keep) if arguments.keep else None
        if kept and (kept / "people.json").exists():
            shutil.copytree(kept / "state", pathlib.Path(folder) / "state")
            people = json.loads((kept / "people.json").read_text())
            daemon = Daemon(arguments.figured, arguments.models, folder)
        else:
            daemon = Daemon(arguments.figured, arguments.models, folder)
            people = imported(daemon, source, folder, arguments.seed)
            if kept:
                daemon.stop()
                kept.mkdir(parents=True, exist_ok=True)
                shutil.copytree(pathlib.Path(folder) / "state", kept / "state")
                shutil.copyfile(pathlib.Path(folder) / "people.json", kept / "people.json")
                daemon.start()
        try:
            measure(daemon, people, arguments)
        finally:
            daemon.stop()


def next_answer(daemon, user, cluster_of, kinds, seen):
    """The first suggestion that the user knows an answer to, and the answer."""
    members = collections.defaultdict(list)
    for figure, cluster in cluster_of.items():
        members[cluster].append(figure)
    found = []
    for kind in kinds.split(","):
        found += daemon.call(
            "ListFigureClusterSuggestions", Kind=kind, MaxResults=100)["Suggestions"]
    for suggestion in sorted(found, key=lambda suggestion: -suggestion["Score"]):
        answer = user.answer(suggestion, members)
        key = json.dumps([suggestion["ObjectIds"], suggestion["FigureIds"]])
        if answer and key in seen:
            sys.exit(f"asked twice: {suggestion}")
        if answer:
            seen.add(key)
            return suggestion, answer
    return None, None


def measure(daemon, people, arguments):
    figures = daemon.figures()
    person_of = labelled(figures, people)
    user = User(person_of)
    cluster_of = {f["FigureId"]: f.get("FigureClusterId") for f in figures}
    precision, recall, start = b_cubed(cluster_of, person_of)
    print(f"before: precision {precision:.4f}, recall {recall:.4f}, F {start:.5f}")
    last, falls, settled, asked = start, 0, 0, 0
    seen, promises, mended, log = set(), [], {}, []
    tally = collections.Counter()
    corrections = 0
    while asked < arguments.answers:
        error = None
        if corrections * arguments.answers < asked * arguments.corrections:
            error = worst_error(cluster_of, person_of)
        if error:
            method, parameters, figures = error
            change = daemon.call(method, **parameters)
            corrections += 1
            step = {"Kind": method}
            mended.update({figure: None for figure in figures})
        else:
            suggestion, answer = next_answer(daemon, user, cluster_of, arguments.kinds, seen)
            if not suggestion:
                print("nothing is left to ask")
                break
            change = daemon.call(
                "AnswerFigureClusterSuggestion", Kind=suggestion["Kind"], Answer=answer,
                ObjectIds=suggestion["ObjectIds"],
                **({"FigureIds": suggestion["FigureIds"]} if suggestion["FigureIds"] else {}))
            promises.append((answer, suggestion["Exemplars"]))
            step = {"Kind": suggestion["Kind"], "Said": answer,
                    "Probability": suggestion["Probability"], "Score": suggestion["Score"]}
        asked += 1
        moved = change.get("Event", {}).get("FiguresMoved", 0)
        cluster_of = {f["FigureId"]: f.get("FigureClusterId") for f in daemon.figures()}
        *_, value = b_cubed(cluster_of, person_of)
        falls += value < last - 1e-9
        settled += moved
        tally[step["Kind"] + " " + step.get("Said", "")] += 1
        log.append({"Step": asked, "F": round(value, 6), "Moved": moved, **step})
        for figure in mended:
            mended[figure] = cluster_of[figure]
        last = value
        if asked % 10 == 0:
            print(f"{asked} steps: F {value:.5f}, faces settled {settled}")
    print(", ".join(f"{kind.strip()} {count}" for kind, count in sorted(tally.items())))
    print(f"F {start:.5f} -> {last:.5f}; it fell after {falls} steps; "
          f"{settled / max(1, asked):.2f} faces settled a step")
    if arguments.output:
        pathlib.Path(arguments.output).write_text("".join(json.dumps(e) + "\n" for e in log))

    def check(when):
        now = {f["FigureId"]: f.get("FigureClusterId") for f in daemon.figures()}
        broken = sum(
            (now[pair[0]] == now[pair[1]] and now[pair[0]] is not None) != (said == "Same")
            for said, pair in promises)
        broken += sum(now[figure] != cluster for figure, cluster in mended.items())
        print(f"{when}: F {b_cubed(now, person_of)[2]:.5f}, answers undone {broken}")

    check("at the end")
    daemon.call("CreateFigureClusteringTask", Wait=True)
    check("clustered anew")
    daemon.stop()
    daemon.start()
    check("started again")


if __name__ == "__main__":
    main()
