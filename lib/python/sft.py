"""TRL's supervised fine-tuning, with the seed set before anything is drawn: sft.py --config CONFIG.yaml

SFTTrainer puts a new adapter on the model before it sets the seed, so that the adapter's first weights would not depend
on the configuration's seed.
"""

from transformers import set_seed
from trl.scripts.sft import main, make_parser


def run(arguments=None):
    script, training, model, datasets = make_parser().parse_args_and_config(arguments)
    set_seed(training.seed)
    main(script, training, model, datasets)


if __name__ == "__main__":
    run()
