"""Fetches a model from the hub, or finds it in the hub's cache, and prints its folder: hub_weights.py NAME REVISION"""

import sys

from huggingface_hub import snapshot_download

name, revision = sys.argv[1:]
wanted = ["*.safetensors", "*.safetensors.index.json", "*.json", "tokenizer*", "*.model", "*.txt", "*.jinja"]
print(snapshot_download(name, revision=revision, allow_patterns=wanted, etag_timeout=5))
