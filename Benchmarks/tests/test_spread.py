"""Medians, spreads and relations."""

import math

import pytest
from bench import spread


def test_spread_is_the_middle_half_as_a_share_of_the_median():
    summary = spread.summarise([8, 9, 10, 11, 12])
    assert (summary.median, summary.least, summary.greatest, summary.middle_half) == (10, 8, 12, 2)
    assert summary.spread == pytest.approx(0.2)


def test_one_round_that_went_astray_does_not_move_it():
    assert spread.summarise([10, 10, 10, 10, 10, 10, 1000]).spread == 0


def test_with_fewer_than_five_rounds_nothing_is_known_of_the_spread():
    assert math.isinf(spread.summarise([10, 10, 10, 10]).spread)


def test_a_median_of_zero_has_a_spread_only_if_the_rounds_differ():
    assert spread.summarise([0] * 5).spread == 0
    assert math.isinf(spread.summarise([-2, -1, 0, 1, 2]).spread)


def test_a_relation_is_taken_round_by_round_so_that_drift_cancels_out():
    drifting = [10, 20, 30, 40, 50]
    ratio = spread.ratio([value * 1.5 for value in drifting], drifting)
    assert ratio.median == pytest.approx(1.5)
    assert ratio.spread == pytest.approx(0)


def test_rounds_that_one_of_two_has_not_are_left_out():
    assert spread.ratio([2, None, 6], [1, 1, None]).rounds == 1
    assert spread.difference([2, None, 6], [1, 1, None]).median == 1
    assert spread.ratio([None], [1]) is None
    assert spread.difference([None], [1]) is None


def test_a_difference_to_nothing_is_one_and_a_relation_to_nothing_is_none():
    assert spread.difference([3], [0]).median == 3
    assert spread.ratio([3], [0]) is None
