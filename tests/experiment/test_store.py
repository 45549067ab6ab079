"""Run folders: what they hold, that they repeat, and that a spreadsheet can open them safely."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import special
from synthetic import COUNTS, LABELS, MONEY, made_policy, made_records

from simulation.errors import RunError
from simulation.evidence.measures import MEASURES
from simulation.experiment import digests, store, writing
from simulation.experiment.digests import engine_sources
from simulation.experiment.sheets import as_workbook, frame_as_csv, safe_cell
from simulation.experiment.store import ID_LENGTH, run_id, write_run
from simulation.statistics.compare import compare

FILES = {"manifest.json", "months.parquet", "spells.parquet", "summary.parquet", "summary.csv", "summary.xlsx"}


@pytest.fixture(scope="module")
def records():
    """Three policies, 18 seeds, one year."""
    return made_records(("Base", '=HYPERLINK("x")', "Plain"), seeds=18, months=12)


@pytest.fixture(scope="module")
def folder(records, tmp_path_factory):
    """The run's folder."""
    return write_run(records, compare(records), tmp_path_factory.mktemp("out"), seconds=1.5)


def test_a_run_folder_is_complete(folder, records):
    """The folder is named by scenario and run id, holds every file, and no half-written one."""
    assert (folder.parent.name, folder.name) == ("made_up", run_id(records.scenario))
    assert {path.name for path in folder.iterdir()} == FILES


def test_months_are_one_row_a_policy_seed_and_month(folder, records):
    """Every sum of every policy, seed and month is there, under its keys."""
    months = pd.read_parquet(folder / "months.parquet")
    cell = months[(months["policy"] == records.scenario.policies[2].key) & (months["seed"] == 103)].sort_values("month")

    assert len(months) == 3 * 18 * 12
    assert {*MONEY, *COUNTS} < set(months.columns)
    np.testing.assert_array_equal(cell["revenue"], records.sums["revenue"][2, 3])


def test_summary_files_hold_the_table(folder, records):
    """Parquet holds the table as it is, CSV a row a policy and measure with the same digits."""
    table = compare(records).table
    kept = pd.read_parquet(folder / "summary.parquet").set_index("policy")
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["policy"], row["measure"]): row for row in csv.DictReader(file)}

    pd.testing.assert_frame_equal(kept, table, check_dtype=False)
    assert len(rows) == 3 * len(MEASURES)
    assert float(rows[table.index[2], "revenue"]["difference"]) == table.iloc[2]["revenue_diff"]


def test_spells_are_kept_for_the_first_seeds(folder):
    """Sixteen seeds of spells are kept, and the manifest says so."""
    spells = pd.read_parquet(folder / "spells.parquet")

    assert set(spells["seed"]) == set(range(100, 116))
    assert "first 16 of 18 seeds" in json.loads((folder / "manifest.json").read_text())["spells"]


def test_the_manifest_says_what_was_run(folder, records):
    """Scenario as resolved, digests, versions, seeds, fingerprint and times stand in the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text())

    assert manifest["scenario"] == json.loads(json.dumps(records.scenario.resolved()))
    assert manifest["run"] == folder.name
    assert set(manifest["digests"]) == {"scenario", "parameters", "engine"}
    assert set(manifest["versions"]) >= {"python", "numpy", "scipy", "orgsim"}
    assert manifest["seeds"] == {"first": 100, "count": 18}
    assert len(manifest["floating_point"]) == 64
    assert manifest["times"]["seconds"] == 1.5


@pytest.mark.parametrize(
    ("library", "name"), [(np, "exp"), (np, "tanh"), (special, "ndtri"), (special, "expit"), (special, "gammaincinv")]
)
def test_the_fingerprint_sees_a_last_bit(monkeypatch, library, name):
    """It is the same each time on one machine, and another where a function differs in the last bit of one number."""
    before, function = digests.fingerprint(), getattr(library, name)

    def other(*x):
        y = function(*x)
        y[500] = np.nextafter(y[500], np.inf)
        return y

    assert digests.fingerprint() == before
    monkeypatch.setattr(library, name, other)

    assert digests.fingerprint() != before


def test_a_second_run_gives_the_same_bytes(folder, records):
    """Written again over the first, every file is the same but for the times in the manifest."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = write_run(records, compare(records), folder.parent.parent, seconds=9.0)
    after = {path.name: path.read_bytes() for path in again.iterdir()}
    old, new = (json.loads(files.pop("manifest.json")) for files in (before, after))

    assert again == folder
    assert before == after
    assert {**old, "times": None} == {**new, "times": None}


def test_the_run_id_follows_all_that_matters(records):
    """Another seed, month, setting or parameter is another run; the same scenario is the same."""
    scenario = records.scenario
    policy = made_policy("p2_plain", "Plain", commission={"ratchet": 0.5})
    others = [
        replace(scenario, seed_count=17),
        replace(scenario, months=11),
        replace(scenario, policies=(*scenario.policies[:2], policy)),
        replace(scenario, parameters=scenario.parameters.with_values({("selling", "price_slope"): 1.6})),
    ]
    ids = [run_id(scenario), *map(run_id, others)]

    assert len(set(ids)) == len(ids)
    assert run_id(replace(scenario)) == ids[0]
    assert all(len(i) == ID_LENGTH for i in ids)


