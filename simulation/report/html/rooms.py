"""Where the templates of pages are found and filled; every text that goes into one is escaped."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulation.report.html.tongues import tongues
from simulation.report.words.quotes import as_line

if TYPE_CHECKING:
    from jinja2 import Environment

OWN = "simulation.report.html"


def rooms(language: str = "", package: str = OWN) -> Environment:
    """Templates of a package, and the pieces of the report's that they share.

    `language` is the checked tag of the labels', as far as it is known; the filters `tongues` and `as_line` are there.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    places = [PackageLoader(name) for name in dict.fromkeys((package, OWN))]
    found = Environment(
        loader=ChoiceLoader(places), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {"tongues": partial(tongues, language=language), "as_line": as_line}
    return found
