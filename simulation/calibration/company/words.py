"""A company's calibration as tables, sentences and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulation.calibration.company.fit import Fit, Fitted
from simulation.calibration.company.found import Calibrated
from simulation.calibration.company.moments import BAND, Moments
from simulation.calibration.company.world import figure_rows
from simulation.calibration.solve import Ask
from simulation.calibration.words import missed_sentences

if TYPE_CHECKING:
    from simulation.calibration.company.backtest import BackTest
    from simulation.calibration.company.check import Findings

MOST_REASONS = 12
"""Reasons for leaving out that are printed; the file names every row."""
PRIVATE = "Nothing here is about one rep: not for decisions about a person."


def print_calibrated(found: Calibrated, console: Console) -> None:
    """What was read, what it shows, what was fitted, and how the fit did on months it had not seen."""
    company = found.company
    history = company.history
    print_left_out(company.told, console)
    there = f"{company.moments.reps:,} reps, {company.moments.here:,} of them there"
    console.print(f"Extract of {history.as_of}: {there}.", _since(history))
    print_figures(company.moments, found.fit, console)
    print_fitted(found.fit, console)
    print_backtest(found.tested, console)
    for sentence in sentences(found):
        console.print(Text(f"{sentence}."))
    console.print(PRIVATE)


def _since(history: Any) -> str:
    parts = [f"people watched from {history.people_from}"] if history.people is not None else []
    parts += [f"deals from {history.deals_from}"] if history.deals is not None else []
    return f"{', '.join(parts).capitalize()}."


def print_left_out(told: Findings, console: Console) -> None:
    """Rows read, used and left out, and why."""
    rows = list(told.summary())
    for name, count in told.read.items():
        console.print(f"{name}: {count:,} rows read, {count - told.dropped(name):,} used, {told.dropped(name):,} left out.")
    if rows:
        table = Table("table", "left out because", "rows", title=Text("Left out"))
        table.columns[2].justify = "right"
        for name, reason, count in rows[:MOST_REASONS]:
            table.add_row(name, Text(reason), f"{count:,}")
        console.print(table)
    if len(rows) > MOST_REASONS:
        console.print(f"{len(rows) - MOST_REASONS} further reasons stand in the report.")


def print_figures(moments: Moments, fit: Fit, console: Console) -> None:
    """What the tables show, and what the fitted world shows of it."""
    table = Table("figure", "your tables", "95% interval", "fitted world", "cases", title=Text("What your tables show"))
    for place in (1, 2, 3, 4):
        table.columns[place].justify = "right"
    reached = reached_figures(fit, moments)
    for key, m in moments.shown.items():
        low, high = m.interval
        world = brief(reached[key]) if key in reached else ""
        unit = "" if m.figure.unit in ("share", "ratio", "days") else f", {m.figure.unit}"
        table.add_row(f"{m.figure.label}{unit}", brief(m.value), f"{brief(low)} to {brief(high)}", world, f"{m.cases:,}")
    console.print(table)


def reached_figures(fit: Fit, moments: Moments) -> dict[str, float]:
    """Figures of the fitted world, by the names of the tables' figures."""
    found = dict(fit.solution.reached)
    found["turnover"] = found["quits_rate"] + found["dismissals_rate"]
    found["rep_spread"], found["early_sales"] = float(fit.seen.rep_spread[0]), float(fit.seen.early_sales[0])
    found["sales_rep"] = 12.0 * float(fit.seen.sales_rate()[-1])
    gone = fit.seen.quits[0] + fit.seen.dismissals[0]
    for key in (key for key in moments.shown if key.startswith(BAND)):
        low, high = key.removeprefix(BAND).split("_")
        part = slice(int(low), None if high == "on" else int(high))
        found[key] = 12.0 * float(gone[part].sum() / fit.seen.months[0, part].sum())
    return found


def print_fitted(fit: Fit, console: Console) -> None:
    """Parameters fitted, with intervals and what informed them."""
    table = Table("parameter", "value", "95% interval", "informed by", title=Text("Fitted; all else stands as in the pack"))
    for place in (1, 2):
        table.columns[place].justify = "right"
    for (group, name), known in sorted(fit.fitted.items()):
        table.add_row(f"{group}.{name}", *_value(known), known.by)
    console.print(table)


def _value(known: Fitted) -> tuple[str, str]:
    if isinstance(known.value, list):
        return "by tenure", f"knots x{known.low:.2f} to x{known.high:.2f}"
    return brief(known.value), f"{brief(known.low)} to {brief(known.high)}"


def print_backtest(tested: BackTest, console: Console) -> None:
    """The held-out months."""
    if tested.reason:
        console.print(f"Not back-tested: {tested.reason}.")
        return
    title = f"Back-test on the last {tested.months} months ({tested.exits} exits; the model said {tested.expected:.0f})"
    table = Table("score", "model", "base rate", "difference, 95%", "model is", title=Text(title))
    for place in (1, 2, 3):
        table.columns[place].justify = "right"
    for score in tested.scores:
        gap = f"{brief(score.low)} to {brief(score.high)}"
        table.add_row(score.name, brief(score.model), brief(score.base), gap, score.verdict)
    console.print(table)


def brief(value: float) -> str:
    """Three significant digits, and never fewer than the whole ones."""
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.3g}"


def sentences(found: Calibrated) -> list[str]:
    """What was not informed, held at a bound, or not reached."""
    fit, moments, pack = found.fit, found.company.moments, found.pack
    ask = Ask(pack.world.name, fit.parameters, fit.plan, fit.asked, fit.seats)
    absent = [key for key in fit.asked if key not in fit.own]
    said = [*fit.notes, *missed_sentences(fit.solution, ask)]
    if "turnover" in moments and not {"quits_rate", "dismissals_rate"} & set(fit.own):
        said.append("exits have no cause on file that could be counted; turnover is split as in the pack")
        absent = [key for key in absent if key not in ("quits_rate", "dismissals_rate")]
    absent = [key for key in absent if not (key == "ramp_months" and ("contract", "ramp_tau") in fit.fitted)]
    if absent:
        said.append(f"as in the pack, because your tables do not say: {', '.join(absent)}")
    few = [f"{key} ({why})" for key, why in moments.skipped.items() if key in fit.asked and not why.startswith("fewer than 5")]
    if few:
        said.append(f"too few cases: {', '.join(few)}")
    return list(dict.fromkeys(said))


def as_json(found: Calibrated) -> dict[str, Any]:
    """One document with all that is printed."""
    company, fit, tested = found.company, found.fit, found.tested
    return {
        "as_of": str(company.history.as_of),
        "reps": company.moments.reps,
        "rows": {name: {"read": count, "left_out": company.told.dropped(name)} for name, count in company.told.read.items()},
        "left_out": [{"table": table, "because": reason, "rows": rows} for table, reason, rows in company.told.summary()],
        "figures": figure_rows(company.moments),
        "asked": fit.solution.rows(),
        "shown": reached_figures(fit, company.moments),
        "fitted": {
            f"{group}.{name}": {"value": known.value, "low": known.low, "high": known.high, "by": known.by}
            for (group, name), known in fit.fitted.items()
        },
        "backtest": {
            "reason": tested.reason, "months": tested.months, "exits": tested.exits, "expected": tested.expected,
            "scores": [score.__dict__ | {"verdict": score.verdict} for score in tested.scores],
        },
        "warnings": sentences(found),
        "files": [str(file) for file in found.files],
    }  # fmt: skip
