"""What of a model is trained."""

import torch
from peft import (
    LoraConfig,
    PrefixTuningConfig,
    PromptEncoderConfig,
    PromptTuningConfig,
    get_peft_model,
    prepare_model_for_kbit_training,
)
from torch import nn
from transformers import AutoModelForCausalLM, set_seed

from unpadded import ATTENTION, fuse

SOFT = {"p-tuning": PromptEncoderConfig, "prompt-tuning": PromptTuningConfig, "prefix-tuning": PrefixTuningConfig}


def load(config, device):
    """The model, ready to be trained; its first new weights depend on the seed alone."""
    given = {"dtype": torch.float32, "attn_implementation": ATTENTION}
    if config["method"] == "qlora":
        from transformers import BitsAndBytesConfig

        compute = getattr(torch, config["precision"])
        quantised = BitsAndBytesConfig(**config["quantisation"], bnb_4bit_compute_dtype=compute)
        given |= {"quantization_config": quantised, "device_map": {"": device}}
    model = AutoModelForCausalLM.from_pretrained(config["weights"], local_files_only=True, **given)
    if config["method"] == "qlora":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    else:
        model = model.to(device)
    set_seed(config["seed"])
    model = tuned(model, config)
    if config["precision"] == "bfloat16":
        halve(model)
    fuse(model)
    if device == "cuda":
        # It saves a GPU's memory for a third more of computing; in a processor's memory there is room.
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.enable_input_require_grads()
    return model


def tuned(model, config):
    method = config["method"]
    if method == "full":
        return model
    if method in ("lora", "qlora"):
        ranks = {"r": config["rank"], "lora_alpha": config["alpha"], "lora_dropout": config["dropout"]}
        return get_peft_model(
            model, LoraConfig(task_type="CAUSAL_LM", target_modules=config["targets"], **ranks)
        )
    size = {"encoder_hidden_size": model.config.hidden_size} if method == "p-tuning" else {}
    return get_peft_model(
        model, SOFT[method](task_type="CAUSAL_LM", num_virtual_tokens=config["virtualTokens"], **size)
    )


def halve(model):
    """Frozen matrices in the floats that autocast would make of them at every update; all else stays as it is."""
    for module in model.modules():
        plain = type(module) is nn.Linear and module.weight.dtype == torch.float32
        if plain and not module.weight.requires_grad and module is not model.get_output_embeddings():
            module.weight.data = module.weight.data.bfloat16()


def trained(model):
    """The parameters that are trained, by name."""
    return {name: own for name, own in model.named_parameters() if own.requires_grad}


class AnswerHead(nn.Module):
    """The logits at the asked places alone, of the asked words alone where these are given, in 32-bit floats."""

    def __init__(self, head, words):
        super().__init__()
        self.head = head
        self.words = words
        self.places = []

    def forward(self, hidden):
        asked = hidden[0, self.places]
        if not self.words:
            return self.head(asked).float()
        if type(self.head) is not nn.Linear:
            return self.head(asked)[:, self.words].float()
        bias = None if self.head.bias is None else self.head.bias[self.words].float()
        with torch.autocast(hidden.device.type, enabled=False):
            return nn.functional.linear(asked.float(), self.head.weight[self.words].float(), bias)
