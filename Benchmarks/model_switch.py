#!/usr/bin/env python3
"""How long a library takes to change to another model, and what it loses.

Imports Labeled Faces in the Wild, of which FIGURED_LFW names the development part (photos/PERSON/
FILE.jpg), names the ten largest people, and installs a second model: the first with every weight of
the embedder changed by up to 12 %. Then prepares the change, applies it, and takes it back. BCubed
is computed over the labelled face of each photograph. --without-photographs deletes them before the
preparation, so that nothing but the small pictures is left to embed.
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time

from corrections import Daemon, b_cubed, imported, labelled


def make_second_model(first, second):
    """Copies models and changes the last seven bits of each 16-bit weight's fraction."""
    shutil.copytree(first, second)
    weights = second / "sface.safetensors"
    content = bytearray(weights.read_bytes())
    old = hashlib.sha256(content).hexdigest()
    length = int.from_bytes(content[:8], "little")
    numbers = random.Random(7)
    for name, tensor in sorted(json.loads(content[8:8 + length]).items()):
        if tensor.get("dtype") == "F16":
            start, end = (8 + length + offset for offset in tensor["data_offsets"])
            for place in range(start, end, 2):
                content[place] ^= numbers.randrange(128)
    weights.write_bytes(content)
    manifest = second / "manifest.json"
    manifest.write_text(
        manifest.read_text().replace(old, hashlib.sha256(content).hexdigest()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--figured", default=root / ".build/release/figured")
    parser.add_argument("--models", default=root / "Models", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-photographs", action="store_true")
    arguments = parser.parse_args()
    if "FIGURED_LFW" not in os.environ:
        sys.exit("Skipped: FIGURED_LFW does not name the development part of LFW.")
    source = pathlib.Path(os.environ["FIGURED_LFW"]) / "photos"
    with tempfile.TemporaryDirectory(prefix="figured-") as folder:
        folder = pathlib.Path(folder)
        shutil.copytree(arguments.models, folder / "models-previous")
        make_second_model(arguments.models, folder / "models")
        daemon = Daemon(arguments.figured, folder / "models-previous", folder)
        try:
            start = time.monotonic()
            people = imported(daemon, source, folder, arguments.seed)
            print(f"imported in {time.monotonic() - start:.0f} s")
            clusters = daemon.call(
                "QueryFigureClusters", Sort="FaceCount", Order="desc", MaxResults=10)
            for number, cluster in enumerate(clusters["FigureClusters"]):
                daemon.call("UpdateFigureCluster", FigureCluster={
                    "ObjectId": cluster["ObjectId"], "Name": f"Person {number}"})
            daemon.stop()
            daemon.models = folder / "models"
            daemon.start()
            if arguments.without_photographs:
                shutil.rmtree(folder / "photos")
            measure(daemon, people)
        finally:
            daemon.stop()


def measure(daemon, people):
    def state(when):
        figures = daemon.figures()
        cluster_of = {figure["FigureId"]: figure.get("FigureClusterId") for figure in figures}
        precision, recall, value = b_cubed(cluster_of, labelled(figures, people))
        print(f"{when}: precision {precision:.4f}, recall {recall:.4f}, F {value:.5f}")
        return cluster_of

    def timed(method):
        start = time.monotonic()
        task = daemon.call(method, Wait=True)["Task"]
        print(f"{method}: {time.monotonic() - start:.2f} s, {task['Message']}")

    before = state("the old model")
    timed("PrepareModelSwitch")
    change = daemon.call("GetModelSwitch")["ModelSwitch"]
    print({name: change[name] for name in (
        "Figures", "Embedded", "EmbeddedFromCrops", "NotEmbedded")},
        change["Plans"][0]["Changes"], "names at risk", change["Plans"][0]["NamesAtRisk"])
    timed("ApplyModelSwitch")
    state("the new model")
    timed("UndoModelSwitch")
    after = state("the old model again")
    print(f"{sum(after[figure] != place for figure, place in before.items())} faces elsewhere")


if __name__ == "__main__":
    main()
