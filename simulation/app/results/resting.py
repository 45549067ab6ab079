"""What the numbers rest on: for the levers that policies set, what is claimed of them and what is known of their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.app.results.numbers import intervals_of
from simulation.evidence.read import STATUSES, grade_of, sources
from simulation.report.claims import claim_lines
from simulation.report.table import LEFT_OUT, NOT_DRAWN
from simulation.report.units import plain
from simulation.report.words.phrases import listed
from simulation.statistics.judged import levers_of, shipped_claims
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from simulation.app.answers.desk import Answer
    from simulation.evidence.read import Row
    from simulation.scenario import Scenario
    from simulation.statistics.summary import Summary

GRADES = ("A", "B", "C", "D", "")
"""Of the best source, the best first; empty without one."""
WEAK = ("D", "")


@dataclass(frozen=True)
class Claim:
    """A claim of the essay: what is claimed, what the shipped model shows in its place, and the verdict."""

    id: str
    text: str
    claimed: str
    effect: str
    span: str
    verdict: str
    passes: bool


@dataclass(frozen=True)
class Known:
    """A parameter and what is known of it, as words."""

    name: str
    value: str
    unit: str
    span: str
    status: str
    grade: str
    source: str
    note: str


@dataclass(frozen=True)
class LeverEvidence:
    """What is known of one lever.

    title, key : what it is called
    users : labels of the policies that set it
    sentence : how many of its parameters rest on what
    claims, parameters : see there
    sources : the sources of its parameters, in full, by key
    """

    key: str
    title: str
    users: tuple[str, ...]
    sentence: str
    claims: tuple[Claim, ...]
    parameters: tuple[Known, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Resting:
    """What an answer rests on.

    sentences : what intervals hold and leave out, and how many assumed parameters there are
    counts : by status, how many parameters in use have each of `GRADES`, and all
    levers : those that a policy sets
    """

    sentences: tuple[str, ...]
    counts: Mapping[str, tuple[int, ...]]
    levers: tuple[LeverEvidence, ...]


def resting_of(answer: Answer) -> Resting:
    """What the numbers of an answer rest on; the claims' verdicts are those that ship with orgsim."""
    scenario, summary = answer.scenario, answer.summary
    users = {
        key: tuple(policy.label for policy in scenario.policies if not policy.levers[key].is_neutral())
        for key in scenario.policies[0].levers
    }
    levers = tuple(_lever(scenario, key, set_by) for key, set_by in users.items() if set_by)
    used = [row for row in scenario.parameters.rows.values() if users.get(row.group, True)]
    return Resting(tuple(_sentences(summary, used)), _counts(used), levers)


def _sentences(summary: Summary, used: Sequence[Row]) -> Iterator[str]:
    yield intervals_of(summary)
    if summary.facts.assumed:
        yield LEFT_OUT if summary.facts.draws is None else NOT_DRAWN
    assumed, bare, weak = (
        sum(keep(row) for row in used)
        for keep in (lambda row: row.status == "assumed", lambda row: not grade_of(row), lambda row: grade_of(row) == "D")
    )
    yield (
        f"Of {counted(len(used), 'parameter')} in use, {assumed} are assumed: nobody has measured them, and their ranges are "
        f"judgements. {bare} have no graded source, and {weak or 'none'} {'has' if weak == 1 else 'have'} one of grade D at best."
    )


def _counts(rows: Sequence[Row]) -> Mapping[str, tuple[int, ...]]:
    found = {}
    for status in STATUSES:
        grades = [grade_of(row) for row in rows if row.status == status]
        if grades:
            found[status] = (*(grades.count(grade) for grade in GRADES), len(grades))
    return found


def _lever(scenario: Scenario, key: str, users: tuple[str, ...]) -> LeverEvidence:
    rows = [row for (group, _), row in scenario.parameters.rows.items() if group == key]
    keys = dict.fromkeys(source for row in rows for source in row.source)
    claims = [one for one in shipped_claims() if key in levers_of(one.scenario, one.expectation.contrast)]
    told = tuple(
        Claim(line.id, line.text, line.claimed, line.effect, line.span, one.verdict, line.passes)
        for one, line in zip(claims, claim_lines(claims), strict=True)
    )
    title = type(scenario.policies[0].levers[key]).title
    texts = sources()
    return LeverEvidence(
        key, title, users, _sentence(rows), told, tuple(map(_known, rows)), {name: texts.get(name, "") for name in keys}
    )


def _known(row: Row) -> Known:
    return Known(
        row.name.replace("_", " "), plain(row.value) if isinstance(row.value, int | float) else str(row.value), row.unit,
        f"{plain(row.low)} to {plain(row.high)}", row.status, grade_of(row) or "none", ", ".join(row.source), row.note,
    )  # fmt: skip


def _sentence(rows: Sequence[Row]) -> str:
    """How the parameters of a lever are known: "9 parameters: 2 measured, 7 assumed; grade D: 1"."""
    if not rows:
        return "It has no parameters of its own: what it does follows from its settings and from the rules for everybody."
    statuses = [row.status for row in rows]
    by = [f"{statuses.count(status)} {status}" for status in STATUSES if status in statuses]
    weak = [row.name.replace("_", " ") for row in rows if grade_of(row) == "D"]
    text = f"{counted(len(rows), 'parameter')} of its own: {listed(by, 4)}."
    if all(grade_of(row) in WEAK for row in rows):
        return f"{text} No source of a better grade than D stands behind any of them: this lever rests on judgement."
    return f"{text} On grade D evidence: {listed(weak, 4)}." if weak else text
