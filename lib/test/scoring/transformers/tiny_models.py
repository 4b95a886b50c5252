"""Models of a few thousand random weights, and what transformers and PEFT say of whole prompts, one at a time.

tiny_models.py make FOLDER: a folder each for a decoder, what PEFT tuned on it in five ways, an encoder-decoder, a
classifier and a tagger.
tiny_models.py ask WORKER WEIGHTS PEFT|- KIND < REQUEST.json: for each row, the natural logarithms of the answers'
probabilities, normalised over them, and the text that is most probable, by the libraries' own means.
tiny_models.py classify FOLDER TEXT [TEXT]: the logits of a classifier.
"""

import json
import os
import sys

import torch
from peft import (
    LoraConfig,
    PeftModel,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    TaskType,
    get_peft_model,
)
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

WORDS = "Eating tea coffee salt ginger garlic honey improves sleep blood pressure headache True False Unknown".split()


def tokenizer(folder, ends):
    """Bytes and a few words; with `ends`, every text ends with </s>, as T5's do."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = ["<pad>", "</s>", "<s>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    made.train_from_iterator([" ".join(WORDS)] * 5, trainer)
    if ends:
        made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    fast = PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<pad>", eos_token="</s>", bos_token="<s>")
    fast.model_max_length = 512
    fast.save_pretrained(folder)
    return len(fast)


def shaken(model):
    """Weights far enough from where they begin to tell prompts apart."""
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    return model


def make(root):
    torch.manual_seed(1)
    folder = lambda name: os.path.join(root, name)
    size = dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4)
    ids = dict(pad_token_id=0, eos_token_id=1, bos_token_id=2)
    vocabulary = tokenizer(folder("tiny-decoder"), ends=False)
    config = LlamaConfig(vocab_size=vocabulary, num_key_value_heads=2, max_position_embeddings=512, **size, **ids)
    base = shaken(LlamaForCausalLM(config))
    base.save_pretrained(folder("tiny-decoder"))
    task = dict(task_type=TaskType.CAUSAL_LM)
    for name, tuning in {
        "tiny-lora": LoraConfig(r=2, target_modules="all-linear", init_lora_weights=False, **task),
        "tiny-p-tuned": PromptEncoderConfig(num_virtual_tokens=5, encoder_hidden_size=16, **task),
        "tiny-prompt-tuned": PromptTuningConfig(num_virtual_tokens=3, **task),
        "tiny-prefix-tuned": PrefixTuningConfig(num_virtual_tokens=4, **task),
    }.items():
        tuned = get_peft_model(LlamaForCausalLM.from_pretrained(folder("tiny-decoder")), tuning)
        with torch.no_grad():
            for weight in tuned.parameters():
                if weight.requires_grad:
                    weight.add_(torch.randn_like(weight) * 0.3)
        tuned.save_pretrained(folder(name))

    vocabulary = tokenizer(folder("tiny-t5"), ends=True)
    config = T5Config(
        vocab_size=vocabulary, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, decoder_start_token_id=0, pad_token_id=0, eos_token_id=1
    )
    shaken(T5ForConditionalGeneration(config)).save_pretrained(folder("tiny-t5"))

    heads = {
        "tiny-classifier": (BertForSequenceClassification, ["NEI", "CONTRADICT", "SUPPORT"]),
        "tiny-tagger": (BertForTokenClassification, ["O", "B-Disease", "I-Disease"]),
    }
    for name, (kind, labels) in heads.items():
        vocabulary = tokenizer(folder(name), ends=False)
        named = dict(id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)})
        config = BertConfig(vocab_size=vocabulary, max_position_embeddings=64, **size, **named)
        shaken(kind(config)).save_pretrained(folder(name))


def greedy(model, tokens, end, limit):
    """The most probable tokens, the whole text evaluated anew for each."""
    written = []
    while len(written) < limit:
        ids = torch.tensor([[*tokens, *written]])
        token = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits[0, -1].argmax().item()
        if token == end:
            break
        written.append(token)
    return written


@torch.inference_mode()
def ask(worker, weights, peft, kind):
    sys.path.insert(0, worker)
    from tokens import Tokens

    request = json.load(sys.stdin)
    spoken = AutoTokenizer.from_pretrained(weights)
    auto = AutoModelForCausalLM if kind == "decoder" else AutoModelForSeq2SeqLM
    model = auto.from_pretrained(weights, dtype=torch.float32)
    if peft != "-":
        model = PeftModel.from_pretrained(model, peft)
    model.eval()
    tokens = Tokens(spoken)
    before, prompts = tokens.prompts(request)
    if kind == "decoder":
        answers = tokens.answers(request)
    else:
        answers = [spoken(word, add_special_tokens=False)["input_ids"][0] for word in request["answers"]]
    told = {}
    for prompt in prompts:
        whole = before + prompt.first + prompt.question
        ids = torch.tensor([whole if kind == "decoder" else whole + (spoken.eos_token_id,)])
        mask = torch.ones_like(ids)
        start = {} if kind == "decoder" else {"decoder_input_ids": torch.tensor([[0]])}
        logits = model(input_ids=ids, attention_mask=mask, **start).logits[0, -1].double()
        if kind == "decoder":
            written = greedy(model, whole, spoken.eos_token_id, request["maxTokens"])
        else:
            most = dict(max_new_tokens=request["maxTokens"], do_sample=False, num_beams=1)
            written = model.generate(input_ids=ids, attention_mask=mask, **most)[0].tolist()[1:]
        text = spoken.decode(written, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        told[prompt.id] = {"logprobs": logits[answers].log_softmax(-1).tolist(), "text": text}
    print(json.dumps(told))


@torch.inference_mode()
def classify(folder, *texts):
    model = BertForSequenceClassification.from_pretrained(folder).eval()
    print(json.dumps(model(**AutoTokenizer.from_pretrained(folder)(*texts, return_tensors="pt")).logits[0].double().tolist()))


{"make": make, "ask": ask, "classify": classify}[sys.argv[1]](*sys.argv[2:])
