"""What to keep in mind beside a recommendation, the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from simulation.report.style import summary_scale
from simulation.report.words.addresses import cell
from simulation.report.words.equal_cost import is_large_move, moved_sentence
from simulation.report.words.phrases import called, effect, focus, limit, listed, name_of, upper, with_unit
from simulation.report.words.quotes import COUNT, PERCENT, Sentence, count, finer, quote, told
from simulation.report.words.stress import world_name
from simulation.statistics.caveats import FEW_SEEDS, NEVER, ROUGH
from simulation.statistics.recommend import between, recommend

if TYPE_CHECKING:
    from simulation.statistics.findings import Findings
    from simulation.statistics.recommend import Recommendation
    from simulation.statistics.summary import Summary

TURNOVER = "turnover"
ASSUMED = (TURNOVER, "revenue", "contribution")
"""Measures whose differences are known under other assumptions."""
HALF = 0.5
MANY_WORLDS = 2
"""Where the same would be done in more stress worlds than these, they stand in one sentence."""


def cautions(findings: Findings, said: Sentence) -> tuple[Sentence, ...]:
    """Broken requirements, what is passed over, promises beyond the horizon, assumptions and worlds that change the answer, a
    large move for equal cost, what is open, few seeds, and what the intervals leave out; `said` is the headline, not repeated.
    """
    summary, policy = findings.summary, focus(findings.summary)
    found = [*breaches(summary), *_no_better_side(summary), *_no_yardstick(summary)]
    kinder = _passed_over(summary, said)
    near = [summary.baseline, *([policy] if policy else []), *kinder]
    found += [told(partial(_kinder, summary, kinder))] if kinder else []
    found += _warned(summary, near, own=True)
    if policy is not None:
        found += _turned(findings, policy, (summary.facts.objective, *ASSUMED))
        found += [turned for one in kinder for turned in _turned(findings, one, (TURNOVER,))]
        found += [*_worlds(findings), *_moved(summary, policy), *_doubt(summary, policy)]
    found += [*_few(summary), *_warned(summary, near, own=False), *_left_out(summary)]
    return tuple(found)


def warnings_of(summary: Summary) -> list[str]:
    """Every warning of a summary as it is printed, what breaks a requirement in the units of the table."""
    kept = [f"{text}." for text in summary.warnings if not text.endswith(NEVER)]
    return [*(sentence.text for sentence in breaches(summary)), *kept]


def breaches(summary: Summary) -> Iterator[Sentence]:
    """Policies that break a requirement, a sentence a requirement."""
    for key, (sign, bound) in summary.facts.require.items():
        means = {policy: float(summary.value(policy, key)) for policy in summary.policies}
        broken = [policy for policy, mean in means.items() if not (mean <= bound if sign == "<=" else mean >= bound)]
        if broken:
            yield told(partial(_breach, summary, key, broken))


def _breach(summary: Summary, key: str, broken: list[str]) -> str:
    name, required = name_of(summary, key), limit(summary, key)
    if broken == [summary.baseline] and not math.isfinite(summary.value(summary.baseline, key)):
        return f"{called(summary, summary.baseline)} itself has no figure for {name}, which must be {required}."
    if broken == [summary.baseline]:
        own = _beyond(summary, summary.baseline, key)
        return f"{called(summary, summary.baseline)} itself breaks a requirement: {name} is {own} and must be {required}."
    named = listed([f"{called(summary, policy)} ({_beyond(summary, policy, key)})" for policy in broken])
    return f"Not to be recommended, because {name} must be {required}: {named}."


def _beyond(summary: Summary, policy: str, key: str) -> str:
    """A figure with as many digits as show that it lies beyond what is required."""
    if not math.isfinite(summary.value(policy, key)):
        return "no figure"
    scale = finer(summary_scale(summary, key), float(summary.value(policy, key)) - summary.facts.require[key][1])
    return with_unit(quote(summary, key, policy, scale=scale), scale.unit)


def _no_better_side(summary: Summary) -> Iterator[Sentence]:
    objective = summary.facts.objective
    if summary.measures[objective].better == "none" and summary.others:
        yield Sentence(f"{upper(name_of(summary, objective))} has no better side by itself: the highest is taken as best.")


def _no_yardstick(summary: Summary) -> Iterator[Sentence]:
    """A share of a baseline near zero measures nothing: whatever differs counts as material."""
    objective = summary.facts.objective
    material = summary.facts.material.get(objective)
    least = float(cell(summary, objective, "", "material"))
    nothing = math.isfinite(least) and not summary_scale(summary, objective).show(least).strip("0.,")
    if material is not None and material.relative and nothing and summary.others:
        yield told(partial(_all_counts, summary, objective))


def _all_counts(summary: Summary, key: str) -> str:
    share = quote(summary, key, "", "material.share", form="short", scale=replace(PERCENT, digits=2))
    return f"Nearly any difference in {name_of(summary, key)} counts as material, for that is {share}% of a figure near zero."


def _passed_over(summary: Summary, said: Sentence) -> list[str]:
    """Policies that keep more people at no material difference in the objective, which the objective does not see.

    One of whose turnover the headline speaks is left out.
    """
    found, objective = recommend(summary), summary.facts.objective
    if objective == TURNOVER:
        return []
    if found.policy is not None:
        return _tied_and_kinder(summary, found)
    told_of = {number.policy for number in said.quotes if number.measure == TURNOVER}
    return [
        policy for policy in summary.others
        if policy not in (*found.excluded, *told_of)
        and summary.value(policy, objective, "decided") == "same" and summary.value(policy, TURNOVER, "decided") == "better"
    ]  # fmt: skip


def _kinder(summary: Summary, policies: Sequence[str]) -> str:
    scale = summary_scale(summary, TURNOVER)
    size = {policy: quote(summary, TURNOVER, policy, "diff", form="size", scale=scale) for policy in policies}
    named = listed([f"{called(summary, policy)} (by {size[policy]} {scale.difference_unit})" for policy in policies])
    return f"With no material difference in {name_of(summary, summary.facts.objective)}, turnover is lower under {named}."


def _tied_and_kinder(summary: Summary, found: Recommendation) -> list[str]:
    """Policies tied with the one chosen that lower turnover where it does not."""
    leader = str(found.leader)
    if summary.value(leader, TURNOVER, "decided") == "better":
        return []
    tied = [policy for policy in found.rivals if between(summary, policy, leader) == "same"]
    return [policy for policy in tied if summary.value(policy, TURNOVER, "decided") == "better"]


def _warned(summary: Summary, policies: Sequence[str], *, own: bool) -> Iterator[Sentence]:
    """Warnings of the summary that nothing else here says, whole: of some policies, or the others."""
    near = tuple(f"{summary.labels[policy]}: " for policy in policies)
    for place, text in enumerate(summary.warnings):
        if text.endswith((NEVER, ROUGH)) or text.startswith(near) != own:
            continue
        yield told(partial(_whole, summary, place))


def _whole(summary: Summary, place: int) -> str:
    return f"{quote(summary, '', '', f'warning.{place}')}."


def _turned(findings: Findings, policy: str, keys: Sequence[str]) -> Iterator[Sentence]:
    """Assumptions that could turn or shrink what is decided of the policy."""
    summary = findings.summary
    found = summary.assumptions.policies.get(policy, {}) if summary.assumptions else {}
    for key in dict.fromkeys(keys):
        reach = found.get(key)
        for kind in ("flips", "shrinks"):
            if reach is not None and getattr(reach, kind):
                yield told(partial(_turn, findings, policy, key, kind))


def _turn(findings: Findings, policy: str, key: str, kind: str) -> str:
    summary = findings.summary
    move = quote(summary, key, policy, f"reach.{kind}.0")
    path = move.partition("=")[0]
    words = described(findings, path)
    first = move if words == bare(path) else f"{words[:1].lower()}{words[1:]}: {move}"
    many = quote(summary, key, policy, f"reach.{kind}", scale=COUNT)
    at_end = "lies at an end of its range"
    which = f"one assumption {at_end} ({first})" if many == "1" else f"one of {many} assumptions {at_end}, such as {first}"
    does = "turns into its opposite" if kind == "flips" else "shrinks to what is not material"
    return f"What {called(summary, policy)} does to {name_of(summary, key)} {does} if {which}."


def described(findings: Findings, path: str) -> str:
    """What a parameter is, in the words of its note; its name where there are none."""
    known = len(findings.assumptions) and path in set(findings.assumptions["parameter"])
    return (quote(findings, "", "", f"assumption.{path}.words") if known else "") or bare(path)


def bare(path: str) -> str:
    """A parameter's name without what all rules' names begin with."""
    return path.removeprefix("parameters.")


def _worlds(findings: Findings) -> Iterator[Sentence]:
    """Stress worlds in which another policy would be recommended."""
    summary = findings.summary
    found = recommend(summary)
    chosen = found.policy or (found.leader and summary.baseline)
    elsewhere: dict[str | None, list[str]] = {}
    for world, result in findings.stress.items():
        there = recommend(result)
        done = there.policy or (there.leader and summary.baseline)
        if done != chosen:
            elsewhere.setdefault(done, []).append(world)
    for done, worlds in elsewhere.items():
        if len(worlds) > MANY_WORLDS:
            yield Sentence(_in_many(summary, worlds, done))
        else:
            yield from (told(partial(_elsewhere, findings, world, chosen)) for world in worlds)


def _in_many(summary: Summary, worlds: Sequence[str], done: str | None) -> str:
    """What would be done alike in many stress worlds."""
    where = f"In {listed([world_name(world).replace('_', ' ') for world in worlds])}"
    if done is None:
        return f"{where} no policy meets every requirement."
    return f"{where} {called(summary, done)} would be {'kept' if done == summary.baseline else 'chosen'}."


def _elsewhere(findings: Findings, world: str, chosen: str | None) -> str:
    """What would be done in a stress world, and why."""
    summary, where, there = findings.summary, f"In {world_name(world).replace('_', ' ')}", recommend(findings.stress[world])
    does = partial(effect, findings, key=summary.facts.objective, world=world)
    if there.leader is None:
        return f"{where} no policy meets every requirement."
    if there.policy is not None:
        return f"{where} {called(summary, there.policy)} would be chosen: it {does(there.policy)}."
    kept = called(summary, summary.baseline)
    if chosen is None or chosen == summary.baseline:
        return f"{where} {kept} would be kept."
    tried = called(summary, chosen)
    if chosen in there.excluded:
        return f"{where} {kept} would be kept: {tried} breaks a requirement."
    return f"{where} {kept} would be kept: {tried} {does(chosen)}."


def _moved(summary: Summary, policy: str) -> Iterator[Sentence]:
    if policy in summary.moved and is_large_move(summary, policy):
        yield told(lambda: moved_sentence(summary, policy))


def _doubt(summary: Summary, policy: str) -> Iterator[Sentence]:
    """What stands behind an objective that is open: what is not known of parameters, or luck, which more seeds would settle."""
    objective = summary.facts.objective
    chance = float(summary.value(policy, objective, "diff_chance"))
    known = math.isfinite(chance) and math.isfinite(float(summary.value(policy, objective, "diff")))
    if summary.value(policy, objective, "decided") != "open" or not known:
        return
    name = name_of(summary, objective)
    if summary.facts.draws is None:
        yield Sentence(f"More seeds would narrow the interval of {name}, which holds luck alone.")
        return
    luck = told(lambda: f"{quote(summary, objective, policy, 'diff_chance', form='part', scale=PERCENT)}%")
    seeds = "more seeds would not settle it" if chance < HALF else "more seeds would help"
    text = f"Of the doubt about {name} {luck.text} is luck and the rest is parameters that nobody knows better: {seeds}."
    yield Sentence(text, luck.quotes)


def _few(summary: Summary) -> Iterator[Sentence]:
    if summary.facts.seeds == 1:
        yield Sentence("One seed gives no interval: nothing here is decided.")
    elif summary.facts.seeds < FEW_SEEDS:
        yield told(lambda: f"{count(summary, 'facts.seeds', 'seed')} are few: intervals are rough.")


def _left_out(summary: Summary) -> Iterator[Sentence]:
    """What the intervals do not hold."""
    if summary.facts.assumed and summary.others:
        yield told(partial(_unheld, summary))


def _unheld(summary: Summary) -> str:
    text = f"Intervals leave out what is not known of {count(summary, 'facts.assumed', 'assumed parameter')}"
    if not summary.assumptions or not summary.assumptions.moved:
        return f"{text}."
    moved = quote(summary, "", "", "facts.moved", scale=COUNT)
    return f"{text}; {moved} of them {'was moved' if moved == '1' else 'were moved, one at a time'}."
