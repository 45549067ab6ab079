"""Levers, and every point where a policy may touch behaviour.

A lever is what a firm can change; a **socket** is a method of `Lever`; what a lever adds there is its **push**.
Pushes add on the natural scale (money in dollars, chances in log-odds, rates in logs); the neutral push is zero.
This is the one page to review before asking what a policy can and cannot do in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, get_origin

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from simulation.vocabulary import Array, Motives, Outlook, Push, Tasks

if TYPE_CHECKING:
    from simulation.evidence.read import Parameters
    from simulation.state import State

TABLE_ROWS = 6
"""Longest table a setting may hold; stacked tables are padded to it."""
NEVER = 1e9
"""Padding for an attainment that nobody reaches."""

Rows = tuple[tuple[float, float], ...]


def setting(
    neutral: Any, *, typical: Any, unit: str, doc: str, ge: float | None = None, le: float | None = None, source: str = "assumed"
) -> Any:
    """One number or word the firm chooses: its neutral value (the lever is absent), what is typical, unit and bounds.

    For a table, `ge` and `le` bound both columns.
    """
    extra = {"typical": typical, "unit": unit, "source": source, "ge": ge, "le": le}
    bounds: dict[str, Any] = {} if isinstance(neutral, tuple | str | bool) else {"ge": ge, "le": le}
    return Field(neutral, description=doc, json_schema_extra=extra, **bounds)


class OneHot:
    """A word setting of many policies: one array (policy, 1, 1) of zeros and ones a word."""

    def __init__(self, words: Sequence[str], choices: Sequence[str]) -> None:
        for choice in choices:
            setattr(self, choice, column([1.0 if word == choice else 0.0 for word in words]))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Array: ...


@dataclass(frozen=True, eq=False)
class Table:
    """A table setting of many policies: `TABLE_ROWS` pairs of arrays (policy, 1, 1), padded with (NEVER, 0)."""

    at: tuple[Array, ...]
    amount: tuple[Array, ...]
    used: int  # rows that at least one of the policies fills


def column(values: Sequence[float]) -> Array:
    """Values of many policies as an array (policy, 1, 1); as (1, 1, 1), which costs less, where all have the same."""
    every = np.array(values, dtype=float).reshape(-1, 1, 1)
    return every[:1] if np.array_equal(every, np.broadcast_to(every[:1], every.shape), equal_nan=True) else every


class Lever(BaseModel):
    """One instrument a firm can set. Subclasses declare settings and override the sockets they push on."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    key: ClassVar[str]
    family: ClassVar[str]
    title: ClassVar[str]
    post_memory: ClassVar[tuple[str, ...]] = ()
    """Parts of the lever's memory that belong to the post and stay when a newcomer sits down."""

    @field_validator("*")
    @classmethod
    def _check_table(cls, value: Any, info: ValidationInfo) -> Any:
        """A table holds at most `TABLE_ROWS` rows, its first column ascending, every number within the setting's bounds."""
        if not isinstance(value, tuple):
            return value
        extra = extra_of(cls.model_fields[str(info.field_name)])
        low, high = (np.inf * sign if extra[side] is None else extra[side] for side, sign in (("ge", -1), ("le", 1)))
        first = [row[0] for row in value]
        if len(value) > TABLE_ROWS or first != sorted(set(first)) or any(not low <= n <= high for row in value for n in row):
            raise ValueError(f"takes at most {TABLE_ROWS} rows, first column ascending, numbers in [{low:g}, {high:g}]")
        return value

    # ------------------------------------------------------------------ sockets: goals
    def quota_level(self, s: State, p: Any) -> Push:
        """Log multiple of the quota. Read by goals."""
        return 0.0

    def quota_ratchet(self, s: State, p: Any) -> Push:
        """Share of over-achievement added to the next quota. Read by goals."""
        return 0.0

    def quota_ramp(self, s: State, p: Any) -> Push:
        """Change in the share of a newcomer's ramp that the quota follows, 0 (all of it) to -1 (none). Read by goals."""
        return 0.0

    def quota_period(self, s: State, p: Any) -> Push:
        """Months by which the quota period differs from a quarter. Read by goals."""
        return 0.0

    def goal_weight(self, s: State, p: Any) -> Tasks:
        """Log-weight of each task in the goals: acts on the task's pull. Read by effort."""
        return Tasks()

    # ------------------------------------------------------------------ market
    def opportunity(self, s: State, p: Any) -> Push:
        """Log rate of leads (reach, referrals). Read by market."""
        return 0.0

    def lead_weight(self, s: State, p: Any) -> Push:
        """Log-weight of each region, (policy, seed, region), in sharing out marketing. Read by market."""
        return 0.0

    # ------------------------------------------------------------------ motives and effort
    def motive_support(self, s: State, p: Any) -> Motives:
        """Points, in sd of a motive across reps, by which the job meets each motive better. Read by motives and exploring."""
        return Motives()

    def cash_slope(self, s: State, p: Any) -> Tasks:
        """Expected usd per usd-equivalent of each task's output, for hunting beyond the two rates below. Read by effort."""
        return Tasks()

    def pull(self, s: State, p: Any) -> Tasks:
        """Non-cash pull of each task, in units of the baseline commission pull. Read by effort and exploring."""
        return Tasks()

    def attention(self, s: State, p: Any) -> Push:
        """Hours a month taken from selling. Read by effort."""
        return 0.0

    # ------------------------------------------------------------------ exploring
    def trial_cost_cover(self, s: State, p: Any) -> Push:
        """Share of a failed trial's cost that the firm carries; shares combine as 1 - product(1 - share). Read by exploring."""
        return 0.0

    def trial_career_cover(self, s: State, p: Any) -> Push:
        """Share of a failed trial's career risk that the firm carries; combined likewise. Read by exploring and leaving."""
        return 0.0

    # ------------------------------------------------------------------ selling
    def win(self, s: State, p: Any) -> Push:
        """Log-odds of winning an opportunity. Read by selling."""
        return 0.0

    def cycle(self, s: State, p: Any) -> Push:
        """Log rate at which opportunities close. Read by selling."""
        return 0.0

    def authority(self, s: State, p: Any) -> Push:
        """Share of list price a rep may give alone: the ceiling of the concession rule. Read by selling and motives."""
        return 0.0

    def key_focus(self, s: State, p: Any) -> Push:
        """Log-odds by which key accounts are won more often, at the expense of ordinary deals. Read by selling."""
        return 0.0

    def rate_now(self, s: State, p: Any) -> Push:
        """Perceived usd to the rep per usd credited in this quota period. Read by effort, selling and timing."""
        return 0.0

    def rate_next(self, s: State, p: Any) -> Push:
        """Perceived usd to the rep per usd credited in the next quota period. Read by effort, selling, timing and leaving."""
        return 0.0

    def margin_basis(self, s: State, p: Any) -> Push:
        """Share of credit that counts a discount at its cost to profit, 0 to 1. Read by selling and pay."""
        return 0.0

    def coordination(self, s: State, p: Any) -> Push:
        """Points of coordination: lowers hand-over effort, matters with complexity. Read by selling."""
        return 0.0

    # ------------------------------------------------------------------ customers
    def satisfaction(self, s: State, p: Any) -> Push:
        """Points of service quality, 0 to 1. Read by customers."""
        return 0.0

    def renewal(self, s: State, p: Any) -> Push:
        """Log-odds that a contract due renews. Read by customers."""
        return 0.0

    def referral(self, s: State, p: Any) -> Push:
        """Log rate of referrals per customer. Read by customers."""
        return 0.0

    def handover(self, s: State, p: Any) -> Push:
        """Share of a leaver's account loss avoided; combined like the covers. Read by customers."""
        return 0.0

    def warning(self, s: State, p: Any) -> Push:
        """Customers a month that the firm is warned of. Read by customers."""
        return 0.0

    def intervention(self, s: State, p: Any) -> Push:
        """Customers a month that can be treated. Read by customers."""
        return 0.0

    def rescue(self, s: State, p: Any) -> Push:
        """Log-odds added to the mean lift of treating a warned customer, by choosing whom to treat. Read by customers."""
        return 0.0

    # ------------------------------------------------------------------ pay
    def credit_pool(self, s: State, p: Any) -> Push:
        """Share of a deal's credit that goes to the team; combined like the covers. Read by goals, effort and pay."""
        return 0.0

    def cash_pay(self, s: State, p: Any) -> Push:
        """Cash paid this month, in usd, beyond market pay. Read by pay."""
        return 0.0

    def expected_pay(self, s: State, p: Any, view: Outlook) -> Push:
        """Pay a month, in usd, expected at this outlook beyond `view.market_pay`. Read by motives, effort, leaving and hiring."""
        return 0.0

    def pay_risk(self, s: State, p: Any, view: Outlook) -> Push:
        """Standard deviation of pay a month, in usd, for somebody with this outlook. Read by motives, effort and hiring."""
        return 0.0

    def deferred_pay(self, s: State, p: Any) -> Push:
        """What a rep would forfeit by leaving now, in usd as the rep values it. Read by leaving."""
        return 0.0

    def deferred_cost(self, s: State, p: Any) -> Push:
        """Cost of deferred pay booked this month, in usd: fair value at grant over vesting, less forfeits. Read by finance."""
        return 0.0

    # ------------------------------------------------------------------ learning, leaving, hiring, finance
    def learning(self, s: State, p: Any) -> Push:
        """Log rate of learning. Read by learning."""
        return 0.0

    def quit(self, s: State, p: Any) -> Push:
        """Log-odds of quitting, for pure retention measures; what works through motives belongs there. Read by leaving."""
        return 0.0

    def dismissal(self, s: State, p: Any) -> Push:
        """Log-odds of dismissal at a review. Read by leaving."""
        return 0.0

    def bar_relief(self, s: State, p: Any) -> Push:
        """Attainment by which the record may lie lower before dismissal threatens. Read by leaving."""
        return 0.0

    def review_grace(self, s: State, p: Any) -> Push:
        """Months of tenure by which the first review is put off. Read by leaving."""
        return 0.0

    def appeal(self, s: State, p: Any) -> Push:
        """Log-odds that a candidate accepts an offer. Read by hiring."""
        return 0.0

    def programme_cost(self, s: State, p: Any) -> Push:
        """Cost of the programme itself this month, in usd a seat. Read by finance."""
        return 0.0

    # ------------------------------------------------------------------ memory
    def start_memory(self, shape: tuple[int, int, int], p: Any) -> dict[str, Array]:
        """A lever's own memory (a vesting ledger, badges) at its first month. Empty for most levers."""
        return {}

    def remember(self, s: State, p: Any) -> dict[str, Array]:
        """The memory after this month, asked for after leaving and before hiring.

        `s.sold` and `s.tenure` are still those that this month's pay was worked out with; `s.quits` and `s.dismissals`
        mark who leaves. Memory starts as zeros, and hiring sets a newcomer's back to zeros, but for `post_memory`.
        At neutral settings memory must stay as it starts: whether a lever that is off is asked at all depends on the
        company a policy keeps.
        """
        return s.memory.get(self.key, {})

    def waits_for_period(self, month: int, starts: int) -> bool:
        """Whether a policy that began at `starts` must still run under this, the old, lever in `month`.

        Only a pay plan waits: the quota period under way ends as it began.
        """
        return False

    # ------------------------------------------------------------------ many policies at once
    @classmethod
    def stack(cls, levers: Sequence[Self]) -> Self:
        """The same lever with settings of shape (policy, 1, 1), or (1, 1, 1) where all policies have the same value;
        arithmetic reads as if for one rep.

        Numbers and yes/no become arrays, an absent number NaN, a word a `OneHot`, a table a `Table`.
        A stacked lever is never compared or hashed.
        """
        stacked: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            values = [getattr(lever, name) for lever in levers]
            choices = words_of(field.annotation)
            if choices:
                stacked[name] = OneHot(values, choices)
            elif isinstance(field.default, tuple):
                stacked[name] = _stack_tables(values)
            else:
                stacked[name] = column([np.nan if v is None else float(v) for v in values])
        return cls.model_construct(**stacked)

    @classmethod
    def typical(cls) -> Self:
        """The lever as a firm that uses it sets it."""
        return cls(**{name: extra_of(field)["typical"] for name, field in cls.model_fields.items()})

    def is_neutral(self) -> bool:
        """Whether every setting is at neutral: the lever is absent."""
        return all(getattr(self, name) == field.default for name, field in type(self).model_fields.items())


