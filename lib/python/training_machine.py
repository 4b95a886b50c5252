"""What a training would run on here, and how fast that is, as JSON."""

import json
import time
from importlib.metadata import version

import torch

torch.set_num_threads(1)
gpu = torch.cuda.is_available()
bfloat16 = torch.cuda.is_bf16_supported() if gpu else torch.cpu._is_avx512_bf16_supported()


def flops(size: int) -> float:
    dtype = torch.bfloat16 if bfloat16 else torch.float32
    a = torch.randn(size, size, dtype=dtype, device="cuda" if gpu else "cpu")
    for rounds in (1, 5):
        started = time.perf_counter()
        for _ in range(rounds):
            b = a @ a
        if gpu:
            torch.cuda.synchronize()
        seconds = time.perf_counter() - started
    return 2 * size**3 * rounds / seconds


packages = ["torch", "transformers", "peft", "bitsandbytes", "accelerate", "gguf"]
print(
    json.dumps(
        {
            "gpu": gpu,
            "bfloat16": bfloat16,
            "name": torch.cuda.get_device_name(0) if gpu else "cpu",
            "bytes": torch.cuda.get_device_properties(0).total_memory if gpu else 0,
            "versions": {name: version(name) for name in packages},
            "flops": flops(8192 if gpu else 1024),
        }
    )
)
