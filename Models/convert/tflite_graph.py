"""Reads a TensorFlow Lite model into the same plain layers as graph.py."""

import numpy as np
from tensorflow.lite.python import schema_py_generated as schema

from graph import Layer, UnsupportedGraph
from keras_graph import same_padding

OPERATORS = {value: name for name, value in vars(schema.BuiltinOperator).items()}
KINDS = {schema.TensorType.FLOAT32: np.float32, schema.TensorType.FLOAT16: np.float16}
KINDS |= {schema.TensorType.INT32: np.int32}


def read_layers(path, outputs):
    """The layers in order, then outputs.

    `outputs` maps names for ours to names of the original's; what only other outputs need is
    left out.
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(path.read_bytes(), 0))
    graph = model.subgraphs[0]
    constants = {}
    for index, tensor in enumerate(graph.tensors):
        data = model.buffers[tensor.buffer].data
        if data is not None and tensor.type in KINDS:
            constants[index] = np.frombuffer(bytes(data), KINDS[tensor.type]).reshape(tensor.shape)
    names = {graph.inputs[0]: "image"}
    layers, counts = [], {}
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        kind = OPERATORS[max(code.builtinCode, code.deprecatedBuiltinCode)]
        if kind == "DEQUANTIZE":
            # Half precision, widened.
            constants[operator.outputs[0]] = constants[operator.inputs[0]]
            continue
        layer = convert(graph, operator, kind, constants)
        counts[layer.operation] = counts.get(layer.operation, 0) + 1
        layer.name = f"{layer.operation}_{counts[layer.operation]}"
        layer.source = operator.outputs[0]
        layer.inputs = [names[index] for index in operator.inputs if index in names]
        names[operator.outputs[0]] = layer.name
        layers.append(layer)
    indices = {graph.tensors[index].name.decode(): index for index in graph.outputs}
    made = [
        Layer(f"output:{ours}", "output", [names[indices[original]]], source=ours)
        for ours, original in outputs.items()
    ]
    return needed(layers, [output.inputs[0] for output in made]) + made


def needed(layers, wanted):
    """The layers on which the wanted ones depend, themselves included."""
    wanted, kept = set(wanted), []
    for layer in reversed(layers):
        if layer.name in wanted:
            wanted |= set(layer.inputs)
            kept.insert(0, layer)
    return kept


def padding_of(options, shape, kernel, stride):
    if options.padding == schema.Padding.VALID:
        return [0] * 4
    return same_padding(shape[1:3], kernel, stride)


def convert(graph, operator, kind, constants):
    """One operator as a layer that has no name yet."""
    options = operator.builtinOptions
    shape = graph.tensors[operator.inputs[0]].shape
    values = [constants[index].astype(np.float64) for index in operator.inputs if index in constants]
    activation = getattr(options, "fusedActivationFunction", 0)
    if activation != schema.ActivationFunctionType.NONE:
        raise UnsupportedGraph(f"{kind}: an activation inside of another operator")
    layer = Layer("", "", [])
    if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        stride = [options.strideH, options.strideW]
        if [options.dilationHFactor, options.dilationWFactor] != [1, 1]:
            raise UnsupportedGraph(f"{kind}: dilated")
        layer.operation = "convolution"
        # Outputs x rows x columns x inputs; a depthwise one has 1 x rows x columns x channels.
        is_depthwise = kind == "DEPTHWISE_CONV_2D"
        weight = values[0].transpose((3, 0, 1, 2) if is_depthwise else (0, 3, 1, 2))
        layer.tensors = {"weight": weight, "bias": values[1]}
        kernel = list(weight.shape[2:])
        layer.attributes = {
            "kernel": kernel,
            "stride": stride,
            "padding": padding_of(options, shape, kernel, stride),
            "groups": len(weight) if is_depthwise else 1,
        }
    elif kind == "PRELU":
        layer.operation = "prelu"
        if values[0].shape[:2] != (1, 1):
            raise UnsupportedGraph("PRELU: slopes that depend on the place")
        layer.tensors = {"slope": values[0].reshape(-1)}
    elif kind == "MAX_POOL_2D":
        layer.operation = "maximumPooling"
        kernel, stride = [options.filterHeight, options.filterWidth], [options.strideH, options.strideW]
        layer.attributes = {
            "kernel": kernel,
            "stride": stride,
            "padding": padding_of(options, shape, kernel, stride),
        }
    elif kind == "PAD":
        layer.operation = "zeroPadding"
        added = values[0].astype(int)
        if added[0].any() or added[3][0]:
            raise UnsupportedGraph("PAD: only zeros around pixels and after channels")
        layer.attributes = {
            "padding": [int(added[axis][end]) for end in (0, 1) for axis in (1, 2)],
            "channels": int(added[3][1]),
        }
    elif kind == "ADD" and not values:
        layer.operation = "add"
    elif kind in ("LOGISTIC", "RESHAPE"):
        layer.operation = kind.lower()  # only of outputs that are not wanted
    else:
        raise UnsupportedGraph(f"operator {kind}")
    return layer
