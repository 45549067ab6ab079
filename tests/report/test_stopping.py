"""How it is told that no more seeds were added, and what common luck saved."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import Console
from synthetic import made_records

from simulation.report.stopping import gain_lines, stopping_document, stopping_sentences
from simulation.report.table import as_json, print_comparison
from simulation.statistics.compare import compare
from simulation.statistics.selection import Out, Selection
from simulation.statistics.stopping import Stopping
from simulation.statistics.widths import Width

KEYS = ("p0_status_quo", "p1_cut_a_fifth", "p2_steeper")
LABELS = ("Status quo", "Cut a fifth", "Steeper")


@pytest.fixture(scope="module")
def summary():
    """Three policies, 24 seeds."""
    return compare(made_records(LABELS, seeds=24))


def stopped(verdict, leader=None, *, tied=(), close=(), contested=(), out=None, good=True, seeds=(24, 16, 24)):
    """A stop after two looks."""
    selection = Selection(verdict, leader, tied, close, contested, out or {}, good)
    return Stopping(selection, (), dict(zip(KEYS, seeds, strict=True)), (16, 24), 1000, 0.05)


def said(summary, stopping):
    """All sentences on it."""
    return " ".join(stopping_sentences(replace(summary, stopping=stopping)))


def test_fixed_seeds_need_no_word(summary):
    """Nothing to say where the number was fixed, and null in the document."""
    assert stopping_sentences(summary) == []
    assert as_json(summary)["stopping"] is None


def test_the_best_is_named_with_seeds_and_error_rate(summary):
    """After how many seeds, which policy, at what error rate; who had fewer seeds and why; how many runs that were."""
    text = said(summary, stopped("best", KEYS[2], out={KEYS[1]: Out("worse", KEYS[2], 16), KEYS[0]: Out("worse", KEYS[2], 24)}))

    assert "Settled after 24 seeds: Steeper is best in contribution; error rate 5%." in text
    assert "Seeds: Cut a fifth 16 (worse than Steeper); the others 24. 2 looks, 64 runs" in text
    assert "24 seeds for all are 72" in text


def test_what_is_worse_but_not_materially_is_said(summary):
    """Being worse is one thing, being worse by what counts another; and whether the lead over the baseline counts."""
    near = said(summary, stopped("best", KEYS[2], close=(KEYS[0], KEYS[1])))
    table = summary.table.assign(contribution_decided="open")
    far = said(replace(summary, table=table), stopped("best", KEYS[2]))

    assert "Status quo and Cut a fifth are worse, but by less than the material difference." in near
    assert "Whether its lead over Status quo is more than the material difference is open." in far
    assert "Whether its lead" not in near


def test_a_tie_names_its_policies(summary):
    """Who ties, and in what."""
    text = said(summary, stopped("tie", KEYS[2], tied=(KEYS[2], KEYS[0])))

    assert "Tie declared after 24 seeds: Steeper and Status quo lie within the material difference in contribution" in text


def test_what_is_open_says_who_is_contested_and_what_is_known(summary):
    """The cap is no decision; that nobody can be much better than the leader is still worth saying, when it is known."""
    contested = stopped("open", KEYS[2], contested=(KEYS[0], KEYS[2]), good=True)
    unknown = stopped("open", KEYS[2], contested=(KEYS[0], KEYS[2]), good=False)

    assert "Status quo and Steeper are still contested in contribution" in said(summary, contested)
    assert "No other can be better than Steeper by more than the material difference" in said(summary, contested)
    assert "No other can be better" not in said(summary, unknown)


def test_nobody_meets_what_is_required(summary):
    """None is a decision too; who broke what is said with the seeds."""
    text = said(summary, stopped("none", out={KEYS[1]: Out("breaks", "turnover", 16)}))

    assert "no policy meets every requirement" in text
    assert "Cut a fifth 16 (breaks what is required of turnover)" in text


def test_widths_are_told_in_the_units_of_the_table(summary):
    """Half-widths in points and in millions, reached or not."""
    narrow = Stopping(None, (Width("turnover", 0.005, 0.00478, KEYS[1]),), dict.fromkeys(KEYS, 24), (16, 24), 1000, 0.05)
    wide = replace(narrow, widths=(Width("turnover", 0.005, 0.012, KEYS[1]),))

    expected = "the widest interval of a difference in turnover is ±0.478 points (Cut a fifth), asked ±0.5 points"
    assert f"Narrow enough after 24 seeds: {expected}." in said(summary, narrow)
    assert "Not narrow enough after 24 seeds" in said(summary, wide)
    assert "All policies have 24 seeds: 2 looks, 72 runs" in said(summary, narrow)


def test_the_document_holds_everything():
    """One key, which JSON can carry; seeds, looks and runs are those of the stop."""
    stopping = stopped("best", KEYS[2], out={KEYS[1]: Out("worse", KEYS[2], 16)})
    document = json.loads(json.dumps(stopping_document(stopping), allow_nan=False))

    assert document["verdict"] == "best"
    assert document["out"] == {KEYS[1]: {"reason": "worse", "by": KEYS[2], "seeds": 16}}
    assert (document["seeds"], document["looks"], document["runs"]) == ({**stopping.seeds}, [16, 24], 64)


def test_what_common_luck_is_worth_stands_under_every_block(summary):
    """A line a measure, "exact" where no independent seeds would do, and in the document null."""
    twins = compare(made_records(LABELS, seeds=24, twin=True))
    console = Console(width=130, record=True)
    print_comparison(summary, console)
    figure = as_json(twins)["policies"][KEYS[1]]["revenue"]["difference"]

    assert console.export_text().count("worth in independent seeds: Cut a fifth") == len(summary.headlines)
    assert gain_lines(twins, "revenue")[0].startswith("worth in independent seeds: Cut a fifth exact, Steeper ")
    assert figure["effective_seeds"] is None
    assert as_json(twins)["policies"][KEYS[2]]["revenue"]["difference"]["effective_seeds"] > 24


def test_the_head_says_from_how_many_seeds_figures_come(summary):
    """Sixteen to twenty-four where policies have different numbers."""
    several = replace(summary, stopping=stopped("best", KEYS[2]))

    assert (summary.seeds, several.seeds) == ("24 seeds", "16 to 24 seeds")
    assert "luck of 16 to 24 seeds" in several.luck
