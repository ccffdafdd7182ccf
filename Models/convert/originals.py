"""Runs the original attribute networks, and cuts out the faces that they are shown."""

import contextlib
import itertools
import pathlib
import tempfile

import cv2
import numpy as np

from measure import found_faces, session_of

DLIB_MEAN = np.array([122.781998, 117.000999, 104.297997], np.float32)

# Where right eye, left eye, nose and corners of the mouth lie, in parts of the side, and the side;
# the same numbers as in Sources/FaceAnalysis/AttributeChip.swift.
DLIB = np.array(
    [(0.222, 0.206), (0.778, 0.206), (0.5, 0.5261), (0.2615, 0.7703), (0.7385, 0.7703)]
)
PADDED = (DLIB + 0.2) / 1.4
BOXED = np.array(
    [(0.3388, 0.4062), (0.6612, 0.4062), (0.5, 0.5863), (0.3632, 0.7272), (0.6368, 0.7272)]
)
MESHED = np.array(
    [(0.3698, 0.3669), (0.6302, 0.3669), (0.5, 0.511), (0.3897, 0.624), (0.6103, 0.624)]
)
CHIPS = {
    "age": (PADDED, 64),
    "gender": (PADDED, 32),
    "expression": (BOXED, 64),
    "mesh": (MESHED, 256),
}

SUFFIXES = {"age": ".onnx", "gender": ".onnx", "expression": ".hdf5", "mesh": ".tflite"}


@contextlib.contextmanager
def file_of(data, name):
    """The bytes as a file, as some readers want."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{name}{SUFFIXES[name]}"
        path.write_bytes(data)
        yield path


_loaded = {}


def run(name, path, chip):
    """The original's outputs, by the names that ours have, for one RGB crop of bytes."""
    if name not in _loaded:
        _loaded[name] = load(name, path)
    return _loaded[name](chip)


def load(name, path):
    if name in ("age", "gender"):
        session = session_of(path)

        def classify(chip):
            image = ((chip.astype(np.float32) - DLIB_MEAN) / 256).transpose(2, 0, 1)[None]
            return {"probabilities": session.run(None, {"images": np.ascontiguousarray(image)})[0]}

        return classify
    import tensorflow as tf

    if name == "expression":
        model = tf.keras.models.load_model(path, compile=False)

        def judge(chip):
            grey = chip.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
            image = ((grey / 255 - 0.5) * 2)[None, :, :, None]
            return {"predictions": model(image, training=False).numpy()}

        return judge
    interpreter = tf.lite.Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    entrance = interpreter.get_input_details()[0]["index"]
    exits = {"Identity": "landmarks", "Identity_1": "presence"}

    def find(chip):
        interpreter.set_tensor(entrance, chip[None].astype(np.float32) / 255)
        interpreter.invoke()
        return {
            exits[detail["name"]]: interpreter.get_tensor(detail["index"])
            for detail in interpreter.get_output_details()
            if detail["name"] in exits
        }

    return find


def similarity(source, target):
    """The rotation, scale and shift that bring points nearest to others, as a 2 x 3 matrix."""
    s, t = source @ [1, 1j], target @ [1, 1j]
    factor = ((s - s.mean()).conj() * (t - t.mean())).sum() / (abs(s - s.mean()) ** 2).sum()
    shift = t.mean() - factor * s.mean()
    return np.array(
        [[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag]]
    )


def chips(folder, yunet, chip, limit=None):
    """RGB crops of every face in a folder of photographs, in the order of the names."""
    template, side = chip
    crops = []
    for image, face in itertools.islice(found_faces(folder, yunet), limit):
        crops.append(cut_out(image, face, template, side))
    return crops


def cut_out(image, face, template, side):
    """The RGB crop of a face as the detector found it."""
    matrix = similarity(face[4:14].reshape(5, 2).astype(float), template * side)
    return np.ascontiguousarray(cv2.warpAffine(image, matrix, (side, side))[:, :, ::-1])
