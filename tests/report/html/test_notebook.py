"""Results as a notebook shows them: figures in the house's scales, verdicts, charts, and user text that stays text."""

from __future__ import annotations

import re
from base64 import b64decode
from html.parser import HTMLParser

import pytest
from synthetic import LABELS, made_records

from simulation import as_html, compare
from simulation.experiment.design.design import make_design, read_factors
from simulation.report.words.quotes import quote
from simulation.scenario import read_scenario
from simulation.statistics.findings import findings_of
from simulation.statistics.selection import Out, Selection
from simulation.statistics.stopping import Stopping
from simulation.study import Study
from simulation.sweeping import run_sweep

HOSTILE = ('<b onmouseover="x">bold</b>', '=HYPERLINK("http://a.b","c")', "$\\frac{1}{2}$ & <script>alert(1)</script>")

OURS = {"div", "table", "thead", "tbody", "tr", "th", "td", "br", "b", "span", "ul", "li", "p", "img"}
"""The only tags."""


class Reader(HTMLParser):
    """Tags, styles and plain text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.styles, self.texts, self.pictures, self.bold = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        """Collect tags and what stands in them."""
        named = dict(attrs)
        self.tags.append(tag)
        self.styles.append(named.get("style", ""))
        self.pictures += [(named["alt"], named["src"])] if tag == "img" else []

    def handle_data(self, data):
        """Collect text."""
        self.texts.append(data)
        self.bold += [data] if self.tags and self.tags[-1] == "b" else []


def read(html: str) -> Reader:
    """What a browser makes of it."""
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def summary():
    """Five policies."""
    return compare(made_records())


def test_figures_stand_in_the_scales_of_reports(summary):
    """Shares are percent and money millions, as in every other report, and differences carry their sign and interval."""
    shown = read(summary._repr_html_()).texts
    policy = summary.others[0]

    assert quote(summary, "turnover", policy) in shown
    assert f"{quote(summary, 'contribution', policy, 'diff', form='signed')} " in shown
    ends = (quote(summary, "revenue", policy, side, form="signed") for side in ("diff_low", "diff_high"))
    assert " to ".join(ends) in shown
    assert {"% a year", "million usd a year", "objective"} <= set(shown)


def test_every_policy_and_headline_is_there(summary):
    """A row a policy, a column a measure, and what the intervals leave out below."""
    reader = read(as_html(summary))

    assert reader.tags.count("tr") == 1 + len(LABELS[:5])
    assert reader.tags.count("th") == 1 + len(summary.headlines)
    assert any(text.lower().startswith("intervals: luck of 16 seeds") for text in reader.texts)


def test_nothing_sets_a_colour_of_text(summary):
    """Text has the notebook's own colour, so that it can be read on dark and on light; pictures bring their white paper."""
    reader = read(as_html(summary) + Study(None, summary, {}, None, 1.0)._repr_html_())

    assert [style for style in reader.styles if re.search(r"(?<!-)color:", style)] == []
    assert all("background" not in style for tag, style in zip(reader.tags, reader.styles, strict=True) if tag != "img")


def test_user_text_is_neither_markup_nor_a_formula():
    """Labels, title and question that are markup, a spreadsheet's formula or mathematics are shown as they were written."""
    records = made_records(HOSTILE, seeds=3, months=12, title="<i>title</i>", question="<img src=x>")
    summary = compare(records)
    reader = read(summary._repr_html_() + Study(records, summary, {"<u>": summary}, None, 1.0)._repr_html_())

    assert set(reader.tags) <= OURS
    assert [label for label in HOSTILE if label not in reader.texts] == []
    assert {"<i>title</i>", "<img src=x>"} <= set(reader.texts)
    assert [alt for alt, src in reader.pictures if not src.startswith("data:image/png;base64,")] == []


def test_a_study_says_what_it_recommends_and_draws(summary):
    """Behind the table stand the recommendation and the trade-off, as a picture whose words say what it shows."""
    reader = read(Study(None, summary, {}, None, 1.0)._repr_html_())
    [(alt, source)] = reader.pictures

    assert any("contribution" in text and "Status quo" in text and text.endswith(".") for text in reader.bold)
    assert " against Status quo" in alt
    assert b64decode(source.partition(",")[2])[:4] == b"\x89PNG"


def test_findings_show_what_the_study_shows(summary):
    """What is read from a folder years later looks like the study of the day."""
    found = findings_of(made_records().scenario, summary, {}, about={})

    assert found._repr_html_() == Study(None, summary, {}, None, 1.0)._repr_html_()


def test_a_sweep_shows_its_best_points_and_a_heatmap():
    """Points in the order of the objective, the baseline first, and the picture of two settings."""
    scenario = read_scenario(seats=14, months=6, seeds=2)
    path = "policies.steeper.commission"
    factors = read_factors({f"{path}.rate": "0.08,0.1", f"{path}.quota": "1,1.2"}, scenario)
    sweep = run_sweep(scenario, make_design("grid", factors, scenario))
    reader = read(sweep._repr_html_())
    words = [text for text in reader.texts if text.startswith("rate ")]

    assert len(words) == 4
    assert len(reader.pictures) == 1
    assert sweep.swept._repr_html_() == sweep._repr_html_()


def test_added_seeds_show_who_got_how_many():
    """A row a policy with its seeds, and who settled it out."""
    out = {"a<b>": Out("worse", "c", 16), "d": Out("breaks", "turnover", 16)}
    settled = Selection("best", "c", (), (), (), out, good=True)
    found = Stopping(settled, (), {"c": 24, "a<b>": 16, "d": 16}, (16, 24), 128, 0.05)
    reader = read(found._repr_html_())

    assert reader.texts.count("16") == 2
    assert {"a<b>", "worse than c", "breaks: turnover"} <= set(reader.texts)
    assert any("Verdict: best, c leads" in text for text in reader.texts)


def test_what_is_no_result_is_refused():
    """`as_html` names what it takes."""
    with pytest.raises(TypeError, match="str is no result; give a Summary"):
        as_html("turnover")
