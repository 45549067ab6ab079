"""The same tables as CSV, Parquet and Excel, and written as another country writes them, say the same."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from company_files import DEALS, PEOPLE, mapping, pipeline, read, staff, write

from simulation.calibration.company import tables
from simulation.calibration.company.calibrate import read_company
from simulation.calibration.company.found import Company
from simulation.errors import ScenarioError

GERMAN = """
[people]
date_format = "%d.%m.%Y"
decimal = ","
thousands = "."
delimiter = ";"
words = { quit = ["Eigenkündigung"], dismissal = ["Kündigung"] }

[people.columns]
rep = "Nr"
team = "Gruppe"
hired = "Eintritt"
left = "Austritt"
cause = "Grund"
base_pay = "Fix"
variable_pay = "Ziel"
"""


def figures(company: Company) -> dict[str, float]:
    """Every figure by name."""
    return {key: m.value for key, m in company.moments.shown.items()}


def frame(header: str, rows: list[str]) -> pd.DataFrame:
    """Rows as a table with days and numbers of their own types."""
    found = pd.read_csv(io.StringIO("\n".join([header, *rows])))
    for name in ("hired", "left", "opened", "closed"):
        if name in found:
            found[name] = pd.to_datetime(found[name])
    return found


@pytest.mark.parametrize("ending", [".parquet", ".xlsx"])
def test_parquet_and_excel_say_the_same(tmp_path: Path, ending: str):
    """Days and numbers with types of their own are read as CSV's text is."""
    expected = figures(read(tmp_path, staff(), pipeline()))
    files = []
    for name, header, rows in (("people", PEOPLE, staff()), ("deals", DEALS, pipeline())):
        files.append(tmp_path / f"{name}{ending}")
        table = frame(header, rows)
        table.to_parquet(files[-1]) if ending == ".parquet" else table.to_excel(files[-1], index=False)
    company = read_company(*files, ramp=5.0)

    assert company.told.listed == []
    assert figures(company) == pytest.approx(expected, rel=1e-12)


def test_a_mapping_reads_another_country(tmp_path: Path):
    """Semicolons, days as d.m.Y, decimal commas, thousands and own words, through the mapping, give the same figures."""
    expected = figures(read(tmp_path, staff()))
    rows = []
    for row in staff():
        rep, team, hired, left, cause, _, _ = row.split(",")
        turned = [".".join(reversed(day.split("-"))) for day in (hired, left)]
        word = {"voluntary": "Eigenkündigung", "involuntary": "KÜNDIGUNG", "": ""}[cause]
        rows.append(";".join([rep, team, *turned, word, "90.000,00", "60.000,0"]))
    path = write(tmp_path / "leute.csv", "Nr;Gruppe;Eintritt;Austritt;Grund;Fix;Ziel", *rows)
    company = read_company(path, None, mapping=mapping(tmp_path, GERMAN), ramp=5.0)

    assert company.told.listed == []
    assert figures(company) == pytest.approx(expected, rel=1e-12)


def test_percent_become_shares(tmp_path: Path):
    """With discount_unit = percent, "5%" and 5 are 0.05."""
    rows = [row.replace(",0.05", ",5%" if k % 2 else ",5") for k, row in enumerate(pipeline(120))]
    write(tmp_path / "deals.csv", DEALS, *rows)
    how = mapping(tmp_path, '[deals]\ndiscount_unit = "percent"')
    company = read_company(None, tmp_path / "deals.csv", mapping=how, ramp=5.0)

    assert company.moments.value("discount") == pytest.approx(0.05)


def test_a_sheet_is_found_by_name(tmp_path: Path):
    """A workbook's second sheet is read when the mapping names it, and an unknown one is refused with the nearest."""
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"note": ["nothing here"]}).to_excel(book, sheet_name="Read me", index=False)
        frame(PEOPLE, staff()).to_excel(book, sheet_name="Reps", index=False)
    company = read_company(path, None, mapping=mapping(tmp_path, '[people]\nsheet = "Reps"'), ramp=5.0)
    with pytest.raises(ScenarioError, match=r'has no sheet "Rep"; the nearest is Reps'):
        read_company(path, None, mapping=mapping(tmp_path, '[people]\nsheet = "Rep"'), ramp=5.0)

    assert company.told.listed == []


