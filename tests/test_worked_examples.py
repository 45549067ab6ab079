"""Pay statements worked by hand: the arithmetic of each is checked by itself before the model is asked.

A statement is a file in `worked_examples/`. `working` holds lines of arithmetic; each number on the left of a line is a
fact of the file, a small whole number (a count of months), or the result of an earlier line, and each figure expected is
the result of a line. Only then is the model's payroll compared.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from simulation.evidence.read import Parameters, parse_rows
from simulation.levers.base import Lever, LeverBoard, words_of
from simulation.levers.commission import Commission
from simulation.rules import goals, pay
from simulation.vocabulary import ORDINARY_PERIOD

FOLDER = Path(__file__).parent / "worked_examples"
EXAMPLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
ROWS = tomllib.loads((Path(__file__).parent.parent / "simulation" / "levers" / "commission.toml").read_text(encoding="utf-8"))
COUNTS = range(13)
"""Whole numbers that may stand in a line without being a fact: months of a year."""

OPERATIONS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: operator.pow,
    ast.USub: operator.neg, "min": min, "max": max,
}  # fmt: skip

every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


# ---------------------------------------------------------------------- arithmetic, checked without the model
def value_of(node, seen):
    """Value of an expression of numbers, + - * / **, min and max; the numbers in it are added to `seen`."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            seen.append(number)
            return number
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -value_of(inner, seen)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](value_of(left, seen), value_of(right, seen))
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=[_, *_] as args, keywords=[]):
            return OPERATIONS[name](value_of(arg, seen) for arg in args)
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")


