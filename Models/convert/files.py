"""Writes the project's graph, weight and manifest files."""

import hashlib
import json

import numpy as np
from safetensors.numpy import save as save_safetensors

FORMAT = "figured network"
VERSION = 1

# Roles in the manifest, with the stem of their files; the daemon can do without all but the first two.
ROLES = {
    "detector": "yunet",
    "embedder": "sface",
    "age": "age",
    "gender": "gender",
    "expression": "expression",
    "mesh": "mesh",
}


def describe(name, source, network_input, layers):
    """The graph file as a dictionary: what a person reads and the runtime plans from."""
    described, outputs = [], []
    for layer in layers:
        if layer.operation == "output":
            outputs.append({"name": layer.source, "tensor": layer.inputs[0], **layer.attributes})
            continue
        entry = {"name": layer.name, "operation": layer.operation, "inputs": layer.inputs}
        entry |= layer.attributes
        entry |= {role: f"{layer.name}.{role}" for role in layer.tensors}
        described.append(entry)
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "source": source,
        "input": network_input,
        "layers": described,
        "outputs": outputs,
    }


def one_line_a_layer(description):
    """JSON with one layer or output a line, so that differences between versions can be read."""
    lines = ["{"]
    items = list(description.items())
    for index, (key, value) in enumerate(items):
        comma = "," if index + 1 < len(items) else ""
        if isinstance(value, list):
            rows = ",\n".join("    " + json.dumps(row) for row in value)
            lines.append(f"  {json.dumps(key)}: [\n{rows}\n  ]{comma}")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}{comma}")
    lines.append("}")
    return "\n".join(lines) + "\n"


def weight_tensors(layers, half_roles):
    """Named arrays; `half_roles(layer, role)` says which are stored as 16-bit floats."""
    tensors = {}
    for layer in layers:
        for role, value in layer.tensors.items():
            kind = np.float16 if half_roles(layer, role) else np.float32
            tensors[f"{layer.name}.{role}"] = np.ascontiguousarray(value.astype(kind))
    return tensors


def write_network(output, stem, description, tensors):
    (output / f"{stem}.json").write_text(one_line_a_layer(description))
    (output / f"{stem}.safetensors").write_bytes(save_safetensors(tensors))


def write_manifest(output):
    """Names every network whose files are there."""

    def digest(name):
        return hashlib.sha256((output / name).read_bytes()).hexdigest()

    models = {}
    for role, stem in ROLES.items():
        if not (output / f"{stem}.json").exists():
            continue
        models[role] = {
            "graph": f"{stem}.json",
            "graphSHA256": digest(f"{stem}.json"),
            "weights": f"{stem}.safetensors",
            "weightsSHA256": digest(f"{stem}.safetensors"),
        }
    # Only the embedder runs in integers.
    models["embedder"] |= {
        "ranges": "sface.ranges.safetensors",
        "rangesSHA256": digest("sface.ranges.safetensors"),
    }
    manifest = {"format": "figured models", "version": 1, "models": models}
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
