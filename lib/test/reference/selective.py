"""Areas under risk-coverage curves by lm-polygraph, their points by scikit-learn; writes selective.json.

Made with lm-polygraph 0.7.0 and scikit-learn 1.9.1: pip install --no-deps lm-polygraph, then python selective.py
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import numpy as np
from sklearn.metrics import zero_one_loss

# The package as a whole wants PyTorch; its metrics want numpy alone.
package = Path(importlib.util.find_spec("lm_polygraph").origin).parent
for name, folder in {"lm_polygraph": package, "lm_polygraph.ue_metrics": package / "ue_metrics"}.items():
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [str(folder)]
from lm_polygraph.ue_metrics.pred_rej_area import PredictionRejectionArea  # noqa: E402
from lm_polygraph.ue_metrics.risk_cov_curve import RiskCoverageCurveAUC  # noqa: E402

rng = np.random.default_rng(20260615)


def case(n, skill):
    confidence = rng.permutation(np.linspace(0.34, 0.99, n))
    right = (rng.random(n) < (1 - skill) * 0.7 + skill * confidence).astype(int)
    order = np.argsort(-confidence)
    area = RiskCoverageCurveAUC()(-confidence, right)
    assert abs(1 - PredictionRejectionArea()(-confidence, right) - area) < 1e-12
    return {
        "confidence": confidence.tolist(),
        "right": right.tolist(),
        # The share of wrong answers among the k most confident.
        "risk": [zero_one_loss(np.ones(k), right[order[:k]]) for k in range(1, n + 1)],
        "area": area,
        # The least there can be: confident of all that is right before anything that is wrong.
        "leastArea": RiskCoverageCurveAUC()(-right, right),
    }


Path(__file__).with_suffix(".json").write_text(
    json.dumps([case(40, 0), case(40, 1), case(200, 0.5)], default=float) + "\n"
)
