"""Worlds without a steady start: refused by themselves, whatever block, process or earlier run they met others in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pandas as pd
import pytest
from ensembles import made_ensemble

from simulation.errors import ScenarioError
from simulation.experiment.batch.batch import Batch, figures, months, months_apart
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.cells import Cells
from simulation.experiment.design.design import make_design, read_factors
from simulation.experiment.work.workers import Workers
from simulation.statistics.measures import every_measure
from simulation.sweeping import run_sweep

SEEDS, SEATS = 6, 6
HOUSE, GROWTH = ("contract", "house_rate"), ("contract", "expansion_rate")
HELD, ONE_BAD, NONE_GOOD = (((HOUSE, 0.01), (GROWTH, growth)) for growth in (0.1, 0.145, 0.5))
"""Overrides under which accounts find a balance at every seed, at all but the fifth, and at none."""
BAD = 4


@pytest.fixture(scope="module")
def study():
    """A tiny study whose seeds carry draws of how fast accounts are lost: at the fifth seed they are lost most slowly."""
    made = organisation.study({"less": {"commission.rate": 0.05}}, months=2, seats=SEATS, seeds=SEEDS)
    return replace(made, draws=made_ensemble(("customers.orphan_hazard",), spread=2.0))


@pytest.fixture(scope="module")
def rows(study):
    """Both policies in each of the three worlds."""
    return [Variant(policy, moved) for moved in (HELD, ONE_BAD, NONE_GOOD) for policy in study.policies]


def reduced(study, rows, **more):
    """Their measures, in this process unless other workers are given."""
    return figures(Batch.of(study, rows, every_measure()), more.pop("crew", Workers(1)), **more)


def test_a_world_refused_at_one_seed_is_refused_whole(study, rows):
    """What is left would be a choice among its seeds: no figure, and the reason says at how many; the others have theirs."""
    found = reduced(study, rows)
    alone = reduced(study, rows[:2])

    assert list(found.refused) == [ONE_BAD, NONE_GOOD]
    assert found.refused[ONE_BAD].startswith("at 1 of 6 seeds, with the parameters drawn there, world.contract.expansion_rate")
    assert found.refused[NONE_GOOD].startswith("at 6 of 6 seeds")
    assert np.isnan(found.values[:, 2:]).all()
    np.testing.assert_array_equal(found.values[:, :2], alone.values)


@pytest.mark.slow
def test_what_is_refused_does_not_hang_on_blocks(study, rows, tmp_path):
    """Blocks of one seed, of two and of all, and a store to which seeds are added one by one: the same to the bit."""
    once = reduced(study, rows)
    found = [reduced(study, rows, elements=SEATS), reduced(study, rows, elements=2 * SEATS)]
    with Cells(tmp_path) as cells:
        for count in range(1, SEEDS + 1):
            last = reduced(replace(study, seed_count=count), rows, crew=Workers(1, cells=cells))
        found.append(last)
        kept = cells.made

    for one in found:
        np.testing.assert_array_equal(one.values, once.values)
        assert one.refused == once.refused
    assert kept == 2 * SEEDS + 2 * (SEEDS - 1)  # what is refused is not kept; the good seeds of a world are


@pytest.mark.slow
def test_a_sweep_extended_seed_by_seed_is_the_sweep(study, tmp_path):
    """Digest and table of a sweep with draws and one bad seed, whether it runs at once, on two processes, or grows."""
    factors = read_factors(["world.contract.expansion_rate=0.1,0.145", "world.contract.house_rate=0.01"], study)
    design = make_design("grid", factors, study)
    once = run_sweep(study, design, processes=1)
    others = [run_sweep(study, design, processes=2)]
    with Cells(tmp_path) as cells:
        for count in (BAD - 1, BAD, BAD + 1, SEEDS):
            grown = run_sweep(replace(study, seed_count=count), design, processes=Workers(1, cells=cells))
    others.append(grown)

    assert [sentence.split(",")[0] for sentence in once.swept.refused["refused"]] == ["at 1 of 6 seeds"] * 2
    for other in others:
        assert other.digest == once.digest
        pd.testing.assert_frame_equal(other.swept.table, once.swept.table, check_exact=True)


def test_a_world_refused_by_chance_of_one_seed_has_no_digest_of_its_own(study):
    """Seeds before the bad one alone: nothing is refused, so it is the seed and not the world that decides."""
    few = reduced(replace(study, seed_count=BAD), [Variant(study.policy("less"), ONE_BAD)])

    assert few.refused == {}
    assert np.isfinite(few.values[0]).all()


def test_months_of_the_worlds_that_run_are_those_they_have_alone(study, rows):
    """Months where some worlds are refused: of the others all, with their groups and stays, and the reasons as for figures."""
    found = months_apart(Batch.of(study, rows), Workers(1), elements=2 * SEATS)
    alone = months(Batch.of(study, rows[:2]), Workers(1))

    assert found.rows == (0, 1)
    assert found.refused == reduced(study, rows).refused
    for name, values in alone.sums.items():
        np.testing.assert_array_equal(found.block.sums[name], values)
    for name, values in alone.groups.items():
        np.testing.assert_array_equal(found.block.groups[name], values)
    pd.testing.assert_frame_equal(found.block.spells, alone.spells)


def test_months_behind_a_refused_world_keep_their_places(study, rows):
    """Variants after a refused one move up, and their stays with them."""
    found = months_apart(Batch.of(study, rows[::-1]), Workers(1))
    alone = months(Batch.of(study, rows[1::-1]), Workers(1))

    assert found.rows == (4, 5)
    np.testing.assert_array_equal(found.block.sums["bookings"], alone.sums["bookings"])
    pd.testing.assert_frame_equal(found.block.spells, alone.spells)


def test_nothing_but_refused_worlds(study, rows):
    """Where no world has a steady start there are no months and every reason; a run that needs them all stops with one."""
    found = months_apart(Batch.of(study, rows[4:]), Workers(1))

    assert (found.rows, found.block.sums, len(found.block.spells)) == ((), {}, 0)
    assert list(found.refused) == [NONE_GOOD]
    with pytest.raises(ScenarioError, match="grow for ever"):
        months(Batch.of(study, rows), Workers(1))
