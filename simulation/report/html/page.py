"""A study as one HTML file, which opens from an e-mail without a network: the decision, figures, charts, what they rest on.

Nothing is fetched and nothing is run: charts are within the file, there is no script, and the policy is picked by radio buttons
and CSS. The file says so to the browser too, by its content security policy. A user's text is escaped by the template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.experiment.writing import write_file
from simulation.levers import catalogue
from simulation.report.assumptions import assumption_sentences
from simulation.report.html.charts import Chart, page_charts
from simulation.report.html.rooms import rooms
from simulation.report.language import checked_language, language_of
from simulation.report.static_price import group_sentences, wedge_sentences
from simulation.report.stopping import stopping_sentences
from simulation.report.style import missing_glyphs
from simulation.report.table import COLUMNS, LEGEND, table_blocks
from simulation.report.uncertainty import draw_sentences, rank_sentences
from simulation.report.units import plain
from simulation.report.words.decision import decision
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.phrases import change, focus
from simulation.report.words.quotes import Sentence, told
from simulation.report.words.stress import stress_sentence
from simulation.report.words.sweep import value_text
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.statistics.findings import Findings
    from simulation.statistics.summary import Summary

TEMPLATE = "page.html.j2"
GRADES = ("A", "B", "C", "D", "")
"""Grades of evidence, the best first; empty without a source."""
RISKS = ("panel", "static_price", "losers")
"""Pictures of what could go wrong, which stand there."""
ELSEWHERE = ("run", "scenario", "warnings", "moved", "firm", "stopping")
"""What of a manifest has its own place in the page."""


@dataclass(frozen=True)
class Setting:
    """A setting in which a policy differs from the baseline, as words."""

    lever: str
    name: str
    value: str
    baseline: str
    unit: str


@dataclass(frozen=True)
class Pick:
    """What the page shows when a policy is picked."""

    policy: str
    label: str
    picked: bool
    changes: tuple[Sentence, ...]
    settings: tuple[Setting, ...]
    charts: tuple[Chart, ...]


def write_page(findings: Findings, path: Path, *, language: str | None = None) -> Path:
    """Write the page, whole or not at all, and return its path.

    Parameters
    ----------
    findings : Findings
    path : Path
    language : str, optional
        The tag of the language that labels are in; guessed from their scripts without it.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    return write_file(Path(path), page_of(findings, language).encode(), "--html")


def page_of(findings: Findings, language: str | None = None) -> str:
    """The page as text."""
    summary = findings.summary
    tag = checked_language(language) if language else language_of(summary.texts)
    charts = list(page_charts(summary, tag))
    found = decision(findings)
    return rooms(tag if language else "").get_template(TEMPLATE).render(
        facts=summary.facts,
        size=f"{counted(summary.facts.seats, 'seat')}, {counted(summary.facts.months, 'month')}, {summary.seeds}",
        baseline=summary.labels[summary.baseline],
        headline=found.headline,
        answers=found.answers,
        cautions=found.cautions,
        columns=("policy", *COLUMNS),
        blocks=table_blocks(summary),
        legend=(LEGEND, f"Intervals: {summary.intervals.removeprefix('intervals: ')}."),
        charts=[chart for chart in charts if not chart.policy and chart.name not in RISKS],
        risks=[chart for chart in charts if chart.name in RISKS],
        picks=list(_picks(findings, charts)),
        checks=_checks(findings),
        warnings=list(filter(None, [missing_glyphs(summary.labels.values())])),  # the summary's are among the cautions
        moved=moved_sentences(summary),
        rests=[*draw_sentences(summary), *assumption_sentences(summary), *stopping_sentences(summary)],
        grades=_grades(findings.assumptions),
        assumptions=_assumptions(findings.assumptions),
        firm=_firm(findings.firm),
        about=list(_about(summary, findings.about)),
    )


def _picks(findings: Findings, charts: Sequence[Chart]) -> Iterator[Pick]:
    """What each policy but the baseline does, sets and shows."""
    summary = findings.summary
    first = focus(summary)
    for policy in summary.others:
        changes = tuple(
            told(lambda policy=policy, key=key: change(summary, policy, key))  # type: ignore[misc]
            for key in summary.headlines
        )
        own = tuple(chart for chart in charts if chart.policy == policy)
        settings = tuple(_settings(findings.settings, policy, summary.baseline))
        yield Pick(policy, summary.labels[policy], policy == first, changes, settings, own)


def _settings(settings: DataFrame, policy: str, baseline: str) -> Iterator[Setting]:
    """The settings in which a policy differs from the baseline; a lever bears its title where its file is at hand."""
    rows = settings.to_dict("records")
    base = {(row["lever"], row["setting"]): value_text(row["value"]) for row in rows if row["policy"] == baseline}
    for row in rows:
        before, value = base.get((row["lever"], row["setting"]), ""), value_text(row["value"])
        if row["policy"] == policy and value != before:
            lever = catalogue().get(row["lever"])
            yield Setting(lever.title if lever else row["lever"], row["setting"], value, before, row["unit"])


def _checks(findings: Findings) -> list[str]:
    """What was tried to see whether the decision stands: other worlds, ranks, pay at the baseline's sales."""
    summary = findings.summary
    stress = [stress_sentence(summary, findings.stress)] if findings.stress and summary.others else []
    return [*stress, *rank_sentences(summary), *wedge_sentences(summary), *group_sentences(summary)]


def _grades(assumptions: DataFrame) -> list[tuple[str, list[int]]]:
    """How many parameters each status has of each grade, and in all; the statuses in the order of the table."""
    counts = []
    for status in assumptions["status"].unique():
        grades = assumptions.loc[assumptions["status"] == status, "grade"]
        counts.append((str(status), [*(int((grades == grade).sum()) for grade in GRADES), len(grades)]))
    return counts


def _assumptions(assumptions: DataFrame) -> dict[str, list[dict[str, str]]]:
    """The parameters of each status, as words."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in assumptions.to_dict("records"):
        words = {str(name): value_text(value) for name, value in row.items()}
        found.setdefault(words["status"], []).append(words)
    return found


def _firm(firm: Mapping[str, Any] | None) -> list[tuple[str, str, str, str]]:
    """What a firm was asked to show, and shows, with the noise of that."""
    rows = (firm or {}).items()
    return [(name, plain(row["asked"]), plain(row["reached"]), plain(row["error"])) for name, row in rows]


def _about(summary: Summary, about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which run it was, with what: names and values, those of tables joined by a dot."""
    facts = summary.facts
    yield "run", facts.run
    yield "scenario", facts.name
    yield "world", ", ".join(facts.world)
    for name, value in about.items():
        if name not in ELSEWHERE:
            yield from _flat(name.replace("_", " "), value)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(f"{name}: {str(key).replace('_', ' ')}", part)
    elif value is not None and value != []:
        yield name, ", ".join(map(value_text, value)) if isinstance(value, list | tuple) else value_text(value)
