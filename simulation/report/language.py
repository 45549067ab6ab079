"""Which language the user's text is in: labels and titles, not the sentences that a report makes, which are English.

A tag as in BCP 47 (`zh-CN`, `ja`, `en-GB`). Han characters are shared by scripts that write them differently, so the tag says
which forms of them are shown; and what a slide or a page says of its text, for spelling, hyphens and voices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import name

from simulation.errors import ScenarioError
from simulation.scenario.faults import literal

if TYPE_CHECKING:
    from simulation.scenario import Scenario

_TAG = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?((?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)", re.IGNORECASE | re.ASCII
)
"""Language, script, region, variants."""
_TRADITIONAL = frozenset({"TW", "HK", "MO"})
_GUESSED = {"HIRAGANA": "ja", "KATAKANA": "ja", "HALFWIDTH KATAKANA": "ja", "HANGUL": "ko"}
_HAN = ("CJK UNIFIED", "CJK COMPATIBILITY")
OTHERWISE = "en"


@dataclass(frozen=True)
class Glyphs:
    """Forms of East-Asian characters: the ending of the fonts that have them, and the font that Office shows them in."""

    ending: str
    office: str


SIMPLIFIED = Glyphs("SC", "Microsoft YaHei")
TRADITIONAL = Glyphs("TC", "Microsoft JhengHei")
FORMS: Mapping[str, Glyphs] = {"zh": SIMPLIFIED, "ja": Glyphs("JP", "Yu Gothic"), "ko": Glyphs("KR", "Malgun Gothic")}
"""By language; Chinese may be either of the first two."""


def checked_language(tag: str) -> str:
    """A language's tag in its usual case: "zh-cn" becomes "zh-CN". Raises ScenarioError where it is no such tag."""
    found = _TAG.fullmatch(tag)
    if found is None:
        raise ScenarioError(f"--language: {literal(tag)} is no tag of a language; it takes one such as en-GB, zh-CN, ja or ko")
    language, script, region, rest = found.groups(default="")
    return "-".join(part for part in (language.lower(), script.title(), region.upper()) if part) + rest.lower()


def language_of(labels: Iterable[str]) -> str:
    """The language that labels seem to be in, by their scripts: ja with kana, ko with hangul, zh-CN with Han alone, else en.

    Where there are kana and hangul it is the more frequent that counts.
    """
    named = [name(sign, "") for label in labels for sign in label if not sign.isascii()]
    seen = Counter(tag for one in named for script, tag in _GUESSED.items() if one.startswith(f"{script} LETTER"))
    seen.update("ko" for one in named if one.startswith("HANGUL SYLLABLE"))
    if seen:
        return seen.most_common(1)[0][0]
    return "zh-CN" if any(one.startswith(_HAN) for one in named) else OTHERWISE


def language_of_study(scenario: Scenario) -> str:
    """The language that a scenario's title, question and labels seem to be in."""
    return language_of((scenario.title, scenario.question, *(policy.label for policy in scenario.policies)))


def glyphs_of(tag: str) -> Glyphs:
    """The forms of East-Asian characters for a language (a checked tag); the simplified Chinese ones where it has none."""
    language, *rest = tag.split("-")
    if language == "zh" and ("Hant" in rest or ("Hans" not in rest and _TRADITIONAL & {*rest})):
        return TRADITIONAL
    return FORMS.get(language, SIMPLIFIED)
