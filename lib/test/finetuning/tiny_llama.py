"""A language model of 2 layers with random weights, in Hugging Face's layout: tiny_llama.py FOLDER"""

import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
size = dict(hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
LlamaForCausalLM(LlamaConfig(vocab_size=200, tie_word_embeddings=True, **size)).save_pretrained(sys.argv[1])
