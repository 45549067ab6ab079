"""Nothing that is written or printed leads to a person: no id, no name, no group under five; no spreadsheet runs a cell."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from company_files import pipeline, read, staff
from rich.console import Console

from simulation.calibration.company.check import Findings
from simulation.calibration.company.words import print_left_out
from simulation.calibration.company.world import write_figures

ODD = (
    "Anna Secret,T1,2023-05-01,2023-04-01,voluntary,1,1", "P777,T1,Anna Secret,,,1,1",
    "P778,T1,2023-05-01,,,=2+5,1", "P779,T1,40771234,,,1,1",
)  # fmt: skip


def written(folder: Path) -> str:
    """All that a reading writes and prints of odd rows."""
    company = read(folder, [*staff(), *ODD], [*pipeline(), "X,Berta Hidden,2023-03-01,2023-04-01,won,1,0"])
    console = Console(file=io.StringIO(), width=100)
    print_left_out(company.told, console)
    files = write_figures(company.moments, company.told, folder / "out", "acme")
    return console.file.getvalue() + "".join(file.read_text(encoding="utf-8") for file in files)


def test_no_id_or_name_is_written(tmp_path: Path):
    """Neither ids nor names of reps or owners appear, even where a name stands in a wrong column."""
    text = written(tmp_path)
    hidden = ("P0", "P777", "P778", "P779", "40771234", "Anna", "Secret", "Berta", "Hidden")

    assert [word for word in hidden if word in text] == []
    assert "a text of 11 characters" in text
    assert "8 digits" in text


def test_ids_are_others_in_every_run(tmp_path: Path):
    """The numbers that stand for reps differ from run to run, and every figure is the same."""
    first, second = (read(tmp_path, staff(), pipeline(90)) for _ in range(2))
    shown = lambda company: [(m.value, m.error) for m in company.moments.shown.values()]  # noqa: E731

    assert set(first.history.people.rep) & set(second.history.people.rep) == set()
    assert shown(first) == shown(second)


@pytest.mark.parametrize(("cell", "kept"), [("-5000", "-5000.0"), ("+1+2", "'+1+2"), ("-1-2", "'-1-2")])
def test_formulas_are_quoted_and_numbers_stay(tmp_path: Path, cell: str, kept: str):
    """A cell that a spreadsheet would run is quoted in the list of what was left out; a number stays a number."""
    company = read(tmp_path, [*staff(), f"X1,T1,2023-05-01,,,{cell},1"])
    [_, left_out] = write_figures(company.moments, company.told, tmp_path / "out", "acme")
    [row] = csv.DictReader(left_out.read_text(encoding="utf-8").splitlines())

    assert row["value"] == kept


def test_what_is_left_out_is_summed_up():
    """Reasons beyond the twelve most frequent are said to stand in the report."""
    told = Findings(read={"people": 100})
    for k in range(14):
        told.line("people", k, f"reason {k}")
    console = Console(file=io.StringIO(), width=100)
    print_left_out(told, console)

    assert "people: 100 rows read, 86 used, 14 left out." in console.file.getvalue()
    assert "2 further reasons stand in the report." in console.file.getvalue()
