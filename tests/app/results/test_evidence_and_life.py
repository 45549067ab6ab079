"""The tabs on evidence and on one rep's life, without a browser."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("nicegui", reason="the page needs the extra app: pip install -e '.[app]'")

from lives import made_life
from made_pages import MadeTalk, all_of, by_text, event, made_answer, opened, texts, until

from simulation.app.results.evidence import Evidence
from simulation.app.results.life import LifeOfASeat
from simulation.app.results.resting import GRADES, resting_of
from simulation.errors import ScenarioError
from simulation.evidence.read import grade_of, sources
from simulation.report.claims import GRADE_NOTE
from simulation.scenario import read_scenario
from simulation.statistics.summary import counted


def answer_of_a_study():
    """An answer whose scenario is a shipped study; nothing is simulated."""
    answer = made_answer()
    return SimpleNamespace(**{**vars(answer), "scenario": read_scenario("scenarios/growth_mix.toml")})


def test_what_the_numbers_rest_on_is_counted_from_the_parameters():
    """Levers are those that a policy sets; counts add up to the parameters in use; claims bear the verdicts that ship."""
    answer = answer_of_a_study()
    found = resting_of(answer)
    levers = answer.scenario.policies[0].levers
    set_by_some = [key for key in levers if any(not policy.levers[key].is_neutral() for policy in answer.scenario.policies)]
    idle = set(levers) - set(set_by_some)
    used = [row for row in answer.scenario.parameters.rows.values() if row.group not in idle]
    s9 = [claim.id for lever in found.levers if lever.key == "autonomy" for claim in lever.claims]

    assert [lever.key for lever in found.levers] == set_by_some
    assert sum(counts[-1] for counts in found.counts.values()) == len(used)
    assert all(sum(counts[:-1]) == counts[-1] and len(counts) == len(GRADES) + 1 for counts in found.counts.values())
    assert s9 == ["S9a", "S9b"]
    assert f"Of {counted(len(used), 'parameter')} in use" in found.sentences[-1]
    assert answer.summary.intervals[1:] in found.sentences[0]


def test_grades_and_sources_are_those_of_the_rows():
    """A parameter stands with the grade of its best source and its sources' keys, each given in full below."""
    answer = answer_of_a_study()
    rows = answer.scenario.parameters.rows
    for lever in resting_of(answer).levers:
        own = [row for (group, _), row in rows.items() if group == lever.key]
        assert [one.grade for one in lever.parameters] == [grade_of(row) or "none" for row in own]
        assert all(lever.sources[key] == sources()[key] for row in own for key in row.source)


def test_the_tab_says_grade_d_plainly():
    """Claims stand with their verdicts, and that grade D means one unnamed firm each."""

    async def run():
        async with opened(lambda page: Evidence(page.talk), SimpleNamespace(talk=MadeTalk(answer_of_a_study()))) as (user, tab):
            tab.refresh()
            await until(lambda: "S9a" in texts(user))
            return texts(user)

    said = asyncio.run(run())

    assert GRADE_NOTE in said
    assert "not reached with defaults" in said


def lived(answer, desk, steps):
    """What `steps(user, tab)` finds on the tab of a life with this desk."""

    async def run():
        page = SimpleNamespace(talk=MadeTalk(answer), desk=desk)
        async with opened(LifeOfASeat, page) as (user, tab):
            tab.refresh()
            return await steps(user, tab, page)

    return asyncio.run(run())


@pytest.mark.usefixtures("undrawn")
def test_a_seat_is_followed_and_then_the_next():
    """The desk is asked for what the form says; the story, the picture and the months stand on the page."""
    asked = []

    def life(draft, seeds, policy, seat, seed, against=None):
        asked.append((draft.name, seeds, policy, seat, seed, against))
        return made_life([(0, 23, "")], seat=seat)

    async def steps(user, *_):
        event(user, by_text(user, "button", "Follow this seat"), "click")
        await until(lambda: "Seat 0 under" in texts(user))
        event(user, by_text(user, "button", "Another seat"), "click")
        await until(lambda: "Seat 1 under" in texts(user))
        return texts(user)

    said = lived(made_answer(), SimpleNamespace(threads=None, life=life), steps)

    assert asked == [("first", 3, "p1_cut_a_fifth", 0, 100, None), ("first", 3, "p1_cut_a_fifth", 1, 100, None)]
    assert "no employee" in said
    assert 'class="behind"' in said


def test_refusals_are_sentences():
    """What the desk refuses, and what is no number, stands in the tab as a sentence."""

    def life(*_, **__):
        raise ScenarioError("growth_mix: seat = 999 is none of its seats; give a whole number from 0 to 199")

    async def steps(user, tab, _):
        event(user, by_text(user, "button", "Follow this seat"), "click")
        await until(lambda: any("none of its seats" in getattr(one, "text", "") for one in all_of(user, "p")))
        tab._seat = "x"
        event(user, by_text(user, "button", "Follow this seat"), "click")
        return [getattr(one, "text", "") for one in all_of(user, "p")]

    assert 'Seat = "x" is no whole number; write one such as 0' in lived(made_answer(), SimpleNamespace(threads=None, life=life), steps)


@pytest.mark.usefixtures("undrawn")
def test_a_life_of_other_settings_is_called_stale():
    """Once the page is of other settings the life that was told says so, and stays."""

    async def steps(user, tab, page):
        event(user, by_text(user, "button", "Follow this seat"), "click")
        await until(lambda: "Seat 0 under" in texts(user))
        fresh = texts(user)
        page.talk.answer = made_answer(name="second")
        tab.refresh()
        return fresh, texts(user)

    desk = SimpleNamespace(threads=None, life=lambda *_, **__: made_life([(0, 23, "")], seat=0))
    fresh, later = lived(made_answer(), desk, steps)

    assert "Stale" not in fresh
    assert "Stale: of the settings before" in later
    assert "Seat 0 under" in later


@pytest.fixture
def undrawn(monkeypatch):
    """Pictures of lives are not drawn."""
    monkeypatch.setattr("simulation.app.results.life.image_of", lambda _: '<img alt="">')
