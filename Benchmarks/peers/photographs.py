"""Times photographs, from files to faces, in figured and in a Python program with OpenCV, in turns.

    python photographs.py --onnx FOLDER --figurebench PATH [--lfw FOLDER] [--rounds 5]
        [--result photographs.json]

The Python program is what its users write: cv2.imread, FaceDetectorYN, and for each face alignCrop
and FaceRecognizerSF.feature, with the networks that figured uses; on several cores one process a
core with one thread each. It stores nothing. figured imports the same files into an empty state:
it also hashes, judges, clusters and stores. Both are bound to the same cores, and neither's start
counts. In each round both get the same files, the peer first; reported are medians over the rounds,
of the ratios peer / figured too.

Cases: photographs of Labeled Faces in the Wild (--lfw, the folder with photos/; else left out),
searched by the peer at their own size, and JPEG files of 12 megapixels made of the example library,
searched by the peer at 1280 pixels, as figured does first, and at their own size.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

YUNET = "face_detection_yunet_2023mar.onnx"
SFACE = "face_recognition_sface_2021dec.onnx"
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
LARGE_SIZE = (4000, 3000)


class Chain:
    """One process's networks."""

    def __init__(self, onnx, longest_side):
        cv2.setNumThreads(1)
        self.detector = cv2.FaceDetectorYN.create(
            str(onnx / YUNET), "", (320, 320), 0.7, 0.3, 5000
        )
        self.recognizer = cv2.FaceRecognizerSF.create(str(onnx / SFACE), "")
        self.longest_side = longest_side

    def embeddings(self, path):
        """The embeddings of the faces of a photograph."""
        image = cv2.imread(path)
        scale = 1.0
        searched = image
        if self.longest_side and max(image.shape[:2]) > self.longest_side:
            scale = self.longest_side / max(image.shape[:2])
            searched = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self.detector.setInputSize((searched.shape[1], searched.shape[0]))
        faces = self.detector.detect(searched)[1]
        result = []
        for face in [] if faces is None else faces:
            face[:14] /= scale
            result.append(self.recognizer.feature(self.recognizer.alignCrop(image, face)))
        return result


chain = None


def set_up(onnx, longest_side, warm_up):
    global chain
    chain = Chain(onnx, longest_side)
    chain.embeddings(warm_up)


def count_faces(path):
    start = time.process_time()
    count = len(chain.embeddings(path))
    return count, time.process_time() - start


def run_peer(options):
    """Analyses a folder in this process, or in some, and prints how long it took."""
    paths = sorted(str(p) for p in options.peer.iterdir() if p.suffix in SUFFIXES)
    arguments = (options.onnx, options.longest_side, paths[0])
    if options.processes == 1:
        set_up(*arguments)
        start = time.perf_counter()
        counts = [count_faces(path) for path in paths]
        seconds = time.perf_counter() - start
    else:
        with multiprocessing.Pool(options.processes, set_up, arguments) as pool:
            # Until every process has its networks.
            pool.map(count_faces, paths[: 4 * options.processes], 1)
            start = time.perf_counter()
            counts = list(pool.imap_unordered(count_faces, paths, 4))
            seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "photographs": len(paths),
                "faces": sum(count for count, _ in counts),
                "seconds": seconds,
                "processorSeconds": sum(seconds for _, seconds in counts),
            }
        )
    )


