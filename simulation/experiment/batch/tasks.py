"""What workers do: blocks of variants and seeds, to their months or figures.

A world that is refused, because its parameters leave it no steady start, stops no other: its block is taken in halves until each
refusal stands alone, a set of overrides and, where parameters are drawn, a seed. So what is refused hangs on the world alone and
never on the block it happened to be in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from simulation.engine import Block
from simulation.errors import ScenarioError
from simulation.experiment.batch.refusals import Refused
from simulation.experiment.batch.variants import Ground, Part, Reduction, walk
from simulation.experiment.work.workers import Advance
from simulation.records import Records
from simulation.vocabulary import Array


@dataclass(frozen=True, eq=False)
class Piece:
    """Months, or figures (figure, variant, seed), of some variants and seeds of a block, by their places in it."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    found: Block | Array


@dataclass(frozen=True, eq=False)
class Done:
    """What a block yields: one piece with all of it, or several that leave out what was refused."""

    pieces: tuple[Piece, ...]
    refused: Refused = field(default_factory=dict)


Work = Callable[[Part], Block | Array]
"""What is done with a part; raises ScenarioError where it is refused."""


def months_of(ground: Ground, parts: Sequence[Part], advance: Advance | None = None) -> list[Done]:
    """A task: all months of some parts. Raises ScenarioError when a world is refused."""
    return [_whole(part, walk(ground, part, advance)[0]) for part in parts]


def months_apart_of(ground: Ground, parts: Sequence[Part], advance: Advance | None = None) -> list[Done]:
    """A task: all months of some parts, but for worlds that are refused."""
    return [_apart(ground, part, advance, lambda own: walk(ground, own, advance)[0]) for part in parts]


def figures_of(ground: Ground, reduction: Reduction, parts: Sequence[Part], advance: Advance | None = None) -> list[Done]:
    """A task: the figures of some parts, but for worlds that are refused."""

    def reduced(part: Part) -> Array:
        variants, seeds = part
        block, p = walk(ground, part, advance, by_group=False)
        shown = replace(
            ground.scenario, policies=tuple(v.policy for v in variants), first_seed=seeds[0], seed_count=len(seeds)
        )  # fmt: skip
        return reduction.work(Records(shown, block.sums, block.groups, block.spells, parameters=p))

    return [_apart(ground, part, advance, reduced) for part in parts]


def _whole(part: Part, found: Block | Array) -> Done:
    variants, seeds = part
    return Done((Piece(tuple(range(len(variants))), tuple(range(len(seeds))), found),))


def _apart(ground: Ground, part: Part, advance: Advance | None, work: Work) -> Done:
    """A part, in halves where it is refused until what is refused stands alone."""
    try:
        return _whole(part, work(part))
    except ScenarioError as problem:
        halves = _halves(ground, part)
        if not halves:
            variants, seeds = part
            if advance:
                advance(len(variants) * len(seeds) * ground.scenario.seats * ground.scenario.months)
            return Done((), {(variants[0].moved, seed): str(problem) for seed in seeds})
    pieces: list[Piece] = []
    refused: Refused = {}
    for rows, columns in halves:
        half = _apart(ground, _some(part, rows, columns), advance, work)
        pieces += [
            Piece(tuple(rows[k] for k in piece.rows), tuple(columns[k] for k in piece.columns), piece.found)
            for piece in half.pieces
        ]
        refused |= half.refused
    return Done(tuple(pieces), refused)


def _some(part: Part, rows: Sequence[int], columns: Sequence[int]) -> Part:
    return tuple(part[0][row] for row in rows), tuple(part[1][column] for column in columns)


def _halves(ground: Ground, part: Part) -> list[tuple[Sequence[int], Sequence[int]]]:
    """Places of the variants and seeds of either half: of worlds, then of seeds where these differ; none where all are alike."""
    variants, seeds = part
    rows, columns = range(len(variants)), range(len(seeds))
    worlds = list(dict.fromkeys(variant.moved for variant in variants))
    if len(worlds) > 1:
        first = set(worlds[: len(worlds) // 2])
        return [([row for row in rows if (variants[row].moved in first) == here], columns) for here in (True, False)]
    if len(seeds) > 1 and ground.scenario.draws is not None:
        middle = len(seeds) // 2
        return [(rows, columns[:middle]), (rows, columns[middle:])]
    return []
