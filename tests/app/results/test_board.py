"""The right side of the page: the numbers, their staleness, the tabs and their pictures, without a browser."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest

pytest.importorskip("nicegui", reason="the page needs the extra app: pip install -e '.[app]'")

from hard_cases import summary_of
from made_pages import MadeTalk, all_of, by_text, event, made_answer, opened, texts, until
from synthetic import LABELS

from simulation.app.drafts.draft import Draft
from simulation.app.results import figure
from simulation.app.results.board import Board
from simulation.app.results.numbers import look_of_months, number_lines, warnings_of
from simulation.app.results.state import size_text
from simulation.experiment.sheets import frame_as_csv
from simulation.report.figures import pictures
from simulation.report.html.charts import Chart, chart_of, page_charts
from simulation.report.table import table_blocks
from simulation.report.words.phrases import focus
from simulation.report.words.quotes import Sentence
from simulation.scenario import shipped_studies
from simulation.statistics.caveats import beyond_horizon

NASTY = ("Status quo", "<script>alert(1)</script> {{ 7 * 7 }}", "<b>x</b>")


def sketch(summary, picture, _):
    """A picture that is not drawn: its name and the baseline's label stand in its note."""
    base = summary.labels[summary.baseline]
    return Chart(picture.name, "", Sentence(f"Title of {base}"), f"note of {picture.name} under {base}", "data:,")


def looked_at(talk, look, **more):
    """What `look(user, board)` finds on a page with this conversation, pictures not drawn."""

    async def run():
        async with opened(Board, SimpleNamespace(talk=talk, **more)) as (user, board):
            return await look(user, board)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "chart_of", sketch)
        return asyncio.run(run())


@cache
def seen():
    """What one page shows, one thing after the other: while it waits, of an answer, stale, of more seeds, of another answer."""
    many = tuple(f"warning number {n}" for n in range(5))
    answer = made_answer(warnings=many)
    talk, found = MadeTalk(working="32 seeds"), SimpleNamespace(sent=[])

    async def look(user, board):
        found.waiting, found.disabled = texts(user), by_text(user, "button", "More seeds").props.get("disabled")
        talk.answer, talk.working, talk.faults = answer, "", ("a fault <b>.",)
        board.refresh()
        await until(lambda: "note of tradeoff" in texts(user))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nicegui.element.Element.update", lambda one: found.sent.append(one.tag))
            board.refresh()
        found.fresh, found.numbers, found.warnings = texts(user), board._numbers.content, board._warnings.content
        found.count, found.at_once = board._count.text, board._horizon.content
        (heard,) = [one for one in user.client.elements.values() if one.props.get("aria-live") == "polite"]
        found.heard = [heard.text]
        event(user, by_text(user, "button", "More seeds"), "click")
        await _download(user, found)
        talk.stale, talk.working, talk.progress = True, "32 seeds", 0.25
        found.moved = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nicegui.element.Element.run_method", lambda one, *told: found.moved.append((one.tag, *told)))
            board.refresh()
        found.kept_by_words = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("nicegui.element.Element.update", lambda one: found.kept_by_words.append(one.tag))
            talk.progress = 0.5
            board.refresh()
        found.stale, found.kept, found.grey = texts(user), board._numbers.content, "stale" in board._root.classes
        talk.stale, talk.answer = False, SimpleNamespace(**{**vars(answer), "seeds": 7})
        board.refresh()
        found.heard.append(heard.text)
        await _open_tab(user, found)
        talk.answer = made_answer(LABELS[:3], name="second")
        board.refresh()
        found.heard.append(heard.text)

    looked_at(talk, look)
    found.asked, found.answer, found.many = talk.asked, answer, many
    return found


async def _download(user, found):
    event(user, by_text(user, "button", "Download as CSV"), "click")
    found.csv = (await user.download.next()).content


