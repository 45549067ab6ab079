"""What every lever must obey. A new lever file is tested here without being named."""

from __future__ import annotations

import copy
import inspect
import math
from dataclasses import fields
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.engine import Course, run_block, warm_up
from simulation.evidence.read import Parameters, shipped_parameters, sources
from simulation.levers import catalogue
from simulation.levers.base import SHARES, SOCKETS, TABLE_ROWS, Lever, LeverBoard, extra_of, words_of
from simulation.state import Grouping, State
from simulation.vocabulary import Outlook

every_lever = pytest.mark.parametrize("lever", catalogue().values(), ids=catalogue())
every_setting = pytest.mark.parametrize(
    ("lever", "name"), [(lever, name) for lever in catalogue().values() for name in lever.model_fields]
)
thorough = settings(max_examples=40, deadline=None)
SHAPE = (4, 2, 30)
SAME = 3
"""Months a lever is left to remember before its pushes are looked at."""


MONEY = ("programme_cost", "cash_pay", "deferred_pay", "deferred_cost")
"""Sockets through which a lever costs the firm money."""


# ------------------------------------------------------------------ helpers
def outlook_of(s: State) -> Outlook:
    """What the rep of each seat expects of a fresh quota period."""
    return Outlook(s.fresh_mean, s.fresh_spread, s.monthly_quota, s.market_pay, s.book_value)


def pushes(lever: Lever, s: State, p: Any) -> dict[str, Any]:
    """Everything the lever pushes, by socket, and by task or motive where a socket has several; broadcast over seats."""
    view = outlook_of(s)
    found = {}
    for socket in SOCKETS:
        name = socket.__name__
        seen = [view] if "view" in inspect.signature(socket).parameters else []
        push = getattr(lever, name)(s, p, *seen)
        parts = push._asdict() if hasattr(push, "_asdict") else {"": push}
        for part, value in parts.items():
            axis = s.region.starts.size if name == "lead_weight" else s.filled.shape[-1]
            found[f"{name}.{part}".rstrip(".")] = np.broadcast_to(value, (*s.filled.shape[:2], axis))
    return found


def living(lever: Lever, s: State, p: Any, months: int = SAME) -> State:
    """The organisation after the lever alone has remembered for some months from a fresh start."""
    own = copy.copy(s)
    own.memory = {lever.key: lever.start_memory(s.filled.shape, p)}
    for _ in range(months):
        own.memory = {lever.key: lever.remember(own, p)}
    return own


def alone(s: State, policy: int) -> State:
    """The organisation under one of its policies, as if it had been run by itself."""

    def part(value: Any) -> Any:
        if isinstance(value, Grouping):
            return value
        if isinstance(value, tuple):
            return type(value)(*map(part, value))
        if isinstance(value, dict):
            return {key: part(held) for key, held in value.items()}
        if np.ndim(value) < 3 or np.shape(value)[-3] == 1:
            return value
        return np.ascontiguousarray(np.take(value, [policy], axis=value.ndim - 3))

    return State(**{field.name: part(getattr(s, field.name)) for field in fields(State)})


def setting_values(lever: type[Lever], name: str) -> st.SearchStrategy[Any]:
    """Values of a setting over its whole range; neutral, typical and both ends of it come often."""
    field = lever.model_fields[name]
    extra = extra_of(field)
    low, high = extra["ge"], extra["le"]
    known = st.sampled_from([field.default, extra["typical"], *([low, high] if isinstance(field.default, float | None) else [])])
    if words_of(field.annotation):
        return st.sampled_from(words_of(field.annotation))
    if isinstance(field.default, bool):
        return st.booleans()
    if isinstance(field.default, tuple):
        cell = st.floats(low, min(high, 5.0))
        rows = st.lists(st.tuples(cell, st.floats(low, high)), max_size=TABLE_ROWS, unique_by=lambda row: row[0])
        return known | rows.map(lambda table: tuple(sorted(table)))
    if field.annotation is int or int in get_args(field.annotation):
        return known | st.integers(math.ceil(low), math.floor(high))
    return known | st.floats(low, high)


@st.composite
def levers(draw: st.DrawFn, lever: type[Lever]) -> Lever:
    """The lever with any settings that it accepts."""
    chosen = {name: draw(setting_values(lever, name)) for name in lever.model_fields}
    try:
        return lever(**chosen)
    except ValidationError:
        return lever.typical()


# ------------------------------------------------------------------ what a lever declares
@every_lever
def test_a_lever_is_named_after_its_file(lever: type[Lever]):
    """Key, module, parameter file and group of parameters carry one name; class, family and title say what it is."""
    module = lever.__module__.rpartition(".")[2]

    assert module == lever.key
    assert getattr(shipped_parameters(), lever.key) is not None
    assert all([lever.family, lever.title, (lever.__doc__ or "").strip().endswith(".")])


@every_lever
def test_a_lever_pushes_on_known_sockets_only(lever: type[Lever]):
    """Every public method of a lever is a socket or part of the base class: a mistyped socket would never be read."""
    methods = {name for name, member in vars(lever).items() if inspect.isfunction(member) and not name.startswith("_")}

    assert methods <= set(dir(Lever))


