"""One seat's life: it is the one that a run has and that the readable model lives, and it refuses what there is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import organisation
import pytest
from ensembles import made_ensemble

from simulation import Rep, SalesOrg, live, run
from simulation.errors import ScenarioError
from simulation.evidence.reasons import TERMS
from simulation.levers.base import Lever
from simulation.scenario import read_scenario
from simulation.seat_months import PERSON, POST
from simulation.vocabulary import Tasks

LEVERS = {
    "commission.rate": 0.06, "commission.base_share": 0.6, "equity.grant": 0.3, "equity.vesting": 12.0, "equity.refresh": 12.0,
    "failure_tolerance.career_cover": 0.5, "failure_tolerance.threshold_relief": -0.2, "autonomy.discount_authority": 0.2,
}  # fmt: skip
SEED = 3


@pytest.fixture(scope="module")
def study():
    """Two policies, 21 seats, 15 months; the mixed one begins in month 2."""
    return organisation.study({"mixed": {**LEVERS, "starts": 2}}, months=15, seats=21, seeds=2)


@pytest.fixture(scope="module")
def drawn(study):
    """The same with draws of parameters."""
    return replace(study, draws=made_ensemble())


@pytest.fixture(scope="module")
def records(drawn):
    """All that a comparison runs on, at a seed of its own and the next."""
    return run(replace(drawn, first_seed=SEED))


class Watched(SalesOrg):
    """The readable model, with what happened to one seat taken down before leavers lay all down."""

    place = None

    def watch(self, seat: int):
        """Take down this seat from now on."""
        self.place, self.seen = seat, {}

    def end_month(self):
        """Take down the rep who sat there."""
        if self.place is not None and self.holders[self.place] in self.reps:
            self.seen[self.month] = figures_of(self, self.holders[self.place])
        super().end_month()


def figures_of(model, rep: Rep) -> dict[str, float]:
    """What the readable model knows of a rep, by the names of a life; chances worked out anew from MODEL.md, 7.10."""
    p, v = model.p, model.p.leaving
    odds = p.labour.quit_intercept + sum(rep.reasons.values())
    reviewed = rep.tenure_now >= v.grace_months + rep.push(Lever.review_grace)
    short = max(v.record_threshold - rep.push(Lever.bar_relief) - rep.record, 0.0)
    held = rep.setbacks * (1.0 - rep.push(Lever.trial_career_cover))
    profile = model.dismissal_profile[int(rep.tenure_now) + 1]
    against = p.labour.dismissal_intercept + profile + v.record_slope * short + v.setback_slope * held
    hazard = 1.0 / (1.0 + np.exp(-against))
    whole = sum(rep.effort)
    shares = {f"effort_{task}": getattr(rep.effort, task) / whole for task in Tasks._fields}
    met = {f"weight_{motive}": weight for motive, weight in rep.profile._asdict().items()}
    return {
        **shares, **met, "effort": whole / sum(model.reference_effort), "tenure": rep.tenure_now, "talent": rep.talent,
        "fit": rep.fit, "cash_pay": rep.cash_pay, "expected_pay": rep.expected_pay,
        "outside_pay": rep.expected_pay / np.exp(rep.gap), "attainment": rep.attainment, "quota": rep.period_quota,
        "record": rep.record, "deals": rep.seat.deals, "quits": rep.quits, "dismissals": rep.dismissals,
        "short_of_bar": short, "held_setbacks": held,
        "quit_chance": (v.floor + 1.0 / (1.0 + np.exp(-odds))) * p.condition.separations,
        "dismissal_chance": (
            (1.0 - (1.0 - hazard) ** model.since_review) * model.period_ends * reviewed * p.condition.separations
        ),
        "demand": rep.seat.region.demand + np.log(p.condition.demand), "manager": rep.seat.team.manager,
        "customers": rep.seat.book.book_customers,
        **{f"term_{term}": rep.reasons[term] for term in TERMS},
    }  # fmt: skip


@pytest.mark.parametrize("seat", [3, pytest.param(16, marks=pytest.mark.slow)])
def test_a_life_is_lived_alike_by_the_readable_model(drawn, seat):
    """Effort, pay, fit, terms of quitting, chances and outcomes agree month by month to nine digits."""
    life = live(drawn, "mixed", seat, SEED)
    model = Watched(drawn, policy="mixed", seed=SEED, draws=True)
    model.watch(seat)
    while model.running:
        model.step()
    there = life.months[life.months["rep"] > 0].set_index("month")
    held = there["released"] > 0.0  # an older wish adds to the chance what no term holds

    assert list(there.index) == sorted(model.seen)
    for month, seen in model.seen.items():
        for name, value in seen.items():
            if name == "quit_chance" and held[month]:
                continue
            assert there.loc[month, name] == pytest.approx(value, rel=1e-9, abs=1e-9), (month, name)
    assert {"quit", "dismissed"} & set(life.stays["reason"])


def test_a_life_is_one_of_those_in_a_comparison(drawn, records):
    """Its stays are those of the run with the same policy and seed, seat by seat, parameters as the seed carries them."""
    spells = records.spells
    row = [policy.key for policy in records.scenario.policies].index("mixed")
    for seat in (3, 20):
        own = spells[(spells["policy"] == row) & (spells["seed"] == SEED) & (spells["seat"] == seat)].sort_values("started")
        stays = live(drawn, "mixed", seat, SEED).stays

        assert list(stays["entered"]) == list(own["started"])
        assert list(stays["reason"].map({"quit": "quit", "dismissed": "dismissal", "stayed": "stayed"})) == list(own["reason"])
        assert stays["talent"].to_numpy() == pytest.approx(own["ability"].to_numpy(), abs=0)
        assert list(stays["tenure"]) == list(own["left"])


def test_all_seats_together_are_the_run(study):
    """Summed over seats, what reps are paid and whether they leave is what the run records, to the last digits."""
    small = replace(study, seats=3, months=5, first_seed=SEED)
    months = [live(small, "mixed", seat).months for seat in range(3)]
    sums = run(small, ledger=False).sums

    for name in ("cash_pay", "quits", "dismissals", "deals", "filled"):
        own = np.nansum([one[name] for one in months], axis=0)
        assert own == pytest.approx(sums[name][1, 0], rel=1e-12), name


def test_another_policy_changes_nothing_about_this_one(study):
    """A seat that is lived under two policies is under each what it is alone."""
    small = replace(study, seats=7, months=6)
    both, alone = live(small, "mixed", 4, against="status_quo"), live(small, "status_quo", 4)

    assert both.against.months.equals(alone.months)
    assert both.months.equals(live(small, "mixed", 4).months)
    assert both.against.whose.policy == "status_quo"


def test_a_promise_of_equal_cost_is_kept_as_in_a_run(study):
    """The setting is where the run moves it, though the run keeps a second promise too."""
    other = replace(study.policies[1], key="other", label="other", starts=0)
    two = replace(study, months=4, seats=7, policies=(*study.policies, other))
    by = "commission.pay_level"
    promising = organisation.promised(organisation.promised(two, "mixed", by), "other", by)
    moved = run(promising, ledger=False).moved["mixed"].after

    assert live(promising, "mixed").whose.moved == (by, moved)
    assert live(promising, "status_quo").whose.moved is None


def test_every_figure_is_there_and_no_vacancy_has_a_person(study):
    """A life has every name that is promised; a vacant month has figures of the post alone."""
    months = live(study, "mixed", 3, SEED).months
    vacant = months[months["rep"] == 0]

    assert {*PERSON, *POST, "month", "rep", "left", "wins_year"} == set(months)
    assert len(vacant)
    assert vacant[list(PERSON)].isna().all(axis=None)
    assert months[list(POST)].notna().all(axis=None)


def test_the_first_seat_and_seed_and_the_baseline_are_taken(study):
    """Left out, the policy is the baseline, the seat the first and the seed the scenario's first."""
    whose = live(replace(study, seats=4, months=2)).whose

    assert (whose.policy, whose.seat, whose.seed) == ("status_quo", 0, study.first_seed)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"policy": "mixd"}, "policies.mixd is no policy; the nearest is mixed"),
        ({"against": "status"}, "policies.status is no policy"),
        ({"seat": 21}, "seat = 21 is none of its seats; give a whole number from 0 to 20"),
        ({"seat": -1}, "seat = -1 is none of its seats"),
        ({"seat": 1.5}, "seat = 1.5 is none of its seats"),
        ({"seed": 0.5}, "seed = 0.5 is no seed; give a whole number from 0"),
        ({"seed": -2}, "seed = -2 is no seed"),
        ({"seed": True}, "seed = True is no seed"),
        ({"policy": "mixed", "against": "mixed"}, 'against = "mixed" is the policy itself; name another'),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused(study, wrong, said):
    """An unknown policy, a seat that is not there and a seed that is no number are refused in a sentence each."""
    with pytest.raises(ScenarioError, match=said):
        live(study, **wrong)


