"""What a page is set to: each change is what `--set` would make of the study, or is refused in a sentence."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from simulation.app.drafts.changes import value_text
from simulation.app.drafts.draft import LOOK_MONTHS, MOST_ALTERNATIVES, Draft
from simulation.errors import ScenarioError
from simulation.scenario import read_scenario, shipped_studies

RATE = "policies.growth_mix.commission.rate"
DAYS = "policies.growth_mix.autonomy.approval_days"
OWN = """
title = "Ours"
baseline = "today"
[policies.today]
[policies.more]
like = "today"
autonomy = { approval_days = 5 }
"""
MANY = """
baseline = "p0"
[policies.p0]
[policies.p1]
[policies.p2]
[policies.p3]
equal_cost = { to = "p1", by = "commission.pay_level" }
[policies.p4]
[policies.p5]
"""


@pytest.fixture
def mix() -> Draft:
    """The study of learning and autonomy against pay, as a page opens it."""
    return Draft.of_study("growth_mix")


def test_a_draft_is_a_value(mix: Draft) -> None:
    """Drafts that say the same are equal and hash alike, and none can be written to."""
    again = Draft.of_study("growth_mix").with_value(RATE, "0.12")

    assert {again, mix.with_value(RATE, "0.12")} == {again}
    assert mix != again
    with pytest.raises(FrozenInstanceError):
        mix.months = 12  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(shipped_studies()))
def test_every_shipped_study_opens(name: str) -> None:
    """A shipped study has at most three alternatives on the page, the last of its file, over at most 36 months."""
    draft = Draft.of_study(name)
    file = read_scenario(shipped_studies()[name])
    alternatives = [policy.key for policy in file.policies[1:]]

    assert list(draft.alternatives) == alternatives[-MOST_ALTERNATIVES:]
    assert list(draft.spare()) == alternatives[:-MOST_ALTERNATIVES]
    assert draft.scenario().months == min(file.months, LOOK_MONTHS)
    assert draft.scenario(2).seed_count == 2


def test_changes_are_those_of_the_command_line(mix: Draft) -> None:
    """The scenario of a page is what the reader makes of the file, the options and the --set items."""
    draft = mix.with_value(RATE, "0.12").with_value(DAYS, "9").with_choice(world=["worlds/steady.toml"], seats=40)
    read = read_scenario(
        shipped_studies()["growth_mix"], months=36, seats=40, seeds=8, world=["worlds/steady.toml"], settings=draft.settings
    )

    assert draft.scenario(8).resolved() == read.resolved()
    assert draft.settings == ("policies.learning_only=off", f"{RATE}=0.12", f"{DAYS}=9")


@pytest.mark.parametrize(
    ("path", "changed", "own"),
    [
        (RATE, "0.12", "0.08"),
        (RATE, "none", "8e-2"),
        ("policies.pay_only.commission.period", "month", '"quarter"'),
        ("policies.pay_only.commission.tiers", "[[1, 2]]", "[[1, 1.5]]"),
        ("policies.pay_only.commission.ramp_quota", "false", "true"),
        ("policies.growth_mix.autonomy", "off", "policy's own"),
        ("policies.growth_mix.label", '"Mix 2"', '"Growth mix"'),
        ("policies.growth_mix.starts", "6", "0"),
        ("policies.growth_mix.equal_cost", "off", '{ by = "commission.pay_level", to = "pay_only" }'),
        ("world.market.regions", "3", "world's own"),
    ],
)
def test_what_the_study_says_itself_is_no_change(mix: Draft, path: str, changed: str, own: str) -> None:
    """A value that is put back to the study's own, however it is written, leaves the draft as it was."""
    other = mix.with_value(path, changed)
    back = other.without(path) if "own" in own else other.with_value(path, own)

    assert other.is_changed(path)
    assert back == mix
    assert not back.is_changed(path)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (RATE, "7", "7 share is refused"),
        (RATE, "banana", "refused"),
        (RATE, "nan", "no value"),
        ("policies.growth_mix.commission.rat", "0.1", "nearest is rate"),
        ("policies.growth_mx.commission.rate", "0.1", "nearest is growth_mix"),
        ("policies.growth_mix.label", '"Pay only"', "label of pay_only as well"),
        ("months", "12", "option of its own"),
        ("../etc/passwd", "1", "is no change"),
    ],
)
def test_what_the_reader_refuses_is_refused(mix: Draft, path: str, value: str, told: str) -> None:
    """A change that no scenario can have is refused in a sentence that says what is wrong."""
    with pytest.raises(ScenarioError, match=told):
        mix.with_value(path, value)


