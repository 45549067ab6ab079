"""One assumed parameter moved at a time, all policies with it: what an assumption is worth.

Parameters stack like settings, so many moves are one block on the policy axis; each has a warm-up of its own,
because a world with another parameter has another history. Luck is that of the study: common random numbers make the
difference that a move makes far smaller than the noise of either run. Where seeds carry draws of parameters, all but the one
moved vary as in the study, and levels stay where the study's draws put them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulation.evidence.ensemble import LAYOUT, Key
from simulation.evidence.read import WORLD_GROUPS, Row
from simulation.experiment.batch.variants import Variant
from simulation.scenario import Scenario


@dataclass(frozen=True)
class Move:
    """One parameter at one end of its range."""

    key: Key
    value: float


Set = tuple[Move, ...]
"""Moves made together; the empty set moves nothing."""


@dataclass(frozen=True)
class Moves:
    """What can be moved: each parameter with its ends, and those that have none with the reason."""

    ends: tuple[tuple[Row, tuple[float, ...]], ...]
    left_out: tuple[str, ...]


def ends_of(row: Row) -> tuple[float, ...]:
    """The ends to which an assumed parameter is moved; none for a table, the layout, or a range of one point.

    A world's declared range spans every industry, so there the ends are also within half and double of the value,
    or of its odds when it is a share.
    """
    if not isinstance(row.value, int | float) or (row.group, row.name) in LAYOUT:
        return ()
    low, high = row.low, row.high
    if row.group in WORLD_GROUPS and row.value != 0.0:
        near, far = _half_and_double(row)
        low, high = max(low, near), min(high, far)
    return tuple(end for end in (low, high) if end != row.value)


def _half_and_double(row: Row) -> tuple[float, float]:
    """Half and double of a parameter; of its odds when it is a share."""
    if row.unit.startswith("share") and 0.0 < row.value < 1.0:
        odds = row.value / (1.0 - row.value)
        return odds / (2.0 + odds), 2.0 * odds / (1.0 + 2.0 * odds)
    near, far = sorted((0.5 * row.value, 2.0 * row.value))
    return near, far


def movable(scenario: Scenario) -> Moves:
    """Every assumed parameter that the study uses, in the order of the evidence; a lever's own if a policy sets the lever."""
    found = [(row, ends_of(row)) for row in scenario.assumed()]
    return Moves(tuple(pair for pair in found if pair[1]), tuple(row.path for row, ends in found if not ends))


def variants_of(scenario: Scenario, sets: Sequence[Set]) -> list[Variant]:
    """All policies under every set of moves: policies of the first set, then those of the next."""
    return [Variant(policy, tuple((move.key, move.value) for move in some)) for some in sets for policy in scenario.policies]
