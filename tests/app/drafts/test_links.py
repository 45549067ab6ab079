"""Links of the page: they hold its state, and whatever a link is, it opens nothing but shipped scenarios."""

from __future__ import annotations

import base64
import json
import sys
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import simulation
from simulation.app.drafts.changes import value_text
from simulation.app.drafts.draft import MOST_ALTERNATIVES, Draft
from simulation.app.drafts.sharing import LARGEST_STATE, LONGEST_LINK, draft_of, link_of
from simulation.errors import ScenarioError
from simulation.levers import catalogue
from simulation.scenario import shipped_packs, shipped_scenarios, starter_text
from simulation.scenario.settings import settings_of

OWN = """
baseline = "today"
[policies.today]
[policies.more]
autonomy = { approval_days = 5 }
"""


def packed(state: Any, *, raw: bytes | None = None) -> str:
    """A link made by hand, of anything that JSON holds, or of bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = json.dumps(state).encode() if raw is None else raw
    return base64.urlsafe_b64encode(packer.compress(content) + packer.flush()).decode().rstrip("=")


class Edits(RuleBasedStateMachine):
    """Any sequence of what a page lets one do; what is refused changes nothing."""

    @initialize(study=st.sampled_from(["status_quo", "growth_mix", "cut_commission", ""]))
    def open_study(self, study: str) -> None:
        """A page opens."""
        self.draft = Draft.of_study(study) if study else Draft.opened(OWN, "own.toml")

    def edit(self, change: Any) -> None:
        """Take a change over, if it is not refused."""
        with suppress(ScenarioError):
            self.draft = change(self.draft)

    @rule(data=st.data())
    def set_a_value(self, data: st.DataObject) -> None:
        """A control is moved: to what is typical, to a bound, or to what is none of its values."""
        policy = data.draw(st.sampled_from(self.draft.scenario().policies))
        lever = data.draw(st.sampled_from(list(catalogue())))
        setting = data.draw(st.sampled_from(list(settings_of(catalogue()[lever]).values())))
        value = data.draw(st.sampled_from([setting.typical, setting.neutral, setting.low, setting.high, True, 0.5, "month"]))
        self.edit(lambda draft: draft.with_value(f"policies.{policy.key}.{lever}.{setting.name}", value_text(value)))

    @rule(data=st.data(), word=st.sampled_from(["off", "typical"]))
    def set_a_lever(self, data: st.DataObject, word: str) -> None:
        """A lever is switched as a whole."""
        policy = data.draw(st.sampled_from(self.draft.scenario().policies))
        lever = data.draw(st.sampled_from(list(catalogue())))
        self.edit(lambda draft: draft.with_value(f"policies.{policy.key}.{lever}", word))

    @rule(data=st.data(), label=st.text(min_size=1, max_size=80))
    def add(self, data: st.DataObject, label: str) -> None:
        """A policy is copied."""
        policy = data.draw(st.sampled_from(self.draft.scenario().policies))
        self.edit(lambda draft: draft.add_policy(policy.key, label))

    @rule(data=st.data())
    def take_away(self, data: st.DataObject) -> None:
        """A policy is left out."""
        policy = data.draw(st.sampled_from(self.draft.scenario().policies))
        self.edit(lambda draft: draft.leave_out(policy.key))

    @precondition(lambda self: self.draft.spare())
    @rule(data=st.data())
    def show(self, data: st.DataObject) -> None:
        """A policy is shown again."""
        key = data.draw(st.sampled_from(self.draft.spare()))
        self.edit(lambda draft: draft.show(key))

    @rule(data=st.data())
    def reset(self, data: st.DataObject) -> None:
        """Something is put back: what that prefix names is as the study has it."""
        paths = [path for item in self.draft.items for path in (item, item.rpartition(".")[0])]
        prefix = data.draw(st.sampled_from(["", *(path for path in paths if path.count("."))]))
        self.edit(lambda draft: draft.without(prefix))

    @rule(
        world=st.sampled_from([None, ["worlds/steady.toml"], ["worlds/medtech.toml", "worlds/downturn.toml"], []]),
        months=st.sampled_from([None, 0, 12, 60]), seats=st.sampled_from([None, 0, 40, 200]), luck_only=st.booleans(),
    )  # fmt: skip
    def choose(self, **choices: Any) -> None:
        """Another world or size is chosen."""
        self.edit(lambda draft: draft.with_choice(**choices))

    @rule(data=st.data())
    def choose_baseline(self, data: st.DataObject) -> None:
        """Another baseline is chosen."""
        policy = data.draw(st.sampled_from(self.draft.scenario().policies))
        self.edit(lambda draft: draft.with_choice(baseline=policy.key))

    @invariant()
    def a_link_restores_it(self) -> None:
        """The page's link opens the same state, and is short enough to be sent, or there is none."""
        try:
            link = link_of(self.draft)
        except ScenarioError as refusal:
            assert "too long for a link" in refusal.faults[0]  # noqa: PT017 - a refusal is allowed, and this one alone
            return
        assert len(link) <= LONGEST_LINK
        assert draft_of(link) == self.draft

    @invariant()
    def it_is_in_order(self) -> None:
        """A path is set once, there is room for the policies shown, and what is set is not what the study says anyway."""
        draft = self.draft
        set_here = [path for path in draft.items if path.count(".") > 1 and path not in draft.copied]
        idle = [path for path in set_here if not draft.is_changed(path)]

        assert len(draft.items) == len(draft.settings)
        assert len(draft.alternatives) <= MOST_ALTERNATIVES
        assert idle == []


