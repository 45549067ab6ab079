"""What a company's calibration holds: its tables as read, the pack it starts from, and all that was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simulation.calibration.company.backtest import BackTest
from simulation.calibration.company.check import Findings
from simulation.calibration.company.fit import Fit
from simulation.calibration.company.history import History
from simulation.calibration.company.moments import Moments
from simulation.evidence.read import Parameters
from simulation.levers.base import Lever
from simulation.scenario.world import World


@dataclass(frozen=True, eq=False)
class Company:
    """A company's tables, read and measured; `matched`: what column was taken for what."""

    history: History
    moments: Moments
    told: Findings
    matched: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pack:
    """An industry pack: the world, the parameters with it laid over, and its ordinary plan with all levers by key."""

    world: World
    parameters: Parameters
    plan: dict[str, Lever]


@dataclass(frozen=True, eq=False)
class Calibrated:
    """What `calibrate_company` found: tables, fit, back-test, and the files written."""

    company: Company
    fit: Fit
    tested: BackTest
    pack: Pack
    files: tuple[Path, ...]
