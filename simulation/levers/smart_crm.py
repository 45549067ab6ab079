"""Smart CRM: advice while the rep talks, warnings of customers who may leave, and the time and money to act on them.

    in use       = advice / best use x (2 - advice / best use)          1 at the best use, less beyond it
    heard        = generic + (1 - generic) x (1 - exp(-recorded / record scale))    how far advice fits this firm's customers
    win          = in use x heard x (gain + gradient x tanh(talent) + middle x exp(-talent^2 / 2))
    learning     = in use x heard x novice gain x (1 - ramp)
    at risk      = customers / 12 x share of them that lapsed last month
    warned       = warned share x at risk                                customers a month
    right        = exp(-false alarms x warned share)                     share of flags that are right
    contacts     = min(warned / right, capacity),   treated = capacity x right
    picked       = contacts / flags: the smaller, the better the choice can be
    rescue       = risk: harm;   lift: accuracy x spread of lifts x mean of the best `picked` of a standard Normal
    hours        = load x advice + hours a contact x contacts
    autonomy     = - watched x recorded
    cost         = licence + cost of a contact x contacts

Whom advice helps most is contested: the weak (brynjolfsson2025), the able (jia2024) or the middle (luo2021), so the gradient
straddles zero. Use has an optimum (ahearne2004): logging and reading take the hours that selling needs.
How it goes wrong: outreach to those at highest risk can drive customers out (ascarza2016), for risk is not lift (ascarza2018);
a wide net of warnings is full of false alarms; who treats everybody cannot choose; and who is recorded feels watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from scipy.special import ndtri

from simulation.levers.base import Lever, setting
from simulation.vocabulary import Motives, Push

if TYPE_CHECKING:
    from simulation.state import State

DUE_A_YEAR = 12.0
"""Months over which the contracts of a book come due."""
NEAREST = 1e-3
"""Least share of flagged customers that counts as a choice: below it the best of them are no better."""


class SmartCrm(Lever):
    """Software that advises reps in the call and warns of customers about to leave, and those who then call them."""

    key: ClassVar[str] = "smart_crm"
    family: ClassVar[str] = "digital"
    title: ClassVar[str] = "Smart CRM"

    advice: float = setting(0.0, typical=0.6, unit="share of calls", ge=0, le=1, doc="Calls in which the software gives advice.")
    recorded: float = setting(
        0.0, typical=0.3, unit="share of calls", ge=0, le=1, doc="Calls that are recorded and scored, as reps know."
    )
    warned_share: float = setting(
        0.0,
        typical=0.5,
        unit="share of customers at risk",
        ge=0,
        le=1,
        doc="Part of the customers about to leave that the warning threshold catches; the more, the more false alarms.",
    )
    capacity: float = setting(
        0.0, typical=2.0, unit="customers a month a rep", ge=0, le=500, doc="Warned customers whom each rep can contact."
    )
    targeting: Literal["risk", "lift"] = setting(
        "risk", typical="lift", unit="word", doc="Who is chosen: those most likely to leave, or those most likely to be won back."
    )
    licence_cost: float = setting(
        80.0, typical=80.0, unit="usd a seat-month", ge=0, le=5000, doc="Licence for each rep as soon as any part is in use."
    )
    contact_cost: float = setting(
        10.0, typical=10.0, unit="usd a contact", ge=0, le=10_000, doc="Cost of a contact with a warned customer, offer included."
    )

    def _advice(self, p: Any) -> Push:
        """Worth of the advice, 1 at best use with every call recorded."""
        heard = p.generic - (1.0 - p.generic) * np.expm1(-self.recorded / p.record_scale)
        use = self.advice / p.best_use
        return use * (2.0 - use) * heard

    def _right(self, p: Any) -> Push:
        """Share of flags that are right."""
        return np.exp(-p.false_alarms * self.warned_share)

    def _flagged(self, s: State, p: Any) -> Push:
        """Customers flagged this month, rightly or wrongly."""
        return self.warning(s, p) / self._right(p)

    def _contacts(self, s: State, p: Any) -> Push:
        """Customers contacted this month."""
        return np.minimum(self._flagged(s, p), self.capacity) * s.filled

    def win(self, s: State, p: Any) -> Push:
        """Advice in the call, by the rep's talent."""
        gain = p.gain + p.gradient * np.tanh(s.talent) + p.middle_gain * np.exp(-0.5 * s.talent * s.talent)
        return self._advice(p) * gain

    def learning(self, s: State, p: Any) -> Push:
        """A newcomer hears what experienced reps would say."""
        return p.novice_gain * self._advice(p) * (1.0 - s.ramp)

    def warning(self, s: State, p: Any) -> Push:
        """Customers about to leave of whom the firm knows."""
        return self.warned_share * s.book_customers / DUE_A_YEAR * np.clip(s.lapse_share, 0.0, 1.0)

    def intervention(self, s: State, p: Any) -> Push:
        """Customers about to leave who can be contacted: false alarms use up part of the capacity."""
        return self.capacity * self._right(p) * s.filled

    def rescue(self, s: State, p: Any) -> Push:
        """What the choice of whom to contact does to the chance of keeping them."""
        contacts, flagged = self._contacts(s, p), self._flagged(s, p)
        picked = np.clip(contacts / np.maximum(flagged, 1e-9), NEAREST, 1.0 - NEAREST)
        mean_of_best = np.exp(-0.5 * ndtri(picked) ** 2) / np.sqrt(2.0 * np.pi) / picked
        word: Any = self.targeting
        return (contacts > 0.0) * (word.risk * p.lift_by_risk + word.lift * p.accuracy * p.lift_spread * mean_of_best)

    def motive_support(self, s: State, p: Any) -> Motives:
        """Who is recorded and scored feels watched."""
        return Motives(autonomy=-p.points_of_watching * self.recorded)

    def attention(self, s: State, p: Any) -> Push:
        """Hours of logging and reading, and of contacts."""
        return p.load_hours * self.advice + p.contact_hours * self._contacts(s, p)

    def programme_cost(self, s: State, p: Any) -> Push:
        """Licences of those who are there, and contacts."""
        used = np.maximum(np.maximum(self.advice, self.recorded), self.warned_share) > 0.0
        return self.licence_cost * used * s.filled + self.contact_cost * self._contacts(s, p)
