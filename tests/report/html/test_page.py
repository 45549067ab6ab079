"""The page: one file that fetches nothing, holds every figure as the table has it, and can be used without a mouse."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import islice, pairwise

import pytest
from explained import made_reasons
from priced import made_price
from synthetic import LABELS, LONG_LABELS, made_records

from simulation.errors import RunError
from simulation.report.figures import pictures
from simulation.report.html.charts import page_charts
from simulation.report.html.page import page_of, write_page
from simulation.report.html.tongues import runs_of, tongues
from simulation.report.table import COLUMNS, table_blocks
from simulation.report.words.quotes import parse_line, requoted
from simulation.statistics.assumptions import AssumptionRange, Moved, Reach
from simulation.statistics.compare import compare
from simulation.statistics.findings import findings_of

LABELLED = ("Status quo", '<script>alert(1)</script> & "x" {{ 7 * 7 }}', "成长组合：学习与容错 خطة النمو $5 a_b")
VOID = ("meta", "img", "input", "br", "hr", "link")


class Page(HTMLParser):
    """The elements of a page, each with its attributes, the elements around it, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        """An element begins."""
        element = {"tag": tag, "text": "", "within": [outer["tag"] for outer in self.open], **dict(attributes)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        """An element ends, the one that was begun last."""
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        """Text belongs to all elements around it."""
        for element in self.open:
            element["text"] += data

    def all(self, tag):
        """Elements of a kind."""
        return [element for element in self.elements if element["tag"] == tag]


@cache
def findings(labels=LABELLED):
    """Findings of made-up records, with made-up static prices and reasons."""
    records = made_records(LABELS[: len(labels)], seeds=3, months=12)
    summary = compare(records)
    summary = replace(summary, labels=dict(zip(summary.policies, labels, strict=True)))
    if len(labels) > 1:
        why, static = made_reasons(summary.policies, labels, levers=3), made_price(summary.policies, labels)
        summary = replace(summary, reasons=why, static=static, warnings=("few seeds: <b>4</b>",))
    about = {"digests": {"engine": "abc123"}, "floating_point": "x", "scenario": {"title": "left out"}}
    return findings_of(records.scenario, summary, {}, about=about)


@cache
def page(labels=LABELLED):
    """The page as text and as elements."""
    text = page_of(findings(labels))
    return text, Page(text)


def plain(text):
    """Text as it is read: white space is one space."""
    return " ".join(text.split())


def test_nothing_leaves_the_file():
    """No address but images within the file and places in it; no script, no style sheet, no font, no frame from elsewhere."""
    text, found = page()
    addresses = [e[name] for e in found.elements for name in ("src", "href", "action", "data", "srcset") if name in e]

    assert [a[:40] for a in addresses if not re.match(r"#[a-z]+$|data:image/(png|svg\+xml);base64,[A-Za-z0-9+/=]+$", a)] == []
    assert {e["tag"] for e in found.elements} & {"script", "link", "iframe", "object", "embed", "base", "form", "svg"} == set()
    assert [name for e in found.elements for name in e if name.startswith("on")] == []
    assert not re.search(r"url\(|@import|https?:", text)
    assert "default-src 'none'" in next(e["content"] for e in found.all("meta") if "http-equiv" in e)


def test_places_in_the_page_are_there_once():
    """Ids are unique, and what refers to one finds it."""
    _, found = page()
    ids = Counter(e["id"] for e in found.elements if "id" in e)
    named = [e[name] for e in found.elements for name in ("for", "aria-labelledby") if name in e]
    named += [e["href"][1:] for e in found.all("a")]

    assert max(ids.values()) == 1
    assert set(named) - set(ids) == set()


def test_every_figure_is_that_of_the_table():
    """Each measure's block has every policy with the cells of the printed table, in its order."""
    _, found = page()
    rows = [plain(e["text"]) for e in found.all("tr")]
    blocks = table_blocks(findings().summary)
    expected = [plain(line.label + "".join(line.cells)) for block in blocks for line in block.lines]

    assert [row for row in rows if row in set(expected)] == expected
    assert [block.measure for block in blocks] == list(findings().summary.headlines)
    assert [plain(e["text"]) for e in found.all("th") if e.get("scope") == "rowgroup"] == [block.heading for block in blocks]
    assert all(len(line.cells) == len(COLUMNS) for block in blocks for line in block.lines)


def test_every_policy_can_be_picked_with_the_keyboard():
    """A radio button, a label and a section a policy; one is picked at first, and picking shows the section without a script."""
    text, found = page()
    summary = findings().summary
    inputs = [e for e in found.all("input") if e["type"] == "radio"]
    sections = [e["id"] for e in found.all("section") if e.get("class") == "picked"]

    assert [e["value"] for e in inputs] == list(summary.others)
    assert {e["name"] for e in inputs} == {"policy"}
    assert sum("checked" in e for e in inputs) == 1
    assert [e["for"] for e in found.all("label")] == [e["id"] for e in inputs]
    assert sections == [f"policy-{policy}" for policy in summary.others]
    assert all(f"#pick-{policy}:checked ~ #policy-{policy}" in text for policy in summary.others)
    assert all("fieldset" in e["within"] for e in inputs)


def test_every_picture_is_there_and_described():
    """Each picture of a report stands once, a policy's in its section, with a sentence that says what its title says."""
    _, found = page()
    policies = findings().summary.others
    names = [e["id"] for e in found.all("figure")]
    titles = [plain(e["text"]) for e in found.elements if e["tag"] in ("h3", "h4") and "figure" in e["within"]]
    alts = [e["alt"] for e in found.all("img")]

    assert len(names) == len(alts) == len(titles)
    assert {"chart-tradeoff", "chart-survival", "chart-panel", "chart-static_price", "chart-losers"} <= set(names)
    assert {f"chart-{kind}_{p}" for kind in ("bridge", "reasons", "levers") for p in policies} <= set(names)
    assert alts == [f"Chart: {title.rstrip('.')}." for title in titles]


def test_numbers_in_sentences_can_be_traced():
    """A sentence with numbers names the cells that they are of, and each is written there as its cell is written anew."""
    _, found = page()
    marked = [e for e in found.all("span") if "data-cells" in e]
    lines = [(parse_line(line), e["text"]) for e in marked for line in e["data-cells"].split("\n")]

    assert len(lines) > len(marked) > len(findings().summary.others)
    for number, text in lines:
        assert requoted(findings(), number) == number.text
        assert number.text in text


def test_a_users_text_is_text():
    """A label with markup, a template's braces or quotes stands in the page as it was written, and is no element."""
    text, found = page()
    labels = [plain(e["text"]) for e in found.all("label")]

    assert labels == [plain(label) for label in LABELLED[1:]]
    assert "<script" not in text
    assert "few seeds: &lt;b&gt;4&lt;/b&gt;" in text
    assert "{{ 7 * 7 }}" in text


def test_other_scripts_say_their_language():
    """Chinese and Arabic labels bear their language and direction, where they stand in a sentence too; the rest is escaped."""
    text, found = page()
    marked = {(e["lang"], e.get("dir")) for e in found.all("bdi")}

    assert '<bdi lang="zh">成长组合：学习与容错</bdi> <bdi lang="ar" dir="rtl">خطة النمو</bdi> $5 a_b' in text
    assert {("zh", None), ("ar", "rtl")} <= marked
    assert list(runs_of("A 中文 b")) == [("A ", ""), ("中文", "zh"), (" b", "")]
    assert list(runs_of("ひらがな漢字")) == [("ひらがな漢字", "ja")]
    assert str(tongues("<한국어>")) == '&lt;<bdi lang="ko">한국어</bdi>&gt;'


def test_the_page_has_landmarks_and_ordered_headings():
    """One main part, a heading of the first level, and no level left out on the way down; table heads say what they head."""
    _, found = page()
    levels = [int(e["tag"][1]) for e in found.elements if re.fullmatch(r"h[1-6]", e["tag"])]

    assert [len(found.all(tag)) for tag in ("main", "header", "footer", "nav", "h1")] == [1] * 5
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert [e for e in found.all("th") if e.get("scope") not in ("col", "row", "rowgroup")] == []
    assert found.all("html")[0]["lang"] == "en"


def test_the_page_says_what_it_rests_on():
    """Parameters by status and grade, and each of them; digests of the run, without what stands elsewhere."""
    _, found = page()
    rows = [plain(e["text"]) for e in found.all("tr")]

    assert any(row.startswith("assumed") and row.endswith("2") for row in rows)
    assert any("contract.value_multiple" in row and "What buyers pay" in row for row in rows)
    assert "digests: engineabc123" in rows
    assert not any("left out" in row for row in rows)


def test_a_firm_is_shown_as_asked_and_reached(monkeypatch):
    """Numbers that the baseline was asked to show stand beside those that it shows."""
    monkeypatch.setattr("simulation.report.html.page.page_charts", lambda *_: iter(()))
    firm = {"turnover": {"asked": 0.32, "reached": 0.3154, "error": 0.0102, "owned_by": None, "value": None}}
    rows = [plain(e["text"]) for e in Page(page_of(replace(findings(LABELS[:1]), firm=firm))).all("tr")]

    assert "turnover0.320.31540.0102" in rows


def test_what_assumptions_could_turn_stands_under_its_figure(monkeypatch):
    """A policy's range under other assumptions has a row below its own; the move that flips it is named, and what was moved."""
    monkeypatch.setattr("simulation.report.html.page.page_charts", lambda *_: iter(()))
    found = findings()
    policy = found.summary.others[0]
    reach = Reach(0.01, -0.02, 0.03, "leaving.pay_slope=4", None, ("leaving.pay_slope=4",), (), decided=True)
    moved = (Moved("leaving.pay_slope", 2.0, 4.5, "log-odds"),)
    assumptions = AssumptionRange(4, moved, 1, {policy: {"turnover": reach}}, ())
    elements = Page(page_of(replace(found, summary=replace(found.summary, assumptions=assumptions))))
    rows = [plain(e["text"]) for e in elements.all("tr")]
    place = rows.index("under other assumptions−2.0 to +3.0flips")

    assert rows[place - 1].startswith(plain(LABELLED[1]))
    assert any("flips with leaving.pay_slope=4" in row for row in rows)
    assert any("1 assumed parameter moves" in e["text"] for e in elements.all("p"))


def test_one_policy_has_a_page(monkeypatch):
    """Without another policy there is nothing to pick, and the page says so in its decision."""
    monkeypatch.setattr("simulation.report.html.charts.pictures", lambda summary: islice(pictures(summary), 1))
    text = page_of(findings(LABELS[:1]))
    found = Page(text)

    assert found.all("input") == []
    assert found.all("fieldset") == []
    assert "Status quo is the only policy" in plain(text)
    assert "chart-tradeoff" in text


@pytest.mark.slow
@pytest.mark.parametrize("labels", [LABELS[:5], LONG_LABELS], ids=["5", "12 long"])
def test_pages_are_small_enough_to_send(labels, tmp_path):
    """Five policies take less than 5 MB, twelve with long labels less than 10; every one can be picked."""
    written_to = write_page(findings(labels), tmp_path / "deep" / "page.html")

    assert written_to.stat().st_size < (5e6 if len(labels) == 5 else 10e6)
    assert len(Page(written_to.read_text(encoding="utf-8")).all("input")) == len(labels) - 1


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path, monkeypatch):
    """A folder that is a file is refused with what to do."""
    monkeypatch.setattr("simulation.report.html.page.page_charts", lambda *_: iter(()))
    (tmp_path / "file").write_text("")

    with pytest.raises(RunError, match="name another file with --html"):
        write_page(findings(LABELS[:1]), tmp_path / "file" / "page.html")


def test_the_same_findings_give_the_same_bytes():
    """A chart in a page holds no time of drawing and nothing random, and so does the page."""
    first, again = (next(page_charts(findings().summary)) for _ in range(2))

    assert first.image == again.image
    assert first.image[26:90] in page()[0]
