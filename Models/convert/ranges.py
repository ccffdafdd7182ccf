"""Records how large the activations of SFace are that the runtime may round to integers."""

import numpy as np
import onnx
from safetensors.numpy import save as save_safetensors

from golden import with_inner_tensors
from measure import planar

# A channel that hardly answers to these faces may answer to others: no range is smaller than this
# part of the largest one of its layer.
SMALLEST_PART = 1 / 64


def before_pointwise(layers):
    """The layers whose output a pointwise convolution reads: rectified depthwise convolutions."""
    by_name = {layer.name: layer for layer in layers}
    for layer in layers:
        if layer.operation == "convolution" and layer.attributes["kernel"] == [1, 1]:
            yield by_name[layer.inputs[0]]


def record_ranges(path, layers, faces, output):
    """Writes the largest magnitude of each channel over all `faces`, by layer."""
    wanted = list(before_pointwise(layers))
    session = with_inner_tensors(onnx.load(path), [layer.source for layer in wanted])
    largest = {layer.name: 0 for layer in wanted}
    for face in faces:
        results = session.run(
            [layer.source for layer in wanted], {session.get_inputs()[0].name: planar(face)}
        )
        for layer, result in zip(wanted, results):
            magnitude = np.abs(result[0]).max(axis=(1, 2))
            largest[layer.name] = np.maximum(largest[layer.name], magnitude)
    ranges = {
        name: np.maximum(values, SMALLEST_PART * values.max()).astype(np.float32)
        for name, values in largest.items()
    }
    output.write_bytes(save_safetensors(ranges))
