"""Runs the original networks in onnxruntime, and finds and aligns faces with OpenCV."""

import itertools

import numpy as np
import cv2
import onnx
import onnxruntime
from onnx import helper, numpy_helper


def session_of(model, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    source = model if isinstance(model, (str, bytes)) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def planar(image):
    """An interleaved image of bytes as the 1 x 3 x height x width floats that networks take."""
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None].astype(np.float32))


def cosine_similarity(a, b):
    a, b = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


class OriginalNetwork:
    """A network that takes one image and makes one vector."""

    def __init__(self, path):
        self.session = session_of(path)
        self.input = self.session.get_inputs()[0].name

    def embeddings(self, faces):
        return [self.session.run(None, {self.input: planar(face)})[0] for face in faces]

    def folded(self, layers, tensors):
        """The same network rebuilt from converted layers, with the given (rounded) tensors."""
        return FoldedNetwork(layers, tensors)


class FoldedNetwork(OriginalNetwork):
    def __init__(self, layers, tensors):
        nodes, constants = [], []

        def constant(name, value):
            constants.append(numpy_helper.from_array(value.astype(np.float32), name))
            return name

        mean, scale = constant("mean", np.array([127.5])), constant("scale", np.array([1 / 128]))
        nodes.append(helper.make_node("Sub", ["image", mean], ["centred"]))
        nodes.append(helper.make_node("Mul", ["centred", scale], ["data"]))
        for layer in layers:
            value = lambda role: constant(f"{layer.name}.{role}", tensors[layer.name, role])
            if layer.operation == "convolution":
                nodes.append(
                    helper.make_node(
                        "Conv",
                        [layer.inputs[0], value("weight"), value("bias")],
                        [layer.name],
                        kernel_shape=layer.attributes["kernel"],
                        strides=layer.attributes["stride"],
                        pads=layer.attributes["padding"],
                        group=layer.attributes["groups"],
                    )
                )
            elif layer.operation == "prelu":
                slope = constant(
                    f"{layer.name}.slope", tensors[layer.name, "slope"].reshape(-1, 1, 1)
                )
                nodes.append(helper.make_node("PRelu", [layer.inputs[0], slope], [layer.name]))
            elif layer.operation == "fullyConnected":
                nodes.append(helper.make_node("Flatten", layer.inputs, [layer.name + ".flat"]))
                nodes.append(
                    helper.make_node(
                        "Gemm",
                        [layer.name + ".flat", value("weight"), value("bias")],
                        [layer.name],
                        transB=1,
                    )
                )
            elif layer.operation == "output":
                result = layer.inputs[0]
        onnx_graph = helper.make_graph(
            nodes,
            "folded",
            [helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, [1, 3, 112, 112])],
            [helper.make_tensor_value_info(result, onnx.TensorProto.FLOAT, None)],
            constants,
        )
        model = helper.make_model(
            onnx_graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6
        )
        self.session = session_of(model.SerializeToString())
        self.input = "image"


def photographs(folder):
    """The files of a folder that are pictures by their names, in the order of these."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".jpg", ".png"))


def face_detector(yunet):
    return cv2.FaceDetectorYN.create(str(yunet), "", (320, 320), 0.8)


def faces_in(image, detector):
    """Rows of a box, five landmarks and a score."""
    detector.setInputSize((image.shape[1], image.shape[0]))
    _, found = detector.detect(image)
    return found if found is not None else []


def found_faces(folder, yunet):
    """Every face in a folder of photographs with its image, in the order of the names."""
    detector = face_detector(yunet)
    for path in photographs(folder):
        image = cv2.imread(str(path))
        for face in faces_in(image, detector) if image is not None else []:
            yield image, face


def aligned_faces(folder, yunet, sface, limit=None):
    """112 x 112 RGB crops of every face in a folder of photographs, in the order of the names."""
    recognizer = cv2.FaceRecognizerSF.create(str(sface), "")
    return [
        np.ascontiguousarray(recognizer.alignCrop(image, face)[:, :, ::-1])
        for image, face in itertools.islice(found_faces(folder, yunet), limit)
    ]
