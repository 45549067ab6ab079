"""Draws of parameters: read from two files, refused with a sentence, applied to a world, and carried by seeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import organisation
import pytest
from ensembles import SLOPES, made_ensemble

from simulation.errors import ParameterError, ScenarioError
from simulation.evidence.ensemble import read_ensemble, shipped_ensemble
from simulation.evidence.read import shipped_parameters, stack_parameters
from simulation.experiment.store import run_id
from simulation.model import SalesOrg
from simulation.scenario import read_scenario

DRAWS = "leaving.pay_slope,effort.elasticity\n3.0,{0}\n4.0,{0}\n"
LEVELS = "pack,owner,parameter,response\nsaas_mid_market,labour.quit_intercept,leaving.pay_slope,-0.5\n"
PAY, QUITS, LEADS = ("leaving", "pay_slope"), ("labour", "quit_intercept"), ("market", "lead_rate")


def written(folder: Path, draws: str, levels: str = LEVELS):
    """An ensemble from files with these texts."""
    (folder / "ensemble.csv").write_text(draws, encoding="utf-8")
    (folder / "levels.csv").write_text(levels, encoding="utf-8")
    return read_ensemble(folder / "ensemble.csv", folder / "levels.csv")


def test_files_are_read(tmp_path):
    """Columns become parameters, rows draws, responses the moves of levels; the digest is of both files."""
    found = written(tmp_path, "leaving.pay_slope,leaving.fit_slope\n3.0,0.2\n4.0,0.3\n")
    other = written(tmp_path, "leaving.pay_slope,leaving.fit_slope\n3.0,0.2\n4.0,0.3\n", LEVELS.replace("-0.5", "-0.6"))

    assert [row.path for row in found.rows] == ["parameters.leaving.pay_slope", "parameters.leaving.fit_slope"]
    np.testing.assert_array_equal(found.draws, [[3.0, 0.2], [4.0, 0.3]])
    np.testing.assert_array_equal(found.responses["saas_mid_market"]["labour", "quit_intercept"], [-0.5, 0.0])
    assert found.digest != other.digest


@pytest.mark.parametrize(
    ("draws", "levels", "says"),
    [
        ("leaving.pay_slop\n3.0\n", LEVELS, "there is no parameter leaving.pay_slop; the nearest is leaving.pay_slope"),
        ("leaving.pay_slope,leaving.pay_slope\n3,3\n", LEVELS, "leaving.pay_slope has more than one column; keep one"),
        ("market.span\n7\n", LEVELS, "market.span lays out the seats and cannot be drawn; leave its column out"),
        ("leaving.quit_profile\n7\n", LEVELS, "leaving.quit_profile is a table and cannot be drawn; leave its column out"),
        ("leaving.pay_slope\n3.0,4.0\n", LEVELS, "line 2 has 2 values, and the head names 1 parameters"),
        ("leaving.pay_slope\n3.0\nx\n", LEVELS, "line 3: leaving.pay_slope = 'x' is not a finite number"),
        ("leaving.pay_slope\nnan\n", LEVELS, "line 2: leaving.pay_slope = 'nan' is not a finite number"),
        ("leaving.pay_slope\n", LEVELS, "ensemble.csv holds no draws; it has a head of parameters"),
        ("leaving.pay_slope\n3.0\n", "pack,owner\n", "levels.csv needs the columns pack, owner, parameter, response"),
        ("leaving.pay_slope\n3.0\n", LEVELS + "a,b\n", "line 3 has 2 values; it has pack, owner, parameter, response"),
        ("leaving.pay_slope\n3.0\n", LEVELS.replace("quit_intercept", "fill_days"), "labour.fill_days, which owns no headline"),
        ("leaving.pay_slope\n3.0\n", LEVELS.replace("pay_slope", "fit_slope"), "leaving.fit_slope, which is not drawn"),
        ("leaving.pay_slope\n3.0\n", LEVELS.replace("-0.5", "much"), "has the response 'much', which is not a finite number"),
        ("leaving.pay_slope\n3.0\n", LEVELS + LEVELS.splitlines()[1], "line 3 gives labour.quit_intercept and leaving.pay_slope"),
        (
            "leaving.pay_slope,labour.quit_intercept\n3.0,-4\n", LEVELS,
            "moves labour.quit_intercept, which is drawn itself; leave its column out of the draws",
        ),
    ],
)  # fmt: skip
def test_faults_are_sentences(tmp_path, draws, levels, says):
    """Whatever is wrong with a file is said in one sentence that names file, line, word and next step."""
    with pytest.raises(ParameterError) as refusal:
        written(tmp_path, draws, levels)

    assert any(says in fault for fault in refusal.value.faults)


def test_one_file_without_the_other_is_refused(tmp_path):
    """Draws without responses would move the headline numbers of every pack, so one file alone is a fault."""
    written(tmp_path, "leaving.pay_slope\n3.0\n")
    (tmp_path / "levels.csv").unlink()

    with pytest.raises(ParameterError, match=r"levels\.csv cannot be read .*; it belongs beside ensemble\.csv"):
        read_ensemble(tmp_path / "ensemble.csv", tmp_path / "levels.csv")


def test_what_is_shipped_can_be_read():
    """The shipped ensemble, if there is one, names parameters that exist, in whole rows."""
    found = shipped_ensemble()

    assert found is None or np.isfinite(found.draws).all()


def test_a_drawn_value_stands_at_its_seeds_and_no_others():
    """Seed s carries draw s mod the number of draws, as (1, seed, 1)."""
    made = made_ensemble(draws=5)
    p = read_scenario(None).parameters
    drawn = made.on(p, "saas_mid_market")
    at = drawn.at([3, 4, 5, 13])

    assert set(drawn.keys) == {tuple(name.split(".")) for name in SLOPES}
    assert at[PAY].shape == (1, 4, 1)
    np.testing.assert_array_equal(at[PAY].ravel(), made.draws[[3, 4, 0, 3], SLOPES.index("leaving.pay_slope")])


def test_levels_move_by_their_responses():
    """By hand: response x (draw - shipped), added to an intercept and, for a rate, multiplied as exp of it."""
    made = made_ensemble(
        ("leaving.pay_slope",),
        responses={("labour.quit_intercept", "leaving.pay_slope"): -0.5, ("market.lead_rate", "leaving.pay_slope"): 0.1},
    )
    p = read_scenario(None).parameters
    off = made.draws[:, 0] - shipped_parameters().leaving.pay_slope
    values = made.on(p, "saas_mid_market").values

    np.testing.assert_allclose(values[QUITS], p.labour.quit_intercept - 0.5 * off, rtol=1e-12)
    np.testing.assert_allclose(values[LEADS], p.market.lead_rate * np.exp(0.1 * off), rtol=1e-12)
    assert QUITS not in made.on(p, "medtech").values
    assert (made.on(p, "saas_mid_market").anchored, made.on(p, "medtech").anchored, made.on(p, None).anchored) == (
        True, False, False,
    )  # fmt: skip


def test_levels_of_a_solved_firm_move_from_where_they_were_solved():
    """A firm's solved level is moved by its pack's response, and not the pack's own level."""
    made = made_ensemble(("leaving.pay_slope",), responses={("labour.quit_intercept", "leaving.pay_slope"): -0.5})
    p = read_scenario(None).parameters
    firm = p.with_values({QUITS: -5.5})
    off = made.draws[:, 0] - shipped_parameters().leaving.pay_slope

    assert p.rows[QUITS].status == "calibrated"
    np.testing.assert_allclose(made.on(firm, "saas_mid_market").values[QUITS], -5.5 - 0.5 * off, rtol=1e-12)


