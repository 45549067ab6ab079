"""What is set at the left side of the page: every kind of setting, policies, costs and the search."""

from __future__ import annotations

import pytest

pytest.importorskip("nicegui", reason="needs the extra app: pip install -e '.[app]'")

from sides import left_side

from simulation.app.drafts.draft import Draft
from simulation.levers import catalogue
from simulation.scenario.settings import settings_of

POLICY = "growth_mix"
RATE = "policies.autonomy_only.commission.rate"


@pytest.fixture(scope="module")
def mix():
    """The shipped study of a growth mix, whose first alternative gives autonomy alone."""
    return Draft.of_study(POLICY)


@pytest.fixture(scope="module")
def on_side(mix):
    """Builds the panel for that study and does something with it."""
    with left_side(mix, "panel") as act:
        yield act


def test_every_setting_has_a_control_with_its_name_unit_and_meaning(on_side):
    """With all levers unfolded there is a control of every setting of the catalogue, with what the catalogue says of it."""

    def look(side):
        missing = []
        for key, lever in catalogue().items():
            side.unfold(lever.title)
            card = side.lever(lever.title)
            said = side.words(card)
            ids = {made.html_id for made in card.descendants()}
            labels = {made.text: made.props["for"] for made in card.descendants() if made.tag == "label"}
            for name, setting in settings_of(lever).items():
                unit = "" if setting.kind in {"word", "yes/no"} else setting.unit
                if labels.get(name) not in ids or setting.doc not in said or unit not in said:
                    missing.append(f"{key}.{name}")
        return missing

    assert on_side(look) == []


def test_a_number_that_is_entered_is_in_the_draft_as_set_takes_it(on_side):
    """What is written into a field becomes the item that the command line takes."""

    def does(side):
        side.enter("rate", "0.12")
        return side.page.draft.items

    assert on_side(does)[RATE] == "0.12"


def test_the_slider_and_the_field_of_a_number_show_the_same(on_side):
    """A slider that is let go moves the field, and a field moves the slider."""

    def does(side):
        slider, field = side.named("rate, slider"), side.named("rate")
        stops = slider.props["data-stops"].split(" ")
        side.fire(slider, "change", str(stops.index("0.12")))
        first = field.props["value"], slider.props["aria-valuetext"]
        side.enter("rate", "0.2")
        return first, stops[int(slider.props["value"])], slider.props["aria-valuetext"], side.page.draft.items[RATE]

    assert on_side(does) == (("0.12", "0.12"), "0.2", "0.2", "0.2")


def test_a_wrong_number_is_told_in_the_readers_sentence_and_changes_nothing(on_side, mix):
    """The sentence names path, value, unit and range; the draft stays; what was written stays to be mended."""

    def does(side):
        side.enter("rate", "3")
        field = side.named("rate")
        return side.faults(), field.props["aria-invalid"], field.props["value"], side.page.draft == mix

    faults, invalid, value, same = on_side(does)
    assert faults == [f"--set: {RATE} = 3 share is refused; it takes a number in [0, 1]; 0.1 is typical"]
    assert (invalid, value, same) == ("true", "3", True)


@pytest.mark.parametrize("text", ["", "not a number", "nan", "1e999"])
def test_what_is_no_number_is_refused_before_it_is_read(on_side, mix, text):
    """An empty field, or one whose content a browser cannot read, says what the setting takes."""

    def does(side):
        side.enter("pay_level", text)
        return side.faults(), side.page.draft == mix

    (fault,), same = on_side(does)
    assert same
    assert fault.startswith("commission.pay_level = no")
    assert "a number in [0.3, 3]" in fault


def test_a_refusal_goes_with_the_next_good_value(on_side):
    """A good value takes the sentence away, and the field is valid again."""

    def does(side):
        side.enter("rate", "3")
        side.enter("rate", "0.12")
        return side.faults(), side.named("rate").props.get("aria-invalid")

    assert on_side(does) == ([], None)


def test_an_emptied_field_is_none_where_the_setting_may_be_absent(on_side):
    """A cap that is emptied is no cap."""

    def does(side):
        side.enter("cap", "")
        field = side.named("cap")
        return side.page.draft.value("autonomy_only", "commission", "cap"), field.props["value"], field.props["placeholder"]

    assert on_side(does) == (None, "", "none")


def test_words_boxes_and_tables_are_taken_as_files_write_them(on_side):
    """A word is quoted, a box is true or false, a table is a list of rows; a table that is none is refused."""

    def does(side):
        side.enter("period", "month")
        side.enter("ramp_quota", False)
        side.enter("tiers", "[[1.0, 1.5], [1.2, 2.0]]")
        good = dict(side.page.draft.items)
        side.enter("bonus", "=1+1")
        return good, side.faults(), side.page.draft.items == good

    items, faults, same = on_side(does)
    own = "policies.autonomy_only.commission"
    assert (items[f"{own}.period"], items[f"{own}.ramp_quota"], items[f"{own}.tiers"]) == (
        '"month"', "false", "[[1.0, 1.5], [1.2, 2.0]]",
    )  # fmt: skip
    assert len(faults) == 1
    assert same


