"""What a training would run on here, and how fast that is, as JSON."""

import json
import time
from importlib.metadata import version

import torch
from accelerate.commands.config.config_args import load_config_from_file

gpu = torch.cuda.is_available()
try:
    processes = load_config_from_file(None).num_processes or 1
except FileNotFoundError:
    # What accelerate does without a configuration: all GPUs of the machine.
    processes = max(1, torch.cuda.device_count())


def flops(size: int) -> float:
    a = torch.randn(size, size, dtype=torch.bfloat16 if gpu else torch.float32, device="cuda" if gpu else "cpu")
    for rounds in (1, 5):
        started = time.perf_counter()
        for _ in range(rounds):
            b = a @ a
        if gpu:
            torch.cuda.synchronize()
        seconds = time.perf_counter() - started
    return 2 * size**3 * rounds / seconds


packages = ["torch", "transformers", "trl", "peft", "bitsandbytes", "accelerate", "datasets", "gguf"]
print(
    json.dumps(
        {
            "gpu": gpu,
            "name": torch.cuda.get_device_name(0) if gpu else "cpu",
            "bytes": torch.cuda.get_device_properties(0).total_memory if gpu else 0,
            "processes": processes,
            "versions": {name: version(name) for name in packages},
            "flops": flops(8192 if gpu else 1024),
        }
    )
)