@every_setting
def test_settings_say_what_they_are(lever: type[Lever], name: str):
    """Each setting has a unit, a sentence that ends in a full stop, and a source that exists unless it is assumed."""
    field = lever.model_fields[name]
    extra = extra_of(field)

    assert extra["unit"]
    assert (field.description or "").endswith(".")
    assert extra["source"] == "assumed" or extra["source"] in sources()


@every_setting
def test_settings_are_bounded(lever: type[Lever], name: str):
    """Each number has finite bounds with neutral and typical inside; each word's neutral and typical are among its words."""
    field = lever.model_fields[name]
    extra = extra_of(field)
    values = [field.default, extra["typical"]]
    words = words_of(field.annotation)
    numbers = [v for value in values for v in (np.ravel(value) if isinstance(value, tuple) else [value]) if v is not None]

    if words:
        assert set(values) <= set(words)
    elif isinstance(field.default, bool):
        assert all(isinstance(value, bool) for value in values)
    else:
        assert np.all(np.isfinite([extra["ge"], extra["le"]]))
        assert all(extra["ge"] <= number <= extra["le"] for number in numbers)


@every_lever
def test_untouched_lever_is_neutral(lever: type[Lever]):
    """A lever without settings is neutral, and at its typical settings it is not."""
    assert lever().is_neutral()
    assert not lever.typical().is_neutral()


# ------------------------------------------------------------------ what a lever does
@every_lever
def test_neutral_does_nothing(lever: type[Lever], busy_state: State, parameters: Parameters):
    """At neutral settings every push of a lever is exactly zero, whatever the organisation is doing."""
    own = getattr(parameters, lever.key)
    neutral = lever.stack([lever()] * SHAPE[0])
    found = pushes(neutral, living(neutral, busy_state, own), own)

    assert {name for name, push in found.items() if np.any(push != 0.0)} == set()


@every_lever
def test_typical_does_something(lever: type[Lever], busy_state: State, parameters: Parameters):
    """At its typical settings a lever pushes on at least one socket."""
    own = getattr(parameters, lever.key)
    typical = lever.stack([lever.typical()] * SHAPE[0])
    found = pushes(typical, living(typical, busy_state, own), own)

    assert {name for name, push in found.items() if np.any(push != 0.0)} != set()


@every_lever
@thorough
@given(data=st.data())
def test_policies_do_not_leak(lever: type[Lever], busy_state: State, parameters: Parameters, data: st.DataObject):
    """Policies side by side give each, to the last bit, what it gets alone; a neutral one among them gets nothing."""
    own = getattr(parameters, lever.key)
    mixed = [lever(), lever.typical(), data.draw(levers(lever)), data.draw(levers(lever))]
    stacked = lever.stack(mixed)
    together = pushes(stacked, living(stacked, busy_state, own), own)
    leaks = []
    for policy, single in enumerate(mixed):
        one = lever.stack([single])
        apart = pushes(one, living(one, alone(busy_state, policy), own), own)
        leaks += [(policy, name) for name in apart if not np.array_equal(apart[name][0], together[name][policy])]

    assert leaks == []


@every_lever
@thorough
@given(data=st.data())
def test_pushes_are_finite_over_the_whole_range(
    lever: type[Lever], busy_state: State, parameters: Parameters, data: st.DataObject
):
    """With any settings it accepts, a lever pushes and remembers finite numbers, and shares of a whole stay within it."""
    own = getattr(parameters, lever.key)
    stacked = lever.stack([data.draw(levers(lever)) for _ in range(SHAPE[0])])
    s = living(stacked, busy_state, own)
    found = pushes(stacked, s, own)
    shares = {socket.__name__ for socket in SHARES}

    assert [name for name, push in found.items() if not np.all(np.isfinite(push))] == []
    assert [name for name, kept in s.memory[lever.key].items() if not np.all(np.isfinite(kept))] == []
    assert np.all(found["programme_cost"] >= 0.0)
    assert [name for name in shares if np.any(found[name] < 0.0) or np.any(found[name] > 1.0)] == []


@every_lever
def test_typical_costs_money(lever: type[Lever], busy_state: State, parameters: Parameters, two_years: dict[str, dict[str, Any]]):
    """There is no free lunch: at its typical settings a lever pushes on a socket of money, and over two years money is spent."""
    own = getattr(parameters, lever.key)
    typical = lever.stack([lever.typical()] * SHAPE[0])
    found = pushes(typical, living(typical, busy_state, own), own)
    spent = ("cash_pay", "equity_cost", "programme_cost")
    moved = [name for name in spent if not np.array_equal(two_years[lever.key][name], two_years[""][name])]

    assert [name for name in MONEY if np.any(found[name] != 0.0)] != []
    assert moved != []


