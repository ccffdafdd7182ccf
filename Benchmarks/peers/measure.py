"""Measures everything, prints ratios and writes one report.

    python measure.py --onnx FOLDER --bin .build/release [--lfw FOLDER] --result report.json

Parts: the networks (networks.py), photographs from file to stored face (photographs.py), the start
of a daemon with 100,000 faces, and with --lfw the accuracy on the development part of Labeled Faces
in the Wild, for figured and for OpenCV's chain. `figurebench compare OLD NEW` reads the report's
member "ratios": by how much figured is faster than a peer, by the processor's time, which a busy
machine changes least.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys

PEERS = pathlib.Path(__file__).resolve().parent
ROOT = PEERS.parents[1]


def script(name, options, result, *arguments):
    """Runs one of the peers' scripts and returns the result that it wrote."""
    command = [sys.executable, str(PEERS / name), "--onnx", str(options.onnx)]
    command += ["--figurebench", str(options.bin / "figurebench"), "--result", str(result)]
    subprocess.run(command + list(arguments), check=True)
    return json.loads(result.read_text())


def figurebench(options, command, *arguments):
    command = [str(options.bin / "figurebench"), command, "--models", str(ROOT / "Models")]
    run = subprocess.run(
        command + [str(argument) for argument in arguments], check=True, stdout=subprocess.PIPE
    )
    return json.loads(run.stdout)


def accuracy(options, folder):
    """Agreement with OpenCV's detections, pairs told apart, and people found."""
    reference = folder / "opencv-faces.json"
    if not reference.exists():
        command = [sys.executable, str(PEERS / "opencv_faces.py"), "--output", str(reference)]
        command += ["--detector", str(options.onnx / "face_detection_yunet_2023mar.onnx")]
        command += ["--recognizer", str(options.onnx / "face_recognition_sface_2021dec.onnx")]
        command += ["--photos", str(options.lfw / "photos")]
        command += ["--pairs", str(options.lfw / "pairs.csv")]
        subprocess.run(command, check=True)
    detection = figurebench(options, "detection", options.lfw / "photos", reference)
    verification = figurebench(options, "verification", options.lfw)
    imported = figurebench(options, "import", options.lfw / "photos", "--people", "--seed", 1)
    return {
        "sameCount": detection["sameCount"],
        "overlapAtLeast90Percent": detection["overlapAtLeast90Percent"],
        "landmarksWithin2Percent": detection["landmarksWithin2Percent"],
        "tenfoldAccuracy": verification["tenfoldAccuracy"],
        "openCVTenfoldAccuracy": json.loads(reference.read_text())["tenfoldAccuracy"],
        "rates": verification["rates"],
        "import": imported,
    }


def network_ratios(report):
    for case in report["results"]:
        for peer, times in case.items():
            if isinstance(times, dict) and "medianProcessorRatio" in times:
                size = f"{case['width']}x{case['height']}"
                yield f"{case['network']} {size}, {peer}", times["medianProcessorRatio"]


def photograph_ratios(report):
    for case in report["results"]:
        cores = "1 core" if case["cores"] == 1 else f"{case['cores']} cores"
        yield f"{case['name']}, {cores}", case["medianProcessorRatio"]


def processor_name():
    names = (line for line in open("/proc/cpuinfo") if line.startswith("model name"))
    return next(names, "unknown: " + platform.machine()).split(":")[1].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", type=pathlib.Path, required=True)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--lfw", type=pathlib.Path)
    parser.add_argument("--result", type=pathlib.Path, required=True)
    options = parser.parse_args()
    folder = options.result.parent
    folder.mkdir(parents=True, exist_ok=True)
    report = {"processor": processor_name(), "cores": len(os.sched_getaffinity(0))}
    networks = script("networks.py", options, folder / "networks.json")
    lfw = ["--lfw", str(options.lfw)] if options.lfw else []
    photographs = script("photographs.py", options, folder / "photographs.json", *lfw)
    report |= {"networks": networks, "photographs": photographs}
    report["start"] = figurebench(options, "start")
    if options.lfw:
        report["accuracy"] = accuracy(options, folder)
        print(json.dumps(report["accuracy"]))
    else:
        print("skipped without FIGURED_LFW: accuracy", file=sys.stderr)
    report["ratios"] = dict(network_ratios(networks)) | dict(photograph_ratios(photographs))
    report["load"] = os.getloadavg()[0]
    options.result.write_text(json.dumps(report, indent=2) + "\n")
    print(f"start with {report['start']['faces']} faces: {report['start']['medianSeconds']:.2f} s")
    print("peer / figured, by the processor's time:")
    for name, ratio in report["ratios"].items():
        print(f"  {ratio:6.2f}  {name}")
    print(f"written to {options.result}")


if __name__ == "__main__":
    main()
