"""Study, industry, market, months and seats, as they are chosen at the left side of the page."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")

from sides import left_side

from simulation.app.drafts.draft import Draft
from simulation.app.settings.markets import Place, anchoring, conditions, packs, study_titles
from simulation.scenario import shipped_packs, shipped_studies, shipped_worlds


@pytest.fixture(scope="module")
def on_side():
    """Builds the picker for the study of a growth mix and does something with it."""
    with left_side(Draft.of_study("growth_mix"), "picker") as act:
        yield act


def offered(chooser):
    """What a list offers, by value."""
    return {made.props["value"]: made.text for made in chooser.default_slot.children}


def test_what_is_shipped_is_offered_by_its_title(on_side):
    """Every shipped study, industry pack and market can be chosen."""
    lists = on_side(lambda side: [offered(side.named(label)) for label in ("Study", "Industry", "Market")])

    assert list(lists[0]) == list(shipped_studies())
    assert lists[0] == dict(study_titles())
    assert list(lists[1]) == list(shipped_packs())
    assert set(lists[2]) - {"none"} == set(shipped_worlds()) - set(shipped_packs())


def test_an_industry_and_a_market_become_the_world(on_side):
    """The pack stands first, the market is laid over it, and the study's own world is not kept as a change."""

    def does(side):
        side.enter("Market", "downturn")
        side.enter("Industry", "medtech")
        both = side.page.draft.scenario().world
        side.enter("Market", "none")
        side.enter("Industry", "saas_mid_market")
        return both, side.page.draft.world

    assert on_side(does) == (("worlds/medtech.toml", "worlds/downturn.toml"), ())


def test_the_page_says_whether_levels_are_anchored(on_side):
    """Under the pack's ordinary plan they are; under another pack's they are not, and a button starts from that pack's plan."""

    def does(side):
        first = side.words()
        side.enter("Industry", "medtech")
        second, shown = side.words(), side.button("Start from this industry's ordinary plan").props.get("hidden")
        side.press("Start from this industry's ordinary plan")
        return first, second, shown, side.words(), side.page.draft

    first, second, shown, third, draft = on_side(does)
    assert "Levels are anchored: the baseline is the ordinary plan of SaaS mid-market" in first
    assert "Levels are not anchored under this baseline: MedTech" in second
    assert shown is None
    assert "Levels are anchored: the baseline is the ordinary plan of MedTech" in third
    assert "Your file: medtech" in third
    assert draft.scenario().packs == ("worlds/medtech.toml",)


@pytest.mark.parametrize("pack", sorted(packs()))
def test_every_packs_starter_is_anchored(pack):
    """What the button opens is the plan under which the pack's numbers were solved."""
    from simulation.scenario.starter import starter_text

    assert anchoring(Draft.opened(starter_text(pack=pack), pack).scenario())[0]


def test_months_and_seats_are_taken_and_refused_in_sentences(on_side):
    """Good numbers are in the draft; others leave it as it is and say what is taken."""

    def does(side):
        side.enter("Time simulated", "60")
        side.enter("Seats", "120")
        good = side.page.draft
        side.enter("Time simulated", "7")
        side.enter("Seats", "-3")
        return good, side.faults(), side.page.draft == good

    good, faults, same = on_side(does)
    assert (good.months, good.seats, good.scenario().months) == (60, 120, 60)
    assert same
    assert faults[0].startswith("months = 7 is refused; it takes a whole number in [12, 120]")
    assert faults[1].startswith("seats = -3 is refused; it takes a whole number in [1, 100,000]")


def test_another_study_keeps_months_and_luck(on_side):
    """Who compares studies compares them over the same months."""

    def does(side):
        side.enter("Time simulated", "48")
        side.enter("Luck only", True)
        side.enter("Study", "equity_or_cash")
        return side.page.draft

    draft = on_side(does)
    assert (draft.study, draft.months, draft.luck_only) == ("equity_or_cash", 48, True)


@pytest.mark.parametrize("study", sorted(shipped_studies()))
def test_a_world_is_put_together_as_it_was_taken_apart(study):
    """Pack, market and whatever else a study names stand in `world` as they stood."""
    world = Draft.of_study(study).scenario().world

    assert Place.of(world).world == world
    assert {PurePosixPath(name).stem for name in world} <= set(packs()) | set(conditions())
