"""Findings with all that a board deck shows, made up without an engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from priced import made_price
from synthetic import LABELS, made_records

from simulation.evidence.reasons import TERMS
from simulation.experiment.batch.equal_cost import WITHIN
from simulation.records import Moved
from simulation.statistics import assumptions
from simulation.statistics.assumptions import AssumptionRange, Reach
from simulation.statistics.compare import compare
from simulation.statistics.findings import findings_of
from simulation.statistics.ranks import Rank
from simulation.statistics.reasons import MEASURES_SPLIT, Estimate, Reasons, Share, Shift, Split

CHINESE = ("现状方案：维持现有佣金制度", "降低五分之一佣金并增加长期股权激励", "更陡峭的提成曲线与季度加速器", "股权更新计划")
LEVERS = ("autonomy", "commission", "scenario_training")
MOVED = ("world.contract.value_multiple", "parameters.selling.price_slope")
GROUPS = {
    "segment": ("Money", "Security", "Mastery", "Autonomy", "Recognition", "Belonging"),
    "performance": ("Not ranked yet", "Bottom quarter", "Third quarter", "Second quarter", "Top quarter"),
}
ABOUT = {
    "digests": {"scenario": "0123456789abcdef", "parameters": "fedcba9876543210", "engine": "00ff00ff00ff00ff"},
    "versions": {"orgsim": "0.1.0", "python": "3.11.2", "numpy": "2.4.6"},
}


def made_board(labels=LABELS[:5], *, seeds=6, months=24, whole=True, worth=0.0, **changes):
    """Findings of made-up records; `whole` adds reasons, prices, ranks, assumption ranges, leavers and stress worlds.

    `worth` is taken from every contribution [usd a year], so that it can be made negative.
    """
    records = made_records(labels, seeds=seeds, months=months, **changes)
    summary = _poorer(compare(records), worth)
    stress = {}
    if whole:
        stress = {f"worlds/{name}.toml": compare(made_records(labels, seeds=4, months=months, effect=e)) for name, e in WORLDS}
        others = summary.others
        ranks = {key: Rank(n, 0.5 + 0.04 * n) for n, key in enumerate(summary.policies, 1)}
        summary = replace(
            summary, ranks=ranks, reasons=_reasons(summary) if others else None, assumptions=_assumptions(summary),
            static=made_price(summary.policies, list(summary.labels.values())),
            moved={others[0]: Moved("commission.pay_level", 1.0, 1.1, WITHIN / 2)} if others else {},
            series={**summary.series, "leavers": _leavers(summary)},
        )  # fmt: skip
    return findings_of(records.scenario, summary, stress, about=ABOUT)


WORLDS = (("downturn", 0.5), ("talent_war", -1.0))


def _poorer(summary, worth):
    """The same comparison with all contributions lower by an amount."""
    names = [f"contribution_{side}" for side in ("mean", "low", "high")]
    return replace(summary, table=summary.table.assign(**{name: summary.table[name] - worth for name in names}))


def _estimate(mean, half):
    return Estimate(mean, mean - half, mean + half)


def _reasons(summary):
    rng = np.random.default_rng(3)
    by_reason = {
        key: {t: Shift(0.1, None if key == summary.baseline else _estimate(rng.normal(0, 0.1), 0.05)) for t in TERMS}
        for key in summary.policies
    }
    by_lever = {}
    for key in summary.others:
        by_lever[key] = {}
        for measure in MEASURES_SPLIT:
            whole = float(summary.value(key, measure, "diff"))
            size = max(abs(whole), 1e-3)
            shares = {lever: Share(_estimate(rng.normal(0, size), size / 3), 0.0, 0.0) for lever in LEVERS}
            rest = whole - sum(one.share.mean for one in shares.values())
            by_lever[key][measure] = Split(_estimate(whole, size / 2), shares, _estimate(rest, size / 4))
    of_all = {key: Shift(0.1, _estimate(0.1, 0.05)) for key in summary.policies}
    return Reasons(by_reason, of_all, by_lever, 6, pd.DataFrame())


def _assumptions(summary):
    def reach(key, measure):
        mean = float(summary.value(key, measure, "diff"))
        size = max(abs(mean), 1e-3)
        decided = measure != "contribution"    # the others have no sign to lose, and no word in their row
        flips = (f"{MOVED[1]}=3",) if decided else ()
        return Reach(mean, mean - size, mean + size / 2, f"{MOVED[0]}=1", None, flips, (), decided=decided)

    policies = {key: {measure: reach(key, measure) for measure in assumptions.OF} for key in summary.others}
    moved = tuple(assumptions.Moved(name, 1.0, 200_000.0, "ratio") for name in MOVED)
    return AssumptionRange(6, moved, 12, policies, ())


def _leavers(summary):
    """Leavers by group and kind, rates of some size."""
    rng = np.random.default_rng(4)
    rows = [
        (policy, by, group.lower(), group, kind, 0.3 * rng.random())
        for policy in summary.policies for by, groups in GROUPS.items() for group in groups
        for kind in ("quits", "regretted", "dismissals")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["policy", "by", "group", "label", "kind", "mean"])
