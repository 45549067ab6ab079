"""Smart CRM: what advice, warnings and contacts bring, what they cost, and how they go wrong."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import organisation
import pytest

from simulation.levers.smart_crm import SmartCrm
from simulation.rules import customers


def rep(**changes: Any) -> SimpleNamespace:
    """One ramped rep of median talent with 240 customers, of whom a quarter of those due lapsed last month."""
    values = {"talent": 0.0, "ramp": 1.0, "book_customers": 240.0, "lapse_share": 0.25, "filled": 1.0} | changes
    return SimpleNamespace(**{name: np.full((1, 1, 1), value) for name, value in values.items()})


def lever(**settings: Any) -> SmartCrm:
    """One policy's lever, stacked."""
    return SmartCrm.stack([SmartCrm(**settings)])


def test_contacts_as_worked_by_hand(parameters):
    """Of 240 / 12 x .25 = 5 customers at risk half are warned of, 2.5, among 2.5 / exp(-.5) = 4.12 flagged; two contacts reach
    2 x exp(-.5) = 1.21 who are really at risk, take an hour and cost 20 usd, with a licence of 80.
    """
    s, p = rep(), parameters.smart_crm
    crm = lever(warned_share=0.5, capacity=2.0, targeting="lift")

    assert crm.warning(s, p).item() == pytest.approx(2.5)
    assert crm.intervention(s, p).item() == pytest.approx(1.2131, abs=1e-4)
    assert crm.attention(s, p).item() == pytest.approx(1.0)
    assert crm.programme_cost(s, p).item() == pytest.approx(100.0)


def test_advice_as_worked_by_hand(parameters):
    """At the best use and with a fifth of calls recorded, advice is worth .5 + .5 (1 - 1/e) = .816 of .11 log-odds to the median
    rep; twice the share of calls that is best would be worth nothing.
    """
    p = parameters.smart_crm

    assert lever(advice=0.6, recorded=0.2).win(rep(), p).item() == pytest.approx(0.8161 * 0.11, abs=1e-5)
    assert lever(advice=0.6).win(rep(), p) > lever(advice=1.0).win(rep(), p) > lever(advice=0.1).win(rep(), p)


def test_newcomers_learn_from_advice(parameters):
    """A newcomer at a quarter of full productivity learns by three quarters of the gain faster, and a ramped rep no faster."""
    crm, p = lever(advice=0.6), parameters.smart_crm

    assert crm.learning(rep(ramp=0.25), p).item() == pytest.approx(0.75 * 0.5 * 0.5)
    assert crm.learning(rep(), p).item() == 0.0


def test_choosing_by_lift_saves_and_by_risk_drives_out(parameters):
    """Contacts by lift raise the chance that a warned customer stays, by risk lower it; contacting all leaves no choice."""
    s, p = rep(), parameters.smart_crm
    chance = {
        (word, capacity): float(customers.rescue_chance(
            lever(warned_share=0.5, capacity=capacity, targeting=word).rescue(s, p), parameters).item())
        for word in ("risk", "lift") for capacity in (1.0, 100.0)
    }  # fmt: skip

    assert chance["lift", 1.0] > 0.05
    assert chance["lift", 100.0] == pytest.approx(0.0, abs=1e-3)
    assert chance["risk", 1.0] < -0.04


def test_a_wide_net_wastes_contacts(parameters):
    """With the same capacity, a threshold that catches all reaches fewer customers really at risk than one for a third."""
    s, p = rep(), parameters.smart_crm
    reached = [lever(warned_share=share, capacity=1.0).intervention(s, p).item() for share in (0.33, 1.0)]

    assert reached[1] < reached[0]


def test_being_recorded_is_felt_without_any_gain():
    """Recording and scoring all calls, with no advice, only lowers how well the job fits: more quits, less contribution."""
    records = organisation.simulated({"watched": {"smart_crm.recorded": 1.0}}, months=24, seats=105, seeds=6)

    assert records.sums["fit_total"][1].sum() < records.sums["fit_total"][0].sum()
    assert organisation.change(records, "quits_rate") > 0.0
    assert organisation.change(records, "contribution") < 0.0