async def _open_tab(user, found):
    tabs = [one for one in all_of(user, "button") if one.props.get("role") == "tab"]
    event(user, tabs[3], "click")
    await until(lambda: "note of bridge_" in texts(user))
    found.selected = [one.props["aria-selected"] for one in tabs]
    panels = [one for one in all_of(user, "div") if one.props.get("role") == "tabpanel"]
    found.named = [panel.props["aria-labelledby"] for panel in panels] == [tabs[3].html_id]
    found.controlled = tabs[3].props["aria-controls"] == panels[0].html_id
    found.after_opening = texts(user)


@pytest.mark.parametrize("case", ["five", "negative", "huge", "tiny", "no turnover", "no revenue", "one seed", "same"])
def test_digits_and_verdicts_are_those_of_the_printed_table(case):
    """Every mean, difference, interval and verdict on the page stands in the terminal's table."""
    summary = summary_of(case)
    printed = {(block.measure, line.policy): line.cells for block in table_blocks(summary) for line in block.lines}
    for line in number_lines(summary):
        for one in line.numbers:
            mean, difference, interval, _, verdict = printed[line.measure, one.policy]
            assert one.mean == mean
            if one.policy == summary.baseline:
                assert one.interval == interval
                assert not one.difference
            else:
                assert one.difference.removesuffix(" points") == difference
                assert one.difference_interval == interval
                assert one.verdict == (verdict if difference != "–" else "no figure")


def test_turnover_and_revenue_stand_first_and_what_is_asked_is_there():
    """Turnover and revenue are large and first; the objective and what is required stand below, bookings only if asked for."""
    summary = summary_of("five")
    lines = number_lines(summary)
    asked = number_lines(replace(summary, facts=replace(summary.facts, objective="nrr", require={"bookings": (">=", 1.0)})))

    assert [line.measure for line in lines if line.large] == ["turnover", "revenue"] == [line.measure for line in lines][:2]
    assert "bookings" not in [line.measure for line in lines]
    assert {"nrr", "bookings"} <= {line.measure for line in asked}


def test_a_picture_asked_for_alone_is_the_reports_own():
    """`chart_of` draws what `page_charts` draws: title, note and image, to the byte."""
    summary = summary_of("two")
    picture = next(pictures(summary))

    assert chart_of(summary, picture) == next(page_charts(summary))


def test_seeds_so_far_and_wanted_are_said():
    """The line names both numbers while more seeds are wanted, and one when they are there."""
    answer = made_answer()
    there = replace(answer.draft, seeds=3)

    assert size_text(answer, 1_024) == "200 seats, 24 months; 3 seeds so far, 64 wanted"
    assert size_text(SimpleNamespace(**{**vars(answer), "draft": there}), 1_024) == "200 seats, 24 months; 3 seeds"
    assert size_text(answer, 3) == "200 seats, 24 months; 3 seeds, as many as the page works out of 64"


def test_first_numbers_are_waited_for_in_words():
    """Before there is an answer the board says that the first numbers are being worked out, and what that is."""
    assert "The first numbers are being worked out." in seen().waiting
    assert "Working out: 32 seeds." in seen().waiting
    assert seen().disabled


def test_stale_numbers_stay_and_are_called_stale():
    """While newer numbers are worked out the old ones stay as they were, the word stale beside them, and progress is shown."""
    assert "<table" in seen().numbers
    assert seen().kept == seen().numbers
    assert "\nstale\n" not in seen().fresh
    assert "\nstale\n" in seen().stale
    assert "These numbers are of the settings before. Working out: 32 seeds." in seen().stale
    assert "note of tradeoff" in seen().stale
    assert seen().grey


def test_progress_moves_the_bar_and_nothing_else():
    """How far the work is is told to the bar alone: no element's properties change, for which the whole page is drawn anew."""
    assert seen().moved == [("progress", "setAttribute", "value", "0.25")]
    assert seen().kept_by_words == []


def test_a_change_is_read_aloud_once():
    """What has come of a change is announced when it is there, and not again when seeds are added that turn no verdict."""
    first, more_seeds, other = seen().heard

    assert first.startswith("New numbers. Cut a fifth ")
    assert more_seeds == first
    assert other != first


