"""What the speaker reads under a slide: how to read it, and where each number comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulation.report.words.phrases import listed

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary


def defined(summary: Summary, keys: Iterable[str]) -> list[str]:
    """The definition of each measure, as data has it."""
    return [f"{summary.measures[key].label} ({key}): {summary.measures[key].definition}" for key in keys]


def from_files(*names: str) -> str:
    """Where in the run folder the numbers stand."""
    files = listed(names, len(names))
    return f"The numbers stand in the run folder, in {files}; the alt text of each text and table names the cells."
