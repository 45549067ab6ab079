"""What an offer is worth, who accepts it, and who is hired (MODEL.md, section 7.11)."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

from simulation.levers.base import Lever
from simulation.twin.curves import clip, expit
from simulation.twin.luck import normal
from simulation.twin.people import Person, person, risk_aversion
from simulation.twin.pushes import column
from simulation.vocabulary import Outlook

TALENTS = tuple(-4.0 + 0.5 * k for k in range(17))


@dataclass(frozen=True)
class Offer:
    """What the policy in force promises a candidate, by talent."""

    log_pay: list[float]  # against market pay
    risk: list[float]  # standard deviation of pay over pay
    attainment: list[float]

    @staticmethod
    def at(talent: float, values: list[float]) -> float:
        """A value between the talents of the grid."""
        place = clip((talent + 4.0) / 0.5, 0.0, 15.999999)
        below = int(place)
        return values[below] + (place - below) * (values[below + 1] - values[below])


@dataclass(frozen=True)
class Hired:
    """Somebody who has accepted, and what comes with it."""

    person: Person
    attainment: float  # that the rep expects of itself
    usual_gap: float


def offer_of(model: Any) -> Offer:
    """The offer, as the reps who stay make one expect it."""
    p, seats = model.p, model.seats
    reps = [seat.rep for seat in seats if seat.filled]
    sigma = p.people.ability_sigma
    usual = sum(rep.fresh_mean for rep in reps) / max(sum(exp(sigma * rep.talent) for rep in reps), 1e-9)
    attainment = [usual * exp(sigma * talent) for talent in TALENTS]
    spread = [max(p.goals.spread_floor, p.goals.sales_cv * x / sqrt(model.period_months)) for x in attainment]
    market_pay = sum(seat.market_pay for seat in seats) / len(seats)
    outlook = Outlook(
        attainment=column(attainment),
        spread=column(spread),
        quota=max(sum(rep.seat.next_quota for rep in reps) / max(len(reps), 1), 1.0),
        market_pay=market_pay,
        book=sum(seat.book.book_value for seat in seats) / len(seats),
        in_place=False,
    )
    extra, risk = (
        model.pushes.each(socket, outlook, places=len(TALENTS)) for socket in (Lever.expected_pay, Lever.pay_risk)
    )
    pay = [max(market_pay + more, 0.05 * market_pay) for more in extra]
    return Offer(
        log_pay=[log(x / market_pay) for x in pay], risk=[r / x for r, x in zip(risk, pay, strict=True)], attainment=attainment
    )


def hold_round(model: Any, seat: Any, offer: Offer) -> Hired | None:
    """Five candidates meet the offer; the best by a noisy signal among those who accept is hired."""
    p, round_ = model.p, seat.rounds
    sigma, hiring = p.people.ability_sigma, p.hiring
    appeal = model.pushes.of(Lever.appeal, seat.number)
    best: tuple[float, float, float, float] | None = None
    for u in model.luck.candidates(round_, seat.number):
        talent, averse = float(normal(u["ability"])), risk_aversion(float(normal(u["risk_aversion"])), p.people)
        outside = p.labour.offer_ability_slope * sigma * talent + log(p.condition.outside_pay)
        accepts = u["acceptance"] < expit(
            hiring.acceptance_base
            + hiring.acceptance_slope * (offer.at(talent, offer.log_pay) - outside)
            - hiring.acceptance_risk * offer.at(talent, offer.risk) * averse
            + appeal
        )
        signal = sigma * talent + hiring.signal_noise * float(normal(u["signal"]))
        if accepts and (best is None or signal > best[0]):
            best = (signal, talent, averse, outside)
    seat.rounds += 1
    if best is None:
        return None
    _, talent, averse, outside = best
    u = model.luck.person(round_, seat.number)
    return Hired(
        person(u, talent, averse, float(normal(u["frailty"])), p.people),
        attainment=offer.at(talent, offer.attainment),
        usual_gap=offer.at(talent, offer.log_pay) - outside,
    )
