"""What became of one seat: its months, those who sat there one after the other, and what a report needs to know beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from simulation.showing import Shown
from simulation.vocabulary import MOTIVES_IN_ORDER, Array

LEFT = {"quits": "quit", "dismissals": "dismissed"}
STAYED = "stayed"
YEAR = 12


@dataclass(frozen=True)
class Whose:
    """Which seat it is, and under what it was lived.

    title : of the scenario
    name : of the scenario's folder
    policy, label : key of the policy and what it is called
    baseline : whether it is the baseline
    seat, seats, seed : counted from 0; how many there are; the number of the seed
    starts : month from which the policy is in force
    currency : of all money
    drawn : whether parameters are those that the seed carries, or their point values
    moved : the setting that was moved for equal cost and its value, if any
    """

    title: str
    name: str
    policy: str
    label: str
    baseline: bool
    seat: int
    seats: int
    seed: int
    starts: int
    currency: str
    drawn: bool
    moved: tuple[str, float] | None = None


@dataclass(frozen=True, eq=False)
class Lived(Shown):
    """One seat under one policy with one seed's luck.

    months : a row a month; `rep` counts those who sat there from 1, 0 where nobody did, `left` says how the month ended a stay
    stays : a row a rep who sat there, by number
    whose : which seat, policy and seed
    against : the same seat with the same luck under another policy
    """

    months: pd.DataFrame
    stays: pd.DataFrame
    whose: Whose
    against: Lived | None = None

    def of(self, rep: int) -> pd.DataFrame:
        """The months of one rep."""
        return self.months[self.months["rep"] == rep]


def months_of(figures: Mapping[str, Array]) -> pd.DataFrame:
    """Months from the figures of a seat by name, (month,) each, with the rep's number, recent wins and how a stay ended."""
    frame = pd.DataFrame({name: np.asarray(values, dtype=float) for name, values in figures.items()})
    filled = frame["filled"].to_numpy() > 0.0
    begins = filled & ((frame["tenure"].to_numpy() == 0.0) | (np.arange(len(frame)) == 0))
    frame.insert(0, "month", np.arange(len(frame)))
    frame.insert(1, "rep", np.where(filled, np.cumsum(begins), 0))
    wins = frame["deals"].where(filled)
    frame["wins_year"] = wins.groupby(frame["rep"]).transform(lambda own: own.rolling(YEAR, min_periods=1).sum())
    frame["left"] = np.select([frame[name] > 0.0 for name in LEFT], list(LEFT.values()), default="")
    return frame


def stays_of(months: pd.DataFrame) -> pd.DataFrame:
    """Those who sat there: when they came and left, why, who they are, and what the stay came to."""
    rows = [_stay(rep, months[months["rep"] == rep]) for rep in range(1, int(months["rep"].max()) + 1)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).set_index("rep")


COLUMNS = (
    "rep", "entered", "left", "reason", "months", "tenure", "profile", *(f"weight_{motive}" for motive in MOTIVES_IN_ORDER),
    "talent", "abler_than", "pay_year", "deals_year", "attainment", "fit", "highest_chance", "last_chance",
)  # fmt: skip
"""`entered` and `left` are months of the run, `left` none for who stayed; `abler_than` is a share of all reps there could be."""


def _stay(rep: int, own: pd.DataFrame) -> dict[str, Any]:
    first, last = own.iloc[0], own.iloc[-1]
    closed = own.loc[own["period_ended"] > 0.0, "attainment"]
    return {
        "rep": rep, "entered": int(first["month"]), "left": int(last["month"]) if last["left"] else None,
        "reason": last["left"] or STAYED, "months": len(own), "tenure": int(last["tenure"]) + 1,
        "profile": MOTIVES_IN_ORDER[int(first["segment"])],
        **{f"weight_{motive}": first[f"weight_{motive}"] for motive in MOTIVES_IN_ORDER},
        "talent": first["talent"], "abler_than": float(ndtr(first["talent"])),
        "pay_year": YEAR * own["cash_pay"].mean(), "deals_year": YEAR * own["deals"].mean(),
        "attainment": closed.mean() if len(closed) else float("nan"), "fit": own["fit"].mean(),
        "highest_chance": own["leave_chance"].max(), "last_chance": last["leave_chance"],
    }  # fmt: skip