Edits.TestCase.settings = settings(max_examples=4, stateful_step_count=8)
TestEdits = Edits.TestCase
LongerEdits = type("LongerEdits", (Edits,), {})
LongerEdits.TestCase.settings = settings(max_examples=30, stateful_step_count=15)
TestLongerEdits = pytest.mark.slow(LongerEdits.TestCase)


OPENED: list[str] = []
WATCHING: list[bool] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if WATCHING and event == "open" and isinstance(arguments[0], str | bytes):
        OPENED.append(str(arguments[0]))


sys.addaudithook(_watch)


@contextmanager
def files_opened() -> Iterator[list[str]]:
    """The files that Python opens meanwhile; a hook cannot be taken off, so it listens only then."""
    OPENED.clear()
    WATCHING.append(True)
    try:
        yield OPENED
    finally:
        WATCHING.clear()


def refused(link: str) -> ScenarioError | None:
    """Open a link, which reads no file but those of the package and its scenarios, and raises nothing but a refusal."""
    homes = (str(Path(simulation.__file__).parent), str(shipped_scenarios()), sys.prefix, sys.base_prefix)
    refusal = None
    with files_opened() as opened:
        try:
            draft = draft_of(link)
            assert draft_of(link_of(draft)) == draft
        except ScenarioError as problem:
            refusal = problem

    assert [path for path in opened if not path.startswith(homes)] == []
    if refusal:
        assert refusal.faults
        assert [fault for fault in refusal.faults if not fault.isprintable() or len(fault) > 700] == []
    return refusal


def test_the_watch_sees_files(tmp_path: Path) -> None:
    """The watch sees a file opened, or the tests below would prove nothing."""
    (tmp_path / "x").touch()
    with files_opened() as opened, (tmp_path / "x").open():
        pass

    assert opened == [str(tmp_path / "x")]


NESTED: Any = 1
for _ in range(90):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "state",
    [
        [], "text", 7, None, NESTED,
        {"study": "../../etc/passwd"}, {"study": "/etc/passwd"}, {"study": "worlds/steady"}, {"study": ""}, {"study": 1},
        {"study": "growth_mix.toml"}, {"study": None}, {"study": "x" * 5000},
        {"world": ["../../etc/passwd"]}, {"world": ["/etc/passwd"]}, {"world": ["worlds/../../x.toml"]},
        {"world": "worlds/steady.toml"},
        {"world": ["C:\\x.toml"]}, {"world": [1]}, {"world": [["worlds/steady.toml"]]}, {"world": ["worlds/steady.toml"] * 40},
        {"folder": "/etc"}, {"path": "/etc/passwd"}, {"text": OWN, "folder": "/"}, {"text": OWN, "study": "growth_mix"},
        {"text": ""}, {"text": "x = 1"}, {"text": f'world = ["../w.toml"]\n{OWN}'}, {"text": f'stress = ["/etc/w.toml"]\n{OWN}'},
        {"text": "a = " + "[" * 3_000}, {"text": "\ud800"}, {"name": 3, "text": OWN}, {"name": "\ud800", "text": OWN},
        {"name": "x" * 81, "text": OWN}, {"name": "", "text": OWN}, {"name": "a\nb", "text": OWN},
        {"months": True}, {"months": 1e300}, {"months": 12.0}, {"months": -1}, {"months": 10**4000}, {"months": 10**18},
        {"seats": 10**12}, {"seats": "40"}, {"luck_only": 1}, {"luck_only": "true"}, {"baseline": "nobody"}, {"baseline": 0},
        {"settings": "world.market.regions=3"}, {"settings": [1]}, {"settings": {}}, {"settings": ["world.market.regions=1e999"]},
        {"settings": ["policies.growth_mix=off", "policies.growth_mix=off"]}, {"settings": ["x"]}, {"settings": [""]},
        {"settings": [f"world.a.b{k}=1" for k in range(500)]}, {"settings": ['policies.a.like="/etc/passwd"']},
        {"settings": []}, {"SET": []}, {"settings": ["world.market.regions=" + "[" * 5_000]},
        {"study": "growth_mix", "settings": []},
    ],
)  # fmt: skip
def test_links_of_anything_else_are_refused(state: Any) -> None:
    """A link with what no page puts into one is refused in sentences, and nothing outside the shipped scenarios is read."""
    assert refused(packed(state)) is not None


