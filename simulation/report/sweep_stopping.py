"""How seeds were added to the rows of a sweep, in the words of a comparison: a row is called by its point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulation.report.stopping import stopping_sentences
from simulation.statistics.sweep_rows import BASELINE

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.evidence.measures import Measure
    from simulation.statistics.stopping import Stopping
    from simulation.statistics.summary import Facts
    from simulation.statistics.swept import Swept


class Rows:
    """The rows of a sweep as seeds were added to them, by their number from 0, and the baseline."""

    baseline = BASELINE

    def __init__(self, swept: Swept) -> None:
        self._swept = swept
        names = {str(row): _name(swept, row) for row in range(len(swept.table))}
        self.labels: Mapping[str, str] = {BASELINE: swept.scenario.policy(swept.scenario.baseline).label, **names}

    @property
    def facts(self) -> Facts:
        """What was compared."""
        return self._swept.facts

    @property
    def measures(self) -> Mapping[str, Measure]:
        """By key."""
        return self._swept.measures

    @property
    def stopping(self) -> Stopping | None:
        """How it came that no more seeds were added."""
        return self._swept.stopping

    @property
    def table(self) -> DataFrame:
        """The table of the sweep."""
        return self._swept.table

    def value(self, policy: str, measure: str, column: str) -> Any:
        """A figure of one row."""
        return self.table.loc[int(policy), f"{measure}_{column}"]


def _name(swept: Swept, row: int) -> str:
    """A row by its point, and its policy where several were run."""
    own = swept.table.iloc[row]
    policy = f" of {own['policy']}" if len(swept.policies) > 1 else ""
    return f"point {own['point']}{policy}"


def row_sentences(swept: Swept) -> list[str]:
    """What was settled or reached, and the seeds it took; none where their number was fixed."""
    return stopping_sentences(Rows(swept)) if swept.stopping is not None else []
