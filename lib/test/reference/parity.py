"""How far label scores are from log-likelihoods, by scipy; writes parity.json beside itself.

Made with scipy 1.17.1: python parity.py
"""

import json
from pathlib import Path

import numpy as np
from scipy.special import log_softmax
from scipy.stats import pearsonr

rng = np.random.default_rng(20261124)
cases = []
for noise in (0.01, 0.5, 3.0):
    ours = log_softmax(rng.normal(0, 2, (40, 3)), axis=1)
    # Not normalised over the labels: each row is off by what the other words hold.
    likelihoods = ours + rng.normal(0, noise, ours.shape) - rng.uniform(0, 5, (40, 1))
    theirs = log_softmax(likelihoods, axis=1)
    cases.append(
        {
            "logprobs": ours.tolist(),
            "likelihoods": likelihoods.tolist(),
            "agreement": float((ours.argmax(1) == theirs.argmax(1)).mean()),
            "correlation": float(pearsonr(ours.ravel(), theirs.ravel()).statistic),
            "largest": float(np.abs(ours - theirs).max()),
        }
    )
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=1) + "\n")
