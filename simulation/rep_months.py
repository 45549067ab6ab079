"""The baseline's rep-months, kept so that its sales can be paid again under another plan.

A **ledger** is a plain dict of arrays, seeds first, of the baseline policy alone and of the first `LEDGER_SEEDS` seeds:

| names | axes | what |
|---|---|---|
| `COUNTS`, `FIGURES`, `list_value` | seed, month + 1, seat | entry m + 1: as it stands after month m; entry 0: before month 0 |
| `REGIONAL`, `FIRM` | seed, month + 1, region or 1 | the same |
| `FIXED` | seed, seat | what never changes |
| `start.NAME` | seed, seat; `start.months_left` seed, 1 | what a plan carries into month 0 |
| `memory.LEVER.NAME` | seed, (further axes,) seat | what the baseline's levers remember when month 0 begins |

Counts are whole numbers in few bytes, all else is in full precision: a replay of the baseline's own plan must give what was
paid, to the last bit. About 150 bytes a rep-month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.vocabulary import MOTIVES_IN_ORDER

if TYPE_CHECKING:
    from simulation.state import State

LEDGER_SEEDS = 16
"""Rep-months are kept for the first so many seeds."""
COUNTS: Mapping[str, Any] = {
    "filled": np.int8, "quits": np.int8, "dismissals": np.int8, "segment": np.int8, "tenure": np.int16,
    "key_deals": np.int32, "successes": np.int32,
}  # fmt: skip
FIGURES = (
    "discount", "renewed_value", "expanded_value", "young_loss", "lapse_share", "book_value", "satisfaction", "ramp", "fit",
    "output.share", *(f"profile.{motive}" for motive in MOTIVES_IN_ORDER),
)  # fmt: skip
"""Fields of the state that pay may depend on; a dot leads into a tuple."""
REGIONAL = ("demand", "competitor")
FIRM = ("equity_price",)
FIXED = ("market_pay", "standard_quota")
START = ("sold", "credited", "period_quota", "log_ratchet", "record", "months_left")

Ledger = dict[str, Any]


class RepMonths:
    """Keeps the ledger of one row of a block while the engine walks it.

    Parameters
    ----------
    s : State
        Before month 0.
    row : int
        The baseline's place on the policy axis.
    seeds : int
        Ledgers are kept of the first so many seeds of the block.
    months : int
        Months that the block is walked.
    """

    def __init__(self, s: State, row: int, seeds: int, months: int) -> None:
        self.row, self.seeds, self.months = row, seeds, months
        self.ledger: Ledger = {name: self._own(getattr(s, name)).copy() for name in FIXED}
        for name in START:
            own = self._own(getattr(s, name))
            self.ledger[f"start.{name}"] = np.repeat(own, seeds, axis=0) if len(own) < seeds else own.copy()
        for lever, held in s.memory.items():
            for name, value in held.items():
                own = np.take(value, row, axis=value.ndim - 3)[..., :seeds, :]
                self.ledger[f"memory.{lever}.{name}"] = np.moveaxis(own, -2, 0).copy()
        self._write(0, s, np.zeros_like(s.filled))

    def watch(self, s: State, now: Any) -> dict[str, Any]:
        """Take down a month that has just ended; adds no figures to the engine's sums."""
        self._write(now.month + 1, s, now.list_value)
        return {}

    def _write(self, entry: int, s: State, list_value: Any) -> None:
        for name in (*COUNTS, *FIGURES, *REGIONAL, *FIRM):
            self._put(name, entry, attrgetter(name)(s))
        self._put("list_value", entry, list_value)

    def _put(self, name: str, entry: int, value: Any) -> None:
        own = self._own(value)
        if name not in self.ledger:
            self.ledger[name] = np.zeros((self.seeds, self.months + 1, own.shape[-1]), dtype=COUNTS.get(name, np.float64))
        self.ledger[name][:, entry] = own

    def _own(self, value: Any) -> Any:
        """The baseline's row of (policy, seed, ...), the seeds kept."""
        return value[self.row, : self.seeds]


def joined(ledgers: Sequence[Mapping[str, Any]]) -> Ledger:
    """Ledgers of seeds that follow each other as one.

    Blocks may remember grants of different numbers; the shorter are filled up with nothing, which pays nothing.
    """
    kept = [ledger for ledger in ledgers if ledger]
    return {name: np.concatenate(_level([ledger[name] for ledger in kept])) for name in kept[0]} if kept else {}


def _level(parts: list[Any]) -> list[Any]:
    """Arrays that differ in their second axis, all as long as the longest."""
    if len({part.shape[1:] for part in parts}) == 1:
        return parts
    longest = max(part.shape[1] for part in parts)
    return [np.pad(part, [(0, 0), (0, longest - part.shape[1]), *[(0, 0)] * (part.ndim - 2)]) for part in parts]
