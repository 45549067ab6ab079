"""The essay's claims as the shipped parameters show them: a table that is kept, so that nobody waits for it.

`evidence/claims.csv` has a row a claim: the effect with default parameters with its 95% interval, on the scale of the claim's
`change`, and the verdict. `python -m simulation.calibration.renew` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from simulation.evidence.read import evidence_rows
from simulation.scenario import Scenario, read_expected
from simulation.statistics.claims import Judgement
from simulation.statistics.verdicts import Estimate

FILE = "claims.csv"


@lru_cache(maxsize=1)
def claim_scenarios() -> tuple[Scenario, ...]:
    """The shipped scenarios that carry claims; general statements are left out."""
    return tuple(one for one in read_expected() if not all(expected.is_statement for expected in one.expect))


def claim_rows(judged: Iterable[Judgement]) -> Iterator[dict[str, str]]:
    """Judgements as rows of the table."""
    for one in judged:
        ends = {name: f"{getattr(one.effect, name):.6g}" for name in ("mean", "low", "high")}
        yield {"id": one.expectation.id, **ends, "verdict": one.verdict}


@lru_cache(maxsize=1)
def shipped_claims() -> tuple[Judgement, ...]:
    """Every claim with the verdict that the table keeps; nothing is simulated, so what else moved is not known."""
    kept = {row["id"]: row for row in evidence_rows(FILE)}
    return tuple(
        Judgement(scenario, one, _effect(kept[one.id]), None, (), kept[one.id]["verdict"], {}, 0, ())
        for scenario in claim_scenarios()
        for one in scenario.expect
        if one.id in kept
    )


def levers_of(scenario: Scenario, policies: Iterable[str]) -> frozenset[str]:
    """The levers that tell some policies of a scenario apart."""
    some = [scenario.policy(key).levers for key in policies]
    return frozenset(key for key in some[0] if any(levers[key] != some[0][key] for levers in some)) if some else frozenset()


def _effect(row: Mapping[str, str]) -> Estimate:
    return Estimate(*(float(row[name]) for name in ("mean", "low", "high")))
