"""Stays: who is watched from when to when, and what ends a stay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from company_files import PEOPLE, mapping, read, staff, write

from simulation.calibration.company.calibrate import read_company
from simulation.calibration.company.history import History
from simulation.calibration.company.people import DISMISSAL, OTHER, QUIT, STAYED

MONTH = 365.25 / 12


def stays(folder: Path, *rows: str, how: str = 'as_of = "2024-01-01"\n[people]\nwatched_from = "2022-01-01"') -> History:
    """The history of a few rows."""
    path = write(folder / "people.csv", PEOPLE, *rows)
    return read_company(path, None, mapping=mapping(folder, how), ramp=5.0).history


def test_months_and_exits_by_hand(tmp_path: Path):
    """A quit after 181 days, a dismissal after a year, one who is still there and one hired before the watch began."""
    history = stays(
        tmp_path, "A,T,2022-01-01,2022-07-01,quit,1,1", "B,T,2022-06-01,2023-06-01,fired,1,1", "C,T,2023-07-01,,,1,1",
        "D,T,2020-01-01,,,1,1",
    )  # fmt: skip
    stay = history.stay

    assert stay.cause.tolist() == [QUIT, DISMISSAL, STAYED, STAYED]
    np.testing.assert_allclose(stay.ended * MONTH, [181, 365, 184, 1461])
    np.testing.assert_allclose(stay.entered * MONTH, [0, 0, 0, 731])
    np.testing.assert_allclose(stay.exposure(0.0, np.inf).sum() * MONTH, 181 + 365 + 184 + 730)


def test_an_exit_before_the_watch_is_not_counted(tmp_path: Path):
    """Whoever left before leavers are on file has no months and no exit."""
    history = stays(tmp_path, "A,T,2020-01-01,2021-07-01,quit,1,1", "B,T,2020-01-01,2022-07-01,quit,1,1")

    assert history.stay.cause.tolist() == [STAYED, QUIT]
    assert history.stay.exposure(0.0, np.inf)[0] == 0.0


def test_without_a_day_the_watch_begins_at_the_first_exit(tmp_path: Path):
    """Leavers are taken to be on file from the first exit on, which itself is not counted."""
    history = read(tmp_path, staff()).history
    gone, first = ([row for row in staff() if text in row] for text in ("voluntary", "2023-01-15"))

    assert str(history.people_from) == "2023-01-15"
    assert (history.stay.cause != STAYED).sum() == len(gone) - len(first)


def test_an_exit_to_come_has_not_happened(tmp_path: Path):
    """An exit after the extract, or in the year 9999 as HR systems write it, is a stay that goes on."""
    history = stays(tmp_path, "A,T,2023-01-01,2024-06-01,quit,1,1", "B,T,2023-01-01,9999-12-31,,1,1")

    assert history.stay.cause.tolist() == [STAYED, STAYED]
    assert history.stay.open_end.all()


def test_transfers_and_returns_are_new_stays(tmp_path: Path):
    """A transfer ends a stay without an exit; the next one, like a return, counts its tenure from its own first day."""
    history = stays(
        tmp_path, "A,T1,2022-01-01,2022-07-01,transfer,1,1", "A,T2,2022-07-01,2023-01-01,quit,1,1", "A,T2,2023-06-01,,,1,1"
    )

    assert history.people.cause.tolist() == [OTHER, QUIT, STAYED]
    np.testing.assert_allclose(history.stay.ended * MONTH, [181, 184, 214])
    assert history.codes[2] == 1


def test_leave_and_part_time_are_left_out_and_told(tmp_path: Path):
    """Who is on leave or part-time is counted among the rows left out, with the reason."""
    rows = [f"{row},active,1.0" for row in staff()] + ["X,T,2022-01-01,,,1,1,on leave,1.0", "Y,T,2022-01-01,,,1,1,active,0.5"]
    path = write(tmp_path / "people.csv", f"{PEOPLE},status,fte", *rows)
    told = read_company(path, None, ramp=5.0).told

    assert list(told.summary()) == [("people", "fte says part-time", 1), ("people", "status says on leave", 1)]


def test_the_past_knows_nothing_of_the_future(tmp_path: Path):
    """Seen from an earlier day, later hires are not there and later exits have not happened."""
    history = stays(
        tmp_path, "A,T,2022-01-01,2023-07-01,quit,1,1", "B,T,2023-03-01,,,1,1", "C,T,2022-01-01,2022-06-01,quit,1,1"
    ).until(np.datetime64("2023-01-01"))

    assert history.stay.cause.tolist() == [STAYED, QUIT]
    assert not np.isfinite(history.people.attainment).any()
    assert history.stay.ended.max() * MONTH == pytest.approx(365)
