"""The table of claims that ships: every claim has a row, and its verdict follows from its figures."""

from __future__ import annotations

import pytest

from simulation.evidence.read import evidence_rows
from simulation.statistics.claims import judge_all
from simulation.statistics.judged import FILE, claim_rows, claim_scenarios, levers_of, shipped_claims
from simulation.statistics.verdicts import verdict


def test_every_claim_has_a_row():
    """The table names each claim of the shipped scenarios once, in their order."""
    claimed = [expected.id for scenario in claim_scenarios() for expected in scenario.expect]

    assert [row["id"] for row in evidence_rows(FILE)] == claimed
    assert {one.partition("a")[0].rstrip("abc") for one in claimed} == {f"S{n}" for n in range(1, 14)}


def test_verdicts_follow_from_the_figures():
    """The verdict of each row is what the rule says of its effect and interval."""
    for one in shipped_claims():
        assert one.verdict == verdict(one.expectation, one.effect, None, ())


def test_a_claim_is_of_the_levers_that_tell_its_policies_apart():
    """S1 is about tiered goals alone, S9a about room to fail with authority."""
    levers = {one.expectation.id: levers_of(one.scenario, one.expectation.contrast) for one in shipped_claims()}

    assert levers["S1"] == {"tiered_goals"}
    assert levers["S9a"] == {"autonomy", "failure_tolerance"}
    assert all(levers.values())


@pytest.mark.slow
def test_the_shipped_model_shows_what_is_written():
    """`claims.csv` is what the shipped parameters give."""
    assert list(claim_rows(judge_all(claim_scenarios(), ranges=False, processes=2))) == evidence_rows(FILE)
