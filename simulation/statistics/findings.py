"""All that a report of a study is made from, whether the study has just been run or is read from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulation.experiment.sheets import assumption_rows, settings_rows
from simulation.showing import Shown

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.scenario import Scenario
    from simulation.statistics.summary import Summary


def _nothing() -> DataFrame:
    """A frame without rows or columns."""
    from pandas import DataFrame

    return DataFrame()


@dataclass(frozen=True, eq=False)
class Findings(Shown):
    """What a study found, and what it rests on.

    summary : the comparison of the policies
    stress : the comparison in each stress world, by the world's name as the scenario has it
    settings : a row a policy, lever and setting: `policy, label, lever, setting, value, neutral, unit, starts, ends`
    assumptions : a row a parameter: `parameter, value, unit, low, high, status, grade, source, note`; `grade` is that of its
        best source, A to D, empty without one
    about : what the run's manifest says of digests, versions, floating point, seeds and draws
    firm : what a `[firm]` table asked for and what was reached; None without one

    Sentences on policies and stress worlds need no more than the first two.
    """

    summary: Summary
    stress: Mapping[str, Summary] = field(default_factory=dict)
    settings: DataFrame = field(default_factory=_nothing)
    assumptions: DataFrame = field(default_factory=_nothing)
    about: Mapping[str, Any] = field(default_factory=dict)
    firm: Mapping[str, Any] | None = None


def findings_of(
    scenario: Scenario,
    summary: Summary,
    stress: Mapping[str, Summary],
    *,
    about: Mapping[str, Any],
    firm: Mapping[str, Any] | None = None,
) -> Findings:
    """Findings of a study that has just been run; `scenario` is as it was run, with settings as moved for equal cost."""
    from pandas import DataFrame

    settings, assumptions = ([*rows] for rows in (settings_rows(scenario), assumption_rows(scenario)))
    return Findings(
        summary, stress, DataFrame(settings[1:], columns=list(settings[0])),
        DataFrame(assumptions[1:], columns=list(assumptions[0])), about, firm,
    )  # fmt: skip
