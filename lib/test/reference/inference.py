"""Statistics by scikit-learn, scipy, statsmodels and Kumar's uncertainty-calibration; writes inference.json.

Made with scikit-learn 1.9.1, scipy 1.17.1, statsmodels 0.15.0, uncertainty-calibration 0.1.4: python inference.py
"""

import json
import warnings
from pathlib import Path

import calibration as kumar
import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import logsumexp
from sklearn.calibration import _TemperatureScaling, calibration_curve
from sklearn.metrics import brier_score_loss, f1_score, log_loss
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import normal_power, normal_sample_size_one_tail
from statsmodels.stats.weightstats import ttost_paired

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20260613)
LABELS = "SCN"


def text(labels):
    return "".join(LABELS[label] for label in labels)


def macro_f1(gold, predicted):
    """f1_score's macro average, by counting: thousands of calls of f1_score take minutes."""
    counts = np.bincount(3 * gold + predicted, minlength=9).reshape(3, 3)
    totals = counts.sum(axis=0) + counts.sum(axis=1)
    return np.mean(2 * np.diag(counts) / np.maximum(totals, 1))


def assert_macro_f1(gold, predicted):
    known = f1_score(gold, predicted, labels=[0, 1, 2], average="macro", zero_division=0)
    assert abs(known - macro_f1(gold, predicted)) < 1e-12


gold = rng.choice(3, 400, p=[0.5, 0.3, 0.2])
# Probabilities of an overconfident model, some of them equal.
logits = np.round(rng.normal(0, 2.5, (400, 3)), 1)
logits[np.arange(400), gold] += 1.2
logprobs = logits - logsumexp(logits, axis=1, keepdims=True)
probabilities = np.exp(logprobs)
confidence = probabilities.max(axis=1)
right = (probabilities.argmax(axis=1) == gold).astype(int)


def slope(inverse):
    scaled = inverse * logprobs
    shares = np.exp(scaled - logsumexp(scaled, axis=1, keepdims=True))
    return np.mean((shares * logprobs).sum(axis=1) - logprobs[np.arange(400), gold])


temperature = 1 / brentq(slope, 0.01, 100, xtol=1e-15, rtol=1e-15)
# scikit-learn scales logits too, to the tolerance of its optimiser.
scaling = _TemperatureScaling().fit(logprobs, gold)
assert abs(1 / scaling.beta_ - temperature) < 1e-6, (1 / scaling.beta_, temperature)


def risk_coverage(confidence, wrong):
    """The mean over random orders of equal confidences, by the hypergeometric mean at every coverage."""
    risks = []
    for k in range(1, len(wrong) + 1):
        cut = np.sort(confidence)[::-1][k - 1]
        above, at = confidence > cut, confidence == cut
        risks.append((wrong[above].sum() + (k - above.sum()) * wrong[at].mean()) / k)
    return risks


# Equal confidences are to be equal whoever computes them.
risks = risk_coverage(confidence.round(12), 1 - right)
best = np.cumsum(np.sort(1 - right)) / np.arange(1, 401)
accuracy, mean_confidence = calibration_curve(right, confidence, n_bins=15)
ece_em = kumar.get_ece_em(probabilities, gold, num_bins=15)
debiased = kumar.lower_bound_scaling_ce(
    probabilities, gold, p=2, debias=True, num_bins=15, binning_scheme=kumar.get_equal_bins, mode="top-label"
)

p_values = [0.01, 0.04, 0.03, 0.005, 0.04, 0.8, 0.0001]
tables = [(10, 25), (0, 6), (7, 7), (130, 171), (1, 0), (0, 0)]


def mid_p(b, c):
    x, n = min(b, c), b + c
    return min(1.0, 2 * (stats.binom.cdf(x, n, 0.5) - 0.5 * stats.binom.pmf(x, n, 0.5)))


small = gold[:120]
ours = np.where(rng.random(120) < 0.75, small, rng.choice(3, 120))
theirs = np.where(rng.random(120) < 0.6, small, rng.choice(3, 120))

assert_macro_f1(small, ours)
assert_macro_f1(small, theirs)

hits, others = np.equal(ours, small).astype(float), np.equal(theirs, small).astype(float)

# A BCa interval of scipy from a bootstrap distribution that is written down too.
sample = np.round(rng.exponential(1, 25), 3)
drawn = stats.bootstrap((sample,), np.mean, n_resamples=999, method="percentile", rng=rng)
bca = stats.bootstrap((sample,), np.mean, n_resamples=0, bootstrap_result=drawn, method="BCa").confidence_interval


def bca_macro_f1():
    return stats.bootstrap(
        (small, ours), macro_f1, paired=True, vectorized=False, n_resamples=9999, method="BCa", rng=rng
    ).confidence_interval


Path(__file__).with_suffix(".json").write_text(
    json.dumps(
        {
            "calibration": {
                "gold": text(gold),
                "logprobs": logprobs.tolist(),
                "brier": brier_score_loss(gold, probabilities, labels=[0, 1, 2], scale_by_half=False),
                "logLoss": log_loss(gold, probabilities, labels=[0, 1, 2]),
                "reliability": {"accuracy": accuracy.tolist(), "confidence": mean_confidence.tolist()},
                "equalWidth": kumar.get_ece(probabilities, gold, num_bins=15),
                "equalMass": ece_em,
                "debiased": debiased,
                "temperature": temperature,
                "risk": risks,
                "excessArea": float(np.mean(risks) - np.mean(best)),
            },
            "multiplicity": {
                "p": p_values,
                "holm": multipletests(p_values, method="holm")[1].tolist(),
                "benjaminiHochberg": multipletests(p_values, method="fdr_bh")[1].tolist(),
            },
            "mcnemar": [
                {
                    "counts": [b, c],
                    "exact": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) if b + c else 1.0,
                    "midP": float(mid_p(b, c)) if b + c else 1.0,
                }
                for b, c in tables
            ],
            "power": {
                "sampleSize": normal_sample_size_one_tail(0.03, 0.8, 0.025, std_null=0.5),
                "power": normal_power(0.03, 969, 0.05, sigma=0.5),
            },
            "paired": {
                "gold": text(small),
                "ours": text(ours),
                "theirs": text(theirs),
                "equivalence": ttost_paired(hits, others, -0.3, 0.3)[0],
                "accuracyError": stats.sem(hits - others),
                "bcaMacroF1": list(bca_macro_f1()),
            },
            "bca": {
                "sample": sample.tolist(),
                "estimates": np.sort(drawn.bootstrap_distribution).tolist(),
                "interval": list(bca),
            },
            "distributions": {
                "normalCdf": [[z, stats.norm.cdf(z)] for z in [-4.2, -1, 0, 0.3, 2.7]],
                "normalQuantile": [[p, stats.norm.ppf(p)] for p in [1e-6, 0.025, 0.5, 0.8, 0.999]],
                "studentCdf": [[t, df, stats.t.cdf(t, df)] for t, df in [(-3, 4), (0.7, 1), (2.1, 49), (5, 200)]],
                "binomialCdf": [[k, n, p, stats.binom.cdf(k, n, p)] for k, n, p in [(3, 10, 0.5), (90, 200, 0.5)]],
            },
        },
        default=float,
    )
    + "\n"
)