def same(a, b):
    """Equality but for the last digits of a float."""
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def numbers_in(value):
    """Every number in nested tables and lists."""
    if isinstance(value, dict | list):
        return [n for part in (value.values() if isinstance(value, dict) else value) for n in numbers_in(part)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def faults_of(example):
    """What is wrong with the working of a statement: sentences, none when it holds."""
    known = [*COUNTS, *numbers_in([example["plan"], example["rep"], example["months"]])]
    results, faults = [], []
    for line in example["working"]:
        left, right = line.split(" = ")
        seen = []
        worked, stated = value_of(ast.parse(left, mode="eval").body, seen), value_of(ast.parse(right, mode="eval").body, [])
        if not same(worked, stated):
            faults.append(f"{line}: the left side is {worked}")
        faults += [f"{line}: {n} comes from nowhere" for n in seen if not any(same(n, k) for k in known)]
        known.append(stated)
        results.append(stated)
    wanted = numbers_in(example["expected"])
    return faults + [f"{figure} is expected and not worked out" for figure in wanted if not any(same(figure, r) for r in results)]


@every_example
def test_working_leads_to_what_is_expected(example):
    """Each line of working is true, starts from the facts, and the lines give every figure expected."""
    months = len(example["months"]["sales"])

    assert faults_of(example) == []
    assert math.isclose(sum(example["expected"]["pay"]), example["expected"]["total"], rel_tol=1e-12)
    assert {len(series) for series in (*example["months"].values(), example["expected"]["pay"])} == {months}


@pytest.mark.parametrize(
    ("working", "complaint"),
    [
        (["2 * 3 = 7", "3 + 4 = 7"], "2 * 3 = 7: the left side is 6"),
        (["7 = 7", "50 - 43 = 7"], "50 - 43 = 7: 50 comes from nowhere"),
        (["2 * 3 = 6"], "7 is expected and not worked out"),
    ],
)
def test_false_working_is_found(working, complaint):
    """A wrong line, a number from nowhere and a figure that no line gives are each found."""
    example = {"plan": {}, "rep": {}, "months": {}, "working": working, "expected": {"pay": [7]}}

    assert complaint in faults_of(example)


@pytest.mark.parametrize("line", ["rate * 2", "'a' * 3", "abs(3)", "[1, 2]", "True + 1", "3 % 2", "min()", "(1).real"])
def test_only_arithmetic_is_evaluated(line):
    """Names, words, other functions and other operators are refused in working."""
    with pytest.raises(ValueError, match="not arithmetic"):
        value_of(ast.parse(line, mode="eval").body, [])


# ---------------------------------------------------------------------- the model's payroll for one seat
def payroll(example):
    """Pay and quota by month: one seat walked through the phases of a month that bear on pay, in the model's order."""
    rep, months = example["rep"], example["months"]
    count = len(months["sales"])
    series = lambda name, default: [float(v) for v in months.get(name, [default] * count)]  # noqa: E731
    own = Parameters(parse_rows({"commission": ROWS}, "commission.toml")).commission
    board = LeverBoard([Commission.stack([plan_of(example)])], SimpleNamespace(commission=own, sockets=None))
    p, present, succeeds = people(rep), [*series("present", 1), 1.0], series("successor_next", 0)
    s = seat(rep["market_pay"], rep.get("tenure", 24))
    s.memory = board.start_memory({}, (1, 1, 1))
    log_ratchet, left, paid, quotas = one(0.0), one(0.0), [], []
    for k in range(count):
        s.filled = one(present[k])
        began = (left <= 1.0) | (s.tenure == 0.0)
        s.sold = np.where(began, 0.0, s.sold + s.credited)
        length = ORDINARY_PERIOD + one(board.push(Lever.quota_period, s))
        left = goals.months_left(rep.get("first_month", 0) + k, length)
        s.monthly_quota = goals.monthly_quota(one(rep["quota"]), log_ratchet, board.push(Lever.quota_level, s))
        fresh = goals.period_quota(s.monthly_quota, s.tenure, left, length, board.push(Lever.quota_ramp, s), p)
        s.period_quota = np.where(began, fresh, s.period_quota)
        basis = board.push(Lever.margin_basis, s)
        s.credited = pay.credited(one(series("sales", 0)[k]), series("discount", 0)[k], basis, rep.get("gross_margin", 1.0))
        for name, field in (("renewed", "renewed_value"), ("expanded", "expanded_value"), ("lapsed", "lapse_share")):
            setattr(s, field, one(series(name, 0)[k]))
        s.young_loss = one(series("young_loss", 0)[k])
        paid.append(pay.cash(s.market_pay, s.filled, board.push(Lever.cash_pay, s)).item())
        quotas.append(s.period_quota.item())
        attainment = (s.sold + s.credited) / s.period_quota
        log_ratchet = goals.ratcheted(log_ratchet, attainment, left <= 1.0, board.push(Lever.quota_ratchet, s), p)
        s.quits = one(max(present[k] - present[k + 1], present[k] * succeeds[k]))
        s.memory = board.remember(s)
        s.tenure = (s.tenure + 1.0) * (s.filled - s.quits)
    return paid, quotas


def one(value):
    """A number as one policy, one seed, one seat."""
    return np.full((1, 1, 1), float(np.squeeze(value)))


def seat(market_pay, tenure):
    """A seat before its first month."""
    nothing = dict.fromkeys(("sold", "credited", "period_quota", "dismissals"), one(0))
    return SimpleNamespace(market_pay=one(market_pay), tenure=one(tenure), **nothing)


def people(rep):
    """The parameters that goals read: the ramp halves its gap as the file says, the ratchet moves as it says."""
    gap_kept = rep.get("ramp_gap_kept", 0.5)
    ratchet = {"ratchet_keep": rep.get("ratchet_keep", 1.0), "ratchet_speed": rep.get("ratchet_speed", 1.0)}
    return SimpleNamespace(
        contract=SimpleNamespace(ramp_tau=-1.0 / math.log(gap_kept)),
        learning=SimpleNamespace(start_productivity=rep.get("ramp_start", 1.0)),
        goals=SimpleNamespace(ratchet_low=0.4, ratchet_high=2.5, **ratchet),
    )


def plan_of(example):
    """The plan of a statement as lever settings."""
    tables = {"tiers", "bonus"}
    return Commission(**{k: tuple(map(tuple, v)) if k in tables else v for k, v in example["plan"].items()})


@every_example
def test_the_model_pays_what_the_statement_says(example):
    """The commission lever, month by month with its memory, pays each statement to the cent."""
    paid, quotas = payroll(example)

    assert paid == pytest.approx(example["expected"]["pay"], abs=0.005)
    assert quotas == pytest.approx(example["expected"].get("quota", quotas), abs=0.005)


# ---------------------------------------------------------------------- what the statements cover
def test_statements_cover_the_plan():
    """At least 30 statements; every setting is the subject of two or more that set it, every word and yes/no is used."""
    subjects = [name for example in EXAMPLES.values() for name in example["covers"]]
    short = [name for name in Commission.model_fields if subjects.count(name) < 2]
    unset = [key for key, example in EXAMPLES.items() if not set(example["covers"]) <= set(example["plan"])]
    words = {(n, w) for n, field in Commission.model_fields.items() for w in words_of(field.annotation)}
    used = {(n, v) for example in EXAMPLES.values() for n, v in vars(plan_of(example)).items()}

    assert len(EXAMPLES) >= 30
    assert (short, unset) == ([], [])
    assert words | {("ramp_quota", False), ("recoverable", False), ("recoverable", True)} <= used


def test_each_setting_is_moved_from_neutral():
    """Every setting stands away from its neutral value in two statements or more."""
    plans = [plan_of(example) for example in EXAMPLES.values()]
    moved = {n: sum(getattr(plan, n) != f.default for plan in plans) for n, f in Commission.model_fields.items()}

    assert [name for name, count in moved.items() if count < 2] == []


def test_titles_tell_statements_apart():
    """Each statement has a title of its own, and files are named in plain words."""
    titles = [example["title"] for example in EXAMPLES.values()]

    assert len(set(titles)) == len(titles)
    assert [name for name in EXAMPLES if not re.fullmatch(r"[a-z][a-z_]*", name)] == []
