"""A deck while it is written: slides made from layouts, placeholders filled and the footer of every slide set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from simulation.report.deck.page import (
    ALWAYS,
    BOTTOM,
    EMU,
    FOOTER,
    KICKER,
    LAYOUTS,
    LEAST_TITLE,
    NUMBER,
    SMALL_TYPE,
    TITLE,
    Holder,
)
from simulation.report.deck.tables import Sheet, insert_table
from simulation.report.deck.template import set_eastern_font
from simulation.report.deck.text import Words, describe, fitted, mark_language, write
from simulation.report.language import glyphs_of
from simulation.report.words.addresses import cell
from simulation.report.words.quotes import Sentence, count, quote, told

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings
    from simulation.statistics.summary import Summary

TEMPLATE = files("simulation") / "report" / "deck" / "template.pptx"
BETWEEN = 0.2
"""[inches] From a table to what stands right under it."""


@dataclass
class Book:
    """The presentation, what it is made from, and the language its text is marked as."""

    deck: Any
    findings: Findings
    language: str

    @property
    def summary(self) -> Summary:
        """The comparison that the deck is about."""
        return self.findings.summary

    def slide(self, layout: str, kicker: str, title: Sentence, rest: tuple[str, str] | None = None) -> Slide:
        """A new slide with its title, footer and number; the rest of its placeholders wait to be filled.

        `rest` is what on the slide may stand on fewer seeds than the study, and where their number stands.
        """
        place = list(LAYOUTS).index(layout)
        made = self.deck.slides.add_slide(self.deck.slide_layouts[place])
        slide = Slide(self, made, {one.number: one for one in (*ALWAYS, *LAYOUTS[layout])})
        slide._name_shapes()  # noqa: SLF001
        slide.say(KICKER.number, [Sentence(kicker)])
        slide.say(TITLE.number, [title], least=LEAST_TITLE)
        slide._foot(rest)  # noqa: SLF001
        return slide


@dataclass
class Slide:
    """A slide whose placeholders are filled by their numbers on the layout."""

    book: Book
    made: Any
    holders: dict[int, Holder]

    def say(self, number: int, said: Sequence[Sentence], *, least: float = SMALL_TYPE) -> None:
        """Fill a text placeholder with paragraphs, as large as its place allows; without any it is taken away."""
        holder, shape = self.holders[number], self.place(number)
        if not said:
            self.without(number)
            return
        bold = holder.kind == "title" or holder is KICKER or holder.name.endswith("heading")
        size, kept = fitted(said, holder, least=least, bold=bold)
        write(shape.text_frame, kept, Words(self.book.language, size, bold=bold))
        describe(shape, "", [number for one in kept for number in one.quotes])

    def table(self, number: int, sheet: Sheet, alt: str) -> None:
        """Fill a table placeholder."""
        frame = insert_table(self.place(number), sheet, self.holders[number].box, self.book.language)
        frame.name = self.holders[number].name
        describe(frame, alt, sheet.quotes())

    def say_below(self, number: int, other: int, said: Sequence[Sentence]) -> None:
        """Fill a text placeholder that is moved right under a table."""
        above = self.place(other)
        self.say_from(number, (above.top + above.height) / EMU + BETWEEN, said)

    def say_from(self, number: int, top: float, said: Sequence[Sentence]) -> None:
        """Fill a text placeholder that begins at a height [inches] and may reach down to where the body ends."""
        holder, shape = self.holders[number], self.place(number)
        box = replace(holder.box, y=top, h=BOTTOM - top)
        self.holders[number] = replace(holder, box=box)
        shape.left, shape.top, shape.width, shape.height = box.emu()
        self.say(number, said)

    def without(self, number: int) -> None:
        """Take a placeholder away that nothing fills."""
        element = self.place(number)._element  # noqa: SLF001 - the library cannot take shapes away
        element.getparent().remove(element)

    def place(self, number: int) -> Any:
        """The placeholder of a number."""
        return next(shape for shape in self.made.placeholders if shape.placeholder_format.idx == number)

    def charted(self, number: int, frame: Any, alt: str) -> None:
        """Name a chart that has been put into a placeholder, and give it its alt text."""
        frame.name = self.holders[number].name
        describe(frame, alt)

    def notes(self, said: Sequence[str]) -> None:
        """What the speaker reads: a paragraph each."""
        frame = self.made.notes_slide.notes_text_frame
        write(frame, [Sentence(text) for text in said], Words(self.book.language, SMALL_TYPE))

    def _name_shapes(self) -> None:
        for shape in self.made.placeholders:
            shape.name = self.holders[shape.placeholder_format.idx].name

    def _foot(self, rest: tuple[str, str] | None) -> None:
        """Footer and number, which the library does not copy from a layout."""
        from copy import deepcopy

        for holder in (FOOTER, NUMBER):
            source = next(s for s in self.made.slide_layout.placeholders if s.placeholder_format.idx == holder.number)
            element = deepcopy(source._element)  # noqa: SLF001
            for child in list(element.spPr):
                element.spPr.remove(child)
            tree = self.made.shapes._spTree  # noqa: SLF001
            element._nvXxPr.cNvPr.set("id", str(max(int(i) for i in tree.xpath("//@id") if i.isdigit()) + 1))  # noqa: SLF001
            for properties in element.xpath(".//a:rPr"):
                mark_language(properties, self.book.language)
            tree.append(element)
            if holder is FOOTER:
                self.place(FOOTER.number).text_frame.clear()
        self.say(FOOTER.number, [told(lambda: footer(self.book.findings, rest))])


def footer(findings: Findings, rest: tuple[str, str] | None = None) -> str:
    """How much was simulated, what of the slide stands on fewer seeds, what intervals are, and which run it was."""
    summary = findings.summary
    seeds, fewest = (quote(summary, "", "", f"facts.{name}") for name in ("seeds", "fewest"))
    many = f"{fewest} to {seeds} seeds" if fewest != seeds else count(summary, "facts.seeds", "seed")
    if rest is not None and cell(findings, "", "", rest[1]) != cell(summary, "", "", "facts.seeds"):
        many = f"{many}, {rest[0]} {quote(findings, '', '', rest[1])}"
    return f"{many}; intervals are 95%, paired by seed; an average year; run {summary.facts.run}"


def new_deck(language: str) -> Any:
    """An empty deck from the template that comes with the package, with the font that has a language's forms of characters."""
    from pptx import Presentation

    deck = Presentation(BytesIO(TEMPLATE.read_bytes()))
    set_eastern_font(deck, glyphs_of(language).office)
    return deck
