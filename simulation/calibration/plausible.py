"""Contradictions between the numbers of a firm that arithmetic shows before anything is simulated."""

from __future__ import annotations

from typing import Any

from simulation.calibration.solve import Ask

FEWEST_DEALS = 1.0
"""Deals a year that quota asks of a rep, below which attainment is a matter of one deal more or less."""
DEAREST_SHARE = 0.5
"""Commission rate above which a plan is no longer one for selling."""
FAR_OFF = 3.0
"""Ratio between pay at quota and target pay, either way, from which on the two hardly describe one plan."""
MONTHS = 12.0
NO_COMMISSION = (
    "the baseline pays no commission, so it says nothing of how pay moves your reps; give the plan that your numbers come from, "
    "for example policies.BASELINE.commission = { base_share = 0.5 } (a share in [0, 1])"
)


def impossible(ask: Ask) -> list[str]:
    """Sentences on what cannot be: the search would not find it either."""
    plan: Any = ask.plan["commission"]
    if plan.base_share >= 1.0 and not plan.rate:
        return [NO_COMMISSION]
    leads = _leads(ask)
    if leads is None:
        return []
    row = ask.start.rows["market", "lead_rate"]
    if row.low <= leads <= row.high:
        return []
    asked = f"quota, deal_value and win_rate ask for some {leads:,.3g} opportunities a rep and month"
    return [f"{asked}, and the model takes {row.low:g} to {row.high:g}; look at the units of quota and deal_value (usd a year)"]


def doubts(ask: Ask) -> list[str]:
    """Sentences on what can hardly be true together."""
    return [text for text in (_deals(ask), _tenure(ask), _rate(ask), _pay(ask), _margin(ask)) if text]


def _value(ask: Ask, group: str, name: str) -> float:
    return float(ask.start.rows[group, name].value)


def _leads(ask: Ask) -> float | None:
    """Opportunities that a rep must close in a month to make quota."""
    if not {"deal_size", "win_rate"} <= ask.asked.keys():
        return None
    return _value(ask, "contract", "quota") / MONTHS / ask.asked["deal_size"] / ask.asked["win_rate"]


def _deals(ask: Ask) -> str:
    deals = _value(ask, "contract", "quota") / ask.asked["deal_size"] if "deal_size" in ask.asked else FEWEST_DEALS
    if deals >= FEWEST_DEALS:
        return ""
    return f"quota over deal_value leaves a rep {deals:.2g} deals a year; whether quota is reached is then the luck of one deal"


def _tenure(ask: Ask) -> str:
    leaving = sum(ask.asked.get(key, 0.0) for key in ("quits_rate", "dismissals_rate"))
    ramp = ask.asked.get("ramp_months", 0.0)
    stay = MONTHS / leaving if leaving else ramp
    if ramp <= stay:
        return ""
    return f"ramp_months {ramp:g} is longer than the {stay:.0f} months that a rep stays on average at turnover {leaving:g}"


def _rate(ask: Ask) -> str:
    """The rate that target pay and quota imply, where the plan leaves it open."""
    plan: Any = ask.plan["commission"]
    share, rate = plan.base_share, plan.rate
    implied = (1.0 - share) * _value(ask, "contract", "ote") / _value(ask, "contract", "quota")
    if rate is not None or implied <= DEAREST_SHARE:
        return ""
    return f"ote and quota imply a commission of {implied:.0%} of what is sold under the baseline"


def _pay(ask: Ask) -> str:
    """What the plan's own rate pays at quota, against the part of target pay that is not salary."""
    plan: Any = ask.plan["commission"]
    share, rate = plan.base_share, plan.rate
    target = (1.0 - share) * plan.pay_level * _value(ask, "contract", "ote")
    if not rate or not target:
        return ""
    paid = rate * plan.quota * _value(ask, "contract", "quota")
    if 1.0 / FAR_OFF <= paid / target <= FAR_OFF:
        return ""
    return (
        f"the baseline's rate {rate:g} pays {paid:,.0f} a year at quota, where ote leaves {target:,.0f} for commission; "
        "one of ote, quota and policies.BASELINE.commission.rate may be wrong"
    )


def _margin(ask: Ask) -> str:
    ote, quota = (_value(ask, "contract", name) for name in ("ote", "quota"))
    margin = _value(ask, "contract", "gross_margin")
    if ote <= quota * margin:
        return ""
    return f"ote {ote:,.0f} is more than the gross profit {quota * margin:,.0f} on a year's quota"
