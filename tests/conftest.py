"""What many tests share: one busy organisation, simulated once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import settings

from simulation.engine import Course, run_block, warm_up
from simulation.evidence.read import Parameters, declared_parameters
from simulation.levers import add_folder, catalogue
from simulation.state import State

settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("fixed")

BUSY_POLICIES = 4
BUSY_SEEDS = (2026, 2027)
BUSY_SEATS = 30


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--levers DIR` holds levers of one's own to the contract of tests/levers/test_contract.py."""
    parser.addoption("--levers", metavar="DIR", help="a folder with levers of your own")


def pytest_configure(config: pytest.Config) -> None:
    """Levers join the catalogue before tests are collected, which have one case a lever."""
    folder = config.getoption("--levers")
    if folder:
        add_folder(Path(folder))


@pytest.fixture(scope="session", autouse=True)
def _point_values() -> Iterator[None]:
    """Scenarios that tests read have point values of all parameters; a test about draws hands in an ensemble of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulation.scenario.read.shipped_ensemble", lambda: None)
        yield


@pytest.fixture
def one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a comparison's pictures the first alone is drawn, where a test is about something else."""
    from simulation.report import figures

    every = figures.pictures
    monkeypatch.setattr(figures, "pictures", lambda summary: islice(every(summary), 1))


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    """The parameters as declared: what is worked out by hand from them holds whatever a calibration says."""
    return declared_parameters()


@pytest.fixture(scope="session")
def busy_state(parameters: Parameters) -> State:
    """An organisation (4 policies, 2 seeds, 30 seats) that has used every lever as is typical, in the middle of a quarter.

    Tests share it, so they must not write to it.
    """
    typical = {key: lever.typical() for key, lever in catalogue().items()}
    state = warm_up(typical, list(typical), parameters, BUSY_SEEDS, BUSY_SEATS).for_policies(BUSY_POLICIES)
    run_block(state, [Course(typical)] * BUSY_POLICIES, typical, list(typical), parameters, seeds=BUSY_SEEDS, months=2)
    return state