def test_luck_alone_is_a_matter_of_the_scenario(drawn):
    """Without draws a seed has the point values, and another life."""
    small = replace(drawn, seats=4, months=3)
    plain = live(small.luck_only())

    assert not plain.months.equals(live(small).months)
    assert plain.whose.drawn is False


def test_a_life_shows_itself_with_labels_escaped(study):
    """In a notebook it is its sentences, a table of stays and the chart, and a label is never mark-up."""
    policies = (study.policies[0], replace(study.policies[1], label="A <b>plan</b> & more"))
    life = live(replace(study, policies=policies, seats=4), "mixed")
    shown = life._repr_html_()

    assert "A &lt;b&gt;plan&lt;/b&gt; &amp; more" in shown
    assert "<b>" not in shown
    assert str(life).splitlines()[:-1] == list(life.sentences)
    assert shown.count("<tr>") == 1 + len(life.stays)
    assert shown.count('src="data:image/png;base64,') == 1


def test_a_scenario_may_be_a_path(tmp_path):
    """A file is read as by `read_scenario`."""
    file = tmp_path / "tiny.toml"
    file.write_text('title = "Tiny"\nbaseline = "a"\nmonths = 2\nseats = 3\n[policies.a]\nlabel = "A"\n', encoding="utf-8")

    assert live(file).months.equals(live(read_scenario(file)).months)
    assert live(str(file)).whose.name == "tiny"
