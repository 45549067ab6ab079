"""How far differences hang on assumed parameters: what a move does to a sign, what is moved, and what is said of the rest."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import organisation
import pytest
import source

from simulation.evidence.read import Row, shipped_parameters
from simulation.experiment.batch.moved import Move, ends_of, movable
from simulation.experiment.cells.cells import Cells
from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers
from simulation.start import DRAWN_WITH
from simulation.statistics.assumptions import assumption_range, reach
from simulation.statistics.moved import OF, simulated
from simulation.statistics.screening import screen, small_study

BEFORE = np.array([2.0, 2.2, 1.8, 2.1, 1.9])
SMALL = {"months": 2, "seats": 7, "seeds": 2}


def with_assumed(*keep: tuple[str, str]):
    """A tiny study in which only some parameters are assumed."""
    study = organisation.study({"less": {"commission.rate": 0.05}}, **SMALL)
    rows = study.parameters.rows
    known = {key: row.value for key, row in rows.items() if key not in keep}
    return replace(study, parameters=study.parameters.with_values(known, "calibrated"))


@pytest.mark.parametrize(
    ("change", "flips", "shrinks"),
    [(-4.0, ("x",), ()), (-1.5, (), ("x",)), (-2.5, (), ("x",)), (-0.5, (), ()), (3.0, (), ())],
)
def test_a_move_that_turns_the_sign_is_named(change, flips, shrinks):
    """A move flips when it leads beyond the material difference on the other side, shrinks when only short of it."""
    found = reach(BEFORE, BEFORE[None] + change, ["x"], material=1.0, better="higher")

    assert (found.flips, found.shrinks) == (flips, shrinks)
    assert found.low <= found.difference <= found.high


def test_noise_alone_flips_nothing():
    """A mean on the other side whose interval still reaches zero is no flip."""
    wild = np.array([[-20.0, 14.0, -18.0, 12.0, -8.0]])
    found = reach(BEFORE, wild, ["x"], material=1.0, better="higher")

    assert (found.flips, found.shrinks) == ((), ("x",))


def test_an_undecided_difference_has_no_sign_to_lose():
    """What is the same or open without any move can neither flip nor shrink, but has a range."""
    found = reach(BEFORE - 2.0, np.stack([BEFORE + 3.0, BEFORE - 9.0]), ["up", "down"], material=1.0, better="higher")

    assert (found.flips, found.shrinks, found.decided) == ((), (), False)
    assert (found.low_by, found.high_by) == ("down", "up")


def test_ties_and_refusals_leave_the_difference():
    """A move that changes nothing leads nowhere, and one that was refused is passed over."""
    found = reach(BEFORE, np.stack([BEFORE, np.full(5, np.nan)]), ["still", "refused"], material=1.0, better="higher")

    assert (found.low, found.high) == (found.difference, found.difference)
    assert (found.low_by, found.high_by) == (None, None)


def test_nothing_moves_when_nothing_is_assumed():
    """Without an assumed parameter no run is made and no range is given."""
    found = assumption_range(run(with_assumed()))

    assert (found.moved, found.policies, found.left_out) == ((), {}, ())


def test_one_assumed_parameter_is_moved_to_both_ends_in_any_order_of_work():
    """With few assumed parameters all move without a screening, in one process or two; tables and the layout are said to stay."""
    key = ("leaving", "money_base")
    records = run(with_assumed(key, ("leaving", "dismissal_profile"), ("market", "span")))
    found = assumption_range(records)
    again = assumption_range(records, processes=2)

    assert [moved.name for moved in found.moved] == ["parameters.leaving.money_base"]
    assert found.policies == again.policies
    assert set(found.policies["less"]) == set(OF)
    [said] = found.left_out
    assert said.startswith("2 assumed parameters without a range to move in")


def test_an_end_that_the_world_refuses_is_left_out():
    """What cannot start is set apart with the reason, and what runs with it is not lost."""
    study = with_assumed()
    bad, good = ((Move(("contract", "house_rate"), rate),) for rate in (0.0, 0.05))
    found, refused = simulated(study, [bad, good], Workers(1))

    assert np.isnan(found[bad]).all()
    assert np.isfinite(found[good]).all()
    assert "grow for ever" in refused[bad]


def test_a_refused_end_is_said():
    """A sentence names the end that was left out and why."""
    study = with_assumed(("contract", "house_rate"))
    near = {("contract", "expansion_rate"): 0.2, ("contract", "house_rate"): 0.02}  # half of which is too little
    found = assumption_range(run(replace(study, parameters=study.parameters.with_values(near))))
    said = [sentence for sentence in found.left_out if "was left out" in sentence]

    assert len(said) == 1
    assert said[0].startswith("world.contract.house_rate=0.01 was left out")
    assert "grow for ever" in said[0]


def test_a_screening_puts_what_matters_first():
    """A parameter that moves the differences comes before one of customers treated, of whom no lever here makes any."""
    matters, idle = ("leaving", "money_base"), ("customers", "at_risk_log_odds")
    records = run(with_assumed(idle, matters))
    first, last = screen(small_study(records), movable(records.scenario), None, Workers(1))[0]

    assert (first.name, last.name) == ("parameters.leaving.money_base", "parameters.customers.at_risk_log_odds")
    assert first.change > last.change == 0.0


def test_ends_of_a_world_are_near_its_value():
    """A world's range spans every industry, so its ends are half and double, of the odds for a share."""
    rows = shipped_parameters().rows
    pay = replace(rows["contract", "ote"], value=100_000.0)
    share = replace(rows["contract", "house_renewal"], value=0.8)

    assert ends_of(pay) == (50_000.0, 200_000.0)
    assert ends_of(share) == pytest.approx((2 / 3, 8 / 9))
    assert ends_of(Row("leaving", "x", 1.0, "", 1.0, 1.0, "assumed")) == ()


