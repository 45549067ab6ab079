"""`--set` on policies: each change is what the file would be with it written in, in any order, or a sentence that names it."""

from __future__ import annotations

import random

import pytest

from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.scenario import Scenario, read_scenario_text

STUDY = """
title = "A study"
world = []
baseline = "plain"
months = 24
seats = 40
seeds = { first = 7, count = 4 }

[policies.mixed]
like = "plain"
commission = { rate = 0.08 }

[policies.plain]
label = "Plain pay"
starts = 3
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }

[policies.free]
equal_cost = { to = "plain", by = "commission.pay_level" }
commission = { base_share = 0.5, rate = 0.10 }
autonomy = { discount_authority = 0.1, approval_days = 2 }

[policies.trial]
starts = 2
ends = 20
commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }
badges = { wall = "skill" }
"""
PLAIN = "commission = { base_share = 0.5, rate = 0.10, tiers = [[1.0, 1.5]], cap = 2.5 }"
FREE = "autonomy = { discount_authority = 0.1, approval_days = 2 }"
COSTS = 'equal_cost = { to = "plain", by = "commission.pay_level" }'


def read(*changes: str, text: str = STUDY, **options: object) -> Scenario:
    """The study with changes."""
    return read_scenario_text(text, "study", settings=changes, **options)  # type: ignore[arg-type]


def faults_of(*changes: str, text: str = STUDY, **options: object) -> tuple[str, ...]:
    """What is said against the study with changes."""
    with pytest.raises(ScenarioError) as refusal:
        read(*changes, text=text, **options)
    return refusal.value.faults


def typical(key: str) -> str:
    """A lever at what is typical, as a file says it."""
    settings = catalogue()[key].typical().model_dump(exclude_none=True)
    return ", ".join(f"{name} = {toml(value)}" for name, value in settings.items())


