"""How the code is built: one direction of imports, short modules, documented names, one writer a state field."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
import source

import simulation
from simulation.state import State

LADDER = (
    {"vocabulary", "errors", "curves", "showing"},
    {"evidence"},
    {"draws"},
    {"state", "payout"},
    {"levers", "rules"},
    {"newcomers"},
    {"start", "scenario", "standing"},
    {"month", "records", "rep_months", "seat_months", "twin"},
    {"engine", "agents"},
    {"experiment", "model"},
    {"statistics"},
    {"report", "calibration"},
    {"living", "study", "sweeping"},
    {"commands"},
    {"app"},
    {"cli"},
    {"__main__"},
)
"""From the bottom up: a module imports from lower rows only, and from its own name."""
ROW = {name: row for row, names in enumerate(LADDER) for name in names}
READERS = (
    "simulation/evidence/ensemble.py",
    "simulation/evidence/read.py",
    "simulation/scenario/",
    "simulation/experiment/design/file.py",
    "simulation/experiment/listing.py",
    "simulation/experiment/cells/file.py",
    "simulation/experiment/digests.py",
    "simulation/experiment/store.py",
    "simulation/levers/__init__.py",
    "simulation/calibration/anchor.py",
    "simulation/calibration/company/tables.py",
    "simulation/calibration/kept.py",
    "simulation/calibration/ledger.py",
    "simulation/report/model_tables.py",
    "simulation/report/deck/book.py",
    "simulation/statistics/findings_file.py",
)
"""The only places that read files."""
EXPLAINER = "simulation/report/catalogue.py"
"""`orgsim explain` prints what rules and levers say of themselves."""
LONGEST_MODULE = 300
LONGEST_FUNCTION = 60

every_module = pytest.mark.parametrize("path", source.modules(), ids=source.name_of)


def part(dotted: str) -> str:
    """The part of the package that a module or an imported name belongs to: a row of the ladder holds it."""
    return dotted.removeprefix("simulation.").split(".")[0]


@every_module
def test_imports_point_down_the_ladder(path: Path):
    """A module imports from lower rows of the ladder and from its own folder, never from its row's neighbours or above."""
    here = path.relative_to(source.PACKAGE).with_suffix("").parts[0]
    if here == "__init__":
        return
    wrong = []
    for line, name in source.imported(source.tree_of(path)):
        if name.startswith("."):
            wrong.append(f"line {line}: {name} is a relative import")
        elif name.startswith("simulation.") and part(name) in ROW:
            there = part(name)
            if there != here and ROW[there] >= ROW[here]:
                wrong.append(f"line {line}: {here} imports {there}")

    assert wrong == []


def circle(imports: Mapping[str, set[str]]) -> list[str]:
    """Modules each of which imports the next, the first and the last being one; none where there is no circle."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return found.args[1]
    return []


def test_no_module_imports_itself_through_others():
    """Whoever reads a module and what it imports, and so on, comes to an end: within a folder too, inside functions too."""
    modules = {source.dotted(path): source.tree_of(path) for path in source.modules()}
    imports = {}
    for module, tree in modules.items():
        unread = source.for_types(tree)
        names = [name for line, name in source.imported(tree) if line not in unread]
        imports[module] = {name if name in modules else name.rpartition(".")[0] for name in names} & modules.keys()

    assert circle(imports) == []


def test_a_circle_is_seen():
    """A circle is found, and a diamond is none."""
    assert circle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_every_part_has_a_row_on_the_ladder():
    """A new module or folder is placed on the ladder before it is used."""
    parts = {path.relative_to(source.PACKAGE).with_suffix("").parts[0] for path in source.modules()}

    assert parts - {"__init__"} <= set(ROW)


def test_the_ladder_is_not_climbed_by_name():
    """Only the public names and the two catalogues import modules by a string, which the ladder cannot see."""
    users = {
        source.name_of(path)
        for path in source.modules()
        for _, name in source.imported(source.tree_of(path))
        if name.startswith("importlib.import_module")
    }

    assert users <= {"simulation/__init__.py", "simulation/levers/__init__.py", EXPLAINER}


def test_the_public_names_are_asked_from_below_in_one_place():
    """Only `showing.py` goes through the package's public names, which the ladder cannot see either: results show themselves."""
    public = set(simulation.__all__) - {"__version__", "errors"}
    users = {source.name_of(path) for path in source.modules() if asked_of_package(source.tree_of(path)) & public}

    assert users == {"simulation/showing.py"}


