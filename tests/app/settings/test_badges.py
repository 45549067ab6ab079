"""What a badge says a lever, or a typical value, rests on."""

from __future__ import annotations

from dataclasses import replace

from simulation.app.settings.badges import lever_badge, setting_badge
from simulation.evidence.read import Row, shipped_parameters
from simulation.levers import catalogue
from simulation.scenario.settings import settings_of

ROW = Row("spiff", "size", 1.0, "1", 0.0, 2.0, "assumed")


def rows(*sources):
    """Parameters that cite these sources, a bare one for none."""
    return [replace(ROW, source=(source,) if source else ()) for source in sources]


def test_grade_d_is_named_first_and_counted():
    """A lever with numbers from an anecdote shows the letter, and its sentence says what it means and what else there is."""
    badge = lever_badge(rows("seedessay", "seedessay", "albers2010", None))

    assert (badge.word, badge.weak) == ("D: 2 of 4", True)
    assert badge.sentence == (
        "Numbers behind this lever: 1 on evidence of grade B, 2 on evidence of grade D (an anecdote of one unnamed firm), "
        "1 assumed without a graded source, which is weaker than grade D."
    )


def test_a_number_counts_by_its_best_source():
    """A number that an anecdote and a study of grade B stand behind rests on grade B."""
    badge = lever_badge([replace(ROW, source=("seedessay", "albers2010"))])

    assert (badge.word, badge.weak) == ("grade B", False)


def test_assumed_numbers_are_counted_and_weak():
    """Numbers without a graded source are called assumed."""
    badge = lever_badge(rows("albers2010", None, None))

    assert (badge.word, badge.weak) == ("2 of 3 assumed", True)


def test_a_lever_without_numbers_of_its_own_has_no_badge():
    """Nothing is said where there is nothing to say."""
    assert lever_badge([]) is None


def test_every_shipped_lever_counts_all_of_its_parameters():
    """The counts of a badge's sentence add up to the parameters of the lever."""
    known = shipped_parameters().rows.values()
    for key in catalogue():
        own = [row for row in known if row.group == key]
        counts = [int(part.split()[0]) for part in lever_badge(own).sentence.partition(": ")[2].split(", ") if part[0].isdigit()]

        assert sum(counts) == len(own)


def test_a_typical_value_from_an_anecdote_is_marked():
    """A setting says so only where its typical value itself cites a graded source."""
    setting = settings_of(catalogue()["equity"])["vesting"]

    assert setting_badge(setting).word == "B"
    assert not setting_badge(setting).weak
    assert setting_badge(replace(setting, source="seedessay")).weak
    assert setting_badge(replace(setting, source="assumed")) is None
