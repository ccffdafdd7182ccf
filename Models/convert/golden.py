"""Records what the original networks compute, for the tests of the runtime.

Whole inputs and outputs are stored; of each inner layer only some numbers at fixed places, so
that the files stay small and a wrong layer can still be named.
"""

import cv2
import numpy as np
import onnx
from onnx import helper
from safetensors.numpy import save_file

from measure import planar, session_of

PROBES_A_LAYER = 96


def with_inner_tensors(model, names):
    known = {output.name for output in model.graph.output}
    for name in names:
        if name not in known:
            model.graph.output.append(helper.make_empty_tensor_value_info(name))
    return session_of(model.SerializeToString())


def probed(layers):
    wanted = ("convolution", "prelu", "relu", "maximumPooling", "nearestUpsampling", "add")
    return [layer for layer in layers if layer.operation in wanted and layer.source]


def probes(tensors, layers, results, prefix):
    """Adds `prefix.layer.index` (channel, row, column) and `prefix.layer.value` for each layer."""
    random = np.random.default_rng(7)
    for layer in layers:
        value = results[layer.source][0]
        index = np.stack([random.integers(0, size, PROBES_A_LAYER) for size in value.shape])
        tensors[f"{prefix}.{layer.name}.index"] = np.ascontiguousarray(index.T.astype(np.int32))
        tensors[f"{prefix}.{layer.name}.value"] = value[tuple(index)].astype(np.float32)


def run(model, layers, image):
    session = with_inner_tensors(model, [layer.source for layer in layers])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {session.get_inputs()[0].name: planar(image)})))


def record_sface(path, layers, faces, output):
    tensors = {}
    for number, face in enumerate(faces):
        inner = probed(layers) if number == 0 else []
        results = run(onnx.load(path), inner, face)
        tensors[f"{number}.pixels"] = face
        tensors[f"{number}.fc1"] = results["fc1"].reshape(1, 1, -1)
        probes(tensors, inner, results, str(number))
    save_file(tensors, output)


def any_size(path):
    """The original with its fixed 640 x 640 input, and what was inferred from it, set free."""
    model = onnx.load(path)
    for dimension in model.graph.input[0].type.tensor_type.shape.dim[2:]:
        dimension.dim_param = "any"
    for constant in model.graph.initializer:
        # Reshapes to [1, positions of 640 x 640, channels]: keep the batch and the channels.
        values = onnx.numpy_helper.to_array(constant)
        if values.dtype == np.int64 and values.shape == (3,):
            free = np.array([1, -1, values[2]], dtype=np.int64)
            constant.CopyFrom(onnx.numpy_helper.from_array(free, constant.name))
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    del model.graph.value_info[:]
    return model


def padded(image):
    """Zeros on the right and below, up to multiples of 32."""
    height, width = image.shape[:2]
    return np.pad(image, ((0, -height % 32), (0, -width % 32), (0, 0)))


def record_yunet(path, layers, photos, output):
    photo = cv2.imread(str(sorted(photos.rglob("group_07.*"))[0]))
    images = [cv2.resize(photo, (320, 224), interpolation=cv2.INTER_AREA)]
    images.append(cv2.resize(photo, (101, 75), interpolation=cv2.INTER_AREA))
    tensors = {}
    for number, image in enumerate(images):
        inner = probed(layers) if number == 0 else []
        results = run(any_size(path), inner, padded(image))
        tensors[f"{number}.pixels"] = np.ascontiguousarray(image[:, :, ::-1])
        for name, value in results.items():
            if name.split("_")[0] in ("cls", "obj", "bbox", "kps"):
                tensors[f"{number}.{name}"] = value[0]
        probes(tensors, inner, results, str(number))
    save_file(tensors, output)