def test_more_than_one_warning_is_folded():
    """Warnings stand behind their number, every one of them; nothing is read at once where no horizon is short."""
    assert seen().count == "5 warnings"
    assert seen().warnings.count("<li>") == len(seen().many)
    assert not seen().at_once.strip()


def test_what_a_short_run_hides_is_read_at_once():
    """The warning that a policy begins too late for this run is apart from the others, which stand behind their number."""
    answer = made_answer()
    late = replace(answer.scenario.policies[1], starts=20)
    scenario = replace(answer.scenario, policies=(answer.scenario.policies[0], late, *answer.scenario.policies[2:]))
    (told,) = beyond_horizon(scenario)
    first, others = warnings_of(replace(answer.summary, warnings=("rough", told)), scenario)

    assert "starts in month 20 of a 24-month run" in told
    assert first == (f"{told}.",)
    assert others[0] == "Rough."


def test_a_look_shorter_than_its_study_says_so():
    """The page simulates 36 months of a longer study unless told otherwise, and says what that leaves out."""
    (said,) = look_of_months(36, 60)

    assert said == "36 of the study's 60 months are simulated: what a policy does later is not in these numbers."
    assert look_of_months(60, 60) == look_of_months(72, 60) == ()


def test_more_seeds_are_asked_for():
    """The button asks the conversation for more seeds."""
    assert seen().asked == ["more seeds"]


def test_what_is_as_it_was_is_not_sent_again():
    """A refresh that finds nothing new sends the browser nothing."""
    assert seen().sent == []


def test_refusals_are_sentences():
    """What the conversation refuses stands on the page in its own words."""
    assert "a fault <b>." in seen().fresh


def test_only_the_open_tab_is_there():
    """An opened tab is the selected one, its panel bears its name, and the pictures of the others are out of the way."""
    assert seen().selected.index("true") == 3
    assert seen().selected.count("true") == 1
    assert seen().named
    assert seen().controlled
    assert "note of tradeoff" not in seen().after_opening


def test_numbers_stand_behind_a_picture():
    """Under the open tab's picture the table of its numbers is there, folded."""
    assert seen().fresh.count('class="behind"') == 1


def test_the_download_holds_what_a_reports_file_holds():
    """The CSV has the bytes that `orgsim report` writes beside the picture."""
    assert seen().csv == frame_as_csv(next(pictures(seen().answer.summary)).data)


def test_what_users_wrote_is_never_markup():
    """Labels with markup in them stand on the page escaped, in numbers, titles and tables."""

    async def look(user, _):
        await until(lambda: "note of tradeoff" in texts(user))
        return "\n".join(one.content for one in user.client.elements.values() if getattr(one, "content", ""))

    markup = looked_at(MadeTalk(made_answer(NASTY)), look)

    assert markup.count("&lt;script&gt;") > 3
    assert "<script" not in markup
    assert "<b>x" not in markup


def test_an_overtaken_drawing_is_dropped():
    """Of answers that come while pictures are drawn the newest is shown, and those between are not drawn at all."""
    base = made_answer().summary
    answers = [
        SimpleNamespace(**{
            **vars(made_answer(name=name)), "summary": replace(base, labels={**base.labels, base.baseline: f"base {name}"}),
        })
        for name in ("one", "two", "three")
    ]  # fmt: skip
    talk, drawn = MadeTalk(answers[0]), []

    async def look(user, board):
        for talk.answer in answers[1:]:
            board.refresh()
        await until(lambda: "under base three" in texts(user))
        return texts(user)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "pictures", lambda summary, _: (drawn.append(summary.labels[base.baseline]), *pictures(summary))[1:])
        said = looked_at(talk, look)

    assert "base two" not in drawn
    assert "under base one" not in said


def test_what_is_not_worked_out_yet_is_said():
    """Before an answer is deep, tabs that need depth say in a sentence that it is being worked out."""

    async def look(user, _):
        for tab in ("Why", "Static, lived price"):
            event(user, by_text(user, "button", tab), "click")
            await until(lambda: "This is being worked out" in texts(user))

    looked_at(MadeTalk(made_answer(deep=False)), look)


