"""What can go wrong, and whose move it is.

SimulationError
├── ScenarioError      the file or request asks for something the model cannot do   → edit the file or the command
├── ParameterError     a parameter lacks a source, or leaves its range              → edit the row named
├── RunError           a run stopped; what is done is kept                          → resume with the same command
└── CalibrationError   the numbers asked for cannot be reached together             → change one of those named
"""

from __future__ import annotations

from collections.abc import Sequence


class SimulationError(Exception):
    """Anything orgsim refuses; `faults` holds one sentence each, ready to print."""

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class ScenarioError(SimulationError):
    """The scenario, or the command, asks for something the model cannot do."""


class ParameterError(SimulationError):
    """A parameter row is incomplete, unsourced or outside its range."""


class RunError(SimulationError):
    """A run stopped before its end."""


class CalibrationError(SimulationError):
    """The headline numbers or targets cannot be reached."""
