"""The board deck of a study: at most twelve slides, made from its findings alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simulation.experiment.writing import write_file
from simulation.report.deck.book import Book, new_deck
from simulation.report.deck.package import packed
from simulation.report.deck.slides import (
    bridge,
    conditions,
    decision,
    drivers,
    evidence,
    leavers,
    made,
    price,
    risks,
    survival,
    timeline,
    tradeoff,
)
from simulation.report.deck.text import clean
from simulation.report.language import checked_language, language_of

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings

SLIDES = (decision, tradeoff, bridge, survival, leavers, timeline, drivers, price, risks, conditions, evidence, made)


def write_deck(findings: Findings, path: Path, *, language: str | None = None) -> Path:
    """Write the board deck of a study, and return its path.

    Parameters
    ----------
    findings : Findings
        All that is shown comes from them; what they do not have has no slide. The same findings give the same bytes.
    path : Path
        The file, which is replaced whole or not at all; a folder that is missing is made.
    language : str, optional
        The tag of the language that labels are in, such as zh-CN; left out, it is guessed from their scripts.

    Raises
    ------
    RunError
        When the file cannot be written.
    ScenarioError
        When the language is no tag of one.
    """
    language = checked_language(language) if language else language_of(findings.summary.texts)
    book = Book(new_deck(language), findings, language)
    for slide in SLIDES:
        slide.add(book)
    about, facts = book.deck.core_properties, findings.summary.facts
    about.title, about.subject, about.author = clean(facts.title), clean(facts.question), "orgsim"
    return write_file(Path(path), packed(book.deck), "--deck")
