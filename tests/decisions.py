"""Findings made to order: levels and intervals are given, all else follows by the rules of `compare`.

Seeds differ by rows of a Hadamard matrix: each policy's paired difference has exactly the mean and the 95% half-width asked
for, and the noise of two policies is uncorrelated, as that of unlike policies is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
from scipy.linalg import hadamard
from scipy.stats import t
from synthetic import LABELS, made_records

from simulation.evidence.measures import MEASURES
from simulation.scenario.policy import Material
from simulation.statistics.compare import compare, compare_measure
from simulation.statistics.findings import Findings

SEEDS = 16
LEVELS = {
    "turnover": 0.30, "revenue": 1e9, "contribution": 5e8, "total_cost": 2e8, "pay_cost": 4e7, "regretted_quits_rate": 0.04,
}  # fmt: skip
"""The baseline's figures of the measures that sentences speak of."""
MATERIAL = {
    "turnover": Material(0.01, relative=False), "revenue": Material(0.01, relative=True),
    "contribution": Material(0.01, relative=True),
}  # fmt: skip
OWN = {"95%"}
"""Digits that words may have of their own."""


@cache
def _base(policies):
    """A comparison of some policies, whose figures are replaced."""
    return compare(made_records(LABELS[:policies], seeds=2, months=12))


def made_findings(
    labels=("Status quo", "Growth mix"), changes=None, *, levels=(), seeds=SEEDS, material=MATERIAL, require=(), **more
):
    """Findings in which each policy but the first, the baseline, does what is asked.

    `changes` holds by measure a pair (difference, half-width of its interval) a policy, in order; what is not named is the same
    under all. `levels` are the baseline's. `more` goes to the facts, but for fields of the summary and `stress`.
    """
    base = _base(len(labels))
    keys = [f"p{n}" for n in range(len(labels))]
    facts = replace(
        base.facts, seeds=seeds, months=36, material=dict(material), require=dict(require),
        **{name: more.pop(name) for name in ("objective", "assumed", "draws") if name in more},
    )  # fmt: skip
    stress = more.pop("stress", {})
    table = base.table.set_axis(keys).assign(label=list(labels))
    by_seed = dict(base.by_seed)
    wanted = {**{key: {} for key in LEVELS}, **(changes or {})}
    for key, pairs in wanted.items():
        own = {**LEVELS, **dict(levels)}.get(key, 0.1)
        by_seed[key] = _values(own, pairs or [(0.0, 0.0)] * (len(labels) - 1), seeds)
        columns = compare_measure(by_seed[key], 0, MEASURES[key].better, facts.material.get(key))
        table = table.assign(**{f"{key}_{name}": column for name, column in columns.items()})
    series = {name: _renamed(frame, base.policies, keys) for name, frame in base.series.items()}
    series["bridge"] = _bridge(series["bridge"], table)
    summary = replace(
        base, table=table, baseline="p0", labels=dict(zip(keys, labels, strict=True)), facts=facts, series=series,
        by_seed=by_seed, **{"warnings": (), **more},
    )  # fmt: skip
    return Findings(summary, stress)


def _values(level, pairs, seeds):
    """Figures (policy, seed) whose paired differences have the means and half-widths asked for."""
    noise = hadamard(SEEDS)[1:, :seeds] if seeds > 1 else np.zeros((SEEDS - 1, 1))
    rows = [np.full(seeds, level)]
    for (difference, half), own in zip(pairs, noise, strict=False):
        spread = own.std(ddof=1) if seeds > 1 else 1.0
        amount = half * np.sqrt(seeds) / t.ppf(0.975, seeds - 1) / spread if seeds > 1 and half else 0.0
        rows.append(level + difference + amount * own)
    return np.array(rows)


def _renamed(frame, old, new):
    return frame.assign(policy=frame["policy"].map(dict(zip(old, new, strict=True)))) if "policy" in frame else frame


def _bridge(frame, table):
    """All of a difference in contribution comes from revenue."""
    difference = frame["policy"].map(table["contribution_diff"])
    mean = np.where(frame["line"].isin(["revenue", "contribution"]), difference, 0.0)
    return frame.assign(mean=mean, low=mean, high=mean)


def unquoted_digits(sentence, allowed=()):
    """Digits of a text that no quote accounts for: `allowed` are texts, such as labels, whose digits are their own."""
    text, quoted = sentence.text, sorted({quote.text for quote in sentence.quotes}, key=len, reverse=True)
    words = [number for number in quoted if re.search(r"[^\W\d_]", number)]
    for own in (*words, *sorted({*allowed, *OWN}, key=len, reverse=True)):
        text = text.replace(own, " ")
    for number in quoted:
        text = re.sub(rf"(?<![\d.,]){re.escape(number)}(?![\d]|[.,]\d)", " ", text)
    return re.findall(r"\d[\d.,]*", text)
