"""The weights of a GGUF file as plain floats, in Hugging Face's layout: plain_weights.py MODEL.gguf FOLDER"""

import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

path, out = sys.argv[1:]
given = dict(pretrained_model_name_or_path=os.path.dirname(path), gguf_file=os.path.basename(path))
try:
    from transformers import GgufConfig

    dequantise = dict(quantization_config=GgufConfig(dequantize=True))
except ImportError:
    dequantise = {}
AutoModelForCausalLM.from_pretrained(**given, **dequantise, dtype=torch.float32).save_pretrained(out)
AutoTokenizer.from_pretrained(**given).save_pretrained(out)
