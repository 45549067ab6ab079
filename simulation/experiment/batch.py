"""Variants x seeds, in blocks, over whatever workers there are; what is in the store is read and not simulated again.

    cells that are kept  ->  blocks of what is missing  ->  tasks of about a second  ->  results, committed as tasks finish

Blocks are shaped for the cache; tasks of the same seeds follow each other, so that their warm-up is done once a worker.
Nothing about blocks, tasks, workers or the store changes a figure, nor what is refused (`refusals`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from simulation.engine import BLOCK_ELEMENTS, Block
from simulation.experiment.contents import pack_block, pack_figures, unpack_block, unpack_figures
from simulation.experiment.digests import digest_of
from simulation.experiment.recipes import variant_recipe, world_recipe
from simulation.experiment.refusals import Refused, told
from simulation.experiment.tasks import figures_of, months_apart_of, months_of
from simulation.experiment.variants import Ground, Overrides, Part, Reduction, Variant
from simulation.experiment.workers import Advance, Workers
from simulation.records import SPELL_COLUMNS, Records
from simulation.scenario import Scenario
from simulation.vocabulary import Array

MOST_ROWS = 128
"""Variants walked together at most."""
TASK_WORK = 1_000_000
"""[rep-months] Of a task, about: a second of work, against which handing it over counts for nothing."""
TASKS_A_WORKER = 4
"""Small work is cut into so many tasks a worker, that none waits long for another."""
MONTHS = "months"


@dataclass(frozen=True, eq=False)
class Batch:
    """Variants at all seeds of a scenario, and what is kept of each cell: its months, or figures by a reduction.

    `keys` are the variants' digests, in their order; equal variants have the same.
    """

    ground: Ground
    variants: tuple[Variant, ...]
    reduction: Reduction | None
    recipe: dict[str, Any]
    recipes: tuple[dict[str, Any], ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario, variants: Sequence[Variant], reduction: Reduction | None = None) -> Batch:
        """The batch of a scenario, whose own policies play no part but for the baseline."""
        bare = replace(scenario, policies=(scenario.policy(scenario.baseline),), stress=(), expect=())
        recipe = world_recipe(bare, MONTHS if reduction is None else [list(reduction.columns), reduction.digest])
        ground = Ground(bare, digest_of(recipe))
        recipes = tuple(variant_recipe(variant) for variant in variants)
        return cls(ground, tuple(variants), reduction, recipe, recipes, tuple(digest_of([ground.digest, r]) for r in recipes))

    @property
    def seeds(self) -> range:
        """All seeds."""
        return self.ground.scenario.seeds

    @property
    def cell_work(self) -> int:
        """Work of a cell [rep-months], its warm-up apart."""
        return self.ground.scenario.seats * self.ground.scenario.months

    def records(self, block: Block, rows: Sequence[int]) -> Records:
        """The records of some variants, by their places, from a block of all their months."""
        variants = [self.variants[row] for row in rows]
        shown = replace(self.ground.scenario, policies=tuple(variant.policy for variant in variants))
        p = self.ground.parameters(self.seeds, [variant.moved for variant in variants])
        return Records(shown, block.sums, block.groups, block.spells, parameters=p)

    def part(self, distinct: Sequence[Variant], rows: Sequence[int], columns: Sequence[int]) -> Part:
        """Some of the distinct variants at some seeds, by their places."""
        return tuple(distinct[row] for row in rows), tuple(self.seeds[column] for column in columns)


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures of a batch: values (figure, variant, seed), NaN where `refused` says why, by overrides."""

    values: Array
    refused: Mapping[Overrides, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Months:
    """All months of the variants that were not refused, in their order: `rows` are their places in the batch."""

    rows: tuple[int, ...]
    block: Block
    refused: Mapping[Overrides, str]


def months(batch: Batch, crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS) -> Block:
    """All months of a batch: sums and groups (variant, seed, month, ...), and stays by variant and seed.

    Raises ScenarioError when a world is refused.
    """
    return _gathered(batch, _results(batch, months_of, crew, advance, elements, {}))


def months_apart(batch: Batch, crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS) -> Months:
    """The same where worlds may be refused: all months of the others."""
    refused: Refused = {}
    block = _gathered(batch, _results(batch, months_apart_of, crew, advance, elements, refused))
    reasons, bad = _told(batch, refused)
    rows = sorted(set(range(len(batch.variants))) - set(bad))
    if bad:
        place = {row: k for k, row in enumerate(rows)}
        stays = block.spells[block.spells["policy"].isin(rows)]
        sums, groups = ({name: values[rows] for name, values in own.items()} for own in (block.sums, block.groups))
        block = Block(sums, groups, stays.assign(policy=stays["policy"].map(place)).reset_index(drop=True))
    return Months(tuple(rows), block, reasons)


def _gathered(batch: Batch, results: Iterator[tuple[list[int], list[int], Any]]) -> Block:
    """Months put together, NaN where there are none."""
    sums: dict[str, Array] = {}
    groups: dict[str, Array] = {}
    stays = [pd.DataFrame(columns=list(SPELL_COLUMNS))]
    shape = len(batch.variants), len(batch.seeds)
    for rows, columns, block in results:
        here = np.asarray(rows)[:, None], np.asarray(columns)
        for target, own in ((sums, block.sums), (groups, block.groups)):
            for name, values in own.items():
                if name not in target:
                    target[name] = np.full((*shape, *values.shape[2:]), np.nan)
                target[name][here] = values
        place = block.spells["policy"].to_numpy()
        again = range(len(rows)) if len(block.sums["seats"]) == 1 else (None,)  # one result may stand for several equal variants
        stays += [block.spells.assign(policy=rows[k] if k is not None else np.asarray(rows)[place]) for k in again]
    spells = pd.concat(stays[1:] or stays).sort_values(["policy", "seed"], kind="stable", ignore_index=True)
    return Block(sums, groups, spells)  # the same however variants and seeds were grouped


def figures(batch: Batch, crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS) -> Figures:
    """The figures of a batch (figure, variant, seed), and what was refused."""
    if batch.reduction is None:
        raise ValueError("a batch whose months are kept has no figures")
    values = np.full((len(batch.reduction.columns), len(batch.variants), len(batch.seeds)), np.nan)
    refused: Refused = {}
    for rows, columns, found in _results(batch, figures_of, crew, advance, elements, refused):
        values[:, np.asarray(rows)[:, None], np.asarray(columns)] = found
    reasons, bad = _told(batch, refused)
    values[:, bad] = np.nan
    return Figures(values, reasons)


def _told(batch: Batch, refused: Refused) -> tuple[dict[Overrides, str], list[int]]:
    """Why worlds are refused, and the places of their variants."""
    found = told(refused, batch.variants, batch.seeds, drawn=batch.ground.scenario.draws is not None)
    return found, [row for row, variant in enumerate(batch.variants) if variant.moved in found]


def _results(
    batch: Batch, work: Callable[..., Any], crew: Workers, advance: Advance | None, elements: int, refused: Refused
) -> Iterator[tuple[list[int], list[int], Any]]:
    """Rows and columns of the batch, and what is there: what the store has, then what tasks bring, kept as they finish.

    What is refused is entered in `refused`, and not kept.
    """
    rows_of: dict[str, list[int]] = {}
    for row, key in enumerate(batch.keys):
        rows_of.setdefault(key, []).append(row)
    own = list(rows_of.values())
    missing = np.ones((len(own), len(batch.seeds)), dtype=bool)
    store = _Store(batch, crew.cells, own)
    for row, column, content in store.read():
        missing[row, column] = False
        if advance:
            advance(batch.cell_work)
        yield own[row], [column], content
    tasks = _tasks(batch, [rows[0] for rows in own], missing, crew, elements)
    ground = crew.share(batch.ground)
    shared = (ground,) if batch.reduction is None else (ground, batch.reduction)
    first = [batch.variants[rows[0]] for rows in own]
    sent = [(*shared, [batch.part(first, *cut) for cut in task]) for task in tasks]
    for number, results in crew.finished(work, sent, advance):
        for (rows, columns), done in zip(tasks[number], results, strict=True):
            refused |= done.refused
            for piece in done.pieces:
                here, at = [rows[k] for k in piece.rows], [columns[k] for k in piece.columns]
                store.keep(here, at, piece.found)
                yield [own[row][0] for row in here], at, piece.found
                for k, row in enumerate(here):
                    if len(own[row]) > 1:
                        yield own[row][1:], at, _row(piece.found, k)


class _Store:
    """A batch's part of the store of cells; nothing where there is no store."""

    def __init__(self, batch: Batch, cells: Any, own: Sequence[Sequence[int]]) -> None:
        self.batch, self.cells = batch, cells
        self.numbers: list[int] = []
        if cells is not None:
            recipes = {batch.keys[rows[0]]: batch.recipes[rows[0]] for rows in own}
            self.numbers = cells.variants(batch.recipe, batch.ground.digest, recipes)
            cells.take_part(self.numbers, batch.seeds)

    def read(self) -> Iterator[tuple[int, int, Any]]:
        """Place of the variant, column of the seed, and content of every cell that is kept."""
        if self.cells is None:
            return
        place = {number: row for row, number in enumerate(self.numbers)}
        for number, seed, content in self.cells.read(self.numbers, self.batch.seeds):
            yield place[number], seed - self.batch.seeds.start, self._unpacked(content, seed)

    def _unpacked(self, content: bytes, seed: int) -> Any:
        if self.batch.reduction is None:
            return unpack_block(content, seed)
        return unpack_figures(content)[:, None, None]

    def keep(self, rows: Sequence[int], columns: Sequence[int], found: Any) -> None:
        """Commit what was found of a block."""
        if self.cells is None:
            return
        seeds = [self.batch.seeds[column] for column in columns]
        places = [(self.numbers[row], seed) for row in rows for seed in seeds]
        if isinstance(found, Block):
            contents: Iterable[bytes] = pack_block(found, seeds)
        else:
            contents = (pack_figures(found[:, k, j]) for k in range(len(rows)) for j in range(len(columns)))
        self.cells.keep((*place, content) for place, content in zip(places, contents, strict=True))


def _row(result: Any, k: int) -> Any:
    """One variant's part of a result."""
    if not isinstance(result, Block):
        return result[:, k : k + 1]
    spells = result.spells[result.spells["policy"] == k].assign(policy=0)
    cut = lambda own: {name: values[k : k + 1] for name, values in own.items()}  # noqa: E731
    return Block(cut(result.sums), cut(result.groups), spells)


Cut = tuple[list[int], list[int]]
"""Places of variants and of seeds of one block."""


def _tasks(batch: Batch, first: Sequence[int], missing: Any, crew: Workers, elements: int) -> list[list[Cut]]:
    """What is missing, cut into blocks, and these into tasks; rows with the same seeds missing go together."""
    rows_with: dict[bytes, list[int]] = {}
    for row in range(len(first)):
        if missing[row].any():
            rows_with.setdefault(missing[row].tobytes(), []).append(row)
    seats = batch.ground.scenario.seats
    blocks: list[Cut] = []
    for rows in rows_with.values():
        height = max(1, min(MOST_ROWS, elements // seats, len(rows)))
        chunks = [rows[k : k + height] for k in range(0, len(rows), height)]
        for columns in _runs(np.flatnonzero(missing[rows[0]])):
            for some in crew.shares(columns, max(1, elements // (height * seats))):
                blocks += [(chunk, list(some)) for chunk in chunks]
    work = [len(rows) * len(columns) * batch.cell_work for rows, columns in blocks]
    least = min(TASK_WORK, sum(work) / (TASKS_A_WORKER * crew.count))
    tasks: list[list[Cut]] = []
    size = float("inf")
    for block, own in zip(blocks, work, strict=True):
        if size >= least:
            tasks.append([])
            size = 0.0
        tasks[-1].append(block)
        size += own
    return tasks


def _runs(columns: Any) -> list[list[int]]:
    """Columns as runs without a gap: a block's seeds follow each other."""
    ends = [0, *(np.flatnonzero(np.diff(columns) > 1) + 1), len(columns)]
    return [columns[a:b].tolist() for a, b in pairwise(ends)]