def test_the_run_id_follows_the_engine(records, monkeypatch):
    """A changed engine is another run."""
    before = run_id(records.scenario)
    monkeypatch.setattr(store, "engine_digest", lambda: "another engine")

    assert run_id(records.scenario) != before


def test_the_engine_digest_covers_what_decides_the_numbers():
    """Rules, levers and evidence count; charts, what notebooks show, commands, statistics and shipped scenarios do not."""
    parts = {path.split("/")[0] for path, _ in engine_sources()}

    assert parts >= {"draws.py", "evidence", "levers", "payout.py", "rules", "state.py", "month.py", "engine.py"}
    assert not parts & {"report", "cli.py", "statistics", "experiment", "scenario", "shipped_scenarios", "errors.py"}
    assert not parts & {"showing.py", "living.py", "seat_months.py"}


def test_an_unwritable_folder_is_a_sentence(records, tmp_path):
    """A file where the folder should be is refused with what to do next."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RunError, match=r"cannot write .*choose another folder with --out"):
        write_run(records, compare(records), tmp_path / "file")


def test_a_write_that_fails_leaves_the_old_file(folder, monkeypatch):
    """A file is replaced whole or not at all, and nothing is left beside it."""
    before = (folder / "summary.csv").read_bytes()

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        writing.replace_file(folder / "summary.csv", b"half")

    assert (folder / "summary.csv").read_bytes() == before
    assert {path.name for path in folder.iterdir()} == FILES


def test_a_folder_that_is_written_again_is_not_complete_until_it_is_done(records, tmp_path, monkeypatch):
    """A process that dies while it replaces files leaves a folder without a manifest, and the old files."""
    folder = write_run(records, compare(records), tmp_path)
    monkeypatch.setattr(store, "replace_file", dies)
    with pytest.raises(KeyboardInterrupt):
        write_run(records, compare(records), tmp_path)

    assert {path.name for path in folder.iterdir()} == FILES - {"manifest.json"}


def dies(*_):
    """A process that ends here."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\x00x"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    """Text that begins like a formula or with a control character gets an apostrophe."""
    assert str(safe_cell(text)).startswith("'")


@pytest.mark.parametrize(
    ("value", "cell"), [(-1.5, -1.5), (np.float64(-2.0), -2.0), (np.int64(3), 3), (True, True), ("a=b", "a=b")]
)
def test_numbers_and_plain_text_stay_as_they_are(value, cell):
    """A negative number is a number, and text with = inside is plain."""
    assert safe_cell(value) == cell
    assert type(safe_cell(value)) is type(cell)


def test_missing_numbers_are_empty_cells():
    """NaN is an empty cell, not the word."""
    assert frame_as_csv(pd.DataFrame({"x": [1.0, float("nan")], "y": ["=a", "b"]})) == b"x,y\n1.0,'=a\n,b\n"


def test_the_workbook_has_results_settings_and_assumptions(folder):
    """Three sheets; labels as text, numbers as numbers, every setting, assumed parameters first."""
    book = openpyxl.load_workbook(folder / "summary.xlsx")
    results, settings, assumptions = ([[c.value for c in row] for row in sheet.rows] for sheet in book)
    labels = {row[1] for row in results[1:]}

    assert book.sheetnames == ["results", "settings", "assumptions"]
    assert labels == {"Base", '=HYPERLINK("x")', "Plain"}
    assert all(isinstance(row[6], int | float) or row[6] is None for row in results[1:])
    assert ["commission", "cap"] in [row[2:4] for row in settings]
    assert [row[5] for row in assumptions[1:]] == ["assumed", "assumed", "measured"]
    assert "=Not a formula." in [row[8] for row in assumptions]


def test_the_workbook_is_laid_out_and_runs_no_formula(folder):
    """Text with = is marked as text, shares are in percent, money in whole dollars, and each sheet has a filter."""
    book = openpyxl.load_workbook(folder / "summary.xlsx")
    rows = {(row[1].value, row[2].value): row for row in book["results"].rows}
    label = rows[('=HYPERLINK("x")', "turnover")][1]

    assert all(cell.data_type != "f" for sheet in book for row in sheet.rows for cell in row)
    assert label.quotePrefix
    assert rows[("Plain", "turnover")][6].number_format == "0.0%"
    assert rows[("Plain", "revenue")][6].number_format == "#,##0"
    assert all(sheet.auto_filter.ref and sheet.freeze_panes == "A2" for sheet in book)
    assert book["results"].column_dimensions["D"].width > 12


def test_control_characters_do_not_break_the_workbook():
    """A note with a control character is kept, with the character replaced."""
    records = made_records(LABELS[:1], seeds=2, months=3)
    rows = {key: replace(row, note="a\x07b") for key, row in records.scenario.parameters.rows.items()}
    scenario = replace(records.scenario, parameters=records.scenario.parameters.__class__(rows))
    book = openpyxl.load_workbook(BytesIO(as_workbook(compare(records).table, scenario)))

    assert book["assumptions"]["I2"].value == "a\N{REPLACEMENT CHARACTER}b"
