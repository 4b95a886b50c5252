"""Weights read and written by ggml's own Python package, and a small GGUF file; writes gguf_weights.json beside itself.

Made with gguf 0.19.0 and numpy: python gguf_weights.py
"""

import base64
import json
import tempfile
from pathlib import Path

import gguf
import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type

rng = np.random.default_rng(20261127)
text = lambda array: base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()

# Random bytes are blocks of any type, once their 16-bit scales are finite numbers.
scales = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
read = []
for name, places in scales.items():
    block, size = GGML_QUANT_SIZES[Type[name]]
    blocks = rng.integers(0, 256, (5, size), dtype=np.uint8)
    for place in places:
        blocks[:, place : place + 2] = rng.normal(0, 0.02, (5, 1)).astype(np.float16).view(np.uint8)
    blocks[0, places[0] : places[0] + 2] = np.array([3e-7], np.float16).view(np.uint8)
    floats = gguf.dequantize(blocks, Type[name]).astype(np.float32)
    read.append({"type": Type[name].value, "name": name, "blocks": text(blocks), "floats": text(floats)})
halves = np.arange(0, 0x10000, 61, dtype=np.uint16)
halves = halves[np.isfinite(halves.view(np.float16))]
read.append({"type": 1, "name": "F16", "blocks": text(halves), "floats": text(halves.view(np.float16).astype(np.float32))})
read.append({"type": 30, "name": "BF16", "blocks": text(halves), "floats": text((halves.astype(np.uint32) << 16).view(np.float32))})

# Of all sizes, with ties, what is too large and too small for 16 bits, and blocks of nothing but zeros.
sizes = 10.0 ** rng.uniform(-9, 6, 16 * 32)
floats = (sizes * rng.choice([-1.0, 1.0], sizes.size)).astype(np.float32)
floats[:64] = (1 + np.arange(64) / 2048).astype(np.float32)
floats[64:128] = (np.arange(64) * 2.0**-25).astype(np.float32)
floats[128:160] = 0
floats[160:192] = np.linspace(-127, 127, 32, dtype=np.float32).round() / 2
with np.errstate(over="ignore"):
    written = {
        "f16": floats.astype(np.float16),
        "bf16": gguf.quantize(floats, Type.BF16),
        "q8_0": gguf.quantize(floats.reshape(16, 32), Type.Q8_0),
    }

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "small.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_file_type(3)
    writer.add_token_list(["<s>", "a", "é"])
    writer.add_token_scores([0.0, -1.5, 2.0])
    writer.add_bool("small.bool", True)
    matrix = gguf.quantize(rng.normal(0, 1, (3, 64)).astype(np.float32), Type.Q4_1)
    writer.add_tensor("token_embd.weight", matrix, raw_dtype=Type.Q4_1)
    writer.add_tensor("norm.weight", rng.normal(1, 0.1, 5).astype(np.float16))
    writer.add_tensor("odd.weight", rng.normal(0, 1, (2, 5)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    small = path.read_bytes()
    tensors = {
        tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        for tensor in gguf.GGUFReader(path).tensors
    }

def turned(name, format):
    wanted = Type.F32 if name == "norm.weight" else Type[format.upper()]
    if name == "odd.weight" and format == "q8_0":
        wanted = Type.F16
    return {"type": wanted.value, "bytes": text(gguf.quantize(tensors[name], wanted))}

result = {
    "read": read,
    "written": {"floats": text(floats), "bytes": {name: text(array) for name, array in written.items()}},
    "file": {
        "bytes": base64.b64encode(small).decode(),
        "turned": {
            format: {name: turned(name, format) for name in tensors} for format in ("f32", "f16", "bf16", "q8_0")
        },
    },
}
Path(__file__).with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