def test_values_now_and_of_the_study(mix: Draft) -> None:
    """A control shows the value as it stands, and knows the one to which it is reset."""
    draft = mix.with_value(RATE, "0.12")

    assert (draft.value("growth_mix", "commission", "rate"), draft.own_value("growth_mix", "commission", "rate")) == (0.12, 0.08)
    assert [draft.is_changed(path) for path in (RATE, "policies.growth_mix.commission", "policies.growth_mix", "")] == [True] * 4
    assert not draft.is_changed("policies.pay_only")
    assert not draft.is_changed(DAYS)


def test_reset_at_each_level(mix: Draft) -> None:
    """A setting, a lever, a policy and everything can be put back to what the study says."""
    draft = mix.with_value(RATE, "0.12").with_value(DAYS, "9").with_value("policies.pay_only.spiff.key_award", "0.5")

    assert draft.without(DAYS).settings == (*mix.settings, f"{RATE}=0.12", "policies.pay_only.spiff.key_award=0.5")
    assert draft.without("policies.growth_mix.autonomy") == draft.without(DAYS)
    assert draft.without("policies.growth_mix").settings == (*mix.settings, "policies.pay_only.spiff.key_award=0.5")
    assert draft.with_choice(baseline="growth_mix").without("") == mix


def test_everything_is_put_back_but_the_place(mix: Draft) -> None:
    """A reset of all settings leaves the world and the sizes that were chosen."""
    placed = mix.with_choice(world=["worlds/steady.toml"], months=24, seats=50, luck_only=True)

    assert placed.with_value(RATE, "0.12").without("") == placed


def test_a_word_for_a_lever_and_its_settings(mix: Draft) -> None:
    """Off and typical replace what was set of a lever; a setting put back under them is the study's own."""
    lever = "policies.growth_mix.autonomy"
    typical = mix.with_value(DAYS, "9").with_value(lever, "typical")
    changed = typical.with_value(DAYS, "11")

    assert mix.with_value(DAYS, "9").with_value(lever, "off").settings[-1] == f"{lever}=off"
    assert typical == mix.with_value(lever, "typical")
    assert changed.value("growth_mix", "autonomy", "approval_days") == 11
    assert changed.without(DAYS).value("growth_mix", "autonomy", "approval_days") == 2
    assert changed.without(lever) == mix


def test_settings_that_go_together(mix: Draft) -> None:
    """Settings that the reader takes only together are changed together."""
    draws = {f"policies.pay_only.commission.{name}": value for name, value in (("draw", "0.4"), ("draw_months", "6"))}
    draft = mix.with_values(draws)

    assert [draft.value("pay_only", "commission", name) for name in ("draw", "draw_months")] == [0.4, 6]


def test_a_policy_is_added_as_one_stands(mix: Draft) -> None:
    """A policy more is a copy with what was set of its model, under a key after its label."""
    draft = mix.with_value(RATE, "0.12").leave_out("autonomy_only").add_policy("growth_mix", "Mix, bolder!")
    copy, model = (draft.scenario().policy(key) for key in ("mix_bolder", "growth_mix"))

    assert draft.alternatives == ("tolerance_only", "growth_mix", "mix_bolder")
    assert (copy.label, copy.levers, copy.equal_cost) == ("Mix, bolder!", model.levers, model.equal_cost)
    assert draft.copies() == ("mix_bolder",)


@pytest.mark.parametrize("label", ["又一个方案", "99%", "growth mix", "\"; rm -rf ~; '$(x)`", "off", "true", "a  b", " a "])
def test_any_printable_label_names_a_policy(mix: Draft, label: str) -> None:
    """Whatever a policy is called, it has a key of its own and keeps its label."""
    draft = mix.leave_out("growth_mix").add_policy("pay_only", label)
    added = draft.scenario().policies[-1]

    assert added.label == label
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", added.key)


