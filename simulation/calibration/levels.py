"""How a pack's solved levels must move with behavioural parameters, so that it keeps showing its headline numbers.

    N(levels, parameters) = what is asked          N: headline numbers on their own scales (logs, log-odds, plain)
    response = - (dN/dlevels)^-1 dN/dparameters    from central differences, all in one batch on the policy axis
    move of a level = sum over parameters of response x (value - value at which the pack was solved)

A level moves on the scale of `Headline.moved`: in logs where it must stay positive. Without this a draw of the parameters
would also be another industry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.calibration.problem import Key, Unknown, Values
from simulation.calibration.solve import Ask, scaled_numbers
from simulation.evidence.headlines import HEADLINES
from simulation.evidence.read import Parameters
from simulation.levers import catalogue
from simulation.scenario import pack_scenario

STEP = 0.06
"""Step of a level, on its own scale."""
PRIOR_STEP = 0.5
"""Step of a parameter, in standard deviations of its prior."""
BY_OWNER = {headline.owner: headline for headline in HEADLINES}


@dataclass(frozen=True)
class Levels:
    """Solved levels of one pack, and their answer to parameters.

    at : values of the parameters with which the pack was solved
    solved : level by its row
    responses : (level, parameter) to the move of the level for each unit of the parameter
    """

    pack: str
    at: Values
    solved: Values
    responses: Mapping[tuple[Key, Key], float] = field(default_factory=dict)

    def moved(self, values: Values) -> dict[Key, float]:
        """The levels that go with some values of the parameters."""
        found = {}
        for owner, level in self.solved.items():
            shift = sum(
                self.responses.get((owner, key), 0.0) * (value - self.at[key]) for key, value in values.items() if key in self.at
            )
            found[owner] = BY_OWNER[owner].moved(level, shift)
        return found

    def laid_over(self, parameters: Parameters, values: Values) -> Parameters:
        """Parameters of a scenario of this pack with levels that go with some values; no level leaves its range."""
        rows = parameters.rows
        kept = {key: min(max(level, rows[key].low), rows[key].high) for key, level in self.moved(values).items()}
        return parameters.with_values(kept)


def ask_of(pack: str, values: Values, seats: int) -> Ask:
    """What a pack asks to be solved for, with some parameters at other values than those shipped."""
    scenario, asked = pack_scenario(pack)
    plan = scenario.policy(scenario.baseline).levers
    return Ask(pack, scenario.parameters.with_values(values), plan, asked, seats)


def with_responses(levels: Levels, ask: Ask, unknowns: Sequence[Unknown]) -> Levels:
    """The levels with their answer to those unknowns that can touch the pack's ordinary plan."""
    unused = {key for key, lever in ask.plan.items() if lever.is_neutral()} & set(catalogue())
    moving = [one for one in unknowns if one.row.group not in unused]
    base = ask.start.with_values(levels.solved)
    owners = list(ask.unknowns)
    moves = [_moved_owner(base, owner.owner, sign * STEP) for owner in owners for sign in (1, -1)]
    moves += [_moved_parameter(base, one, sign) for one in moving for sign in (1, -1)]
    numbers = scaled_numbers(ask, moves)
    slopes = 0.5 * (numbers[0::2] - numbers[1::2])
    by_level = (slopes[: len(owners)] / STEP).T
    widths = np.array([_width(one) for one in moving]).reshape(-1, 1)
    by_parameter = (slopes[len(owners) :] / widths).T
    answer = -np.linalg.solve(by_level, by_parameter)
    responses = {
        (owner.owner, one.key): float(answer[i, j]) for i, owner in enumerate(owners) for j, one in enumerate(moving)
    }
    return Levels(levels.pack, levels.at, levels.solved, responses)


def _moved_owner(base: Parameters, owner: Key, move: float) -> Parameters:
    return base.with_values({owner: BY_OWNER[owner].moved(base.rows[owner].value, move)})


def _ends(one: Unknown) -> tuple[float, float]:
    """Values half a prior standard deviation to both sides, inside the range."""
    mean, sd = one.prior
    low, high = one.bounds
    return one.value(max(mean - PRIOR_STEP * sd, low)), one.value(min(mean + PRIOR_STEP * sd, high))


def _width(one: Unknown) -> float:
    low, high = _ends(one)
    return 0.5 * (high - low)


def _moved_parameter(base: Parameters, one: Unknown, sign: int) -> Parameters:
    return base.with_values({one.key: _ends(one)[sign > 0]})


def table_of(levels: Sequence[Levels]) -> list[dict[str, str | float]]:
    """Responses as rows of a table: pack, owner, parameter, response."""
    return [
        {"pack": one.pack, "owner": ".".join(owner), "parameter": ".".join(key), "response": value}
        for one in levels
        for (owner, key), value in one.responses.items()
    ]

