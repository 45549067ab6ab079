"""Colours are told apart by the colour-blind and in grey, or marks and dashes tell apart what they do not.

Colour blindness as in Machado, Oliveira and Fernandes (2009), IEEE Transactions on Visualization and Computer Graphics 15(6),
table 1, severity 1.0; on linear sRGB. Distances are of CIE 1976 L*a*b* (2 is just noticed), D65.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from synthetic import LABELS, made_records

from simulation.report.style import COLOURS, GAIN, INK, LOSS, PAPER, SOFT, in_type, look_of
from simulation.statistics.compare import compare

VIEWS = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
WHITE = np.array([0.95047, 1.0, 1.08883])
APART, GREY = 15.0, 8.0
"""Least distance of colours that nothing else tells apart, and of their lightness."""


def linear(colour):
    """A colour "#rrggbb" as linear sRGB."""
    parts = np.array([int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour, view="full"):
    """Lightness, and the two axes of hue, as they are seen."""
    xyz = XYZ @ np.clip(VIEWS[view] @ linear(colour), 0.0, 1.0) / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other):
    """The least distance of two colours over all views."""
    return min(float(np.linalg.norm(seen(one, view) - seen(other, view))) for view in VIEWS)


def lighter(one, other):
    """How far two colours differ in lightness."""
    return abs(float(seen(one)[0] - seen(other)[0]))


@pytest.fixture(scope="module")
def looks():
    """Of twelve policies, the baseline first."""
    summary = compare(made_records(LABELS, seeds=2, months=6))
    return [look_of(summary, policy) for policy in summary.policies]


def test_the_measure_of_colours_is_right():
    """White and black are 100 apart, red has the known place, and red and green are near each other without the cones for it."""
    assert distance("#ffffff", "#000000") == pytest.approx(100.0, abs=0.1)
    np.testing.assert_allclose(seen("#ff0000"), [53.24, 80.09, 67.20], atol=0.05)
    red, green = "#a04000", "#5f6f00"
    assert np.linalg.norm(seen(red, "deuteranopia") - seen(green, "deuteranopia")) < 15.0
    assert np.linalg.norm(seen(red) - seen(green)) > 40.0


def test_lines_are_told_apart(looks):
    """Lines of the same dash differ in colour for everybody, and in lightness on a grey print."""
    same = [(a, b) for a, b in combinations(looks, 2) if a.dash == b.dash]

    assert same
    assert [(a, b) for a, b in same if distance(a.colour, b.colour) < APART or lighter(a.colour, b.colour) < GREY] == []


def test_marks_are_told_apart(looks):
    """Marks of the same shape differ in the same way; the baseline's is hollow besides."""
    same = [(a, b) for a, b in combinations(looks[1:], 2) if a.mark == b.mark]

    assert same
    assert [(a, b) for a, b in same if distance(a.colour, b.colour) < APART or lighter(a.colour, b.colour) < GREY] == []


def test_colours_differ(looks):
    """Any two colours are told apart in full, and where one of the colour-blind finds them near, dash and mark differ."""
    assert min(np.linalg.norm(seen(a) - seen(b)) for a, b in combinations((INK, *COLOURS), 2)) > 20.0
    near = [(a, b) for a, b in combinations(looks, 2) if distance(a.colour, b.colour) < APART]

    assert all((a.dash != b.dash) and (a.mark != b.mark) for a, b in near)


def test_gain_and_loss_are_told_apart():
    """Blue and orange are far apart for everybody, and both lie away from grey and paper; losses are hatched on grey prints."""
    assert distance(GAIN, LOSS) > 80.0
    assert min(distance(GAIN, SOFT), distance(LOSS, SOFT), distance(GAIN, PAPER), distance(LOSS, PAPER)) > 20.0


@pytest.mark.parametrize("colour", [INK, SOFT, GAIN, LOSS, *COLOURS])
def test_words_stand_out_from_paper(colour):
    """Words in a colour have the contrast that WCAG 2 asks of small type, and are of the same hue."""
    luminance = float(XYZ[1] @ linear(in_type(colour)))

    assert 1.05 / (luminance + 0.05) >= 4.5
    assert distance(in_type(colour), colour) < 35.0
