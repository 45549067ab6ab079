"""The board deck of a study: at most twelve slides, made from its findings alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
from simulation.report.language import language_of

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings

SLIDES = (decision, tradeoff, bridge, survival, leavers, timeline, drivers, price, risks, conditions, evidence, made)


def write_deck(findings: Findings, path: Path, *, language: str | None = None) -> Path:
    """Write the deck of a study."""
    language = language or language_of(findings.summary.labels.values())
    book = Book(new_deck(language), findings, language)
    for slide in SLIDES:
        slide.add(book)
    about = book.deck.core_properties
    about.title, about.subject = findings.summary.facts.title, findings.summary.facts.question
    path.write_bytes(packed(book.deck))
    return path
