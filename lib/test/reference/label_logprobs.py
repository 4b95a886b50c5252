"""Label log-probabilities and mass by scipy over a whole vocabulary; writes label_logprobs.json beside itself.

Made with scipy 1.17.1: python label_logprobs.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.special import log_softmax, logsumexp

rng = np.random.default_rng(20261123)
cases = []
for scale in (1.0, 6.0, 40.0):
    vocabulary = rng.normal(0, scale, 500)
    answers = rng.choice(500, 3, replace=False)
    logits = vocabulary[answers]
    cases.append(
        {
            "logits": logits.tolist(),
            "maxLogit": float(vocabulary.max()),
            "totalWeight": float(np.exp(vocabulary - vocabulary.max()).sum()),
            "logprobs": log_softmax(logits).tolist(),
            "mass": float(np.exp(logsumexp(log_softmax(vocabulary)[answers]))),
        }
    )
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=1) + "\n")
