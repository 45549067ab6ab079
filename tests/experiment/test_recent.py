"""Cells in memory: what comes back is what was simulated, nothing leaks between questions, and memory is bounded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.engine import Block
from simulation.experiment.batch.batch import Batch, figures, months, months_of_each
from simulation.experiment.batch.tasks import months_of
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.recent import Recent
from simulation.experiment.work.workers import Workers
from simulation.scenario import Scenario, read_scenario
from simulation.statistics.measures import every_measure

LEAVING = ("leaving", "pay_slope")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A small world."""
    return read_scenario(None, months=2, seats=8, seeds=4)


@pytest.fixture(scope="module")
def variants(scenario: Scenario) -> list[Variant]:
    """Policies and moved parameters; two of them are equal."""
    quo, steeper = scenario.policy("status_quo"), scenario.policy("steeper")
    own = ((LEAVING, 0.3),)
    return [Variant(quo), Variant(steeper), Variant(quo, own), Variant(replace(quo, key="same", label="Same"))]


def same(one: Block, other: Block) -> bool:
    """Whether two blocks agree bit for bit."""
    pd.testing.assert_frame_equal(one.spells, other.spells, check_exact=True)
    pairs = [(one.sums, other.sums), (one.groups, other.groups)]
    return all(a.keys() == b.keys() and all(np.array_equal(a[name], b[name], equal_nan=True) for name in a) for a, b in pairs)


def asked(scenario: Scenario, variants: list[Variant], places: list[int], seeds: int) -> Batch:
    """A question: some of the variants at the first seeds."""
    return Batch.of(replace(scenario, seed_count=seeds), [variants[place] for place in places])


def part_of(block: Block, places: list[int], seeds: int) -> Block:
    """Some rows of a block at its first seeds."""
    cut = lambda own: {name: values[places][:, :seeds] for name, values in own.items()}  # noqa: E731
    stays = [block.spells[block.spells["policy"] == place].assign(policy=row) for row, place in enumerate(places)]
    kept = pd.concat(stays, ignore_index=True)
    kept = kept[kept["seed"] < kept["seed"].min() + seeds].reset_index(drop=True)
    return Block(cut(block.sums), cut(block.groups), kept)


@pytest.fixture(scope="module")
def alone(scenario: Scenario, variants: list[Variant]) -> tuple[Block, np.ndarray]:
    """Months and figures of all variants at all seeds, without any store."""
    shape = Batch.of(scenario, variants, every_measure())
    return months(Batch.of(scenario, variants), Workers(1)), figures(shape, Workers(1)).values


questions = st.lists(
    st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.integers(1, 4), st.booleans()), min_size=1, max_size=4
)


@settings(max_examples=6)
@given(questions=questions, room=st.sampled_from([1, 60_000, 1 << 30]))
def test_any_order_of_questions_gives_what_each_gives_alone(scenario, variants, alone, questions, room):
    """Whatever was asked before, and however little is kept, months and figures are those of a fresh process."""
    crew = Workers(1, cells=Recent(room))
    for places, seeds, reduced in questions:
        batch = asked(scenario, variants, places, seeds)
        assert same(months(batch, crew), part_of(alone[0], places, seeds))
        if reduced:
            found = figures(Batch.of(replace(scenario, seed_count=seeds), batch.variants, every_measure()), crew)
            np.testing.assert_array_equal(found.values, alone[1][:, places, :seeds])


def test_what_is_kept_is_not_simulated_again(scenario, variants, monkeypatch):
    """More variants and seeds cost what is new of them alone, and the same question nothing."""
    done: list[tuple[int, int]] = []

    def counted(ground, parts, advance=None):
        done.extend((len(own), len(seeds)) for own, seeds in parts)
        return months_of(ground, parts, advance)

    monkeypatch.setattr("simulation.experiment.batch.batch.months_of", counted)
    crew = Workers(1, cells=Recent())
    for places, seeds in (([0, 1], 2), ([0, 1, 3], 2), ([0, 1], 4), ([0, 1, 2], 4), ([3, 2, 1], 3)):
        months(asked(scenario, variants, places, seeds), crew)

    assert done == [(2, 2), (2, 2), (1, 4)]


def test_memory_is_bounded_and_the_oldest_goes_first(scenario, variants):
    """What was asked for longest ago is dropped beyond the budget, and a variant read again counts as new."""
    store = Recent()
    crew = Workers(1, cells=store)
    months(asked(scenario, variants, [0], 4), crew)
    one = store.held
    store.most_bytes = int(2.5 * one)
    for place in (1, 0, 2):
        months(asked(scenario, variants, [place], 4), crew)
    keys = asked(scenario, variants, [0, 1, 2], 4).keys

    assert [bool(store.chunks(key)) for key in keys] == [True, False, True]
    assert store.held <= store.most_bytes


def test_a_cell_is_kept_once(scenario, variants):
    """Two questions that simulate the same cells at the same time leave one of each."""
    batch = asked(scenario, variants, [0], 4)
    store = Recent()
    first, second = store.part(batch.keys, batch.seeds), store.part(batch.keys, batch.seeds)
    block = months(batch, Workers(1))
    first.keep([0], [0, 1, 2, 3], block)
    held = store.held
    second.keep([0], [0, 1, 2, 3], block)

    assert store.held == held
    assert [columns for _, columns, _ in first.read()] == [[0, 1, 2, 3]]


def test_batches_side_by_side_give_what_each_gives_alone(scenario, variants, alone):
    """Two batches whose tasks are mixed, of other parameters and other variants, are put together apart."""
    first, second = months_of_each(
        [asked(scenario, variants, [0, 3, 2], 4), asked(scenario, variants, [1, 0], 3)], Workers(1), elements=32
    )

    assert same(first, part_of(alone[0], [0, 3, 2], 4))
    assert same(second, part_of(alone[0], [1, 0], 3))
