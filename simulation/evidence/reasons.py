"""Why reps quit, in plain words: a label and a sentence for each term of the quitting rule.

The names live here, low in the tree, so that a run folder and a report can use them without knowing the rule.
The equations stand in `rules/leaving.py` and MODEL.md; a test holds that both have the same terms in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term of the log-odds of quitting, for people."""

    label: str
    definition: str


TERMS: Mapping[str, Term] = {
    "tenure": Term("Months since hire", "The usual course of quitting over a stay."),
    "frailty": Term("Restlessness of reps", "How easily a rep leaves any job; the restless go first."),
    "pay_gap": Term(
        "Pay against outside offer", "Expected pay over what the rep could earn elsewhere; a fall is felt most by the able."
    ),
    "envy": Term("Envy of teammates", "Plans that pay teammates more for the same attainment."),
    "curvature": Term("Very weak or strong sales", "The pull on both ends of ability, by the share of variable pay."),
    "manager": Term("Quality of the manager", "What a better or worse manager adds or takes off."),
    "fit": Term("Fit of the job to motives", "How far the job meets what the rep works for."),
    "contagion": Term("Teammates who left", "Leavers in the team in the months before."),
    "offers": Term("Outside approaches", "A recruiter's call within the last months."),
    "levers": Term("Levers, directly", "What a lever adds to the log-odds itself."),
    "lock_in": Term("Deferred pay at stake", "What a leaver would forfeit; it delays leaving."),
}
"""Every term by name, in the order in which the rule adds them."""
