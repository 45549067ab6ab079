"""Targets on a screen, as JSON and as pictures, from made-up verdicts."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console

from simulation.errors import RunError
from simulation.evidence.targets import Target
from simulation.report.charts.targets import LEFT, PACKS_HEAD, RIGHT, draw_targets, placed
from simulation.report.targets import as_json, findings_line, print_validation, summary_line
from simulation.report.validation_files import MOST_ROWS, pictures, write_validation
from simulation.statistics.shown import Verdict, verdict_table

ONE = Target(
    "comp.T90", "A sentence.", "accelerator: extra discount", "A setting.", "B", "calibrate", ("lazear2000",), note="A note.",
    scenario="accelerator", of="extra_discount", target=0.07, low=0.04, high=0.10, unit="share",
)  # fmt: skip
REASON = "The step is a month, so that a weekly quota does not exist, nor does a frame in which a bonus could be put to a rep."


def shown(name: str, value: float = 0.05, half: float = 0.01, **changes: object) -> Verdict:
    """What is shown of a target like `ONE`."""
    return Verdict(replace(ONE, id=name, **changes), value, value - half, value + half, 8)


VERDICTS = [
    shown("comp.T90"), shown("comp.T91", 0.31), shown("pack.saas_mid_market", 0.045, target=0.0, low=0.0, high=0.05),
    shown("comp.T90.held", -0.02, role="validate", target=None, low=-math.inf, high=0.0),
    shown("comp.T92", 1.5, role="validate", target=None, low=0.0, high=math.inf, unit="ratio"),
    shown("comp.T93", math.nan, role="validate"), shown("comp.T95", role="report"),
    Verdict(replace(ONE, id="comp.T94", role="validate", not_expressible=REASON, scenario="", of="", unit="")),
]  # fmt: skip


def said(width: int, *, in_full: bool = False) -> list[str]:
    """Lines of the table on a screen of a width."""
    text = io.StringIO()
    console = Console(file=text, width=width, markup=False, highlight=False, emoji=False)
    print_validation(VERDICTS, [], console, in_full=in_full)
    return text.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 130])
def test_the_table_keeps_to_its_columns(width: int):
    """No line is wider than the screen or than 100, and no figure is cut."""
    lines = said(width)

    assert max(map(len, lines)) <= min(width, 100)
    assert any(re.search(r"5\.0% +4\.0 to 6\.0 +4 to 10% pass B", line) for line in lines)
    assert any(re.search(r"−2\.0% +−3\.0 to −1\.0 +≤ 0% pass B", line) for line in lines)
    assert sum("…" in line for line in lines) == 1


def test_misses_stand_out_and_roles_are_apart():
    """A miss is in capitals; each role has a heading with its count; what cannot be asked has its reason in one line."""
    text = "\n".join(said(100))

    assert "Calibrate: parameters may be fitted to these; 2 of 3 pass" in text
    assert "Validate: held out from every fit; 2 of 3 pass" in text
    assert "Report: shown, counted nowhere; 1 of 1 pass" in text
    assert re.search(r"comp\.T91 .* 31\.0% .* MISS B", text)
    assert re.search(r"comp\.T93 .* – +– +4 to 10% MISS B", text)
    assert "Not expressible in the model, counted nowhere: 1" in text
    assert any(line.startswith("comp.T94  accelerator: extra discount: The step is a month") for line in text.splitlines())


def test_in_full_each_target_has_all_its_words():
    """With a target named, its sentence, setting, source and the whole reason are printed."""
    text = " ".join(" ".join(said(100, in_full=True)).split())

    assert all(words in text for words in ("A sentence.", "Setting: A setting.", "Source: lazear2000", "A note.", REASON))
    assert "Published: 7.0%" in text


def test_the_last_line_counts():
    """Its form is fixed, and whole findings and packs are counted in the line before it."""
    assert said(80)[-1] == summary_line(VERDICTS, []) == "calibrate 2 of 3, validate 2 of 3, claims 0 of 0"
    assert findings_line(VERDICTS) == (
        "Whole findings, met when all their figures of that role are: "
        "calibrate 2 of 3, of which industry packs 1 of 1; validate 2 of 3."
    )


def test_json_has_every_field_and_no_figure_that_is_none():
    """One document that a strict reader takes: open ends, missing figures and what cannot be asked are null."""
    document = json.loads(json.dumps(as_json(VERDICTS, []), allow_nan=False))
    by_id = {entry["id"]: entry for entry in document["targets"]}

    assert document["summary"] == {"calibrate": [2, 3], "validate": [2, 3], "claims": [0, 0]}
    assert document["findings"]["calibrate"] == {"met": [2, 3], "packs": [1, 1]}
    assert {
        "id", "text", "metric", "target", "band", "value", "low", "high", "pass", "grade", "role", "source", "note",
        "label", "setting", "unit", "scenario", "twins", "not_expressible",
    } <= set(by_id["comp.T90"])  # fmt: skip
    assert (by_id["comp.T90"]["band"], by_id["comp.T90"]["value"], by_id["comp.T90"]["pass"]) == ([0.04, 0.10], 0.05, True)
    assert by_id["comp.T90.held"]["band"] == [None, 0.0]
    assert (by_id["comp.T93"]["value"], by_id["comp.T93"]["low"], by_id["comp.T93"]["pass"]) == (None, None, False)
    assert (by_id["comp.T94"]["pass"], by_id["comp.T94"]["not_expressible"]) == (None, REASON)


def drawn(verdicts: list[Verdict], **columns: list[float]):
    """Axes with these verdicts, and their table."""
    figure = Figure(figsize=(12, 5))
    FigureCanvasAgg(figure)
    table = verdict_table(verdicts).assign(**columns)
    return draw_targets(figure.add_axes((0.01, 0.1, 0.98, 0.8)), table, "A title"), table


def artist(ax, name):
    """The one artist of a name."""
    [found] = [line for line in ax.lines if line.get_gid() == name]
    return found


def test_marks_stand_where_the_figures_are():
    """A band from 0 to 1: 5% lies a sixth into 4 to 10%, the published 7% in the middle, the interval's ends at 0 and a third."""
    ax, _ = drawn(VERDICTS[:1], before=[0.10])

    assert artist(ax, "mark:comp.T90").get_xdata()[0] == pytest.approx(1 / 6)
    assert artist(ax, "published:comp.T90").get_xdata() == pytest.approx([0.5, 0.5])
    assert artist(ax, "interval:comp.T90").get_xdata() == pytest.approx([0.0, 1 / 3])
    assert artist(ax, "before:comp.T90").get_xdata()[0] == pytest.approx(1.0)


