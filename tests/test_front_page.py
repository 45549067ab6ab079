"""The front page shows what the shipped study gives today."""

from __future__ import annotations

import front_page
import numpy as np
import pytest
from matplotlib.image import imread

SEEN, FEW = 0.2, 1e-5
"""A pixel that differs by so much (of 1) is seen; share of such pixels that is forgiven. A machine may smooth edges otherwise."""
PRINTED = (
    "Title: 2 seats\nQuestion?\n\nKeep A\nfor now.\n\n"
    "Turnover (% a year)\n  A  1  \n\nBookings (usd)\n  A  2\n\nContribution (usd)\n  A  3\n\n"
    "legend\n\nStress.\n\nKeep A\nfor now.\n"
)


def test_the_excerpt_has_head_recommendation_and_blocks():
    """Of what is printed the head, the recommendation and two blocks are shown, and a mark for the rest."""
    assert front_page.excerpt(PRINTED) == (
        "Title: 2 seats\nQuestion?\n\nKeep A\nfor now.\n\nTurnover (% a year)\n  A  1\n\nContribution (usd)\n  A  3\n\n[...]"
    )


def test_another_table_replaces_the_one_there():
    """Putting a table in twice gives what once gives, and nothing else of the page changes."""
    page = front_page.README.read_text(encoding="utf-8")
    once = front_page.renewed(page, PRINTED)

    assert front_page.renewed(once, PRINTED) == once
    assert once.split(front_page.BEGIN)[0] == page.split(front_page.BEGIN)[0]
    assert once.split(front_page.END)[1] == page.split(front_page.END)[1]


def test_the_table_fits_eighty_columns_and_is_plain():
    """What README shows is no wider than a terminal, and has no control characters."""
    page = front_page.README.read_text(encoding="utf-8")
    table = page.split(front_page.BEGIN)[1].split(front_page.END)[0]

    assert max(map(len, table.splitlines())) <= 80
    assert "\x1b" not in table
    assert "$ orgsim compare" in table


@pytest.mark.slow
def test_the_front_page_is_what_the_study_gives(tmp_path):
    """`python tests/front_page.py` would change nothing: table to the letter, chart to the eye."""
    printed, chart = front_page.fresh(tmp_path)
    page = front_page.README.read_text(encoding="utf-8")
    was, now = imread(front_page.CHART), imread(chart)

    assert front_page.renewed(page, printed) == page, f"renew it: {front_page.COMMAND}"
    assert was.shape == now.shape
    assert (np.abs(was - now).max(axis=-1) > SEEN).mean() <= FEW, f"renew it: {front_page.COMMAND}"
