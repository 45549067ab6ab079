"""MODEL.md says what the code does: its tables are the code's, and nothing that enters a month goes without a word."""

from __future__ import annotations

import ast
import re
from dataclasses import fields, replace

import pytest
import source

from simulation.calibration import solve
from simulation.calibration.anchor import PACK_SEATS
from simulation.calibration.company import profile
from simulation.calibration.firm import FEWEST_SEATS
from simulation.calibration.levels import ask_of
from simulation.draws import CANDIDATE_TRAITS, CANDIDATES, NORMAL_FROM, PERSON_TRAITS, WIDTH
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import CONDITIONS, shipped_parameters
from simulation.experiment.batch import equal_cost, parts
from simulation.levers import catalogue
from simulation.levers.base import SOCKETS, Lever
from simulation.records import GROUP_KEYS, LOW_INCOME, RAMP_SHARE, TERM
from simulation.rep_months import LEDGER_SEEDS
from simulation.report import model_tables
from simulation.rules import effort, hiring
from simulation.rules.leaving import LONGEST, QuitTerms
from simulation.scenario import pack_scenario
from simulation.standing import LEAST_MONTHS, LEAVERS, PERIODS
from simulation.start import (
    DISMISSAL_BY_TALENT,
    DISMISSAL_LEVEL,
    FIRST_PLAYBOOK,
    HIRED_SHIFT,
    HIRED_SPREAD,
    LEAST_SHRINKING,
    QUIT_LEVEL,
    WARM_UP,
)  # fmt: skip
from simulation.state import State
from simulation.statistics import assumptions, claims, ranks, screening
from simulation.vocabulary import MONTHLY_STREAMS, MOTIVES_IN_ORDER, SEAT_BLOCK, Outlook, Tasks

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


EQUATIONS = "\n".join(re.findall(r"^```\n(.*?)^```", OWN, re.DOTALL | re.MULTILINE))
PROSE = re.sub(r"^```\n.*?^```", "", OWN, flags=re.DOTALL | re.MULTILINE)
IN_CODE = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", PROSE))))
"""Every word that stands in code font within a sentence or a table."""
DEFINED = set(re.findall(r"(?:^|[,;\s])([A-Za-z]\w*)(?:\[[^\]]*\]|\([^)]*\)|\.\w+)?\s*:?=(?!=)", EQUATIONS, re.MULTILINE))
"""Every name that an equation gives a value."""
SUBSCRIPTS = (*Tasks._fields, "key", "study", "summit", "travel", "cash", *"abijm")
"""What stands behind a name for one task, kind of account, item, motive or member."""
MADE_HERE = {"probit", "PHASE", "STREAM", f"{TERM}TERM", "cash_explore", "play_cash", "play_paid"}
"""Words that the document itself explains, or that stand for a whole row of names."""


def names_of_the_code() -> set[str]:
    """State fields, parameters, settings, sockets, streams, conditions and traits."""
    settings = {name for lever in catalogue().values() for name in lever.model_fields}
    rows = {name for _, name in shipped_parameters().rows}
    fixed = {f.name for f in fields(State)} | {socket.__name__ for socket in SOCKETS} | set(Outlook._fields) | set(vars(Lever))
    return fixed | settings | rows | set(MONTHLY_STREAMS) | set(CONDITIONS) | {*CANDIDATE_TRAITS, *PERSON_TRAITS}


def test_every_symbol_of_an_equation_is_known():
    """A name of several words in an equation is one of the code's, or is given a value or a meaning in the document."""
    stems = DEFINED | IN_CODE | {"mean"} | {name.rpartition("_")[0] for name in DEFINED | IN_CODE}
    known = names_of_the_code() | DEFINED | IN_CODE | MADE_HERE
    words = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", EQUATIONS)) - known
    parts_of = {word: word.rpartition("_") for word in words}

    assert sorted(word for word, (stem, _, own) in parts_of.items() if stem not in stems or own not in SUBSCRIPTS) == []


def test_every_word_in_code_font_is_one():
    """What a sentence or a table sets as code stands in the package, in an equation, or among the figures recorded."""
    folders = (source.PACKAGE, source.ROOT / "benchmarks")
    files = [path for folder in folders for kind in ("*.py", "*.toml") for path in folder.rglob(kind)]
    written = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    worlds = {path.stem for path in (source.ROOT / "scenarios" / "worlds").glob("*.toml")}
    known = written | worlds | set(re.findall(r"\w+", EQUATIONS)) | set(recorded()) | MADE_HERE

    assert sorted(word for word in IN_CODE - known if len(word) > 1 and not word[0].isdigit()) == []


