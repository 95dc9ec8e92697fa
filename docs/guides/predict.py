"""Couplings from a network that `couplet export` wrote and features that `couplet features` wrote, as CSV.

    pip install numpy onnxruntime safetensors
    python3 predict.py network.onnx molecules.safetensors
"""

import csv
import json
import os
import sys

# ONNX Runtime sends names and hashes of models to its maker unless it is told not to before it is loaded.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
from safetensors import safe_open

SYMBOLS = {1: "H", 6: "C", 7: "N", 8: "O", 9: "F"}


def predict(network, features):
    """Rows of (molecule, first atom, second atom, type, coupling in hertz)."""
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    about = session.get_modelmeta().custom_metadata_map
    with safe_open(features, framework="numpy") as file:
        notes = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}
    if notes["features"] != about["features"]:
        sys.exit(f"{features} was made for another network than {network}: make it with --run of the run exported.")

    inputs = {port.name: arrays[port.name] for port in session.get_inputs()}
    (couplings,) = session.run(["couplings"], inputs)

    molecules, types = json.loads(notes["molecules"]), json.loads(notes["types"])
    # The first rows are the coupled pairs; what follows is padding.
    for row, molecule in enumerate(arrays["table/molecules"]):
        atoms = zip(arrays["table/elements"][row], arrays["table/atoms"][row])
        first, second = (f"{SYMBOLS[element]}{atom}" for element, atom in atoms)
        yield molecules[molecule], first, second, types[arrays["table/types"][row]], couplings[row]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        rows = list(predict(*sys.argv[1:]))  # all of them before the first is printed: no part of a table
    except Exception as error:  # of three libraries, which share no class of errors
        sys.exit(f"{' and '.join(sys.argv[1:])} cannot be used: {error}")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["molecule_name", "atom_0", "atom_1", "type", "scalar_coupling_constant"])
    for *labels, coupling in rows:
        writer.writerow([*labels, f"{coupling:.6f}"])
