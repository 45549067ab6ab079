"""Hard cases for pictures: labels of every kind, one policy and twelve, figures that are negative, huge, tiny or missing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from explained import made_reasons
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from priced import made_price
from synthetic import LABELS, LONG_LABELS, MONEY, made_records

from simulation.levers import catalogue
from simulation.statistics.compare import compare

CHINESE = tuple(
    f"{name}：佣金的百分之十转为年度股权授予，配额提高百分之{n}，其余照旧，并按季度而不是按月结算"
    for n, name in enumerate(("现状", "削减五分之一", "更陡的曲线", "股权更新", "增长组合", "只有薪水", "按月配额", "按利润计",
                              "更长的适应期", "更高的权限", "达标奖金", "棘轮"))
)  # fmt: skip
ACCENTED = ("Größe und Übermaß", "Naïve façade, déjà vu", "Señal añeja", "Łódź: żółć i gęś", "Çok güçlü şeyler")
RIGHT_TO_LEFT = (
    "המצב הקיים", "עמלה נמוכה ב-20%", "خطة النمو: زيادة الحصة 15%", "Growth تركيبة النمو 2026",
    "תוכנית ארוכה מאוד עם מענקים שנתיים במקום עשרה אחוזים מהעמלה, ומכסה גבוהה יותר",
)  # fmt: skip
SIGNS = ("Pay $5 & $6 a_b", "50% ^up$ \\frac{x}$", "_hidden", "🚀 growth 😀 <b>", "{braces} #1 ~ 100%")
LABEL_CASES = {
    "one": LABELS[:1], "two": LABELS[:2], "five": LABELS[:5], "twelve": LABELS, "long": LONG_LABELS, "chinese": CHINESE,
    "chinese few": CHINESE[:3], "accented": ACCENTED, "right to left": RIGHT_TO_LEFT, "signs": SIGNS,
}  # fmt: skip
FIGURE_CASES = (
    "negative", "nothing sold", "huge", "tiny", "no turnover", "no revenue", "one seed", "one month", "same",
)  # fmt: skip
TIMES = {"huge": 1e5, "tiny": 1e-10}
"""What money is multiplied by."""
CASES = tuple(case for case in (*LABEL_CASES, *FIGURE_CASES) if case not in ("two", "five", "chinese few"))
"""Those that every picture is drawn of."""


@cache
def summary_of(case):
    """A comparison as a hard case makes it; those of figures have five policies."""
    labels = LABEL_CASES.get(case, LABELS[:5])
    seeds, months = (1 if case == "one seed" else 3), (1 if case == "one month" else 24)
    effect = 0.0 if case == "same" else 0.3 if case == "long" else 1.0
    records = made_records(labels, seeds=seeds, months=months, effect=effect)
    sums = records.sums
    if case == "negative":
        sums["cogs"] *= 6.0
    if case == "nothing sold":
        sums["revenue"] *= 1e-9
    if case in TIMES:
        for key in MONEY:
            sums[key] *= TIMES[case]
    summary = compare(records)
    if summary.others:
        how = {"levers": len(catalogue()) if case == "twelve" else 4}
        why = made_reasons(summary.policies, labels, scale=effect, **how)
        if case in TIMES:
            money = made_reasons(summary.policies, labels, scale=TIMES[case], **how).by_lever
            split = {policy: {**money[policy], "turnover": found["turnover"]} for policy, found in why.by_lever.items()}
            why = replace(why, by_lever=split)
        summary = replace(summary, static=made_price(summary.policies, labels), reasons=why)
    return without(summary, case.removeprefix("no ")) if case.startswith("no ") else summary


def without(summary, key):
    """The same with one measure missing everywhere."""
    if key not in summary.measures:
        return summary
    timeline = summary.series["timeline"].copy()
    numbers = timeline.columns.difference(["policy", "measure", "month"])
    timeline.loc[timeline["measure"] == key, numbers] = np.nan
    table = summary.table.copy()
    for column in table.columns:
        if column.startswith(f"{key}_"):
            table[column] = "open" if column.endswith("_decided") else np.nan
    return replace(summary, table=table, series={**summary.series, "timeline": timeline})


def notebook_axes():
    """The axes that a notebook's figure has by default: 6.4 by 4.8 inches."""
    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    FigureCanvasAgg(figure)
    return figure.add_subplot()
