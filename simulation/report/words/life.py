"""One seat's life in a few sentences, made from its numbers: chances are told as chances, and what luck did is said.

The rep who sat there longest is told in full, the others in a sentence each (`stay.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simulation.report.lettering import shorten
from simulation.report.style import MISSING, Scale
from simulation.report.words.phrases import listed, with_unit
from simulation.report.words.stay import CHANCE, SHARE, gone, in_full, in_short, last_chance, mean_chance, money, percentile
from simulation.statistics.lived import STAYED, YEAR
from simulation.statistics.summary import counted

if TYPE_CHECKING:
    from pandas import DataFrame

    from simulation.statistics.lived import Lived

THEIRS = "The rep is drawn by chance from the model's population: no employee, and nothing here speaks of one."
MOST_OTHERS = 2
"""Reps beside the longest there who have a sentence of their own."""
TABLE_NOTE = (
    "quota: mean attainment at the end of quota periods; fit: in standard deviations; chance: of leaving, an average month."
)


def tell(life: Lived) -> tuple[str, ...]:
    """The story, some eight sentences for five years."""
    stays = life.stays
    if stays.empty:
        return (_header(life), _nobody(life))
    longest = max((int(str(rep)) for rep in stays.index), key=lambda rep: int(stays["months"][rep]))
    others = [int(rep) for rep in stays["months"].drop(longest).sort_values(ascending=False, kind="stable").index]
    told = sorted([longest, *others[:MOST_OTHERS]])
    said = [_header(life)]
    for rep in told:
        said += in_full(life, rep) if rep == longest else [in_short(life, rep)]
    said += _the_rest(life, others[MOST_OTHERS:])
    other = life.against
    if other is not None:
        said.append(f"Under {other.whose.label} nobody sat there." if other.stays.empty else _compared(life, other))
    return tuple(said)


def headline(life: Lived) -> str:
    """What became of the first rep and of the seat, in one line."""
    whose, months, stays = life.whose, life.months, life.stays
    vacant = int((months["rep"] == 0).sum())
    if stays.empty:
        return f"Seat {whose.seat} under {shorten(whose.label)}: {_nobody(life)[:-1]}"
    first = stays.iloc[0]
    own = life.of(int(stays.index[0]))
    if first["reason"] == STAYED:
        ended = f"stayed; of 100 with these chances {gone(own):.0f} would have left"
    else:
        word = "quit" if first["reason"] == "quit" else "was dismissed"
        ended = f"{word} in month {first['left']:.0f} at a chance of {last_chance(own)}%"
    empty = f"; vacant for {vacant} of {counted(len(months), 'month')}" if vacant else ""
    more = f"; {counted(len(stays), 'rep')} in all" if len(stays) > 1 else ""
    other = f" (dashed: {shorten(life.against.whose.label, 30)})" if life.against else ""
    return f"Seat {whose.seat} under {shorten(whose.label)}{other}: the first rep {ended}{more}{empty}"


def stays_table(life: Lived) -> list[list[str]]:
    """A head and a row a stay, as text, no wider than 80 columns together."""
    scale = money(life, YEAR)
    head = ["rep", "months", "works for", "abler than", "quota", f"pay, {scale.unit}", "fit", "chance", "end"]
    rows = []
    for rep, stay in life.stays.iterrows():
        last = life.months["month"].iloc[-1] if stay["reason"] == STAYED else stay["left"]
        rows.append([
            str(rep), f"{stay['entered']:.0f}–{last:.0f}", str(stay["profile"]), f"{percentile(life, int(str(rep)))}%",
            with_unit(SHARE.show(stay["attainment"]), "%") if math.isfinite(stay["attainment"]) else MISSING,
            scale.show(stay["pay_year"]), Scale(1.0, 1, "", "").show(stay["fit"], sign=True),
            with_unit(CHANCE.show(mean_chance(life.of(int(str(rep))))), "%"), str(stay["reason"]),
        ])  # fmt: skip
    return [head, *rows]


def _header(life: Lived) -> str:
    whose, months = life.whose, life.months
    reps, vacant = len(life.stays), int((months["rep"] == 0).sum())
    size = f"{counted(reps, 'rep')} in {counted(len(months), 'month')}"
    empty = f", and nobody for {vacant} of them" if vacant else ""
    begins = f"; the policy began in month {whose.starts}, the baseline held until then" if whose.starts else ""
    moved = f"; {whose.moved[0]} was {whose.moved[1]:.4g} for equal cost" if whose.moved else ""
    return f"Seat {whose.seat} under {whose.label}, seed {whose.seed}: {size}{empty}{begins}{moved}."


def _nobody(life: Lived) -> str:
    return f"Nobody sat there in any of {counted(len(life.months), 'month')}."


def _the_rest(life: Lived, reps: Sequence[int]) -> Iterator[str]:
    if not reps:
        return
    stays = life.stays.loc[list(reps)]
    low, high = int(stays["months"].min()), int(stays["months"].max())
    span = counted(low, "month") if low == high else f"{low} to {high} months"
    ends = stays["reason"].value_counts()
    words = [f"{count} {word}" for reason, word in (("quit", "quit"), ("dismissed", "dismissed"), (STAYED, "still there"))
             if (count := int(ends.get(reason, 0)))]  # fmt: skip
    if len(reps) == 1:
        yield f"Rep {reps[0]} sat there for {span}: {words[0].removeprefix('1 ')}."
    else:
        yield f"{len(reps)} more sat there, for {span} each: {listed(words)}."


def _compared(life: Lived, other: Lived) -> str:
    """The same seat under another policy, with the same luck."""
    scale = money(life, YEAR)
    here, there = (one.months[one.months["rep"] > 0] for one in (life, other))
    leavers = [int((one.stays["reason"] != STAYED).sum()) for one in (life, other)]
    paid = [scale.show(YEAR * float(own["cash_pay"].mean())) for own in (here, there)]
    chance = [CHANCE.show(mean_chance(own)) for own in (here, there)]
    first = _first_end(life.stays), _first_end(other.stays)
    same = f"the first rep {first[1]} too" if first[0] == first[1] else f"the first rep {first[1]}, and here {first[0]}"
    return (
        f"Under {other.whose.label}, with the same luck, {same}; {leavers[1]} left against {leavers[0]}, whoever sat there was "
        f"paid {paid[1]} against {with_unit(paid[0], scale.unit)} a year, and the chance of leaving was {chance[1]}% against "
        f"{chance[0]}% in an average month."
    )


def _first_end(stays: DataFrame) -> str:
    first = stays.iloc[0]
    words = {"quit": "quit", "dismissed": "was dismissed", STAYED: "stayed"}
    return words[str(first["reason"])] + ("" if first["reason"] == STAYED else f" in month {first['left']:.0f}")
