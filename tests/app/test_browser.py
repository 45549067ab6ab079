"""The page from end to end: the command serves it, the system's Chromium opens it, a hand moves what it finds there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from contextlib import ExitStack

import pytest
from browsers import chromium, needed, opened, served

from simulation.evidence.measures import MEASURES
from simulation.report.style import scale_of

pytestmark = pytest.mark.slow

STUDY = """
title    = "Pay more"
world    = ["worlds/saas_mid_market.toml"]
baseline = "today"
months   = 24
seats    = 40
seeds    = { first = 7, count = 32 }

[policies.today]
label      = "Today"
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }

[policies.change]
label      = "Change"
like       = "today"
"""
MORE = """
[policies.second]
label      = "A second one with a long name"
like       = "today"
equity     = { grant = 0.2, vesting = 36 }

[policies.third]
label      = "Third"
like       = "today"
autonomy   = { discount_authority = 0.3 }
"""
"""Two more alternatives, one of which promises something beyond the run."""
CONTRAST = """() => {
    const numbers = text => [...text.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
    const light = colour => colour.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
        .reduce((sum, x, n) => sum + [0.2126, 0.7152, 0.0722][n] * x, 0);
    const around = one => { const all = []; for (; one; one = one.parentElement) all.push(one); return all; };
    const over = (top, share, below) => below.map((x, n) => share * top[n] + (1 - share) * x);
    const ground = one => around(one).reverse().map(each => numbers(getComputedStyle(each).backgroundColor))
        .reduce((below, [r, g, b, share]) => over([r, g, b], share, below), [255, 255, 255]);
    const walk = document.createTreeWalker(document.querySelector('.page'), NodeFilter.SHOW_TEXT), found = [];
    for (let text; (text = walk.nextNode());) {
        const one = text.parentElement;
        if (!text.textContent.trim() || !one.checkVisibility() || one.closest('.heard, .skip, [hidden]')) continue;
        const below = ground(one), share = around(one).reduce((all, each) => all * getComputedStyle(each).opacity, 1);
        const [high, low] = [light(over(numbers(getComputedStyle(one).color), share, below)), light(below)].sort((a, b) => b - a);
        found.push([(high + 0.05) / (low + 0.05), text.textContent.trim().slice(0, 40)]);
    }
    return found;
}"""
"""Of every text that is seen: its contrast with what is behind it, as the web's guidelines reckon it, and its first words."""
NEW = 2
"""Column of the change among a row's cells, the heading's counted."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The page's address, a browser, and the folder the server runs in."""
    needed()
    folder = tmp_path_factory.mktemp("page")
    (folder / "pay_more.toml").write_text(STUDY, encoding="utf-8")
    with ExitStack() as open_:
        address = open_.enter_context(served("pay_more.toml", folder=folder))
        yield address, open_.enter_context(chromium()), folder


@pytest.fixture
def page(stage):
    """One person's page, with its numbers; whatever it asks of another host fails the test."""
    address, browser, _ = stage
    page = opened(browser, address)
    settled(page)
    yield page
    elsewhere = page.elsewhere
    page.context.close()
    assert elsewhere == []


def settled(page):
    """Wait until the numbers are those of what is set, and nothing is worked out any more."""
    page.locator(".numbers tbody").first.wait_for()
    page.wait_for_function(
        "() => !document.querySelector('.board.stale') && document.querySelector('.working progress.idle')"
    )  # fmt: skip


def shown(page, measure="Turnover"):
    """Mean, difference and verdict of the change's figure, as they stand on the page."""
    row = page.locator(".numbers tbody tr").filter(has=page.locator("th", has_text=re.compile(f"^{measure}"))).first
    cell = row.locator("td").nth(NEW - 1)
    return {name: cell.locator(f".{name}").text_content().strip() for name in ("mean", "difference", "verdict", "ends")}


def number(text):
    """A figure as printed, as a number."""
    return float(re.match(r"[+−]?[\d,.]+", text)[0].replace("−", "-").replace(",", ""))


def pick(page, label):
    """Choose the policy that is set."""
    page.get_by_role("radio", name=re.compile(label)).check()


def slider(page, name):
    """A setting's slider."""
    return page.get_by_label(f"{name}, slider", exact=True)


def turn(page, name, key):
    """Press a key on a setting's slider, and wait until the page has taken the change over."""
    was = page.url
    slider(page, name).press(key)
    page.wait_for_function("was => location.href !== was", arg=was)


def copied(page, name):
    """What a button of the page's head would copy."""
    page.get_by_role("button", name=name).click()
    text = page.locator("dialog[open] textarea").input_value()
    page.get_by_role("button", name="Close").click()
    return text


def compared(folder, *arguments):
    """What the command line says of the same, as JSON."""
    command = [sys.executable, "-m", "simulation", "compare", *arguments, "--json", "--no-deck", "--out", "results"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_higher_pay_level_keeps_people_as_soon_as_the_slider_is_let_go(page):
    """Pay far above the market's lowers turnover, and the page says so by sign, verdict and number."""
    before = shown(page)
    assert number(before["difference"]) == 0.0
    pick(page, "Change")
    turn(page, "pay_level", "End")
    settled(page)
    after = shown(page)
    assert number(after["mean"]) < number(before["mean"])
    assert number(after["difference"]) < 0.0
    assert after["verdict"] == "better"
    assert number(shown(page, "Pay cost")["difference"]) > 0.0


def test_old_numbers_stay_and_are_called_stale_until_the_new_ones_are_there(page):
    """From the moment a setting is changed until its numbers are there, the old ones are on the page, marked by a word."""
    page.evaluate(
        """() => {
            window.seen = [];
            const look = () => window.seen.push([
                document.querySelector('.numbers .mean')?.innerText ?? '',
                document.querySelector('.stale-word').innerText.trim(),
                document.querySelector('.board').classList.contains('stale')]);
            const all = {subtree: true, childList: true, attributes: true, characterData: true};
            new MutationObserver(look).observe(document.querySelector('.board'), all);
        }"""
    )  # fmt: skip
    pick(page, "Change")
    turn(page, "rate", "ArrowRight")
    page.wait_for_function("() => window.seen.some(one => one[2])")
    settled(page)
    seen = page.evaluate("() => window.seen")
    assert all(mean for mean, _, _ in seen), "the numbers were hidden"
    assert all((word == "stale") == stale for _, word, stale in seen), "the word and the grey do not go together"
    assert not seen[-1][2]


def test_copied_toml_and_command_give_the_page_s_digits_on_the_command_line(page, stage):
    """The scenario as TOML, run by the command the page gives, prints every headline figure the page shows."""
    folder = stage[2]
    pick(page, "Change")
    turn(page, "rate", "ArrowRight")
    turn(page, "base_share", "ArrowLeft")
    settled(page)
    (folder / "copied.toml").write_text(copied(page, "Copy as scenario TOML"), encoding="utf-8")
    said = [line for line in copied(page, "Copy as command").splitlines() if line.startswith("orgsim compare")]
    options = shlex.split(said[-1])[3:]
    found = compared(folder, "copied.toml", *options)
    assert found["seeds"] == 32
    for key, heading in (("turnover", "Turnover"), ("revenue", "Revenue"), ("contribution", "Contribution")):
        own = found["policies"]["change"][key]
        scale = scale_of(MEASURES[key], [found["policies"][one][key]["mean"] for one in found["policies"]])
        on_page = shown(page, heading)
        assert on_page["mean"] == scale.show(own["mean"])
        assert on_page["difference"].startswith(scale.show(own["difference"]["mean"], sign=True))
        assert on_page["verdict"] == own["difference"]["decided"]


def test_a_link_shows_another_person_the_same_page(page, stage):
    """Whoever opens the copied link sees the same settings and the same digits."""
    pick(page, "Change")
    turn(page, "pay_level", "PageUp")
    settled(page)
    link = copied(page, "Copy link")
    assert len(link) < 4_200
    there = opened(stage[1], link)
    settled(there)
    pick(there, "Change")
    for measure in ("Turnover", "Revenue"):
        assert shown(there, measure) == shown(page, measure)
    assert slider(there, "pay_level").get_attribute("aria-valuetext") == slider(page, "pay_level").get_attribute("aria-valuetext")
    there.context.close()


def test_two_people_do_not_see_each_other_s_settings(page, stage):
    """What one page is set to changes nothing on another that is open at the same time."""
    other = opened(stage[1], stage[0])
    settled(other)
    before = shown(other)
    pick(page, "Change")
    turn(page, "pay_level", "End")
    settled(page)
    other.wait_for_timeout(500)
    assert shown(other) == before
    assert shown(page) != before
    pick(other, "Change")
    assert slider(other, "pay_level").get_attribute("aria-valuetext") == "1"
    other.context.close()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("typo.toml", STUDY.replace("base_share = 0.5", "bas_share = 0.5"), "bas_share"),
        ("away.toml", STUDY.replace("worlds/saas_mid_market.toml", "../../etc/passwd"), "leaves the scenario's folder"),
        ("own.toml", STUDY.replace("worlds/saas_mid_market.toml", "worlds/mine.toml"), "mine"),
        ("big.toml", STUDY + "#" * 1_000_001, "1 MB"),
        ("broken.toml", "title = ", "not TOML"),
        ("page.html", "<script>window.ran = true</script>", ".toml"),
    ],
    ids=["typo", "away", "own", "big", "broken", "page"],
)
def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(page, name, content, told):
    """A file that is too large, broken, leads elsewhere or is none is refused by name, and the numbers stay."""
    before = shown(page)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/plain", "buffer": content.encode()})
    alert = page.locator(".faults .fault").first
    alert.wait_for()
    assert told in alert.inner_text()
    assert "Traceback" not in page.locator("body").inner_text()
    assert shown(page) == before
    assert page.evaluate("() => window.ran") is None