def words_of(annotation: Any) -> tuple[str, ...]:
    """The choices of a word setting, or nothing."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def extra_of(field: Any) -> dict[str, Any]:
    """Unit, typical value, bounds and source of a setting."""
    return dict(field.json_schema_extra)


def _stack_tables(tables: Sequence[Rows]) -> Table:
    padded = [list(t) + [(NEVER, 0.0)] * (TABLE_ROWS - len(t)) for t in tables]
    return Table(
        at=tuple(column([t[k][0] for t in padded]) for k in range(TABLE_ROWS)),
        amount=tuple(column([t[k][1] for t in padded]) for k in range(TABLE_ROWS)),
        used=max(len(t) for t in tables),
    )


SHARES = (Lever.trial_cost_cover, Lever.trial_career_cover, Lever.credit_pool, Lever.handover)
"""Bounded shares: they add as -log(1 - share), so .6 and .6 make .84."""
SATURATING = (
    Lever.learning, Lever.win, Lever.cycle, Lever.satisfaction, Lever.renewal, Lever.referral,
    Lever.motive_support, Lever.pull,
)  # fmt: skip
"""Gains on one channel pass once through sign(x) S (1 - exp(-|x| / S)), S in the group `sockets`."""
SOCKETS: tuple[Callable[..., Any], ...] = tuple(
    getattr(Lever, name)
    for name, member in vars(Lever).items()
    if callable(member) and "Read by" in (member.__doc__ or "")
)


class LeverBoard:
    """The levers in force, stacked over policies, and the sum of their pushes at each socket.

    The order of the catalogue fixes the order of addition, whatever the file says.
    Levers that are neutral in every policy are left out: adding exact zeros changes nothing.
    """

    def __init__(self, levers: Sequence[Lever], p: Parameters) -> None:
        self.levers = tuple(levers)
        self._own = {lever.key: getattr(p, lever.key, None) for lever in self.levers}  # None of a lever without parameters
        self._scale = p.sockets
        self._at = {socket: self._asked(socket) for socket in SOCKETS}

    def _asked(self, socket: Callable[..., Any]) -> list[tuple[Callable[..., Any], Any]]:
        """The methods of the levers that push at a socket, each with its own parameters."""
        name = socket.__name__
        return [
            (getattr(lever, name), self._own[lever.key]) for lever in self.levers if getattr(type(lever), name) is not socket
        ]

    def push(self, socket: Callable[..., Any], s: State, *view: Outlook) -> Any:
        """The combined push of all levers at one socket, named by its method: `push(Lever.win, s)`."""
        pushes = [method(s, own, *view) for method, own in self._at[socket]]
        if not pushes:
            return Tasks() if socket in (Lever.cash_slope, Lever.pull, Lever.goal_weight) else (
                Motives() if socket is Lever.motive_support else 0.0
            )
        if socket in SHARES:
            kept = 1.0 - pushes[0]
            for share in pushes[1:]:
                kept = kept * (1.0 - share)
            return 1.0 - kept
        total = pushes[0]
        for push in pushes[1:]:
            total = type(total)(*map(np.add, total, push)) if isinstance(total, tuple) else total + push
        if socket in SATURATING:
            scale = getattr(self._scale, socket.__name__)
            if isinstance(total, tuple):
                return type(total)(*(saturate(part, scale) for part in total))
            return saturate(total, scale)
        return total

    def remember(self, s: State) -> dict[str, dict[str, Array]]:
        """Every lever's memory after this month."""
        return {lever.key: lever.remember(s, self._own[lever.key]) for lever in self.levers}

    def personal(self, memory: Mapping[str, dict[str, Array]]) -> list[Array]:
        """What of the memory belongs to the rep in a seat, and goes when a newcomer sits down."""
        return [
            held
            for lever in self.levers
            for name, held in memory.get(lever.key, {}).items()
            if name not in lever.post_memory
        ]

    def start_memory(self, memory: Mapping[str, dict[str, Array]], shape: tuple[int, int, int]) -> dict[str, dict[str, Array]]:
        """The memory carried on, with fresh memory for levers that had none."""
        return {
            lever.key: memory.get(lever.key) or lever.start_memory(shape, self._own[lever.key]) for lever in self.levers
        }


def saturate(x: Any, scale: Any) -> Any:
    """sign(x) S (1 - exp(-|x| / S)): nearly x for small gains, never beyond S."""
    if isinstance(x, float | int) and x == 0.0:
        return 0.0
    return np.sign(x) * scale * -np.expm1(-np.abs(x) / scale)