NUMBERS = (
    f"a run has {WARM_UP} unreported months of warm-up",
    f"place `i` of a seed has the uniform number `i mod {SEAT_BLOCK}`",
    f"exp(-((talent - {HIRED_SHIFT:g}) / {HIRED_SPREAD:g})^2 / 2",
    f"expit(labour.quit_intercept + {QUIT_LEVEL:g} + tempted",
    f"expit(labour.dismissal_intercept + {DISMISSAL_LEVEL:g} - {DISMISSAL_BY_TALENT:g} talent",
    f"m = 1 ... {LONGEST}",
    f"Where `shrinks` is below {LEAST_SHRINKING:g}",
    f"playbook       = {FIRST_PLAYBOOK:g},",
    f"max(1 - hours / {effort.HOURS:g}, 0.1)",
    f"x condition.time_to_fill / {hiring.DAYS:g} x",
    "at {} talents `{:g}, {:g}, ..., {:g}`".format(len(hiring.ABILITY_GRID), *hiring.ABILITY_GRID[[0, 1, -1]]),
    f"holds {WIDTH} uniforms",
    {5: "five each for `ability`"}[CANDIDATES],
    f"above a mean of {NORMAL_FROM:g} a Poisson count",
    f"[`ramp` before < {RAMP_SHARE:g} <= `ramp`]",
    f"of at least {LEAST_MONTHS:g}, and its rate",
    f"below {LOW_INCOME:g} x 12 x `market_pay`",
    {9: "for nine of them"}[len(GROUP_KEYS)],
    {16: "at the first sixteen seeds, so that its sales"}[LEDGER_SEEDS],
    f"contribution on the first {parts.PART_SEEDS} seeds",
    f"The search runs on {len(solve.FEW_SEEDS)} seeds first and on {len(solve.SEEDS)} then",
    f"solved in {PACK_SEATS} seats, and shown here on {len(solve.CHECK_SEEDS)} seeds",
    f"at least {FEWEST_SEATS} and at most {solve.SEATS}, and smaller",
    f"agrees within {equal_cost.WITHIN:.1%}".replace(".0%", "%"),
    {16: "on the first sixteen seeds of the scenario"}[equal_cost.SEEDS],
    f"on {screening.SEATS} seats, one seed and {screening.MONTHS} months",
    {10: "The ten with the largest change"}[assumptions.MOST],
    {16: "on its first sixteen seeds, each with"}[assumptions.SEEDS],
    {8: "on the first eight seeds"}[claims.SEEDS],
    f"{ranks.SAMPLES:,} Normal draws",
    "knots at {:g}, {:g}, {:g}, {:g} and {:g} months, each log Normal(0, {:g})".format(*profile.KNOTS, profile.PRIOR),
)
"""Sentences that hold a number of the code, made from it."""


@pytest.mark.parametrize("said", NUMBERS)
def test_numbers_of_the_code_are_those_in_the_text(said: str):
    """A constant that a sentence or an equation quotes is the one that the code has."""
    assert said in OWN


PACKS = {
    "asked": "saas_mid_market", "SaaS enterprise": "saas_enterprise", "MedTech": "medtech", "Retail store": "retail_store",
    "All B2B": "all_b2b", "Pharma": "pharma", "Consumer goods": "fmcg_field", "Retail bank": "retail_bank",
    "Insurance": "insurance_agent", "Auto dealer": "auto_dealer",
}  # fmt: skip
"""Industry packs by what the tables of section 7.16 call them; the first has a table of its own."""


def anchored() -> dict[str, dict[str, tuple[str, str]]]:
    """What the tables of section 7.16 say: by pack and headline number the cells for asked and reached."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for table in re.findall(r"^\| headline \|.*?(?=\n\n)", OWN, re.DOTALL | re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
        packs = [PACKS[cell.partition(":")[0]] for cell in head[1::2]]
        for key, *cells in rows:
            for pack, asked, reached in zip(packs, cells[::2], cells[1::2], strict=True):
                found.setdefault(pack, {})[key.strip("`")] = asked, reached
    return found


def test_what_packs_are_asked_is_what_their_files_ask():
    """The tables of section 7.16 hold every pack, and ask of it what its file does; a dash stands where it asks nothing."""
    told = {
        pack: {key: float(asked) for key, (asked, _) in rows.items() if asked != "–"} for pack, rows in anchored().items()
    }

    assert told == {pack: dict(pack_scenario(pack)[1]) for pack in PACKS.values()}


def rounded(value: float, shown: str) -> str:
    """A number with as many decimals as another one shows, without a zero before the point."""
    return f"{value:.{len(shown.partition('.')[2])}f}".removeprefix("0")


@pytest.mark.slow
@pytest.mark.parametrize("pack", sorted(PACKS.values()))
def test_what_packs_show_is_what_is_written(pack: str):
    """The shipped packs show what the tables of section 7.16 say they reach, to the last digit printed."""
    cells = {key: reached.split(" ± ") for key, (_, reached) in anchored()[pack].items() if reached != "–"}
    ask = replace(ask_of(pack, {}, PACK_SEATS), asked=dict.fromkeys(cells, 1.0))
    seeds = ask.seeds(solve.CHECK_SEEDS)
    found = solve.shown(ask, [ask.start], seeds)
    figures = {key: (found[key][0].mean(), found[key][0].std(ddof=1) / len(seeds) ** 0.5) for key in cells}

    assert {key: [rounded(x, said) for x, said in zip(figures[key], cell, strict=False)] for key, cell in cells.items()} == cells