def test_a_good_file_is_taken_over(page):
    """An opened scenario replaces what was set, with its own policies and labels."""
    other = STUDY.replace('"Change"', '"<b>Bold & co</b>"').replace('"Pay more"', '"Another study"')
    page.locator("input[type=file]").set_input_files({"name": "other.toml", "mimeType": "text/plain", "buffer": other.encode()})
    page.get_by_text("Another study").first.wait_for()
    settled(page)
    heads = page.locator(".numbers").first.locator("thead")
    assert heads.get_by_text("<b>Bold & co</b>").count() == 1, "a label is text, never markup"


def test_everything_is_reached_and_changed_by_the_keyboard(page):
    """From the page's top the tab key reaches the policies, a slider and the tabs; arrows change what has the focus."""
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className").startswith("skip")
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.getAttribute('role') || document.activeElement.type"))
        if {"tab", "range", "radio", "number", "button"} <= reached:
            break
    assert {"tab", "range", "radio", "number", "button"} <= reached


def focused(page):
    """The words of what has the focus."""
    return page.evaluate("() => document.activeElement.innerText")


def test_arrows_lead_from_tab_to_tab_and_enter_opens_one(page):
    """Arrows, Home and End move the focus at once, around the ends, and open nothing; Enter opens what has it."""
    page.get_by_role("tab", name="Trade-off").focus()
    found = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowRight", "End", "Home", "ArrowRight"):
        page.keyboard.press(key)
        found.append(focused(page))
    assert found == ["Timeline", "Trade-off", "One rep's life", "Trade-off", "One rep's life", "Trade-off", "Timeline"]
    chosen = page.locator("[role=tab][aria-selected=true]")
    assert chosen.inner_text() == "Trade-off"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('[role=tab][aria-selected=true]').innerText === 'Timeline'")
    assert focused(page) == "Timeline"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "tabpanel"


