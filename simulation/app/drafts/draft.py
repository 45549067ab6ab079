"""What a page has been set to: a study, and the changes made to it in the words of the command line.

    draft = Draft.of_study("growth_mix")
    draft = draft.with_value("policies.growth_mix.commission.rate", "0.12")
    scenario = draft.scenario(seeds=32)

A draft is a value: a change makes another one, checked as a scenario file is, or is refused in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from simulation.app.drafts.changes import (
    LEVER,
    LONGEST_NAME,
    SETTING,
    bare_name,
    below,
    fitting,
    free_key,
    meaning,
    path_and_value,
    value_text,
    without_comments,
)
from simulation.errors import ScenarioError
from simulation.scenario import Scenario, read_scenario, read_scenario_text, shipped_studies, values
from simulation.scenario.faults import Faults, printable
from simulation.scenario.files import scenario_file, text_of
from simulation.scenario.read import MOST_SEEDS, SHIPPED_STUDY
from simulation.scenario.size import check_size
from simulation.scenario.world import full_name

LOOK_MONTHS = 36
"""Months simulated on the page, unless the study is shorter or has a policy that begins later."""
MOST_ALTERNATIVES = 3
"""Policies shown beside the baseline."""


@dataclass(frozen=True)
class Draft:
    """What one page has been set to.

    study : a shipped study; empty where `text` is given
    text, name : a scenario file of the user's own, without comments, and its name without ending
    folder : where the worlds of that file lie beside the shipped ones; only for a file named on the command line
    world, baseline : instead of the study's; empty: the study's
    months : simulated
    seats : posts; 0: the study's
    luck_only : every seed with the point values of parameters
    settings : texts "PATH=VALUE" as --set takes them, one a path, in the order of the first change
    """

    study: str = Path(SHIPPED_STUDY).stem
    text: str = ""
    name: str = ""
    folder: Path | None = None
    world: tuple[str, ...] = ()
    baseline: str = ""
    months: int = LOOK_MONTHS
    seats: int = 0
    luck_only: bool = False
    settings: tuple[str, ...] = ()

    @classmethod
    def of_study(cls, name: str) -> Draft:
        """A shipped study as it stands, with at most its last three alternatives. Raises ScenarioError for another name."""
        return cls(study=name).as_opened()

    @classmethod
    def of_file(cls, path: str | Path) -> Draft:
        """A file named on the command line, or a shipped study by its name or file. Raises ScenarioError with its faults."""
        file = scenario_file(path)
        with suppress(OSError):  # what cannot be looked at is refused when it is read
            same = [name for name, shipped in shipped_studies().items() if file.samefile(shipped)]
            if same:
                return cls.of_study(same[0])
        own = cls(study="", text=text_of(file, str(file)), name=bare_name(file.name), folder=file.parent)
        return replace(own.as_opened(), text=without_comments(own.text))

    @classmethod
    def opened(cls, text: str, name: str) -> Draft:
        """An uploaded file: at most 1 MB, shipped worlds only. Raises ScenarioError with its faults."""
        own = cls(study="", text=text, name=bare_name(name))
        return replace(own.as_opened(), text=without_comments(text))

    def as_opened(self) -> Draft:
        """The study over the months of a look, if its policies all begin and end within them."""
        own = self.own
        latest = max(max(policy.starts + 1, policy.ends or 0) for policy in own.policies)
        months = LOOK_MONTHS if latest <= LOOK_MONTHS <= own.months else own.months
        return self._next(months=months).without("")

    @cached_property
    def own(self) -> Scenario:
        """The study before the changes: all its policies and the copies made of them, its own world, months and seats."""
        return self._read([f"{path}={value}" for path, value in self.copied.items()], seeds=1)

    @property
    def copied(self) -> dict[str, str]:
        """The changes that make copies of policies and name them; they stay when a copy's settings are reset."""
        paths = {f"policies.{key}.{name}" for key in self.copies() for name in ("like", "label")}
        return {path: value for path, value in self.items.items() if path in paths}

    @cached_property
    def _scenario(self) -> Scenario:
        choices = {"world": self.world, "baseline": self.baseline, "seats": self.seats}
        chosen = {name: value for name, value in choices.items() if value}
        return self._read(self.settings, luck_only=self.luck_only, months=self.months, **chosen)

    def _read(self, settings: Sequence[str], *, luck_only: bool = True, **given: Any) -> Scenario:
        """The scenario with these settings and options; nothing but shipped files and the text is read."""
        if self.text or not self.study:
            return read_scenario_text(
                self.text, self.name, folder=self.folder, settings=settings, luck_only=luck_only, **given
            )
        studies = shipped_studies()
        if self.study not in studies:
            faults = Faults("orgsim")
            faults.unknown_value("study", self.study, studies, "shipped study")
            faults.raise_any()
        return read_scenario(studies[self.study], settings=settings, luck_only=luck_only, **given)

    def scenario(self, seeds: int | None = None) -> Scenario:
        """The scenario to run, as `orgsim compare` would read it; `seeds`: how many, instead of what the study says.

        Raises
        ------
        ScenarioError
            With one sentence a fault.
        """
        if seeds is None:
            return self._scenario
        faults = Faults("--seeds")
        count = values.whole(seeds, "seeds", 1, MOST_SEEDS, faults, unit="seeds")
        sized = replace(self._scenario, seed_count=count)
        if not faults.told:
            check_size(sized, faults)
        faults.raise_any()
        return sized

    # What is set.

    @property
    def items(self) -> dict[str, str]:
        """The changes by path."""
        return dict(path_and_value(item) for item in self.settings)

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Keys of the policies shown beside the baseline, in the order of the file."""
        return tuple(policy.key for policy in self.scenario().policies[1:])

    def spare(self) -> tuple[str, ...]:
        """Keys of the study's policies that are left out and could be shown."""
        shown = {policy.key for policy in self.scenario().policies}
        return tuple(policy.key for policy in self.own.policies if policy.key not in shown)

    def copies(self) -> tuple[str, ...]:
        """Keys of the policies that were added on the page."""
        return tuple(path.split(".")[1] for path in self.items if path.count(".") == 2 and path.endswith(".like"))

    def value(self, policy: str, lever: str, setting: str) -> Any:
        """A setting as it stands now."""
        return getattr(self.scenario().policy(policy).levers[lever], setting)

    def own_value(self, policy: str, lever: str, setting: str) -> Any:
        """The same setting as the study has it, to which a reset returns."""
        return getattr(self.own.policy(policy).levers[lever], setting)

    def is_changed(self, path: str) -> bool:
        """Whether anything at or below a path differs from the study: a setting, a lever, a policy; "": anything at all."""
        parts = path.split(".")
        if parts[0] == "policies" and len(parts) == SETTING:
            return bool(self.value(*parts[1:]) != self.own_value(*parts[1:]))
        if not path:
            return self != self.without("")
        return any(below(item, path) for item in self.items.keys() - self.copied.keys())

    # What changes it.

    def with_value(self, path: str, written: str) -> Draft:
        """With one value changed, `written` as TOML writes it; where the study says the same, nothing is kept of the change.

        Raises ScenarioError when the reader refuses it.
        """
        return self.with_values({path: written})

    def with_values(self, changes: Mapping[str, str]) -> Draft:
        """With several values changed together, as settings need that go only with each other."""
        items = self.items
        for path, written in changes.items():
            if path.count(".") + 1 == LEVER:  # a word for a whole lever, instead of what its settings were
                items = {item: value for item, value in items.items() if not below(item, path) or item == path}
            items[path.strip()] = written.strip()
        changed = self.with_items(items)
        changed.scenario()
        for path in map(str.strip, changes):
            if _is_idle(changed, path, self):
                changed = changed.with_items({item: value for item, value in changed.items.items() if item != path})
        return self if changed == self else changed

    def with_choice(
        self, *, world: Sequence[str] | None = None, baseline: str | None = None, months: int | None = None,
        seats: int | None = None, luck_only: bool | None = None,
    ) -> Draft:  # fmt: skip
        """In another world, against another baseline, over other months, with other seats; the study's own are not kept.

        Raises ScenarioError when the reader refuses it, or too many alternatives would be shown.
        """
        named = self.world if world is None else tuple(full_name(name) for name in world)
        given = {
            "world": () if named == self.own.world else named,
            "baseline": self.baseline if baseline is None else "" if baseline == self.own.baseline else baseline,
            "months": self.months if months is None else months,
            "seats": self.seats if seats is None else 0 if seats == self.own.seats else seats,
            "luck_only": self.luck_only if luck_only is None else luck_only,
        }
        return self._next(**given).checked()

    def without(self, prefix: str) -> Draft:
        """Reset a setting, a lever or a policy to what the study says; "": all of them and the baseline, not world and sizes.

        A policy that was added stays, as the copy it was at first; one that was left out is shown again.
        """
        if not prefix:
            own = replace(self, settings=(), baseline="").own
            left_out = [policy.key for policy in own.policies if policy.key not in fitting(own, MOST_ALTERNATIVES)]
            return self._next(baseline="").with_items({f"policies.{key}": "off" for key in left_out}).checked()
        parts = prefix.split(".")
        if len(parts) == SETTING and ".".join(parts[:LEVER]) in self.items:
            return self.with_value(prefix, value_text(self.own_value(*parts[1:])))
        gone = {path for path in self.items if below(path, prefix)} - (self.copied.keys() - {prefix})
        kept = {path: value for path, value in self.items.items() if path not in gone}
        return self.with_items(kept).checked()

    def add_policy(self, like: str, label: str) -> Draft:
        """With one policy more, which starts as `like` stands now.

        Raises ScenarioError when there are three alternatives already, or the label is refused.
        """
        items = self.items
        root = items.get(f"policies.{like}.like", like)
        key = free_key(label, {policy.key for policy in self.own.policies})
        added = {f"policies.{key}.like": root, f"policies.{key}.label": value_text(label)}
        for path, value in items.items():
            if path.startswith(f"policies.{like}.") and path not in (f"policies.{like}.like", f"policies.{like}.label"):
                added[f"policies.{key}.{path.split('.', 2)[2]}"] = value
        return self.with_items({**items, **added}).checked()

    def leave_out(self, key: str) -> Draft:
        """Without a policy and whatever was set of it. Raises ScenarioError for the baseline and a policy that others need."""
        if key == self.scenario().baseline:
            raise ScenarioError(f"policies.{key} is the baseline, with which the others are compared; choose another one first")
        path = f"policies.{key}"
        kept = {item: value for item, value in self.items.items() if not below(item, path)}
        out = {} if key in self.copies() else {path: "off"}
        return self.with_items({**kept, **out}).checked()

    def show(self, key: str) -> Draft:
        """With a policy of the study that was left out. Raises ScenarioError when there are three alternatives already."""
        if key not in self.spare():
            raise ScenarioError(f"policies.{printable(key)[:LONGEST_NAME]} is not among the policies left out")
        return self.without(f"policies.{key}")

    def checked(self) -> Draft:
        """The draft itself. Raises ScenarioError when it cannot be read, or shows too many alternatives."""
        count = len(self.alternatives)
        if count > MOST_ALTERNATIVES:
            raise ScenarioError(
                f"policies: {count} alternatives beside the baseline are too many to show; {MOST_ALTERNATIVES} is the most, "
                "so leave one out first"
            )
        return self

    def with_items(self, items: Mapping[str, str]) -> Draft:
        """With these changes instead of all others; whether they can be read is seen when the scenario is."""
        return self._next(settings=tuple(f"{path}={value}" for path, value in items.items()))

    def _next(self, **changes: Any) -> Draft:
        """A draft of the same study, which need not be read again unless policies were added or taken away."""
        draft = replace(self, **changes)
        if "own" in self.__dict__ and draft.copied == self.copied:
            draft.__dict__["own"] = self.own
        return draft


def _is_idle(draft: Draft, path: str, before: Draft) -> bool:
    """Whether the change at a path changes nothing; `before` is a draft read already, which may be the one without it."""
    parts = path.split(".")
    if path in draft.copied:
        return False
    if len(parts) == SETTING and parts[0] == "policies" and ".".join(parts[:LEVER]) not in draft.items:
        return bool(draft.value(*parts[1:]) == draft.own_value(*parts[1:]))
    shorter = draft.with_items({item: value for item, value in draft.items.items() if item != path})
    try:
        return meaning((before if shorter == before else shorter).scenario()) == meaning(draft.scenario())
    except ScenarioError:
        return False
