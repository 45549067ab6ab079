"""Text of several languages in a page: the language of a run of letters, for fonts, line breaks and reading aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulation.report.language import FORMS

if TYPE_CHECKING:
    from markupsafe import Markup

KANA = re.compile(r"[\u3040-\u30ff]")
SCRIPTS = {
    "zh": r"\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60",
    "ko": r"\u1100-\u11ff\uac00-\ud7af",
    "ar": r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "he": r"\u0590-\u05ff",
}
"""Letters by the language that they are most often of; with kana among them the first is Japanese."""
RIGHT_TO_LEFT = ("ar", "he")
RUNS = re.compile("|".join(f"(?P<{tongue}>[{letters}]+(?: +[{letters}]+)*)" for tongue, letters in SCRIPTS.items()))


def runs_of(text: str, language: str = "") -> Iterator[tuple[str, str]]:
    """The parts of a text, each with its language; empty for what may be English.

    Characters that Chinese shares with others are of `language`, the checked tag of the labels', where that writes them.
    """
    shared = language if language.partition("-")[0] in FORMS else ""
    end = 0
    for found in RUNS.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], ""
        tongue = str(found.lastgroup)
        if tongue == "zh":
            tongue = shared or ("ja" if KANA.search(found.group()) else tongue)
        yield found.group(), tongue
        end = found.end()
    if end < len(text):
        yield text[end:], ""


def tongues(text: str, language: str = "") -> Markup:
    """A text as HTML: escaped, and runs of other scripts marked with their language and direction."""
    from markupsafe import Markup, escape

    parts = []
    for part, tongue in runs_of(text, language):
        if not tongue:
            parts.append(escape(part))
            continue
        way = Markup(' dir="rtl"') if tongue in RIGHT_TO_LEFT else ""
        parts.append(Markup('<bdi lang="{}"{}>{}</bdi>').format(tongue, way, part))
    return Markup().join(parts)