def test_a_copy_of_a_copy(mix: Draft) -> None:
    """A policy that was added can be copied too, as it stands."""
    draft = mix.leave_out("autonomy_only").leave_out("tolerance_only").add_policy("growth_mix", "First")
    second = draft.with_value("policies.first.autonomy.approval_days", "7").add_policy("first", "Second")

    assert second.value("second", "autonomy", "approval_days") == 7
    assert second.without("policies.first").alternatives == ("growth_mix", "first", "second")
    assert second.leave_out("first").value("second", "autonomy", "approval_days") == 7


def test_a_copy_goes_with_all_that_was_set_of_it(mix: Draft) -> None:
    """Nothing of a copy stays when it is taken away, and nothing but the copy when it is reset."""
    room = mix.leave_out("autonomy_only")
    copy = room.add_policy("growth_mix", "Mine")
    changed = copy.with_value("policies.mine.starts", "6")

    assert changed.is_changed("policies.mine")
    assert not copy.is_changed("policies.mine")
    assert changed.without("policies.mine") == copy
    assert changed.leave_out("mine") == room


def test_left_out_and_shown_again(mix: Draft) -> None:
    """A policy left out loses its changes and comes back as the study has it."""
    draft = mix.with_value(RATE, "0.12").leave_out("growth_mix")

    assert draft.alternatives == ("autonomy_only", "tolerance_only")
    assert draft.spare() == ("learning_only", "growth_mix")
    assert draft.show("growth_mix") == mix
    assert draft.show("learning_only").alternatives == ("learning_only", "autonomy_only", "tolerance_only")


def test_three_alternatives_are_the_most(mix: Draft) -> None:
    """A fourth alternative is refused however it comes about."""
    fourth = ("policies.learning_only", "learning_only")
    for more in (lambda: mix.show(fourth[1]), lambda: mix.add_policy("pay_only", "More"), lambda: mix.without(fourth[0])):
        with pytest.raises(ScenarioError, match=r"4 alternatives .* leave one out first"):
            more()


def test_the_baseline_can_be_another(mix: Draft) -> None:
    """One of the alternatives becomes the baseline, which is then not to be left out; the old one is an alternative."""
    draft = mix.with_choice(baseline="growth_mix")

    assert draft.scenario().baseline == "growth_mix"
    assert draft.alternatives == ("pay_only", "autonomy_only", "tolerance_only")
    assert draft.with_choice(baseline="pay_only") == mix
    with pytest.raises(ScenarioError, match="choose another"):
        draft.leave_out("growth_mix")
    with pytest.raises(ScenarioError, match="pay_only"):
        draft.leave_out("pay_only")


def test_choices_that_the_study_makes_are_not_kept(mix: Draft) -> None:
    """World, seats and baseline put to the study's own are no choice."""
    own = {"world": ["worlds/saas_mid_market.toml"], "seats": 200, "baseline": "pay_only"}

    assert mix.with_choice(**own) == mix
    assert mix.with_choice(world=["worlds/steady.toml"], seats=40).with_choice(**own) == mix