def test_every_field_has_a_name_for_screen_readers(page):
    """No field, button or picture on the page is without an accessible name, with every lever and a life's form unfolded."""
    page.evaluate("() => document.querySelectorAll('.left details:not([open]) > summary').forEach(one => one.click())")
    page.get_by_role("tab", name="One rep's life").click()
    page.get_by_role("button", name="Follow this seat").wait_for()
    page.wait_for_function("() => [...document.querySelectorAll('.lever')].every(one => one.querySelector('.setting'))")
    named, nameless = page.evaluate(
        """() => [true, false].map(named => [...document.querySelectorAll('input, select, textarea, button, img, progress')]
            .filter(one => one.closest('.page'))
            .filter(one => !one.closest('.unseen') && !one.closest('[hidden]'))
            .filter(one => named === !!(one.labels?.length || one.getAttribute('aria-label') || one.textContent.trim() || one.alt
                                        || document.getElementById(one.getAttribute('aria-labelledby'))))
            .map(one => one.outerHTML.slice(0, 160)))"""
    )  # fmt: skip
    assert nameless == []
    assert len(named) > 200


def test_every_tab_opens_with_a_picture_or_a_table(page):
    """Each tab shows something that can be read, and no picture is without its numbers behind it."""
    for tab in page.get_by_role("tab").all():
        name = tab.inner_text()
        tab.click()
        panel = page.get_by_role("tabpanel", name=name)
        if name == "One rep's life":
            panel.get_by_role("button").first.click()
        panel.locator("img, svg, table").first.wait_for(state="attached")
        page.wait_for_function("() => !document.querySelector('[role=tabpanel]:not([hidden]) .figure.stale')")
        pictures, behind = panel.locator("img").count(), panel.locator("details table").count()
        assert behind >= pictures, f"{name}: a picture without its numbers"
        assert pictures or name in ("Claims, evidence", "One rep's life"), f"{name}: no picture"
    assert "Traceback" not in page.locator("body").inner_text()


