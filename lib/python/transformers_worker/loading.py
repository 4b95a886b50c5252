"""Loads a model with what was tuned on it."""

import warnings
from importlib.metadata import version

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
)

from decoder import Decoder
from encoder_decoder import EncoderDecoder
from heads import Classifier, Tagger
from refusal import Refusal

KINDS = {
    "decoder": (AutoModelForCausalLM, Decoder),
    "encoder-decoder": (AutoModelForSeq2SeqLM, EncoderDecoder),
    "classifier": (AutoModelForSequenceClassification, Classifier),
    "tagger": (AutoModelForTokenClassification, Tagger),
}


def computed_in(wanted, device):
    """The floats of a model whose entry leaves it open: sixteen bits where the device multiplies them fast."""
    if wanted != "auto":
        return wanted
    fast = torch.cuda.is_bf16_supported() if device == "cuda" else torch.cpu._is_avx512_bf16_supported()
    return "bfloat16" if fast else "float32"


def load(request):
    torch.use_deterministic_algorithms(True, warn_only=True)
    if request["threads"]:
        torch.set_num_threads(request["threads"])
    device = request["device"]
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise Refusal("there is no GPU that PyTorch can use here", "Give the model device: cpu, or auto.")
    dtype = computed_in(request["dtype"], device)
    auto, asked = KINDS[request["kind"]]
    model, info = auto.from_pretrained(
        request["weights"], output_loading_info=True, local_files_only=True, **floats(dtype, device)
    )
    lacking = sorted(info["missing_keys"])
    peft = request["peft"]
    if lacking and not peft:
        raise Refusal(
            f"its files hold no {', '.join(lacking[:3])}",
            f"They are of no trained {request['kind']}: what is missing would be drawn at random.",
        )
    if peft:
        model = tuned(model, peft, lacking)
    # Weights in four bits are where they were loaded.
    model = (model if dtype == "nf4" else model.to(device)).eval().requires_grad_(False)
    if request["kind"] in ("decoder", "encoder-decoder") and dtype != "float32":
        exact_logits(model.get_base_model() if peft else model)
    tokenizer = AutoTokenizer.from_pretrained(request["weights"], local_files_only=True)
    special = {"bos": tokenizer.bos_token or "", "eos": tokenizer.eos_token or ""}
    config = model.config if not peft else model.get_base_model().config
    told = {
        "device": device,
        "dtype": dtype,
        "versions": {name: version(name) for name in ("torch", "transformers", "peft")},
        "chat": {"template": tokenizer.chat_template or None, **special},
        "labels": [config.id2label[index] for index in sorted(config.id2label)] if "ifier" in request["kind"] else [],
    }
    return asked(model, tokenizer, device), told


class ExactHead(torch.nn.Module):
    """An output layer in 32 bits: in 16, logits of the size that is common are an eighth of a nat apart."""

    def __init__(self, head):
        super().__init__()
        self.weight = torch.nn.Parameter(head.weight.float(), requires_grad=False)
        self.bias = None if head.bias is None else torch.nn.Parameter(head.bias.float(), requires_grad=False)

    def forward(self, states):
        return torch.nn.functional.linear(states.float(), self.weight, self.bias)


def exact_logits(model):
    head = model.get_output_embeddings()
    # One that is tuned itself, or quantised, stays as it is.
    if type(head) is torch.nn.Linear:
        model.set_output_embeddings(ExactHead(head))


def floats(dtype, device):
    if dtype != "nf4":
        return {"dtype": getattr(torch, dtype)}
    from transformers import BitsAndBytesConfig

    compute = getattr(torch, computed_in("auto", device))
    quantised = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute,
    )
    return {"dtype": compute, "quantization_config": quantised, "device_map": {"": device}}


def tuned(model, folder, lacking):
    from peft import PeftModel

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = PeftModel.from_pretrained(model, folder)
    missing = [str(each.message) for each in said if "missing adapter keys" in str(each.message)]
    saved = getattr(model.active_peft_config, "modules_to_save", None) or []
    drawn = [key for key in lacking if not any(key.startswith(f"{name}.") for name in saved)]
    if missing or drawn:
        raise Refusal(
            f"PEFT’s files hold not all that was tuned: {', '.join(drawn[:3]) or missing[0]}",
            "They must be of this very model, and of the version of PEFT that is in requirements/train.txt.",
        )
    return model