def on_cores(command, cores):
    """What a program that is bound to some cores prints, as JSON."""
    run = subprocess.run(
        command,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if run.returncode != 0:
        sys.exit(f"{command[0]}: {run.stderr}")
    return json.loads(run.stdout)


def make_large_photographs(library, target, count):
    """JPEG files of 12 megapixels: a photograph of the library fills each, two smaller ones lie on
    it, and noise like a camera's makes them as large as those of a camera, 4 to 6 MB."""
    generator = np.random.default_rng(12)
    paths = sorted(p for p in library.rglob("*") if p.suffix in SUFFIXES)
    for number in range(count):
        chosen = [cv2.imread(str(paths[i])) for i in generator.choice(len(paths), 3, False)]
        scale = max(LARGE_SIZE[0] / chosen[0].shape[1], LARGE_SIZE[1] / chosen[0].shape[0])
        ground = cv2.resize(chosen[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        top = (ground.shape[0] - LARGE_SIZE[1]) // 2
        image = ground[top : top + LARGE_SIZE[1], : LARGE_SIZE[0]].copy()
        for position, small in enumerate(chosen[1:]):
            small = cv2.resize(small, (960, 960), interpolation=cv2.INTER_CUBIC)
            left = 120 + 2800 * position
            image[1900:2860, left : left + 960] = small
        noise = generator.normal(0, 5, image.shape).astype(np.float32)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
        cv2.imwrite(str(target / f"{number:03}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 90])


def copy_sample(folder, target, count, seed):
    """Some photographs of a folder, chosen at random, under names without meaning."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES)
    for number, path in enumerate(random.Random(seed).sample(paths, min(count, len(paths)))):
        shutil.copyfile(path, target / f"{number:05}{path.suffix}")


def measure(name, folders, cores, longest_side, options):
    """Rounds of both programs; the nth takes the nth folder, and then the first again."""
    peers, ours = [], []
    for number in range(options.rounds):
        folder = folders[number % len(folders)]
        peer = [sys.executable, __file__, "--onnx", str(options.onnx), "--peer", str(folder)]
        peer += ["--processes", str(len(cores)), "--longest-side", str(longest_side)]
        peers.append(on_cores(peer, cores))
        figurebench = [str(options.figurebench.resolve()), "import", str(folder)]
        figurebench += ["--models", str(options.models), "--workers", str(len(cores))]
        ours.append(on_cores(figurebench, cores))

    def median(values):
        return round(float(np.median(values)), 3)

    def milliseconds(results, key):
        return [1000 * result[key] / result["photographs"] for result in results]

    clock, processor = [
        (np.array(milliseconds(peers, key)), np.array(milliseconds(ours, key)))
        for key in ("seconds", "processorSeconds")
    ]
    return {
        "name": name,
        "cores": len(cores),
        "rounds": options.rounds,
        "photographs": sum(result["photographs"] for result in ours),
        "faces": {"OpenCV": sum(r["faces"] for r in peers), "figured": sum(r["faces"] for r in ours)},
        "OpenCV": {
            "medianMilliseconds": median(clock[0]),
            "medianProcessorMilliseconds": median(processor[0]),
        },
        "figured": {
            "medianMilliseconds": median(clock[1]),
            "medianProcessorMilliseconds": median(processor[1]),
            "peakResidentBytes": max(result["peakResidentBytes"] for result in ours),
        },
        "medianRatio": median(clock[0] / clock[1]),
        "medianProcessorRatio": median(processor[0] / processor[1]),
    }


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", type=pathlib.Path, required=True)
    parser.add_argument("--figurebench", type=pathlib.Path)
    parser.add_argument("--models", type=pathlib.Path, default=root / "Models")
    parser.add_argument("--library", type=pathlib.Path, default=root / "Examples/library/photos")
    parser.add_argument("--lfw", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photographs", type=int, default=600, help="of LFW, in each round")
    parser.add_argument("--large-photographs", type=int, default=24, help="in each round")
    parser.add_argument("--result", type=pathlib.Path)
    parser.add_argument("--peer", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--processes", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--longest-side", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        run_peer(options)
        return
    if not options.figurebench:
        parser.error("--figurebench is needed")
    available = sorted(os.sched_getaffinity(0))
    core_sets = [set(available[:1])] + ([set(available[:2])] if len(available) > 1 else [])
    results = []
    with tempfile.TemporaryDirectory(prefix="figured-photographs-") as temporary:
        temporary = pathlib.Path(temporary)
        cases = []
        if options.lfw:
            folders = []
            for number in range(options.rounds):
                folders.append(temporary / f"lfw-{number}")
                folders[-1].mkdir()
                copy_sample(options.lfw / "photos", folders[-1], options.photographs, number)
            cases.append(("LFW", folders, 0))
        else:
            print("skipped without --lfw: photographs of LFW", file=sys.stderr)
        large = temporary / "large"
        large.mkdir()
        make_large_photographs(options.library, large, options.large_photographs)
        cases.append(("12 megapixels, peer searches 1280 pixels", [large], 1280))
        cases.append(("12 megapixels, peer searches all pixels", [large], 0))
        for name, folders, longest_side in cases:
            for cores in core_sets:
                results.append(measure(name, folders, cores, longest_side, options))
                print(json.dumps(results[-1]), flush=True)
    if options.result:
        options.result.write_text(json.dumps({"results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
