"""What may be said of a difference, as a cell: a word, and a colour that is never the only sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.report.deck.tables import Cell, words_cell
from simulation.report.style import GAIN, INK, LOSS, SOFT

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

WORDS = {
    "better": "better", "worse": "worse", "higher": "higher", "lower": "lower", "same": "not material", "open": "open",
}  # fmt: skip
NOT_MATERIAL = (
    "Verdicts: better or worse when the whole 95% interval lies beyond the smallest difference that counts, not material when it "
    "lies wholly within it, open otherwise."
)
COLOUR = {"better": GAIN, "worse": LOSS, "higher": INK, "lower": INK}


def verdict_cell(summary: Summary, policy: str, key: str) -> Cell:
    """The verdict on a policy's difference from the baseline."""
    decided = str(summary.value(policy, key, "decided"))
    return words_cell(WORDS[decided], bold=decided in COLOUR, colour=COLOUR.get(decided, SOFT))
