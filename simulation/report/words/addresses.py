"""Where each number of a report stands: what a measure, a policy and a statistic together point at.

A statistic is a column of the summary's table, or a path whose first word says where to look:

| statistic | what |
|---|---|
| `mean`, `low`, `high`, `diff`, `diff_low`, `diff_high`, `diff_chance`, `p_better` | a cell of the summary's table |
| `require`, `material` | the limit that the scenario sets, and the smallest difference that counts |
| `material.share` | that difference as a share of the baseline's figure, where it is set as one |
| `bridge.LINE.mean` (`low`, `high`) | a step of the bridge of contribution |
| `lever.KEY.share.mean` (`low`, `high`), `lever.together.mean`, `lever.whole.mean` | what a lever does, the rest, and all |
| `reason.TERM.difference.mean` (`low`, `high`) | a term of the quitting rule [log-odds], whatever the measure; `all`: their sum |
| `reason.TERM.odds.mean` (`low`, `high`) | the same as a relative change of the odds of quitting |
| `static.COLUMN` | a static price, such as `static.wedge_mean` |
| `static.losers.COLUMN`, `static.gainers.COLUMN` | of the group that loses, or gains, most for sure, such as `tenure` |
| `timeline.last.mean` (`diff_low`, `diff_high`), `timeline.months` | the last point of a timeline; months it looks back |
| `survival.MONTHS.mean` (`diff_low`, `diff_high`), `survival.months` | the share that stays so long; the stay of titles |
| `survival_segments.SEGMENT.MONTHS.mean` (`diff_low`, ...), `survival_segments.months` | the same of reps moved by a motive |
| `leavers.BY.GROUP.KIND.mean` (`diff_low`, ...) | leavers of a kind, such as `leavers.segment.money.quits.mean` |
| `leavers_total.BY.GROUP.mean` (`diff_low`, ..., `share`) | all leavers of a group, and its part of reps |
| `attainment.BIN.mean` (`diff_low`, ...) | the share of quota periods in a bin of attainment, counted from 0 |
| `stays.ratio` | the hazard of leaving at equal tenure over the baseline's |
| `rank.place`, `rank.holds` | a policy's rank by the objective, and the probability that it holds |
| `reach.low`, `reach.high` | how far a difference goes under other assumptions |
| `reach.flips`, `reach.shrinks`, `reach.flips.0` | how many moves turn or shrink it, and each move as text |
| `moved.before`, `moved.after`, `moved.share` | what equal cost moved, and by what share of what it was |
| `limit.NAME` | a line that words themselves draw, see `LIMITS` |
| `facts.NAME` | a count: `seeds`, `fewest`, `own` (of a policy), `seats`, `months`, `policies`, `assumed`, `drawn`, `moved` |
| `facts.levers_seeds`, `facts.static_seeds`, `facts.ranges_seeds` | seeds of levers' shares, static prices, assumption ranges |
| `warning.N` | a warning of the summary, as text and whole: it comes in words and is quoted in its own |
| `worlds.all`, `worlds.best`, `worlds.seeds` | stress worlds, those in which a policy is best, the fewest seeds of one |
| `evidence.all`, `evidence.STATUS`, `evidence.STATUS.GRADE` | parameters, of a status, of a grade (`any.A`, `assumed.none`) |
| `assumption.PATH.value`, `low`, `high` | a parameter's value and the ends of its range |
| `assumption.PATH.moved_low`, `moved_high` | between what it was moved |
| `assumption.PATH.words` | what it is, in words: its note, up to where the first clause ends |

What begins with `worlds`, `evidence` or `assumption` needs all findings; the others a summary.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulation.experiment.batch.equal_cost import WITHIN
from simulation.statistics.findings import Findings
from simulation.statistics.intervals import material_amount
from simulation.statistics.recommend import recommend
from simulation.statistics.series import smoothing_months

if TYPE_CHECKING:
    from simulation.statistics.summary import Summary

CLAUSE = re.compile(r"[.;:](?:\s|$)")
"""Where the first clause of a note ends."""
LONGEST_STAY = 24
"""[months] The stay that titles speak of, where curves reach as far."""
LIMITS: Mapping[str, float] = {"lose": 0.05, "lose_much": 0.10, "equal_cost": WITHIN}
"""What words draw the line at: a loss of pay, a large one, and what still counts as equal cost."""


FRAMES: Mapping[str, tuple[str, ...]] = {
    "bridge": ("line",), "survival_segments": ("segment", "tenure"), "leavers": ("by", "group", "kind"),
    "leavers_total": ("by", "group"), "attainment": ("bin",),
}  # fmt: skip
"""Series that are addressed step by step: the columns that name a step, in the order of a path."""


def cell(source: Summary | Findings, measure: str, policy: str, statistic: str, world: str = "") -> float | str:
    """The number, or the text, at an address; `world` names a stress world, whose summary is looked into.

    Raises
    ------
    KeyError
        When there is none.
    """
    summary = summary_of(source, world)
    place, _, rest = statistic.partition(".")
    if not rest:
        return _of_table(summary, measure, policy, statistic)
    if place in _OF_FINDINGS:
        if not isinstance(source, Findings):
            raise KeyError(statistic)
        return _OF_FINDINGS[place](source, policy, rest)
    if statistic == "survival_segments.months":
        return float(stay_months(summary, place))
    if place in FRAMES:
        *steps, column = rest.split(".")
        at = {name: int(step) if step.isdigit() else step for name, step in zip(FRAMES[place], steps, strict=True)}
        return _of_series(summary, place, policy, column, **at)
    return _PLACES[place](summary, measure, policy, rest)


def summary_of(source: Summary | Findings, world: str = "") -> Summary:
    """The summary of a study, or of one of its stress worlds; a summary is its own."""
    if not isinstance(source, Findings):
        return source
    return source.stress[world] if world else source.summary


def stay_months(summary: Summary, curves: str = "survival") -> int:
    """Months of a stay that titles speak of: two years, or as long as any of the curves reaches; 0 where there is none."""
    tenures = summary.series[curves]["tenure"]
    return min(LONGEST_STAY, int(tenures.max()) if len(tenures) else 0)


def extreme_group(summary: Summary, policy: str, *, losers: bool) -> Mapping[Any, Any] | None:
    """The group of reps that would lose, or gain, the largest part of pay, if its interval leaves zero out."""
    if summary.static is None:
        return None
    rows = summary.static.extremes(policy, losers=losers)
    sure = rows[rows["relative_low"] * rows["relative_high"] > 0.0]
    return sure.iloc[0].to_dict() if len(sure) else None


def _of_table(summary: Summary, measure: str, policy: str, statistic: str) -> float | str:
    if statistic == "require":
        return float(summary.facts.require[measure][1])
    if statistic == "material":
        least = material_amount(summary.facts.material.get(measure), float(summary.value(summary.baseline, measure)))
        return float(least or 0.0)
    found = summary.value(policy, measure, statistic)
    return found if isinstance(found, str) else float(found)


def _of_material(summary: Summary, measure: str, _: str, rest: str) -> float:
    material = summary.facts.material[measure]
    if rest != "share" or not material.relative:
        raise KeyError(f"material.{rest}")
    return float(material.value)


def _of_series(summary: Summary, series: str, policy: str, column: str, **at: object) -> float:
    """A column of the row of a series for a policy and one step of its axis."""
    frame = summary.series[series]
    here = frame["policy"] == policy
    for name, value in at.items():
        here &= frame[name] == value
    rows: list[Any] = frame[here].to_dict("records")
    if not rows:
        raise KeyError((series, policy, *at.values()))
    return float(rows[0][column])


def _of_timeline(summary: Summary, measure: str, policy: str, rest: str) -> float:
    if rest == "months":
        return float(smoothing_months(summary.facts.months))
    last = summary.series["timeline"]["month"].max()
    return _of_series(summary, "timeline", policy, rest.removeprefix("last."), measure=measure, month=last)


def _of_survival(summary: Summary, _: str, policy: str, rest: str) -> float:
    if rest == "months":
        return float(stay_months(summary))
    tenure, column = rest.split(".")
    return _of_series(summary, "survival", policy, column, tenure=int(tenure))


def _of_static(summary: Summary, _: str, policy: str, rest: str) -> float | str:
    if summary.static is None:
        raise KeyError(f"static.{rest}")
    group, _, column = rest.partition(".")
    if not column:
        return float(str(summary.static.policies.loc[policy, rest]))
    row = extreme_group(summary, policy, losers=group == "losers")
    if row is None:
        raise KeyError(f"static.{rest}")
    return row[column] if isinstance(row[column], str) else float(row[column])


def _of_lever(summary: Summary, measure: str, policy: str, rest: str) -> float:
    """`KEY.share.mean`, `together.mean` or `whole.mean`."""
    if summary.reasons is None:
        raise KeyError(f"lever.{rest}")
    found = summary.reasons.by_lever[policy][measure]
    *path, column = rest.split(".")
    parts = {"together": found.together, "whole": found.whole}
    return float(getattr(parts.get(path[0]) or found.levers[path[0]].share, column))


def _of_reason(summary: Summary, _: str, policy: str, rest: str) -> float:
    """`TERM.difference.mean` or `TERM.odds.mean`."""
    term, kind, column = rest.split(".")
    reasons = summary.reasons
    shift = None if reasons is None else reasons.of_all[policy] if term == "all" else reasons.by_reason[policy][term]
    if shift is None or shift.difference is None or kind not in {"difference", "odds"}:
        raise KeyError(f"reason.{rest}")
    value = float(getattr(shift.difference, column))
    return math.expm1(value) if kind == "odds" else value


def _of_stays(summary: Summary, _: str, policy: str, rest: str) -> float:
    frame = summary.series["stays"].set_index("policy")
    return float(str(frame.loc[policy, rest]))


def _of_ranks(summary: Summary, _: str, policy: str, rest: str) -> float:
    rank = summary.ranks[policy]
    if rank.rank is None:
        raise KeyError(f"rank.{rest}")
    return float({"place": rank.rank, "holds": rank.holds}[rest])


def _of_reach(summary: Summary, measure: str, policy: str, rest: str) -> float | str:
    if summary.assumptions is None:
        raise KeyError(f"reach.{rest}")
    reach = summary.assumptions.policies[policy][measure]
    name, _, place = rest.partition(".")
    found = getattr(reach, name)
    if place:
        return str(found[int(place)])
    return float(len(found) if isinstance(found, tuple) else found)


def _of_moved(summary: Summary, _: str, policy: str, rest: str) -> float:
    moved = summary.moved[policy]
    return float(moved.after / moved.before - 1.0 if rest == "share" else getattr(moved, rest))


def _of_limits(_: Summary, __: str, ___: str, rest: str) -> float:
    return LIMITS[rest]


def _of_facts(summary: Summary, _: str, policy: str, rest: str) -> float:
    facts = summary.facts
    parts = {"levers_seeds": summary.reasons, "static_seeds": summary.static, "ranges_seeds": summary.assumptions}
    part = parts.get(rest)
    if part is not None:
        return float(part.seeds)
    if rest in ("fewest", "own"):
        counts = summary.stopping.seeds if summary.stopping else dict.fromkeys(summary.policies, facts.seeds)
        return float(min(counts.values()) if rest == "fewest" else counts[policy])
    lists = {
        "policies": summary.policies, "drawn": facts.draws.drawn if facts.draws else (),
        "moved": summary.assumptions.moved if summary.assumptions else (),
    }  # fmt: skip
    if rest in lists:
        return float(len(lists[rest]))
    if rest not in ("seeds", "seats", "months", "assumed"):
        raise KeyError(f"facts.{rest}")
    return float(getattr(facts, rest))


def _of_warnings(summary: Summary, _: str, __: str, rest: str) -> str:
    return summary.warnings[int(rest)]


def _of_worlds(findings: Findings, policy: str, rest: str) -> float:
    results = findings.stress.values()
    if rest == "all":
        return float(len(results))
    if rest == "best":
        return float(sum(recommend(result).leader == policy for result in results))
    if rest != "seeds":
        raise KeyError(f"worlds.{rest}")
    return float(min(result.facts.seeds for result in results))


def _of_evidence(findings: Findings, _: str, rest: str) -> float:
    assumptions = findings.assumptions
    status, _, grade = rest.partition(".")
    if status == "all":
        return float(len(assumptions))
    here = (assumptions["status"] == status) | (status == "any")
    if grade:
        here &= assumptions["grade"].fillna("") == ("" if grade == "none" else grade)
    return float(here.sum())


def _of_assumption(findings: Findings, _: str, rest: str) -> float | str:
    """`PATH.value`, where a path has full stops itself."""
    path, _, name = rest.rpartition(".")
    if name.startswith("moved_"):
        moved = findings.summary.assumptions.moved if findings.summary.assumptions else ()
        ends = {one.name: {"moved_low": one.low, "moved_high": one.high} for one in moved}
        return float(ends[path][name])
    rows: list[Any] = findings.assumptions[findings.assumptions["parameter"] == path].to_dict("records")
    if not rows or name not in ("value", "low", "high", "words"):
        raise KeyError(f"assumption.{rest}")
    if name == "words":
        return CLAUSE.split(str(rows[0]["note"] or ""), maxsplit=1)[0].strip()
    found = rows[0][name]
    return float(found) if isinstance(found, int | float) else str(found)


_OF_FINDINGS: Mapping[str, Callable[[Findings, str, str], float | str]] = {
    "worlds": _of_worlds, "evidence": _of_evidence, "assumption": _of_assumption,
}  # fmt: skip
_PLACES: Mapping[str, Callable[[Summary, str, str, str], float | str]] = {
    "timeline": _of_timeline, "survival": _of_survival, "static": _of_static, "lever": _of_lever,
    "reason": _of_reason,
    "rank": _of_ranks, "reach": _of_reach, "stays": _of_stays,
    "moved": _of_moved, "limit": _of_limits, "facts": _of_facts, "material": _of_material,
    "warning": _of_warnings,
}  # fmt: skip