def asked_of_package(tree: ast.Module) -> set[str]:
    """Names that a module takes from the package itself: `from simulation import name`, or `simulation.name`."""
    taken = {name.removeprefix("simulation.") for _, name in source.imported(tree) if name.startswith("simulation.")}
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name))
    return taken | {node.attr for node in nodes if node.value.id == "simulation"}


def test_only_the_mesa_twin_imports_mesa():
    """Workers, the engine and the command line never load Mesa, which is slow and changes how processes start."""
    users = {
        source.name_of(path)
        for path in source.modules()
        for _, name in source.imported(source.tree_of(path))
        if part(name) == "mesa"
    }

    assert users <= {"simulation/model.py", "simulation/agents.py"}


def test_the_readable_model_shares_no_rule_with_the_engine():
    """What two models share cannot be checked by docking: the readable one has luck, levers, evidence and scenarios in common."""
    shared = {"vocabulary", "errors", "evidence", "draws", "state", "payout", "levers", "scenario", "twin", "agents"}
    files = [source.PACKAGE / "model.py", source.PACKAGE / "agents.py", *sorted((source.PACKAGE / "twin").glob("*.py"))]
    used = {part(name) for path in files for _, name in source.imported(source.tree_of(path)) if name.startswith("simulation.")}

    assert used <= shared


def test_reports_never_touch_the_model():
    """A chart can be redrawn from results alone: reports import none of the model; the explainer shows rules' docstrings."""
    model = {"engine", "month", "start", "newcomers", "rules", "state", "draws"}
    used = {
        part(name)
        for path in source.modules()
        if "report" in path.parts and source.name_of(path) != EXPLAINER
        for _, name in source.imported(source.tree_of(path))
        if name.startswith("simulation.")
    }

    assert used & model == set()


