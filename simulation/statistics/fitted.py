"""What a calibration found, as tables: for the files, the pictures and the screen; nothing in it simulates.

    parameters      name, unit, declared, fitted, low, high (90%), prior_sd, posterior_sd (both on the fit's scale), shrinkage,
                    informed, informed_by, range_low, range_high, status before, source
    targets         as `shown.verdict_table` has them, at the fit; before (at the declared values), goal, noise, residual, weight
    profiles        parameter, value, excess of the objective, expected (of a quadratic objective), informed
    contributions   (target, parameter): share of each target in what is known of a parameter beyond its prior
    correlation     (parameter, parameter), of the posterior
    draws           a column a parameter, on its own scale, a row a draw that was kept, in random order
    levels          pack, owner, parameter, response: how the solved levels of a pack answer to a parameter
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

CORRELATED = 0.3
"""Correlation from which on a pair of parameters is named."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A calibration's results.

    run, digest : of all that they depend on; the first is the start of the second
    j_statistic, freedom, p_value : of the fit; p_value is NaN without degrees of freedom
    tried : draws simulated for the ensemble; `draws` holds those kept
    size : in words, what was simulated
    """

    run: str
    digest: str
    parameters: DataFrame
    targets: DataFrame
    profiles: DataFrame
    contributions: DataFrame
    correlation: DataFrame
    draws: DataFrame
    levels: DataFrame
    j_statistic: float
    freedom: int
    p_value: float
    tried: int
    size: str

    @property
    def informed(self) -> list[str]:
        """Names of the parameters that the targets inform."""
        return list(self.parameters.loc[self.parameters["informed"], "name"])

    @property
    def uninformed(self) -> list[str]:
        """Names of those that they do not, which are kept at their declared values."""
        return list(self.parameters.loc[~self.parameters["informed"], "name"])

    def in_band(self, column: str) -> int:
        """How many figures lie in their bands: under `value`, at the fit, or `before`, at the declared values."""
        figures = self.targets[column]
        return int(((figures >= self.targets["band_low"]) & (figures <= self.targets["band_high"])).sum())

    def pairs(self) -> Iterator[tuple[str, str, float]]:
        """Pairs of parameters whose correlation is worth a word, the strongest first."""
        names = list(self.correlation.columns)
        values = self.correlation.to_numpy()
        found = [(names[i], names[j], float(values[i, j])) for i in range(len(names)) for j in range(i)]
        yield from sorted((pair for pair in found if abs(pair[2]) >= CORRELATED), key=lambda pair: -abs(pair[2]))
