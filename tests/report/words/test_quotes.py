"""Every number in words names the cell that it came from: addresses, forms, and the line that a machine reads."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from boards import made_board
from decisions import made_findings, unquoted_digits
from hypothesis import given
from hypothesis import strategies as st
from priced import made_price
from synthetic import LABELS

from simulation.records import Moved
from simulation.report.static_price import static_document, wedge_sentences
from simulation.report.style import Scale
from simulation.report.words.addresses import cell
from simulation.report.words.equal_cost import moved_sentences
from simulation.report.words.phrases import change
from simulation.report.words.quotes import (
    COUNT,
    PERCENT,
    SHORT,
    Quote,
    Sentence,
    as_line,
    count,
    finer,
    noting,
    parse_line,
    quote,
    requoted,
    told,
    written,
)  # fmt: skip
from simulation.report.words.stress import stress_sentence
from simulation.statistics.findings import Findings
from simulation.statistics.ranks import Rank

C = "contribution"


@pytest.fixture(scope="module")
def findings():
    """Two policies of which one is better, with a stress world, static prices, a move, ranks, a warning and parameters."""
    worse = made_findings(changes={C: [(-2e7, 4e6)]}).summary
    found = made_findings(
        changes={C: [(2e7, 4e6)], "turnover": [(-0.04, 0.02)]},
        stress={"worlds/a b|c].toml": worse}, require={"turnover": ("<=", 0.4)},
        static=made_price(["p0", "p1"], ["Status quo", "Growth mix"]), moved={"p1": Moved("commission.rate", 0.1, 0.08125, 0.0)},
        ranks={"p0": Rank(2, 0.9), "p1": Rank(1, 0.714)}, warnings=("Growth mix: ends in month 12 of 36",),
    )  # fmt: skip
    rows = [("a", "assumed", ""), ("b", "assumed", "A"), ("c", "measured", "A")]
    return replace(found, assumptions=pd.DataFrame(rows, columns=["parameter", "status", "grade"]))


ADDRESSES = {
    ("turnover", "p1", "diff_low", "signed"): "−6.0",
    ("turnover", "p1", "diff", "size"): "4.0",
    ("turnover", "", "require", "plain"): "40.0",
    ("turnover", "", "material", "plain"): "1.0",
    (C, "p1", "bridge.revenue.mean", "signed"): "+20.0",
    (C, "", "material.share", "plain"): "0.0",
    ("", "p1", "moved.after", "short"): "0.08125",
    ("", "p1", "rank.place", "plain"): "1",
    ("", "", "facts.seeds", "plain"): "16",
    ("", "", "facts.fewest", "plain"): "16",
    ("", "", "facts.policies", "plain"): "2",
    ("", "", "warning.0", "plain"): "Growth mix: ends in month 12 of 36",
    ("", "p1", "worlds.best", "plain"): "0",
    ("", "", "worlds.all", "plain"): "1",
    ("", "", "evidence.all", "plain"): "3",
    ("", "", "evidence.assumed", "plain"): "2",
    ("", "", "evidence.assumed.none", "plain"): "1",
    ("", "", "evidence.measured.A", "plain"): "1",
    ("", "", "evidence.any.A", "plain"): "2",
    ("", "p1", "facts.own", "plain"): "16",
}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda a: ".".join(a[:3]))
def test_addresses_lead_to_their_cells(findings, address):
    """Each kind of address gives the number that stands there, and its note gives it again."""
    measure, policy, statistic, form = address
    with noting() as noted:
        text = quote(findings, measure, policy, statistic, form=form, scale=SHORT if form == "short" else None)

    assert text == ADDRESSES[address]
    assert requoted(findings, noted[0]) == text


def test_a_stress_world_has_its_own_cells(findings):
    """A quote of a world names it, and is written anew from that world's summary."""
    (world,) = findings.stress
    with noting() as noted:
        text = change(findings, "p1", C, world=world)

    assert text == "contribution 20.0 million usd a year lower"
    assert [number.world for number in noted] == [world]
    assert requoted(findings, noted[0]) == "20.0"
    assert requoted(findings, replace(noted[0], world="")) == "20.0"
    assert requoted(findings, replace(noted[0], world="", form="signed")) == "+20.0"


@pytest.mark.parametrize(
    ("policy", "statistic"),
    [
        ("p1", "facts.moons"), ("p1", "static.moon"), ("p1", "reach.low"), ("p1", "lever.equity.share.mean"), ("p1", "moon.1"),
        ("p1", "survival.999.mean"), ("p9", "rank.place"), ("p1", "material.share"),
    ],
)  # fmt: skip
def test_an_address_without_a_cell_is_refused(findings, policy, statistic):
    """A path that leads nowhere is a KeyError, never a number."""
    with pytest.raises(KeyError):
        quote(findings, "turnover", policy, statistic)


def test_counts_of_findings_need_findings(findings):
    """A summary alone knows no stress worlds and no parameters."""
    with pytest.raises(KeyError):
        quote(findings.summary, "", "", "worlds.all")


@pytest.mark.parametrize(
    ("value", "form", "scale", "says"),
    [
        (-0.031, "plain", Scale(100.0, 1, "%", ""), "−3.1"),
        (0.031, "signed", Scale(100.0, 1, "%", ""), "+3.1"),
        (-0.031, "size", Scale(100.0, 1, "%", ""), "3.1"),
        (0.3, "short", Scale(100.0, 4, "%", ""), "30"),
        (30_000.0, "short", SHORT, "30,000"),
        (-0.85284, "short", SHORT, "−0.8528"),
        (0.0, "short", SHORT, "0"),
        (99_999.6, "short", SHORT, "100,000"),
        (0.004, "part", PERCENT, "< 1"),
        (0.0, "part", PERCENT, "0"),
        (0.714, "chance", PERCENT, "71"),
        (0.9951, "chance", PERCENT, "over 99"),
        (0.9949, "chance", PERCENT, "99"),
        (0.001, "chance", PERCENT, "under 1"),
        (math.nan, "chance", PERCENT, "–"),
        ("a text", "plain", COUNT, "a text"),
    ],
)
def test_forms(value, form, scale, says):
    """Signs, sizes, significant digits, small shares and near certainty are written as people read them."""
    assert written(value, form, scale) == says


