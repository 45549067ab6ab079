"""What can be set and what is known, as tables on a screen: `orgsim levers` and `orgsim explain`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from inspect import getdoc, getmodule

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.errors import ScenarioError
from simulation.evidence.measures import MEASURES
from simulation.evidence.read import CONDITIONS, Row, module_names, module_text, shipped_parameters, sources
from simulation.evidence.reasons import TERMS
from simulation.levers import catalogue
from simulation.levers.base import Lever
from simulation.scenario import World, overlay, read_world, shipped_worlds
from simulation.scenario.faults import Faults, suggestion
from simulation.scenario.settings import Setting, as_plain, settings_of

WHOLE = ("parameter", "setting", "number", "status")
"""Columns whose words are never folded."""


def print_levers(console: Console, name: str | None = None) -> None:
    """The settings of one lever, or of all. Raises ScenarioError for a name that is no lever."""
    levers = catalogue()
    if name is not None and name not in levers:
        raise ScenarioError(f'orgsim levers: "{name}" is no lever; {suggestion(name, levers)}')
    for key in levers if name is None else [name]:
        _print_settings(console, levers[key])
        if name is None:
            console.print()
    if name is None:
        console.print(f"More on one of them: orgsim explain {next(iter(levers))}")


def explain(console: Console, name: str) -> None:
    """All that is known under a name.

    A lever, rule, measure, term of the quitting rule, market condition, world, parameter or group of parameters.

    Raises ScenarioError, with the nearest name, when nothing bears it.
    """
    tellers: dict[str, Callable[[Console, str], None]] = {
        **dict.fromkeys(_groups(), _explain_group),
        **dict.fromkeys(MEASURES, _explain_measure),
        **dict.fromkeys(CONDITIONS, _explain_condition),
        **dict.fromkeys(shipped_worlds(), _explain_world),
        **dict.fromkeys(TERMS, _explain_term),
        **dict.fromkeys(module_names("rules"), _explain_rule),
        **dict.fromkeys(catalogue(), _explain_lever),
    }
    name = next((key for key, term in TERMS.items() if term.label == name), name)
    rows = _rows_called(name)
    if name in tellers:
        tellers[name](console, name)
    elif rows:
        for row in rows:
            console.print(f"{row.path}: a parameter", style="bold")
            _print_rows(console, [row])
    else:
        names = [*tellers, *(row.path for row in shipped_parameters().rows.values())]
        raise ScenarioError(f'orgsim explain: "{name}" names nothing in the model; {suggestion(name, names)}')
    if name in MEASURES and tellers[name] is not _explain_measure:
        _explain_measure(console, name)


def _groups() -> list[str]:
    return list(dict.fromkeys(group for group, _ in shipped_parameters().rows))


def _rows_called(name: str) -> list[Row]:
    """The parameters that a full path, a `group.name` or a bare name stands for."""
    rows = shipped_parameters().rows.values()
    return [row for row in rows if name in (row.path, f"{row.group}.{row.name}", row.name)]


def _explain_lever(console: Console, key: str) -> None:
    console.print(f"{key}: a lever", style="bold")
    console.print(f"\n{getdoc(getmodule(catalogue()[key]))}\n")
    _print_settings(console, catalogue()[key])
    _print_group(console, key)


def _explain_rule(console: Console, name: str) -> None:
    console.print(f"{name}: a rule of the model", style="bold")
    console.print(f"\n{module_text('rules', name)}\n")
    _print_group(console, name)


def _explain_group(console: Console, name: str) -> None:
    console.print(f"{name}: a group of parameters", style="bold")
    _print_group(console, name)


def _explain_measure(console: Console, key: str) -> None:
    measure = MEASURES[key]
    better = {"none": "neither side is better"}.get(measure.better, f"{measure.better} is better")
    console.print(f"{key}: a measure, {measure.label} [{measure.unit}], {better}", style="bold")
    console.print(measure.definition)


def _explain_condition(console: Console, name: str) -> None:
    console.print(f"{name}: a market condition", style="bold")
    console.print(f"Multiplies, month by month, {CONDITIONS[name]}; 1 in an ordinary month.")
    console.print(f"A world file sets it: [{name}] multiple = [[0, 1.0], [3, 0.8]], that is 0.8 from month 3 on.")


def _explain_term(console: Console, name: str) -> None:
    console.print(f"{name}: a term of the quitting rule, {TERMS[name].label} [log-odds a month]", style="bold")
    console.print(f"{TERMS[name].definition}\nIts equation and parameters: orgsim explain leaving")


def _explain_world(console: Console, name: str) -> None:
    """What a shipped world says of itself, the numbers it is asked to show, its plan, and the rows it replaces."""
    faults = Faults("orgsim")
    world = read_world(shipped_worlds()[name], f"worlds/{name}.toml", faults)
    known = shipped_parameters()
    parameters = overlay(known, world, faults)
    faults.raise_any()
    console.print(f"{name}: {'an industry pack' if world.asked else 'a market condition'}, {world.title}", style="bold")
    console.print(world.note)
    if world.asked:
        _print_asked(console, world)
    for lever, plan in world.ordinary.items():
        chosen = [key for key in settings_of(type(plan)) if key in plan.model_fields_set]
        told = ", ".join(f"{key} = {as_plain(getattr(plan, key))}" for key in chosen)
        console.print(f"Its ordinary plan, {lever}: {told}")
    rows = [row for key, row in parameters.rows.items() if row != known.rows[key]]
    if rows:
        _print_rows(console, rows, full=True)
    for condition, steps in parameters.conditions.items():
        console.print(f"{condition}: {', '.join(f'{multiple:g} from month {month:g}' for month, multiple in steps)}")


def _print_asked(console: Console, world: World) -> None:
    table = _table("Headline numbers asked for", ("number", "value", "unit", "status"))
    for key, asked in world.asked.items():
        table.add_row(key, f"{asked.value:,g}", asked.unit, asked.status)
    _print_bare(console, table)
    _print_notes(console, {key: (asked.note, asked.source) for key, asked in world.asked.items()})


def _print_settings(console: Console, lever: type[Lever]) -> None:
    does = inspect.cleandoc(lever.__doc__ or lever.title).splitlines()[0]
    _print_bare(console, Text(f"{lever.key} ({lever.family}): {does}", style="bold"))
    table = _table(None, ("setting", "unit", "neutral", "typical", "bounds"))
    settings = settings_of(lever).values()
    for setting in settings:
        table.add_row(setting.name, setting.unit, _value(setting.neutral), _value(setting.typical), setting.bounds)
    _print_bare(console, table)
    _print_notes(console, {setting.name: (_meaning(setting), ()) for setting in settings})


def _meaning(setting: Setting) -> str:
    return setting.doc if setting.source == "assumed" else f"{setting.doc} Typical: {setting.source}."


def _print_group(console: Console, group: str) -> None:
    """The parameters of a group, and the sources they cite."""
    rows = [row for (home, _), row in shipped_parameters().rows.items() if home == group]
    if rows:
        _print_rows(console, rows)


def _print_rows(console: Console, rows: Iterable[Row], *, full: bool = False) -> None:
    """A table of rows, their notes and sources; under their `full` names when they come from several groups."""
    rows = list(rows)
    table = _table("Parameters", ("parameter", "value", "unit", "range", "status"))
    notes = {}
    for row in rows:
        name = f"{row.group}.{row.name}" if full else row.name
        table.add_row(name, _value(row.value), row.unit, f"[{row.low:g}, {row.high:g}]", row.status)
        fitted = f" 90% interval {row.interval[0]:g} to {row.interval[1]:g}." if row.interval else ""
        notes[name] = f"{row.note}{fitted}", row.source
    _print_bare(console, table)
    _print_notes(console, notes)
    cited = dict.fromkeys(key for row in rows for key in row.source)
    for key in cited:
        console.print(f"[{key}] {sources().get(key, 'not in sources.bib')}")


def _print_notes(console: Console, notes: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    """Under a table, whose columns would be narrow with them: what each row means, and the keys of its sources."""
    for name, (note, cited) in notes.items():
        if note or cited:
            keys = f"[{', '.join(cited)}]" if cited else ""
            _print_bare(console, f"{name}: {' '.join(filter(None, (note, keys)))}")


def _table(title: str | None, columns: Sequence[str]) -> Table:
    """A table; names and words of one kind stay whole, units and values fold where there is no room."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column in WHOLE, overflow="fold")
    return table


def _print_bare(console: Console, content: Table | Text | str) -> None:
    """Print; into a file or a pipe without blanks at the ends of lines."""
    if console.is_terminal:
        console.print(content)
        return
    with console.capture() as captured:
        console.print(content)
    for line in captured.get().splitlines():
        console.out(line.rstrip(), highlight=False)


def _value(value: object) -> str:
    """A neutral, typical or parameter value; a dash where there is none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "-" if value in (None, ()) else str(as_plain(value))
