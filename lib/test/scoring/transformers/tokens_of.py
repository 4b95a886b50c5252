"""The tokens that the worker gives a model: tokens_of.py lib/python/transformers_worker FOLDER < REQUEST.json"""

import json
import sys

from transformers import AutoTokenizer

sys.path.insert(0, sys.argv[1])
from tokens import Tokens

tokens = Tokens(AutoTokenizer.from_pretrained(sys.argv[2]))
request = json.load(sys.stdin)
before, prompts = tokens.prompts(request)
asked = {prompt.id: before + prompt.first + prompt.question for prompt in prompts}
print(json.dumps({"prompts": asked, "answers": tokens.answers(request)}))