@pytest.mark.parametrize(
    "wrong", [{"months": 0}, {"months": 1000}, {"seats": -4}, {"world": ["../x.toml"]}, {"baseline": "nobody"}]
)
def test_choices_are_checked(mix: Draft, wrong: dict[str, object]) -> None:
    """A size, a world or a baseline that no scenario can have is refused."""
    with pytest.raises(ScenarioError):
        mix.with_choice(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("seeds", [0, -1, 10**6, 99_999])
def test_seeds_are_checked(mix: Draft, seeds: int) -> None:
    """A number of seeds that is none, or needs more memory than there is, is refused."""
    with pytest.raises(ScenarioError, match="seeds"):
        mix.scenario(seeds)


def test_an_own_file_and_its_worlds(tmp_path: Path) -> None:
    """A file of the command line may name worlds beside it; a page's own changes leave it alone."""
    (tmp_path / "worlds").mkdir()
    (tmp_path / "worlds" / "ours.toml").write_text("[market]\nregions = { value = 3, status = 'assumed' }\n")
    (tmp_path / "plan.toml").write_text(f'world = ["worlds/ours.toml"]\n{OWN}')
    draft = Draft.of_file(tmp_path / "plan.toml")

    assert draft.scenario().parameters.rows["market", "regions"].value == 3
    assert (draft.name, draft.study) == ("plan", "")
    assert draft.with_value("policies.more.autonomy.approval_days", "5") == draft


def test_a_shipped_file_is_its_study(tmp_path: Path) -> None:
    """A shipped study is the same whether it is named or its file is."""
    assert Draft.of_file("growth_mix") == Draft.of_file(shipped_studies()["growth_mix"]) == Draft.of_study("growth_mix")
    with pytest.raises(ScenarioError, match="does not exist"):
        Draft.of_file(tmp_path / "nothing.toml")


def test_what_an_equal_cost_needs_is_shown() -> None:
    """Of many alternatives the last are shown, and the policy whose cost one of them is made to match."""
    draft = Draft.opened(MANY, "many.toml")

    assert draft.alternatives == ("p2", "p4", "p5") or set(draft.alternatives) >= {"p4", "p5"}
    assert set(draft.alternatives) | set(draft.spare()) == {"p1", "p2", "p3", "p4", "p5"}


def test_a_late_policy_has_its_months() -> None:
    """A study with a policy that begins after 36 months is shown over all of its own."""
    assert Draft.opened(OWN.replace("like =", "starts = 40\nlike ="), "late.toml").months == 60
    assert Draft.opened(f"months = 24\n{OWN}", "short.toml").months == 24


def test_an_uploaded_file_reads_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An uploaded file names shipped worlds only, whatever lies where the server runs."""
    (tmp_path / "worlds").mkdir()
    (tmp_path / "worlds" / "ours.toml").write_text("[market]\nregions = { value = 3, status = 'assumed' }\n")
    monkeypatch.chdir(tmp_path)

    for key in ("world", "stress"):
        with pytest.raises(ScenarioError, match="no world that can be found"):
            Draft.opened(f'{key} = ["worlds/ours.toml"]\n{OWN}', "plan.toml")
    assert Draft.opened(f'world = ["worlds/steady.toml"]\n{OWN}', "plan.toml").scenario().source is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plan.toml", "plan"), ("/etc/passwd", "passwd"), ("..\\..\\plan.toml", "plan"), ("a\nb\u202e.toml", "a\\nb\\u202e"),
        ("", "scenario"), ("x" * 300, "x" * 80), ("\ud800.toml", "\\ud800"),
    ],
)  # fmt: skip
def test_faults_name_an_uploaded_file_by_its_name(name: str, shown: str) -> None:
    """What is wrong with an uploaded file is told under its name alone, in printable characters."""
    with pytest.raises(ScenarioError) as refusal:
        Draft.opened(OWN.replace("approval_days = 5", "approval_days = -1"), name)

    assert refusal.value.faults[0].startswith((f"{shown}: policies.more", f"{shown}.toml: policies.more"))


@pytest.mark.parametrize(
    "text", ["x" * 1_000_001, "€" * 400_000, "", "\x00", "a = [" * 5_000, "\ud800 = 1", 'title = "\ud800"' + OWN], ids=range(7)
)
def test_bad_uploads_are_refused(text: str) -> None:
    """A file that is too large, empty, or no TOML is refused in a sentence."""
    with pytest.raises(ScenarioError) as refusal:
        Draft.opened(text, "bad.toml")

    assert all(fault.isprintable() for fault in refusal.value.faults)


@pytest.mark.parametrize("ending", ["", "# more", "\n# a comment\n", '\n  # "quoted"', "\n# [policies.third]"])
@pytest.mark.parametrize(
    "question", ['"Is # a comment?"', "'it # is'", '"""\n# no comment\n\n   # nor this\\\n"""', '"a" # "b"', """"it's #1" # no"""]
)
def test_comments_are_left_out_and_nothing_else(question: str, ending: str) -> None:
    """A file is kept without its comments, and says what it said."""
    text = f"question = {question}{ending}\n{OWN}"
    try:
        said = tomllib.loads(text)
        draft = Draft.opened(text, "own.toml")
    except ScenarioError:
        assert "\n" in said["question"]  # no question has two lines
        return

    assert tomllib.loads(draft.text) == said
    assert "a comment\n" not in draft.text


@pytest.mark.parametrize("value", [None, True, 0.1, 3, "month", [[1.0, 1.5]], 1e-7])
def test_values_are_written_as_set_takes_them(value: object) -> None:
    """A value is written so that --set reads the same back."""
    assert value is None or json.loads(value_text(value)) == value
    assert value_text(None) == "none"
