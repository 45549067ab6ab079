"""The studies that orgsim ships: each asks a question, and each runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulation.experiment.execute import run
from simulation.scenario import read_scenario
from simulation.scenario.files import shipped_scenarios
from simulation.statistics.compare import compare

STUDIES = sorted(shipped_scenarios().glob("*.toml"))
every_study = pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)


def test_there_are_at_least_eight():
    """A board finds at least eight questions already asked."""
    assert len(STUDIES) >= 8


@every_study
def test_a_study_asks_a_question(file):
    """Each study reads without a fault, asks a question, and compares at least three policies in an anchored pack."""
    scenario = read_scenario(file)

    assert scenario.question.endswith("?")
    assert len(scenario.policies) >= 3
    assert scenario.packs


@pytest.mark.slow
@every_study
def test_a_study_runs(file):
    """Each study runs, in small and without its promises of equal cost, and every policy differs from the baseline."""
    scenario = read_scenario(file, months=6, seats=40, seeds=2)
    policies = [replace(policy, equal_cost=None) for policy in scenario.policies]
    summary = compare(run(scenario.with_policies(policies)))
    table = summary.table.drop(index=scenario.baseline)

    assert (table[["turnover_diff", "contribution_diff"]].abs().sum(axis=1) > 0.0).all()
