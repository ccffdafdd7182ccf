"""Reads an ONNX graph into plain layers: fused batch norms, one output a layer, named padding.

Only what the bundled networks use is understood; anything else stops the conversion with a
message, so that no layer is ever dropped in silence.
"""

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import numpy_helper


@dataclass
class Layer:
    """One operation; `name` is also the name of the tensor that it makes."""

    name: str
    operation: str
    inputs: list
    attributes: dict = field(default_factory=dict)
    tensors: dict = field(default_factory=dict)  # role ("weight", "bias", "slope") -> float64
    source: str = ""  # the tensor of the original graph that holds the same numbers

    def __post_init__(self):
        self.source = self.source or self.name


class UnsupportedGraph(Exception):
    pass


def attributes_of(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def read_layers(model):
    """The layers of `model` in order, with batch norms still separate, then its outputs."""
    constants = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    layers = []
    for node in model.graph.node:
        attributes = attributes_of(node)
        inputs = [name for name in node.input if name not in constants]
        values = [
            constants[name].astype(np.float64) for name in node.input if name in constants
        ]
        layers.append(convert_node(node, attributes, inputs, values))
    for output in model.graph.output:
        layers.append(Layer(f"output:{output.name}", "output", [output.name], source=output.name))
    return layers


def convert_node(node, attributes, inputs, values):
    layer = Layer(node.output[0], "", inputs)
    if node.op_type == "Conv":
        if attributes.get("dilations", [1, 1]) != [1, 1]:
            raise UnsupportedGraph(f"{layer.name}: dilated convolution")
        layer.operation = "convolution"
        weight = values[0]
        layer.tensors["weight"] = weight
        layer.tensors["bias"] = values[1] if len(values) > 1 else np.zeros(weight.shape[0])
        layer.attributes = {
            "kernel": list(weight.shape[2:]),
            "stride": list(attributes["strides"]),
            "padding": list(attributes["pads"]),
            "groups": attributes.get("group", 1),
        }
    elif node.op_type == "BatchNormalization":
        layer.operation = "batchNormalization"
        gamma, beta, mean, variance = values
        scale = gamma / np.sqrt(variance + attributes["epsilon"])
        layer.tensors = {"scale": scale, "shift": beta - mean * scale}
    elif node.op_type == "PRelu":
        layer.operation = "prelu"
        layer.tensors["slope"] = values[0].reshape(-1)
    elif node.op_type == "Relu":
        layer.operation = "relu"
    elif node.op_type == "Sigmoid":
        layer.operation = "sigmoid"
    elif node.op_type == "MaxPool":
        layer.operation = "maximumPooling"
        layer.attributes = {
            "kernel": list(attributes["kernel_shape"]),
            "stride": list(attributes["strides"]),
            "padding": list(attributes["pads"]),
        }
    elif node.op_type == "Resize":
        scales = values[-1]
        nearest = attributes["mode"] == b"nearest" and attributes["nearest_mode"] == b"floor"
        if not nearest or scales[2] != scales[3] or scales[2] != int(scales[2]):
            raise UnsupportedGraph(f"{layer.name}: only nearest upsampling by a whole factor")
        layer.operation = "nearestUpsampling"
        layer.attributes = {"factor": int(scales[2])}
    elif node.op_type == "Add" and len(inputs) == 2:
        layer.operation = "add"
    elif node.op_type == "AveragePool":
        if any(attributes.get("pads", [0])) or attributes.get("ceil_mode", 0):
            raise UnsupportedGraph(f"{layer.name}: padded average pooling")
        layer.operation = "averagePooling"
        layer.attributes = {
            "kernel": list(attributes["kernel_shape"]),
            "stride": list(attributes["strides"]),
            "padding": [0, 0, 0, 0],
        }
    elif node.op_type == "GlobalAveragePool":
        layer.operation = "globalAveragePooling"
    elif node.op_type == "Softmax":
        layer.operation = "softmax"
    elif node.op_type == "Pad":
        layer.operation = "zeroPadding"
        added = [int(number) for number in values[0]]
        if attributes.get("mode", b"constant") != b"constant" or any(added[:2]) or added[4]:
            raise UnsupportedGraph(f"{layer.name}: only zeros around pixels and after channels")
        layer.attributes = {"padding": added[2:4] + added[6:8], "channels": added[5]}
    elif node.op_type == "Gemm":
        if attributes.get("transA", 0) != 0:
            raise UnsupportedGraph(f"{layer.name}: only x * weight + bias")
        layer.operation = "fullyConnected"
        weight = values[0] if attributes.get("transB") else values[0].T
        layer.tensors = {"weight": weight, "bias": values[1]}
    elif node.op_type in ("Mul", "Add") and len(values) == 1 and values[0].ndim == 4:
        layer.operation = "batchNormalization"
        value, identity = values[0].reshape(-1), np.ones(values[0].size)
        is_scale = node.op_type == "Mul"
        layer.tensors = {
            "scale": value if is_scale else identity,
            "shift": 0 * identity if is_scale else value,
        }
    elif node.op_type == "Sub" and len(values) == 1 and values[0].size == 1:
        layer.operation = "inputMean"
        layer.attributes = {"value": float(values[0].reshape(()))}
    elif node.op_type == "Mul" and len(values) == 1 and values[0].size == 1:
        layer.operation = "inputScale"
        layer.attributes = {"value": float(values[0].reshape(()))}
    elif node.op_type in ("Dropout", "Flatten", "Transpose", "Reshape"):
        # Dropout does nothing at inference. The others only rearrange: our tensors leave as
        # height x width x channels, which is what YuNet's transpose and reshape make, and a
        # fully connected layer reads its input as channels x height x width.
        layer.operation = "rearrangement"
    else:
        raise UnsupportedGraph(f"{layer.name}: operation {node.op_type}")
    return layer


def without_rearrangements(layers):
    """Drops the layers that only move numbers; their readers read what they read."""
    alias = {}
    kept = []
    for layer in layers:
        layer.inputs = [alias.get(name, name) for name in layer.inputs]
        if layer.operation == "rearrangement":
            alias[layer.name] = layer.inputs[0]
        else:
            kept.append(layer)
    return kept


def readers_of(name, layers):
    return [layer for layer in layers if name in layer.inputs]


def fold_batch_normalizations(layers):
    """Folds each batch norm into the convolution or fully connected layer beside it."""
    by_name = {layer.name: layer for layer in layers}
    kept, folded = [], set()
    for layer in layers:
        if layer.operation != "batchNormalization":
            kept.append(layer)
            continue
        unfolded = [other for other in layers if other.name not in folded]
        folded.add(layer.name)
        scale, shift = layer.tensors["scale"], layer.tensors["shift"]
        source = by_name[layer.inputs[0]]
        if source.operation in ("convolution", "fullyConnected"):
            if len(readers_of(source.name, unfolded)) != 1:
                raise UnsupportedGraph(f"{layer.name}: its input has other readers")
            weight = source.tensors["weight"]
            source.tensors["weight"] = weight * scale.reshape(-1, *[1] * (weight.ndim - 1))
            source.tensors["bias"] = source.tensors["bias"] * scale + shift
            source.source = layer.source
            rename(layers, layer.name, source.name)
        else:
            fold_forwards(layer, readers_of(layer.name, unfolded), scale, shift)
            rename(layers, layer.name, source.name)
    return kept


def fold_forwards(layer, readers, scale, shift):
    """Folds a batch norm into the one fully connected layer that reads it (its input is C*H*W)."""
    if len(readers) != 1 or readers[0].operation != "fullyConnected":
        raise UnsupportedGraph(f"{layer.name}: no convolution before and no layer to fold into")
    weight = readers[0].tensors["weight"]
    positions = weight.shape[1] // scale.size
    readers[0].tensors["bias"] = readers[0].tensors["bias"] + weight @ np.repeat(shift, positions)
    readers[0].tensors["weight"] = weight * np.repeat(scale, positions)[None]


def rename(layers, old, new):
    for layer in layers:
        layer.inputs = [new if name == old else name for name in layer.inputs]


def give_readable_names(layers):
    """Replaces the bare numbers that an exporter left as names."""
    counts = {}
    for layer in layers:
        if layer.name.isdigit():
            counts[layer.operation] = counts.get(layer.operation, 0) + 1
            name = f"{layer.operation}_{counts[layer.operation]}"
            rename(layers, layer.name, name)
            layer.name = name


def merge_parallel_heads(layers, groups):
    """Joins small convolution pairs (1x1, then 3x3 depthwise) that read one tensor.

    A head of 1, 4 or 10 channels fills a vector of 16 badly; four of them side by side fill it
    exactly. `groups` maps the new layer's name to the outputs to join, in channel order. Each
    output then names its channels, and the sigmoid that some of them end with.
    """
    by_name = {layer.name: layer for layer in layers}
    for name, outputs in groups.items():
        parts, first_channel = [], 0
        for output in (by_name[f"output:{o}"] for o in outputs):
            last = by_name[output.inputs[0]]
            if last.operation == "sigmoid":
                output.attributes["activation"] = "sigmoid"
                layers.remove(last)
                last = by_name[last.inputs[0]]
            pointwise = by_name[last.inputs[0]]
            parts.append((pointwise, last))
            channels = len(last.tensors["bias"])
            output.attributes["channels"] = [first_channel, first_channel + channels]
            output.inputs = [name]
            first_channel += channels
        if len({tuple(p.inputs) for p, _ in parts}) != 1:
            raise UnsupportedGraph(f"{name}: the heads read different tensors")
        for position, suffix in ((0, "_reduce"), (1, "")):
            pieces = [part[position] for part in parts]
            joined = pieces[0]
            for role in ("weight", "bias"):
                joined.tensors[role] = np.concatenate([p.tensors[role] for p in pieces])
            for piece in pieces[1:]:
                layers.remove(piece)
            rename(layers, joined.name, name + suffix)
            joined.name = name + suffix
            joined.source = ""
        joined.attributes["groups"] = first_channel


def take_input_normalization(layers, input_name):
    """Takes `(x - mean) * scale` off the front of the graph: (mean, scale, remaining layers)."""
    mean, scale = 0.0, 1.0
    remaining = []
    for layer in layers:
        if layer.operation == "inputMean" and layer.inputs == [input_name]:
            mean = layer.attributes["value"]
        elif layer.operation == "inputScale" and layer.inputs == [input_name]:
            scale = layer.attributes["value"]
        else:
            remaining.append(layer)
            continue
        rename(layers, layer.name, input_name)
    return mean, scale, remaining


def fold_scalars(layers):
    """Folds each multiplication by one number into the fully connected layer that reads it."""
    by_name = {layer.name: layer for layer in layers}
    kept = []
    for layer in layers:
        if layer.operation != "inputScale":
            kept.append(layer)
            continue
        readers = readers_of(layer.name, layers)
        if len(readers) != 1 or readers[0].operation != "fullyConnected":
            raise UnsupportedGraph(f"{layer.name}: no fully connected layer to fold it into")
        by_name[readers[0].name].tensors["weight"] *= layer.attributes["value"]
        rename(layers, layer.name, layer.inputs[0])
    return kept


def fully_connected_as_convolution(layers, sizes):
    """Makes fully connected layers convolutions of the whole tensor that they read.

    The runtime keeps the weights of a convolution in single precision, those of a fully connected
    layer in 16 bits. `sizes` maps names of layers to the height and width of what they read; it is
    1 x 1 for those that are missing.
    """
    for layer in layers:
        if layer.operation != "fullyConnected":
            continue
        height, width = sizes.get(layer.name, (1, 1))
        weight = layer.tensors["weight"]
        layer.operation = "convolution"
        layer.tensors["weight"] = weight.reshape(len(weight), -1, height, width)
        layer.attributes = {
            "kernel": [height, width],
            "stride": [1, 1],
            "padding": [0, 0, 0, 0],
            "groups": 1,
        }
