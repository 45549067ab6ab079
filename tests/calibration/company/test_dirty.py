"""Dirty tables: each fault is told by line, column, value and what is wrong; the row is left out, and nothing is mended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from company_files import PEOPLE, mapping, pipeline, read, staff, write

from simulation.calibration.company.calibrate import read_company
from simulation.errors import ScenarioError

PEOPLE_FAULTS = {
    "left before hired": ("X1,T1,2023-05-01,2023-04-01,voluntary,1,1", "left", "2023-04-01", "lies before hired"),
    "no day": ("X1,T1,01/05/2023,,,1,1", "hired", "01/05/2023", "is no day written like %Y-%m-%d"),
    "hired missing": ("X1,T1,,,,1,1", "hired", "", "is missing"),
    "id missing": (",T1,2023-05-01,,,1,1", "rep", "", "is missing"),
    "hired in the future": ("X1,T1,2199-05-01,,,1,1", "hired", "2199-05-01", "lies in the future"),
    "negative pay": ("X1,T1,2023-05-01,,,-5000,1", "base_pay", "-5000", "is negative"),
    "no number": ("X1,T1,2023-05-01,,,ninety,1", "base_pay", "a text of 6 characters", "is no number; see decimal and thousands"),
    "decimal comma": ('X1,T1,2023-05-01,,,"90.000,00",1', "base_pay", "90.000,00", "is no number; see decimal and thousands"),
    "unknown cause": ("X1,T1,2022-05-01,2023-04-01,elsewhere,1,1", "cause", "a text of 9 characters", "has no known meaning"),
    "no cause": ("X1,T1,2022-05-01,2023-04-01,,1,1", "cause", "", "is missing though there is a day of exit"),
    "cause without exit": ("X1,T1,2022-05-01,,voluntary,1,1", "cause", "", "is given without a day of exit"),
    "too few cells": ("X1,T1,2022-05-01", "", "", "has 3 cells where the header has 7"),
}
DEAL_FAULTS = {
    "closed before opened": ("X,P001,2023-05-01,2023-04-01,won,1,0", "closed", "2023-04-01", "lies before opened"),
    "negative amount": ("X,P001,2023-03-01,2023-04-01,lost,-1,0", "amount", "-1", "is negative"),
    "won for nothing": ("X,P001,2023-03-01,2023-04-01,won,,0", "amount", "", "is missing or zero in a deal won"),
    "unknown owner": ("X,Nobody,2023-03-01,2023-04-01,won,1,0", "owner", "", "is not among the people"),
    "unknown stage": ("X,P001,2023-03-01,2023-04-01,parked,1,0", "stage", "a text of 6 characters", "has no known meaning"),
    "no stage": ("X,P001,2023-03-01,2023-04-01,,1,0", "stage", "", "is missing"),
    "no close": ("X,P001,2023-03-01,,won,1,0", "closed", "", "is missing though the deal has ended"),
    "percent": ("X,P001,2023-03-01,2023-04-01,won,1,15", "discount", "15", "is no share in 0 to 1"),
    "future": ("X,P001,2023-03-01,2199-04-01,won,1,0", "closed", "2199-04-01", "lies in the future"),
    "same deal twice": ("D0007,P001,2023-03-01,2023-04-01,lost,1,0", "deal", "", "stands in rows that differ"),
}


@pytest.mark.parametrize("fault", PEOPLE_FAULTS)
def test_a_fault_of_a_stay_is_told_by_line(tmp_path: Path, fault: str):
    """Whatever is wrong with a stay is told with line, column and value, and only that stay is left out."""
    row, column, value, wrong = PEOPLE_FAULTS[fault]
    company = read(tmp_path, [*staff(4), row, *staff(30)[4:]])
    [found] = company.told.listed

    assert (found.table, found.line, found.column, found.value) == ("people", 6, column, value)
    assert found.wrong.startswith(wrong)
    assert (company.told.read["people"], company.told.dropped("people")) == (31, 1)
    assert len(company.history.people.rep) == 30


@pytest.mark.parametrize("fault", DEAL_FAULTS)
def test_a_fault_of_a_deal_is_told_by_line(tmp_path: Path, fault: str):
    """Whatever is wrong with a deal is told with line, column and value."""
    row, column, value, wrong = DEAL_FAULTS[fault]
    company = read(tmp_path, staff(), [*pipeline(), row])
    found = company.told.listed[-1]

    assert (found.table, found.line, found.column, found.value) == ("deals", 62, column, value)
    assert found.wrong.startswith(wrong)
    assert company.told.read["deals"] == 61


def test_a_row_counts_once(tmp_path: Path):
    """A row with two faults is one row left out, and both faults are listed."""
    company = read(tmp_path, [*staff(), "X1,T1,2023-05-01,2023-04-01,voluntary,-1,1"])

    assert company.told.dropped("people") == 1
    assert [found.column for found in company.told.listed] == ["left", "base_pay"]


def test_a_row_repeated_is_used_once(tmp_path: Path):
    """The same row again is left out; the first stands."""
    company = read(tmp_path, [*staff(), staff()[3]], [*pipeline(), pipeline()[5]])

    assert [(found.table, found.line) for found in company.told.listed] == [("people", 32), ("deals", 62)]
    assert (len(company.history.people.rep), len(company.history.deals.owner)) == (30, 60)


def test_stays_that_overlap_are_not_used(tmp_path: Path):
    """Two stays of one rep at a time: which is true cannot be told, so neither is used."""
    company = read(tmp_path, [*staff(), "P001,T2,2022-08-01,,,90000,60000"])

    assert sorted(found.line for found in company.told.listed) == [3, 32]
    assert len(company.history.people.rep) == 29


def test_mixed_encodings_are_told_by_line(tmp_path: Path):
    """A line in another encoding is left out when a used cell is not text, and kept when only an unused one is not."""
    path = tmp_path / "people.csv"
    header, rows = f"name,{PEOPLE}", [f"N,{row}" for row in staff()]
    rows[4], rows[7] = f"Jürgen,{staff()[4]}", f"N,{staff()[7].replace('T', 'Zürich')}"
    good = "\n".join([header, *rows[:4]]).encode()
    path.write_bytes(good + b"\n" + "\n".join(rows[4:]).encode("cp1252") + b"\n")
    company = read_company(path, None, ramp=5.0)

    assert [(found.line, found.wrong) for found in company.told.listed] == [(9, "is not utf-8 text")]
    assert company.told.dropped("people") == 1


def test_an_encoding_can_be_stated(tmp_path: Path):
    """A file in another encoding is read whole when the mapping says so."""
    path = write(tmp_path / "people.csv", PEOPLE, *(row.replace("T", "Zürich") for row in staff()), encoding="cp1252")
    company = read_company(path, None, mapping=mapping(tmp_path, '[people]\nencoding = "cp1252"'), ramp=5.0)

    assert company.told.listed == []


@pytest.mark.parametrize(("content", "said"), [
    (b"", "file is empty; it needs a header and rows"),
    (b"\n\n", "file is empty; it needs a header and rows"),
    (PEOPLE.encode(), "file has no rows below its header"),
    ("rep,hired\nP1,2022-01-01\n".encode("utf-16"), 'file is UTF-16 text; write encoding = "utf-16" under [people]'),
    (b'rep,hired\nP1,"2022-01-01\n' + b"x" * 200_000, "file breaks off in line"),
    (b"name,when\nP1,2022-01-01\n", "column rep is not recognised among"),
    (b"rep,hired\nP1,soon\nP2,later\n", "2 rows and all were left out, most because hired is no day written like"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, said: str):
    """An empty, broken, unrecognisable or wholly wrong file is refused in one sentence with its name."""
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as refusal:
        read_company(path, None, ramp=5.0)

    assert refusal.value.faults[0].startswith(f"{path}: ")
    assert said in refusal.value.faults[0]


def test_two_hundred_thousand_dirty_rows(tmp_path: Path):
    """A long dirty file is read whole: every fault is counted, ten thousand are listed, the rest are said to be more."""
    year = lambda k: 2022 if k % 10 == 0 else 2023  # noqa: E731
    lines = [f"D{k},P{k % 30:03d},2023-01-01,{year(k)}-03-01,won,{k + 1},0" for k in range(200_000)]
    company = read(tmp_path, staff(), lines)

    assert company.told.read["deals"] == 200_000
    assert list(company.told.summary()) == [("deals", "closed lies before opened", 20_000)]
    assert (len(company.told.listed), company.told.unlisted) == (10_000, 10_000)
    assert company.told.listed[-1].line == 99_992


def test_a_common_unknown_word_is_named(tmp_path: Path):
    """A word that five rows have is named with what to write in the mapping; a rarer one could be a person's and is not."""
    odd = [f"X{k},P001,2023-03-01,2023-04-01,{'kickoff' if k < 5 else 'anna'},1,0" for k in range(9)]
    company = read(tmp_path, staff(), [*pipeline(), *odd])

    assert company.told.sentences() == [
        'deals: 5 rows have the stage "kickoff", which is not known; give it a meaning in the mapping under [deals.words]'
    ]


def test_sums_hold_after_dirt(tmp_path: Path):
    """What is left gives the same figures as the clean table alone."""
    dirty = read(tmp_path, [*staff(), *(row for row, *_ in PEOPLE_FAULTS.values())], pipeline())
    clean = read(tmp_path, staff(), pipeline())
    values = lambda company: [m.value for m in company.moments.shown.values()]  # noqa: E731

    np.testing.assert_allclose(values(dirty), values(clean), rtol=1e-12)
