"""What a model says of label answers: label_logprobs.py BASE ADAPTER|- ROWS.jsonl TOKEN,TOKEN,TOKEN QUANTISATION|-

BASE is a folder in Hugging Face's layout, ADAPTER one of PEFT; QUANTISATION holds arguments of BitsAndBytesConfig, in
JSON, for BASE to be quantised by them. ROWS holds id, prompt and input_ids. Prints a line of JSON a row: id, the natural
logarithms of the probabilities, of the whole vocabulary's, of the three tokens after input_ids, and whether the
tokeniser in BASE makes input_ids of the prompt.
"""

import json
import math
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

base, adapter, rows, tokens, quantisation = sys.argv[1:]
answers = [int(token) for token in tokens.split(",")]
device = "cuda" if torch.cuda.is_available() else "cpu"
tokenizer = AutoTokenizer.from_pretrained(base)
quantised = {}
if quantisation != "-":
    from transformers import BitsAndBytesConfig

    settings = json.loads(quantisation)
    quantised["quantization_config"] = BitsAndBytesConfig(**settings, bnb_4bit_compute_dtype=torch.float32)
model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, **quantised)
if adapter != "-":
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, adapter)
model.to(device).eval()
with open(rows, encoding="utf-8") as lines, torch.inference_mode():
    for line in lines:
        row = json.loads(line)
        ids = torch.tensor([row["input_ids"]], device=device)
        logits = model(input_ids=ids, logits_to_keep=1).logits[0, -1].float()
        logprobs = torch.log_softmax(logits, -1)[answers].tolist()
        if not all(map(math.isfinite, logprobs)):
            sys.exit(f"the log-probabilities of {row['id']} are no finite numbers: {logprobs}")
        same = tokenizer(row["prompt"], add_special_tokens=False)["input_ids"] == row["input_ids"]
        print(json.dumps({"id": row["id"], "logprobs": logprobs, "sameTokens": same}))