def test_a_typed_value_out_of_range_is_refused_under_its_field(page):
    """An absurd value is told by name, value, unit and range where it was typed; the number in force stays."""
    pick(page, "Change")
    field = page.get_by_label("rate", exact=True)
    field.fill("7")
    field.press("Enter")
    fault = page.get_by_role("alert").filter(has_text="rate = 7").first
    fault.wait_for()
    assert "[0, 1]" in fault.inner_text()
    assert number(shown(page)["difference"]) == 0.0


def test_numbers_tabs_and_the_chart_s_top_are_seen_without_scrolling(page):
    """With three alternatives a laptop shows the big numbers, the warning of a short run, all tabs in one line and the chart."""
    more = {"name": "more.toml", "mimeType": "text/plain", "buffer": (STUDY + MORE).encode()}
    page.locator("input[type=file]").set_input_files(more)
    page.get_by_text("A second one").first.wait_for()
    settled(page)
    warning = page.get_by_role("note", name="Warning of a short run")
    assert "of a 24-month run" in warning.inner_text()
    page.locator(".figure img").first.wait_for()
    place = {name: page.locator(name).first.bounding_box() for name in (".headline", ".tablist", ".tab", ".figure img")}
    lines = page.evaluate("() => { const one = document.querySelector('.headline'); "
                          "return one.clientHeight / parseFloat(getComputedStyle(one).lineHeight); }")  # fmt: skip
    assert round(lines) <= 2
    assert place[".tablist"]["height"] < 1.5 * place[".tab"]["height"]
    assert place[".tablist"]["y"] + place[".tablist"]["height"] < 720
    assert place[".figure img"]["y"] < 700
    assert page.evaluate("() => document.querySelector('.right').scrollTop") == 0


def test_what_is_unfolded_stays_unfolded_when_new_numbers_come(page):
    """The fold with more figures is opened once, and is open still when a setting has been changed and its numbers are there."""
    page.locator(".folds summary", has_text="More figures").click()
    pick(page, "Change")
    before = shown(page, "Pay cost")
    turn(page, "pay_level", "End")
    settled(page)
    assert page.get_by_role("rowheader", name=re.compile("^Pay cost")).is_visible()
    assert shown(page, "Pay cost") != before


def test_a_promise_that_cannot_be_kept_is_given_up_by_one_press(page):
    """Costs that cannot be made equal are refused without a path of this machine; the button beside it brings the answer."""
    own = STUDY.replace('like       = "today"', 'like = "today"\nequal_cost = { to = "today", by = "equity.grant" }')
    own = own.replace('label      = "Change"', 'label = "Change"\nequity = { grant = 0.1, vesting = 12 }')
    page.locator("input[type=file]").set_input_files({"name": "own.toml", "mimeType": "text/plain", "buffer": own.encode()})
    page.locator(".board-faults p, .numbers").first.wait_for()
    settled(page)
    pick(page, "Change")
    turn(page, "pay_level", "End")
    refusal = page.locator(".board-faults p")
    refusal.wait_for()
    assert refusal.inner_text().startswith("own: policies.change.equal_cost: ")
    page.get_by_role("button", name="Let the cost of Change differ").click()
    refusal.wait_for(state="detached")
    settled(page)
    assert shown(page)["verdict"] == "better"
    assert page.evaluate("() => document.activeElement.className") == "standing"


def test_every_text_stands_out_from_what_is_behind_it(page):
    """Fresh, stale and with the baseline locked, every text that is seen has a contrast of at least 4.5."""
    found = {"fresh": page.evaluate(CONTRAST)}
    pick(page, "Today")
    page.locator(".levers[disabled]").wait_for()
    found["locked"] = page.evaluate(CONTRAST)
    pick(page, "Change")
    page.evaluate("() => document.querySelector('.board').classList.add('stale')")
    found["stale"] = page.evaluate(CONTRAST)
    assert [(state, *one) for state, texts in found.items() for one in texts if one[0] < 4.5] == []
    assert all(len(texts) > 100 for texts in found.values())


def test_a_look_that_is_shorter_than_its_study_is_said_at_once(stage):
    """A shipped study of 60 months is looked at over 36, and what that leaves out stands above the tabs without a press."""
    _, browser, folder = stage
    with served("growth_mix", folder=folder) as address:
        page = opened(browser, address)
        settled(page)
        assert page.get_by_role("note").get_by_text("36 of the study's 60 months are simulated").is_visible()
        page.context.close()
