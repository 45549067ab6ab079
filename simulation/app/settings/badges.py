"""How well founded a lever and a setting are: a word to see, and a sentence for whoever hovers or listens.

A number behind a lever is a parameter of its own. It rests on the best graded source that it cites, A to D
(`evidence/README.md`); one that cites none is assumed, which is less than grade D.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from simulation.evidence.read import Row, grade_of, source_grades, sources
from simulation.scenario.settings import Setting

GRADES = "ABCD"
WEAKEST = "D"
MEANS = {WEAKEST: " (an anecdote of one unnamed firm)"}


@dataclass(frozen=True)
class Badge:
    """A word to see, and the sentence behind it; `weak` where grade D, or nothing at all, stands behind a number."""

    word: str
    sentence: str
    weak: bool


def lever_badge(rows: Iterable[Row]) -> Badge | None:
    """What the parameters of a lever rest on; None of a lever without any."""
    grades = Counter(grade_of(row) for row in rows)
    total, bare = grades.total(), grades[""]
    if not total:
        return None
    told = [f"{grades[grade]} on evidence of grade {grade}{MEANS.get(grade, '')}" for grade in GRADES if grades[grade]]
    told += [f"{bare} assumed without a graded source, which is weaker than grade {WEAKEST}"] if bare else []
    sentence = f"Numbers behind this lever: {', '.join(told)}."
    if grades[WEAKEST]:
        return Badge(f"{WEAKEST}: {grades[WEAKEST]} of {total}", sentence, weak=True)
    if bare:
        return Badge(f"{bare} of {total} assumed", sentence, weak=True)
    return Badge(f"grade {max(grades)}", sentence, weak=False)


def setting_badge(setting: Setting) -> Badge | None:
    """What a setting's typical value rests on; None where it is assumed, as most are, or cites no graded source."""
    grade = source_grades().get(setting.source, "")
    if not grade:
        return None
    told = sources().get(setting.source, setting.source)
    sentence = f"The typical value rests on evidence of grade {grade}{MEANS.get(grade, '')}: {told}"
    return Badge(grade, sentence, weak=grade == WEAKEST)