def toml(value: object) -> str:
    """A setting's value in TOML."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


BY_HAND = {
    "a setting": (["policies.mixed.commission.rate=0.07"], ("rate = 0.08", "rate = 0.07")),
    "a whole lever off": (["policies.free.autonomy=off"], (FREE, "")),
    "a lever that was never on": (["policies.free.badges=off"], ("", "")),
    "a copied lever off": (["policies.mixed.commission=off"], ("commission = { rate = 0.08 }", 'commission = "off"')),
    "a whole lever typical": (["policies.free.autonomy=typical"], (FREE, f"autonomy = {{ {typical('autonomy')} }}")),
    "typical, and then one setting": (
        ["policies.free.autonomy.approval_days=3", "policies.free.autonomy=typical"],
        (FREE, f"autonomy = {{ {typical('autonomy')} }}".replace("approval_days = 2.0", "approval_days = 3")),
    ),
    "off, and then one setting": (
        ["policies.free.autonomy=off", "policies.free.autonomy.discount_authority=0.05"],
        (FREE, "autonomy = { discount_authority = 0.05 }"),
    ),
    "a lever that was off": (
        ["policies.free.knowledge_base.search=0.6"], (FREE, f"{FREE}\nknowledge_base = {{ search = 0.6 }}"),
    ),
    "a setting absent": (["policies.free.commission.rate=none"], ("base_share = 0.5, rate = 0.10 }", "base_share = 0.5 }")),
    "the word none": (["policies.trial.badges.wall=none"], ('wall = "skill"', 'wall = "none"')),
    "a label": (['policies.plain.label="Say \\"hi\\""'], ('"Plain pay"', "'Say \"hi\"'")),
    "a label without the quotes a shell took": (["policies.plain.label=Our plan, 2027"], ('"Plain pay"', '"Our plan, 2027"')),
    "months": (
        ["policies.trial.starts=6", "policies.trial.ends=12"], ("starts = 2\nends = 20", "starts = 6\nends = 12"),
    ),
    "no end": (["policies.trial.ends=none"], ("ends = 20", "")),
    "no equal cost": (["policies.free.equal_cost=off"], (COSTS, "")),
    "an equal cost": (
        ['policies.free.equal_cost={ to = "mixed", by = "commission.rate" }'],
        (COSTS, 'equal_cost = { to = "mixed", by = "commission.rate" }'),
    ),
    "a policy left out": (["policies.trial=off"], (STUDY[STUDY.index("[policies.trial]") :], "")),
    "a new policy": (["policies.new_one.like=plain"], ("[policies.free]", '[policies.new_one]\nlike = "plain"\n[policies.free]')),
    "a new policy like one that is changed": (
        ["policies.other.like=free", "policies.free.autonomy=off", "policies.other.commission.rate=0.2"],
        (FREE, f"[policies.other]\n{COSTS}\ncommission = {{ base_share = 0.5, rate = 0.2 }}\n{FREE}"),
    ),
    "a new policy like one that is left out": (
        ["policies.other.like=trial", "policies.trial=off"], ("[policies.trial]", "[policies.other]"),
    ),
    "a new policy like one that is like another": (
        ["policies.p2.like=mixed", 'policies.p2.label="Second"'],
        ("[policies.free]", '[policies.p2]\nlabel = "Second"\nlike = "plain"\ncommission = { rate = 0.08 }\n[policies.free]'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BY_HAND))
def test_a_change_is_what_the_file_would_be_with_it(name: str) -> None:
    """Everything that numbers depend on is the same as if the file had been changed by hand."""
    changes, (before, after) = BY_HAND[name]
    assert before in STUDY

    assert read(*changes).resolved() == read(text=STUDY.replace(before, after)).resolved()


def test_the_order_of_changes_does_not_matter() -> None:
    """All changes at once, in forty orders, come to one scenario; new policies stand last, in the order they were given."""
    changes = [
        "policies.second.like=free", "policies.second.autonomy=typical", "policies.second.autonomy.approval_days=5",
        "policies.second.commission=off", "policies.second.commission.base_share=0.7", "policies.second.equal_cost=off",
        "policies.free.autonomy=off", "policies.trial=off", "policies.trial.badges=typical", "policies.plain.label=Plain",
        "policies.mixed.starts=6", "policies.mixed.ends=none", "world.demand.multiple=[[0, 0.9]]",
    ]  # fmt: skip
    first = read(*changes)
    shuffle = random.Random(1).sample
    orders = [shuffle(changes, len(changes)) for _ in range(40)]

    assert all(read(*order).resolved() == first.resolved() for order in orders)
    assert [policy.key for policy in first.policies] == ["plain", "mixed", "free", "second"]


def test_new_policies_stand_in_the_order_they_were_given() -> None:
    """What else is said of them, and when, moves nothing."""
    scenario = read("policies.b.autonomy=typical", "policies.a.like=plain", "policies.b.like=plain", "policies.a.starts=1")

    assert [policy.key for policy in scenario.policies][-2:] == ["a", "b"]
    assert [policy.label for policy in scenario.policies][-2:] == ["A", "B"]


def test_a_new_policy_may_be_the_baseline() -> None:
    """What --set adds can be named by --baseline."""
    assert read("policies.b.like=plain", baseline="b").policies[0].key == "b"


def test_what_is_left_out_need_not_fit() -> None:
    """A policy that starts after the last month is in the way no more once it is left out, or starts earlier."""
    late = STUDY.replace("starts = 2\nends = 20", "starts = 20")

    assert "policies.trial.starts = 20 months" in faults_of(text=late, months=12)[0]
    assert len(read("policies.trial=off", text=late, months=12).policies) == 3
    assert read("policies.trial.starts=2", text=late, months=12).policy("trial").starts == 2


def test_a_fault_that_others_copied_is_not_hidden_by_a_change() -> None:
    """A wrong value that --set puts right in one policy is still wrong in the policy that is like it."""
    wrong = STUDY.replace("base_share = 0.5, rate = 0.10, tiers", "base_share = 5.0, rate = 0.10, tiers")
    wrong = wrong.replace("starts = 2\nends = 20\ncommission = { base_share = 5.0", "commission = { base_share = 0.5")

    assert [fault.split(" = ")[0] for fault in faults_of(text=wrong)] == ["study: policies.plain.commission.base_share"]
    (fault,) = faults_of("policies.plain.commission.base_share=0.5", text=wrong)
    assert fault.startswith("study: policies.mixed.commission.base_share = 5.0 share is refused; it takes a number in [0, 1]")


def test_an_end_that_was_copied_must_fit_too() -> None:
    """A policy that starts after the end it copied is refused, where it was once given another end without a word."""
    text = STUDY.replace('like = "plain"\ncommission = { rate = 0.08 }', 'like = "trial"\nstarts = 22')
    (fault,) = faults_of(text=text)

    assert fault == "study: policies.mixed.ends = 20 months is refused; it takes a whole number in [23, 24]"


def test_what_is_expected_of_a_policy_goes_with_it() -> None:
    """An expectation cannot be judged without the policies it compares; the others stay."""
    expect = '\n[[expect]]\nid = "{}"\ntext = "Fewer leave."\nmetric = "turnover"\ncontrast = {{ {} = 1, plain = -1 }}\n'
    text = STUDY + expect.format("S1", "trial") + expect.format("S2", "mixed") + 'direction = "lower"\n'
    text = text.replace("plain = -1 }\n\n", 'plain = -1 }\ndirection = "lower"\n\n')

    assert [one.id for one in read(text=text).expect] == ["S1", "S2"]
    assert [one.id for one in read("policies.trial=off", text=text).expect] == ["S2"]


REFUSALS = {
    ("policies.plain=off",): 'policies.plain = "off" leaves out the baseline; name another with --baseline, or keep this policy',
    ("policies.mixed=off", 'policies.free.equal_cost={ to = "mixed", by = "commission.rate" }'):
        'policies.mixed = "off" leaves out the policy that equal_cost of free names; set policies.free.equal_cost=off as well',
    ("policies.mixde=off",): "policies.mixde is no policy; the nearest is mixed",
    ("policies.mixed=on",): 'policies.mixed = "on" is no change of a policy; write policies.mixed=off',
    ("policies.mixed=typical",): "is no change of a policy; write policies.mixed=off, or policies.mixed.LEVER.SETTING=VALUE",
    ("policies.mixed.like=free",): 'policies.mixed.like = "free" cannot change a policy of the file; choose another key, such as',
    ("policies.extra.like=fre",): 'policies.extra.like = "fre" is no policy of the file; the nearest is free',
    ("policies.extra.like=3",): "policies.extra.like = 3 is refused; it takes the name of a policy of the file",
    ("policies.two.like=one", "policies.one.like=free"): 'policies.two.like = "one" is no policy of the file; known: ',
    ("policies.Extra.like=free",): "policies.Extra is no name; names have 1 to 40 small letters, digits and _",
    ("policies.second.autonomy=off",): "policies.second is no policy; known: mixed, plain, free, trial",
    ("policies.free.autonomy=on",):
        'policies.free.autonomy = "on" is refused; it takes off or typical; one setting is written policies.free',
    ("policies.free.autonomy={ approval_days = 2 }",): "policies.free.autonomy = {approval_days = 2} is refused; it takes off or",
    ("policies.free.autnomy=off",): "policies.free.autnomy is no lever or key of a policy; the nearest is autonomy",
    ("policies.free.start=3",): "policies.free.start is no lever or key of a policy; the nearest is starts",
    ("policies.free.autonomy.approval_day=1",): "policies.free.autonomy.approval_day is no setting of autonomy; the nearest is",
    ("policies.free.autonomy.approval_day=none",):
        "policies.free.autonomy.approval_day is no setting of autonomy; the nearest is",
    ("policies.free.autonomy.approval_days=none",):
        "policies.free.autonomy.approval_days = none is refused, since this setting is never absent; it takes a number in ",
    ("policies.free.commission.pay_level=9",): "policies.free.commission.pay_level = 9 ratio is refused; it takes a number in",
    ("policies.free.label=3 \x1b[31m",): "policies.free.label = ",
    ("policies.free.label=",): 'policies.free.label = "" is refused; it takes a text of 1 to 80 printable characters',
    ("policies.free.label=Plain pay",): 'policies.free.label = "Plain pay" is the label of plain as well; write another',
    ("policies.mixed.label=Free",): 'policies.mixed.label = "Free" is the label of free as well; write another',
    ("policies.free.starts=24",): "policies.free.starts = 24 months is refused; it takes a whole number in [0, 23]",
    ("policies.free.starts=none",): 'policies.free.starts = "none" months is refused; it takes a whole number in [0, 23]',
    ("policies.trial.starts=21",): "policies.trial.ends = 20 months is refused; it takes a whole number in [22, 24]",
    ("policies.free.ends=6",): "policies.free.ends = 6 cannot go with another commission than the baseline's",
    ("policies.plain.commission.cap=3",): "policies.trial.ends = 20 cannot go with another commission than the baseline's",
    ("policies.trial.commission=off",): "policies.trial.ends = 20 cannot go with another commission than the baseline's",
    ("policies.free.equal_cost=on",):
        'policies.free.equal_cost = "on" is refused; it takes { to = "POLICY", by = "LEVER.SETTING" }',
    ("policies.free.equal_cost.to=mixed",): "policies.free.equal_cost.to is set as a whole; write policies.free.equal_cost=VALUE",
    ('policies.free.equal_cost={ to = "mixed" }',): "policies.free.equal_cost needs by: ",
    ('policies.free.equal_cost={ to = "mixde", by = "commission.rate" }',):
        'equal_cost.to = "mixde" is no other policy; the nearest',
    ('policies.free.equal_cost={ to = "mixed", by = "commission.tiers" }',):
        'equal_cost.by = "commission.tiers" is no setting that',
    ('policies.mixed.equal_cost={ to = "free", by = "commission.rate" }',): 'equal_cost.to = "free" has an equal_cost itself',
    ('policies.plain.equal_cost={ to = "mixed", by = "commission.rate" }',):
        'free.equal_cost.to = "plain" has an equal_cost itself',
    ('policies.free.equal_cost={ to = "mixed", by = "commission.rate" }', "policies.free.commission.rate=none"):
        'equal_cost.by = "commission.rate" is not set in this policy; give it a value to start from',
    ("policies.free.commission.rate=0.1", "policies.free.commission.rate=0.2"):
        "policies.free.commission.rate is given twice, as 0.1 and as 0.2; leave one of them out",
    ("policies.free.autonomy.a.b=1",):
        "policies.free.autonomy.a.b is no path of a change; paths are policies.POLICY.LEVER.SETTING",
}  # fmt: skip


@pytest.mark.parametrize("changes", list(REFUSALS), ids=lambda changes: " ".join(changes)[:60].encode("unicode_escape").decode())
def test_what_is_wrong_with_a_change_is_one_sentence_of_the_option(changes: tuple[str, ...]) -> None:
    """Each refusal names --set, the path, the value and what to do; and nothing else is said."""
    faults = faults_of(*changes)

    assert len(faults) == 1
    assert faults[0].startswith("--set: ")
    assert REFUSALS[changes] in faults[0]
    assert faults[0].isprintable()


def test_a_value_may_be_repeated() -> None:
    """The same change twice is one change."""
    assert read(*["policies.free.commission.rate=0.2"] * 2).policy("free").levers["commission"].rate == 0.2


def test_a_fault_of_the_file_stays_the_file_s() -> None:
    """A change of a policy does not take over what was wrong with it before."""
    text = STUDY.replace('by = "commission.pay_level"', 'by = "commission.tiers"')
    (fault,) = faults_of("policies.free.autonomy=typical", text=text)

    assert fault.startswith('study: policies.free.equal_cost.by = "commission.tiers"')


def test_left_out_with_whom_it_names() -> None:
    """A policy whose cost is matched may go when the one that matches it goes too, or matches it no more."""
    promise = 'policies.free.equal_cost={ to = "mixed", by = "commission.rate" }'

    assert [policy.key for policy in read("policies.mixed=off", "policies.free=off", promise).policies] == ["plain", "trial"]
    assert len(read("policies.mixed=off", "policies.free.equal_cost=off").policies) == 3

