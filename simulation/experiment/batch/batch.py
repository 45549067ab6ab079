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
from simulation.experiment.batch.recipes import variant_recipe, world_recipe
from simulation.experiment.batch.refusals import Refused, told
from simulation.experiment.batch.tasks import Done, figures_of, months_apart_of, months_of
from simulation.experiment.batch.variants import Ground, Overrides, Part, Reduction, Variant
from simulation.experiment.cells.contents import pack_block, pack_figures, unpack_block, unpack_figures
from simulation.experiment.digests import digest_of
from simulation.experiment.work.workers import Advance, Workers
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
    [block] = months_of_each([batch], crew, advance, elements=elements)
    return block


def months_of_each(
    batches: Sequence[Batch], crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS
) -> list[Block]:
    """All months of several batches, whose tasks are done side by side. Raises ScenarioError when a world is refused."""
    gathered = [_Gathered(batch) for batch in batches]
    for place, rows, columns, block in _results(batches, months_of, crew, advance, elements, {}):
        gathered[place].add(rows, columns, block)
    return [own.block() for own in gathered]


def months_apart(batch: Batch, crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS) -> Months:
    """The same where worlds may be refused: all months of the others."""
    refused: Refused = {}
    gathered = _Gathered(batch)
    for _, *found in _results([batch], months_apart_of, crew, advance, elements, refused):
        gathered.add(*found)
    block = gathered.block()
    reasons, bad = _told(batch, refused)
    rows = sorted(set(range(len(batch.variants))) - set(bad))
    if bad:
        place = {row: k for k, row in enumerate(rows)}
        stays = block.spells[block.spells["policy"].isin(rows)]
        sums, groups = ({name: values[rows] for name, values in own.items()} for own in (block.sums, block.groups))
        block = Block(sums, groups, stays.assign(policy=stays["policy"].map(place)).reset_index(drop=True))
    return Months(tuple(rows), block, reasons)


class _Gathered:
    """Months of a batch put together as they come, NaN where there are none."""

    def __init__(self, batch: Batch) -> None:
        self._shape = len(batch.variants), len(batch.seeds)
        self._sums: dict[str, Array] = {}
        self._groups: dict[str, Array] = {}
        self._stays = [pd.DataFrame(columns=list(SPELL_COLUMNS))]

    def add(self, rows: Sequence[int], columns: Sequence[int], block: Block) -> None:
        """Take in a block; one with a single row may stand for several equal variants."""
        here = np.asarray(rows)[:, None], np.asarray(columns)
        for target, own in ((self._sums, block.sums), (self._groups, block.groups)):
            for name, values in own.items():
                if name not in target:
                    target[name] = np.full((*self._shape, *values.shape[2:]), np.nan)
                target[name][here] = values
        place = block.spells["policy"].to_numpy()
        again = range(len(rows)) if len(block.sums["seats"]) == 1 else (None,)
        self._stays += [block.spells.assign(policy=rows[k] if k is not None else np.asarray(rows)[place]) for k in again]

    def block(self) -> Block:
        """All there is, the same however variants and seeds were grouped."""
        stays = pd.concat(self._stays[1:] or self._stays)
        stays = stays.sort_values(["policy", "seed"], kind="stable", ignore_index=True)
        return Block(self._sums, self._groups, stays)


def figures(batch: Batch, crew: Workers, advance: Advance | None = None, *, elements: int = BLOCK_ELEMENTS) -> Figures:
    """The figures of a batch (figure, variant, seed), and what was refused."""
    if batch.reduction is None:
        raise ValueError("a batch whose months are kept has no figures")
    values = np.full((len(batch.reduction.columns), len(batch.variants), len(batch.seeds)), np.nan)
    refused: Refused = {}
    for _, rows, columns, found in _results([batch], figures_of, crew, advance, elements, refused):
        values[:, np.asarray(rows)[:, None], np.asarray(columns)] = found
    reasons, bad = _told(batch, refused)
    values[:, bad] = np.nan
    return Figures(values, reasons)


def _told(batch: Batch, refused: Refused) -> tuple[dict[Overrides, str], list[int]]:
    """Why worlds are refused, and the places of their variants."""
    found = told(refused, batch.variants, batch.seeds, drawn=batch.ground.scenario.draws is not None)
    return found, [row for row, variant in enumerate(batch.variants) if variant.moved in found]


def _results(
    batches: Sequence[Batch], work: Callable[..., Any], crew: Workers, advance: Advance | None, elements: int, refused: Refused
) -> Iterator[tuple[int, list[int], list[int], Any]]:
    """Place of the batch, rows and columns of it, and what is there: what the store has, then what tasks bring, kept as they end.

    What is refused is entered in `refused`, and not kept.
    """
    plans = [_Plan(batch, crew.cells) for batch in batches]
    for place, plan in enumerate(plans):
        for found in plan.kept(advance):
            yield place, *found
    owners, cuts, sent = [], [], []
    beside = sum(bool(plan.missing.any()) for plan in plans)
    for place, plan in enumerate(plans):
        for task in _tasks(plan, crew, elements, beside):
            owners.append(place)
            cuts.append(task)
            sent.append((*plan.shared(crew), [plan.part(*cut) for cut in task]))
    for number, results in crew.finished(work, sent, advance):
        for cut, done in zip(cuts[number], results, strict=True):
            refused |= done.refused
            for found in plans[owners[number]].taken(cut, done):
                yield owners[number], *found


