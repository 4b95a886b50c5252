"""What a model writes after prompts: written_answers.py BASE ADAPTER|- ROWS.jsonl MOST_TOKENS float32|nf4

BASE and ADAPTER as label_logprobs.py has them. Prints a line of JSON a row: id, and the text that transformers' own generation
holds most probable, a row at a time.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

base, adapter, rows, most, weights = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(base)
given = {"dtype": torch.float32}
if weights == "nf4":
    from transformers import BitsAndBytesConfig

    kept = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}
    given["quantization_config"] = BitsAndBytesConfig(**kept, bnb_4bit_compute_dtype=torch.float32)
model = AutoModelForCausalLM.from_pretrained(base, **given)
ends = model.generation_config.eos_token_id
if adapter != "-":
    from peft import PeftModel

    model = PeftModel.from_pretrained(model, adapter)
model.eval()
ends = {each for each in [*(ends if isinstance(ends, list) else [ends]), tokenizer.eos_token_id] if each is not None}
settings = GenerationConfig(max_new_tokens=int(most), do_sample=False, eos_token_id=sorted(ends), pad_token_id=min(ends))
with open(rows, encoding="utf-8") as lines, torch.inference_mode():
    for line in lines:
        row = json.loads(line)
        ids = torch.tensor([row["input_ids"]])
        written = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), generation_config=settings)[0]
        own = written[len(row["input_ids"]) :]
        text = tokenizer.decode(own, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        print(json.dumps({"id": row["id"], "text": text}))
