"""A search that runs ahead of itself finds the same settings, and refuses in the same words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from ensembles import made_ensemble

from simulation.errors import ScenarioError
from simulation.experiment.batch.equal_cost import simulated_costs
from simulation.experiment.batch.foresight import SECOND, Foresight
from simulation.experiment.batch.variants import Variant
from simulation.experiment.cells.recent import Recent
from simulation.experiment.execute import run
from simulation.experiment.work.workers import Workers
from simulation.scenario import Scenario, read_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Two policies that promise equal cost, with a draw of parameters at each seed."""
    study = read_scenario(None, months=2, seats=8, seeds=3)
    few = study.with_policies([study.policy(key) for key in ("status_quo", "cut_a_fifth", "growth_mix")])
    return replace(few, draws=made_ensemble())


def test_what_was_foreseen_changes_nothing(scenario):
    """Settings moved, sums and stays are those of a plain run, bit for bit, in both worlds."""
    plain, ahead = run(scenario, ledger=False), run(scenario, processes=Workers(1, cells=Recent()), ledger=False, foresee=True)

    assert ahead.moved == plain.moved
    for one, other in ((ahead, plain), (ahead.point, plain.point)):
        pd.testing.assert_frame_equal(one.spells, other.spells, check_exact=True)
        for name, values in other.sums.items():
            np.testing.assert_array_equal(one.sums[name], values, err_msg=name)


def test_costs_of_whole_months_are_those_of_a_search(scenario):
    """From the third look on a cost comes from all that is kept of a cell, to the last bit the same."""
    crew = Workers(1)
    search = replace(scenario, seed_count=2)
    variants = [Variant(policy) for policy in scenario.policies]
    foresight = Foresight([scenario, scenario.luck_only()], crew)
    foresight._asked = SECOND + 1

    np.testing.assert_array_equal(foresight(search, variants), simulated_costs(crew)(search, variants))


def test_a_promise_that_cannot_be_kept_is_refused_alike(scenario):
    """The gap that is left, in money, is the same."""
    dear = scenario.policy("growth_mix").with_setting("failure_tolerance.fund", 1_000_000.0)
    wanted = scenario.luck_only().with_policies([scenario.policy("status_quo"), dear])
    said = []
    for foresee in (False, True):
        with pytest.raises(ScenarioError) as refusal:
            run(wanted, ledger=False, foresee=foresee)
        said.append(str(refusal.value))

    assert said[0] == said[1]
