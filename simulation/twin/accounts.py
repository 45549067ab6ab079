"""A seat's accounts: twelve cohorts by month of renewal, what passes to the house book, who renews (MODEL.md, section 7.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import Any

from simulation.twin.curves import expit


@dataclass(frozen=True)
class Care:
    """How a seat's customers are looked after in a month, by its rep or, where it is vacant, by colleagues."""

    farming: float  # effort on them, against a reference rep's
    quality: float  # of service, 0 to 1
    of_orphans: float  # share of the ordinary danger in which a leaver's accounts are


def colleagues_care(p: Any) -> Care:
    """What colleagues do for the customers of a vacant seat."""
    cover, c = p.market.vacancy_cover, p.customers
    return Care(farming=cover, quality=c.base_service + c.service_slope * (cover - 1.0), of_orphans=c.colleague_care)


@dataclass(frozen=True)
class Help:
    """What levers add for the customers of a seat."""

    handover: float
    renewal: float
    referral: float
    warning: float
    intervention: float
    rescue: float


@dataclass(eq=False)
class Book:
    """Customers of a seat and of its part of the house book; values in usd a year."""

    book_value: float
    book_list: float
    book_customers: float
    house_value: float
    house_list: float
    house_customers: float
    satisfaction: float
    referrals: float
    cohort_value: list[float] = field(default_factory=list)
    cohort_customers: list[float] = field(default_factory=list)
    book_scale: float = 1.0

    # this month
    revenue: float = 0.0
    list_revenue: float = 0.0
    service_cost: float = 0.0
    book_before: float = 0.0
    book_lost: float = 0.0
    value_due: float = 0.0
    renewed_value: float = 0.0
    expanded_value: float = 0.0
    customers_due: float = 0.0
    renewed_customers: float = 0.0
    at_risk: float = 0.0
    warned: float = 0.0
    saved: float = 0.0
    young_loss: float = 0.0
    lapse_share: float = 0.0

    def live_month(self, due: int, care: Care, extra: Help, seat: Any, p: Any) -> None:
        """Customers are served, pass to the house book, renew or lapse, grow, and send others; `due` is the calendar month."""
        self._please(care, p)
        self._earn(seat, p)
        hazard = p.customers.orphan_hazard * care.of_orphans * (1.0 - extra.handover) if seat.orphan_months > 0.0 else 0.0
        kept, passed = self._pass_on(hazard, p)
        self._renew(due, extra, p)
        self.expanded_value = self.renewed_value * p.contract.expansion_rate * sqrt(care.farming)
        self._carry_over(due, kept, passed, seat, p)
        self.referrals = (
            p.customers.referral_rate
            * self.book_customers
            * exp(p.customers.referral_slope * (self.satisfaction - p.customers.base_service) + extra.referral)
            * sqrt(care.farming)
        )

    def _please(self, care: Care, p: Any) -> None:
        """Satisfaction follows the quality of service."""
        quality = min(max(care.quality, 0.0), 1.0)
        self.satisfaction += p.customers.satisfaction_speed * (quality - self.satisfaction)

    def _earn(self, sold: Any, p: Any) -> None:
        """The installed base that earns is that of the month's start."""
        base, base_list = self.book_value + self.house_value, self.book_list + self.house_list
        self.revenue = p.contract.one_off_share * sold.bookings + base / 12.0
        self.list_revenue = p.contract.one_off_share * sold.list_value + base_list / 12.0
        self.service_cost = p.contract.service_cost_share * base / 12.0

    def _pass_on(self, hazard: float, p: Any) -> tuple[float, float]:
        """Shares of the book that stay in the rep's care and that pass to the house book; orphans are partly lost."""
        stays = exp(-hazard)
        kept, passed = exp(-hazard - p.contract.house_rate), stays * (1.0 - exp(-p.contract.house_rate))
        self.young_loss = 1.0 - stays
        self.book_before = self.book_value
        self.book_lost = self.book_value * self.young_loss
        self.book_scale *= kept
        return kept, passed

    def _renew(self, due: int, extra: Help, p: Any) -> None:
        """The cohort due renews or lapses, in expectation; customers at risk may be warned of and treated."""
        self.value_due = self.cohort_value[due] * self.book_scale
        self.customers_due = self.cohort_customers[due] * self.book_scale
        pleased = p.customers.renewal_slope * (self.satisfaction - p.customers.base_service)
        renews = expit(p.contract.renewal_intercept + pleased + extra.renewal - log(p.condition.churn))
        self.at_risk = self.customers_due * (1.0 - renews)
        self.warned = min(self.at_risk, extra.warning)
        self.saved = min(self.warned, extra.intervention) * lift(p.customers, extra.rescue)
        renewed = renews + self.saved / max(self.customers_due, 1e-9)
        self.lapse_share = 1.0 - renewed
        self.renewed_value = self.value_due * renewed
        self.renewed_customers = self.customers_due * renewed

    def _carry_over(self, due: int, kept: float, passed: float, sold: Any, p: Any) -> None:
        """The books at the month's end; a deal won this month joins the cohort of this calendar month."""
        recurring = 1.0 - p.contract.one_off_share
        new, new_list = sold.bookings * recurring, sold.list_value * recurring
        grown = self.renewed_value + self.expanded_value
        list_ratio = self.book_list / max(self.book_value, 1e-9)
        house_kept = p.contract.house_renewal ** (p.condition.churn / 12.0)
        self.house_value = self.house_value * house_kept + self.book_value * passed
        self.house_list = self.house_list * house_kept + self.book_list * passed
        self.house_customers = self.house_customers * house_kept + self.book_customers * passed
        self.book_value = self.book_value * kept - self.value_due + grown + new
        self.book_list = self.book_list * kept + (grown - self.value_due) * list_ratio + new_list
        self.book_customers = self.book_customers * kept - self.customers_due + self.renewed_customers + sold.deals
        self.cohort_value[due] = (grown + new) / self.book_scale
        self.cohort_customers[due] = (self.renewed_customers + sold.deals) / self.book_scale


def lift(customers: Any, choice: float) -> float:
    """Rise of the renewal chance of a customer treated, mean over three points of a Normal in log-odds moved by `choice`."""
    x = customers.at_risk_log_odds + customers.lift_mean + choice
    away = sqrt(3.0) * customers.lift_sd
    return (expit(x - away) + 4.0 * expit(x) + expit(x + away)) / 6.0 - expit(customers.at_risk_log_odds)
