"""Findings with everything that a study can find, made up by hand; and whether two are the same to the last bit."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
from priced import made_price
from synthetic import LABELS, made_records

from simulation.evidence.reasons import TERMS
from simulation.experiment.store import about_run
from simulation.records import Moved
from simulation.statistics import assumptions, reasons
from simulation.statistics.assumptions import AssumptionRange, Reach
from simulation.statistics.compare import compare
from simulation.statistics.findings import findings_of
from simulation.statistics.ranks import Rank
from simulation.statistics.reasons import MEASURES_SPLIT, Estimate, Reasons, Share, Shift, Split
from simulation.statistics.selection import Out, Selection
from simulation.statistics.stopping import Stopping
from simulation.statistics.summary import DrawFacts
from simulation.statistics.widths import Width

REQUIRE = {"turnover": ("<=", 0.345), "win_rate": (">=", 0.1)}


def made_findings(labels=LABELS[:3], *, seeds=6, months=12, **changes):
    """Findings with draws, ranks, reasons, assumption ranges, static prices, a stop, two stress worlds and a firm."""
    records = made_records(labels, seeds=seeds, months=months, require=REQUIRE, **changes)
    plain = compare(records)
    base, *others = plain.policies
    records.moved[others[0]] = Moved("commission.pay_level", 1.0, 1.0 / 0.93, -0.001)
    draws = DrawFacts(("parameters.leaving.pay_slope",), ("parameters.selling.price_slope",), (1, 90), anchored=True)
    selection = Selection("best", others[0], (), tuple(others[1:]), (), {base: Out("worse", others[0], 4)}, good=True)
    widths = (Width("turnover", 0.005, np.nan, None), Width("revenue", 1e5, 8.5e4, others[0]))
    counts = dict.fromkeys(plain.policies, seeds)
    summary = replace(
        compare(records), facts=replace(plain.facts, draws=draws), by_seed_point=plain.by_seed, reasons=_reasons(plain),
        ranks={base: Rank(None, np.nan), **{key: Rank(n, 0.1 + 0.2 * n) for n, key in enumerate(others, 1)}},
        assumptions=_assumptions(plain), static=made_price(plain.policies, labels),
        stopping=Stopping(selection, (), {**counts, base: 4}, (4, seeds), 1000, 0.05),
    )  # fmt: skip
    narrowed = replace(plain, stopping=Stopping(None, widths, counts, (4, seeds), 1000, 0.1))
    stress = {"worlds/a.toml": narrowed, "worlds/b.toml": plain}
    firm = {"turnover": {"asked": 0.31, "reached": 0.1 + 0.2, "error": 1e-17, "owned_by": None, "value": np.float64(1.5)}}
    return findings_of(records.scenario, summary, stress, about=about_run(records, summary, firm), firm=firm)


def _reasons(summary):
    """Shares and terms of some size."""
    third = Estimate(1.0 / 3.0, -0.0, 0.1 + 0.2)
    shifts = {key: Shift(0.1, None if key == summary.baseline else third) for key in summary.policies}
    by_reason = {key: dict.fromkeys(TERMS, shift) for key, shift in shifts.items()}
    split = Split(third, {"commission": Share(third, 0.2, 0.3), "equity": Share(third, 0.4, 0.5)}, third)
    by_lever = {key: dict.fromkeys(MEASURES_SPLIT, split) for key in summary.others}
    return Reasons(by_reason, shifts, by_lever, 6, reasons._table(by_reason, by_lever, summary.labels))


def _assumptions(summary):
    reach = Reach(1e6, -2e6, 3.3e6, None, "contract.value_multiple=1", ("a=1",), (), decided=bool(summary.others))
    moved = assumptions.Moved("parameters.contract.value_multiple", 1.0, 20.0, "ratio")
    policies = {key: dict.fromkeys(assumptions.OF, reach) for key in summary.others}
    return AssumptionRange(6, (moved,), 12, policies, ("b was left out",))


def differences(one, other, where="findings"):
    """Where two values are not of one kind or not equal, to the last bit of every number and in the order of every mapping."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):  # frames made when asked for come back as a dictionary
        return parts(one, other, where)
    if type(one) is not type(other):
        return [f"{where}: {type(one)} and {type(other)}"]
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_index_equal(one.columns, other.columns, exact=True)
        pd.testing.assert_index_equal(one.index, other.index, exact=True)
        same = list(one.dtypes) == list(other.dtypes)
        return parts(*({name: frame[name].tolist() for name in frame} for frame in (one, other)), where) if same else [where]
    if is_dataclass(one):
        return parts(*({field.name: getattr(record, field.name) for field in fields(record)} for record in (one, other)), where)
    if isinstance(one, list | tuple):
        return parts(dict(enumerate(one)), dict(enumerate(other)), where)
    return [] if bits(one) == bits(other) else [f"{where}: {one!r} and {other!r}"]


def parts(one, other, where):
    """Where two mappings differ."""
    if list(one) != list(other):
        return [f"{where}: {list(one)} and {list(other)}"]
    return [found for key in one for found in differences(one[key], other[key], f"{where}.{key}")]


def bits(value):
    """What is equal where two values are the same to the last bit, whatever the bits of a NaN."""
    if isinstance(value, np.ndarray):
        real = value.dtype.kind == "f"
        return value.dtype, value.shape, (np.where(np.isnan(value), np.nan, value) if real else value).tobytes()
    return struct.pack("d", math.nan if math.isnan(value) else value) if isinstance(value, float) else value
