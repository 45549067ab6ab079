"""The right side of the page: the numbers, their staleness, the tabs and their pictures, without a browser."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest

pytest.importorskip("nicegui", reason="the page needs the extra app: pip install 'orgsim[app]'")

from hard_cases import summary_of  # noqa: E402
from made_pages import MadeTalk, all_of, by_text, event, made_answer, opened, texts, until  # noqa: E402
from synthetic import LABELS  # noqa: E402

from simulation.app import figure  # noqa: E402
from simulation.app.board import Board  # noqa: E402
from simulation.app.numbers import FIRST_WARNINGS, number_lines, warnings_of  # noqa: E402
from simulation.app.state import size_text  # noqa: E402
from simulation.experiment.sheets import frame_as_csv  # noqa: E402
from simulation.report.figures import pictures  # noqa: E402
from simulation.report.html.charts import chart_of, page_charts  # noqa: E402
from simulation.report.table import table_blocks  # noqa: E402

NASTY = ("Status quo", '<script>alert(1)</script> {{ 7 * 7 }}', "<b>x</b>")


def page_of(talk, **more):
    """A page with a conversation and nothing else."""
    return SimpleNamespace(talk=talk, **more)


def drawn_names(monkeypatch):
    """The names of the pictures that are drawn from now on, in order."""
    names = []

    def spied(summary, picture, language):
        names.append(picture.name)
        return chart_of(summary, picture, language)

    monkeypatch.setattr(figure, "chart_of", spied)
    return names


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

    assert size_text(answer) == "200 seats, 24 months; 3 seeds so far, 64 wanted"
    assert size_text(SimpleNamespace(**{**vars(answer), "draft": there})) == "200 seats, 24 months; 3 seeds"


def test_first_numbers_are_waited_for_in_words():
    """Before there is an answer the board says that the first numbers are being worked out."""

    async def look():
        async with opened(Board, page_of(MadeTalk(working="32 seeds"))) as (user, _):
            return texts(user), by_text(user, "button", "More seeds").props.get("disabled")

    said, disabled = asyncio.run(look())

    assert "The first numbers are being worked out." in said
    assert "Working out: 32 seeds." in said
    assert disabled


def test_stale_numbers_stay_and_are_called_stale():
    """While newer numbers are worked out the old ones stay as they were, the word stale beside them, and progress is shown."""

    async def look():
        talk = MadeTalk(made_answer())
        async with opened(Board, page_of(talk)) as (user, board):
            fresh = board._numbers.content
            said = texts(user)
            talk.stale, talk.working, talk.progress = True, "32 seeds", 0.25
            board.refresh()
            (bar,) = all_of(user, "progress")
            return fresh, board._numbers.content, said, texts(user), bar.props.get("value"), "stale" in board._root.classes

    fresh, kept, before, after, progress, grey = asyncio.run(look())

    assert fresh == kept
    assert "<table" in fresh
    assert "\nstale\n" not in before
    assert "\nstale\n" in after
    assert "These numbers are of the settings before. Working out: 32 seeds." in after
    assert progress == 0.25
    assert grey


def test_a_change_is_read_aloud_once():
    """What has come of a change is announced when it is there, and not again when seeds are added that turn no verdict."""

    async def look():
        talk = MadeTalk(made_answer())
        async with opened(Board, page_of(talk)) as (user, board):
            (heard,) = [one for one in user.client.elements.values() if one.props.get("aria-live") == "polite"]
            first = heard.text
            talk.answer = SimpleNamespace(**{**vars(talk.answer), "seeds": 7})
            board.refresh()
            same = heard.text
            talk.answer = made_answer(LABELS[:3], name="second")
            board.refresh()
            return first, same, heard.text

    first, same, other = asyncio.run(look())

    assert first.startswith("New numbers. Cut a fifth ")
    assert same == first
    assert other != first


def test_warnings_beyond_two_are_folded():
    """Two warnings are read at once, the others behind their number."""
    many = tuple(f"warning number {n}" for n in range(5))

    async def look():
        async with opened(Board, page_of(MadeTalk(made_answer(warnings=many)))) as (_, board):
            return board._warnings.content

    shown, folded = asyncio.run(look()).split("<details", 1)

    assert shown.count("<li>") == FIRST_WARNINGS
    assert folded.count("<li>") == len(many) - FIRST_WARNINGS
    assert "3 more warnings" in folded
    assert warnings_of(made_answer(warnings=many).summary)[0] == "Warning number 0."


def test_more_seeds_and_faults_go_through_the_conversation():
    """The button asks the conversation for more seeds; what it refuses stands on the page as sentences."""

    async def look():
        talk = MadeTalk(made_answer(), faults=("a fault <b>.",))
        async with opened(Board, page_of(talk)) as (user, _):
            event(user, by_text(user, "button", "More seeds"), "click")
            return talk.asked, [one.text for one in all_of(user, "p") if "a fault" in getattr(one, "text", "")]

    asked, faults = asyncio.run(look())

    assert asked == ["more seeds"]
    assert faults == ["a fault <b>."]


def test_what_users_wrote_is_never_markup():
    """Labels with markup in them stand on the page escaped, in numbers, titles and tables."""

    async def look():
        async with opened(Board, page_of(MadeTalk(made_answer(NASTY)))) as (user, _):
            await until(lambda: "<img" in texts(user))
            (details,) = [one for one in all_of(user, "details") if any(c.tag == "summary" for c in one)]
            event(user, details, "toggle", args=True)
            return [one.content for one in user.client.elements.values() if getattr(one, "content", "")]

    markup = "\n".join(asyncio.run(look()))

    assert "&lt;script&gt;" in markup
    assert "<script" not in markup
    assert "<b>x" not in markup


def test_only_the_open_tab_is_drawn(monkeypatch):
    """The first tab's picture is drawn, and those of another tab when it is opened; arrows move the focus and open nothing."""
    names = drawn_names(monkeypatch)

    async def look():
        async with opened(Board, page_of(MadeTalk(made_answer()))) as (user, _):
            await until(lambda: "<img" in texts(user))
            tabs = [one for one in all_of(user, "button") if one.props.get("role") == "tab"]
            event(user, tabs[0], "keydown.right")
            stops = [one.props["tabindex"] for one in tabs]
            before = list(names)
            event(user, tabs[3], "click")
            await until(lambda: len(names) > 1 and "<img" in texts(user))
            selected = [one.props["aria-selected"] for one in tabs]
            panels = [one for one in all_of(user, "div") if one.props.get("role") == "tabpanel"]
            named = [panel.props["aria-labelledby"] for panel in panels] == [tabs[3].html_id]
            return before, stops, selected, named

    before, stops, selected, named = asyncio.run(look())

    assert before == ["tradeoff"]
    assert names[1:] == ["bridge_p1_cut_a_fifth"] or names[1].startswith("bridge_")
    assert stops[:3] == [-1, 0, -1]
    assert selected.index("true") == 3
    assert named


