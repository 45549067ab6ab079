"""Which language the user's text is in, and which forms of East-Asian characters it is shown in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulation.errors import ScenarioError
from simulation.report.language import checked_language, glyphs_of, language_of, language_of_study
from simulation.report.lettering import fonts
from simulation.scenario import read_scenario


@pytest.mark.parametrize(
    ("labels", "tag"),
    [
        (("Status quo", "Croissance équilibrée"), "en"), ((), "en"), (("נוכחי", "الوضع"), "en"),
        (("维持现状", "Growth mix"), "zh-CN"), (("現状維持", "成長ミックス"), "ja"), (("현상 유지", "成長"), "ko"),
        (("ｾｰﾙｽ",), "ja"), (("현상 유지 성장 혼합", "カ"), "ko"),
    ],
)  # fmt: skip
def test_a_language_is_guessed_from_scripts(labels: tuple[str, ...], tag: str):
    """Han alone is Chinese, kana make it Japanese and hangul Korean; anything else is English."""
    assert language_of(labels) == tag


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("ZH-cn", "zh-CN"), ("zh-hant-hk", "zh-Hant-HK"), ("en-gb", "en-GB"), ("JA", "ja"), ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"), ("ca-valencia", "ca-valencia"),
    ],
)  # fmt: skip
def test_a_tag_comes_in_its_usual_case(given: str, tag: str):
    """Language in small letters, script with a capital, region in capitals."""
    assert checked_language(given) == tag


@pytest.mark.parametrize(
    "given", ["", "english", "zh_CN", "zh-", "-CN", "zh-CN\n", "e", "zh CN", "z" * 5000, '"><script>', "中文", "eſ"]
)
def test_what_is_no_tag_is_refused(given: str):
    """The refusal shows what was given on one line, cut where it is long, and what is taken."""
    with pytest.raises(ScenarioError, match=r"--language: .* is no tag of a language; it takes one such as en-GB") as refused:
        checked_language(given)

    assert len(str(refused.value)) < 180


def test_a_study_is_in_the_language_of_what_its_user_wrote():
    """Its title, its question and the labels of its policies count."""
    scenario = read_scenario(None, months=1, seats=4, seeds=1)

    assert language_of_study(scenario) == "en"
    assert language_of_study(replace(scenario, question="どの計画がよいですか")) == "ja"
    assert language_of_study(replace(scenario, policies=(replace(scenario.policies[0], label="现状"),))) == "zh-CN"


@pytest.mark.parametrize(
    ("tag", "ending"),
    [
        ("en", "SC"), ("zh", "SC"), ("zh-SG", "SC"), ("zh-TW", "TC"), ("zh-Hant", "TC"), ("zh-Hans-HK", "SC"), ("zh-MO", "TC"),
        ("ja", "JP"), ("ko-KR", "KR"), ("de", "SC"),
    ],
)  # fmt: skip
def test_a_language_has_forms_of_characters(tag: str, ending: str):
    """Taiwan, Hong Kong and Macao write traditional characters unless the tag says otherwise."""
    assert glyphs_of(tag).ending == ending


@pytest.mark.parametrize(
    ("tag", "second"), [("ja", "Noto Sans CJK JP"), ("zh-TW", "Noto Sans CJK TC"), ("en", "Noto Sans CJK SC")]
)
def test_glyphs_are_looked_for_in_the_forms_of_the_language(monkeypatch, tag: str, second: str):
    """After the font of Latin letters comes the one with the forms of the language, of those that are installed."""
    installed = ["Noto Sans CJK JP", "Noto Sans CJK TC", "DejaVu Sans", "Noto Sans CJK SC"]
    monkeypatch.setattr("matplotlib.font_manager.fontManager.get_font_names", lambda: installed)

    assert fonts(glyphs_of(tag).ending) == ["DejaVu Sans", second]