@every_lever
def test_a_neutral_lever_remembers_nothing(lever: type[Lever], busy_state: State, parameters: Parameters):
    """At neutral settings memory stays as it starts: whether a lever that is off is asked depends on its policy's company."""
    own = getattr(parameters, lever.key)
    neutral = lever.stack([lever()] * SHAPE[0])
    start, later = neutral.start_memory(SHAPE, own), living(neutral, busy_state, own).memory[lever.key]

    assert [name for name, kept in later.items() if not np.array_equal(kept, start[name])] == []


@every_lever
def test_a_memory_is_its_own(lever: type[Lever], busy_state: State, parameters: Parameters):
    """What belongs to the post is part of the lever's memory, and remembering changes the memory of no other lever."""
    own = getattr(parameters, lever.key)
    typical = lever.stack([lever.typical()] * SHAPE[0])
    s = copy.copy(busy_state)
    s.memory = copy.deepcopy(busy_state.memory)
    typical.remember(living(typical, s, own), own)
    changed = [
        key for key, kept in s.memory.items()
        for name, value in kept.items() if not np.array_equal(value, busy_state.memory[key][name])
    ]  # fmt: skip

    assert set(lever.post_memory) <= set(typical.start_memory(SHAPE, own))
    assert changed == []


@every_lever
def test_memory_keeps_its_shape(lever: type[Lever], busy_state: State, parameters: Parameters):
    """What a lever remembers keeps its names and shapes from month to month."""
    own = getattr(parameters, lever.key)
    typical = lever.stack([lever.typical()] * SHAPE[0])
    first = typical.start_memory(SHAPE, own)
    later = living(typical, busy_state, own).memory[lever.key]

    assert {name: kept.shape for name, kept in later.items()} == {name: kept.shape for name, kept in first.items()}


@every_lever
def test_a_lever_changes_nothing_it_is_given(lever: type[Lever], busy_state: State, parameters: Parameters):
    """Asking a lever for its pushes leaves the organisation as it was."""
    own = getattr(parameters, lever.key)
    typical = lever.stack([lever.typical()] * SHAPE[0])
    s = living(typical, busy_state, own)
    before = copy.deepcopy(s)
    pushes(typical, s, own)
    typical.remember(s, own)
    changed = [
        field.name
        for field in fields(State)
        if isinstance(getattr(s, field.name), np.ndarray)
        if not np.array_equal(getattr(s, field.name), getattr(before, field.name), equal_nan=True)
    ]

    assert changed == []


@pytest.fixture(scope="module")
def two_years(parameters: Parameters) -> dict[str, dict[str, Any]]:
    """What two years bring under an ordinary commission plan alone, and with each lever added: sums by lever and key."""
    neutral = {key: lever() for key, lever in catalogue().items()}
    ordinary = neutral | {"commission": catalogue()["commission"].typical()}
    courses = {key: Course(ordinary | {key: lever.typical()}) for key, lever in catalogue().items() if key != "commission"}
    courses |= {"commission": Course(neutral), "": Course(ordinary)}
    state = warm_up(ordinary, list(catalogue()), parameters, (7,), 30).for_policies(len(courses))
    block = run_block(state, list(courses.values()), ordinary, list(catalogue()), parameters, seeds=(7,), months=24)
    return {key: {name: sums[row] for name, sums in block.sums.items()} for row, key in enumerate(courses)}


@every_lever
def test_typical_moves_the_firm(lever: type[Lever], two_years: dict[str, dict[str, Any]]):
    """Within two years a lever at its typical settings moves departures, revenue or cost."""
    shown = ("quits", "dismissals", "revenue", "cash_pay", "equity_cost", "programme_cost")
    moved = [name for name in shown if not np.array_equal(two_years[lever.key][name], two_years[""][name])]

    assert moved != []


# ------------------------------------------------------------------ the board
def test_the_catalogue_is_alphabetical():
    """The order of the catalogue, which is the order of addition, is that of the alphabet and of nothing else."""
    assert list(catalogue()) == sorted(catalogue())


def test_the_order_in_a_file_cannot_matter(parameters: Parameters):
    """A policy whose levers stand the other way round gives the same figures to the last bit."""
    typical = {key: lever.typical() for key, lever in catalogue().items()}
    policies = [typical, dict(reversed(list(typical.items())))]
    sums = []
    for levers_ in policies:
        state = warm_up(levers_, list(catalogue()), parameters, (3,), 14).for_policies(1)
        sums.append(run_block(state, [Course(levers_)], levers_, list(catalogue()), parameters, seeds=(3,), months=3).sums)

    assert [name for name in sums[0] if not np.array_equal(sums[0][name], sums[1][name], equal_nan=True)] == []


def test_a_board_without_levers_pushes_nothing(busy_state: State, parameters: Parameters):
    """With no lever in force every socket gives exactly zero."""
    view = outlook_of(busy_state)
    board = LeverBoard((), parameters)
    totals = [
        np.max(np.abs(np.stack([np.broadcast_to(part, SHAPE) for part in np.atleast_1d(np.array(total, dtype=float))])))
        for socket in SOCKETS
        for seen in [[view] if "view" in inspect.signature(socket).parameters else []]
        for total in [board.push(socket, busy_state, *seen)]
    ]

    assert totals == [0.0] * len(SOCKETS)
