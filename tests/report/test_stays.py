"""How long reps stay: the line under the table and the document's entry."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from synthetic import LABELS, made_records

from simulation.report.stays import stays_document, stays_sentences
from simulation.statistics.compare import compare
from simulation.statistics.summary import DrawFacts


@pytest.fixture(scope="module")
def summary():
    """Three policies, the second equal to the baseline."""
    return compare(made_records(LABELS[:3], seeds=6, months=24, twin=True))


def with_row(summary, **changes):
    """The summary with one policy's figures replaced."""
    row = {"policy": summary.others[0], "against": summary.baseline, "median_stay": 20.0, "ratio": 0.84, "paired_p": 4e-5}
    return replace(summary, series={**summary.series, "stays": pd.DataFrame([row | changes])})


def test_the_line_names_the_baseline_and_every_policy(summary):
    """A twin has hazard 1.00 and p = 1; sure differences are shown as below a thousandth."""
    [line] = stays_sentences(summary)
    [sure] = stays_sentences(with_row(summary))

    assert line.startswith("Hazard of leaving at equal tenure, Status quo = 1 (log-rank, paired by seed): ")
    assert "Cut a fifth 1.00 (p = 1), " in line
    assert sure.endswith("Cut a fifth 0.84 (p < 0.001).")


def test_with_draws_the_line_says_what_its_p_leaves_out(summary):
    """A p-value over seeds that each carry a draw is about the mean over draws."""
    draws = DrawFacts(drawn=("parameters.effort.a",), fixed=(), brought_back=(0, 9), anchored=True)
    [line] = stays_sentences(replace(summary, facts=replace(summary.facts, draws=draws)))

    assert "(log-rank, paired by seed; p tests the mean over draws, what parameters leave open is not in it): " in line


def test_figures_that_do_not_exist_are_left_out(summary):
    """With one seed there is no pairing: no line, and a null in the document."""
    single = with_row(summary, paired_p=float("nan"))

    assert stays_sentences(single) == []
    assert stays_document(single)[summary.others[0]]["paired_p"] is None


def test_the_document_has_the_policies_but_the_baseline(summary):
    """One entry a policy, with what the test found, and the baseline that it stands against."""
    document = stays_document(summary)

    assert list(document) == list(summary.others)
    assert document[summary.others[0]]["against"] == summary.baseline
    assert document[summary.others[0]]["chi_square"] == 0.0
