"""One rep's stay in sentences, made from its numbers: chances are told as chances, and what luck did is said.

What raised a chance is read off the terms of the quitting rule: a factor on the odds, not a cause of what then happened.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.evidence.reasons import TERMS
from simulation.report.style import MONEY, Scale
from simulation.report.words.phrases import listed, with_unit
from simulation.statistics.lived import STAYED, YEAR
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.statistics.lived import Lived

ROSE = 1.5
"""A chance that grew by less than this factor has hardly moved."""
SPOKE = 0.1
"""[log-odds] A term that moved by less is not named."""
DEMAND, TEAM, TRIALS, LOST = 0.15, 2, 3, 0.25
"""What counts as a shock: a fall of demand [log], leavers in the team within three months, failed trials and the share of
customers lost within a year."""
MANIFOLD = 10.0
"""A factor on the odds beyond this is not told: the floor of the chance hides it."""
TASKS = {"hunt": "hunting", "farm": "farming", "share": "sharing", "explore": "exploring"}
CHANCE, SHARE = Scale(100.0, 1, "%", "points"), Scale(100.0, 0, "%", "points")
FACTOR = Scale(1.0, 1, "", "")
HELD, SEEN = 0.5, 0.0005
"""Failed trials held against a rep, and chances, from which they are told."""


def in_full(life: Lived, rep: int) -> list[str]:
    """A stay in six sentences or seven: who came, work, pay, shocks if there were any, chances, and how it ended."""
    own = life.of(rep)
    shocks = _shocks(life, rep)
    return [
        f"{_arrival(life, rep)}, {who(life, rep)}.", _work(own), _pay(life, own), *([shocks] if shocks else []),
        _course(own), _end(life, rep),
    ]  # fmt: skip


def in_short(life: Lived, rep: int) -> str:
    """The same in one sentence."""
    own, stay = life.of(rep), life.stays.loc[rep]
    chance = f"{CHANCE.show(mean_chance(own))}% in an average month"
    month, last = own["month"].iloc[-1], last_chance(own)
    ends = {
        "quit": f"quit in month {month:.0f} at a chance of {last}%",
        "dismissed": (
            f"were dismissed in month {month:.0f} at a chance of {last}%, with {SHARE.show(own['record'].iloc[-1])}% of quota "
            f"over about a year{_reviewed(own.iloc[-1])}"
        ),
        STAYED: "were still there at the end",
    }
    pay = own["expected_pay"].iloc[-1] / own["outside_pay"].iloc[-1] - 1.0
    return (
        f"{_arrival(life, rep)}, {who(life, rep)}; they expected {_against(pay)} what other firms offer, their chance of "
        f"leaving was {chance}, and they {ends[str(stay['reason'])]}."
    )


def who(life: Lived, rep: int) -> str:
    """What moves a rep most, and how able it is: "worked most for money (39% of all ...) and was abler than 63% of reps"."""
    stay = life.stays.loc[rep].to_dict()
    weight = SHARE.show(stay[f"weight_{stay['profile']}"])
    able = f"abler than {percentile(life, rep)}% of reps"
    return f"worked most for {stay['profile']} ({weight}% of all that moved them) and was {able}"


def percentile(life: Lived, rep: int) -> int:
    """How many of a hundred reps are less able, from 1 to 99."""
    return min(max(round(100.0 * float(life.stays["abler_than"][rep])), 1), 99)


def money(life: Lived, months: int = 1) -> Scale:
    """How sums of money of a life are written: by the month, or by so many months."""
    expected = life.months["expected_pay"].abs().max()
    size = float(expected) * months if math.isfinite(expected) else 0.0
    factor, word = next(((factor, times) for least, factor, times in MONEY if size >= least), MONEY[-1][1:])
    unit = f"{word} {life.whose.currency}"
    return Scale(factor, 2 if size * factor < 10 else 1 if size * factor < 100 else 0, unit, unit)


def _arrival(life: Lived, rep: int) -> str:
    first = life.of(rep).iloc[0]
    if first["month"] > 0:
        return f"Rep {rep} began in month {first['month']:.0f}"
    tenure = int(first["tenure"])
    if tenure == 0:
        return f"Rep {rep} was new in month 0"
    return f"Rep {rep} had been there for {counted(tenure, 'month')} when month 0 began"


def _work(own: DataFrame) -> str:
    """What the rep does with its time, and how that shifts over the stay."""
    shares = ", ".join(f"{SHARE.show(own[f'effort_{task}'].mean())}% {word}" for task, word in TASKS.items())
    whole = own["effort"].mean() - 1.0
    size = f"{SHARE.show(abs(whole))}% {'more' if whole > 0 else 'less'} than" if abs(whole) >= 0.005 else "as much as"
    said = f"Their effort was {shares}, and in all {size} an ordinary rep's"
    span = min(YEAR, len(own) // 2)
    if span < 3:
        return f"{said}."
    moves = {task: own[f"effort_{task}"].tail(span).mean() - own[f"effort_{task}"].head(span).mean() for task in TASKS}
    task = max(moves, key=lambda name: abs(moves[name]))
    if abs(moves[task]) < 0.03:
        return f"{said}; that hardly shifted over the stay."
    ends = [SHARE.show(part.mean()) for part in (own[f"effort_{task}"].head(span), own[f"effort_{task}"].tail(span))]
    return f"{said}; {TASKS[task]} went from {ends[0]}% in the first {span} months to {ends[1]}% in the last."


def _pay(life: Lived, own: DataFrame) -> str:
    """What was paid, what was sold for it, and how expected pay stands against pay elsewhere, from begin to end."""
    scale = money(life, YEAR)
    year = lambda name: scale.show(YEAR * float(own[name].to_numpy().mean()))  # noqa: E731
    paid = f"They were paid {with_unit(year('cash_pay'), scale.unit)} a year, {year('salary')} of it salary"
    closed = own.loc[own["period_ended"] > 0.0, "attainment"]
    sold = f", for {SHARE.show(closed.mean())}% of quota" if len(closed) else ""
    stake = own["stake"].max()
    worth = with_unit(scale.show(stake), scale.unit)
    deferred = f", and leaving would have forfeited deferred pay worth up to {worth} to them" if stake > 0.0 else ""
    gap = own["expected_pay"] / own["outside_pay"] - 1.0
    first, last = float(gap.iloc[0]), float(gap.iloc[-1])
    if len(own) == 1 or abs(last - first) < 0.02:
        return f"{paid}{sold}; what they expected was {_against(last)} what other firms offer somebody that able{deferred}."
    way = "rose" if last > first else "fell"
    return (
        f"{paid}{sold}; what they expected {way} from {_against(first)} to {_against(last)} what other firms offer somebody "
        f"that able{deferred}."
    )


def _against(gap: float) -> str:
    if abs(gap) < 0.005:
        return "level with"
    return f"{SHARE.show(abs(gap))}% {'above' if gap > 0 else 'below'}"


def _shocks(life: Lived, rep: int) -> str:
    """What came their way: the deepest fall of demand, teammates who left, approaches, failed trials, customers lost."""
    own = life.of(rep)
    month, demand, offer = (own[name].to_numpy() for name in ("month", "demand", "offer"))
    found = []
    if demand.min() < -DEMAND:
        below = SHARE.show(1.0 - math.exp(demand.min()))
        found.append(f"demand in the region {below}% below normal in month {month[demand.argmin()]}")
    team = own["team_leavers"].rolling(3, min_periods=1).sum().to_numpy()
    if team.max() >= TEAM:
        found.append(f"{team.max():.0f} teammates gone within three months by month {month[team.argmax()]}")
    begins = (offer > 0.0) & (np.concatenate([[0.0], offer[:-1]]) == 0.0)
    if begins.any():
        found.append(_times("an outside approach", "outside approaches", month[begins].tolist()))
    before = own["customers"].shift(YEAR - 1).clip(lower=1e-9)
    lost = (own["lost_customers"].rolling(YEAR).sum() / before).fillna(0.0).to_numpy()
    if lost.max() > LOST:
        found.append(f"{SHARE.show(lost.max())}% of their customers lost in the year to month {month[lost.argmax()]}")
    if own["failures"].sum() >= TRIALS:
        found.append(f"{own['failures'].sum():.0f} trials that failed, of {own['proposals'].sum():.0f}")
    return f"What came their way: {'; '.join(found)}." if found else ""


def _times(one: str, many: str, months: Sequence[int]) -> str:
    if len(months) == 1:
        return f"{one} in month {months[0]}"
    if len(months) > 3:
        return f"{len(months)} {many}, the last in month {months[-1]}"
    return f"{many} in months {listed([str(month) for month in months])}"


def _course(own: DataFrame) -> str:
    """How the chances of quitting and of dismissal move."""
    most = float(own["dismissal_chance"].max())
    reviews = f" At reviews the chance of dismissal was up to {CHANCE.show(most)}%." if most >= SEEN else ""
    return f"{_wish(own)}{reviews}"


def _wish(own: DataFrame) -> str:
    """How the chance of quitting moves, and which terms of the quitting rule move it."""
    chance = own["quit_chance"].to_numpy()
    top = int(chance.argmax())
    low = int(chance[: top + 1].argmin())
    if chance[top] < ROSE * chance[low]:
        ends = [CHANCE.show(float(end)) for end in (chance.min(), chance.max())]
        return f"Their chance of quitting never rose by half: it was {' to '.join(dict.fromkeys(ends))}% a month."
    before, after = own.iloc[low], own.iloc[top]
    rise = (
        f"Their chance of quitting rose from {CHANCE.show(before['quit_chance'])}% in month {before['month']:.0f} to its "
        f"highest, {CHANCE.show(after['quit_chance'])}%, in month {after['month']:.0f}"
    )
    if after["released"] > 0.0:
        return f"{rise}: they had wished to go before, and the deferred pay that held them had fallen."
    named = _named({term: float(after[f"term_{term}"] - before[f"term_{term}"]) for term in TERMS})
    return f"{rise}; what raised the odds was {listed(named)}." if named else f"{rise}; no single reason stands out."


def _named(rises: Mapping[str, float], most: int = 2) -> list[str]:
    """The terms that raise the odds most, each with its factor."""
    ordered = sorted((term for term in rises if rises[term] >= SPOKE), key=lambda term: -rises[term])
    factors = {term: math.exp(rises[term]) for term in ordered[:most]}
    most_told = f"more than ×{MANIFOLD:.0f}"
    shown = {term: f"×{FACTOR.show(factor)}" if factor < MANIFOLD else most_told for term, factor in factors.items()}
    return [f"{_plain(term)} ({shown[term]})" for term in factors]


def _plain(term: str) -> str:
    label = TERMS[term].label
    return label[0].lower() + label[1:]


def _end(life: Lived, rep: int) -> str:
    """How the stay ended: at which chance, and how long nobody sat there then."""
    own, stay = life.of(rep), life.stays.loc[rep]
    last = own.iloc[-1]
    if stay["reason"] == STAYED:
        return f"They were still there at the end; of 100 reps with these chances {gone(own):.0f} would have left by then."
    if stay["reason"] == "quit":
        how = f"They quit in month {last['month']:.0f}, when the chance was {last_chance(own)}%; luck did the rest"
    else:
        how = (
            f"They were dismissed at the review in month {last['month']:.0f}, with {SHARE.show(last['record'])}% of quota over "
            f"about a year{_reviewed(last)}; the chance was {last_chance(own)}%, luck did the rest"
        )
    return f"{how}{_vacancy(life, rep)}."


def _reviewed(last: Any) -> str:
    """What a review held against the rep; where it held nothing, that every rep of that tenure runs some risk."""
    against = [
        *(["less than a review asks for"] if last["short_of_bar"] > 0.0 else []),
        *(["failed trials held against them"] if last["held_setbacks"] >= HELD else []),
    ]
    if against:
        return f", {' and '.join(against)}"
    return "; nothing in that spoke against them, but no record rules a dismissal out"


def _vacancy(life: Lived, rep: int) -> str:
    after = life.months[life.months["month"] > life.of(rep)["month"].iloc[-1]]
    empty = int((after["rep"].cumsum() == 0).sum())
    if not empty:
        return ""
    end = " to the end" if empty == len(after) else ""
    lost = after["lost_customers"].head(empty).sum()
    return f". The seat was then vacant{end} for {counted(empty, 'month')}{_customers(lost)}"


def _customers(lost: float) -> str:
    return f", in which some {lost:.0f} customers were lost" if lost >= 1.5 else ""


def gone(own: DataFrame) -> float:
    """How many of a hundred with these chances would have left."""
    return 100.0 * (1.0 - float(np.prod(1.0 - own["leave_chance"])))


def last_chance(own: DataFrame) -> str:
    """The chance of what happened, in the month in which the stay ended."""
    last = own.iloc[-1]
    return CHANCE.show(last["dismissal_chance" if last["left"] == "dismissed" else "quit_chance"])


def mean_chance(own: DataFrame) -> float:
    """The chance of leaving in an average month of a stay."""
    return float(own["leave_chance"].mean())
