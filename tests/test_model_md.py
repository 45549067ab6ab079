"""MODEL.md says what the code does: its tables are the code's, and nothing that enters a month goes without a word."""

from __future__ import annotations

import ast
import re
from dataclasses import fields

import pytest
import source

from simulation.draws import CANDIDATE_TRAITS, PERSON_TRAITS
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import CONDITIONS, shipped_parameters
from simulation.levers import catalogue
from simulation.levers.base import SOCKETS
from simulation.records import TERM
from simulation.report import model_tables
from simulation.rules.leaving import QuitTerms
from simulation.standing import LEAVERS, PERIODS
from simulation.state import State
from simulation.vocabulary import MONTHLY_STREAMS, MOTIVES_IN_ORDER

TEXT = model_tables.DOCUMENT.read_text(encoding="utf-8")
OWN = model_tables.BLOCK.sub("", TEXT)
"""What is written by hand: the document without its rendered tables."""
RENEW = "renew them with `python -m simulation.report.model_tables`"


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the hand-written table whose heading line starts so."""
    lines = OWN[OWN.index(f"| {heading} |") :].splitlines()[2:]
    end = next(k for k, line in enumerate(lines) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]


def names_in(cells: list[str]) -> list[str]:
    """The names set as code in some cells."""
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def test_tables_are_what_the_code_says():
    """Each marked table stands in the document as it is rendered from code and data today."""
    assert model_tables.renewed(TEXT) == TEXT, RENEW


def test_every_table_stands_once():
    """Every table that can be rendered has its place in the document, and no other is marked."""
    assert sorted(found[2] for found in model_tables.BLOCK.finditer(TEXT)) == sorted(model_tables.TABLES)


def test_a_table_out_of_date_is_renewed():
    """What stands between the markers is replaced, and what stands around them is kept."""
    stale = "before\n<!-- table: levers -->\n| old |\n<!-- end -->\nafter\n"
    renewed = model_tables.renewed(stale)

    assert renewed == f"before\n<!-- table: levers -->\n{model_tables.levers()}\n<!-- end -->\nafter\n"
    assert model_tables.renewed(renewed) == renewed


def test_an_unknown_table_is_refused():
    """A marker that names no table is an error, not an empty table."""
    with pytest.raises(KeyError, match="nonsense"):
        model_tables.renewed("<!-- table: nonsense -->\n<!-- end -->")


def test_a_bar_in_a_cell_does_not_end_it():
    """A vertical bar within a cell is escaped."""
    assert model_tables.table(("a", "b"), [("x | y", "z")]).splitlines()[2] == r"| x \| y | z |"


def phase_of_field() -> dict[str, str]:
    """Which phase of the month writes each state field."""
    month = source.tree_of(source.PACKAGE / "month.py")
    phases = [node for node in month.body if isinstance(node, ast.FunctionDef)]
    return {name: phase.name for phase in phases for name, _ in source.assignments(phase, "s")}


def test_every_state_field_is_listed_with_its_writer():
    """The table of section 2 lists the fields of the state in their order, each with its unit and the phase that writes it."""
    phases = phase_of_field()
    listed = [(field.strip("`"), unit, writer.strip("`")) for field, _, unit, _, writer in rows_under("field")]

    assert listed == [(f.name, f.metadata["unit"], phases.get(f.name, "-")) for f in fields(State)]


def test_the_schedule_names_the_phases_in_order():
    """Section 3 names the phases that `advance_month` calls, in its order."""
    month = source.tree_of(source.PACKAGE / "month.py")
    advance = next(node for node in month.body if isinstance(node, ast.FunctionDef) and node.name == "advance_month")
    calls = [node.func.id for node in ast.walk(advance) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]

    assert re.findall(r"^\d+\. \*\*\w+\*\* \(`(\w+)`\)", OWN, re.MULTILINE) == calls


def parameters_of_rules() -> list[str]:
    """Every parameter that equations must name: those of rules and worlds."""
    apart = {*catalogue(), "sockets"}
    return [f"{group}.{name}" for group, name in shipped_parameters().rows if group not in apart]


def test_every_parameter_enters_an_equation():
    """Each parameter of a rule or world is named by hand, so none works in the code that the text leaves out."""
    by_motive = {f"people.mean_{motive}" for motive in MOTIVES_IN_ORDER}
    unnamed = [path for path in parameters_of_rules() if path not in by_motive and not re.search(rf"\b{re.escape(path)}\b", OWN)]

    assert unnamed == []
    assert "people.mean_m" in OWN


def test_no_parameter_is_made_up():
    """Whatever looks like a parameter of a known group is one."""
    rows = shipped_parameters().rows
    groups = {group for group, _ in rows}
    symbols = {("people", f"mean_{letter}") for letter in "abm"}
    named = {pair for pair in re.findall(r"(?<![\w.`])`?([a-z]+)\.([a-z_]+)\b", OWN) if pair[0] in groups}

    assert {".".join(pair) for pair in named - set(rows) - symbols if pair[1] not in ("py", "toml")} == set()


def test_every_socket_enters_an_equation():
    """Each socket is pushed somewhere in the equations."""
    assert [socket.__name__ for socket in SOCKETS if not re.search(rf"(push|plan)\(`?{socket.__name__}\b", OWN)] == []


def test_every_condition_and_stream_is_named():
    """Market conditions, monthly streams and the traits of people are all named."""
    streams = names_in([row[0] for row in rows_under("stream")])

    assert [name for name in CONDITIONS if f"condition.{name}" not in OWN] == []
    assert sorted(streams) == sorted(MONTHLY_STREAMS)
    assert [trait for trait in (*CANDIDATE_TRAITS, *PERSON_TRAITS) if f"`{trait}`" not in OWN] == []


def recorded() -> list[str]:
    """The keys of the sums that `tally` keeps a month."""
    tree = source.tree_of(source.PACKAGE / "records.py")
    tally = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "tally")
    keys = [key for node in ast.walk(tally) if isinstance(node, ast.Dict) for key in node.keys]
    terms = [f"{TERM}{name}" for name in QuitTerms._fields]
    return [key.value for key in keys if isinstance(key, ast.Constant)] + [*terms, *PERIODS, *LEAVERS]


def test_every_recorded_sum_is_defined():
    """The table of sums defines each key that the records keep, and no other."""
    assert sorted(names_in([row[0] for row in rows_under("sum")])) == sorted(recorded())


def test_every_measure_has_its_formula():
    """Each measure stands once in the table of formulas."""
    assert sorted(names_in([row[0] for row in rows_under("measure")])) == sorted(MEASURES)


def test_every_submodel_says_what_it_leaves_out():
    """Each of the twelve phases' sections has a line on what it leaves out and why."""
    sections = re.split(r"^### 7\.", OWN, flags=re.MULTILINE)[1:]

    assert [text.splitlines()[0] for text in sections[:12] if "\nLeft out: " not in text] == []