def test_an_overtaken_drawing_is_dropped(monkeypatch):
    """Of answers that come while a picture is drawn only the newest is shown, and those between are not drawn at all."""
    seen = []

    def slow(summary, picture, language):
        seen.append(summary.labels["p0_status_quo"])
        return replace(chart_of(summary, picture, language), note=f"of {summary.labels['p0_status_quo']}")

    monkeypatch.setattr(figure, "chart_of", slow)
    answers = []
    for name in ("one", "two", "three"):
        answer = made_answer(name=name)
        answers.append(answer)
        answer.summary = replace(answer.summary, labels={**answer.summary.labels, "p0_status_quo": name})

    async def look():
        talk = MadeTalk(answers[0])
        async with opened(Board, page_of(talk)) as (user, board):
            for talk.answer in answers[1:]:
                board.refresh()
            await until(lambda: "of three" in texts(user))
            return texts(user)

    said = asyncio.run(look())

    assert "two" not in seen
    assert "of one" not in said


def test_numbers_behind_a_picture_can_be_read_and_had():
    """Opened, the table of a picture is there; the download holds the bytes that a report's file holds."""

    async def look():
        answer = made_answer()
        async with opened(Board, page_of(MadeTalk(answer))) as (user, _):
            await until(lambda: "<img" in texts(user))
            (details,) = [one for one in all_of(user, "details") if any(c.tag == "summary" for c in one)]
            before = texts(user)
            event(user, details, "toggle", args=True)
            after = texts(user)
            event(user, by_text(user, "button", "Download as CSV"), "click")
            response = await user.download.next()
            return before, after, response.content, frame_as_csv(next(pictures(answer.summary)).data)

    before, after, got, wanted = asyncio.run(look())

    assert "difference from the baseline" not in before
    assert "difference from the baseline" in after
    assert got == wanted


@pytest.mark.parametrize("tab", ["Why", "Static and lived price"])
def test_what_is_not_worked_out_yet_is_said(tab):
    """Before an answer is deep, tabs that need depth say in a sentence that it is being worked out."""

    async def look():
        async with opened(Board, page_of(MadeTalk(made_answer(deep=False)))) as (user, _):
            event(user, by_text(user, "button", tab), "click")
            await until(lambda: "This is being worked out" in texts(user))

    asyncio.run(look())


def test_one_policy_alone_is_no_fault():
    """With the baseline alone every tab shows something or says why not."""

    async def look():
        async with opened(Board, page_of(MadeTalk(made_answer(LABELS[:1])))) as (user, _):
            event(user, by_text(user, "button", "Money bridge"), "click")
            return texts(user)

    assert "There is no policy beside the baseline to compare" in asyncio.run(look())
