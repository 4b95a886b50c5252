"""The SHA-256 of an adapter's first weights, a line for each configuration: first_weights.py FOLDER CONFIG.yaml ...

FOLDER holds sft.py. The model and its tokeniser are invented, and made where the first configuration says. All start in
one process, which has drawn other numbers before each but the first.
"""

import hashlib
import os
import sys

import yaml
from safetensors import safe_open
from tokenizers import Tokenizer, models
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

folder, *configs = sys.argv[1:]
sys.path.insert(0, folder)
import sft

with open(configs[0], encoding="utf-8") as file:
    base = yaml.safe_load(file)["model_name_or_path"]
shape = dict(vocab_size=16, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
LlamaForCausalLM(LlamaConfig(**shape, num_key_value_heads=1, eos_token_id=0, pad_token_id=0)).save_pretrained(base)
words = Tokenizer(models.WordLevel({f"w{index}": index for index in range(16)}, unk_token="w1"))
PreTrainedTokenizerFast(tokenizer_object=words, eos_token="w0", pad_token="w0").save_pretrained(base)
for config in configs:
    with open(config, encoding="utf-8") as file:
        output = yaml.safe_load(file)["output_dir"]
    sft.run(["--config", config])
    digest = hashlib.sha256()
    with safe_open(os.path.join(output, "adapter_model.safetensors"), "pt") as weights:
        for name in sorted(weights.keys()):
            if "lora_A" in name:
                digest.update(weights.get_tensor(name).float().numpy().tobytes())
    print("first weights", digest.hexdigest())