def test_only_levers_in_use_are_moved():
    """A lever's own assumed parameters count when a policy sets the lever."""
    study = organisation.study({"less": {"commission.rate": 0.05}}, **SMALL)
    groups = {row.group for row, _ in movable(study).ends}

    assert "commission" in groups
    assert "equity" not in groups


def test_what_incumbents_are_drawn_with_is_named():
    """Every number that the chances of incumbents are worked out from is in the list that tells rows and seeds apart."""
    text = (source.ROOT / "simulation" / "start.py").read_text(encoding="utf-8")
    chances = text[text.index("def survivors") : text.index("def _at")]

    tables = {("leaving", "quit_profile"), ("leaving", "dismissal_profile")}

    assert set(re.findall(r"\bp\.(\w+)\.(\w+)\b", chances)) - tables == set(DRAWN_WITH)


@pytest.mark.slow
def test_rows_of_a_block_do_not_know_each_other():
    """What a move does is the same whatever is moved beside it, for every parameter that may share a block."""
    study = organisation.study({"less": {"commission.rate": 0.05}}, **SMALL)
    sets = [(Move((row.group, row.name), end),) for row, ends in movable(study).ends for end in ends]
    together, _ = simulated(study, sets, Workers(1))

    for some in sets[::7]:
        alone, _ = simulated(study, [some], Workers(1))
        np.testing.assert_array_equal(together[some], alone[some])


def test_other_seeds_have_the_same_ranking(tmp_path):
    """The same study with other seeds finds the screening in the store, whatever its own cells; the choice is the same ten."""
    study = organisation.study({"less": {"commission.rate": 0.05}}, **SMALL)
    cells = Cells(tmp_path)
    crew = Workers(1, cells=cells)
    first = assumption_range(run(study), processes=crew)
    before = cells.made
    second = assumption_range(run(replace(study, first_seed=7)), processes=crew)
    again = cells.made
    assumption_range(run(study), processes=crew)

    assert [moved.name for moved in first.moved] == [moved.name for moved in second.moved]
    assert len(first.moved) == 10
    assert again - before < before / 2  # moves at the new seeds, and no screening
    assert cells.made == again
