#!/usr/bin/env python3
"""What searches wait for while photographs are imported.

Imports the example library and searches by the faces of its photographs, first while nothing else is
done and then while Labeled Faces in the Wild is imported, of which FIGURED_LFW names the development
part. Prints the median and the 99th percentile of both, in milliseconds, and their ratio.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

from corrections import Daemon

# The daemon describes faces while it has nothing else to do; this is enough for the example library.
SETTLING_SECONDS = 15
# Between two searches, as a person would leave at least.
PAUSE_SECONDS = 0.02
IDLE_SEARCHES = 400


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--figured", type=pathlib.Path, default=root / ".build/release/figured")
    parser.add_argument("--models", type=pathlib.Path, default=root / "Models")
    parser.add_argument("--example", type=pathlib.Path, default=root / "Examples/library/photos")
    options = parser.parse_args()
    lfw = os.environ.get("FIGURED_LFW")
    if not lfw:
        sys.exit("Skipped: FIGURED_LFW does not name the development part of LFW.")
    pictures = sorted(options.example.glob("p*.jpg"))

    with tempfile.TemporaryDirectory() as folder:
        daemon = Daemon(options.figured, options.models, folder)
        daemon.call("ImportMedia", Paths=[str(options.example)], Wait=True)

        def search(number):
            start = time.monotonic()
            picture = str(pictures[number % len(pictures)])
            daemon.call("SearchMediaByFace", PersonImageUrl=picture)
            elapsed = time.monotonic() - start
            time.sleep(PAUSE_SECONDS)
            return 1000 * elapsed

        time.sleep(SETTLING_SECONDS)
        idle = [search(number) for number in range(IDLE_SEARCHES)]
        task = daemon.call("ImportMedia", Paths=[str(pathlib.Path(lfw) / "photos")])["TaskId"]
        beside = []
        while len(beside) % 20 or daemon.call("GetTask", TaskId=task)["Task"]["Status"] in (
            "Queued", "Running",
        ):
            beside.append(search(len(beside)))
        daemon.stop()

    def summary(times):
        times = sorted(times)
        return {
            "searches": len(times), "medianMilliseconds": times[len(times) // 2],
            "percentile99Milliseconds": times[len(times) * 99 // 100],
        }

    result = {"idle": summary(idle), "besideAnImport": summary(beside)}
    result["ratioOfPercentiles"] = (
        result["besideAnImport"]["percentile99Milliseconds"]
        / result["idle"]["percentile99Milliseconds"])
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