def test_what_the_scenario_sets_itself_is_not_drawn():
    """A parameter or level given by --set, even at its shipped value, stays, moves no level, and is named."""
    responses = {("labour.quit_intercept", name): 0.3 for name in SLOPES} | {("market.lead_rate", SLOPES[0]): 0.2}
    made = made_ensemble(responses=responses)
    sets = ["parameters.leaving.pay_slope=3.6", "world.market.lead_rate=5.0"]
    drawn = made.on(read_scenario(None, settings=sets).parameters, "saas_mid_market")
    free = made_ensemble(SLOPES[1:], responses={("labour.quit_intercept", name): 0.3 for name in SLOPES[1:]})
    off = made.draws[:, 1:] - np.array([row.value for row in made.rows[1:]])
    level = read_scenario(None).parameters.labour.quit_intercept

    assert free.rows == made.rows[1:]
    assert PAY not in drawn.values
    assert LEADS not in drawn.values
    assert drawn.fixed == ("parameters.leaving.pay_slope", "world.market.lead_rate")
    np.testing.assert_allclose(drawn.values[QUITS], level + 0.3 * off.sum(axis=1), rtol=1e-12)


def test_no_value_leaves_its_range():
    """Draws and levels beyond a row's range stand at its end and are counted, seed by seed."""
    made = made_ensemble(("leaving.pay_slope",), spread=10.0, responses={("labour.quit_intercept", "leaving.pay_slope"): 30.0})
    rows = read_scenario(None).parameters.rows
    drawn = made.on(read_scenario(None).parameters, "saas_mid_market")
    pay, quits = rows[PAY], rows[QUITS]
    out = int(((made.draws < pay.low) | (made.draws > pay.high)).sum())
    back, values = drawn.brought_back(range(len(made.draws)))

    assert (drawn.values[PAY].min(), drawn.values[PAY].max()) == (pay.low, pay.high)
    assert drawn.values[QUITS].min() >= quits.low
    assert drawn.values[QUITS].max() <= quits.high
    assert values == 2 * len(made.draws)
    assert out <= back <= values
    assert out > 0