def test_one_policy_alone_is_no_fault():
    """With the baseline alone a tab that compares says that there is nothing to compare."""

    async def look(user, _):
        event(user, by_text(user, "button", "Money bridge"), "click")
        return texts(user)

    assert "There is no policy beside the baseline to compare" in looked_at(MadeTalk(made_answer(LABELS[:1])), look)


def test_seeds_that_stream_in_leave_the_picture_until_the_last_is_there():
    """A picture is drawn of the first answer; while more seeds are on their way it stays, says so, and is drawn at the end."""
    more = {seeds: SimpleNamespace(**{**vars(made_answer()), "seeds": seeds}) for seeds in (3, 6, 9)}
    talk, drawn, said = MadeTalk(more[3], working="figures at 9 seeds"), [], []

    async def look(user, board):
        await until(lambda: "note of tradeoff" in texts(user))
        for talk.answer in (more[6], more[9]):
            board.refresh()
            said.append(texts(user))
        talk.working = ""
        board.refresh()
        await until(lambda: "Drawn from" not in texts(user) and "Stale" not in texts(user))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "pictures", lambda summary, _: (drawn.append(talk.answer.seeds), *pictures(summary))[1:])
        looked_at(talk, look)

    assert drawn == [3, 9]
    assert all("Drawn from 3 seeds; drawn anew when the other seeds are there." in text for text in said)


def test_what_is_unfolded_stays_so_when_numbers_come():
    """New numbers are written into the folds that are there; none of them is made anew."""
    talk = MadeTalk(made_answer())

    async def look(user, board):
        before = [one.id for one in all_of(user, "details")]
        talk.answer = made_answer(LABELS[:3], name="second")
        board.refresh()
        assert [one.id for one in all_of(user, "details")] == before
        return before, board._more.content

    folds, more = looked_at(talk, look)

    assert len(folds) >= 2
    assert "Pay cost" in more


def test_a_promise_of_equal_cost_that_cannot_be_kept_is_given_up_by_a_press():
    """Beside the refusal stands a button that lets the cost differ; the study is called by its name, not by its place."""
    changes = []
    place = shipped_studies()["growth_mix"]
    talk = MadeTalk(faults=(f"{place}: policies.growth_mix.equal_cost: moving commission.pay_level leaves a gap",))
    draft = Draft.of_study("growth_mix")

    async def look(user, _):
        event(user, by_text(user, "button", "Let the cost of Growth mix differ"), "click")
        return texts(user)

    page = {"draft": draft, "change": lambda draft: changes.append(draft.settings) or (), "say": lambda *_: None}
    said = looked_at(talk, look, **page)

    assert [settings[-1] for settings in changes] == ["policies.growth_mix.equal_cost=off"]
    assert "growth_mix: policies.growth_mix.equal_cost: moving" in said
    assert str(place) not in said


def test_leavers_are_shown_of_the_policy_that_is_picked():
    """The tab on who leaves offers the policies beside the baseline, and draws those of the one that is picked."""
    asked = []

    async def look(user, _):
        event(user, by_text(user, "button", "Who leaves"), "click")
        await until(lambda: "note of survival_segments" in texts(user))
        radios = [one for one in all_of(user, "input") if one.props.get("type") == "radio"]
        event(user, radios[0], "change")
        await until(lambda: "Stale" not in texts(user))
        return [one.props["value"] for one in radios]

    answer = made_answer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figure, "pictures", lambda summary, people: (asked.append(people), *pictures(summary, people))[1:])
        offered = looked_at(MadeTalk(answer), look)

    assert offered == list(answer.summary.others)
    assert {offered[0], focus(answer.summary)} <= set(asked)
    frames = {one.name: one.data for one in pictures(answer.summary, offered[0])}
    assert set(frames["leavers_segment"]["policy"]) == {answer.summary.baseline, offered[0]}
