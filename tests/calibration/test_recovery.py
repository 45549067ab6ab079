"""Truth recovery: parameters that were used to simulate the data are found again from the data."""

from __future__ import annotations

import pytest
from recovery import BLIND, Study, recovered

SEATS, SEEDS, TRUTHS, SEED = 60, 16, 10, 5


@pytest.mark.slow
def test_ten_truths_are_recovered():
    """Each identified parameter lies in its 90% interval in at least 8 of 10 truths, and the blind one is flagged in all."""
    results = recovered(Study.of(seats=SEATS, seeds=SEEDS), TRUTHS, SEED)
    held: dict[tuple[str, str], list[bool]] = {}
    for _, inside in results:
        for key, yes in inside.items():
            held.setdefault(key, []).append(yes)

    assert all(sum(yes) >= 0.8 * len(yes) for yes in held.values()), held
    assert len(held) == 4
    assert BLIND not in held
