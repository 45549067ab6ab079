"""Headline numbers, and the parameter that owns each: what an industry pack or a firm may ask to be shown.

A pack asks for them in `[asked.NAME]`, a firm in `[firm]`; calibration moves the owner until the simulation shows the number.
A number that nobody asks for leaves its owner as it stands, which is how a pack without renewals goes without a renewal rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

FARTHEST = 50.0
"""Logs by which an owner is moved at most; its range ends long before."""


@dataclass(frozen=True)
class Headline:
    """A number that can be asked for, and the row that owns it.

    `log`: the owner is moved on a log scale, because it must stay positive.
    `kind`: whether gaps count as logs (a size), as log-odds (a share) or as they are (a level, whose zero means nothing).
    `standard`: the value it has by definition, in every pack and firm; such a number is always asked for.
    """

    key: str
    group: str
    name: str
    log: bool
    kind: Literal["size", "share", "level"] = "size"
    standard: float | None = None

    @property
    def owner(self) -> tuple[str, str]:
        """Group and name of the row that owns the number."""
        return self.group, self.name

    def moved(self, start: float, x: float) -> float:
        """The owner's value at `x`, which is zero at its start."""
        return start * float(np.exp(min(max(x, -FARTHEST), FARTHEST))) if self.log else start + x


HEADLINES = (
    Headline("quits_rate", "labour", "quit_intercept", log=False),
    Headline("dismissals_rate", "labour", "dismissal_intercept", log=False),
    Headline("at_quota", "market", "lead_rate", log=True, kind="share"),
    Headline("win_rate", "market", "win_intercept", log=False, kind="share"),
    Headline("cycle_days", "market", "close_rate", log=True),
    Headline("deal_size", "market", "deal_value", log=True),
    Headline("ramp_months", "contract", "ramp_tau", log=True),
    Headline("renewal_rate", "contract", "renewal_intercept", log=False, kind="share"),
    Headline("nrr", "contract", "expansion_rate", log=True),
    Headline("cash_pull", "contract", "reference_slope", log=True, standard=1.0),
    Headline("fit_mean", "contract", "fit_mean", log=False, kind="level", standard=0.0),
    Headline("fit_sd", "contract", "fit_sd", log=True, standard=1.0),
    Headline("first_sales", "contract", "first_sales", log=True, standard=1.0),
)
ASKABLE = tuple(headline.key for headline in HEADLINES if headline.standard is None)
"""What a pack or a firm may ask for; the others fix scales, and start books at the sales that follow."""
