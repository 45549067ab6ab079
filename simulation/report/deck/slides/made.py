"""How it was made: what a colleague needs to get the same numbers again."""

from __future__ import annotations

import math
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from simulation import __version__
from simulation.report.deck.book import Book
from simulation.report.deck.page import BOTTOM, columns
from simulation.report.deck.tables import LABELS, Sheet, first_that_fits, words_cell
from simulation.report.deck.text import clean
from simulation.report.lettering import columns as columns_of
from simulation.report.lettering import shorten
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.phrases import short_label
from simulation.report.words.quotes import SHORT, Sentence, written
from simulation.statistics.summary import counted

AGAIN, WHAT = "The same command gives the same numbers", "What was run, and with which settings"
"""Titles; the second of a study that no command has made."""
UNDER_TITLE = 1.35
"""[inches] Where the table begins, under a title of one line."""
SAME = "Run with the same version it gives the same numbers; the digests tell whether anything else has changed."
NONE = "none"
SETTINGS = 9
"""How many times as long as a label a list of settings may be."""


def add(book: Book) -> None:
    """Put the slide into the book."""
    command = book.findings.about.get("command", "")
    slide = book.slide("Table", "How it was made", Sentence(AGAIN if command else WHAT))
    box = columns(0, 12, UNDER_TITLE, BOTTOM)
    slide.holders[16] = replace(slide.holders[16], box=box)
    sheet = first_that_fits((_sheet(book, longest) for longest in LABELS), box)
    missing = len(_sheet(book, LABELS[-1]).rows) - len(sheet.rows)
    if missing:
        more = f"{missing + 1} more rows; all settings stand in summary.xlsx, and what was moved in manifest.json"
        sheet = replace(sheet, rows=[*sheet.rows[:-1], [words_cell("More", bold=True), words_cell(more)]])
    slide.table(16, sheet, "Table of what was run: study, world, seeds, versions, digests and settings.")
    slide.say(18, [])
    slide.notes([
        "The baseline's row has those of its settings that are not neutral, another's those that differ from the baseline's.",
        "All settings stand in summary.xlsx. Moved: what was changed so that policies cost the same.",
        *([f"The command: {command}", SAME] if command else []),
        "Everything else on this page stands in manifest.json in the run folder.",
    ])  # fmt: skip


def _sheet(book: Book, longest: int) -> Sheet:
    """Settings are left out where there is no room for all; the workbook has them whole."""
    rows = [
        [words_cell(shorten(clean(name), longest), bold=True), words_cell(shorten(clean(text), SETTINGS * longest))]
        for name, text in _rows(book, SETTINGS * longest)
    ]  # fmt: skip
    return Sheet(("What", "Here"), rows, text=(0, 1))


def _rows(book: Book, room: int) -> Iterator[tuple[str, str]]:
    summary, about = book.summary, book.findings.about
    facts = summary.facts
    yield "Study", f"{facts.title} (run {facts.run})"
    yield "World", ", ".join(facts.world)
    last = facts.first_seed + facts.seeds - 1
    seeds = f"seeds {facts.first_seed} to {last}" if facts.seeds > 1 else f"seed {last}"
    size = f"{counted(facts.months, 'month')}, {counted(facts.seats, 'seat')}, {seeds}"
    yield "Size", f"{size}, the same for all {len(summary.labels)} policies" if summary.others else size
    if about.get("command"):
        yield "Command", str(about["command"])
    versions = about.get("versions", {"orgsim": __version__})
    yield "Versions", ", ".join(f"{name} {version}" for name, version in versions.items())
    digests = about.get("digests", {})
    if digests:
        yield "Digests", ", ".join(f"{name} {str(digest)[:12]}" for name, digest in digests.items())
    for policy, text in _settings(book, room):
        yield short_label(summary, policy, room // SETTINGS), text
    for text in moved_sentences(summary):
        yield "Moved", text


def _settings(book: Book, room: int) -> Iterator[tuple[str, str]]:
    """What is not neutral in the baseline and what differs from it in others, and how many more than the room [columns] holds."""
    frame = book.findings.settings
    if not len(frame):
        return
    own: dict[str, Mapping[tuple[str, str], str]] = {
        str(policy): {(r["lever"], r["setting"]): _value(r["value"]) for r in part.to_dict("records")}
        for policy, part in frame.groupby("policy", sort=False)
    }
    base = own[book.summary.baseline]
    neutral = {(r["lever"], r["setting"]): _value(r["neutral"]) for r in frame.to_dict("records")}
    moved = [_set(key, value) for key, value in base.items() if neutral[key] != value]
    yield book.summary.baseline, _as_many(moved, room) or "every setting is neutral"
    for policy in book.summary.others:
        differ = [_set(key, value) for key, value in own[policy].items() if base.get(key) != value]
        yield policy, _as_many(differ, room) or "as the baseline"


def _set(key: tuple[str, str], value: str) -> str:
    """A setting and its value, or that it has none: "commission.rate 0.06", "no commission.cap"."""
    name = ".".join(key)
    return f"no {name}" if value == NONE else f"{name} {value}"


def _as_many(settings: Sequence[str], room: int) -> str:
    """As many settings as fit, the first in any case, and where the others stand."""
    whole = ", ".join(settings)
    kept = len(settings)
    while columns_of(whole) > room and kept > 1:
        kept -= 1
        whole = f"{', '.join(settings[:kept])} and {len(settings) - kept} more, see summary.xlsx"
    return whole


def _value(value: object) -> str:
    """A setting in four significant digits, a list as scenario files have it; a text as it is."""
    if isinstance(value, str) and value.startswith("("):
        return _value(literal_eval(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return written(value, "short", SHORT) if math.isfinite(value) else NONE
    return NONE if value is None else str(value)