def test_draws_at_the_shipped_values_draw_nothing():
    """An ensemble that never differs from what is shipped varies nothing, so nothing becomes an array."""
    made = made_ensemble(spread=0.0, responses={("labour.quit_intercept", SLOPES[0]): 1.0})
    scenario = replace(organisation.study({}), draws=made)

    assert scenario.drawn().values == {}
    assert scenario.parameters_at([1, 2]).leaving.pay_slope == scenario.parameters.leaving.pay_slope


def test_stacked_sets_keep_draws():
    """A set with drawn values and one in which that row is moved stack to (policy, seed, 1); equal rows stay as they are."""
    p = shipped_parameters()
    drawn = p.with_values({PAY: np.array([3.0, 4.0]).reshape(1, 2, 1), ("leaving", "fit_slope"): np.full((1, 2, 1), 0.2)})
    stacked = stack_parameters([drawn, drawn.with_values({PAY: 2.5})])

    np.testing.assert_array_equal(stacked.leaving.pay_slope[..., 0], [[3.0, 4.0], [2.5, 2.5]])
    assert stacked.leaving.fit_slope.shape == (1, 2, 1)
    assert stacked.leaving.envy_slope == p.leaving.envy_slope


def test_the_ensemble_is_part_of_what_was_run():
    """Runs with draws, with other draws and without have ids of their own; without draws the id is that of before."""
    plain = organisation.study({})
    studies = [replace(plain, draws=made_ensemble(spread=size)) for size in (0.1, 0.2)]

    assert studies[0].luck_only().resolved() == plain.resolved()
    assert len({run_id(study) for study in (plain, *studies)}) == 3


def test_scenarios_carry_the_shipped_ensemble_unless_told_not_to(monkeypatch):
    """`read_scenario` hands the ensemble on; `luck_only` leaves it out."""
    made = made_ensemble()
    monkeypatch.setattr("simulation.scenario.read.shipped_ensemble", lambda: made)

    assert read_scenario(None).draws is made
    assert read_scenario(None, luck_only=True).draws is None


def test_the_readable_model_refuses_draws_that_are_not_there():
    """Asking the readable model for draws that the scenario does not have is refused with the next step."""
    with pytest.raises(ScenarioError, match="draws = True, and this scenario has no draws; leave draws out"):
        SalesOrg(organisation.study({}, months=1, seats=10, seeds=1), draws=True)