class _Plan:
    """What of a batch the store has and what is missing; equal variants are simulated once."""

    def __init__(self, batch: Batch, cells: Any) -> None:
        rows_of: dict[str, list[int]] = {}
        for row, key in enumerate(batch.keys):
            rows_of.setdefault(key, []).append(row)
        self.batch = batch
        self.own = list(rows_of.values())
        self.first = [batch.variants[rows[0]] for rows in self.own]
        self.missing = np.ones((len(self.own), len(batch.seeds)), dtype=bool)
        self._store = _store(batch, cells, self.own)
        self._shared: tuple[Any, ...] = ()

    def kept(self, advance: Advance | None) -> Iterator[tuple[list[int], list[int], Any]]:
        """What the store has: rows and columns of the batch, and what is there."""
        if self._store is None:
            return
        for row, columns, content in self._store.read():
            self.missing[row, columns] = False
            if advance:
                advance(len(columns) * self.batch.cell_work)
            yield self.own[row], columns, content

    def shared(self, crew: Workers) -> tuple[Any, ...]:
        """What every task of the batch is given."""
        if not self._shared:
            ground = crew.share(self.batch.ground)
            self._shared = (ground,) if self.batch.reduction is None else (ground, self.batch.reduction)
        return self._shared

    def part(self, rows: Sequence[int], columns: Sequence[int]) -> Part:
        """Some of the distinct variants at some seeds."""
        return self.batch.part(self.first, rows, columns)

    def taken(self, cut: Cut, done: Done) -> Iterator[tuple[list[int], list[int], Any]]:
        """What a task brought of a cut, kept in the store: rows and columns of the batch, and what is there."""
        rows, columns = cut
        for piece in done.pieces:
            here, at = [rows[k] for k in piece.rows], [columns[k] for k in piece.columns]
            if self._store is not None:
                self._store.keep(here, at, piece.found)
            yield [self.own[row][0] for row in here], at, piece.found
            for k, row in enumerate(here):
                if len(self.own[row]) > 1:
                    yield self.own[row][1:], at, _row(piece.found, k)


def _store(batch: Batch, cells: Any, own: Sequence[Sequence[int]]) -> Any:
    """A batch's part of the store: what reads and keeps; None where there is no store."""
    if cells is None or cells.packs:
        return cells and _Packed(batch, cells, own)
    return cells.part([batch.keys[rows[0]] for rows in own], batch.seeds)


class _Packed:
    """A batch's part of a store that holds cells as bytes."""

    def __init__(self, batch: Batch, cells: Any, own: Sequence[Sequence[int]]) -> None:
        self.batch, self.cells = batch, cells
        recipes = {batch.keys[rows[0]]: batch.recipes[rows[0]] for rows in own}
        self.numbers: list[int] = cells.variants(batch.recipe, batch.ground.digest, recipes)
        cells.take_part(self.numbers, batch.seeds)

    def read(self) -> Iterator[tuple[int, list[int], Any]]:
        """Place of the variant, column of the seed, and content of every cell that is kept."""
        place = {number: row for row, number in enumerate(self.numbers)}
        for number, seed, content in self.cells.read(self.numbers, self.batch.seeds):
            yield place[number], [seed - self.batch.seeds.start], self._unpacked(content, seed)

    def _unpacked(self, content: bytes, seed: int) -> Any:
        if self.batch.reduction is None:
            return unpack_block(content, seed)
        return unpack_figures(content)[:, None, None]

    def keep(self, rows: Sequence[int], columns: Sequence[int], found: Any) -> None:
        """Commit what was found of a block."""
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


def _tasks(plan: _Plan, crew: Workers, elements: int, beside: int) -> list[list[Cut]]:
    """What is missing, cut into blocks, and these into tasks; rows with the same seeds missing go together.

    `beside` is the number of batches whose tasks are done side by side.
    """
    batch, missing = plan.batch, plan.missing
    rows_with: dict[bytes, list[int]] = {}
    for row in range(len(missing)):
        if missing[row].any():
            rows_with.setdefault(missing[row].tobytes(), []).append(row)
    seats = batch.ground.scenario.seats
    blocks: list[Cut] = []
    for rows in rows_with.values():
        height = max(1, min(MOST_ROWS, elements // seats, len(rows)))
        chunks = [rows[k : k + height] for k in range(0, len(rows), height)]
        for columns in _runs(np.flatnonzero(missing[rows[0]])):
            for some in crew.shares(columns, max(1, elements // (height * seats)), beside):
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
