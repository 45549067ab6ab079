"""Knowledge base: what is written and found teaches; rewards without curation fill it with junk."""

from __future__ import annotations

import numpy as np
import pytest
from seats import lived, stacked, two_regions

from simulation.levers.knowledge_base import KnowledgeBase


def test_articles_as_worked_by_hand(parameters):
    """A quarter of an article a month fades by 5%: after two months .4875 a seat, of which (1 - exp(-.24375)) .6 is useful."""
    lever, p = stacked(KnowledgeBase, search=0.6), parameters.knowledge_base
    s = lived(lever, two_regions(ramp=0.5), p, months=2)
    useful = 0.6 * (1.0 - np.exp(-0.4875 / 2.0))

    np.testing.assert_allclose(s.memory["knowledge_base"]["articles"], 0.25 * 1.95)
    np.testing.assert_allclose(lever.win(s, p), 0.04 * useful)
    np.testing.assert_allclose(lever.learning(s, p), 0.3 * useful * 0.5)


def test_rewards_without_curation_bring_junk(parameters):
    """A large reward that nobody checks for lowers what a search yields, and costs more cash and hours than none."""
    p = parameters.knowledge_base
    plain, paid, checked = (
        stacked(KnowledgeBase, search=0.6, reward=reward, curation=curation)
        for reward, curation in ((0.0, 0.0), (0.05, 0.0), (0.05, 1.0))
    )
    found = [float(lever.win(lived(lever, two_regions(), p, months=24), p).max()) for lever in (plain, paid, checked)]
    s = lived(paid, two_regions(), p, months=24)

    assert found[1] < found[0] < found[2]
    assert np.all(paid.attention(s, p) > plain.attention(s, p))
    assert np.all(paid.goal_weight(s, p).share < 0.0)


def test_pay_and_cost_as_worked_by_hand(parameters):
    """A reward of 1% draws .3 (1 - 1/e) articles beside .25: 100 usd each to a rep, 30 x .6 + .5 x 60 x .4396 to the firm."""
    lever, p = stacked(KnowledgeBase, search=0.6, curation=0.5, reward=0.01), parameters.knowledge_base
    s = lived(lever, two_regions(filled=[1.0, 1.0, 1.0, 0.0]), p)
    written = 0.25 + 0.3 * (1.0 - np.exp(-1.0))

    np.testing.assert_allclose(lever.cash_pay(s, p).ravel(), [100 * written] * 3 + [0.0])
    np.testing.assert_allclose(lever.programme_cost(s, p).ravel(), [18 + 30 * written] * 3 + [18.0])


def test_articles_outlast_their_author():
    """What was written stays with the post."""
    assert set(KnowledgeBase.post_memory) == {"articles", "good"}


def test_without_search_there_is_no_base(parameters):
    """Rewards and curation alone pay nothing and keep nothing."""
    lever, p = stacked(KnowledgeBase, curation=1.0, reward=0.1), parameters.knowledge_base
    s = lived(lever, two_regions(), p, months=3)

    assert not np.any(s.memory["knowledge_base"]["articles"])
    assert not np.any(lever.cash_pay(s, p))
    assert lever.programme_cost(s, p).max() == pytest.approx(0.0)
