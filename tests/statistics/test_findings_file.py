"""Findings in a file: read again they are the same to the last bit, and a file from anywhere is findings or one sentence."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import re
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from findings import differences, made_findings
from hypothesis import given
from hypothesis import strategies as st
from organisation import promised
from organisation import study as made_study
from rich.console import Console

from simulation.errors import RunError, ScenarioError
from simulation.experiment.listing import FINDINGS
from simulation.experiment.sheets import frame_as_csv
from simulation.report.figures import pictures
from simulation.report.table import as_json, print_comparison
from simulation.scenario.until import Until
from simulation.statistics import findings_file
from simulation.statistics.compare import COLUMNS
from simulation.statistics.findings import Findings
from simulation.statistics.findings_file import findings_bytes, read_findings
from simulation.statistics.plain import NotPlainError, Plain
from simulation.study import run_study

MANIFEST = "manifest.json"


@pytest.fixture(scope="module")
def findings():
    """Everything that a study can find."""
    return made_findings()


@pytest.fixture(scope="module")
def packed(findings):
    """Its file."""
    return findings_bytes(findings)


@pytest.fixture
def folder(tmp_path):
    """A run's folder with no findings yet."""
    (tmp_path / MANIFEST).write_text("{}")
    return tmp_path


def kept(folder, content):
    """Findings read from a folder whose file has this content."""
    (folder / FINDINGS).write_bytes(content)
    return read_findings(folder)


def shown(findings):
    """The table, the document and the numbers of every picture."""
    text = StringIO()
    print_comparison(findings.summary, Console(file=text, width=110), stress=findings.stress)
    document = json.dumps(as_json(findings.summary, stress=findings.stress))
    return text.getvalue(), document, {one.name: frame_as_csv(one.data) for one in pictures(findings.summary)}


def test_findings_come_back_to_the_last_bit(folder, findings, packed):
    """Every field of every record, every frame with its kinds and rows, every number's bits; and so do the bytes."""
    again = kept(folder, packed)

    assert differences(findings, again) == []
    assert findings_bytes(again) == packed


def test_whatever_is_shown_of_them_is_the_same(folder, findings, packed):
    """The printed table, the JSON document and the numbers of each picture."""
    table, document, numbers = shown(kept(folder, packed))

    assert (table, document, numbers) == shown(findings)
    assert {"tradeoff", "timeline_revenue", "survival", "losers"} < set(numbers)


@pytest.mark.slow
def test_a_real_study_comes_back(tmp_path):
    """One with drawn parameters, a stress world, equal cost, assumption ranges and seeds added until it is decided."""
    study = replace(made_study({"less": {"commission.rate": 0.05}}, months=6, seats=7, seeds=2), stress=("worlds/downturn.toml",))
    findings = run_study(promised(study, "less", "commission.pay_level"), until=Until({}, 16, 24)).findings
    (tmp_path / MANIFEST).write_text("{}")
    again = kept(tmp_path, findings_bytes(findings))

    assert differences(findings, again) == []
    assert shown(findings) == shown(again)


SEEN = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))
SINGLE = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | SEEN | st.floats(width=32).map(np.float32)
ARRAYS = st.lists(st.floats(), max_size=4).map(np.array) | st.binary(min_size=4, max_size=4).map(
    lambda four: np.frombuffer(four, np.uint8).reshape(2, 2)
)


def nested(inner):
    """Lists, tuples and mappings, some of which look like what stands in the file."""
    several = st.lists(inner, max_size=4)
    return several | several.map(tuple) | st.dictionaries(st.sampled_from(["is", "of", "a", "b"]), inner)


@given(st.recursive(SINGLE | ARRAYS, nested))
def test_any_plain_value_comes_back(value):
    """Numbers that are not finite, the two zeros, tuples in lists, mappings that look like records."""
    plain = Plain({})
    text = json.dumps(plain.taken_apart(value), allow_nan=False)

    assert differences(value, plain.put_together(json.loads(text))) == []


