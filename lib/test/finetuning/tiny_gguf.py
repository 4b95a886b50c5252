"""A language model of 2 layers with random weights and the tokeniser of another: tiny_gguf.py TOKENISER_FOLDER FOLDER"""

import sys

import torch
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

tokeniser, folder = sys.argv[1:]
torch.manual_seed(0)
own = AutoTokenizer.from_pretrained(tokeniser)
size = dict(hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
tokens = dict(vocab_size=len(own), bos_token_id=own.bos_token_id, eos_token_id=own.eos_token_id)
LlamaForCausalLM(LlamaConfig(tie_word_embeddings=True, max_position_embeddings=512, **tokens, **size)).save_pretrained(folder)
own.save_pretrained(folder)
