"""When seeds stop being added: what `--until-decided`, `--until MEASURE=AMOUNT` and `--most-seeds` ask for.

`Until()` asks for a decision by the scenario's objective, requirements and material differences; `Until({"turnover": ...})` for
intervals of differences that are narrow enough. Without either a comparison has the seeds that the scenario says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import nearest
from simulation.scenario.policy import Material

START = 16
"""Seeds before the first look, and the least there may be: with fewer a skewed mean misleads."""
MOST = 1_000
MOST_ALLOWED = 100_000
ERROR = 0.05
LEAST_ERROR, MOST_ERROR = 1e-6, 0.5


@dataclass(frozen=True)
class Until:
    """What seeds are added for.

    widths : measure -> half-width [its unit, or a share of the baseline's figure]
        Until the 95% interval of every policy's difference from the baseline is narrower; empty: until the best is decided.
    start : seeds before the first look
    most : the most seeds a policy is given
    error : probability that anything said of what is decided is wrong, over all policies and looks together
    """

    widths: Mapping[str, Material] = field(default_factory=dict)
    start: int = START
    most: int = MOST
    error: float = ERROR

    def __post_init__(self) -> None:
        faults = []
        if not START <= self.start <= MOST_ALLOWED:
            faults.append(
                f"--seeds {self.start}: seeds are added from {START} on, and to {MOST_ALLOWED:,} at most, so the first look "
                f"takes a whole number in [{START}, {MOST_ALLOWED}]; leave --seeds out for {START}"
            )
        elif not self.start <= self.most <= MOST_ALLOWED:
            faults.append(
                f"--most-seeds {self.most}: it takes a whole number of seeds in [{self.start}, {MOST_ALLOWED}], from the seeds "
                f"of the first look on; leave it out for {max(MOST, self.start):,}"
            )
        if not LEAST_ERROR <= self.error <= MOST_ERROR:
            faults.append(
                f"--error-rate {self.error:g}: it takes a probability in [{LEAST_ERROR:g}, {MOST_ERROR}], {ERROR} unless said"
            )
        if faults:
            raise ScenarioError(faults)


def read_until(
    *,
    decided: bool = False,
    widths: Sequence[str] = (),
    start: int | None = None,
    most: int | None = None,
    error: float | None = None,
) -> Until | None:
    """The request of the command line; None where seeds are fixed.

    Parameters
    ----------
    decided : bool
        Until the best is decided.
    widths : "MEASURE=AMOUNT", an amount in the measure's unit or a share of the baseline's figure such as "1%"
    start, most : int, optional
    error : float, optional
        Of a decision.

    Raises
    ------
    ScenarioError
        When a measure is unknown, an amount is none, both are asked for, or what goes with one of them is given alone.
    """
    if error is not None and not decided:
        raise ScenarioError(f"--error-rate {error:g}: it is that of a decision; give --until-decided with it, or leave it out")
    if not decided and not widths:
        if most is not None:
            raise ScenarioError(
                f"--most-seeds {most}: seeds are fixed unless they are added until something; "
                "give --until-decided or --until MEASURE=AMOUNT with it, or --seeds alone"
            )
        return None
    if decided and widths:
        raise ScenarioError(f"--until {widths[0]}: cannot go with --until-decided; leave one of them out")
    first = START if start is None else start
    last = max(MOST, first) if most is None else most
    return Until(dict(_width(text) for text in widths), first, last, ERROR if error is None else error)


def _width(text: str) -> tuple[str, Material]:
    """One "MEASURE=AMOUNT"."""
    key, _, amount = (part.strip() for part in text.partition("="))
    if key not in MEASURES:
        close = nearest(key, MEASURES)
        raise ScenarioError(f'--until {text}: "{key}" is no measure; the nearest is {close}, as in --until {close}=1%')
    share = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?) ?%", amount, re.ASCII)
    number = re.fullmatch(r"\d{1,15}(?:\.\d{1,15})?(?:[eE][+-]?\d{1,2})?", amount, re.ASCII)
    value = float(share[1]) / 100.0 if share else float(amount) if number else 0.0
    if value <= 0.0:
        raise ScenarioError(
            f"--until {text}: the half-width of {key} is an amount above 0 in {MEASURES[key].unit}, or a share of the baseline's "
            f"figure such as 1%; write --until {key}=1%"
        )
    return key, Material(value, relative=share is not None)
