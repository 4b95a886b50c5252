"""An adapter's weights as 16-bit floats: half_adapter.py FROM.safetensors TO.safetensors"""

import sys

import torch
from safetensors.torch import load_file, save_file

source, target = sys.argv[1:]
tensors = {name: tensor.to(torch.float16).contiguous() for name, tensor in load_file(source).items()}
if not all(tensor.isfinite().all() for tensor in tensors.values()):
    sys.exit("a weight of the adapter is no finite 16-bit float")
save_file(tensors, target, metadata={"format": "pt"})
