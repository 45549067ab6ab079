"""Golden results: shipped studies and packs give what they gave when their numbers were last agreed to."""

from __future__ import annotations

import copy
import json

import golden_results
import pytest
from source import ROOT

LOG = "# Changelog\n\n## [Unreleased]\n\n### Output change\n\n- Before.\n\n## [0.1.0]\n\n### Output change\n\n- Old.\n"


@pytest.mark.parametrize("name", golden_results.names())
def test_results_are_as_agreed(name: str):
    """Counts are equal and all else within 1e-9, relative; else it says which moved, by how much, and how to renew them."""
    path = golden_results.FOLDER / f"{name}.json"
    assert path.exists(), f"{name} has no golden results; write them with `{golden_results.COMMAND}`"
    moved = golden_results.changes(name, golden_results.agreed(name), golden_results.now(name))
    told = "\n".join(sentence for _, sentence in moved[:10])

    assert moved == [], f"{len(moved)} figures moved:\n{told}\nIf that is meant, renew them with `{golden_results.COMMAND}`"


def test_every_golden_result_belongs_to_something_shipped():
    """No file is left of a study or pack that is gone."""
    kept = {path.relative_to(golden_results.FOLDER).with_suffix("").as_posix() for path in golden_results.FOLDER.rglob("*.json")}

    assert kept <= set(golden_results.names())


def test_counts_are_whole_and_files_are_as_written():
    """Figures compared exactly are whole numbers, and a file renewed without a change stays the same to the byte."""
    for path in golden_results.FOLDER.rglob("*.json"):
        results = json.loads(path.read_text(encoding="utf-8"))
        counted = [value for figures in results["policies"].values() for key in golden_results.COUNTS for value in figures[key]]

        assert all(isinstance(value, int) for value in counted)
        assert golden_results.as_text(results) == path.read_text(encoding="utf-8")


def test_a_moved_figure_is_found():
    """One rep more, money beyond 1e-9, a policy gone and a setting moved are seen; money within 1e-9 is not."""
    old = {
        "size": {"months": 24}, "moved": {"b": 1.25},
        "policies": {"a": {"quits": [3, 4], "revenue": [1e6, 2e6]}, "b": {"quits": [0, 0]}},
    }  # fmt: skip
    same, other = copy.deepcopy(old), copy.deepcopy(old)
    same["policies"]["a"]["revenue"][1] *= 1.0 + 5e-10
    other["policies"]["a"]["revenue"][1] *= 1.0 + 5e-9
    other["policies"]["a"]["quits"][0] = 4
    other["moved"]["b"] = 1.26
    del other["policies"]["b"]
    told = " ".join(sentence for _, sentence in golden_results.changes("x", old, other))

    assert golden_results.changes("x", old, same) == []
    assert all(f"x: {place} was" in told for place in ("a.revenue.year 2", "a.quits.year 1", "moved.b", "b.quits.year 1"))
    assert "x: a.quits.year 1 was 3, is 4 (relative change 0.25)" in told


def test_renewing_writes_a_line_that_wants_a_reason():
    """The line stands at the end of the newest "Output change", and older ones stay as they are."""
    log = golden_results.with_line(LOG, 0.25, "x: quits was 3, is 4")

    assert log.count(golden_results.UNSAID) == 1
    assert log.index("- Before.") < log.index(golden_results.UNSAID) < log.index("## [0.1.0]")
    assert log.endswith("## [0.1.0]\n\n### Output change\n\n- Old.\n")


def test_every_output_change_has_its_reason():
    """CHANGELOG.md keeps no line whose reason the author has still to give."""
    assert golden_results.UNSAID not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
