"""Effort over four tasks: the closed form is the optimum, and three published sizes come out together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from simulation.evidence.read import declared_parameters, shipped_parameters
from simulation.rules import effort
from simulation.vocabulary import Tasks

benefits = st.tuples(*(st.floats(0.05, 6.0) for _ in range(4)))


@given(benefits)
def test_the_closed_form_is_the_optimum(parameters, benefits):
    """No effort on the four tasks does better than the closed form: scipy's search from elsewhere ends there."""
    a, eta = parameters.effort.a, parameters.effort.eta
    b = np.array(benefits)

    def loss(log_e):
        e = np.exp(log_e)
        return a * e.sum() ** (1.0 + 1.0 / eta) / (1.0 + 1.0 / eta) - (b * e**a).sum()

    chosen = np.array(effort.choose(Tasks(*(np.asarray(x) for x in benefits)), parameters))
    found = minimize(loss, np.log(chosen) + 0.3, method="BFGS", options={"gtol": 1e-9})

    assert loss(np.log(chosen)) <= found.fun + 1e-9
    np.testing.assert_allclose(np.exp(found.x), chosen, rtol=2e-3)


@given(benefits)
def test_first_order_conditions_hold(parameters, benefits):
    """At the optimum the marginal benefit of each task equals the marginal cost of effort."""
    a, eta = parameters.effort.a, parameters.effort.eta
    e = np.array(effort.choose(Tasks(*(np.asarray(x) for x in benefits)), parameters))

    np.testing.assert_allclose(np.array(benefits) * a * e ** (a - 1.0), a * e.sum() ** (1.0 / eta), rtol=1e-10)


@pytest.mark.parametrize("read", [declared_parameters, shipped_parameters])
def test_three_published_sizes_come_out_together(read):
    """Fixed pay to commission lifts sales of the same people by 12-30% (comp.T01a), the local elasticity of sales to the
    rate is .08-.16, and 10% more paid effort takes 3-4% from effort that is not paid.
    """
    p = read()

    def efforts(cash):
        reference = effort.benefit_of_reference(cash, p)
        return effort.choose(reference, p)

    ordinary, fixed, raised = efforts(1.0), efforts(0.0), efforts(1.1)
    lift = (ordinary.hunt / fixed.hunt) ** p.effort.a - 1.0
    elasticity = p.effort.a * np.log(raised.hunt / ordinary.hunt) / np.log(1.1)
    unpaid = np.log(raised.farm / ordinary.farm) / np.log(raised.hunt / ordinary.hunt) * 0.10

    assert 0.12 <= lift <= 0.30
    assert 0.08 <= elasticity <= 0.16
    assert -0.04 <= unpaid <= -0.03


def test_hunting_takes_more_than_half_of_effort_under_an_ordinary_plan(parameters):
    """The reference rep spends between a half and six tenths of its effort on new customers."""
    e = effort.reference_effort(parameters)

    assert 0.5 <= e.hunt / sum(e) <= 0.6


def test_an_opportunity_is_valued_by_when_it_closes():
    """At 10 cents now, 20 next and a present bias of .9, one that closes now with chance .4 is worth .04 + .108 a dollar."""
    assert effort.hunting_slope(0.10, 0.20, 0.4, 0.9) == pytest.approx(0.4 * 0.10 + 0.6 * 0.9 * 0.20)
