"""Every figure a board may compare: key, unit, better side, label and definition, as data.

The names live here, low in the tree, so that a scenario can name an objective without knowing statistics.
How each is computed stands in `statistics/measures/`, one function a key.
Unless its definition says otherwise a figure is an average year of the reported months, and a ratio is a ratio of sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", "none"]


@dataclass(frozen=True)
class Measure:
    """One figure that policies are compared by."""

    key: str
    unit: str
    better: Better
    label: str
    definition: str
    currency: str = "usd"  # what money is called where it is shown; nothing is converted

    @property
    def shown_unit(self) -> str:
        """The unit as it is shown, with the currency's label."""
        return self.unit.replace("usd", self.currency, 1) if self.is_money else self.unit

    @property
    def is_money(self) -> bool:
        """Whether the figure is an amount of money."""
        return self.unit.split("/")[0] == "usd"


_ALL = (
    # People leaving and staying
    Measure("turnover", "1/year", "lower", "Turnover", "Quits and dismissals in a year over the mean number of filled seats."),
    Measure("quits_rate", "1/year", "lower", "Quits", "Reps who leave by their own choice in a year over mean filled seats."),
    Measure("dismissals_rate", "1/year", "none", "Dismissals", "Reps whom the firm lets go in a year over mean filled seats."),
    Measure(
        "regretted_quits_rate", "1/year", "lower", "Regretted quits",
        "Quits of ramped reps in the top quarter by credited sales over territory potential, in a year over mean filled seats.",
    ),
    Measure("headcount", "reps", "none", "Headcount", "Mean number of seats with a rep at the start of the month."),
    Measure("vacancy_share", "1", "lower", "Vacant seats", "Share of seats without a rep at the start of the month."),
    Measure("tenure_median", "months", "none", "Median tenure", "Median months since hire over reps, mean of the yearly counts."),
    Measure(
        "survival_12", "1", "higher", "Stay 12 months",
        "Chance that a new rep is still there after 12 months (Kaplan-Meier).",
    ),
    Measure(
        "survival_24", "1", "higher", "Stay 24 months",
        "Chance that a new rep is still there after 24 months (Kaplan-Meier).",
    ),
    # Money in
    Measure("bookings", "usd/year", "higher", "Bookings", "First-year value of deals won, net of discount."),
    Measure(
        "revenue", "usd/year", "higher", "Revenue",
        "One-off part of deals won, and a twelfth of the installed base's annual value each month, net of discount.",
    ),
    Measure(
        "gross_profit", "usd/year", "higher", "Gross profit",
        "Revenue less cost of goods; cost of goods follows list value, so a discount falls wholly on profit.",
    ),
    Measure("contribution", "usd/year", "higher", "Contribution", "Gross profit less total cost."),
    Measure(
        "enterprise_value", "usd", "higher", "Enterprise value",
        "Recurring annual value at the end times the pack's multiple, and one year of one-off gross profit.",
    ),
    # Money out
    Measure(
        "pay_cost", "usd/year", "none", "Pay cost",
        "All that reps are paid less what is clawed back, and deferred pay as booked: equity at its value at grant over vesting.",
    ),
    Measure(
        "total_cost", "usd/year", "lower", "Total cost",
        "Pay cost, programmes, hiring, training, marketing and service.",
    ),
    Measure("pay_cost_ratio", "1", "none", "Pay cost over revenue", "Pay cost over revenue."),
    Measure(
        "cost_of_turnover", "usd/year", "lower", "Cost of turnover",
        "Hiring and training of replacements, and gross profit lost to vacancy, ramp and leavers' accounts.",
    ),
    # Quota
    Measure("attainment", "ratio", "none", "Attainment", "Mean of sales over quota in completed quota periods of ramped reps."),
    Measure("at_quota", "1", "higher", "Reps at quota", "Share of completed quota periods of ramped reps that reach quota."),
    Measure("top_fifth_share", "1", "none", "Sales by top fifth", "Share of credited sales made by the best fifth of reps."),
    Measure(
        "last_month_share", "1", "lower", "Booked in last month",
        "Share of bookings made in the last month of quota periods.",
    ),
    Measure("value_moved", "1", "lower", "Value moved in time", "Value pulled forward or pushed out of a period, over bookings."),
    # Selling
    Measure("win_rate", "1", "higher", "Win rate", "Deals won over opportunities closed, won or lost."),
    Measure(
        "cycle_days", "days", "lower", "Sales cycle",
        "Mean days an opportunity spends open: the stock of the pipeline over what leaves it (Little's law).",
    ),
    Measure("extra_discount", "1", "lower", "Discount", "List value given away over list value of deals won."),
    Measure("key_wins", "count/year", "higher", "Key accounts won", "Key accounts won in a year."),
    Measure("penetration", "1", "higher", "Penetration", "Customers over addressable customers at the end."),
    Measure(
        "marketing_roi", "ratio", "higher", "Return on marketing",
        "Gross profit from leads marketing brought, over its cost.",
    ),
    Measure("handover", "hands/deal", "lower", "Hand-over effort", "Effort spent on handing work over, per deal won."),
    # Customers
    Measure(
        "renewal_rate", "1", "higher", "Renewal, reps' accounts",
        "Customers that renew over customers whose contract is due, of accounts in reps' care; "
        "the house book renews less, so the whole firm's rate is lower.",
    ),
    Measure(
        "grr", "1", "higher", "Gross ret., reps' accts",
        "One less the annual value lost in a year over the mean value, of accounts in reps' care; "
        "the house book renews less, so the whole firm's is lower.",
    ),
    Measure(
        "nrr", "1", "higher", "Net ret., reps' accts",
        "Gross retention and value added to customers in a year, of accounts in reps' care; "
        "the house book renews less and does not expand, so the whole firm's is lower.",
    ),
    Measure("satisfaction", "1", "higher", "Customer satisfaction", "Satisfaction, 0 to 1, averaged over customers and months."),
    Measure("referrals", "count/year", "higher", "Referrals", "Leads that customers bring in a year."),
    Measure("referral_rate", "1/year", "higher", "Referrals a customer", "Leads that a customer in reps' care brings in a year."),
    Measure(
        "saved_share", "1", "higher", "Warned customers saved",
        "Customers saved over customers warned of; none without warnings.",
    ),
    # Learning
    Measure(
        "ramp_months", "months", "lower", "Ramp",
        "Geometric mean of months until a new rep reaches 90% of full productivity.",
    ),
    Measure("proposals", "count/year", "none", "Proposals", "New plays that reps propose in a year."),
    Measure("successes", "count/year", "higher", "Successful trials", "Trials of new plays that succeed in a year."),
    Measure("sharing_share", "1", "higher", "Reps who share", "Share of reps who add to shared knowledge in a month."),
    # Pay of reps
    Measure("pay_mean", "usd/year", "none", "Mean pay", "Cash paid per filled seat in a year."),
    Measure("pay_p10", "usd/year", "none", "Pay, lowest tenth", "A year's cash pay that a tenth of reps stay under."),
    Measure("pay_p90", "usd/year", "none", "Pay, highest tenth", "A year's cash pay that a tenth of reps exceed."),
    Measure("pay_spread", "ratio", "none", "Pay spread", "Pay that a tenth of reps exceed over pay that a tenth stay under."),
    Measure(
        "income_risk_low", "1", "lower", "Low-income reps",
        "Share of reps whose year's cash pay falls below the low-income line, 80% of what the market pays for their seat.",
    ),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _ALL}
"""Every measure by key, in the order of reports."""