def test_a_large_workbook_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Above 50 MB, or unpacking to more than 1 GB, a workbook is refused before it is opened."""
    path = tmp_path / "people.xlsx"
    frame(PEOPLE, staff()).to_excel(path, index=False)
    monkeypatch.setattr(tables, "LARGEST_UNPACKED", 1_000)
    with pytest.raises(ScenarioError, match="unpacks to more than 1 GB"):
        read_company(path, None, ramp=5.0)
    monkeypatch.setattr(tables, "LARGEST_WORKBOOK", 1_000)
    with pytest.raises(ScenarioError, match="larger than 50 MB"):
        read_company(path, None, ramp=5.0)


@pytest.mark.parametrize(("name", "said"), [
    ("people.xls", r"has the ending \.xls; save it as CSV, Parquet or Excel"),
    ("people.xlsx", "cannot be read as a workbook"),
    ("people.parquet", "cannot be read as Parquet"),
    ("people.pkl", r"has the ending \.pkl"),
])  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, said: str):
    """A file of another kind, or one that is not what its ending says, is refused; nothing is unpickled."""
    path = tmp_path / name
    path.write_bytes(b"not a table at all")
    with pytest.raises(ScenarioError, match=said):
        read_company(path, None, ramp=5.0)


@pytest.mark.parametrize(("text", "said"), [
    ('[people]\ncolumns = { rep = "Number" }', 'people.columns.rep = "Number" is no column of this file'),
    ('[people]\ncolumns = { hire = "hired" }', "people.columns.hire is no column that is used; the nearest is hired"),
    ('[people]\nwords = { resigned = ["x"] }', "people.words.resigned is no meaning of a word"),
    ('[people]\ndecimal = ",,"', 'people.decimal = ",," is refused; it takes one character'),
    ('[people]\ndecimal = ","\nthousands = ","', "people.thousands is the decimal sign as well"),
    ('[people]\nquota_period = "week"', 'people.quota_period = "week" is no quota period'),
    ('[people]\nattainment_unit = "points"', 'people.attainment_unit = "points" is refused; it takes share or percent'),
    ('[people]\nencoding = "klingon"', 'file has no encoding "klingon"'),
    ('as_of = "yesterday"', 'as_of = "yesterday" is refused; it takes a day such as'),
    ("[peoples]", "peoples is no part of a mapping; the nearest is people"),
    ("people = 3", "people = 3 is refused; it takes a table [people]"),
    ("[people]\nsheet = 3", "people.sheet = 3 is refused; it takes a text"),
    ('[people]\nwords = { quit = "x" }', "people.words.quit = \"x\" is refused; it takes a list of the file's words"),
    ('[people]\ncolumns = { rep = ["a", "b"] }', "people.columns.rep = [\"a\", \"b\"] is refused; it takes one column's name"),
])  # fmt: skip
def test_a_wrong_mapping_is_refused(tmp_path: Path, text: str, said: str):
    """What a mapping gets wrong is told with its path, its value and the nearest name or what it takes."""
    write(tmp_path / "people.csv", PEOPLE, *staff())
    with pytest.raises(ScenarioError) as refusal:
        read_company(tmp_path / "people.csv", None, mapping=mapping(tmp_path, text), ramp=5.0)

    assert said in refusal.value.faults[0]


def test_open_deals_have_no_close(tmp_path: Path):
    """The close date of an open deal is a plan: it may lie in the future and counts for nothing."""
    rows = [*pipeline(), "X1,P001,2023-06-01,2199-01-01,negotiation,5000,0"]
    company = read(tmp_path, staff(), rows)

    assert company.told.listed == []
    assert np.isnat(company.history.deals.closed[-1])