def is_reading(call: ast.Call) -> bool:
    """Whether a call reads a file, by its name: `open` for reading, `read_text`, `pd.read_parquet` and the like."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    owner = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
    if name == "open":
        modes = [a.value for a in [*call.args, *(k.value for k in call.keywords)] if isinstance(a, ast.Constant)]
        return not any(isinstance(mode, str) and set(mode) & set("wxa") and len(mode) <= 3 for mode in modes)
    library = owner in {"pd", "pq", "pandas", "parquet", "csv", "feather"} and name.startswith(("read", "Parquet"))
    return library or name in {"read_text", "read_bytes", "load_workbook", "reader"} or (owner, name) == ("sqlite3", "connect")


@every_module
def test_files_are_read_in_few_places(path: Path):
    """Nothing reads a file but the modules named in `READERS`."""
    calls = [node for node in ast.walk(source.tree_of(path)) if isinstance(node, ast.Call) and is_reading(node)]
    allowed = source.name_of(path).startswith(READERS)

    assert allowed or [call.lineno for call in calls] == []


@pytest.mark.parametrize("place", READERS)
def test_readers_are_there(place: str):
    """Every place that may read files is there, and does read one."""
    paths = [path for path in source.modules() if source.name_of(path).startswith(place)]
    calls = [node for path in paths for node in ast.walk(source.tree_of(path)) if isinstance(node, ast.Call)]

    assert any(is_reading(call) for call in calls)


def test_reading_is_recognised():
    """The check on reading files sees each way of doing it, and lets writing pass."""
    reading = ["open(f)", "f.open('rb')", "f.read_text()", "pd.read_csv(f)", "pq.read_table(f)", "openpyxl.load_workbook(f)"]
    writing = ["open(f, 'w')", "f.open(mode='wb')", "f.write_text(t)", "table.to_csv(f)", "read_scenario(f)"]
    seen = [is_reading(ast.parse(text, mode="eval").body) for text in [*reading, *writing]]

    assert seen == [True] * len(reading) + [False] * len(writing)


@every_module
def test_modules_are_short(path: Path):
    """No module has more than 300 lines of code, docstrings, comments and blank lines apart."""
    lines = source.code_lines(path.read_text(encoding="utf-8"), source.tree_of(path))

    assert len(lines) <= LONGEST_MODULE


@every_module
def test_functions_are_short(path: Path):
    """No function but the month has more than 60 lines of code."""
    lines = source.code_lines(path.read_text(encoding="utf-8"), source.tree_of(path))
    long = {
        name: count
        for name, node in source.definitions(source.tree_of(path))
        if not isinstance(node, ast.ClassDef) and path.name != "month.py"
        if (count := len(lines & set(range(node.lineno, (node.end_lineno or 0) + 1)))) > LONGEST_FUNCTION
    }

    assert long == {}


@every_module
def test_public_names_are_documented(path: Path):
    """Every module, and every public class, function and method in it, says in a docstring what it is for."""
    tree = source.tree_of(path)
    silent = [] if ast.get_docstring(tree) else ["the module itself"]
    silent += [
        name
        for name, node in source.definitions(tree)
        if not any(word.startswith("_") for word in name.split(".")) and not ast.get_docstring(node) and not is_overload(node)
    ]

    assert silent == []


def is_overload(node: ast.AST) -> bool:
    """Whether a definition is a typing overload, whose docstring stands at the implementation."""
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in getattr(node, "decorator_list", []))


def twice_written(text: str) -> list[str]:
    """State fields that a source text assigns on more than one line."""
    lines: dict[str, set[int]] = {}
    for name, line in source.assignments(ast.parse(text), "s"):
        lines.setdefault(name, set()).add(line)
    return sorted(name for name, at in lines.items() if len(at) > 1)


def test_the_month_writes_each_state_field_on_one_line():
    """`month.py` assigns each state field on one line only, so that whoever looks for its writer finds one."""
    assert twice_written((source.PACKAGE / "month.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("second", ["s.skill = 2", "s.skill += 1", "s.skill[0] = 1", "s.tenure, s.skill = 1, 2"])
def test_a_second_writer_is_seen(second: str):
    """A second assignment to a state field is found however it is written."""
    assert twice_written(f"s.skill = 1\n{second}\n") == ["skill"]


def test_the_month_writes_only_declared_fields():
    """Every field that the month assigns is declared in the state, with axes, unit and meaning."""
    written = {name for name, _ in source.assignments(source.tree_of(source.PACKAGE / "month.py"), "s")}

    assert written <= {field.name for field in fields(State)}


@every_module
def test_rules_and_levers_change_no_state(path: Path):
    """Rules and levers return what they work out; they never write to the state they are given."""
    ours = path.parent.name in {"rules", "levers"}

    assert not ours or source.assignments(source.tree_of(path), "s") == []


def test_public_names_are_sorted_and_there():
    """The public names are one sorted list, and each can be had."""
    names = simulation.__all__

    assert names == sorted(names)
    assert [name for name in names if getattr(simulation, name, None) is None] == []


def test_an_unknown_public_name_is_refused():
    """A name that the package does not have is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no attribute 'draw_everything'"):
        simulation.draw_everything  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    """`import simulation` loads no numerical or charting library, so that `orgsim --help` starts at once."""
    heavy = "{'numpy', 'scipy', 'pandas', 'matplotlib', 'pydantic', 'mesa'}"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, simulation; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True, text=True, check=True, cwd=source.ROOT,
    ).stdout  # fmt: skip

    assert loaded.strip() == "[]"
