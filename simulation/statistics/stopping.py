"""Seeds added only where they are needed: look, stop or go on with the policies that are still contested.

    values, found = add_seeds(simulate, policies, asked, until)

`simulate(policies, seeds)` gives figures of some policies at some seeds, the same luck for all; seeds are counted from 0. The
baseline goes along as long as anybody does: every difference in the table is one from it. With `until.widths` the question is
whether intervals are narrow enough (`widths`), without whether the best is settled (`selection`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.showing import Shown
from simulation.statistics.looks import look_schedule, tail_of_bar
from simulation.statistics.selection import Asked, Selection, select
from simulation.statistics.widths import Narrowed, Width, narrow
from simulation.vocabulary import Array

if TYPE_CHECKING:
    from simulation.scenario.until import Until

Heard = Callable[[int, Selection | Narrowed], None]
"""Told after each look how many seeds there are and what was found."""
Simulate = Callable[[Sequence[str], range], Mapping[str, Array]]
"""Figures of some policies (by key) at some seeds (counted from 0): measure -> (policy, seed)."""


@dataclass(frozen=True)
class Stopping(Shown):
    """How it came that sampling stopped.

    selection : what is settled; None where widths were asked for
    widths : what was asked of intervals and what was reached; none where a decision was asked for
    seeds : how many each policy was given
    looks : numbers of seeds that were looked at
    most : the most seeds a policy could have been given
    error : the error rate of all that `selection` says, together and over all looks
    """

    selection: Selection | None
    widths: tuple[Width, ...]
    seeds: Mapping[str, int]
    looks: tuple[int, ...]
    most: int
    error: float

    @property
    def reached(self) -> bool:
        """Whether what was asked for was reached, and not the cap."""
        if self.selection is not None:
            return self.selection.verdict != "open"
        return all(not width.widest >= width.asked for width in self.widths)

    @property
    def runs(self) -> int:
        """Policies times seeds that were simulated."""
        return sum(self.seeds.values())


def add_seeds(
    simulate: Simulate, policies: Sequence[str], asked: Asked, until: Until, heard: Heard | None = None
) -> tuple[dict[str, Array], Stopping]:
    """Add seeds until what is asked is settled or there are no more.

    Parameters
    ----------
    simulate : callable
        Gives at least the measures that the question hangs on.
    policies : keys, the baseline among them
    asked : Asked
        Objective, requirements, material differences and the error rate; with widths only its baseline counts.
    until : Until
    heard : callable, optional
        Told after each look.

    Returns
    -------
    measure -> (policy, seed), NaN where a policy was not simulated; and how it came to stop.
    """
    counts = look_schedule(until.start, until.most)
    tail = tail_of_bar(asked.share(len(policies)), counts)
    values: dict[str, Array] = {}
    found: Selection | Narrowed | None = None
    contested, seeds, looks = tuple(policies), dict.fromkeys(policies, 0), 0
    while contested and looks < len(counts):
        before, count = counts[looks - 1] if looks else 0, counts[looks]
        some = [policy for policy in policies if policy in contested or policy == asked.baseline]
        values = _grown(values, simulate(some, range(before, count)), [policy in some for policy in policies])
        seeds |= dict.fromkeys(some, count)
        if until.widths:
            found = narrow(values, policies, asked.baseline, until.widths)
        else:
            found = select(values, policies, asked, tail, found.out if isinstance(found, Selection) else {})
        contested, looks = found.contested, looks + 1
        if heard:
            heard(count, found)
    selection = found if isinstance(found, Selection) else None
    widths = found.widths if isinstance(found, Narrowed) else ()
    return values, Stopping(selection, widths, seeds, counts[:looks], until.most, asked.error)


def _grown(values: Mapping[str, Array], found: Mapping[str, Array], here: Sequence[bool]) -> dict[str, Array]:
    """Figures with new seeds put behind; NaN for the policies that are not `here`."""
    grown = {}
    for key, rows in found.items():
        wide = np.full((len(here), np.shape(rows)[1]), np.nan)
        wide[np.asarray(here)] = rows
        grown[key] = np.concatenate([values[key], wide], axis=1) if values else wide
    return grown
