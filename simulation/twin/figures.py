"""The month's figures: what is recorded of an organisation, under the names of `Records.sums` (MODEL.md, section 7.15)."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, inf, log, nan
from typing import Any

from simulation.evidence.reasons import TERMS
from simulation.levers.base import Lever
from simulation.vocabulary import ATTAINMENT_EDGES, STANDINGS


def figures_of(model: Any) -> dict[str, float]:
    """Every figure of the month, by name."""
    return {
        **_people(model),
        **_standing(model),
        **_reasons(model),
        **_selling(model),
        **_customers(model),
        **_money(model),
        **_exploring(model),
        **_yearly(model),
    }


def _total(values: Iterable[float]) -> float:
    return float(sum(values))


def _people(model: Any) -> dict[str, float]:
    reps, ended = model.reps, 1.0 if model.period_ends else 0.0
    ramped = [rep for rep in reps if rep.ramped]
    past_ramp = [rep for rep in reps if rep.ramp_before < 0.9 <= rep.ramp]
    return {
        "seats": float(len(model.seats)),
        "filled": float(len(reps)),
        "ramped": float(len(ramped)),
        "quits": _total(rep.quits for rep in reps),
        "dismissals": _total(rep.dismissals for rep in reps),
        "regretted_quits": _total(rep.quits for rep in _by_standing(reps)["top"]),
        "hires": _total(seat.newcomer for seat in model.seats),
        "period_reps": ended * len(ramped),
        "period_attainment": ended * _total(rep.attainment for rep in ramped),
        "period_at_quota": ended * sum(rep.attainment >= 1.0 for rep in ramped),
        "ramp_count": float(len(past_ramp)),
        "ramp_log_months": _total(_log_months_of_ramp(rep) for rep in past_ramp),
        "cash_pull": _total(rep.cash_hunt for rep in reps),
        "fit_total": _total(rep.fit for rep in reps),
        "fit_squares": _total(rep.fit**2 for rep in reps),
    }


def _reasons(model: Any) -> dict[str, float]:
    """The terms of the quitting rule, summed over the reps there at the month's start."""
    return {f"quit_{name}": _total(rep.reasons[name] for rep in model.reps) for name in TERMS}


def _log_months_of_ramp(rep: Any) -> float:
    """Log of the tenure at which the rep reached 90% of its full productivity."""
    part = (0.9 - rep.ramp_before) / max(rep.ramp - rep.ramp_before, 1e-12)
    return log(max(rep.tenure_now + part, 0.5))


def _standing(model: Any) -> dict[str, float]:
    """Completed quota periods by attainment; who is there and who leaves by quarter of sales."""
    completed = [rep.attainment for rep in model.reps if rep.ramped and model.period_ends]
    edges = (-inf, *ATTAINMENT_EDGES, inf)
    found = {f"periods_{k}": float(sum(edges[k] <= x < edges[k + 1] for x in completed)) for k in range(len(edges) - 1)}
    for place, reps in _by_standing(model.reps).items():
        found[f"reps_{place}"] = float(len(reps))
        found[f"quits_{place}"] = _total(rep.quits for rep in reps)
        found[f"dismissals_{place}"] = _total(rep.dismissals for rep in reps)
    return found


def _by_standing(reps: list[Any]) -> dict[str, list[Any]]:
    """Reps by quarter of credited sales over potential, as a manager can see them; equals stand with the better of them."""
    rates = {}
    for rep in reps:
        months = min(rep.tenure_now + 1.0, 12.0)
        if rep.ramped and months >= 3.0:
            rates[rep] = sum(rep.year_sales) / months / rep.seat.territory
    ordered = sorted(rates.values(), reverse=True)
    bars = [ordered[max(ceil(part * len(ordered) / 4), 1) - 1] if ordered else inf for part in (1, 2, 3)]
    found: dict[str, list[Any]] = {place: [] for place in STANDINGS}
    for rep in reps:
        found[STANDINGS[1 + sum(rates[rep] >= bar for bar in bars)] if rep in rates else "unranked"].append(rep)
    return found


def _selling(model: Any) -> dict[str, float]:
    seats, market = model.seats, model.p.market
    pipelines = [(seat, pipeline) for seat in seats for pipeline in (seat.pipeline, seat.key_pipeline)]
    bookings = _total(seat.bookings for seat in seats)
    listed = _total(seat.list_value for seat in seats)
    return {
        "bookings": bookings,
        "bookings_list": listed,
        "discount_value": listed - bookings,
        "last_month_bookings": bookings if model.period_ends else 0.0,
        "deals": _total(seat.deals for seat in seats),
        "key_deals": _total(seat.key_deals for seat in seats),
        "closings": _total(pipeline.reached * seat.worked for seat, pipeline in pipelines),
        "stale": _total(pipeline.gone_quiet + pipeline.reached * (1.0 - seat.worked) for seat, pipeline in pipelines),
        "pipeline": _total(pipeline.mean_stock for _, pipeline in pipelines),
        "moved_value": _total(seat.moved_value for seat in seats),
        "leads": _total(seat.leads for seat in seats),
        "handover_effort": _total(
            seat.deals * market.complexity * (1.0 - model.pushes.of(Lever.coordination, seat.number)) for seat in seats
        ),
    }