def test_any_frame_comes_back():
    """Words, numbers and gaps in one column, texts with gaps, small numbers, rows counted backwards or named twice."""
    columns = {
        "mixed": pd.Series([1, "two", None], dtype=object), "texts": ["a", None, "nan"], "far": [np.nan, -np.inf, -0.0],
        "small": np.array([1, 2, 3], np.int8), "flags": [True, False, True], "single": np.array([0.1, np.nan, 1], np.float32),
    }  # fmt: skip
    frame = pd.DataFrame(columns)
    for one in (frame, frame.iloc[::-1], frame.set_axis(["b", "a", "b"]), frame.iloc[:0], frame.set_index("texts")):
        tree = json.loads(json.dumps(Plain({}).taken_apart(one), allow_nan=False))

        assert differences(one, Plain({}).put_together(tree)) == []


@pytest.mark.parametrize(
    "value",
    [
        object(), {1: "a"}, {"a"}, b"bytes", pd.DataFrame([[1]]), np.array(["a"]), SimpleNamespace(a=1), np.str_("a"),
        pd.DataFrame({"a": [(1, 2)]}), pd.DataFrame({"a": pd.Series(["x"], dtype="category")}),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_not_kept(value):
    """A kind of value without a place in the file is an error when it is written, not a surprise when it is read."""
    with pytest.raises(NotPlainError, match="cannot be kept"):
        Plain({}).taken_apart(value)


def test_a_run_without_findings_says_what_to_do(folder):
    """One sentence that names the folder and the next step; so does a name that is no run."""
    with pytest.raises(ScenarioError, match=rf"RUN: .*{folder.name} has no {FINDINGS}, .*; the command that made it adds it"):
        read_findings(folder)
    with pytest.raises(ScenarioError, match='RUN: "abcdef" is no run in'):
        read_findings("abcdef", folder)


def test_a_file_that_may_not_be_read_is_one_sentence(folder, monkeypatch):
    """With what the system says."""

    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    (folder / FINDINGS).write_bytes(b"")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(RunError, match=rf"{FINDINGS}: cannot be read \(Permission denied\); check its rights"):
        read_findings(folder)


def test_too_large_findings_are_not_kept(findings, monkeypatch):
    """Rather than a file that cannot be read."""
    monkeypatch.setattr(findings_file, "LARGEST", 100_000)
    with pytest.raises(RunError, match=r"findings of \d MB are not kept, 0 MB are the most; no report can be drawn"):
        findings_bytes(findings)


def wrapped(found, **head):
    """A file whose findings are this JSON."""
    return gzip.compress(json.dumps({"orgsim findings": 1, "findings": found, **head}).encode())


DEEP = {"is": "map", "of": {"a": 0}}
for _ in range(60):
    DEEP = {"is": "map", "of": {"a": DEEP}}
FRAME = {"is": "frame", "index": {"name": None, "range": [0, 1, 1]}, "columns": [["a", {"dtype": "int64", "of": [1]}]]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not end where it should"),
        (b"PK\x03\x04 something else", "is no compressed file, or is damaged"),
        (gzip.compress(b"\x80\x04."), "holds no JSON"),
        (gzip.compress(b"[" * 100_000), "holds no JSON"),
        (gzip.compress(b'{"a": ' * 100_000), "holds no JSON"),
        (gzip.compress(b"[]," * 1_000_001), "holds more than 1,000,000 parts"),
        (gzip.compress(b"9" * 5_000), "holds no JSON"),
        (gzip.compress(b'{"orgsim findings": NaN}'), "holds no JSON"),
        (gzip.compress(b'{"type": "FeatureCollection"}'), "holds no findings of orgsim"),
        (gzip.compress(b"[1]"), "holds no findings of orgsim"),
        (gzip.compress(b"{}") + b"more", "does not end where it should"),
        (wrapped(None, **{"orgsim findings": True}), "holds no findings of orgsim"),
        (wrapped(None, **{"orgsim findings": 2, "written_by": "orgsim 9.0"}),
         "is of format 2, and this orgsim reads 1; use the one that wrote it, orgsim 9.0"),
        (wrapped(None), "it holds no findings"),
        (wrapped({"is": "facts", "of": {}}), "its facts should not be with, or without, 'assumed'"),
        (wrapped({"is": "material", "of": {"value": 1.0, "relative": True}}), "it holds no findings"),
        (wrapped({"is": "material", "of": {"value": 1.0, "relative": True, "x": 1}}),
         "its material should not be with, or without, 'x'"),
        (wrapped({"is": "material", "of": {"value": "1", "relative": True}}), "the value of its material is of another kind"),
        (wrapped({"is": "os.system", "of": "id"}), "it holds 'os.system', which is not known here"),
        (wrapped({"is": ["map"], "of": {}}), "which is not known here"),
        (wrapped({"is": "tuple", "of": {}}), "a tuple in it holds nothing of its kind"),
        (wrapped({"is": "float", "of": "1"}), "a float in it holds nothing of its kind"),
        (wrapped(DEEP), "nested more than 40 levels"),
        (wrapped("a\x1b[2J"), "a text in it has characters that no text has"),
        (wrapped("\ud800"), "a text in it has characters that no text has"),
        (wrapped({"is": "array", "dtype": "object", "shape": [1], "of": [1]}), "an array in it is of no kind"),
        (wrapped({"is": "array", "dtype": ["int8"], "shape": [1], "of": [1]}), "an array in it is of no kind"),
        (wrapped({"is": "array", "dtype": "int8", "shape": [1], "of": [300]}), "an array of int8 in it has larger values"),
        (wrapped({"is": "array", "dtype": "int64", "shape": [1], "of": [True]}), "an array of int64 in it has other values"),
        (wrapped({"is": "array", "dtype": "int8", "shape": [10**18, 10**18], "of": []}), "an array in it is not of its shape"),
        (wrapped({"is": "number", "dtype": "float64", "of": "1"}), "an array of float64 in it has other values"),
        (wrapped({**FRAME, "columns": []}), "a frame in it has no columns"),
        (wrapped({**FRAME, "columns": [["a"]]}), "a frame in it has no columns"),
        (wrapped({**FRAME, "columns": FRAME["columns"] * 2}), "a frame in it has columns of different lengths"),
        (wrapped({**FRAME, "index": {"range": [0, 10**15, 1]}}), "an index that is none"),
        (wrapped({**FRAME, "index": {"range": [0, 10**12, 1]}}), "a frame in it has columns of different lengths"),
        (wrapped({**FRAME, "index": {"name": ["a"], "range": [0, 1, 1]}}), "a text in it has characters"),
        (wrapped({**FRAME, "index": {"name": None, "dtype": "object", "of": [[]]}}), "a column of object in it has other values"),
        (wrapped({**FRAME, "columns": [["a", {"dtype": "str", "of": [{"is": "map", "of": {}}]}]]}),
         "a column of str in it has other values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",    # bytes hold the time of packing
)  # fmt: skip
def test_what_holds_no_findings_is_one_sentence(folder, content, said):
    """A cut, foreign, newer or hostile file: the sentence names the file and what to do."""
    with pytest.raises(RunError, match=f"{FINDINGS}: .*{re.escape(said)}") as refused:
        kept(folder, content)

    assert len(refused.value.faults) == 1
    assert len(refused.value.faults[0].removeprefix(str(folder))) < 300


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_cut_or_damaged_file_is_one_sentence(folder, packed, share):
    """Its end missing, or one byte of it another."""
    place = int(share * len(packed))
    with pytest.raises(RunError, match="does not end where it should"):
        kept(folder, packed[:place])
    with pytest.raises(RunError, match="give the command that made the run again"):
        kept(folder, packed[:place] + bytes([packed[place] ^ 16]) + packed[place + 1 :])


def test_more_than_memory_is_not_unpacked(folder, monkeypatch):
    """A small file that holds a large one stops at the limit."""
    monkeypatch.setattr(findings_file, "LARGEST", 1_000_000)
    with pytest.raises(RunError, match="holds more than 1 MB"):
        kept(folder, gzip.compress(b" " * 50_000_000))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("summary.baseline", "nobody"), ("summary.facts.run", "../../etc"), ("summary.facts.objective", "luck"),
        ("summary.series", {"is": "map", "of": {}}),
        ("summary.labels", {"is": "map", "of": {"../../away": "Away"}}),
        ("summary.series.bridge", FRAME), ("summary.static.groups", FRAME), ("summary.reasons.table", FRAME),
        ("summary.reasons.of_all", {"is": "map", "of": {}}), ("summary.stopping.seeds", {"is": "map", "of": {"nobody": 3}}),
        ("summary.assumptions.policies", {"is": "map", "of": {"nobody": {"is": "map", "of": {}}}}),
        ("summary.ranks", {"is": "map", "of": {"nobody": {"is": "rank", "of": {"rank": 1, "holds": 0.5}}}}),
        ("summary.facts.seats", 0), ("settings", FRAME), ("assumptions", FRAME),
        ("firm", {"is": "map", "of": {"turnover": 0.3}}),
        ("firm", {"is": "map", "of": {"turnover": {"is": "map", "of": {"asked": "0.3", "reached": 0.3, "error": 0.1}}}}),
    ],
)  # fmt: skip
def test_parts_that_do_not_belong_together_are_refused(folder, packed, path, value):
    """Policies name files, and reports look measures up: what would lead out of the folder or into an error is refused."""
    tree = json.loads(gzip.decompress(packed))
    *way, last = path.split(".")
    place = tree["findings"]["of"]
    for name in way:
        place = place[name]["of"]
    place[last] = value

    with pytest.raises(RunError, match=f"{FINDINGS}: cannot be used, because it"):
        kept(folder, gzip.compress(json.dumps(tree).encode()))


def test_figures_of_a_measure_that_is_not_there_are_refused(folder, packed):
    """They would stand in the table twice."""
    tree = json.loads(gzip.decompress(packed))
    del tree["findings"]["of"]["summary"]["of"]["measures"]["of"]["headcount"]

    with pytest.raises(RunError, match="its table has figures of a measure that it does not have"):
        kept(folder, gzip.compress(json.dumps(tree).encode()))


def test_a_run_of_before_lacks_a_measure_and_says_so(folder, findings):
    """What nobody measured then has no figures, so that the reports of today can be made of it, and a warning names it."""
    summary = findings.summary
    gone = [f"headcount_{name}" for name in COLUMNS]
    older = replace(
        summary, table=summary.table.drop(columns=gone), measures={k: v for k, v in summary.measures.items() if k != "headcount"}
    )
    found = kept(folder, findings_bytes(replace(findings, summary=older)))

    assert found.summary.measures["headcount"].label in found.summary.warnings[-1]
    assert set(found.summary.table.columns) == set(summary.table.columns)
    assert np.isnan(found.summary.value(summary.baseline, "headcount"))
    assert shown(found)[2].keys() == shown(findings)[2].keys()


def places(tree, way=()):
    """Every place of a JSON tree."""
    yield way
    for key, one in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from places(one, (*way, key))


JUNK = (
    None, "x", -1, 1.5, True, [], {}, [[]], {"is": "map", "of": {}}, {"is": "float", "of": "nan"}, {"is": "frame"}, 2**70, FRAME,
)  # fmt: skip


@pytest.mark.parametrize("times", [1, pytest.param(15, marks=pytest.mark.slow)])
def test_any_change_leads_to_findings_or_to_one_sentence(folder, packed, times):
    """Anything put in any place of the file: never another error, neither when it is read nor when it is shown."""
    chance = random.Random(3)
    text = gzip.decompress(packed)
    ways = [way for way in places(json.loads(text)) if len(way) > 1]
    few = [way for way in ways if len(way) < 8]
    for way in (*chance.sample(few, 3 * times), *chance.sample(ways, times)):
        tree = json.loads(text)
        place = tree
        for key in way[:-1]:
            place = place[key]
        place[way[-1]] = chance.choice(JUNK)
        with suppress(RunError):
            found = kept(folder, gzip.compress(json.dumps(tree).encode(), 1))
            assert isinstance(found, Findings)
            assert shown(found)


def test_nothing_of_a_run_is_executed(folder, monkeypatch):
    """Names of code in a file are texts."""
    monkeypatch.setattr(os, "system", lambda _: pytest.fail("a file ran something"))
    with pytest.raises(RunError):
        kept(folder, wrapped({"is": "posix.system", "of": ["true"]}))
