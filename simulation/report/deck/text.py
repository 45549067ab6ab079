"""Text on a slide: sentences with the numbers they hold, as large as their place allows, and alt texts that name the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.experiment.sheets import FORBIDDEN
from simulation.report.deck.fit import cut, height_of, largest
from simulation.report.deck.page import LINE, Holder
from simulation.report.words.quotes import Quote, Sentence, as_line

GAP = 6.0
"""[points] Between paragraphs."""
ENGLISH = "en-GB"
MORE = Sentence("More stands in the notes.")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Words:
    """How runs of text are set: the language a proofing tool takes them for, and the size of type [points]."""

    language: str
    size: float
    bold: bool = False
    colour: str | None = None


def clean(text: str) -> str:
    """A text without signs that XML cannot hold, on one line."""
    return SPACE.sub(" ", FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)).strip()


def plain(text: str) -> Sentence:
    """A sentence without numbers of the summary."""
    return Sentence(text)


def joined(*parts: Sentence | str) -> Sentence:
    """Sentences one after the other, with their numbers."""
    said = [part if isinstance(part, Sentence) else Sentence(part) for part in parts]
    return Sentence("".join(part.text for part in said), tuple(number for part in said for number in part.quotes))


def fitted(said: Sequence[Sentence], holder: Holder, *, least: float, bold: bool = False) -> tuple[float, list[Sentence]]:
    """Sentences and the size in which they fit their place; in the smallest the last that do not fit are left out.

    The first is shortened rather than left out. That some are missing is said; the notes have them all.
    """
    room = holder.box.w, holder.box.h
    size = largest([clean(one.text) for one in said], room, (holder.size, least), bold=bold, gap=GAP)
    if size is not None:
        return size, list(said)
    for count in range(len(said) - 1, 0, -1):
        kept = [*said[:count], MORE]
        if height_of([clean(one.text) for one in kept], room[0], least, bold=bold, gap=GAP) <= room[1]:
            return least, kept
    short = cut(clean(said[0].text), room, least, bold=bold)
    return least, [Sentence(short, tuple(number for number in said[0].quotes if number.text in short))]


def write(frame: Any, said: Sequence[Sentence], words: Words, *, align: str | None = None) -> None:
    """Put sentences into a text frame, a paragraph each."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for place, one in enumerate(said or [Sentence("")]):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.line_spacing = Pt(round(words.size * LINE, 1))
        paragraph.space_before = Pt(GAP if place else 0)
        if align:
            paragraph.alignment = getattr(PP_ALIGN, align)
        text = clean(one.text)
        if text:
            write_run(paragraph, text, words)
        else:
            _keep_size(paragraph, words)


def _keep_size(paragraph: Any, words: Words) -> None:
    """Say how large type is in a paragraph without any: an empty cell is else as high as the program's usual type."""
    from pptx.oxml.ns import qn

    end = paragraph._p.makeelement(qn("a:endParaRPr"), {"lang": ENGLISH, "sz": f"{100 * words.size:.0f}"})  # noqa: SLF001 - see below
    paragraph._p.append(end)  # noqa: SLF001 - the library writes runs alone


def write_run(paragraph: Any, text: str, words: Words) -> None:
    """Add a run of text to a paragraph."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(words.size), words.bold
    if words.colour:
        run.font.color.rgb = RGBColor.from_string(words.colour.lstrip("#").upper())
    mark_language(run._r.get_or_add_rPr(), words.language)  # noqa: SLF001 - the library knows only some languages


def mark_language(properties: Any, language: str) -> None:
    """Say what language a run is in: the sentences of a deck are English, labels in them may be in another."""
    properties.set("lang", ENGLISH)
    if language.partition("-")[0] != ENGLISH.partition("-")[0]:
        properties.set("altLang", language)


def describe(shape: Any, alt: str, quotes: Iterable[Quote] = ()) -> None:
    """Give a shape its alt text: what it shows, and a line for each number that stands in it."""
    lines = [clean(alt)] if alt else []
    lines += [FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", as_line(number)) for number in quotes]
    if lines:
        shape._element._nvXxPr.cNvPr.set("descr", "\n".join(lines))  # noqa: SLF001 - the library has no alt text