def test_small_numbers_get_the_digits_they_need():
    """Digits are added until nothing but zero is written as zero, and no more than six; ordinary numbers keep theirs."""
    scale = Scale(100.0, 1, "%", "points")

    assert [finer(scale, *values).digits for values in ((0.03,), (0.0,), (0.0001, 0.5), (math.nan,), (1e-20,))] == [1, 1, 2, 1, 1]


def test_a_count_agrees_with_its_noun(findings):
    """One world, sixteen seeds."""
    assert (count(findings, "worlds.all", "world"), count(findings, "facts.seeds", "seed")) == ("1 world", "16 seeds")


def test_what_is_left_out_is_not_noted(findings):
    """A sentence keeps the numbers that stand in it, once, and none that were written on the way."""
    seen = told(lambda: f"{quote(findings, C, 'p1', 'diff')} {quote(findings, C, 'p1', 'diff')} {quote(findings, C, 'p0')[:0]}")

    assert seen.text.split() == ["20.0", "20.0"]
    assert [number.statistic for number in seen.quotes] == ["diff"]


def test_sentences_of_reports_leave_no_digit_unquoted(findings):
    """What was moved, wedges, stress: each digit is quoted, and each quote is written anew the same."""
    summary = findings.summary
    static = summary.static.policies.assign(wedge_decided="higher")
    findings = replace(findings, summary=replace(summary, static=replace(summary.static, policies=static)))
    texts = [
        lambda: moved_sentences(findings.summary)[0],
        lambda: wedge_sentences(findings.summary)[0],
        lambda: stress_sentence(findings.summary, {"worlds/downturn.toml": findings.summary}),
    ]
    sentences = [told(text) for text in texts]

    assert [unquoted_digits(one) for one in sentences] == [[], [], []]
    assert all(one.quotes for one in sentences)
    assert all(requoted(findings, number) == number.text for one in sentences[:2] for number in one.quotes)
    assert static_document(findings.summary)["p1"]["wedge"]["decided"] == "higher"


@pytest.mark.parametrize(("text", "left"), [("12 of 40 and 4", ["40"]), ("plan 4 has 12", []), ("1.2 and 124", ["1.2", "124"])])
def test_the_check_on_digits_sees_them(text, left):
    """A quote accounts for the number that it is, not for digits within another."""
    notes = tuple(Quote(number, "", "", "facts.seeds", "plain", 1.0, 0) for number in ("12", "4"))

    assert unquoted_digits(Sentence(text, notes)) == left


def test_a_line_for_machines_is_short_and_exact():
    """The line names measure, policy, statistic, form and scale before the text, and a world where there is one."""
    note = Quote("−4.0", "turnover", "growth_mix", "diff_low", "signed", 100.0, 1)

    assert as_line(note) == "[turnover | growth_mix | diff_low | signed | 100 1] −4.0"
    assert as_line(replace(note, world="worlds/a ]|b.toml")) == (
        "[turnover | growth_mix | diff_low | signed | 100 1 | worlds/a%20%5D%7Cb.toml] −4.0"
    )


names = st.text("abz09_", max_size=40)
paths = st.lists(st.text("abzABZ09_", min_size=1, max_size=12), min_size=1, max_size=4).map(".".join)


forms = st.sampled_from(["plain", "signed", "size", "short", "part", "chance"])


def test_assumptions_have_addresses():
    """A parameter's value, range and words, and between what it was moved; an unknown one has none."""
    board = made_board(LABELS[:2], seeds=3, months=12)
    path = "world.contract.value_multiple"
    names = ("value", "low", "high", "moved_low", "moved_high", "words")

    assert [cell(board, "", "", f"assumption.{path}.{name}") for name in names] == [
        6.0, 1.0, 20.0, 1.0, 200_000.0, "What buyers pay for a year of it",
    ]  # fmt: skip
    for unknown in ("assumption.moon.value", f"assumption.{path}.colour"):
        with pytest.raises(KeyError):
            cell(board, "", "", unknown)


@given(
    st.builds(
        Quote, text=st.text(max_size=60), measure=names, policy=names, statistic=paths, form=forms, factor=st.floats(1e-9, 1e9),
        digits=st.integers(0, 12), world=st.text(max_size=30),
    )
)  # fmt: skip
def test_lines_are_read_back_exactly(note):
    """Whatever text, key, scale and world: the line that is written is read as the same note."""
    assert parse_line(as_line(note)) == note


@pytest.mark.parametrize("line", ["", "−4.0", "[a | b] 1", "[a | b | c | huge | 1 0] 1", "[a | b | c | plain | 1 0]1"])
def test_a_line_that_is_no_note_is_refused(line):
    """Anything else is refused in words that show it."""
    with pytest.raises(ValueError, match="no note of a number"):
        parse_line(line)


def test_findings_need_no_more_than_summaries():
    """Sentences on policies and worlds are made from these alone."""
    findings = Findings(made_findings().summary)

    assert (len(findings.settings), len(findings.assumptions), dict(findings.stress)) == (0, 0, {})
    assert np.isfinite(float(quote(findings, "turnover", "p1")))
