"""Reads a Keras model file (HDF5) into the same plain layers as graph.py."""

import json

import h5py
import numpy as np

from graph import Layer, UnsupportedGraph


def read_layers(path):
    """The layers of the model in order, batch norms still separate, then its output."""
    with h5py.File(path) as file:
        config = json.loads(file.attrs["model_config"])["config"]
        weights = {name: weights_of(file["model_weights"][name]) for name in file["model_weights"]}
    layers, sizes = [], {}
    for entry in config["layers"]:
        for layer in convert(entry, weights.get(entry["name"], {}), sizes):
            layers.append(layer)
    for name, _, _ in config["output_layers"]:
        layers.append(Layer(f"output:{name}", "output", [name], source=name))
    return layers


def weights_of(group):
    """The arrays of one layer by the last part of their names."""
    names = [name.decode() for name in group.attrs["weight_names"]]
    return {name.split("/")[-1].split(":")[0]: np.float64(group[name]) for name in names}


def same_padding(size, kernel, stride):
    """Top, left, bottom, right as TensorFlow pads: the odd pixel goes below and to the right."""
    total = [
        max(0, (-(-int(extent) // s) - 1) * s + k - int(extent))
        for extent, k, s in zip(size, kernel, stride)
    ]
    return [total[0] // 2, total[1] // 2, total[0] - total[0] // 2, total[1] - total[1] // 2]


def window(config, kernel, size):
    stride = list(config["strides"])
    padding = [0] * 4 if config["padding"] == "valid" else same_padding(size, kernel, stride)
    return {"kernel": list(kernel), "stride": stride, "padding": padding}


def output_size(size, attributes):
    kernel, stride, padding = (attributes[name] for name in ("kernel", "stride", "padding"))
    return tuple(
        (size[axis] + padding[axis] + padding[axis + 2] - kernel[axis]) // stride[axis] + 1
        for axis in (0, 1)
    )


def convert(entry, weights, sizes):
    """The plain layers of one Keras layer; `sizes` holds height and width of every tensor."""
    name, kind, config = entry["name"], entry["class_name"], entry["config"]
    inputs = [node[0] for node in entry["inbound_nodes"][0]] if entry["inbound_nodes"] else []
    if kind == "InputLayer":
        sizes[name] = tuple(config["batch_input_shape"][1:3])
        return []
    size = sizes[inputs[0]]
    made = []
    if kind in ("Conv2D", "SeparableConv2D"):
        if config["activation"] != "linear" or config["dilation_rate"] != [1, 1]:
            raise UnsupportedGraph(f"{name}: activation or dilation inside of a convolution")
        attributes = window(config, config["kernel_size"], size)
        bias = weights.get("bias", np.zeros(config["filters"]))
        if kind == "Conv2D":
            kernel = weights["kernel"].transpose(3, 2, 0, 1)
            tensors = {"weight": kernel, "bias": bias}
            made.append(Layer(name, "convolution", inputs, attributes | {"groups": 1}, tensors))
        else:
            # Rows x columns x channels x 1: one kernel a channel.
            depthwise = weights["depthwise_kernel"].transpose(2, 3, 0, 1)
            channels = len(depthwise)
            tensors = {"weight": depthwise, "bias": np.zeros(channels)}
            first = Layer(f"{name}_depthwise", "convolution", inputs, attributes, tensors)
            first.attributes = attributes | {"groups": channels}
            pointwise = weights["pointwise_kernel"].transpose(3, 2, 0, 1)
            plain = {"kernel": [1, 1], "stride": [1, 1], "padding": [0] * 4, "groups": 1}
            second = Layer(
                name, "convolution", [first.name], plain, {"weight": pointwise, "bias": bias}
            )
            made += [first, second]
        size = output_size(size, attributes)
    elif kind == "BatchNormalization":
        scale = weights["gamma"] / np.sqrt(weights["moving_variance"] + config["epsilon"])
        shift = weights["beta"] - weights["moving_mean"] * scale
        made.append(
            Layer(name, "batchNormalization", inputs, tensors={"scale": scale, "shift": shift})
        )
    elif kind == "Activation" and config["activation"] in ("relu", "softmax"):
        made.append(Layer(name, config["activation"], inputs))
    elif kind == "MaxPooling2D":
        attributes = window(config, config["pool_size"], size)
        made.append(Layer(name, "maximumPooling", inputs, attributes))
        size = output_size(size, attributes)
    elif kind == "Add":
        made.append(Layer(name, "add", inputs))
    elif kind == "GlobalAveragePooling2D":
        made.append(Layer(name, "globalAveragePooling", inputs))
        size = (1, 1)
    else:
        raise UnsupportedGraph(f"{name}: layer {kind}")
    sizes[name] = size
    return made