def test_a_changed_setting_is_marked_and_is_reset_alone(on_side):
    """Reset beside a setting gives back what the study says of it, and of nothing else."""

    def does(side):
        before = side.button("Reset rate").props.get("hidden")
        side.enter("rate", "0.12")
        side.enter("quota", "1.1")
        shown = side.button("Reset rate").props.get("hidden"), "2 of 19 changed" in side.words(side.lever("Commission plan"))
        side.press("Reset rate")
        return before, shown, side.named("rate").props["value"], list(side.page.draft.items)[-1]

    before, shown, value, item = on_side(does)
    assert (before, shown) == (True, (None, True))
    assert (value, item) == ("0.08", "policies.autonomy_only.commission.quota")


def test_the_baselines_value_stands_beside(on_side):
    """Beside a setting of an alternative stands what the baseline has."""
    said = on_side(lambda side: side.words(side.lever("Commission plan")))

    assert "baseline 0.1 " in said
    assert "baseline [[1.0, 1.5]]" in said


def test_a_lever_is_switched_on_as_a_firm_that_uses_it_and_off(on_side):
    """Typical and off are words for the whole lever."""

    def does(side):
        path = "policies.autonomy_only.equity"
        side.unfold("Equity")
        card = side.lever("Equity")
        on = next(made for made in card.descendants() if getattr(made, "text", "") == "Set as a firm that uses it")
        off = next(made for made in card.descendants() if getattr(made, "text", "") == "Switch off")
        side.fire(on, "click")
        first = side.page.draft.items[path], "in use" in side.words(card)
        side.fire(off, "click")
        return first, path in side.page.draft.items, "in use" in side.words(card)

    assert on_side(does) == (("typical", True), False, False)


def test_the_baseline_is_read_only_until_it_is_asked_for(on_side):
    """The baseline's controls are disabled until the box is ticked, which says that it is another history."""

    def does(side):
        locked = side.named("Levers and their settings")
        with side.user.client:
            side.page.parts[0].choose("pay_only")
        first = locked.props.get("disabled"), "another history" in side.words()
        side.enter("Change the baseline too", True)
        side.enter("rate", "0.11")
        return first, locked.props.get("disabled"), side.page.draft.items["policies.pay_only.commission.rate"]

    assert on_side(does) == ((True, True), None, "0.11")


def test_policies_are_left_out_added_and_shown(on_side):
    """One is left out, another added as a copy under a name of the user's, and a third alternative shown again is refused."""

    def does(side):
        side.press("Leave this policy out")
        side.enter("Name of the new policy", "Bolder")
        side.enter("Starts as a copy of", POLICY)
        side.press("Add policy")
        return side.page.draft, side.words(), side.button("Show Autonomy alone").props.get("disabled")

    draft, said, full = on_side(does)
    assert [policy.label for policy in draft.scenario().policies] == ["Pay only", "Room to fail alone", "Growth mix", "Bolder"]
    assert draft.value("bolder", "autonomy", "discount_authority") == 0.10
    assert "3 alternatives are the most" in said
    assert full is True


def test_costs_are_made_equal_or_left_to_differ(on_side):
    """The line says to whose costs and by what; the box and the lists change it."""

    def does(side):
        said = [side.words()]
        side.enter("by moving", "commission.base_share")
        said.append(side.page.draft.scenario().policy("autonomy_only").equal_cost.by)
        side.enter("Costs made equal by moving one setting", False)
        return [*said, side.page.draft.scenario().policy("autonomy_only").equal_cost, side.words()]

    first, by, none, last = on_side(does)
    assert "Costs made equal to Pay only by moving commission.pay_level." in first
    assert (by, none) == ("commission.base_share", None)
    assert "Costs may differ." in last


def test_a_label_that_is_taken_is_refused_under_the_name(on_side):
    """A name of another policy is refused in a sentence; a name with markup is only text."""

    def does(side):
        side.enter("Name", "Growth mix")
        faults = side.faults()
        side.enter("Name", "<b>Bold</b>")
        return faults, side.faults(), side.page.draft.scenario().policy("autonomy_only").label

    (fault,), none, label = on_side(does)
    assert "is the label of" in fault
    assert (none, label) == ([], "<b>Bold</b>")


def test_search_finds_names_titles_and_descriptions_and_says_how_many(on_side):
    """Words of a description find their setting alone; a lever's title finds all of its settings; nonsense finds nothing."""

    def does(side):
        field = side.named("Search levers and settings")
        counts = []
        for words in ("discount authority", "equity", "zzz", ""):
            side.fire(field, "input", words)
            shown = [lever.key for lever in catalogue().values() if not side.lever(lever.title).props.get("hidden")]
            counts.append((shown, side.words()))
        return counts

    (one, said), (equity, told), (none, nothing), (every, _) = on_side(does)
    assert one == ["autonomy"]
    assert "1 setting of 1 lever found." in said
    assert equity == ["equity"]
    assert "6 settings of 1 lever found." in told
    assert (none, "Nothing found." in nothing) == ([], True)
    assert len(every) == len(catalogue())


def test_reset_all_gives_back_the_study(on_side, mix):
    """After any changes the page shows the study as it was opened."""

    def does(side):
        side.enter("rate", "0.12")
        side.press("Leave this policy out")
        side.press("Reset all")
        return side.page.draft

    assert on_side(does) == mix
