"""Worlds that are refused, because their parameters leave them no steady start: by overrides, seed by seed, and whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulation.experiment.batch.variants import Overrides, Variant

Refused = dict[tuple[Overrides, int], str]
"""Why worlds were refused, by overrides and seed."""


def told(
    refused: Mapping[tuple[Overrides, int], str], variants: Sequence[Variant], seeds: Sequence[int], *, drawn: bool
) -> dict[Overrides, str]:
    """Why worlds are refused whole, in the order of their variants.

    One that is refused at any seed is refused at all: what is left would be a choice among its seeds. Where parameters are
    `drawn`, and so seeds differ, the reason is that of the first seed that is refused, and says how many are; it is the same
    however blocks were cut.
    """
    by_world: dict[Overrides, dict[int, str]] = {}
    for (own, seed), sentence in refused.items():
        by_world.setdefault(_sorted(own), {})[seed] = sentence
    found = {}
    for own in dict.fromkeys(variant.moved for variant in variants):
        if reasons := by_world.get(_sorted(own)):
            at = f"at {len(reasons):,} of {len(seeds):,} seeds, with the parameters drawn there, " if drawn else ""
            found[own] = f"{at}{reasons[min(reasons)]}"
    return found


def _sorted(own: Overrides) -> Overrides:
    """Overrides in one order: in another they are the same world."""
    return tuple(sorted(own))
