"""The tables of what can be set: names stand whole on a narrow screen."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from simulation.evidence.read import shipped_parameters
from simulation.levers import catalogue
from simulation.report.catalogue import explain, print_levers
from simulation.scenario.settings import settings_of


def printed(show, *names):
    """What a pipe of 80 columns gets."""
    out = StringIO()
    show(Console(file=out, width=80, markup=False, highlight=False), *names)
    return out.getvalue()


def test_names_of_settings_are_whole():
    """Every setting's name stands in one piece at the start of a line, in 80 columns, with no blanks at line ends."""
    text = printed(print_levers)
    starts = {line.split()[0] for line in text.splitlines() if line.strip()}

    assert {name for lever in catalogue().values() for name in settings_of(lever)} <= starts
    assert "\u2026" not in text
    assert all(line == line.rstrip() and len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize("group", list(dict.fromkeys(group for group, _ in shipped_parameters().rows)))
def test_names_of_parameters_are_whole(group):
    """So does every parameter's name."""
    text = printed(explain, group)
    starts = {line.split()[0] for line in text.splitlines() if line.strip()}

    assert {name for home, name in shipped_parameters().rows if home == group} <= starts
