"""What the model shows of its targets, counted."""

from __future__ import annotations

import math
from dataclasses import replace

from simulation.evidence.targets import Target
from simulation.statistics.shown import Tally, Verdict, counts, tally, verdict_table

ONE = Target(
    "comp.T90", "A sentence.", "a label", "A setting.", "A", "calibrate", ("lazear2000",), scenario="accelerator",
    target=0.07, low=0.04, high=0.10, unit="share",
)  # fmt: skip


def shown(name: str, value: float = 0.05, **changes: object) -> Verdict:
    """What is shown of a target like `ONE`."""
    return Verdict(replace(ONE, id=name, **changes), value, value - 0.01, value + 0.01, 8)


VERDICTS = [
    shown("comp.T90"), shown("comp.T90.part", 0.2), shown("comp.T91"), shown("pack.medtech", 0.2), shown("pack.pharma"),
    shown("comp.T90.held", role="validate"), shown("comp.T92", math.nan, role="validate"), shown("comp.T93", role="report"),
    Verdict(replace(ONE, id="comp.T94", not_expressible="No such thing.")),
]  # fmt: skip


def test_figures_findings_and_packs_are_counted_by_role():
    """By hand: of five figures asked three pass; of four findings comp.T90 is missed by its part, and one pack of two passes."""
    assert tally(VERDICTS, "calibrate") == Tally((3, 5), (2, 4), (1, 2))
    assert tally(VERDICTS, "validate") == Tally((1, 2), (1, 2), (0, 0))
    assert counts(VERDICTS) == {"calibrate": (3, 5), "validate": (1, 2)}


def test_a_figure_that_has_no_value_is_a_miss():
    """A figure that cannot be worked out does not pass; a target that cannot be asked neither passes nor misses."""
    by_id = {one.target.id: one.passes for one in VERDICTS}

    assert by_id["comp.T92"] is False
    assert by_id["comp.T94"] is None


def test_the_table_has_a_row_a_target():
    """All targets, in their order, with what is asked and what is shown."""
    table = verdict_table(VERDICTS)

    assert list(table["id"]) == [one.target.id for one in VERDICTS]
    assert list(table["passes"]) == ["pass", "miss", "pass", "miss", "pass", "pass", "miss", "pass", ""]
    assert (table.loc[0, "value"], table.loc[0, "band_low"], table.loc[0, "published"]) == (0.05, 0.04, 0.07)
