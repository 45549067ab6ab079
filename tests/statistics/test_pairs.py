"""Pairs of levers: joint gains against the sum of single ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pytest

from simulation.errors import RunError, ScenarioError
from simulation.evidence.complements import complements
from simulation.evidence.read import sources
from simulation.experiment.execute import run
from simulation.experiment.pairs import free_levers, pairs_scenario
from simulation.levers import catalogue
from simulation.report.charts.pairs import draw_pairs
from simulation.report.pairs import pairs_title, write_pairs
from simulation.report.style import Scale
from simulation.statistics.measures import measure
from simulation.statistics.pairs import pair_table


@pytest.fixture(scope="module")
def records():
    """Three levers and their pairs on a small organisation."""
    whole = pairs_scenario(organisation.study({}, months=6, seats=14, seeds=3))
    kept = {"status_quo", "equity", "autonomy", "badges"}
    chosen = [policy for policy in whole.policies if set(policy.key.split("_x_")) <= kept]
    return run(whole.with_policies(chosen))


def test_every_pair_of_free_levers_is_a_policy():
    """Levers that the baseline leaves alone stand in it once alone and once with each other; the baseline's stay as they are."""
    scenario = organisation.study({}, months=6, seats=14, seeds=2)
    combined = pairs_scenario(scenario)
    count = len(catalogue()) - 1
    commission = combined.policies[0].levers["commission"]

    assert len(free_levers(scenario)) == count
    assert len(combined.policies) == 1 + count + count * (count - 1) // 2
    assert all(policy.levers["commission"] == commission for policy in combined.policies)


def test_a_baseline_that_sets_everything_has_no_pairs():
    """Where fewer than two levers are free the design is refused with a sentence."""
    scenario = organisation.study({}, months=1, seats=14, seeds=1)
    before = scenario.policies[0].levers
    all_set = {key: type(lever).typical() if lever.is_neutral() else lever for key, lever in before.items()}
    full = replace(scenario.policies[0], levers=all_set)

    with pytest.raises(ScenarioError, match="pairs need two"):
        pairs_scenario(scenario.with_policies([full]))


def test_the_interaction_is_joint_less_sum(records):
    """Each row agrees with the measures: gain of both less the gains alone; turnover counts as a gain when it falls."""
    singles, pairs = pair_table(records)
    keys = [policy.key for policy in records.scenario.policies]
    turnover = measure(records, "turnover").mean(axis=1)
    both, one, other = (turnover[keys.index(key)] for key in ("autonomy_x_equity", "autonomy", "equity"))
    row = pairs[(pairs["first"] == "autonomy") & (pairs["second"] == "equity")].iloc[0]

    np.testing.assert_allclose(row["turnover_interaction"], -(both - turnover[0]) + (one - turnover[0]) + (other - turnover[0]))
    np.testing.assert_allclose(row["contribution_joint"] - row["contribution_sum"], row["contribution_interaction"])
    np.testing.assert_allclose(singles.set_index("lever").loc["equity", "turnover_gain"], turnover[0] - other)


def test_the_heatmap_shows_the_table(records):
    """Cells of the triangle hold the interactions, the diagonal the single gains; no tick is lost."""
    from matplotlib.figure import Figure

    singles, pairs = pair_table(records)
    named = singles.assign(title=[catalogue()[key].title for key in singles["lever"]])
    ax = Figure(figsize=(8, 5)).add_subplot()
    draw_pairs(ax, named, pairs, measure="contribution", title=pairs_title(pairs, "contribution"), scale=Scale(1e-6, 2, "m", "m"))
    shown = np.ma.getdata(ax.images[0].get_array())
    low = sorted(["autonomy", "badges"])

    assert shown[1, 0] == pairs[(pairs["first"] == low[0]) & (pairs["second"] == low[1])]["contribution_interaction"].iloc[0]
    assert len(ax.texts) == len(pairs) + len(singles)
    assert [text.get_text() for text in ax.get_yticklabels()] == list(named["title"])


def test_complements_name_levers_and_sources():
    """What studies say of pairs names two levers that exist and sources that are listed; a pair without a study says so."""
    assert all(pair <= set(catalogue()) and len(pair) == 2 for pair in complements())
    assert all(set(said.source) <= set(sources()) and said.sign in ("more", "less") for said in complements().values())


@pytest.mark.parametrize(
    ("stop", "told"), [(KeyboardInterrupt(), KeyboardInterrupt), (OSError(28, "No space left on device"), RunError)]
)
def test_a_folder_is_complete_once_its_charts_are_there(records, tmp_path, monkeypatch, stop, told):
    """The manifest is taken away first and written last, and a full disk is a sentence."""

    def stopped(*_):
        raise stop

    monkeypatch.setattr("simulation.report.pairs._draw", lambda *_: None)
    folder = write_pairs(records.scenario, *pair_table(records), tmp_path)
    before = {path.name for path in folder.iterdir()}
    monkeypatch.setattr("simulation.report.pairs._draw", stopped)
    with pytest.raises(told):
        write_pairs(records.scenario, *pair_table(records), tmp_path)

    assert before - {path.name for path in folder.iterdir()} == {"manifest.json"}