def _customers(model: Any) -> dict[str, float]:
    books = [seat.book for seat in model.seats]
    same = (
        "referrals", "renewed_value", "expanded_value", "renewed_customers", "book_lost", "house_customers",
        "at_risk", "warned", "saved",
    )  # fmt: skip
    return {name: _total(getattr(book, name) for book in books) for name in same} | {
        "recurring_value": _total(book.book_value + book.house_value for book in books),
        "recurring_list": _total(book.book_list + book.house_list for book in books),
        "due_value": _total(book.value_due for book in books),
        "due_customers": _total(book.customers_due for book in books),
        "book_value": _total(book.book_before for book in books),
        "satisfaction_customers": _total(book.satisfaction * book.book_customers for book in books),
        "customers": _total(book.book_customers for book in books),
        "addressable": model.p.market.addressable * len(books),
    }


def _money(model: Any) -> dict[str, float]:
    seats, reps, p = model.seats, model.reps, model.p
    hires = _total(seat.newcomer for seat in seats)
    present = [(seat, 1.0 if seat.worked == 1.0 else 0.0) for seat in seats]
    margin, cover = p.contract.gross_margin, p.market.vacancy_cover
    per_lead = _total(rep.expected_sales for rep in reps) / max(_total(seat.leads for seat in seats), 1e-9)
    list_revenue = _total(seat.book.list_revenue for seat in seats)
    lost = _total((seat.arising - seat.leads) * (1.0 - here) for seat, here in present)
    gained = _total(seat.marketed * (here + cover * (1.0 - here)) for seat, here in present)
    return {
        "oneoff_revenue": p.contract.one_off_share * _total(seat.bookings for seat in seats),
        "revenue": _total(seat.book.revenue for seat in seats),
        "list_revenue": list_revenue,
        "cogs": (1.0 - margin) * list_revenue,
        "cash_pay": _total(rep.cash_pay for rep in reps),
        "equity_cost": model.equity_cost,
        "programme_cost": model.programme_cost,
        "service_cost": _total(seat.book.service_cost for seat in seats),
        "hiring_cost": hires * p.labour.hiring_cost,
        "training_cost": hires * p.labour.training_cost,
        "marketing_cost": p.market.marketing_spend * len(seats),
        "lost_vacancy": lost * (1.0 - cover) * per_lead * margin,
        "lost_ramp": _total(rep.expected_sales * (1.0 - rep.ramp_before) for rep in reps) * margin,
        "lost_accounts": _total(seat.book.book_lost for seat in seats) * margin,
        "marketing_gain": gained * per_lead * margin,
    }


def _exploring(model: Any) -> dict[str, float]:
    reps = model.reps
    return {
        "proposals": _total(rep.proposals for rep in reps),
        "successes": _total(rep.successes for rep in reps),
        "failures": _total(rep.failures for rep in reps),
        "sharers": _total(rep.sharing for rep in reps),
    }


def _yearly(model: Any) -> dict[str, float]:
    """Figures of each December, absent (nan) in every other month."""
    names = ("tenure_median", "top_fifth_share", "pay_p10", "pay_p90", "low_income_share")
    if model.calendar_month != 11:
        return dict.fromkeys(names, nan)
    reps = model.reps
    sales = sorted((sum(rep.year_sales) for rep in reps), reverse=True)
    whole_year = [rep for rep in reps if rep.tenure_now >= 11.0]
    pays = [rep.year_pay for rep in whole_year]
    poor = sum(rep.year_pay < 0.8 * 12.0 * rep.seat.market_pay for rep in whole_year)
    return {
        "tenure_median": _place([rep.tenure_now for rep in reps], 0.5),
        "top_fifth_share": sum(sales[: ceil(len(sales) / 5)]) / sum(sales) if sum(sales) > 0.0 else 0.0,
        "pay_p10": _place(pays, 0.1),
        "pay_p90": _place(pays, 0.9),
        "low_income_share": poor / len(pays) if pays else nan,
    }


def _place(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed, counted up to a whole place; absent where there is none."""
    return sorted(values)[max(ceil(share * len(values)), 1) - 1] if values else nan