def test_hits_misses_and_what_is_far_away_have_marks_of_their_own():
    """A circle inside, a diamond outside, an arrow at the edge beyond the picture; a figure that does not exist has no mark."""
    ax, _ = drawn([VERDICTS[0], shown("comp.T96", 0.11), VERDICTS[1], VERDICTS[5]])
    marks = {line.get_gid(): (line.get_marker(), line.get_xdata()[0]) for line in ax.lines if "mark:" in (line.get_gid() or "")}

    assert {name: mark for name, (mark, _) in marks.items()} == {
        "mark:comp.T90": "o", "mark:comp.T96": "D", "mark:comp.T91": ">",
    }  # fmt: skip
    assert marks["mark:comp.T91"][1] == RIGHT


def test_figures_are_written_beside_their_rows():
    """The words at the right are those of the data."""
    ax, _ = drawn(VERDICTS[:2])
    words = [text.get_text() for text in ax.texts]

    assert {"comp.T90", "5.0%", "4.0 to 6.0", "31.0%", "30.0 to 32.0", "4 to 10%"} <= set(words)
    assert PACKS_HEAD not in words


def test_packs_stand_in_a_block_of_their_own():
    """Below a heading, once."""
    ax, _ = drawn(VERDICTS[:3])

    assert [text.get_text() for text in ax.texts].count(PACKS_HEAD) == 1


def test_open_bands():
    """An open band begins or ends at the end there is; the figure lies half a width inside it, or outside on the other side."""
    below, above = ({"band_low": low, "band_high": high, "value": 3.0} for low, high in ((-math.inf, 1.0), (1.0, math.inf)))

    assert placed(below, [1.0, 3.0]).tolist() == [1.0, 1.5]
    assert placed(above, [1.0, 3.0, -1.0]).tolist() == [0.0, 0.5, -0.5]
    assert placed({"band_low": 0.0, "band_high": math.inf, "value": 0.0}, 0.0) == 0.0


def test_an_open_band_reaches_the_edge():
    """Its bar, fading, covers all to the picture's edge; a closed one ends where it ends."""
    for verdict, expected in ((VERDICTS[0], (0.0, 1.0)), (VERDICTS[3], (LEFT, 1.0)), (VERDICTS[4], (0.0, RIGHT))):
        ax, _ = drawn([verdict])
        ends = np.array([[bar.get_x(), bar.get_x() + bar.get_width()] for bar in ax.patches])

        assert (ends.min(), ends.max()) == expected


def test_a_title_is_made_of_the_counts():
    """Each role has a picture, whose title counts, packs apart; what is shown alone comes last."""
    found = {name: (title, len(rows)) for name, title, rows in pictures(VERDICTS)}

    assert found["targets_calibrate"] == (
        "The model shows 2 of 3 figures that parameters may be fitted to; of these, industry packs 1 of 1", 3
    )  # fmt: skip
    assert found["targets_validate"] == ("Of 3 published figures that no parameter was fitted to, the model shows 2", 3)
    assert list(found) == ["targets_calibrate", "targets_validate", "targets_report"]


def test_many_targets_go_to_several_pictures():
    """No picture has more rows than can be read."""
    many = [shown(f"comp.T{k}") for k in range(MOST_ROWS + 5)]
    found = [(name, len(rows)) for name, _, rows in pictures(many)]

    assert found == [("targets_calibrate_1", MOST_ROWS), ("targets_calibrate_2", 5)]


def test_files_are_complete(tmp_path: Path):
    """A table of all targets, and a picture a role as PNG and SVG with its numbers."""
    folder = write_validation(VERDICTS, tmp_path)
    names = {path.name for path in folder.iterdir()}
    lines = (folder / "targets.csv").read_text(encoding="utf-8").splitlines()

    assert names == {"targets.csv"} | {
        f"targets_{role}.{ending}" for role in ("calibrate", "validate", "report") for ending in ("png", "svg", "csv")
    }  # fmt: skip
    assert len(lines) == 1 + len(VERDICTS)
    assert lines[1].startswith("comp.T90,accelerator: extra discount,calibrate,B,share,0.07,0.04,0.1,0.05,")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path):
    """The sentence names the folder and what to do."""
    (tmp_path / "validation").write_text("a file", encoding="utf-8")

    with pytest.raises(RunError, match="choose another folder with --out"):
        write_validation(VERDICTS, tmp_path)