@pytest.mark.parametrize(
    "link",
    [
        "", "=", "%%%", "../../etc/passwd", "a b", "é", "A" * (LONGEST_LINK + 1), "A" * 4000, "s=abc", "\x00", "\ud800",
        packed(None, raw=b"\xff\xfe"), packed(None, raw=b"{"), packed(None, raw=b'{"months": NaN}'),
        packed(None, raw=b'{"months": Infinity}'), packed(None, raw=b"[" * 100_000), packed(None, raw=b'{"a":' * 30_000),
        packed(None, raw=b"9" * 100_000), packed(None, raw=b" " * (LARGEST_STATE + 1)), packed(None, raw=b"\0" * 2_000_000),
        packed({"months": 12})[:-3], packed({"months": 12}) + packed({"months": 12}),
    ],
    ids=range(22),
)  # fmt: skip
def test_links_that_are_none_are_refused(link: str) -> None:
    """What is no packed table, or one that would unpack without end, is refused in a sentence."""
    assert refused(link) is not None


def test_what_would_unpack_without_end_is_not_unpacked() -> None:
    """A link that would fill memory is given up as soon as it holds more than a page's state can."""
    bomb = packed(None, raw=b" " * 3_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(ScenarioError, match="no link of the page"):
            draft_of(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(bomb) < LONGEST_LINK
    assert peak < 5 * LARGEST_STATE


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content: bytes) -> None:
    """Bytes of chance make no page."""
    refused(base64.urlsafe_b64encode(content).decode().rstrip("="))


FIELDS = ["study", "text", "name", "world", "baseline", "months", "seats", "luck_only", "settings", "folder"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.sampled_from(["growth_mix", "worlds/steady.toml", OWN, "policies.growth_mix=off", "../x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=4))
def test_any_table_is_a_page_or_refused(state: dict[str, Any]) -> None:
    """A table of the right names and any values opens a page, or is refused in sentences."""
    refused(packed(state))


@pytest.mark.parametrize("name", ["\ud800.toml", "a.toml.toml", "..\\plan", "x" * 300, "又.toml"])
def test_a_file_of_any_name_can_be_linked(name: str) -> None:
    """Whatever an uploaded file is called, a link opens it under the same name."""
    draft = Draft.opened(OWN, name)

    assert draft_of(link_of(draft)) == draft


def test_a_long_study_is_saved_instead() -> None:
    """What does not fit into a link is to be saved as a file, in a sentence."""
    noise = "".join(f'[policies.p{k}]\nlabel = "{sha256(bytes([k])).hexdigest()}"\n' for k in range(120))
    with pytest.raises(ScenarioError, match="too long for a link, which holds 4,096 characters; save the scenario as a file"):
        link_of(Draft.opened(OWN + noise, "own.toml"))


@pytest.mark.parametrize("pack", sorted(shipped_packs()))
def test_a_starter_can_be_linked(pack: str) -> None:
    """What `orgsim new` writes, mostly comments, has a link."""
    draft = Draft.opened(starter_text(pack=pack), pack)

    assert draft_of(link_of(draft)).scenario().resolved() == draft.scenario().resolved()


def test_an_own_file_travels_as_its_text(tmp_path: Path) -> None:
    """A link to a file of the command line holds the text and not its place; with worlds beside the file there is no link."""
    (tmp_path / "worlds").mkdir()
    (tmp_path / "worlds" / "ours.toml").write_text("[market]\nregions = { value = 3, status = 'assumed' }\n")
    (tmp_path / "plan.toml").write_text(OWN)
    (tmp_path / "other.toml").write_text(f'world = ["worlds/ours.toml"]\n{OWN}')

    assert draft_of(link_of(Draft.of_file(tmp_path / "plan.toml"))) == Draft.opened(OWN, "plan.toml")
    with pytest.raises(ScenarioError, match="lie beside its file"):
        link_of(Draft.of_file(tmp_path / "other.toml"))
