"""How much memory a run would need, so that an absurd size is refused before it hurts."""

from __future__ import annotations

from bisect import bisect_right

from simulation.scenario.faults import Faults
from simulation.scenario.policy import Scenario

MOST_GIGABYTES = 8.0
VALUES_A_MONTH = 290
"""Figures kept of a policy, seed and month: some 70 sums, and 9 by segment and tenure band."""
VALUES_A_SEAT = 220
"""Figures at work for a seat while its month is computed, one policy and seed at a time."""
VALUES_A_STAY = 12
"""Figures kept of a rep's stay."""
LEAVERS_A_MONTH = 0.03
"""Share of seats whose rep leaves in a month, roughly."""
_BYTES = 8
_USUAL = {"policies": 5, "seeds": 64, "months": 60, "seats": 200}


def gigabytes(*, policies: int, seeds: int, months: int, seats: int) -> float:
    """Memory [GB] of what is kept of a run, and of one policy and seed at work."""
    kept = policies * seeds * months * VALUES_A_MONTH
    stays = policies * seeds * seats * (1.0 + LEAVERS_A_MONTH * months) * VALUES_A_STAY
    return (kept + stays + seats * VALUES_A_SEAT) * _BYTES / 1e9


def check_size(scenario: Scenario, faults: Faults) -> None:
    """Refuse a run that would need more memory than a laptop has, and name the number to lower."""
    asked = {
        "policies": len(scenario.policies), "seeds": scenario.seed_count, "months": scenario.months, "seats": scenario.seats,
    }  # fmt: skip
    needed = gigabytes(**asked)
    if needed <= MOST_GIGABYTES:
        return
    name = max(asked, key=lambda key: asked[key] / _USUAL[key])
    sizes = range(1, asked[name] + 1)
    fits = bisect_right(sizes, MOST_GIGABYTES, key=lambda size: gigabytes(**{**asked, name: size}))
    advice = f"lower it to at most {fits:,}" if fits else "lower it and the other sizes"
    faults.add(
        "seeds.count" if name == "seeds" else name,
        f"= {asked[name]:,} makes a run that needs {needed:,.1f} GB of memory; {MOST_GIGABYTES:g} GB is the most, so {advice}",
    )
