"""What two levers bring together against what each brings alone.

    gain        = difference from the baseline, seed by seed, turned so that more is better
    interaction = gain of both - (gain of one + gain of the other)

Below zero the two take from the same source; above zero each makes the other worth more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.evidence.complements import complements
from simulation.evidence.measures import MEASURES
from simulation.experiment.design.pairs import JOINED
from simulation.statistics.intervals import t_interval
from simulation.statistics.measures import measure

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.records import Records

GAINS = ("contribution", "turnover")
"""The measures whose gains are joined."""
LEVEL = 0.95
"""Of the intervals."""
ROUNDING = 1e-9
"""Share of the widest interval below which a width is rounding."""


def pair_table(records: Records) -> tuple[DataFrame, DataFrame]:
    """Gains of single levers, and joint gains of pairs against the sum of the single ones, with 95% intervals over seeds.

    Parameters
    ----------
    records : Records
        Of a `pairs_scenario`.

    Returns
    -------
    singles : DataFrame
        A row a lever: `<measure>_gain`, `_low`, `_high`.
    pairs : DataFrame
        A row a pair: `first`, `second`, and for each measure the two gains, their sum, the joint gain, the interaction with
        its interval, and its verdict: "more than the sum", "less than the sum" or "open"; what a study says of the pair,
        `evidence` and its `source`, both empty where none does.
        Contribution in usd a year; turnover as its fall, in 1/year.
    """
    from pandas import DataFrame

    keys = [policy.key for policy in records.scenario.policies]
    row = {key: place for place, key in enumerate(keys)}
    gains = {}
    for name in GAINS:
        values = measure(records, name)
        gains[name] = (values - values[0]) * (-1.0 if MEASURES[name].better == "lower" else 1.0)
    alone = [key for key in keys[1:] if JOINED not in key]
    singles = DataFrame([{"lever": key, **_limits(gains, row[key])} for key in alone])
    pairs = DataFrame([_pair(gains, row, *key.split(JOINED)) for key in keys[1:] if JOINED in key])
    return singles, pairs


def _limits(gains: dict[str, np.ndarray], place: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, values in gains.items():
        interval = t_interval(values[place])
        found |= {f"{name}_gain": float(interval.mean), f"{name}_low": float(interval.low), f"{name}_high": float(interval.high)}
    return found


def _pair(gains: dict[str, np.ndarray], row: dict[str, int], first: str, second: str) -> dict[str, object]:
    found: dict[str, object] = {"first": first, "second": second}
    for name, values in gains.items():
        one, other, both = values[row[first]], values[row[second]], values[row[first + JOINED + second]]
        interval = t_interval(both - one - other)
        found |= {
            f"{name}_first": float(one.mean()), f"{name}_second": float(other.mean()), f"{name}_sum": float((one + other).mean()),
            f"{name}_joint": float(both.mean()), f"{name}_interaction": float(interval.mean),
            f"{name}_low": float(interval.low), f"{name}_high": float(interval.high),
            f"{name}_verdict": _verdict(float(interval.low), float(interval.high)),
        }  # fmt: skip
    known = complements().get(frozenset((first, second)))
    expected = {"more": "more than the sum", "less": "less than the sum"}
    found |= {
        "evidence": expected[known.sign] if known else "",
        "source": ", ".join(known.source) if known else "",
    }
    return found


def decided_by_luck(pairs: DataFrame, measure: str) -> float:
    """How many pairs would have a verdict by luck alone, if two levers always brought the sum of each.

        expected = (1 - level of the intervals) x (pairs whose interaction differs between seeds, beyond rounding)

    Pairs that share levers share luck; that does not change how many are expected.
    """
    width = pairs[f"{measure}_high"] - pairs[f"{measure}_low"]
    return (1.0 - LEVEL) * int((width > ROUNDING * width.max()).sum())


def _verdict(low: float, high: float) -> str:
    if low > 0.0:
        return "more than the sum"
    return "less than the sum" if high < 0.0 else "open"
