"""The page's tables and figures as HTML: templates that escape every text that goes into them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nicegui import ui

from simulation.report.html.rooms import rooms

if TYPE_CHECKING:
    from jinja2 import Environment


@lru_cache
def _templates() -> Environment:
    return rooms(package="simulation.app.results")


def fill(template: str, **values: Any) -> str:
    """A template of the page's with values in it."""
    return _templates().get_template(f"{template}.html.j2").render(**values)


def markup(content: str = "") -> ui.html:
    """An element that shows what `fill` made; nothing else may go into it."""
    return ui.html(content, sanitize=False)
