"""Times YuNet and SFace in figured's runtime and in its peers, taking turns.

    python networks.py --onnx FOLDER --figurebench PATH [--rounds 40] [--network sface]
        [--result results/networks.json]

Every runtime uses one thread. In each round each one runs once, in a changing order, so that what
else the machine does meets all alike. Reported are the median times by the clock and of the
processor, and the median over the rounds of the ratio peer / figured. On a busy machine only
processor times mean much.

Peers: onnxruntime, OpenCV's dnn module (FaceRecognizerSF.feature for SFace) and OpenVINO, all in
single precision. For SFace, figured runs in the precision that the daemon would choose for the
processor; figured in single precision and OpenVINO in brain floats (its own choice on processors
that have them) run beside it, and ratios to figured in single precision are reported as well.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import time

import cv2
import numpy as np
import onnxruntime
import openvino

YUNET = "face_detection_yunet_2023mar.onnx"
SFACE = "face_recognition_sface_2021dec.onnx"
SINGLE = "figured in single precision"
CASES = [
    ("sface", 112, 112),
    ("yunet", 256, 256),
    ("yunet", 640, 480),
    ("yunet", 640, 640),
    ("yunet", 1280, 960),
]


class Figured:
    """One figurebench process that runs a network once for each line it is sent."""

    def __init__(self, path, models, level, precision=None):
        command = [str(path), "networks", "--models", str(models), "--on-request"]
        command += ["--level", level] if level else []
        command += ["--precision", precision] if precision else []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def runner(self, network, width, height):
        def run():
            self.process.stdin.write(f"{network} {width} {height}\n")
            self.process.stdin.flush()
            return tuple(map(float, self.process.stdout.readline().split()))

        return run


def timed(body):
    def run():
        start = time.perf_counter(), time.process_time()
        body()
        return (time.perf_counter() - start[0]) * 1e3, (time.process_time() - start[1]) * 1e3

    return run


def planar(image):
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None].astype(np.float32))


def opencv_runner(folder, network, image):
    if network == "sface":
        recognizer = cv2.FaceRecognizerSF.create(str(folder / SFACE), "")
        return timed(lambda: recognizer.feature(image))
    net = cv2.dnn.readNet(str(folder / YUNET))
    names = net.getUnconnectedOutLayersNames()

    def run():
        net.setInput(cv2.dnn.blobFromImage(image))
        net.forward(names)

    return timed(run)


def openvino_runner(folder, network, image, precision="f32"):
    core = openvino.Core()
    model = core.read_model(folder / (SFACE if network == "sface" else YUNET))
    model.reshape([1, 3, image.shape[0], image.shape[1]])
    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": precision,
    }
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    return timed(lambda: request.infer([planar(image)]))


def onnxruntime_runner(folder, network, image):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    name = SFACE if network == "sface" else YUNET
    session = onnxruntime.InferenceSession(
        str(folder / name), options, providers=["CPUExecutionProvider"]
    )
    shape = session.get_inputs()[0].shape
    if tuple(shape[2:]) != image.shape[:2]:
        return None  # The original YuNet is fixed to 640 x 640.
    input_name = session.get_inputs()[0].name
    return timed(lambda: session.run(None, {input_name: planar(image)}))


def measure(case, runners, rounds):
    times = {name: [] for name in runners}
    order = list(runners)
    for _ in range(3):
        for name in order:
            runners[name]()
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            times[name].append(runners[name]())
    own = np.array(times["figured"])  # rounds x (clock, processor)
    result = {"network": case[0], "width": case[1], "height": case[2], "rounds": rounds}
    for name, values in times.items():
        values = np.array(values)
        result[name] = {
            "medianMilliseconds": round(float(np.median(values[:, 0])), 3),
            "medianProcessorMilliseconds": round(float(np.median(values[:, 1])), 3),
            "minimumProcessorMilliseconds": round(float(values[:, 1].min()), 3),
        }
        if name != "figured":
            ratios = np.median(values / own, axis=0)
            result[name]["medianRatio"] = round(float(ratios[0]), 3)
            result[name]["medianProcessorRatio"] = round(float(ratios[1]), 3)
        if SINGLE in times and name not in ("figured", SINGLE):
            ratios = np.median(values / np.array(times[SINGLE]), axis=0)
            result[name]["medianProcessorRatioToSingle"] = round(float(ratios[1]), 3)
    return result


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onnx", type=pathlib.Path, required=True)
    parser.add_argument("--figurebench", type=pathlib.Path, required=True)
    parser.add_argument("--models", type=pathlib.Path, default=root / "Models")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--level")
    parser.add_argument("--network", choices=["sface", "yunet"])
    parser.add_argument("--result", type=pathlib.Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    figured = Figured(options.figurebench, options.models, options.level)
    single = Figured(options.figurebench, options.models, options.level, "float32")
    results = []
    for case in CASES:
        network, width, height = case
        if options.network not in (None, network):
            continue
        image = np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)
        runners = {
            "figured": figured.runner(*case),
            "OpenCV": opencv_runner(options.onnx, network, image),
            "OpenVINO": openvino_runner(options.onnx, network, image),
            "onnxruntime": onnxruntime_runner(options.onnx, network, image),
        }
        if network == "sface":
            runners[SINGLE] = single.runner(*case)
            runners["OpenVINO bf16"] = openvino_runner(options.onnx, network, image, "bf16")
        runners = {name: run for name, run in runners.items() if run}
        results.append(measure(case, runners, options.rounds))
        print(json.dumps(results[-1]), flush=True)
    report = {
        "processor": next(
            (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
            "unknown",
        ),
        "load": os.getloadavg()[0],
        "versions": {
            "OpenCV": cv2.__version__,
            "OpenVINO": openvino.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
        "results": results,
    }
    if options.result:
        options.result.parent.mkdir(parents=True, exist_ok=True)
        options.result.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
